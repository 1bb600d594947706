"""Can the probabilities be trusted? Measuring how far they are off, and mending it by one number.

A classifier is calibrated when of all texts with P(positive) = 0.7 about 70 % are
positive. Networks that were trained too long are often too sure of themselves.

Source: C. Guo, G. Pleiss, Y. Sun and K. Weinberger (2017), On calibration of modern
neural networks, for temperature scaling and the error over bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BINS = 10
"""Bins of equal width over 0 to 1. A probability on a border belongs to the bin below."""

COLDEST, HOTTEST = 0.05, 20.0
"""Between which temperatures the best one is looked for."""


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
        """Mean distance between predicted and observed, over texts: the calibration error."""
        full = self.counts > 0
        distance = np.abs(self.predicted[full] - self.observed[full])
        return float(np.average(distance, weights=self.counts[full]))


def reliability(labels: ArrayLike, probabilities: ArrayLike, bins: int = BINS) -> Reliability:
    """Compare P(positive) with the share of positive texts, bin by bin.

    Args:
        labels: True classes, 0 or 1, shape (rows,).
        probabilities: P(positive), shape (rows,).
        bins: Bins of equal width.

    Raises:
        ValueError: Shapes differ, there is no row, a label is not 0 or 1, or a
            probability is outside 0 to 1.
    """
    true, probable = _checked(labels, probabilities)
    place = _bin_of(probable, bins)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        predicted, observed = (
            np.bincount(place, weights=each, minlength=bins) / counts for each in (probable, true)
        )
    return Reliability(np.linspace(0, 1, bins + 1), predicted, observed, counts)


def calibration_error(labels: ArrayLike, probabilities: ArrayLike, bins: int = BINS) -> float:
    """Return the expected calibration error (ECE) of P(positive).

    In each bin, the distance between the mean P(positive) and the share that is
    positive; then the mean over the texts. A constant answer with the right share has
    error 0, so a small error alone is no sign of a good classifier.

    Args:
        labels: True classes, 0 or 1, shape (rows,).
        probabilities: P(positive), shape (rows,).
        bins: Bins of equal width over 0 to 1.

    Raises:
        ValueError: As for :func:`reliability`.
    """
    return reliability(labels, probabilities, bins).error


def gaps(labels: ArrayLike, probabilities: ArrayLike, bins: int = BINS) -> Floats:
    """Return each text's part in the calibration error.

    Returns:
        Shape (rows, bins): label minus P(positive) in the bin of the text, 0 in the
        others. The error is the sum over bins of the absolute column sums, over rows;
        weights of the rows may be put in before the sum.
    """
    true, probable = _checked(labels, probabilities)
    parts = np.zeros((true.size, bins))
    parts[np.arange(true.size), _bin_of(probable, bins)] = true - probable
    return parts


def scale(probabilities: ArrayLike, temperature: float) -> Floats:
    """Divide the log odds of P(positive) by a temperature.

    Above 1 every probability comes closer to 0.5, below 1 it goes away from it. The
    order of the texts stays, and so do the answers at 0.5.

    Args:
        probabilities: P(positive), any shape.
        temperature: Above 0; 1 changes nothing.

    Returns:
        The same shape, in 0 to 1.

    Raises:
        ValueError: The temperature is not above 0.
    """
    from scipy.special import expit

    probable = np.asarray(probabilities, dtype=np.float64)
    if not 0 < temperature < np.inf:
        raise ValueError(f"A temperature is a number above 0, but {temperature} was given.")
    return probable if temperature == 1 else np.asarray(expit(log_odds(probable) / temperature))


def fit_temperature(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Find the temperature with the highest likelihood; use validation data only.

    Args:
        labels: True classes, shape (rows,).
        probabilities: P(positive) as the model gives it, shape (rows,).

    Returns:
        Between :data:`COLDEST` and :data:`HOTTEST`.

    Raises:
        ValueError: As for :func:`reliability`.
    """
    from scipy.optimize import minimize_scalar

    true, probable = _checked(labels, probabilities)
    odds = log_odds(probable)

    def loss(log_temperature: float) -> float:
        return _loss_of_odds(true, odds / np.exp(log_temperature))

    # Over the logarithm, where halving and doubling are steps of one size.
    bounds = tuple(np.log([COLDEST, HOTTEST]))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def log_loss(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Return the mean negative log-likelihood, which :func:`fit_temperature` makes small.

    An answer of exactly 0 or 1 counts as the nearest number inside, so a wrong one is
    expensive and not infinite.

    Raises:
        ValueError: As for :func:`reliability`.
    """
    true, probable = _checked(labels, probabilities)
    return _loss_of_odds(true, log_odds(probable))


def summary(
    validation: tuple[ArrayLike, ArrayLike], test: tuple[ArrayLike, ArrayLike], bins: int = BINS
) -> dict[str, Any]:
    """Fit a temperature on validation data and measure before and after on the test part.

    Args:
        validation: Labels and P(positive) of the validation part, shape (rows,) each.
        test: The same of the test part, which the fit does not see.
        bins: Of the calibration error.

    Returns:
        The part ``calibration`` of a model's record, see
        :data:`workshop_utils.model_io.Record`; plain numbers, ready for JSON.
    """
    temperature = fit_temperature(*validation)
    labels, before = _checked(*test)
    found: dict[str, Any] = {
        "temperature": temperature,
        "fitted_on": "validation",
        "rows": int(np.size(validation[0])),
        "bins": bins,
    }
    for when, probable in (("before", before), ("after", scale(before, temperature))):
        found[f"ece_{when}"] = calibration_error(labels, probable, bins)
        found[f"brier_{when}"] = float(np.mean((probable - labels) ** 2))
        found[f"nll_{when}"] = log_loss(labels, probable)
    return found


def _bin_of(probable: Floats, bins: int) -> NDArray[np.intp]:
    return np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], probable)


def log_odds(probable: Floats) -> Floats:
    """Return log(P / (1 - P)) of each probability, in an array of the same shape.

    Of exactly 0 and 1, it is that of the nearest number between them.
    """
    from scipy.special import logit

    return np.asarray(logit(np.clip(probable, np.nextafter(0, 1), np.nextafter(1, 0))))


def _loss_of_odds(true: Floats, odds: Floats) -> float:
    # log(1 + exp(-x)) for the true class, without overflow.
    return float(np.logaddexp(0, np.where(true == 1, -odds, odds)).mean())


def _checked(labels: ArrayLike, probabilities: ArrayLike) -> tuple[Floats, Floats]:
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
    return true, probable
