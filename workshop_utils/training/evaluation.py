"""How sure is a score, and from which threshold on should a classifier say yes?

Labels are 0 (negative) and 1 (positive) throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.runtime import environment

Floats = NDArray[np.float64]

AT_ONCE = 100
"""Resamples worked out together; 100 of 3,219 rows are 2.6 MB."""


def best_threshold(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the threshold with the highest macro-F1; choose it on validation data only.

    Args:
        labels: True classes, shape (rows,).
        probabilities: P(positive), shape (rows,).

    Returns:
        A multiple of 0.01 in 0.05 to 0.95; of several the one closest to 0.5.

    Raises:
        ValueError: Shapes differ, or a class is missing.
    """
    from sklearn.metrics import f1_score

    true, probable = _checked(labels, probabilities)
    candidates = np.round(np.arange(0.05, 0.951, 0.01), 2)
    macro_f1 = [f1_score(true, probable >= value, average="macro") for value in candidates]
    best = candidates[np.isclose(macro_f1, max(macro_f1))]
    return float(best[np.argmin(np.abs(best - 0.5))])


def wrong_for_all(
    labels: ArrayLike, answers: Iterable[ArrayLike], groups: ArrayLike
) -> NDArray[np.int64]:
    """Return the rows that every model puts on the wrong side of 0.5, one of each group.

    Args:
        labels: True classes, shape (rows,).
        answers: P(positive) of each model, each of shape (rows,).
        groups: Number of the group of each row, shape (rows,); of its wrong rows the first
            is returned.

    Returns:
        Row numbers, in ascending order.

    Raises:
        ValueError: Shapes differ, or a class is missing.
    """
    wrong = []
    for each in answers:
        true, probable = _checked(labels, each)
        wrong.append((probable >= 0.5) != true)
    rows = np.flatnonzero(np.logical_and.reduce(wrong))
    _, first = np.unique(np.asarray(groups)[rows], return_index=True)
    return np.sort(rows[first])


@dataclass(frozen=True, eq=False)
class Resampled:
    """The scores of one classifier on many resamples of the test part.

    Attributes:
        draws: The scores on each resample, shape (resamples,): ``"macro_f1"``, the mean over
            the classes of the harmonic mean of precision and recall, at the threshold 0.5; and
            ``"average_precision"``, the area under the precision-recall curve of the positive
            class, which is NaN where a resample has no positive text.
        groups: Groups in the test part, which is also how many each resample draws.
        seed: With which they were drawn.
    """

    draws: Mapping[str, Floats]
    groups: int
    seed: int

    def interval(self, score: str) -> tuple[float, float]:
        """Return between which values the middle 95 % of the resamples lie.

        The percentile method of A. Davison and D. Hinkley (1997), Bootstrap methods and their
        application.
        """
        low, high = np.nanquantile(self.draws[score], [0.025, 0.975])
        return float(low), float(high)

    def minus(self, other: Resampled) -> Resampled:
        """Return the paired difference: both classifiers on the same draws of groups.

        Args:
            other: Drawn with the same seed, from the same test part.

        Raises:
            ValueError: The two were not drawn alike.
        """
        one, two = ((each.groups, each.seed, len(each.draws["macro_f1"])) for each in (self, other))
        if one != two:
            raise ValueError(
                "The two were drawn differently. Use the same test part, seed and resamples."
            )
        draws = {score: self.draws[score] - other.draws[score] for score in self.draws}
        return Resampled(draws, self.groups, self.seed)


def bootstrap(
    labels: ArrayLike,
    probabilities: ArrayLike,
    groups: ArrayLike,
    *,
    resamples: int = 1000,
    seed: int = environment.DEFAULT_SEED,
) -> Resampled:
    """Measure a classifier on many test parts, and trainings, that might have been instead.

    Copies of one text are not independent: a test part with forty copies of a retweet knows
    less than its number of rows says. So whole groups are drawn with replacement, and the
    seeds of the training too (A. Owen 2007, The pigeonhole bootstrap). The spread does not
    hold what another training part would change.

    Args:
        labels: True classes of the test part, shape (rows,).
        probabilities: P(positive), shape (rows,); or (seeds, rows) of a model that was
            trained with several seeds. Then each resample draws as many seeds as there
            are, with replacement, and takes the mean of their scores.
        groups: Number of the group of each row, shape (rows,).
        resamples: How many; each draws as many groups as there are, with replacement.
        seed: Two calls with the same seed and groups draw the same groups.

    Returns:
        The scores of all resamples.

    Raises:
        ValueError: Shapes differ, a class is missing, or there are less than two groups.
    """
    trained = np.atleast_2d(np.asarray(probabilities, dtype=np.float64))
    true, _ = _checked(labels, trained[0])
    numbers, group_of_row = np.unique(np.asarray(groups), return_inverse=True)
    if group_of_row.shape != true.shape or numbers.size < 2:
        raise ValueError(
            f"Expected one group a row and at least two groups, got {group_of_row.size} group "
            f"numbers for {true.size} rows, {numbers.size} of them distinct."
        )
    of_groups, of_seeds = np.random.default_rng(seed).spawn(2)
    parts = []
    for start in range(0, resamples, AT_ONCE):
        size = min(AT_ONCE, resamples - start)
        equal = np.full(numbers.size, 1 / numbers.size)
        weights = of_groups.multinomial(numbers.size, equal, size=size)[:, group_of_row]
        times = of_seeds.multinomial(len(trained), np.full(len(trained), 1 / len(trained)), size)
        each = [_weighted_scores(true == 1, one, weights.astype(float)) for one in trained]
        parts.append(np.einsum("rt,tsr->sr", times / len(trained), each))
    macro_f1, average_precision = np.concatenate(parts, axis=1)
    draws = {"macro_f1": macro_f1, "average_precision": average_precision}
    return Resampled(draws, numbers.size, seed)


def _weighted_scores(
    positive: NDArray[np.bool_], probable: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Return macro-F1 and average precision for many weightings (resamples, rows) of the rows.

    scikit-learn's functions take one weighting at a time, so a thousand would take minutes.
    """
    answered = probable >= 0.5
    counted = [positive & answered, ~positive & answered, positive & ~answered]
    tp, fp, fn = (weights @ np.stack(counted, axis=1).astype(np.float64)).T
    tn = weights.sum(axis=1) - tp - fp - fn
    # Of a class that is neither there nor answered, F1 is 0 by agreement.
    f1 = [2 * hit / np.maximum(2 * hit + fp + fn, 1e-300) for hit in (tn, tp)]
    order = np.argsort(-probable, kind="stable")
    # Texts with equal probability are found together, so only the last of them counts.
    last = np.append(np.diff(probable[order]) != 0, True)
    hits = np.cumsum(weights[:, order] * positive[order], axis=1)[:, last]
    answers = np.cumsum(weights[:, order], axis=1)[:, last]
    precision = hits / np.maximum(answers, 1e-300)
    with np.errstate(invalid="ignore"):
        recall = hits / hits[:, -1:]
    average_precision = (np.diff(recall, axis=1, prepend=0.0) * precision).sum(axis=1)
    return (f1[0] + f1[1]) / 2, average_precision


def _checked(labels: ArrayLike, probabilities: ArrayLike) -> tuple[NDArray[Any], Floats]:
    """Return true classes and P(positive) as arrays of shape (rows,), or say what does not fit."""
    true = np.asarray(labels)
    probable = np.asarray(probabilities, dtype=np.float64)
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
