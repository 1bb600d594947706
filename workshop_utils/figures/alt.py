"""Sentences made from data: what a line does, what a vector holds, what the axes say.

The drawings build their descriptions from these, so that picture and description
cannot disagree. Numbers carry three significant digits at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

#: A line is said to turn where it leaves the span of its ends by this share of its height.
SLACK = 0.1


def number(value: float) -> str:
    """Write a number for reading aloud, for example "0.812", "13,871" or "2.5e-14".

    Args:
        value: The number.
    """
    if 1000 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    mantissa, *exponent = f"{value + 0.0:.3g}".split("e")
    return f"{mantissa}e{int(exponent[0])}" if exponent else mantissa


def listed(values: ArrayLike) -> str:
    """Write a vector as diagrams do, "0.50 and -1.25"; never a negative zero."""
    return join(f"{round(float(value), 2) + 0.0:.2f}" for value in np.asarray(values))


def join(parts: Iterable[str]) -> str:
    """Join words as a list in a sentence: "a", "a and b", "a, b and c"."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def sentences(*parts: str) -> str:
    """Return one paragraph: each part that is not empty with a capital and a full stop."""
    stripped = [" ".join(part.split()) for part in parts if part]
    return " ".join(
        part[0].upper() + part[1:] + ("" if part[-1] in ".!?" else ".") for part in stripped
    )


def course(places: Sequence[float | str], values: ArrayLike) -> str:
    """Say in half a sentence how a line runs, as in "falls from 0.98 at 5 to 0.51 at 50".

    Args:
        places: Where each value lies: numbers or words, shape (n,).
        values: The line's values, shape (n,).
    """
    y = np.asarray(values, dtype=float)
    start, end = (
        f"“{place}”" if isinstance(place, str) else number(place)
        for place in (places[0], places[-1])
    )
    low = np.nanmin(y)
    high = np.nanmax(y)
    if number(low) == number(high):
        return f"stays at {number(low)}"
    ends = f"from {number(y[0])} at {start} to {number(y[-1])} at {end}"
    slack = SLACK * (high - low)
    if min(y[0], y[-1]) - low > slack or high - max(y[0], y[-1]) > slack:
        return f"goes {ends}, between {number(low)} and {number(high)}"
    return f"{'rises' if y[-1] > y[0] else 'falls'} {ends}"


def about(kind: str, title: str, xlabel: str = "", ylabel: str = "") -> str:
    """Return the opening sentence: the kind of picture and what its axes say.

    Args:
        kind: For example ``"Line chart"``.
        title: The figure's title, or an empty text.
        xlabel: The label of the horizontal axis, or an empty text.
        ylabel: The label of the vertical axis, or an empty text.
    """
    sides = [ylabel and f"{ylabel} upwards", xlabel and f"{xlabel} to the right"]
    axes = " and ".join(side for side in sides if side)
    return (f"{kind}: {title}" if title else kind) + (f". Axes: {axes}" if axes else "")
