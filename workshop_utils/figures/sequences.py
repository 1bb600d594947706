"""What a network holds while it reads: gates and states along the tokens of a sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import MINUS, word_ticks, written
from workshop_utils.figures.parts import LOOKS, Look

#: More columns than this, and numbers in them would touch.
WRITTEN_COLUMNS = 14
#: How signed values are filled: upwards and downwards from the middle of their row.
_UP = Look(style.POSITIVE_BAR, style.SERIES[0])
_DOWN = Look(style.NEGATIVE_BAR, style.SERIES[1])


@style.house_style()
def gates_along(
    tokens: Sequence[str], gates: Mapping[str, ArrayLike], *, units: Sequence[str]
) -> Drawing:
    """Draw gate openings and states along a sequence, one panel each.

    Each cell is framed and filled up to its value, so that a shut gate is an empty cell.
    A gate has the colour that it has in the drawing of the module.

    Args:
        tokens: The words or symbols read, length T.
        gates: Name to values of shape (T, units), or (T,) for a single unit. Values with a sign
            grow up and down from the middle, others up from 0 to at least 1.
        units: Name of each unit.

    Returns:
        The drawing, numbers written in where they fit; its description says for
        each panel where each unit is lowest and highest.

    Raises:
        ValueError: A shape does not fit the tokens and the names of the units.
    """
    panels = {name: np.asarray(values, dtype=float) for name, values in gates.items()}
    panels = {name: panel[:, None] if panel.ndim == 1 else panel for name, panel in panels.items()}
    for name, panel in panels.items():
        if panel.shape != (len(tokens), len(units)):
            raise ValueError(
                f"{name!r} has shape {panel.shape}; expected ({len(tokens)}, {len(units)}), one "
                "row for each token and one column for each unit."
            )
    height = 0.36 * len(units)
    figure = style.new_figure(8.6, 1.3 + (height + 0.42) * len(panels))
    grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False)
    panels_in_words = []
    for axes, (name, panel) in zip(grid.ravel(), panels.items(), strict=True):
        largest = max(1.0, float(np.abs(panel).max()))
        looks = [look for gate, look in LOOKS.items() if gate in name]
        _draw_panel(axes, panel, looks[0] if looks else _UP, largest)
        axes.set_yticks(np.arange(len(units)) + 0.5, units)
        least = f"{MINUS}{largest:.3g}" if panel.min() < 0 else "0"
        axes.set_title(f"{name}: {least} to {largest:.3g}", size="medium", pad=4)
        panels_in_words.append(_told_panel(name, panel, tokens, units))
    word_ticks(grid.ravel()[-1], tokens, [place + 0.5 for place in range(len(tokens))])
    return Drawing(
        figure, describe.sentences(f"values along “{' '.join(tokens)}”", *panels_in_words)
    )


def _draw_panel(axes: Axes, panel: NDArray[np.float64], look: Look, largest: float) -> None:
    """Fill each cell up to its value; write the number into it where there is room."""
    signed = panel.min() < 0
    base, reach = (0.5, 0.46) if signed else (0.04, 0.92)
    for (token, unit), value in np.ndenumerate(panel):
        fill = (_UP if value > 0 else _DOWN) if signed else look
        height = reach * value / largest
        frame = Rectangle((token + 0.04, unit + 0.04), 0.92, 0.92)
        frame.set(facecolor=style.PANEL, edgecolor=style.MUTED, linewidth=0.8)
        # The rows are numbered downwards, and the cells are filled upwards.
        level = Rectangle((token + 0.04, unit + 1 - base - height), 0.92, height)
        level.set(facecolor=fill.fill, edgecolor=fill.edge, linewidth=0.8)
        axes.add_patch(frame)
        axes.add_patch(level)
        if len(panel) <= WRITTEN_COLUMNS:
            label = axes.text(token + 0.5, unit + 0.5, written(value, 2), ha="center", va="center")
            label.set(size=style.SMALL_SIZE, path_effects=[style.HALO])
    axes.set(xlim=(0, len(panel)), ylim=(panel.shape[1], 0))
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _told_panel(
    name: str, panel: NDArray[np.float64], tokens: Sequence[str], units: Sequence[str]
) -> str:
    """Say where each unit is lowest and highest."""
    parts = []
    for unit, values in zip(units, panel.T, strict=True):
        (low, first), (high, last) = (
            (describe.number(values[k]), f"“{tokens[k]}” (token {k + 1})")
            for k in (values.argmin(), values.argmax())
        )
        span = f"from {low} at {first} to {high} at {last}"
        parts.append(f"{unit} {span if low != high else f'stays at {low}'}")
    return f"{name}: {', '.join(parts)}"
