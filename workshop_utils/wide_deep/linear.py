"""The linear part of a trained reader as one sum, without scikit-learn.

Term frequency and inverse document frequency (TF-IDF) as scikit-learn computes them: each
column of a text counts as (1 + log of how often it occurs) times its rarity, and the words'
columns and those of the pieces each get length 1. The weights of the network are multiplied
in, so that only one number a text comes out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from workshop_utils.wide_deep.wide import Description

_WORD = re.compile(r"\b\w+\b")
_SHORTEST, _LONGEST = 2, 5


@lru_cache(maxsize=50_000)
def character_runs(word: str) -> tuple[str, ...]:
    """Cut a word, a space at each end, into its runs of two to five characters.

    As the analyser ``char_wb`` of scikit-learn, which counts a word that is shorter than a
    run once.
    """
    padded = f" {word} "
    runs: list[str] = []
    for size in range(_SHORTEST, _LONGEST + 1):
        runs += [padded[at : at + size] for at in range(max(len(padded) - size, 0) + 1)]
        if size >= len(padded):
            break
    return tuple(runs)


class LinearSum:
    """Adds up what the words, pairs and pieces of a text weigh.

    Attributes:
        words: Word, or two words with a space between them, to its column.
        characters: Run of characters to its column, counted from 0 too.

    Args:
        described: What :meth:`WideColumns.described` returned.
        weights: What one unit of each column adds to the log odds, shape (columns,).

    Raises:
        ValueError: There are not as many weights as columns.
    """

    def __init__(self, described: Description, weights: NDArray[np.float64]) -> None:
        self.words = {word: column for column, word in enumerate(described["words"])}
        self.characters = {run: column for column, run in enumerate(described["characters"])}
        rarity, border = np.asarray(described["rarity"], np.float64), len(self.words)
        if not len(rarity) == len(weights) == border + len(self.characters):
            raise ValueError(f"{len(weights)} weights for {border + len(self.characters)} columns")
        self._halves = (
            (rarity[:border], weights[:border]),
            (rarity[border:], weights[border:]),
        )
        self._of_word = lru_cache(maxsize=50_000)(self._columns_of_word)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the log odds that the linear part adds, shape (texts,)."""
        small = [each.lower() for each in texts]
        return self._sum([self._of_words(each) for each in small], *self._halves[0]) + self._sum(
            [self._of_characters(each) for each in small], *self._halves[1]
        )

    def _of_words(self, text: str) -> list[int]:
        found = _WORD.findall(text)
        column = self.words.get
        listed = [column(word) for word in found]
        listed += [column(f"{first} {second}") for first, second in pairwise(found)]
        return [each for each in listed if each is not None]

    def _of_characters(self, text: str) -> list[int]:
        return list(chain.from_iterable(map(self._of_word, text.split())))

    def _columns_of_word(self, word: str) -> tuple[int, ...]:
        columns = map(self.characters.get, character_runs(word))
        return tuple(each for each in columns if each is not None)

    @staticmethod
    def _sum(
        listed: list[list[int]], rarity: NDArray[np.float64], weights: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        rows = np.repeat(np.arange(len(listed)), [len(each) for each in listed])
        columns = np.fromiter(chain.from_iterable(listed), np.int64, len(rows))
        places, times = np.unique(rows * len(rarity) + columns, return_counts=True)
        rows, columns = np.divmod(places, len(rarity)) if len(rarity) else (places, places)
        values = (1 + np.log(times)) * rarity[columns]
        weighed = np.bincount(rows, values * weights[columns], len(listed))
        lengths = np.sqrt(np.bincount(rows, values**2, len(listed)))
        total: NDArray[np.float64] = weighed / np.where(lengths > 0, lengths, 1)
        return total
