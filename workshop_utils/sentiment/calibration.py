"""Can probabilities be trusted? Measure how far they are off, and rescale them by one number.

Source: C. Guo, G. Pleiss, Y. Sun and K. Weinberger (2017), On calibration of modern neural
networks (arXiv 1706.04599), for temperature scaling and the error over bins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COLDEST = 0.05
HOTTEST = 20.0
"""The temperatures between which the best one is looked for."""


@dataclass(frozen=True, eq=False)
class Reliability:
    """What a reliability diagram shows; every array has one entry a bin.

    Attributes:
        edges: Borders of the bins, shape (bins + 1,).
        predicted: Mean P(positive) of the texts in the bin; NaN where it is empty.
        observed: Share of them that is positive; NaN where the bin is empty.
        counts: Texts in the bin.
    """

    edges: Floats
    predicted: Floats
    observed: Floats
    counts: NDArray[np.int64]

    @property
    def error(self) -> float:
        """The expected calibration error: mean distance over texts, not over bins."""
        full = self.counts > 0
        distance = np.abs(self.predicted[full] - self.observed[full])
        return float(np.average(distance, weights=self.counts[full]))


def reliability(labels: ArrayLike, probabilities: ArrayLike, bins: int = 10) -> Reliability:
    """Compare P(positive) with the share of positive texts, bin by bin.

    Args:
        labels: True classes, 0 or 1, shape (rows,).
        probabilities: P(positive), shape (rows,); one on a border belongs to the bin below.
        bins: Bins of equal width.

    Raises:
        ValueError: Shapes differ, there is no row, a label is not 0 or 1, or a
            probability is outside 0 to 1.
    """
    true, probable = (np.asarray(each, dtype=np.float64) for each in (labels, probabilities))
    if true.shape != probable.shape or true.ndim != 1 or not true.size:
        raise ValueError(
            f"Expected one label and one probability a row, and at least one row; got shapes "
            f"{true.shape} and {probable.shape}."
        )
    if not np.isin(true, (0, 1)).all():
        raise ValueError("Expected labels 0 (negative) and 1 (positive) only.")
    if not ((probable >= 0) & (probable <= 1)).all():
        raise ValueError("Expected probabilities in 0 to 1; a score or NaN is none.")
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], probable)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        predicted, observed = (
            np.bincount(place, weights=each, minlength=bins) / counts for each in (probable, true)
        )
    return Reliability(edges, predicted, observed, counts)


def sigmoid(logits: ArrayLike) -> Floats:
    """Return 1 / (1 + exp(-logits)) without overflow."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * np.asarray(logits, np.float64)))


def logit(probabilities: ArrayLike) -> Floats:
    """Return log(P / (1 - P)); 0 and 1 count as the nearest numbers between them."""
    inside = np.clip(probabilities, np.nextafter(0, 1), np.nextafter(1, 0))
    return np.asarray(np.log(inside) - np.log1p(-inside))


def scale(probabilities: ArrayLike, temperature: float) -> Floats:
    """Divide the logits of P(positive) by a temperature; above 1, all come closer to 0.5."""
    return sigmoid(logit(probabilities) / temperature)


def fit_temperature(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Find the temperature with the smallest log loss; use validation data only.

    Args:
        labels: True classes, 0 or 1, shape (rows,).
        probabilities: P(positive) as the model gives it, shape (rows,).

    Returns:
        Between :data:`COLDEST` and :data:`HOTTEST`, exact to about a tenth of a percent.
    """
    signed = np.where(np.asarray(labels) == 1, 1, -1) * logit(probabilities)
    low = np.log(COLDEST)
    high = np.log(HOTTEST)
    for _ in range(4):  # a grid that becomes ten times finer around its best point
        grid = np.linspace(low, high, 41)
        best = grid[np.argmin([np.logaddexp(0, -signed / np.exp(each)).mean() for each in grid])]
        width = 2 * (grid[1] - grid[0])
        low = max(low, best - width)
        high = min(high, best + width)
    return float(np.exp(best))
