"""Is this text, or this table, like what a model was checked on?

A model answers everything, also what it never learnt. Its file keeps how three measures were
distributed on the validation part. A table is compared with them by the largest distance
between two cumulative distributions (the two-sample test of Kolmogorov and Smirnov).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEASURES = {"score": "P(positive)", "known": "share of known words", "words": "number of words"}

FEWEST = 200
"""Different texts from which on a table is compared: copies say one thing many times."""

LEVEL = 0.001
"""How often chance alone reaches the limit of one measure. It is small because each batch of
tweets has topics of its own: near copies make two batches differ more than chance would."""

Values = Mapping[str, Sequence[float]]
"""Measure to sorted values of the validation part."""


@dataclass(frozen=True)
class DomainReport:
    """How far a table is from the texts that a model was checked on.

    Attributes:
        distances: Measure to the distance of the distributions, 0 to 1.
        limit: The distance that chance alone reaches in one of a thousand such tables.
        distinct: Different texts in the table; each is compared once.
    """

    distances: dict[str, float]
    limit: float
    distinct: int

    @property
    def far(self) -> bool:
        """Whether at least one measure is further away than chance allows."""
        return self.distinct >= FEWEST and max(self.distances.values()) > self.limit

    def __str__(self) -> str:
        if self.distinct < FEWEST:
            return f"Too few different texts to compare: {self.distinct}, and {FEWEST} are needed."
        listed = ", ".join(f"{MEASURES[name]} {far:.2f}" for name, far in self.distances.items())
        verdict = (
            "These texts differ from those the model was checked on; its scores may not hold here"
            if self.far
            else "No difference from the texts the model was checked on is visible"
        )
        return f"{verdict} (distances: {listed}; the limit is {self.limit:.2f})."


def measure(
    positive: NDArray[Any], words: NDArray[Any], unknown: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Return the value of each measure for each text; every array has shape (texts,)."""
    known = (words - unknown) / np.maximum(words, 1)
    return {"score": positive, "known": known, "words": words}


def compare(kept: Values, seen: Mapping[str, NDArray[np.float64]]) -> DomainReport:
    """Compare a table's values, one for each distinct text, with those that a file keeps."""
    distances = {name: _distance(np.asarray(kept[name]), seen[name]) for name in MEASURES}
    # The large-sample limit of the test; the kept quantiles count as a sample of their size.
    distinct = len(seen["score"])
    sizes = 1 / max(distinct, 1) + 1 / len(kept["score"])
    return DomainReport(distances, float(np.sqrt(-0.5 * np.log(LEVEL / 2) * sizes)), distinct)


def _distance(kept: NDArray[np.float64], seen: NDArray[np.float64]) -> float:
    places = np.union1d(kept, seen)
    both = (np.sort(kept), np.sort(seen))
    below = [np.searchsorted(each, places, side="right") / max(each.size, 1) for each in both]
    return float(np.abs(below[0] - below[1]).max())
