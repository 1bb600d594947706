"""A matrix as shaded cells, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, to_hex
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain, word_ticks, written


def text_colour(ground: str) -> str:
    """Return black or white, whichever reads better on a ground: always 4.5 to 1 or more."""
    return style.PAPER if style.luminance(ground) < 0.179 else "#000000"


@style.house_style()
def heatmap(
    matrix: ArrayLike,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    title: str = "",
    boundary: float | None = None,
) -> Drawing:
    """Draw a matrix as shaded cells, with the numbers written in.

    Args:
        matrix: Values from 0 upwards, shape (rows, columns).
        rows: Name of each row.
        columns: Name of each column.
        title: What the picture is about.
        boundary: A thick line parts the cells from this value on from those below it.

    Returns:
        The drawing; its description names the largest and the smallest cell.

    Raises:
        ValueError: The shape is not (rows, columns).
    """
    values = np.asarray(matrix, dtype=float)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(
            f"The matrix has shape {values.shape}, but there are {len(rows)} row names and "
            f"{len(columns)} column names; expected ({len(rows)}, {len(columns)})."
        )
    figure, axes = style.new_axes(7.5, min(1.6 + 0.42 * len(rows), 7.0))
    scale = Normalize(0.0, max(1.0, values.max()))
    axes.pcolormesh(values, norm=scale, cmap=style.UPWARD, edgecolors=style.FAINT, linewidth=0.8)
    for (row, column), value in np.ndenumerate(values):
        label = axes.text(column + 0.5, row + 0.5, written(value, 2), ha="center", va="center")
        label.set(size=style.SMALL_SIZE, color=text_colour(to_hex(style.UPWARD(scale(value)))))
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set(visible=True, color=style.INK, linewidth=0.8)
    axes.set_yticks(np.arange(len(rows)) + 0.5, [plain(row) for row in rows])
    word_ticks(axes, columns, (np.arange(len(columns)) + 0.5).tolist())
    axes.set_title(title)
    if boundary is not None:
        _draw_boundary(axes, values >= boundary)
    kind = f"Heat map of {len(rows)} rows and {len(columns)} columns"
    parts = [describe.about(kind, title)]
    for word, flat in (("largest", values.argmax()), ("smallest", values.argmin())):
        row, column = divmod(int(flat), len(columns))
        value = describe.number(values[row, column])
        parts.append(f"{word} value {value} in {rows[row]}, {columns[column]}")
    if boundary is not None:
        above = int((values >= boundary).sum())
        parts.append(f"{above} cells reach {describe.number(boundary)}, where a line parts them")
    return Drawing(figure, describe.sentences(*parts))


def _draw_boundary(axes: Axes, inside: NDArray[np.bool_]) -> None:
    """Draw a line wherever a cell inside touches one outside."""
    look: dict[str, Any] = {
        "color": style.SERIES[1],
        "linewidth": 3,
        "solid_capstyle": "projecting",
    }
    rows, columns = inside.shape
    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and inside[row, column] != inside[row, column + 1]:
                axes.plot([column + 1, column + 1], [row, row + 1], **look)
            if row + 1 < rows and inside[row, column] != inside[row + 1, column]:
                axes.plot([column, column + 1], [row + 1, row + 1], **look)
