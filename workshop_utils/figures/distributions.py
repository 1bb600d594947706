"""Plots of many single values: how often they occur, and how two of them go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import mark_places, plain, separate_thousands
from workshop_utils.figures.style import HATCHES, MUTED, PAPER, SERIES, SMALL_SIZE, new_axes, styled

Vector: TypeAlias = NDArray[np.float64]


@styled
def histogram(
    values: ArrayLike | Mapping[str, ArrayLike],
    *,
    bins: int | Sequence[float] = 30,
    references: Mapping[str, float] | None = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "count",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw how often values occur, for one group or a few.

    Args:
        values: Numbers of shape (n,), or a mapping of names to such.
        bins: Number of bins, or their edges; shared by all groups.
        references: Name to place of vertical dashed lines.
        title: What the picture is about.
        xlabel: What was counted.
        ylabel: Label of the vertical axis.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description gives count, range, median and the fullest bin.

    Raises:
        ValueError: There is no finite value, or there are more than six groups.
    """
    named = values if isinstance(values, Mapping) else {"": values}
    groups = {name: np.asarray(group, dtype=float).ravel() for name, group in named.items()}
    groups = {name: group[np.isfinite(group)] for name, group in groups.items()}
    if not 1 <= len(groups) <= len(SERIES) or any(group.size == 0 for group in groups.values()):
        raise ValueError(f"A histogram takes 1 to {len(SERIES)} groups with at least one number.")
    edges = np.histogram_bin_edges(np.concatenate(list(groups.values())), bins=bins)
    figure, axes = new_axes()
    told = []
    for k, (name, group) in enumerate(groups.items()):
        counts, _ = np.histogram(group, edges)
        axes.stairs(
            counts,
            edges,
            fill=True,
            facecolor=SERIES[k] if len(groups) == 1 else (*to_rgb(SERIES[k]), 0.45),
            edgecolor=PAPER if len(groups) == 1 else SERIES[k],
            hatch=HATCHES[k],
            linewidth=1.2,
            label=name,
        )
        told.append(_spread(name, group, counts, edges))
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.grid(axis="x", visible=False)
    if len(groups) > 1:
        axes.legend(loc="best")
    separate_thousands(axes.yaxis, axes.get_ylim()[1])
    mark_places(axes, references or {})
    generated = describe.sentences(
        describe.about("Histogram", title, xlabel, ylabel),
        *told,
        describe.reference_lines(references or {}),
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))


def _spread(name: str, group: Vector, counts: NDArray[Any], edges: Vector) -> str:
    """Say where a group lies and where it is densest."""
    top = int(np.argmax(counts))
    low, median, high = (describe.number(v) for v in np.quantile(group, [0, 0.5, 1]))
    return (
        f"{name + ': ' if name else ''}{describe.number(group.size)} values from {low} to {high}, "
        f"median {median}; the fullest bin, {describe.number(edges[top])} to "
        f"{describe.number(edges[top + 1])}, holds {describe.number(counts[top])}"
    )


@styled
def scatter(
    x: ArrayLike,
    y: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    diagonal: bool = False,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw points, for example predicted against observed shares.

    Args:
        x: Horizontal places, shape (n,).
        y: Vertical places, shape (n,).
        names: A short word beside each point, shape (n,).
        diagonal: Draw the line on which both are equal.
        title: What the picture is about.
        xlabel: Label of the horizontal axis.
        ylabel: Label of the vertical axis.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description gives ranges and the correlation.

    Raises:
        ValueError: The lengths differ, or there is no point.
    """
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if across.shape != up.shape or across.ndim != 1 or across.size == 0:
        raise ValueError(f"Expected two vectors of one length, got {across.shape}, {up.shape}.")
    if names is not None and len(names) != across.size:
        raise ValueError(f"Expected {across.size} names, one for each point, got {len(names)}.")
    figure, axes = new_axes(6.4, 4.6)
    if diagonal:
        axes.axline((0, 0), slope=1, color=MUTED, linewidth=1.5, linestyle=(0, (4, 3)), zorder=1)
    axes.scatter(across, up, s=38, color=SERIES[0], edgecolor=PAPER, linewidth=0.6, zorder=3)
    for name, left, bottom in zip(names or (), across, up, strict=False):
        axes.annotate(
            plain(name), (left, bottom), (6, 4), textcoords="offset points", size=SMALL_SIZE
        )
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.margins(x=0.12 if names else 0.05)
    if diagonal:
        low, high = min(axes.get_xlim()[0], axes.get_ylim()[0]), max(across.max(), up.max())
        axes.set(xlim=(low, high * 1.12), ylim=(low, high * 1.12), aspect="equal")
    spans = (
        f"{describe.number(across.size)} points; horizontally {describe.number(across.min())} to "
        f"{describe.number(across.max())}, vertically {describe.number(up.min())} to "
        f"{describe.number(up.max())}"
    )
    related = ""
    if across.size > 2 and across.std() > 0 and up.std() > 0:
        related = f"Their correlation is {describe.number(np.corrcoef(across, up)[0, 1].round(3))}"
    above = ""
    if diagonal:
        above = f"{int((up > across).sum())} points lie above the dashed line of equality"
    generated = describe.sentences(
        describe.about("Scatter plot", title, xlabel, ylabel), spans, related, above
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))
