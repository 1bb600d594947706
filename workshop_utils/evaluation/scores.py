"""How good is a classifier? The usual figures, by scikit-learn, for P(positive) and true labels.

Labels are 0 (negative) and 1 (positive) throughout, and every matrix and list
has the classes in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils import calibration
from workshop_utils.models import LABELS

if TYPE_CHECKING:
    from pandas import DataFrame

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """Figures of one classifier on one test part; all lie in 0 to 1.

    More is better, but for the last two, which are errors.

    Attributes:
        accuracy: Share of right answers.
        balanced_accuracy: Mean of the two recalls; 0.5 for a constant answer.
        macro_f1: Mean over the classes of the harmonic mean of precision and recall.
        recall_negative: Share of the truly negative texts that are found.
        recall_positive: Share of the truly positive texts that are found.
        roc_auc: Chance that a positive text gets a higher probability than a negative one.
        average_precision: Area under the precision-recall curve of the positive class;
            a random order has the share of positive texts.
        calibration_error: How far P(positive) is from the share that is positive; see
            :func:`workshop_utils.calibration.calibration_error`.
        brier: Mean squared distance between P(positive) and the true label.
    """

    accuracy: float
    balanced_accuracy: float
    macro_f1: float
    recall_negative: float
    recall_positive: float
    roc_auc: float
    average_precision: float
    calibration_error: float
    brier: float


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
        The figures. ROC-AUC, average precision and the last two do not depend on the
        threshold.

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
        calibration_error=calibration.calibration_error(true, probable),
        brier=float(metrics.brier_score_loss(true, probable)),
    )


def score_all(
    labels: ArrayLike, probabilities: Mapping[str, ArrayLike], threshold: float = 0.5
) -> dict[str, Scores]:
    """Measure several classifiers on the same rows.

    Args:
        labels: True classes, shape (rows,).
        probabilities: Name to P(positive), each of shape (rows,).
        threshold: From where on the answer is "positive".

    Returns:
        Name to scores, in the same order; :func:`table` lays them out.
    """
    return {name: scores(labels, each, threshold) for name, each in probabilities.items()}


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


def confusion(
    labels: ArrayLike, probabilities: ArrayLike, threshold: float = 0.5
) -> NDArray[np.int64]:
    """Count how each true class was answered.

    Returns:
        Shape (2, 2): rows are true classes, columns answers, negative first.
    """
    from sklearn.metrics import confusion_matrix

    true, probable = checked(labels, probabilities)
    counts: NDArray[np.int64] = confusion_matrix(true, decide(probable, threshold), labels=[0, 1])
    return counts


def report(labels: ArrayLike, probabilities: ArrayLike, threshold: float = 0.5) -> str:
    """Write precision, recall, F1 and support of both classes as a plain text table.

    This is scikit-learn's ``classification_report``, which the 2019 notebook
    imported and never printed.
    """
    from sklearn.metrics import classification_report

    true, probable = checked(labels, probabilities)
    text: str = classification_report(
        true, decide(probable, threshold), target_names=list(LABELS), digits=3, zero_division=0.0
    )
    return text.rstrip()


def table(measured: Mapping[str, Scores], digits: int = 3) -> DataFrame:
    """Lay scores out as a table, one row a classifier.

    Args:
        measured: Name to scores, in the order of the rows.
        digits: Decimals kept.

    Returns:
        A frame that prints well with ``to_string()``.
    """
    import pandas as pd

    rows = [asdict(each) for each in measured.values()]
    frame = pd.DataFrame(rows, index=pd.Index(list(measured), name="classifier"))
    frame.columns = [name.replace("_", " ") for name in frame.columns]
    return frame.round(digits)
