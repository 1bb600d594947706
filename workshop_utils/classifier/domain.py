"""Is this text, or this table, like what the model was checked on?

A model answers everything, also what it never learnt. Its file keeps how three measures were
distributed on the validation part: P(positive), the share of known words, and the number of
words. A table is compared with them by the largest distance between two cumulative
distributions (the two-sample test of Kolmogorov and Smirnov).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST = 200
"""Texts from which on a table is compared."""

LEVEL = 0.001
"""How often chance alone reaches the limit of one measure. It is small because each batch of
tweets has topics of its own: near copies make two batches differ more than chance would."""

NAMES = {"score": "P(positive)", "known": "share of known words", "words": "number of words"}


@dataclass(frozen=True)
class DomainReport:
    """How far a table is from the texts that the model was checked on.

    Attributes:
        distances: Measure to the distance of the distributions, 0 to 1.
        limit: The distance that chance alone reaches in one of a thousand such tables.
        rows: Texts in the table; each distinct one is compared once.
    """

    distances: dict[str, float]
    limit: float
    rows: int

    @property
    def far(self) -> bool:
        """Whether at least one measure is further away than chance allows."""
        return self.rows >= FEWEST and max(self.distances.values()) > self.limit

    def __str__(self) -> str:
        if self.rows < FEWEST:
            return f"Too few texts to compare: {self.rows}, and {FEWEST} are needed."
        listed = ", ".join(f"{NAMES[name]} {far:.2f}" for name, far in self.distances.items())
        verdict = (
            "These texts differ from those the model was checked on; its scores do not hold here"
            if self.far
            else "No difference from the texts the model was checked on is visible"
        )
        return f"{verdict} (distances: {listed}; the limit is {self.limit:.2f})."


def compare(
    kept: Mapping[str, ArrayLike], seen: Mapping[str, ArrayLike], rows: int
) -> DomainReport:
    """Compare the three measures of a table with those that a model file keeps.

    Args:
        kept: Measure to sorted values of the validation part.
        seen: Measure to the values of the table, one for each distinct text.
        rows: Texts in the table.
    """
    distances = {name: _distance(np.asarray(kept[name]), np.asarray(seen[name])) for name in NAMES}
    distinct, checked = (np.size(each["score"]) for each in (seen, kept))
    # The large-sample limit of the test; the kept quantiles count as a sample of their size.
    limit = np.sqrt(-0.5 * np.log(LEVEL / 2) * (1 / max(distinct, 1) + 1 / checked))
    return DomainReport(distances, float(limit), rows)


def _distance(kept: NDArray[np.float64], seen: NDArray[np.float64]) -> float:
    if not seen.size:
        return 0.0
    places = np.union1d(kept, seen)
    below = [
        np.searchsorted(np.sort(each), places, side="right") / each.size for each in (kept, seen)
    ]
    return float(np.abs(below[0] - below[1]).max())


def doubts(kept: Mapping[str, ArrayLike], words: int, known: int, *, cut_off: bool) -> list[str]:
    """Say in plain words what makes the answer to one text doubtful.

    Args:
        kept: Measure to sorted values of the validation part.
        words: Words that were read.
        known: How many of them are in the vocabulary.
        cut_off: Whether the end of the text was not read.
    """
    if not words:
        return ["no word to read"]
    notes = []
    if known < words:
        share = known / words
        few = share < np.quantile(np.asarray(kept["known"]), 0.01)
        rare = ", fewer known than in 99 % of the texts it was checked on" if few else ""
        notes.append(f"{words - known} of {words} words unknown{rare}")
    if cut_off:
        notes.append(f"cut off after {words} words")
    elif words > np.max(np.asarray(kept["words"])):
        notes.append(f"{words} words, longer than any text it was checked on")
    return notes
