"""A matrix as shaded cells, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
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


def text_colour(ground: str) -> str:
    """Return black or white, whichever reads better on a ground: always 4.5 to 1 or more."""
    return PAPER if luminance(ground) < 0.179 else "#000000"


@styled
def heatmap(
    matrix: ArrayLike,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    digits: int = 2,
    title: str = "",
) -> Drawing:
    """Draw a matrix as shaded cells, with the numbers written in.

    Args:
        matrix: Values, shape (rows, columns).
        rows: Name of each row.
        columns: Name of each column.
        digits: Decimals of the numbers written.
        title: What the picture is about.

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
    figure = new_figure(7.5, min(1.6 + 0.42 * len(rows), 7.0))
    axes = figure.add_subplot()
    scale, colours = _shade(values)
    axes.pcolormesh(values, norm=scale, cmap=colours, edgecolors=FAINT, linewidth=0.8)
    for (row, column), value in np.ndenumerate(values):
        made = axes.text(column + 0.5, row + 0.5, written(value, digits), ha="center", va="center")
        made.set(size=SMALL_SIZE, color=text_colour(to_hex(colours(scale(value)))))
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set(visible=True, color=INK, linewidth=0.8)
    axes.set_yticks(np.arange(len(rows)) + 0.5, [plain(row) for row in rows])
    word_ticks(axes, columns, (np.arange(len(columns)) + 0.5).tolist())
    axes.set_title(title)
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


def _shade(matrix: Matrix) -> tuple[Normalize, LinearSegmentedColormap]:
    """Choose scale and colour map: upwards from zero to 1 at least, or signed around zero."""
    reach = max(1.0, float(np.nanmax(np.abs(matrix))))
    signed = np.nanmin(matrix) < 0
    return Normalize(-reach if signed else 0.0, reach), SIGNED if signed else UPWARD
