"""The vocabulary and the integers of 2019, for its figures.

Keras 3 has no ``Tokenizer`` any more. What it did is small enough to read here. Everything
else uses ``keras.layers.TextVectorization``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_TO_SPACES = str.maketrans(dict.fromkeys('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n', " "))
"""The characters that the Tokenizer of 2019 replaced by spaces."""


def words(text: str) -> list[str]:
    """Split a text into words as the Tokenizer of 2019 did: lower case, at spaces."""
    return [word for word in text.lower().translate(_TO_SPACES).split(" ") if word]


def fit_vocabulary(texts: Iterable[str], size: int) -> dict[str, int]:
    """Number the most frequent words of some texts, as ``Tokenizer(num_words=size)`` did.

    Args:
        texts: Texts to learn from; in 2019 all rows, those of the test too.
        size: Rows of the embedding; row 0 is padding, so ``size - 1`` words are known.

    Returns:
        Word to its number, from 1, the most frequent first; among equally frequent words
        the one that was seen first.
    """
    counts = Counter(word for text in texts for word in words(text))
    return {word: row for row, (word, _) in enumerate(counts.most_common(size - 1), start=1)}


def to_sequences(texts: Iterable[str], vocabulary: Mapping[str, int]) -> list[list[int]]:
    """Replace each known word by its number; unknown words are left out, as in 2019."""
    return [[vocabulary[word] for word in words(text) if word in vocabulary] for text in texts]


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
        last = sequence[-timesteps:]
        row[timesteps - len(last) :] = last
    return padded
