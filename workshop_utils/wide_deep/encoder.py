"""From texts to integers for a reader: the number of each word, and of its pieces."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workshop_utils import text

LONGEST = 36
"""Words after which a text is cut off; 13 of the 10,729 tweets have more as they were written."""
PIECES = 16
"""Pieces of a word that are used at most."""
UNKNOWN = 1
"""Number of a word that training did not see; 0 is padding."""


def bucket(piece: str, buckets: int) -> int:
    """Return the place that a piece shares with others, from 1 to ``buckets`` - 1.

    CRC-32 is the same on every machine, where Python's ``hash`` is another in each process.
    """
    return 1 + zlib.crc32(piece.encode("utf-8", "surrogatepass")) % (buckets - 1)


@dataclass(frozen=True, eq=False)
class Encoder:
    """Splits texts into words and numbers them.

    Attributes:
        numbers: Word to number, from 2 on; 0 is padding, 1 an unknown word.
        buckets: Rows of the embedding of pieces; 0 for no pieces.
        as_written: Whether punctuation, names and retweet marks are kept.
    """

    numbers: Mapping[str, int]
    buckets: int
    as_written: bool

    @property
    def vocabulary_size(self) -> int:
        """Rows that the embedding of words needs."""
        return len(self.numbers) + 2

    @property
    def split(self) -> Callable[[str], list[str]]:
        """What turns a text into words."""
        return text.words_as_written if self.as_written else _cleaned

    def row(self, word: str) -> tuple[int, list[int]]:
        """Return the number of a word, and the places of its pieces."""
        pieces = text.pieces(word, most=PIECES) if self.buckets else ()
        places = [bucket(piece, self.buckets) for piece in pieces]
        return self.numbers.get(word, UNKNOWN), places

    def encode(self, texts: Iterable[str]) -> NDArray[np.int32]:
        """Number the words of texts.

        Args:
            texts: As people wrote them.

        Returns:
            Shape (texts, timesteps, 1 + pieces): the word's number, then its pieces' places,
            zeros on the right; no pieces without buckets. A text without any word is one
            unknown word.
        """
        listed = [self.split(each)[:LONGEST] or [""] for each in texts]
        words = sorted(set().union(*listed))
        numbers = {word: row for row, word in enumerate(words, start=1)}
        table = np.zeros((len(words) + 1, 1 + (PIECES if self.buckets else 0)), np.int32)
        for word, row in numbers.items():
            number, places = self.row(word)
            table[row, 0] = number
            table[row, 1 : 1 + len(places)] = places
        rows = np.zeros((len(listed), max(map(len, listed), default=1)), np.int64)
        for place, found in enumerate(listed):
            rows[place, : len(found)] = [numbers[word] for word in found]
        return table[rows]


def _cleaned(written: str) -> list[str]:
    return text.clean(written).split()


def learn_encoder(
    texts: Sequence[str], vocabulary_size: int, *, buckets: int = 0, as_written: bool = False
) -> Encoder:
    """Learn the commonest words of training texts.

    Args:
        texts: Of the training part alone.
        vocabulary_size: Rows of the embedding, padding and unknown word among them.
        buckets: Places for pieces of words; 0 for none.
        as_written: Keep punctuation, names and retweet marks.
    """
    blank = Encoder({}, buckets, as_written)
    counts = Counter(word for each in texts for word in blank.split(each))
    common = (word for word, _ in counts.most_common(vocabulary_size - 2))
    return Encoder({word: row for row, word in enumerate(common, start=2)}, buckets, as_written)
