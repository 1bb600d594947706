"""How sure is a score? Bootstrap over groups of copies and over seeds; a corrected t-interval.

Copies of one text are not independent: a test part with forty copies of a retweet knows less
than its number of rows says. So whole groups are drawn with replacement. Where a model was
trained with several seeds, the seeds are drawn too. All resamples are worked out together,
as weights of the rows.

Sources: A. Davison and D. Hinkley (1997), Bootstrap methods and their application (intervals
of the percentile kind); A. Owen (2007), The pigeonhole bootstrap, for drawing groups and
seeds at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils import environment
from workshop_utils.evaluation.scores import checked, decide

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

    def minus(self, other: Resampled) -> Resampled:
        """Return the paired difference: both classifiers on the same draws of groups.

        Args:
            other: Drawn with the same seed, from the same test part.

        Raises:
            ValueError: The two were not drawn alike.
        """
        if (self.groups, self.seed, *self._sizes()) != (other.groups, other.seed, *other._sizes()):
            raise ValueError(
                "The two were drawn differently. Use the same test part, seed and resamples."
            )
        draws = {score: self.draws[score] - other.draws[score] for score in self.draws}
        return Resampled(draws, self.groups, self.seed)

    def _sizes(self) -> list[int]:
        return [len(each) for each in self.draws.values()]


def bootstrap(
    labels: ArrayLike,
    probabilities: ArrayLike,
    groups: ArrayLike,
    *,
    threshold: float = 0.5,
    resamples: int = 1000,
    seed: int = environment.DEFAULT_SEED,
) -> Resampled:
    """Measure a classifier on many test parts, and trainings, that might have been instead.

    The spread says how much the choice of the test texts matters and, with several seeds,
    the chance of the training. It does not hold what another training part would change.

    Args:
        labels: True classes of the test part, shape (rows,).
        probabilities: P(positive), shape (rows,); or (seeds, rows) of a model that was
            trained with several seeds. Then each resample draws as many seeds as there
            are, with replacement, and takes the mean of their scores.
        groups: Number of the group of each row, shape (rows,).
        threshold: From where on the answer is "positive".
        resamples: How many; each draws as many groups as there are, with replacement.
        seed: Two calls with the same seed and groups draw the same groups.

    Returns:
        All scores of all resamples.

    Raises:
        ValueError: Shapes differ, a class is missing, or there are less than two groups.
    """
    trained = np.atleast_2d(np.asarray(probabilities, dtype=np.float64))
    true = checked(labels, trained[0])[0]
    numbers, group_of_row = np.unique(np.asarray(groups), return_inverse=True)
    if group_of_row.shape != true.shape or numbers.size < 2:
        raise ValueError(
            f"Expected one group a row and at least two groups, got {group_of_row.size} group "
            f"numbers for {true.size} rows, {numbers.size} of them distinct."
        )
    of_groups, of_seeds = np.random.default_rng(seed).spawn(2)
    parts = []
    for start in range(0, resamples, _AT_ONCE):
        size = min(_AT_ONCE, resamples - start)
        equal = np.full(numbers.size, 1 / numbers.size)
        weights = of_groups.multinomial(numbers.size, equal, size=size)[:, group_of_row]
        times = of_seeds.multinomial(len(trained), np.full(len(trained), 1 / len(trained)), size)
        each = [_weighted_scores(true, one, weights.astype(float), threshold) for one in trained]
        shares = times.T / len(trained)
        parts.append({name: sum(s * one[name] for s, one in zip(shares, each)) for name in each[0]})  # noqa: B905
    draws = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Resampled(draws, numbers.size, seed)


def corrected_interval(
    differences: ArrayLike, test_share: float, level: float = 0.95
) -> tuple[float, float]:
    """Return an interval for a mean over redraws of one split, whose training parts overlap.

    A plain t-interval treats the redraws as independent and is too short. The correction adds
    the ratio of test to training rows to the factor 1 / n of the variance.

    Args:
        differences: One difference for each redraw, shape (redraws,).
        test_share: Share of the rows that each test part holds, between 0 and 1.
        level: The share of such intervals that should hold the true difference.

    Raises:
        ValueError: There are fewer than two differences, or the share is out of range.

    Source: C. Nadeau and Y. Bengio (2003), Inference for the generalization error, Machine
    Learning 52, equation 9.
    """
    from scipy import stats

    found = np.asarray(differences, dtype=np.float64)
    if found.ndim != 1 or found.size < 2 or not 0 < test_share < 1:
        raise ValueError(
            f"Expected at least two differences and a share between 0 and 1, got the shape "
            f"{found.shape} and {test_share}."
        )
    factor = 1 / found.size + test_share / (1 - test_share)
    half = stats.t.ppf((1 + level) / 2, found.size - 1) * np.sqrt(factor * found.var(ddof=1))
    return float(found.mean() - half), float(found.mean() + half)


def _weighted_scores(
    true: NDArray[np.int64], probable: NDArray[np.float64], weights: Draws, threshold: float
) -> dict[str, Draws]:
    """Work out all scores for many weightings (resamples, rows) of the same rows."""
    positive, answered = true == 1, decide(probable, threshold) == 1
    counted = [positive & answered, ~positive & answered, positive & ~answered]
    tp, fp, fn = (weights @ np.stack(counted, axis=1).astype(np.float64)).T
    total = weights.sum(axis=1)
    tn = total - tp - fp - fn
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
