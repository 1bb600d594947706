"""The vocabulary and the integers of 2019, for its figures.

Keras 3 has no ``Tokenizer`` any more. What it did is small enough to read here. Everything
else uses ``keras.layers.TextVectorization``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_TO_SPACES = str.maketrans(dict.fromkeys('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n', " "))
"""The characters that the Tokenizer of 2019 replaced by spaces."""


def words(text: str) -> list[str]:
    """Split a text into words as the Tokenizer of 2019 did: lower case, at spaces."""
    return [word for word in text.lower().translate(_TO_SPACES).split(" ") if word]


@dataclass(frozen=True)
class Vocabulary:
    """The words that a model knows, the most frequent first.

    Attributes:
        words: The known words; the word at place k has the index k + 1.
        size: Rows that an embedding needs; row 0 is padding, so at most ``size - 1``
            words are known.
    """

    words: tuple[str, ...]
    size: int

    @cached_property
    def index(self) -> dict[str, int]:
        """Word to index, counted from 1."""
        return {word: place for place, word in enumerate(self.words, start=1)}


def fit_vocabulary(texts: Iterable[str], size: int) -> Vocabulary:
    """Collect the most frequent words of some texts, as ``Tokenizer(num_words=size)`` did.

    Args:
        texts: Texts to learn from; in 2019 all rows, those of the test too.
        size: Rows of the embedding. Among equally frequent words the one that was seen
            first wins.

    Raises:
        ValueError: ``size`` leaves no room for a word.
    """
    if size < 2:
        raise ValueError(f"A vocabulary needs a size of 2 or more, but {size} was given.")
    counts = Counter(word for text in texts for word in words(text))
    return Vocabulary(tuple(word for word, _ in counts.most_common(size - 1)), size)


def to_sequences(texts: Iterable[str], vocabulary: Vocabulary) -> list[list[int]]:
    """Replace each known word by its index; unknown words are left out, as in 2019."""
    index = vocabulary.index
    return [[index[word] for word in words(text) if word in index] for text in texts]


def pad(sequences: Sequence[Sequence[int]], timesteps: int | None = None) -> NDArray[np.int32]:
    """Put zeros before short sequences, as Keras' ``pad_sequences`` does by default.

    Args:
        sequences: n lists of integers.
        timesteps: The common length, by default that of the longest sequence. A longer
            sequence loses its first words.

    Returns:
        Integers of shape (n, timesteps).
    """
    if timesteps is None:
        timesteps = max(map(len, sequences), default=0)
    padded = np.zeros((len(sequences), timesteps), dtype=np.int32)
    for row, sequence in zip(padded, sequences, strict=True):
        kept = sequence[-timesteps:]
        row[timesteps - len(kept) :] = kept
    return padded
