"""Matrices as shaded cells: heat maps and confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain, word_ticks, written
from workshop_utils.figures.style import (
    FAINT,
    INK,
    PAPER,
    SIGNED,
    SMALL_SIZE,
    UPWARD,
    luminance,
    new_figure,
    styled,
)

Matrix: TypeAlias = NDArray[np.float64]

#: A heat map with at most so many cells and columns has its numbers written in it.
WRITTEN_CELLS, WRITTEN_COLUMNS = 120, 14


def text_colour(ground: str) -> str:
    """Return black or white, whichever reads better on a ground: always 4.5 to 1 or more."""
    return PAPER if luminance(ground) < 0.179 else "#000000"


def shade(
    matrix: Matrix, limits: tuple[float, float] | None
) -> tuple[Normalize, LinearSegmentedColormap]:
    """Choose scale and colour map: upwards from zero, or signed around zero."""
    low, high = limits or (float(np.nanmin(matrix)), float(np.nanmax(matrix)))
    if limits is None:
        low, high = (-max(-low, high), max(-low, high)) if low < 0 else (0.0, high)
    return Normalize(low, high if high > low else low + 1), SIGNED if low < 0 else UPWARD


def _draw(axes: Axes, matrix: Matrix, scale: Normalize, colours: Any, texts: Any) -> Any:
    """Draw framed, shaded cells, with a text in each when texts are given."""
    image = axes.pcolormesh(matrix, norm=scale, cmap=colours, edgecolors=FAINT, linewidth=0.8)
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set(visible=True, color=INK, linewidth=0.8)
    for (row, column), value in np.ndenumerate(matrix) if texts is not None else ():
        colour = text_colour(to_hex(colours(scale(value))))
        look: dict[str, Any] = {"ha": "center", "va": "center", "size": SMALL_SIZE, "color": colour}
        axes.text(column + 0.5, row + 0.5, str(texts[row][column]), **look)
    return image


def _name_cells(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Write the names beside rows and under columns, every k-th where they are many."""
    step = -(-len(rows) // 24)
    axes.set_yticks(np.arange(len(rows))[::step] + 0.5, [plain(row) for row in rows[::step]])
    step = -(-len(columns) // 20)
    word_ticks(axes, columns[::step], (np.arange(len(columns))[::step] + 0.5).tolist())


@styled
def heatmap(
    matrix: ArrayLike,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    limits: tuple[float, float] | None = None,
    digits: int = 2,
    title: str = "",
    xlabel: str = "",
    ylabel: str = "",
) -> Drawing:
    """Draw a matrix as shaded cells, with the numbers written in when it is small.

    Args:
        matrix: Values, shape (rows, columns).
        rows: Name of each row.
        columns: Name of each column.
        limits: Values of the lightest and darkest shade; else from the data,
            symmetric around zero when both signs occur.
        digits: Decimals of the numbers written.
        title: What the picture is about.
        xlabel: What the columns are.
        ylabel: What the rows are.

    Returns:
        The drawing; its description names the largest and smallest cell, and
        every value when there are at most twelve.

    Raises:
        ValueError: The matrix is empty or its shape is not (rows, columns).
    """
    values = np.asarray(matrix, dtype=float)
    if values.shape != (len(rows), len(columns)) or values.size == 0:
        raise ValueError(
            f"The matrix has shape {values.shape}, but there are {len(rows)} row names and "
            f"{len(columns)} column names; expected ({len(rows)}, {len(columns)})."
        )
    small = values.size <= WRITTEN_CELLS and len(columns) <= WRITTEN_COLUMNS
    figure = new_figure(7.5, min(1.6 + 0.42 * len(rows), 7.0))
    axes = figure.add_subplot()
    scale, colours = shade(values, limits)
    texts = [[written(value, digits) for value in row] for row in values] if small else None
    image = _draw(axes, values, scale, colours, texts)
    _name_cells(axes, rows, columns)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if not small:
        figure.colorbar(image, ax=axes, shrink=0.9)
    told = [
        f"row {name}: {describe.join(map(describe.number, row))}"
        for name, row in zip(rows, values, strict=True)
        if values.size <= 12
    ]
    for word, flat in (("largest", np.nanargmax(values)), ("smallest", np.nanargmin(values))):
        row, column = divmod(int(flat), len(columns))
        value = describe.number(values[row, column])
        told.append(f"{word} value {value} in {rows[row]}, {columns[column]}")
    kind = f"Heat map of {len(rows)} rows and {len(columns)} columns"
    return Drawing(figure, describe.sentences(describe.about(kind, title), *told))


@styled
def confusion(matrix: ArrayLike, labels: Sequence[str], *, title: str = "") -> Drawing:
    """Draw a confusion matrix: counts, and the share of each true class.

    Args:
        matrix: Counts, shape (classes, classes); rows are true classes, columns
            predicted ones, as scikit-learn has it.
        labels: Name of each class, in the matrix' order.
        title: What was counted.

    Returns:
        The drawing, shaded by the share of each row; its description gives all
        counts and the recall of each class.

    Raises:
        ValueError: The matrix is not square, does not fit the labels, or holds
            a negative count.
    """
    counts = np.asarray(matrix, dtype=float)
    if counts.shape != (len(labels), len(labels)) or (counts < 0).any():
        raise ValueError(
            f"Expected counts of shape ({len(labels)}, {len(labels)}), one row and one column "
            f"for each label, none below zero; got shape {counts.shape}."
        )
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.where(totals > 0, totals, 1)
    figure = new_figure(2.6 + 1.5 * len(labels), 1.7 + 0.85 * len(labels))
    axes = figure.add_subplot()
    pairs = [zip(*rows, strict=True) for rows in zip(counts, shares, strict=True)]
    texts = [[f"{count:,.0f}\n{share:.0%}" for count, share in pair] for pair in pairs]
    _draw(axes, shares, Normalize(0, 1), UPWARD, texts)
    _name_cells(axes, labels, labels)
    axes.set(title=title, xlabel="predicted", ylabel="true")
    told = []
    for k, (label, row) in enumerate(zip(labels, counts, strict=True)):
        named = [f"{n:,.0f} predicted {name}" for name, n in zip(labels, row, strict=True)]
        found = f"Of {row.sum():,.0f} truly {label}, {shares[k, k]:.0%} are found"
        told.append(f"{found}: {describe.join(named)}")
    return Drawing(figure, describe.sentences(describe.about("Confusion matrix", title), *told))
