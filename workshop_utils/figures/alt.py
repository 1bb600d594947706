"""Sentences made from data: what a line does, where two lines cross, how far bars differ.

The plots build their alternative text from these, so that picture and
description cannot disagree. Numbers carry three significant digits at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Vector = NDArray[np.float64]

#: A series that moves by less than this share of the picture's height is called steady.
STEADY = 0.05


def number(value: float) -> str:
    """Write a number for reading aloud: three significant digits, thousands with commas.

    Args:
        value: Any number, also infinite or not a number.

    Returns:
        For example ``"0.812"``, ``"13,871"``, ``"2.5e-14"`` or ``"no value"``.
    """
    value = float(value)
    if np.isnan(value):
        return "no value"
    if np.isinf(value):
        return "infinity" if value > 0 else "minus infinity"
    if value == 0:
        return "0"
    if 1000 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    return f"{mantissa}e{int(exponent)}"


def listed(values: ArrayLike) -> str:
    """Write a vector for reading aloud, with the two decimals that diagrams show.

    Args:
        values: Shape (n,).

    Returns:
        For example ``"0.50 and -1.25"``; never a negative zero.
    """
    return join(f"{round(float(value), 2) + 0.0:.2f}" for value in np.asarray(values))


def join(parts: Iterable[str]) -> str:
    """Join words as a list in a sentence: "a", "a and b", "a, b and c"."""
    words = list(parts)
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def sentences(*parts: str) -> str:
    """Put parts one after the other, each with a capital letter and a full stop.

    Args:
        parts: Sentences; empty ones are left out.

    Returns:
        One paragraph.
    """
    kept = [" ".join(part.split()) for part in parts if part and part.strip()]
    return " ".join(
        part[0].upper() + part[1:] + ("" if part[-1] in ".!?" else ".") for part in kept
    )


def finish(generated: str, alt: str | None, prefix: str) -> str:
    """Return the description that a drawing gets.

    Args:
        generated: The description made from the values.
        alt: A description of the caller's that replaces it, or None.
        prefix: A sentence of the caller's that stands before the generated one.
    """
    return sentences(prefix, generated) if alt is None else alt


def place(position: float | str) -> str:
    """Write a place on an axis: a word in quotation marks, or a number."""
    return f"“{position}”" if isinstance(position, str) else number(position)


def course(
    places: Sequence[float | str],
    values: ArrayLike,
    *,
    height: float = 0.0,
    name_ends: bool = True,
) -> str:
    """Say in half a sentence how a line runs.

    Args:
        places: Where each value lies: numbers or words, shape (n,).
        values: The line's values, shape (n,); missing ones are passed over.
        height: Height of the whole picture in units of the values; movements
            below :data:`STEADY` of it are called steady.
        name_ends: Say where the line starts and ends; without, only its heights there.

    Returns:
        For example ``"falls from 0.98 at 5 to 0.51 at 50"``.
    """
    y = np.asarray(values, dtype=float)
    kept = np.flatnonzero(np.isfinite(y))
    if kept.size == 0:
        return "has no value"
    y = y[kept]
    where = [place(places[int(k)]) for k in kept]
    first, last, low, high = y[0], y[-1], y.min(), y.max()
    if y.size == 1:
        return f"is {number(first)} at {where[0]}"
    if number(low) == number(high):
        return f"stays at {number(low)}"
    if high - low <= STEADY * height:
        return f"stays between {number(low)} and {number(high)}"
    slack = 0.1 * (high - low)
    ends = f"from {number(first)}", f"to {number(last)}"
    if name_ends:
        ends = f"{ends[0]} at {where[0]}", f"{ends[1]} at {where[-1]}"
    dips, peaks = min(first, last) - low > slack, high - max(first, last) > slack
    if dips and peaks:
        return f"goes {ends[0]} {ends[1]}, between {number(low)} and {number(high)}"
    if dips:
        lowest = f"its lowest, {number(low)} at {where[int(y.argmin())]},"
        return f"falls {ends[0]} to {lowest} and then rises {ends[1]}"
    if peaks:
        highest = f"its highest, {number(high)} at {where[int(y.argmax())]},"
        return f"rises {ends[0]} to {highest} and then falls {ends[1]}"
    return f"{'rises' if last > first else 'falls'} {ends[0]} {ends[1]}"


def crossings(places: Sequence[float | str], series: Mapping[str, Vector]) -> str:
    """Say where two lines cross, for pictures with two or three lines.

    Args:
        places: Where the values lie, shape (n,).
        series: Name to values, each of shape (n,) or shorter.

    Returns:
        One sentence for each pair that crosses exactly once, or an empty text.
    """
    if len(series) > 3:
        return ""
    found = []
    for (one, a), (two, b) in combinations(series.items(), 2):
        n = min(len(a), len(b))
        difference = np.asarray(a[:n], dtype=float) - np.asarray(b[:n], dtype=float)
        signs = np.sign(difference)
        kept = np.flatnonzero(np.isfinite(signs) & (signs != 0))
        turns = np.flatnonzero(np.diff(signs[kept]))
        if turns.size != 1:
            continue
        before, after = kept[turns[0]], kept[turns[0] + 1]
        upper, lower = (one, two) if signs[before] > 0 else (two, one)
        found.append(
            f"{upper} lies above {lower} up to {place(places[before])}"
            f" and below it from {place(places[after])}"
        )
    return sentences(*found)


def about(kind: str, title: str, xlabel: str, ylabel: str) -> str:
    """Return the opening sentence: the kind of picture and what its axes say.

    Args:
        kind: For example ``"Line chart"``.
        title: The figure's title, or an empty text.
        xlabel: The label of the horizontal axis, or an empty text.
        ylabel: The label of the vertical axis, or an empty text.
    """
    axes = join(
        text
        for text in (ylabel and f"{ylabel} upwards", xlabel and f"{xlabel} to the right")
        if text
    )
    opening = f"{kind}: {title}" if title else kind
    if not axes:
        return opening
    return f"{opening}. Axes: {axes}"


def reference_lines(references: Mapping[str, float]) -> str:
    """Name the dashed lines of a picture and where they lie; empty without any.

    Args:
        references: Name to value.
    """
    lines = [f"{name} at {number(value)}" for name, value in references.items()]
    return f"Dashed line{'s' if len(lines) > 1 else ''}: {join(lines)}" if lines else ""
