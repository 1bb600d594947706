"""From P(positive) to an answer: thresholds, what they find, and what mistakes cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.evaluation.scores import checked, decide


def precision_at_recall(
    labels: ArrayLike, probabilities: ArrayLike, recalls: ArrayLike
) -> NDArray[np.float64]:
    """Return the best precision that some threshold reaches with at least the given recall.

    Args:
        labels: True classes, shape (rows,).
        probabilities: P(positive), shape (rows,).
        recalls: Wanted recalls of the positive class, shape (points,), in 0 to 1.

    Returns:
        Precision, shape (points,); it never rises with the recall.
    """
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(*checked(labels, probabilities))
    # scikit-learn ends the curve with an invented point (recall 0, precision 1).
    precision, recall = precision[:-1], recall[:-1]
    return np.array([precision[recall >= wanted].max() for wanted in np.asarray(recalls)])


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


def threshold_from_costs(false_alarm: float, miss: float) -> float:
    """Return the threshold that is cheapest when the probabilities can be trusted.

    A text with P(positive) = p costs (1 - p) ``false_alarm`` on average when it is
    called positive, and p ``miss`` when it is called negative; at the threshold the
    two are equal. Calibrate the probabilities first
    (:func:`workshop_utils.calibration.fit_temperature`).

    Args:
        false_alarm: Cost of calling a negative text positive.
        miss: Cost of calling a positive text negative, in the same unit.

    Returns:
        Between 0 and 1.

    Raises:
        ValueError: A cost is not above 0.

    Source: C. Elkan (2001), The foundations of cost-sensitive learning.
    """
    if not (false_alarm > 0 and miss > 0):
        raise ValueError(f"Both costs must be above 0, but {false_alarm} and {miss} were given.")
    return false_alarm / (false_alarm + miss)


def mean_cost(
    labels: ArrayLike,
    probabilities: ArrayLike,
    threshold: float,
    *,
    false_alarm: float,
    miss: float,
) -> float:
    """Return what the mistakes of a classifier cost, per text.

    Args:
        labels: True classes, shape (rows,).
        probabilities: P(positive), shape (rows,).
        threshold: From where on the answer is "positive".
        false_alarm: Cost of calling a negative text positive.
        miss: Cost of calling a positive text negative, in the same unit.
    """
    true, probable = checked(labels, probabilities)
    answers = decide(probable, threshold)
    alarms, misses = answers > true, answers < true
    return float(np.mean(false_alarm * alarms + miss * misses))
