"""Categories compared by bars or dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import DASHED, plain, separate_thousands, written

Vector: TypeAlias = NDArray[np.float64]

#: Where the number of a bar stands: on the right of the axes, at the bar's height.
_BESIDE: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}


@style.house_style()
def bars(
    labels: Sequence[str],
    values: ArrayLike | Mapping[str, ArrayLike],
    *,
    errors: ArrayLike | None = None,
    from_zero: bool = True,
    show_zero: bool = False,
    digits: int | None = None,
    title: str = "",
    xlabel: str = "",
) -> Drawing:
    """Compare categories by horizontal bars, with their numbers in a column on the right.

    Args:
        labels: Name of each category, from top to bottom, length n.
        values: Shape (n,), or a mapping of up to six group names to such.
        errors: Half-length of each whisker, shape (n,), or lengths to the left and to the
            right, shape (2, n), where there are no groups.
        from_zero: False draws dots on an axis that need not begin at zero; a bar
            that does not begin at zero would lie about ratios. A dashed line marks 0.
        show_zero: Of dots: the axis reaches beyond zero, as a difference needs it.
        digits: Decimals of the numbers written; else as many as give the largest
            of them three significant digits.
        title: What the picture is about.
        xlabel: What the length of a bar means.

    Returns:
        The drawing; its description gives every value.

    Raises:
        ValueError: More than six groups, or not one value for each label.
    """
    named = values if isinstance(values, Mapping) else {"": values}
    groups = {name: np.asarray(group, dtype=float) for name, group in named.items()}
    if len(groups) > len(style.SERIES):
        raise ValueError(f"Expected 1 to {len(style.SERIES)} groups of bars, got {len(groups)}.")
    pitch = max(0.36, 0.22 * len(groups) + 0.08)
    figure, axes = style.new_axes(7.5, 1.2 + pitch * len(labels) + 0.3 * (len(groups) > 1))
    digits = _decimals(np.concatenate(list(groups.values()))) if digits is None else digits
    share = 0.8 / len(groups)
    for k, (name, group) in enumerate(groups.items()):
        rows = np.arange(float(len(labels))) + np.float64(k - (len(groups) - 1) / 2) * share
        _draw_group(axes, k, name, rows, group, errors, share if from_zero else 0.0)
        colour = style.LETTERS[k] if len(groups) > 1 else style.INK
        for row, value in zip(rows, group, strict=True):
            number = axes.annotate(written(value, digits), (1, row), (6, 0), **_BESIDE)
            number.set(va="center", size=style.SMALL_SIZE, color=colour)
    axes.set_yticks(range(len(labels)), [plain(label) for label in labels])
    axes.set(title=title, xlabel=xlabel, ylim=(len(labels) - 0.5, -0.5))
    axes.grid(axis="y", visible=not from_zero)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    if len(groups) > 1:
        figure.legend(loc="outside lower center", ncols=len(groups))
    separate_thousands(axes.xaxis)
    if show_zero:
        low, high = axes.get_xlim()
        room = 0.05 * (max(high, 0) - min(low, 0))
        axes.set_xlim(min(low, -room), max(high, room))
    if not from_zero and np.prod(axes.get_xlim()) < 0:
        axes.axvline(0, **DASHED)
    alt = describe.sentences(
        describe.about("Bar chart" if from_zero else "Dot chart", title),
        *(_told_group(name, labels, group, errors) for name, group in groups.items()),
    )
    return Drawing(figure, alt)


def _decimals(values: Vector) -> int:
    """Return the decimals that give the largest number three significant digits."""
    values = values[np.isfinite(values)]
    if np.all(values == np.round(values)):
        return 0
    return max(0, 2 - int(np.floor(np.log10(np.abs(values).max()))))


def _draw_group(
    axes: Axes,
    k: int,
    name: str,
    rows: Vector,
    values: Vector,
    errors: ArrayLike | None,
    thickness: float,
) -> None:
    """Draw one group, as bars or, without a thickness, as dots."""
    look: dict[str, Any] = {"color": style.SERIES[k], "label": name, "xerr": errors}
    whisker: dict[str, Any] = {"ecolor": style.INK, "elinewidth": 1.4, "capsize": 3.5}
    if thickness:
        look |= {"hatch": style.HATCHES[k], "edgecolor": style.PAPER, "linewidth": 0}
        axes.barh(rows, values, height=0.88 * thickness, error_kw=whisker, **look)
    else:
        axes.errorbar(values, rows, fmt=style.MARKERS[k], markersize=8, **look, **whisker)


def _told_group(name: str, labels: Sequence[str], group: Vector, errors: ArrayLike | None) -> str:
    """Every value of a group in words."""
    items = [f"{label} {describe.number(v)}" for label, v in zip(labels, group, strict=True)]
    if errors is not None:
        whiskers = map(_whisker_in_words, group, *np.broadcast_to(errors, (2, len(group))))
        items = [item + whisker for item, whisker in zip(items, whiskers, strict=True)]
    return f"{name or 'values'}: {'; '.join(items)}"


def _whisker_in_words(value: float, left: float, right: float) -> str:
    if left == right:
        return f" plus or minus {describe.number(left)}"
    return f", from {describe.number(value - left)} to {describe.number(value + right)}"
