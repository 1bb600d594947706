"""Lines over a common axis, each with its name at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import label_line_ends, word_ticks
from workshop_utils.figures.style import LINE_STYLES, MARKERS, PAPER, SERIES, new_axes, styled

Bands: TypeAlias = Mapping[str, tuple[ArrayLike, ArrayLike]]
Vector: TypeAlias = NDArray[np.float64]

#: More points than this, and a line is drawn without markers.
MARKED_POINTS = 25


def _vectors(series: Mapping[str, ArrayLike], longest: int) -> dict[str, Vector]:
    """Return the series as float vectors that fit the horizontal axis."""
    vectors = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    if not 1 <= len(vectors) <= len(SERIES):
        raise ValueError(f"A plot takes 1 to {len(SERIES)} series, not {len(vectors)}.")
    for name, values in vectors.items():
        if values.ndim != 1 or not 1 <= values.size <= longest:
            raise ValueError(
                f"Series {name!r} has shape {values.shape}; expected ({longest},) or shorter, "
                "one value for each place on the horizontal axis."
            )
    return vectors


def _draw_lines(axes: Axes, x: Vector, series: Mapping[str, Vector], bands: Bands) -> None:
    """Draw each series in a colour, line style and marker of its own."""
    for k, (name, values) in enumerate(series.items()):
        if name in bands:
            low, high = (np.asarray(edge, dtype=float) for edge in bands[name])
            axes.fill_between(x[: low.size], low, high, color=SERIES[k], alpha=0.18, linewidth=0)
        axes.plot(
            x[: values.size],
            values,
            color=SERIES[k],
            linestyle=LINE_STYLES[k],
            marker=MARKERS[k] if values.size <= MARKED_POINTS else None,
            markeredgecolor=PAPER,
            markeredgewidth=0.8,
            label=name,
        )


@styled
def lines(
    x: Sequence[Any] | NDArray[Any],
    series: Mapping[str, ArrayLike],
    *,
    bands: Bands | None = None,
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
        series: Name to values, each of shape (n,) or shorter; NaN leaves a gap.
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
        ValueError: No series, more than six, a shape that does not fit, or a
            band for a series that is not there.
    """
    places = [str(v) if isinstance(v, str) else float(v) for v in x]
    words = [place for place in places if isinstance(place, str)]
    positions = np.arange(len(places), dtype=float) if words else np.asarray(places, dtype=float)
    vectors, bands, references = _vectors(series, len(places)), bands or {}, references or {}
    if strangers := set(bands) - set(vectors):
        raise ValueError(f"Bands for {sorted(strangers)}, but the series are {sorted(vectors)}.")
    figure, axes = new_axes()
    _draw_lines(axes, positions, vectors, bands)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.set_yscale("log" if log_y else "linear")
    if limits:
        axes.set_ylim(*limits)
    if words:
        word_ticks(axes, words, positions.tolist())
    label_line_ends(axes, references)
    kind = "Line chart" + (", logarithmic vertical axis" if log_y else "")
    told = describe.sentences(
        describe.about(kind, title, xlabel, ylabel),
        "; ".join(f"{name} {describe.course(places, y)}" for name, y in vectors.items()),
        *(_width(name, *bands[name]) for name in bands),
        describe.reference_lines(references),
    )
    return Drawing(figure, told)


def _width(name: str, low: ArrayLike, high: ArrayLike) -> str:
    """Say how wide a shaded band is at most."""
    width = float(np.nanmax(np.subtract(high, low)))
    return f"The shaded band of {name} is at most {describe.number(width)} wide"
