"""A linear classifier over TF-IDF, alone and inside a network beside an LSTM.

The wide-and-deep model adds the log odds of both and trains them together (H.-T. Cheng et
al. 2016, Wide and deep learning for recommender systems, arXiv 1606.07792).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment

PACE = 10
"""How many times faster the linear part learns than the rest. Adam's steps do not depend on
the size of the gradient, so to multiply the columns' values is to multiply the rate."""


WORD = r"(?u)\b\w+\b"
"""A word for scikit-learn; its own pattern drops words of one letter, such as "i"."""


def tf_idf() -> Any:
    """Return the untrained columns of notebook 05's linear baseline: words, pairs, characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )


def linear_classifier() -> Any:
    """Return notebook 05's linear baseline, untrained."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    regression = LogisticRegression(
        C=10, solver="liblinear", dual=True, max_iter=1000, random_state=environment.DEFAULT_SEED
    )
    return make_pipeline(tf_idf(), regression)


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of TF-IDF as short lists: a text has a few hundred of a hundred thousand.

    Attributes:
        vectoriser: The fitted vectoriser.
    """

    vectoriser: Any

    @classmethod
    def learn(cls, texts: Sequence[str] | NDArray[Any]) -> Columns:
        """Learn the columns from training texts alone."""
        return cls(tf_idf().fit(list(texts)))

    @property
    def size(self) -> int:
        """How many columns there are."""
        return len(self.vectoriser.get_feature_names_out())

    def encode(
        self, texts: Sequence[str] | NDArray[Any]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return which columns each text has, and their values.

        Returns:
            Two arrays (texts, most columns of a text), filled up with column 0, value 0.
        """
        found = self.vectoriser.transform(list(texts)).tocsr()
        found.sort_indices()
        lengths = np.diff(found.indptr)
        filled = np.arange(max(lengths.max(initial=1), 1)) < lengths[:, None]
        columns, values = np.zeros(filled.shape, np.int32), np.zeros(filled.shape, np.float32)
        columns[filled], values[filled] = found.indices, found.data
        return columns, values


def wide_and_deep(tokens: Any, deep: Any, columns: int) -> Any:
    """Join a linear part with what a network read, or leave it alone.

    Args:
        tokens: Keras input of the network; None for the linear part alone.
        deep: What it read, (batch, numbers); None for the linear part alone.
        columns: Of the linear part.

    Returns:
        A model: (tokens,) columns and values in, P(positive) (batch, 1) out.
    """
    keras = environment.load_keras()
    layers, ops = keras.layers, keras.ops
    which = keras.Input((None,), dtype="int32")
    values = keras.Input((None,))
    weights = layers.Embedding(columns, 1, "zeros")(which)
    linear = ops.sum(weights[:, :, 0] * values * PACE, axis=1, keepdims=True)
    if deep is None:
        return keras.Model([which, values], ops.sigmoid(linear))
    return keras.Model([tokens, which, values], ops.sigmoid(layers.Dense(1)(deep) + linear))
