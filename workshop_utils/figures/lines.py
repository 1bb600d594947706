"""Lines over a common axis, each with its name at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import draw_references, label_line_ends, word_ticks

#: More points than this, and a line is drawn without markers.
MARKED_POINTS = 25


@style.house_style()
def lines(
    x: Sequence[Any] | NDArray[Any],
    series: Mapping[str, ArrayLike],
    *,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    log_y: bool = False,
    limits: tuple[float, float] | None = None,
    levels: Mapping[str, float] | None = None,
    places: Mapping[str, float] | None = None,
    points: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
) -> Drawing:
    """Draw one to six lines over a common axis, each labelled at its end.

    Args:
        x: Places on the horizontal axis, numbers or words, shape (n,).
        series: Name to values, each of shape (n,); NaN leaves a gap.
        title: What the picture is about.
        xlabel: Label of the horizontal axis.
        ylabel: Label of the vertical axis.
        log_y: Logarithmic vertical axis.
        limits: Lower and upper end of the vertical axis; else from the data.
        levels: Name to height of dashed lines across the picture, such as a threshold.
        places: Name to place of dashed lines upwards, such as that of a minimum.
        points: Name to places and heights, each of shape (m,), drawn as marks that a thin
            line joins in their order and that a legend names; for steps along a line.

    Returns:
        The drawing; its description says how each line runs.

    Raises:
        ValueError: No series, more than six with the points, or a shape that does not fit.
    """
    levels = levels or {}
    places = places or {}
    points = points or {}
    if not 1 <= len(series) <= len(style.SERIES) - len(points):
        raise ValueError(f"A plot takes 1 to {len(style.SERIES)} series, not {len(series)}.")
    words = [str(place) for place in x if isinstance(place, str)]
    positions = np.arange(float(len(words))) if words else np.asarray(x, dtype=float)
    figure, axes = style.new_axes()
    _draw_series(axes, positions, series)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.set_yscale("log" if log_y else "linear")
    if limits:
        axes.set_ylim(*limits)
    if words:
        word_ticks(axes, words, positions.tolist())
    label_line_ends(axes)
    _draw_points(axes, points, first=len(series))
    draw_references(axes, levels, places)
    kind = "Line chart" + (", logarithmic vertical axis" if log_y else "")
    at = words or positions.tolist()
    alt = describe.sentences(
        describe.about(kind, title, xlabel, ylabel),
        "; ".join(f"{name} {describe.course(at, y)}" for name, y in series.items()),
        *(_points_in_words(name, *marks) for name, marks in points.items()),
        *(f"Dashed line: {name} at {describe.number(y)}" for name, y in levels.items()),
        *(f"Dashed line: {name} at {describe.number(x)}" for name, x in places.items()),
    )
    return Drawing(figure, alt)


def _draw_series(axes: Axes, x: NDArray[Any], series: Mapping[str, ArrayLike]) -> None:
    """Draw each line in its colour and dash, with marks where its points are few."""
    for k, (name, values) in enumerate(series.items()):
        colour = style.SERIES[k]
        (line,) = axes.plot(x, values, color=colour, label=name)
        line.set(linestyle=style.LINE_STYLES[k], markeredgecolor=style.PAPER, markeredgewidth=0.8)
        line.set_marker(style.MARKERS[k] if len(x) <= MARKED_POINTS else "")


def _draw_points(axes: Axes, points: Mapping[str, tuple[ArrayLike, ArrayLike]], first: int) -> None:
    """Draw marks over the lines, in the series colours from ``first`` on, with a legend."""
    handles = []
    for k, (name, (places, heights)) in enumerate(points.items(), start=first):
        (marks,) = axes.plot(places, heights, color=style.SERIES[k], marker=style.MARKERS[k])
        marks.set(label=name, linewidth=0.9, markersize=7, markeredgecolor=style.PAPER, zorder=3)
        handles.append(marks)
    if points:
        axes.legend(handles=handles)


def _points_in_words(name: str, places: ArrayLike, heights: ArrayLike) -> str:
    """Say where marks begin and end."""
    x = np.asarray(places, dtype=float)
    y = np.asarray(heights, dtype=float)
    ends = [f"{describe.number(y[k])} at {describe.number(x[k])}" for k in (0, -1)]
    return f"{name}: {x.size} marks, from {ends[0]} to {ends[1]}"
