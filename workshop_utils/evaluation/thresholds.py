"""From P(positive) to an answer: which threshold to choose."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.evaluation.scores import checked, decide


def best_threshold(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the threshold with the highest macro-F1; choose it on validation data only.

    Args:
        labels: True classes, shape (rows,).
        probabilities: P(positive), shape (rows,).

    Returns:
        A multiple of 0.01 in 0.05 to 0.95; of several the one closest to 0.5.
    """
    from sklearn.metrics import f1_score

    true, probable = checked(labels, probabilities)
    candidates = np.round(np.arange(0.05, 0.951, 0.01), 2)
    macro_f1 = [f1_score(true, decide(probable, value), average="macro") for value in candidates]
    best = candidates[np.isclose(macro_f1, max(macro_f1))]
    return float(best[np.argmin(np.abs(best - 0.5))])
