"""The error over two weights as a shaded map, and the walks of trainings across it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain
from workshop_utils.figures.matrices import Matrix
from workshop_utils.figures.style import (
    INK,
    LINE_STYLES,
    MARKERS,
    PAPER,
    SERIES,
    SMALL_SIZE,
    UPWARD,
    new_axes,
    styled,
)

#: An update longer than this share of the picture's width or height gets an arrow head.
LONG_UPDATE = 0.08
#: A line of paper colour around every arrow keeps it apart from a dark ground.
_HALO = 2.6


@styled
def error_surface(
    weights: ArrayLike,
    biases: ArrayLike,
    errors: ArrayLike,
    walks: Mapping[str, ArrayLike] | None = None,
    *,
    title: str = "",
    xlabel: str = "weight w",
    ylabel: str = "bias b",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw an error over two weights, with the updates of trainings as arrows.

    Made for the cliff of Pascanu, Mikolov and Bengio (2013): a wall in the error,
    and an update that is thrown far away there unless it is clipped.

    Args:
        weights: Places on the horizontal axis, ascending, shape (n,).
        biases: Places on the vertical axis, ascending, shape (m,).
        errors: The error, shape (m, n): one row for each bias.
        walks: Name to weight and bias before, between and after the updates, shape
            (updates + 1, 2); at most two. An arrow that leaves the picture says where it ends.
        title: What the picture is about.
        xlabel: Label of the horizontal axis.
        ylabel: Label of the vertical axis.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description says where the wall is and which update of each
        walk is the longest.

    Raises:
        ValueError: More than two walks, or a shape that does not fit.
    """
    x, y, z = (np.asarray(values, dtype=float) for values in (weights, biases, errors))
    if x.ndim != 1 or y.ndim != 1 or z.shape != (y.size, x.size) or min(z.shape) < 2:
        raise ValueError(
            f"The errors have shape {z.shape}; expected one row for each of {y.size} biases and "
            f"one column for each of {x.size} weights, two or more of each."
        )
    paths = {name: _path(name, walk) for name, walk in (walks or {}).items()}
    if len(paths) > 2:
        raise ValueError(f"The picture has room for two walks, not {len(paths)}.")
    figure, axes = new_axes(7.5, 5.2)
    image = axes.pcolormesh(x, y, z, cmap=UPWARD, vmin=0.0, shading="nearest")
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    axes.grid(visible=False)
    bar = figure.colorbar(image, ax=axes, label="error")
    bar.outline.set_visible(False)
    for k, path in enumerate(paths.values()):
        _draw_walk(axes, path, k)
    if paths:
        _draw_key(axes, list(paths))
    generated = describe.sentences(
        describe.about("Map of the error", title, xlabel, ylabel),
        _told_wall(x, y, z),
        *(_told_walk(name, path) for name, path in paths.items()),
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))


def _path(name: str, walk: ArrayLike) -> Matrix:
    path = np.asarray(walk, dtype=float)
    if path.ndim != 2 or path.shape[1] != 2 or len(path) < 2:
        raise ValueError(f"The walk {name!r} has shape {path.shape}; expected (updates + 1, 2).")
    return path


def _draw_walk(axes: Axes, path: Matrix, k: int) -> None:
    """Draw the updates as a line with markers, and an arrow for each long one."""
    halo = [withStroke(linewidth=(2.2 - 0.4 * k) + _HALO, foreground=PAPER)]
    colour, (left, right), (low, high) = SERIES[1 - k], axes.get_xlim(), axes.get_ylim()
    size = np.array([right - left, high - low])
    short = np.abs(np.diff(path, axis=0) / size).max(axis=1) < LONG_UPDATE
    for start, end, is_short in zip(path, path[1:], short, strict=False):
        if np.array_equal(start, end):
            continue
        cut = _cut(start, end, np.array([left, low]), np.array([right, high]))
        if cut is None:
            continue
        arrow = FancyArrowPatch(
            tuple(start),
            tuple(cut),
            arrowstyle="-" if is_short else "-|>,head_length=7,head_width=3.5",
            shrinkA=0,
            shrinkB=0,
            color=colour,
            linewidth=2.2 - 0.4 * k,
            linestyle=LINE_STYLES[1] if k == 0 else "-",
            path_effects=halo,
            zorder=3 + k,
        )
        axes.add_patch(arrow)
        if not np.array_equal(cut, end):
            _name_landing(axes, cut, end)
    axes.plot(
        *path.T,
        linestyle="none",
        marker=MARKERS[1 - k],
        markersize=6.5 - 2 * k,
        color=colour,
        markeredgecolor=PAPER,
        markeredgewidth=0.7,
        zorder=5 + k,
    )


def _cut(start: Matrix, end: Matrix, low: Matrix, high: Matrix) -> Matrix | None:
    """Return where an arrow ends or leaves the picture; None when it starts outside."""
    if (start < low).any() or (start > high).any():
        return None
    step = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(step > 0, (high - start) / step, (low - start) / step)
    share = min(1.0, float(np.nanmin(np.where(step == 0, np.nan, shares))))
    return end if share == 1.0 else start + share * step


def _name_landing(axes: Axes, cut: Matrix, end: Matrix) -> None:
    """Write beside an arrow that leaves the picture where its update ends."""
    middle = sum(axes.get_xlim()) / 2
    axes.annotate(
        f"to ({describe.number(end[0])}, {describe.number(end[1])})",
        tuple(cut),
        (18 if cut[0] < middle else -18, -12),
        textcoords="offset points",
        ha="left" if cut[0] < middle else "right",
        va="center",
        color=INK,
        size=SMALL_SIZE,
        weight="bold",
        path_effects=[withStroke(linewidth=3, foreground=PAPER)],
        zorder=8,
    )


def _draw_key(axes: Axes, names: list[str]) -> None:
    samples = [
        Line2D(
            [],
            [],
            color=SERIES[1 - k],
            linestyle=LINE_STYLES[1] if k == 0 else "-",
            marker=MARKERS[1 - k],
            markeredgecolor=PAPER,
            linewidth=2.2 - 0.4 * k,
            label=plain(name),
        )
        for k, name in enumerate(names)
    ]
    axes.legend(handles=samples, loc="best", frameon=True, framealpha=0.92, edgecolor=PAPER)


def _told_wall(x: Matrix, y: Matrix, z: Matrix) -> str:
    """Say how high the error goes, and where it changes most from one place to the next."""
    jumps = np.abs(np.diff(z, axis=1))
    row, column = np.unravel_index(int(jumps.argmax()), jumps.shape)
    one, other = (describe.number(round(float(v), 3)) for v in z[row, column : column + 2])
    lowest, highest = (describe.number(round(float(v), 3)) for v in (z.min(), z.max()))
    middle = np.array([(x[column] + x[column + 1]) / 2, y[row]])
    return (
        f"The error lies between {lowest} and {highest}; its steepest wall, from {one} to {other} "
        f"between two neighbouring places, is at {_point(middle)}"
    )


def _told_walk(name: str, path: Matrix) -> str:
    """Say where a walk begins and ends, and how long its longest update is."""
    lengths = np.hypot(*np.diff(path, axis=0).T)
    longest = int(lengths.argmax())
    return (
        f"{name}: {len(lengths)} updates from {_point(path[0])} to {_point(path[-1])}, the longest "
        f"(number {longest + 1}) {describe.number(lengths[longest])} long"
    )


def _point(place: Matrix) -> str:
    return f"({describe.number(place[0])}, {describe.number(place[1])})"
