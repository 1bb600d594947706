"""Categories compared by bars, or by dots where the axis need not begin at zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import AbstractPathEffect, withStroke
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import mark_places, plain, separate_thousands, written
from workshop_utils.figures.style import (
    HATCHES,
    INK,
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
    ylabel: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Compare categories by horizontal bars with their numbers written on.

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
        ylabel: What the categories are.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description gives every value, the largest and the smallest.

    Raises:
        ValueError: The number of labels and of values differ, or the groups of
            errors are not those of the values.
    """
    groups = _groups(labels, values)
    whiskers = {} if errors is None else _groups(labels, errors)
    if whiskers and set(whiskers) != set(groups):
        raise ValueError(f"Errors for {sorted(whiskers)}, but values for {sorted(groups)}.")
    height = 1.3 + 0.36 * len(labels) * max(1.0, 0.75 * len(groups))
    figure, axes = new_axes(7.5, height)
    digits = _decimals(list(groups.values())) if digits is None else digits
    thickness = 0.72 / len(groups)
    for k, (name, group) in enumerate(groups.items()):
        places = np.arange(float(len(labels))) + np.float64(k - (len(groups) - 1) / 2) * thickness
        error = whiskers.get(name)
        _draw_group(axes, k, name, places, group, error, thickness if from_zero else 0.0)
        _write_values(axes, places, group, error, digits)
    axes.set_yticks(range(len(labels)), [plain(label) for label in labels])
    axes.invert_yaxis()
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.grid(axis="y", visible=not from_zero)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.16, y=0.05 if from_zero else 0.12)
    if len(groups) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    separate_thousands(axes.xaxis, axes.get_xlim()[1])
    mark_places(axes, references or {})
    kind = "Bar chart" if from_zero else "Dot chart"
    generated = describe.sentences(
        describe.about(kind, title, "", ""), *_told_bars(labels, groups, whiskers, references)
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))


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


def _decimals(groups: Sequence[Vector]) -> int:
    """Return the decimals that give the largest number three significant digits."""
    pooled = np.concatenate(groups)
    pooled = pooled[np.isfinite(pooled)]
    if np.all(pooled == np.round(pooled)):
        return 0
    return max(0, 2 - int(np.floor(np.log10(np.abs(pooled).max()))))


def _draw_group(
    axes: Axes,
    k: int,
    name: str,
    places: Vector,
    values: Vector,
    errors: Vector | None,
    thickness: float,
) -> None:
    whisker: dict[str, Any] = {"ecolor": INK, "elinewidth": 1.4, "capsize": 3.5}
    halo: list[AbstractPathEffect] = [withStroke(linewidth=3.4, foreground=PAPER)]
    if thickness:
        drawn = axes.barh(
            places,
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
            for part in (*drawn.errorbar.lines[1], *drawn.errorbar.lines[2]):
                part.set_path_effects(halo)
        return
    axes.errorbar(
        values,
        places,
        xerr=errors,
        fmt=MARKERS[k],
        color=SERIES[k],
        markersize=8,
        label=name,
        **whisker,
    )


def _write_values(
    axes: Axes, places: Vector, values: Vector, errors: Vector | None, digits: int
) -> None:
    """Write each number past the end of its bar and whisker."""
    reach = np.zeros_like(values) if errors is None else errors
    for place, value, error in zip(places, values, reach, strict=True):
        outward = 1 if value >= 0 else -1
        axes.annotate(
            written(value, digits),
            (value + outward * error, place),
            (7 * outward, 0),
            textcoords="offset points",
            ha="left" if outward > 0 else "right",
            va="center",
            size=SMALL_SIZE,
        )


def _told_bars(
    labels: Sequence[str],
    groups: Mapping[str, Vector],
    whiskers: Mapping[str, Vector],
    references: Mapping[str, float] | None,
) -> list[str]:
    """Every value in words, the extremes, and the reference lines."""
    told = []
    for name, group in groups.items():
        errors = whiskers.get(name)
        items = [
            f"{label} {describe.number(value)}"
            + ("" if errors is None else f" plus or minus {describe.number(errors[k])}")
            for k, (label, value) in enumerate(zip(labels, group, strict=True))
        ]
        told.append(f"{name or 'values'}: {'; '.join(items)}")
        if len(labels) > 2 and np.isfinite(group).any():
            best, worst = labels[int(np.nanargmax(group))], labels[int(np.nanargmin(group))]
            told.append(f"Largest: {best}; smallest: {worst}")
    told.append(describe.reference_lines(references or {}))
    return told
