"""The linear part of a reader: the columns of the strongest linear baseline, as short lists.

A text has a few hundred of the hundred thousand columns. A network wants them as two
arrays of equal rows: which columns, and their TF-IDF values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import baselines

Description = dict[str, list[Any]]
"""``words``, ``characters``, and the ``rarity`` (inverse document frequency) of both."""

Columns = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Which columns, and their values: two arrays (texts, most columns of a text)."""


@dataclass(frozen=True, eq=False)
class WideColumns:
    """Words, pairs and pieces of words that training texts have.

    Attributes:
        vectoriser: The fitted vectoriser of the linear baseline.
    """

    vectoriser: Any

    @classmethod
    def learn(cls, texts: Sequence[str]) -> tuple[WideColumns, Columns]:
        """Learn the columns and how rare each is, from training texts alone.

        Returns:
            What was learnt, and what :meth:`encode` returns for the same texts, in one go.
        """
        vectoriser = baselines.words_and_characters()
        found = vectoriser.fit_transform(list(texts))
        return cls(vectoriser), _as_lists(found.tocsr())

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.vectoriser.get_feature_names_out())

    def described(self) -> Description:
        """Return what was learnt as plain lists, in the order of the columns."""
        words, characters = (part for _, part in self.vectoriser.transformer_list)
        return {
            "words": words.get_feature_names_out().tolist(),
            "characters": characters.get_feature_names_out().tolist(),
            "rarity": [*words.idf_.tolist(), *characters.idf_.tolist()],
        }

    def encode(self, texts: Sequence[str]) -> Columns:
        """Return each text's columns and values.

        Returns:
            Two arrays (texts, most columns of a text); a row that has fewer is filled up
            with column 0 and value 0.
        """
        return _as_lists(self.vectoriser.transform(list(texts)).tocsr())


def _as_lists(found: Any) -> Columns:
    """Turn a sparse matrix into two dense arrays that hold what is not 0."""
    found.sort_indices()
    lengths = np.diff(found.indptr)
    filled = np.arange(max(lengths.max(initial=1), 1)) < lengths[:, None]
    columns = np.zeros(filled.shape, np.int32)
    values = np.zeros(filled.shape, np.float32)
    columns[filled], values[filled] = found.indices, found.data
    return columns, values
