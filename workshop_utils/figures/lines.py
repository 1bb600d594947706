"""Lines over a common axis, each with its name at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import label_line_ends, word_ticks
from workshop_utils.figures.style import (
    LINE_STYLES,
    MARKERS,
    PAPER,
    SERIES,
    house_style,
    new_axes,
)

#: More points than this, and a line is drawn without markers.
MARKED_POINTS = 25


@house_style()
def lines(
    x: Sequence[Any] | NDArray[Any],
    series: Mapping[str, ArrayLike],
    *,
    bands: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
    references: Mapping[str, float] | None = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    log_y: bool = False,
    limits: tuple[float, float] | None = None,
) -> Drawing:
    """Draw one to six lines over a common axis, each labelled at its end.

    Args:
        x: Places on the horizontal axis, numbers or words, shape (n,).
        series: Name to values, each of shape (n,).
        bands: Name of a series to its lower and upper edge, each of shape (n,).
        references: Name to height of horizontal dashed lines, for example chance.
        title: What the picture is about.
        xlabel: Label of the horizontal axis.
        ylabel: Label of the vertical axis.
        log_y: Logarithmic vertical axis.
        limits: Lower and upper end of the vertical axis; else from the data.

    Returns:
        The drawing; its description says how each line runs.

    Raises:
        ValueError: No series, more than six, or a shape that does not fit.
    """
    if not 1 <= len(series) <= len(SERIES):
        raise ValueError(f"A plot takes 1 to {len(SERIES)} series, not {len(series)}.")
    words = [str(place) for place in x if isinstance(place, str)]
    positions = np.arange(float(len(words))) if words else np.asarray(x, dtype=float)
    bands, references = bands or {}, references or {}
    figure, axes = new_axes()
    for k, (name, values) in enumerate(series.items()):
        if name in bands:
            axes.fill_between(positions, *bands[name], color=SERIES[k], alpha=0.18, linewidth=0)
        (line,) = axes.plot(positions, values, color=SERIES[k], label=name)
        line.set(linestyle=LINE_STYLES[k], markeredgecolor=PAPER, markeredgewidth=0.8)
        line.set_marker(MARKERS[k] if len(positions) <= MARKED_POINTS else "")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.set_yscale("log" if log_y else "linear")
    if limits:
        axes.set_ylim(*limits)
    if words:
        word_ticks(axes, words, positions.tolist())
    label_line_ends(axes, references)
    told = describe.sentences(
        describe.about(
            "Line chart" + (", logarithmic vertical axis" if log_y else ""), title, xlabel, ylabel
        ),
        "; ".join(
            f"{name} {describe.course(words or positions.tolist(), values)}"
            for name, values in series.items()
        ),
        *(_width(name, *band) for name, band in bands.items()),
        describe.reference_lines(references),
    )
    return Drawing(figure, told)


def _width(name: str, low: ArrayLike, high: ArrayLike) -> str:
    """Say how wide a shaded band is at most."""
    width = np.subtract(high, low).max()
    return f"The shaded band of {name} is at most {describe.number(width)} wide"
