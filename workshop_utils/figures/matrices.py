"""Matrices as shaded cells: heat maps, confusion matrices, gates along a sequence."""

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
    BLACK,
    PAPER,
    SIGNED,
    SMALL_SIZE,
    UPWARD,
    contrast,
    new_figure,
    styled,
)

Matrix: TypeAlias = NDArray[np.float64]

#: A heat map with at most this many cells has its numbers written in it.
WRITTEN_CELLS = 120
#: At most this many columns, or the numbers would touch.
WRITTEN_COLUMNS = 14


def text_colour(ground: str) -> str:
    """Return black or white, whichever reads better on a ground: always 4.5 to 1 or more."""
    return max((BLACK, PAPER), key=lambda colour: contrast(colour, ground))


def shade(matrix: Matrix, limits: tuple[float, float] | None) -> tuple[Normalize, Any]:
    """Choose scale and colour map: upwards from the least value, or signed around zero."""
    finite = matrix[np.isfinite(matrix)]
    low, high = limits or (float(finite.min()), float(finite.max()))
    if low < 0 < high and limits is None:
        low, high = -max(-low, high), max(-low, high)
    colours: LinearSegmentedColormap = SIGNED if low < 0 else UPWARD
    if low >= 0 and limits is None:
        low = 0.0
    return Normalize(low, high if high > low else low + 1), colours


def draw_matrix(
    axes: Axes,
    matrix: Matrix,
    scale: Normalize,
    colours: Any,
    texts: NDArray[Any] | None,
) -> Any:
    """Draw shaded cells, with a text in each when texts are given."""
    image = axes.pcolormesh(matrix, norm=scale, cmap=colours, edgecolors=PAPER, linewidth=1.0)
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    if texts is not None:
        for (row, column), value in np.ndenumerate(matrix):
            axes.text(
                column + 0.5,
                row + 0.5,
                str(texts[row, column]),
                ha="center",
                va="center",
                size=SMALL_SIZE,
                color=text_colour(to_hex(colours(scale(value)))),
            )
    return image


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
    alt: str | None = None,
    prefix: str = "",
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
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

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
    texts = np.vectorize(lambda v: written(v, digits))(values) if small else None
    image = draw_matrix(axes, values, scale, colours, texts)
    _name_cells(axes, rows, columns)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if not small:
        figure.colorbar(image, ax=axes, shrink=0.9).outline.set_visible(False)
    generated = describe.sentences(
        describe.about(f"Heat map of {len(rows)} rows and {len(columns)} columns", title, "", ""),
        *_told_cells(values, rows, columns),
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))


def _name_cells(axes: Axes, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Write the names beside rows and under columns, every k-th where they are many."""
    step = -(-len(rows) // 24)
    axes.set_yticks(np.arange(len(rows))[::step] + 0.5, [plain(row) for row in rows[::step]])
    step = -(-len(columns) // 20)
    places = np.arange(len(columns))[::step] + 0.5
    word_ticks(axes, columns[::step], [float(place) for place in places])


def _told_cells(values: Matrix, rows: Sequence[str], columns: Sequence[str]) -> list[str]:
    def cell(flat: int) -> str:
        row, column = divmod(flat, len(columns))
        return f"{describe.number(values.flat[flat])} in {rows[row]}, {columns[column]}"

    told = []
    if values.size <= 12:
        told = [
            f"row {name}: "
            + describe.join(f"{c} {describe.number(v)}" for c, v in zip(columns, row, strict=True))
            for name, row in zip(rows, values, strict=True)
        ]
    extremes = int(np.nanargmax(values)), int(np.nanargmin(values))
    told.append(f"Largest value {cell(extremes[0])}; smallest {cell(extremes[1])}")
    return told


@styled
def confusion(
    matrix: ArrayLike,
    labels: Sequence[str],
    *,
    title: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw a confusion matrix: counts, and the share of each true class.

    Args:
        matrix: Counts, shape (classes, classes); rows are true classes, columns
            predicted ones, as scikit-learn has it.
        labels: Name of each class, in the matrix' order.
        title: What was counted.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

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
    texts = np.array(
        [
            [f"{count:,.0f}\n{share:.0%}" for count, share in zip(*row, strict=True)]
            for row in zip(counts, shares, strict=True)
        ]
    )
    draw_matrix(axes, shares, Normalize(0, 1), UPWARD, texts)
    _name_cells(axes, labels, labels)
    axes.set(title=title, xlabel="predicted", ylabel="true")
    told = [
        f"Of {total:,.0f} truly {label}, {share:.0%} are found: "
        + describe.join(
            f"{count:,.0f} predicted {name}" for name, count in zip(labels, row, strict=True)
        )
        for label, row, total, share in zip(
            labels, counts, totals.ravel(), np.diag(shares), strict=True
        )
    ]
    generated = describe.sentences(describe.about("Confusion matrix", title, "", ""), *told)
    return Drawing(figure, describe.finish(generated, alt, prefix))
