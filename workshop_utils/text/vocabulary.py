"""From words to integers: the vocabulary, the sequences and the padding of 2019.

Keras 3 has no ``Tokenizer`` any more. What it did is small enough to read here; the
models of the later notebooks use ``TextVectorization`` instead, which learns its
vocabulary from the training part and travels inside the saved model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FILTERED = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""The characters that the Tokenizer of 2019 replaced by spaces."""
_TO_SPACES = str.maketrans(dict.fromkeys(FILTERED, " "))


def words(text: str) -> list[str]:
    """Split a text into words as the Tokenizer of 2019 did: lower case, at spaces."""
    return [word for word in text.lower().translate(_TO_SPACES).split(" ") if word]


@dataclass(frozen=True)
class Vocabulary:
    """The words that a model knows, the most frequent first.

    Attributes:
        words: The known words; the word at place k has the index k + 1.
        size: Rows that an embedding needs; row 0 is padding, so at most
            ``size - 1`` words are known.
    """

    words: tuple[str, ...]
    size: int

    @cached_property
    def index(self) -> dict[str, int]:
        """Word to index, counted from 1."""
        return {word: place for place, word in enumerate(self.words, start=1)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.index


def fit_vocabulary(texts: Iterable[str], size: int) -> Vocabulary:
    """Collect the most frequent words of some texts.

    Args:
        texts: Texts to learn from: those of the training part, unless the leak of 2019
            is to be reproduced.
        size: Rows of the embedding. As with ``Tokenizer(num_words=size)``, the
            ``size - 1`` most frequent words are known, because index 0 is padding;
            among equally frequent words the one that was seen first wins.

    Returns:
        The vocabulary.

    Raises:
        ValueError: ``size`` leaves no room for a word.
    """
    if size < 2:
        raise ValueError(f"A vocabulary needs a size of 2 or more, but {size} was given.")
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words(text))
    # Sorting is stable, and a Counter keeps the order of first sight.
    ranked = sorted(counts, key=lambda word: -counts[word])
    return Vocabulary(tuple(ranked[: size - 1]), size)


def to_sequences(texts: Iterable[str], vocabulary: Vocabulary) -> list[list[int]]:
    """Replace each known word by its index; unknown words are left out, as in 2019.

    Args:
        texts: Texts, length n.
        vocabulary: The known words.

    Returns:
        n lists of integers from 1 to ``vocabulary.size - 1``, each as long as its text
        has known words.
    """
    index = vocabulary.index
    return [[index[word] for word in words(text) if word in index] for text in texts]


def coverage(texts: Iterable[str], vocabulary: Vocabulary) -> float:
    """Return the share of all word occurrences in the texts that the vocabulary knows.

    Returns:
        Between 0 and 1; NaN when the texts hold no word.
    """
    known = total = 0
    for text in texts:
        for word in words(text):
            total += 1
            known += word in vocabulary.index
    return known / total if total else float("nan")


def pad(
    sequences: Sequence[Sequence[int]],
    timesteps: int | None = None,
    padding: str = "pre",
    truncating: str = "pre",
) -> NDArray[np.int32]:
    """Bring sequences to one length with zeros, as Keras' ``pad_sequences`` does.

    Args:
        sequences: n lists of integers.
        timesteps: The common length; by default that of the longest sequence.
        padding: ``"pre"`` puts the zeros before the words, ``"post"`` behind them.
        truncating: Where a sequence that is too long loses words: ``"pre"`` or ``"post"``.

    Returns:
        Integers of shape (n, timesteps).

    Raises:
        ValueError: ``padding`` or ``truncating`` is neither of the two, or
            ``timesteps`` is smaller than 1.
    """
    for name, value in (("padding", padding), ("truncating", truncating)):
        if value not in {"pre", "post"}:
            raise ValueError(f'{name} is "pre" or "post", but {value!r} was given.')
    if timesteps is None:
        timesteps = max(map(len, sequences), default=0)
    elif timesteps < 1:
        raise ValueError(f"There must be at least one time step, but {timesteps} were asked for.")
    padded = np.zeros((len(sequences), timesteps), dtype=np.int32)
    for row, sequence in zip(padded, sequences, strict=True):
        kept = sequence[-timesteps:] if truncating == "pre" else sequence[:timesteps]
        if kept:
            if padding == "pre":
                row[-len(kept) :] = kept
            else:
                row[: len(kept)] = kept
    return padded
