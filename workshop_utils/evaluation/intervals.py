"""How sure is a figure? Bootstrap intervals that draw whole groups of copies, not rows.

Copies of one text are not independent: a test part with forty copies of a retweet
knows less than its number of rows says. So whole groups are drawn with replacement.
All resamples are worked out together, as weights of the rows.

Source: A. Davison and D. Hinkley (1997), Bootstrap methods and their application; the
intervals are of the percentile kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils import calibration, environment
from workshop_utils.evaluation.scores import checked, decide, scores

if TYPE_CHECKING:
    from pandas import DataFrame

Draws = NDArray[np.float64]

_AT_ONCE = 100
"""Resamples worked out together; 100 of 3,219 rows are 2.6 MB."""


@dataclass(frozen=True, eq=False)
class Resampled:
    """The scores of one classifier on many resamples of the test part.

    Attributes:
        draws: Name of a score, as in :class:`~workshop_utils.evaluation.Scores`, to its
            value on each resample, shape (resamples,). NaN where a resample has no
            text of a class that the score needs.
        groups: Groups in the test part, which is also how many each resample draws.
        seed: With which they were drawn.
    """

    draws: Mapping[str, Draws]
    groups: int
    seed: int

    def interval(self, score: str, level: float = 0.95) -> tuple[float, float]:
        """Return between which values the middle share of the resamples lies.

        Args:
            score: Name of a score.
            level: The share, in 0 to 1.
        """
        low, high = np.nanquantile(self.draws[score], [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float]]:
        """Return :meth:`interval` for every score."""
        return {score: self.interval(score, level) for score in self.draws}

    def minus(self, other: Resampled) -> Resampled:
        """Return the differences to another classifier on the same resamples.

        An interval of the differences that leaves out 0 says more than two intervals
        that overlap: what makes a resample easy makes it easy for both.

        Raises:
            ValueError: The other one was resampled in another way.
        """
        one, two = ((r.groups, r.seed, r.draws["accuracy"].size) for r in (self, other))
        if one != two:
            raise ValueError(
                "Only the same resamples can be compared: same test part, same number, same "
                f"seed; these are (groups, seed, resamples) {one} and {two}."
            )
        draws = {score: self.draws[score] - other.draws[score] for score in self.draws}
        return Resampled(draws, self.groups, self.seed)


def bootstrap(
    labels: ArrayLike,
    probabilities: ArrayLike,
    groups: ArrayLike,
    *,
    threshold: float = 0.5,
    resamples: int = 1000,
    seed: int = environment.DEFAULT_SEED,
) -> Resampled:
    """Measure a classifier on many test parts that might have been drawn instead.

    The spread says how much the choice of the test texts matters. It does not hold
    what another start of the training, or another training part, would change.

    Args:
        labels: True classes of the test part, shape (rows,).
        probabilities: P(positive), shape (rows,).
        groups: Number of the group of each row, shape (rows,): of a split,
            ``split.groups_of("test")``.
        threshold: From where on the answer is "positive".
        resamples: How many; each draws as many groups as there are, with replacement.
        seed: Two calls with the same seed and groups draw the same resamples.

    Returns:
        All scores of all resamples.

    Raises:
        ValueError: Shapes differ, a class is missing, or there are less than two groups.
    """
    true, probable = checked(labels, probabilities)
    numbers, group_of_row = np.unique(np.asarray(groups), return_inverse=True)
    if group_of_row.shape != true.shape or numbers.size < 2:
        raise ValueError(
            f"Expected one group a row and at least two groups, got {group_of_row.size} group "
            f"numbers for {true.size} rows, {numbers.size} of them distinct."
        )
    generator = np.random.default_rng(seed)
    equal = np.full(numbers.size, 1 / numbers.size)
    parts = []
    for start in range(0, resamples, _AT_ONCE):
        size = min(_AT_ONCE, resamples - start)
        times_drawn = generator.multinomial(numbers.size, equal, size=size)
        weights = times_drawn[:, group_of_row].astype(np.float64)
        parts.append(weighted_scores(true, probable, weights, threshold))
    draws = {score: np.concatenate([part[score] for part in parts]) for score in parts[0]}
    return Resampled(draws, numbers.size, seed)


def weighted_scores(
    true: NDArray[np.int64], probable: NDArray[np.float64], weights: Draws, threshold: float
) -> dict[str, Draws]:
    """Work out all scores for many weightings of the same rows.

    Args:
        true: Classes 0 and 1, shape (rows,).
        probable: P(positive), shape (rows,).
        weights: How often each row counts, shape (resamples, rows).
        threshold: From where on the answer is "positive".

    Returns:
        Name of each score to its values, shape (resamples,).
    """
    positive, answered = true == 1, decide(probable, threshold) == 1
    counted = [positive & answered, ~positive & answered, positive & ~answered]
    tp, fp, fn = (weights @ np.stack(counted, axis=1).astype(np.float64)).T
    total = weights.sum(axis=1)
    tn = total - tp - fp - fn
    error = calibration.gaps(true, probable)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall_negative, recall_positive = tn / (tn + fp), tp / (tp + fn)
        # Of a class that is neither there nor answered, F1 is 0 by agreement.
        f1 = [2 * hit / np.maximum(2 * hit + fp + fn, 1e-300) for hit in (tn, tp)]
        roc_auc, average_precision = _ranking_scores(positive, probable, weights)
        return {
            "accuracy": (tp + tn) / total,
            "balanced_accuracy": (recall_negative + recall_positive) / 2,
            "macro_f1": (f1[0] + f1[1]) / 2,
            "recall_negative": recall_negative,
            "recall_positive": recall_positive,
            "roc_auc": roc_auc,
            "average_precision": average_precision,
            "calibration_error": np.abs(weights @ error).sum(axis=1) / total,
            "brier": weights @ (probable - true) ** 2 / total,
        }


def _ranking_scores(
    positive: NDArray[np.bool_], probable: NDArray[np.float64], weights: Draws
) -> tuple[Draws, Draws]:
    """Return ROC-AUC and average precision, shape (resamples,) each."""
    order = np.argsort(-probable, kind="stable")
    # Texts with equal probability are found together, so only the last of them counts.
    last = np.append(np.diff(probable[order]) != 0, True)
    positive, weights = positive[order], weights[:, order]
    found = np.cumsum(weights * positive, axis=1)[:, last]
    alarms = np.cumsum(weights * ~positive, axis=1)[:, last]
    newly_found = np.diff(found, axis=1, prepend=0.0)
    newly_alarmed = np.diff(alarms, axis=1, prepend=0.0)
    # The curve is straight between two points, so it runs over the mean of their heights.
    area = (newly_alarmed * (found - newly_found / 2)).sum(axis=1)
    precision = found / np.maximum(found + alarms, 1e-300)
    all_found, all_alarms = found[:, -1], alarms[:, -1]
    return (
        area / (all_found * all_alarms),
        (newly_found * precision).sum(axis=1) / all_found,
    )


def table_with_intervals(
    labels: ArrayLike,
    probabilities: Mapping[str, ArrayLike],
    groups: ArrayLike,
    *,
    threshold: float = 0.5,
    digits: int = 3,
    resamples: int = 1000,
) -> DataFrame:
    """Lay out the scores of several classifiers with their 95 % intervals over groups.

    Args:
        labels: True classes of the test part, shape (rows,).
        probabilities: Name to P(positive), each of shape (rows,).
        groups: Number of the group of each row, shape (rows,).
        threshold: From where on the answer is "positive".
        digits: Decimals kept.
        resamples: For each interval.

    Returns:
        One row a classifier, one column a score; cells such as ``0.742 (0.715 to 0.768)``.
    """
    import pandas as pd

    rows = {}
    for name, each in probabilities.items():
        spread = bootstrap(labels, each, groups, threshold=threshold, resamples=resamples)
        rows[name] = {
            score.replace("_", " "): _with_interval(value, spread.interval(score), digits)
            for score, value in asdict(scores(labels, each, threshold)).items()
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("classifier")


def _with_interval(value: float, interval: tuple[float, float], digits: int) -> str:
    low, high = interval
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
