"""Plots over an axis of numbers or words: lines, learning curves, histograms, points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import label_line_ends, name_logarithmic_places, word_ticks
from workshop_utils.figures.style import (
    LINE_STYLES,
    MARKERS,
    MUTED,
    PAPER,
    SERIES,
    new_axes,
    new_figure,
    styled,
)

Series: TypeAlias = Mapping[str, ArrayLike]
Bands: TypeAlias = Mapping[str, tuple[ArrayLike, ArrayLike]]
Vector: TypeAlias = NDArray[np.float64]

#: More points than this, and a line is drawn without markers.
MARKED_POINTS = 25


def _vectors(series: Series, longest: int) -> dict[str, Vector]:
    """Return the series as float vectors that fit the horizontal axis."""
    if not 1 <= len(series) <= len(SERIES):
        raise ValueError(f"A plot takes 1 to {len(SERIES)} series, not {len(series)}.")
    vectors = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    for name, values in vectors.items():
        if values.ndim != 1 or not 1 <= values.size <= longest:
            raise ValueError(
                f"Series {name!r} has shape {values.shape}; expected ({longest},) or shorter, "
                "one value for each place on the horizontal axis."
            )
    return vectors


def _draw_lines(axes: Axes, x: Vector, series: dict[str, Vector], bands: Bands) -> None:
    """Draw each series in a colour, line style and marker of its own."""
    for k, (name, values) in enumerate(series.items()):
        if name in bands:
            low, high = (np.asarray(edge, dtype=float) for edge in bands[name])
            axes.fill_between(x[: low.size], low, high, color=SERIES[k], alpha=0.18, linewidth=0)
        marker = MARKERS[k] if values.size <= MARKED_POINTS else None
        axes.plot(
            x[: values.size],
            values,
            color=SERIES[k],
            linestyle=LINE_STYLES[k],
            marker=marker,
            markeredgecolor=PAPER,
            markeredgewidth=0.8,
            label=name,
        )


@styled
def lines(
    x: Sequence[Any] | NDArray[Any],
    series: Series,
    *,
    bands: Bands | None = None,
    references: Mapping[str, float] | None = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    log_x: bool = False,
    log_y: bool = False,
    limits: tuple[float, float] | None = None,
    alt: str | None = None,
    prefix: str = "",
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
        log_x: Logarithmic horizontal axis.
        log_y: Logarithmic vertical axis.
        limits: Lower and upper end of the vertical axis; else from the data.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description says how each line runs.

    Raises:
        ValueError: No series, more than six, a shape that does not fit, or a
            band for a series that is not there.
    """
    places = [str(v) if isinstance(v, str) else float(v) for v in x]
    words = any(isinstance(place, str) for place in places)
    positions = np.arange(len(places), dtype=float) if words else np.asarray(places, dtype=float)
    vectors = _vectors(series, len(places))
    bands, references = bands or {}, references or {}
    if strangers := set(bands) - set(vectors):
        raise ValueError(f"Bands for {sorted(strangers)}, but the series are {sorted(vectors)}.")

    figure, axes = new_axes()
    _draw_lines(axes, positions, vectors, bands)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.set_xscale("log" if log_x else "linear")
    axes.set_yscale("log" if log_y else "linear")
    if limits:
        axes.set_ylim(*limits)
    if words:
        word_ticks(axes, [str(place) for place in places])
    if log_x:
        name_logarithmic_places(axes.xaxis, [float(place) for place in positions])
    label_line_ends(axes, references)
    kind = "Line chart" + (", logarithmic vertical axis" if log_y else "")
    return Drawing(
        figure,
        describe.finish(
            describe.sentences(
                describe.about(kind, title, xlabel, ylabel),
                _courses(places, vectors, log_y),
                _named_bands(vectors, bands),
                describe.crossings(places, vectors),
                describe.reference_lines(references),
            ),
            alt,
            prefix,
        ),
    )


