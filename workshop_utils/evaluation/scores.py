"""How good is a classifier? The usual figures, by scikit-learn, for P(positive) and true labels.

Labels are 0 (negative) and 1 (positive) throughout, and every matrix and list
has the classes in this order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Figures of one classifier on one test part, each in 0 to 1; more is better.

    Attributes:
        accuracy: Share of right answers.
        balanced_accuracy: Mean of the two recalls; 0.5 for a constant answer.
        macro_f1: Mean over the classes of the harmonic mean of precision and recall.
        recall_negative: Share of the truly negative texts that are found.
        recall_positive: Share of the truly positive texts that are found.
        roc_auc: Chance that a positive text gets a higher probability than a negative one.
        average_precision: Area under the precision-recall curve of the positive class;
            a random order has the share of positive texts.
    """

    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    recall_negative: float
    recall_positive: float
    roc_auc: float
    average_precision: float


def predict(model: Any, inputs: Any, *, batch_size: int = 1024) -> Probabilities:
    """Return P(positive) for each row.

    The model is called directly, which for a few large batches is as fast as
    Keras' ``predict`` and compiles nothing.

    Args:
        model: A Keras model whose output is P(positive), (batch, 1), or one
            probability for each class, (batch, 2) with negative first.
        inputs: Integers (rows, timesteps), or a list of strings for a model that
            takes texts.
        batch_size: Rows in one call.

    Returns:
        Shape (rows,), in 0 to 1.
    """
    from workshop_utils import environment

    tensorflow = environment.load_tensorflow()
    parts = [
        np.asarray(model(tensorflow.constant(inputs[start : start + batch_size]), training=False))
        for start in range(0, len(inputs), batch_size)
    ]
    return np.concatenate(parts)[:, -1].astype(np.float64)


def decide(probabilities: ArrayLike, threshold: float = 0.5) -> NDArray[np.int64]:
    """Turn P(positive) into 0 or 1: positive from the threshold on."""
    return (np.asarray(probabilities) >= threshold).astype(np.int64)


def scores(labels: ArrayLike, probabilities: ArrayLike, threshold: float = 0.5) -> Scores:
    """Measure a classifier.

    Args:
        labels: True classes, shape (rows,), both classes present.
        probabilities: P(positive), shape (rows,).
        threshold: From where on the answer is "positive".

    Returns:
        The figures. ROC-AUC and average precision do not depend on the threshold.

    Raises:
        ValueError: Shapes differ, a class is missing, or a probability is none.
    """
    from sklearn import metrics

    true, probable = checked(labels, probabilities)
    answers = decide(probable, threshold)
    recall = metrics.recall_score(true, answers, average=None, labels=[0, 1], zero_division=0.0)
    return Scores(
        accuracy=float(metrics.accuracy_score(true, answers)),
        balanced_accuracy=float(metrics.balanced_accuracy_score(true, answers)),
        macro_f1=float(metrics.f1_score(true, answers, average="macro", zero_division=0.0)),
        recall_negative=float(recall[0]),
        recall_positive=float(recall[1]),
        roc_auc=float(metrics.roc_auc_score(true, probable)),
        average_precision=float(metrics.average_precision_score(true, probable)),
    )


def checked(labels: ArrayLike, probabilities: ArrayLike) -> tuple[NDArray[Any], Probabilities]:
    """Return true classes and P(positive) as arrays of shape (rows,), or say what does not fit.

    Raises:
        ValueError: Shapes differ, or a class is missing.
    """
    true, probable = np.asarray(labels), np.asarray(probabilities, dtype=np.float64)
    if true.shape != probable.shape or true.ndim != 1:
        raise ValueError(
            f"Expected one label and one probability a row, got shapes {true.shape} and "
            f"{probable.shape}. Give P(positive) alone, not one column a class."
        )
    if set(np.unique(true)) != {0, 1}:
        raise ValueError(
            f"Expected labels 0 (negative) and 1 (positive), both present; got {np.unique(true)}."
        )
    return true, probable
