"""Categories compared by bars or dots, and how often values occur."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import mark_places, plain, separate_thousands, written
from workshop_utils.figures.style import (
    HATCHES,
    INK,
    LETTERS,
    MARKERS,
    PAPER,
    SERIES,
    SMALL_SIZE,
    new_axes,
    styled,
)

Vector: TypeAlias = NDArray[np.float64]


@styled
def bars(
    labels: Sequence[str],
    values: ArrayLike | Mapping[str, ArrayLike],
    *,
    errors: ArrayLike | Mapping[str, ArrayLike] | None = None,
    references: Mapping[str, float] | None = None,
    from_zero: bool = True,
    digits: int | None = None,
    title: str = "",
    xlabel: str = "",
) -> Drawing:
    """Compare categories by horizontal bars, with their numbers in a column on the right.

    Args:
        labels: Name of each category, from top to bottom, length n.
        values: Shape (n,), or a mapping of up to six group names to such.
        errors: Half-length of each whisker, of the same form as ``values``.
        references: Name to value of dashed lines, for example the majority class.
        from_zero: False draws dots on an axis that need not begin at zero; a bar
            that does not begin at zero would lie about ratios.
        digits: Decimals of the numbers written; else as many as give the largest
            of them three significant digits.
        title: What the picture is about.
        xlabel: What the length of a bar means.

    Returns:
        The drawing; its description gives every value.

    Raises:
        ValueError: The number of labels and of values differ, or the groups of
            errors are not those of the values.
    """
    groups = _groups(labels, values)
    whiskers = {} if errors is None else _groups(labels, errors)
    if whiskers and set(whiskers) != set(groups):
        raise ValueError(f"Errors for {sorted(whiskers)}, but values for {sorted(groups)}.")
    pitch = max(0.36, 0.22 * len(groups) + 0.08)
    figure, axes = new_axes(7.5, 1.2 + pitch * len(labels) + 0.3 * (len(groups) > 1))
    digits = _decimals(groups) if digits is None else digits
    share = 0.8 / len(groups)
    for k, (name, group) in enumerate(groups.items()):
        rows = np.arange(float(len(labels))) + np.float64(k - (len(groups) - 1) / 2) * share
        _draw_group(axes, k, name, rows, group, whiskers.get(name), share if from_zero else 0.0)
        for row, value in zip(rows, group, strict=True):
            axes.annotate(
                written(value, digits),
                (1, row),
                (6, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                size=SMALL_SIZE,
                color=LETTERS[k] if len(groups) > 1 else INK,
            )
    axes.set_yticks(range(len(labels)), [plain(label) for label in labels])
    axes.set(title=title, xlabel=xlabel, ylim=(len(labels) - 0.5, -0.5))
    axes.grid(axis="y", visible=not from_zero)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    if len(groups) > 1:
        figure.legend(loc="outside lower center", ncols=len(groups))
    separate_thousands(axes.xaxis, axes.get_xlim()[1])
    mark_places(axes, references or {})
    told = describe.sentences(
        describe.about("Bar chart" if from_zero else "Dot chart", title),
        *(_told_group(name, labels, group, whiskers.get(name)) for name, group in groups.items()),
        describe.reference_lines(references or {}),
    )
    return Drawing(figure, told)


def _groups(
    labels: Sequence[str], values: ArrayLike | Mapping[str, ArrayLike]
) -> dict[str, Vector]:
    named = values if isinstance(values, Mapping) else {"": values}
    groups = {name: np.asarray(group, dtype=float) for name, group in named.items()}
    if not 1 <= len(groups) <= len(SERIES):
        raise ValueError(f"Expected 1 to {len(SERIES)} groups of bars, got {len(groups)}.")
    for name, group in groups.items():
        if group.shape != (len(labels),):
            raise ValueError(
                f"There are {len(labels)} labels, but the values {name!r} have shape "
                f"{group.shape}; give one number for each label."
            )
    return groups


def _decimals(groups: Mapping[str, Vector]) -> int:
    """Return the decimals that give the largest number three significant digits."""
    pooled = np.concatenate(list(groups.values()))
    pooled = pooled[np.isfinite(pooled)]
    if np.all(pooled == np.round(pooled)):
        return 0
    return max(0, 2 - int(np.floor(np.log10(np.abs(pooled).max()))))


def _draw_group(
    axes: Axes,
    k: int,
    name: str,
    rows: Vector,
    values: Vector,
    errors: Vector | None,
    thickness: float,
) -> None:
    """Draw one group, as bars or, without a thickness, as dots; whiskers stand out from both."""
    whisker: dict[str, Any] = {"ecolor": INK, "elinewidth": 1.4, "capsize": 3.5}
    if not thickness:
        look: dict[str, Any] = {"fmt": MARKERS[k], "color": SERIES[k], "markersize": 8}
        axes.errorbar(values, rows, xerr=errors, label=name, **look, **whisker)
        return
    drawn = axes.barh(
        rows,
        values,
        height=0.88 * thickness,
        color=SERIES[k],
        hatch=HATCHES[k],
        edgecolor=PAPER,
        linewidth=0,
        xerr=errors,
        error_kw=whisker,
        label=name,
    )
    if drawn.errorbar is not None:
        halo: list[Any] = [withStroke(linewidth=3.4, foreground=PAPER)]
        for part in (*drawn.errorbar.lines[1], *drawn.errorbar.lines[2]):
            part.set_path_effects(halo)


def _told_group(name: str, labels: Sequence[str], group: Vector, errors: Vector | None) -> str:
    """Every value of a group in words."""
    items = [
        f"{label} {describe.number(value)}"
        + ("" if errors is None else f" plus or minus {describe.number(errors[k])}")
        for k, (label, value) in enumerate(zip(labels, group, strict=True))
    ]
    return f"{name or 'values'}: {'; '.join(items)}"


@styled
def histogram(
    values: ArrayLike,
    *,
    bins: int | Sequence[float] = 30,
    references: Mapping[str, float] | None = None,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "count",
) -> Drawing:
    """Draw how often values occur.

    Args:
        values: Numbers of shape (n,); missing ones are passed over.
        bins: Number of bins, or their edges.
        references: Name to place of vertical dashed lines.
        title: What the picture is about.
        xlabel: What was counted.
        ylabel: Label of the vertical axis.

    Returns:
        The drawing; its description gives count, range, median and the fullest bin.

    Raises:
        ValueError: There is no finite value.
    """
    numbers = np.asarray(values, dtype=float).ravel()
    numbers = numbers[np.isfinite(numbers)]
    if numbers.size == 0:
        raise ValueError("A histogram needs at least one number.")
    figure, axes = new_axes()
    counts, edges = np.histogram(numbers, bins)
    axes.stairs(counts, edges, fill=True, facecolor=SERIES[0], edgecolor=PAPER, linewidth=1.2)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.grid(axis="x", visible=False)
    separate_thousands(axes.yaxis, axes.get_ylim()[1])
    mark_places(axes, references or {})
    top = int(np.argmax(counts))
    low, median, high = (describe.number(v) for v in np.quantile(numbers, [0, 0.5, 1]))
    fullest = [describe.number(v) for v in (edges[top], edges[top + 1], counts[top])]
    told = describe.sentences(
        describe.about("Histogram", title, xlabel, ylabel),
        f"{describe.number(numbers.size)} values from {low} to {high}, median {median}; the "
        f"fullest bin, {fullest[0]} to {fullest[1]}, holds {fullest[2]}",
        describe.reference_lines(references or {}),
    )
    return Drawing(figure, told)
