"""A linear classifier over TF-IDF, alone and inside a network beside an LSTM.

The wide-and-deep model adds the log odds of both and trains them together (H.-T. Cheng et
al. 2016, Wide and deep learning for recommender systems, arXiv 1606.07792).
"""

from __future__ import annotations

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


def encode(columns: Any, texts: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return which columns of a fitted TF-IDF each text has, and their values.

    A text has a few hundred of a hundred thousand columns, so both are short lists.

    Returns:
        Two arrays (texts, most columns of a text), filled up with column 0, value 0.
    """
    found = columns.transform(texts).tocsr()
    found.sort_indices()
    lengths = np.diff(found.indptr)
    filled = np.arange(max(lengths.max(initial=1), 1)) < lengths[:, None]
    which, values = np.zeros(filled.shape, np.int32), np.zeros(filled.shape, np.float32)
    which[filled], values[filled] = found.indices, found.data
    return which, values


def linear_part(columns: int) -> tuple[list[Any], Any]:
    """Return a linear model's Keras inputs, as :func:`encode` makes them, and its log odds."""
    keras = environment.load_keras()
    which, values = keras.Input((None,), dtype="int32"), keras.Input((None,))
    weights = keras.layers.Embedding(columns, 1, "zeros")(which)
    odds = keras.ops.sum(weights[:, :, 0] * values * PACE, axis=1, keepdims=True)
    return [which, values], odds