def _courses(places: Sequence[float | str], series: dict[str, Vector], log: bool) -> str:
    """One sentence that says how every line runs."""
    pooled = np.concatenate(list(series.values()))
    pooled = pooled[np.isfinite(pooled)]
    # On a logarithmic axis a small absolute change can be a large one to the eye.
    height = 0.0 if log or pooled.size == 0 else float(np.ptp(pooled))
    # Many lines with the same ends: name the ends once.
    whole = all(np.isfinite(values[[0, -1]]).all() for values in series.values())
    same = len(series) > 2 and whole and len({values.size for values in series.values()}) == 1
    told = "; ".join(
        f"{name} {describe.course(places, values, height=height, name_ends=not same)}"
        for name, values in series.items()
    )
    if not same:
        return told
    first, last = (describe.place(places[k]) for k in (0, next(iter(series.values())).size - 1))
    return f"From {first} to {last}: {told}"


def _named_bands(series: dict[str, Vector], bands: Bands) -> str:
    """Say how wide the widest shaded band is, and whose it is."""
    widths = {
        name: float(np.nanmax(np.asarray(bands[name][1]) - np.asarray(bands[name][0])))
        for name in series
        if name in bands
    }
    if not widths:
        return ""
    widest = max(widths, key=lambda name: widths[name])
    which = "The shaded band" if len(widths) == 1 else "The widest shaded band"
    return f"{which} is at most {describe.number(widths[widest])} wide, for {widest}"


@styled
def learning_curves(
    history: Any,
    *,
    best_epoch: int | None = None,
    title: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw what Keras' ``fit`` recorded: one panel a metric, training beside validation.

    Args:
        history: Name to one value an epoch (``loss``, ``val_loss``, ``accuracy``,
            ...), or the object that ``fit`` returned. Learning rates are left out.
        best_epoch: Epoch, counted from 1, to mark; else the one with the lowest
            validation loss, when there is one.
        title: Title of the whole figure.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description says how each curve runs and where the
        validation loss is lowest.

    Raises:
        ValueError: The history is empty, has more than four metrics, or does
            not reach ``best_epoch``.
    """
    record: Mapping[str, Sequence[float]] = getattr(history, "history", history)
    metrics = [k for k in record if not k.startswith("val_") and k not in {"lr", "learning_rate"}]
    epochs = max((len(values) for values in record.values()), default=0)
    if not 1 <= len(metrics) <= 4 or epochs == 0:
        raise ValueError(f"Expected a history of 1 to 4 metrics, but it holds {sorted(record)}.")
    if best_epoch is None and "val_loss" in record:
        best_epoch = int(np.argmin(record["val_loss"])) + 1
    if best_epoch is not None and not 1 <= best_epoch <= epochs:
        raise ValueError(f"Epoch {best_epoch} is not one of the {epochs} epochs recorded.")

    columns = min(len(metrics), 2)
    rows = -(-len(metrics) // columns)
    figure = new_figure(8.6 if columns == 2 else 7.0, 3.7 * rows)
    told = []
    for place, metric in enumerate(metrics, start=1):
        axes = figure.add_subplot(rows, columns, place)
        curves = {
            name: np.asarray(record[key], dtype=float)
            for name, key in (("training", metric), ("validation", f"val_{metric}"))
            if key in record
        }
        _draw_lines(axes, np.arange(1.0, epochs + 1), curves, {})
        axes.set(title=metric.replace("_", " "), xlabel="epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if best_epoch is not None:
            axes.axvline(best_epoch, color=MUTED, linewidth=1.2, linestyle=(0, (2, 2)), zorder=1)
        label_line_ends(axes)
        told.append(f"{metric.replace('_', ' ')}: {_courses(range(1, epochs + 1), curves, False)}")
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    opening = f"{title or 'Learning curves'} over {epochs} epoch{'s' if epochs > 1 else ''}"
    marked = f"A vertical line marks epoch {best_epoch}" if best_epoch is not None else ""
    if marked and "val_loss" in record and best_epoch == int(np.argmin(record["val_loss"])) + 1:
        lowest = describe.number(min(record["val_loss"]))
        marked += f", where the validation loss is lowest ({lowest})"
    generated = describe.sentences(opening, *told, marked)
    return Drawing(figure, describe.finish(generated, alt, prefix))
