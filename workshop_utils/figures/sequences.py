"""What a network holds while it reads: gates and states along the tokens of a sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import MINUS, word_ticks, written
from workshop_utils.figures.matrices import Matrix
from workshop_utils.figures.parts import LOOKS, Look
from workshop_utils.figures.style import (
    MUTED,
    NEGATIVE_BAR,
    PANEL,
    PAPER,
    POSITIVE_BAR,
    SERIES,
    SMALL_SIZE,
    new_figure,
    styled,
)

#: More columns than this, and numbers in them would touch.
WRITTEN_COLUMNS = 14
#: Panels of a figure, and rows of a panel, that can still be told apart.
MOST_PANELS = 6
#: How signed values are filled: upwards and downwards from the middle of their row.
_UP, _DOWN = Look(POSITIVE_BAR, SERIES[0]), Look(NEGATIVE_BAR, SERIES[1])


@styled
def gates_along(
    tokens: Sequence[str],
    gates: Mapping[str, ArrayLike],
    *,
    units: Sequence[str] | None = None,
    title: str = "",
) -> Drawing:
    """Draw gate openings and states along a sequence, one panel each.

    Each cell is framed and filled up to its value, so that a shut gate is an empty cell.
    A gate has the colour that it has in the drawing of the module.

    Args:
        tokens: The words or symbols read, length T.
        gates: Name to values of shape (T, units) or (T,), up to six units. Values with a
            sign grow up and down from the middle, others up from 0 to at least 1.
        units: Name of each unit; else "unit 0", "unit 1", ...
        title: What is read.

    Returns:
        The drawing, numbers written in where they fit; its description says for
        each panel where each unit is lowest and highest.

    Raises:
        ValueError: There are no gates, more than six, or a shape does not fit
            the tokens or the names of the units.
    """
    panels = {name: _by_token(name, values, len(tokens)) for name, values in gates.items()}
    if not 1 <= len(panels) <= MOST_PANELS:
        raise ValueError(f"Expected 1 to {MOST_PANELS} gates or states, got {len(panels)}.")
    rows = [panel.shape[1] for panel in panels.values()]
    if units is not None and any(count != len(units) for count in rows):
        raise ValueError(f"There are {len(units)} names of units, but panels with {rows} units.")
    heights = [0.36 * count for count in rows]
    figure = new_figure(8.6, 1.3 + sum(heights) + 0.42 * len(panels))
    grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False, height_ratios=heights)
    told = []
    for axes, (name, panel) in zip(grid.ravel(), panels.items(), strict=True):
        names = list(units or [f"unit {k}" for k in range(panel.shape[1])])
        largest = max(1.0, float(np.abs(panel).max()))
        _draw_panel(axes, panel, _look(name), largest)
        axes.set_yticks(np.arange(len(names)) + 0.5, names)
        least = f"{MINUS}{largest:.3g}" if panel.min() < 0 else "0"
        axes.set_title(f"{name}: {least} to {largest:.3g}", size="medium", pad=4)
        told.append(_told_panel(name, panel, tokens, names))
    word_ticks(grid.ravel()[-1], tokens, [place + 0.5 for place in range(len(tokens))])
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    opening = f"{title + ': ' if title else ''}values along “{' '.join(tokens)}”"
    return Drawing(figure, describe.sentences(opening, *told))


def _look(name: str) -> Look:
    """Return the colours of the gate that a panel's name speaks of."""
    found = [look for gate, look in LOOKS.items() if gate in name and gate != "plain"]
    return found[0] if found else LOOKS["output"] if "probab" in name else _UP


def _draw_panel(axes: Axes, panel: Matrix, look: Look, largest: float) -> None:
    """Fill each cell up to its value; write the number into it where there is room."""
    signed = panel.min() < 0
    base, reach = (0.5, 0.46) if signed else (0.04, 0.92)
    for (token, unit), value in np.ndenumerate(panel):
        fill = (_UP if value > 0 else _DOWN) if signed else look
        height = reach * value / largest
        frame = Rectangle((token + 0.04, unit + 0.04), 0.92, 0.92)
        frame.set(facecolor=PANEL, edgecolor=MUTED, linewidth=0.8)
        # The rows are numbered downwards, and the cells are filled upwards.
        level = Rectangle((token + 0.04, unit + 1 - base - height), 0.92, height)
        level.set(facecolor=fill.fill, edgecolor=fill.edge, linewidth=0.8)
        axes.add_patch(frame)
        axes.add_patch(level)
        if len(panel) <= WRITTEN_COLUMNS:
            made = axes.text(token + 0.5, unit + 0.5, written(value, 2), ha="center", va="center")
            made.set(size=SMALL_SIZE, path_effects=[withStroke(linewidth=2.4, foreground=PAPER)])
    axes.set(xlim=(0, len(panel)), ylim=(panel.shape[1], 0))
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _by_token(name: str, values: ArrayLike, timesteps: int) -> Matrix:
    """Return values as (T, units)."""
    panel = np.asarray(values, dtype=float)
    panel = panel[:, None] if panel.ndim == 1 else panel
    if panel.ndim != 2 or len(panel) != timesteps or not 1 <= panel.shape[1] <= MOST_PANELS:
        raise ValueError(
            f"{name!r} has shape {np.shape(values)}; expected ({timesteps}, units), one row for "
            f"each token and at most {MOST_PANELS} units."
        )
    return panel


def _told_panel(name: str, panel: Matrix, tokens: Sequence[str], units: Sequence[str]) -> str:
    """Say where each unit is lowest and highest."""
    told = []
    for unit, values in zip(units, panel.T, strict=True):
        low, high = int(values.argmin()), int(values.argmax())
        ends = [describe.number(values[k]) for k in (low, high)]
        places = [f"“{tokens[k]}” (token {k + 1})" for k in (low, high)]
        span = f"from {ends[0]} at {places[0]} to {ends[1]} at {places[1]}"
        told.append(f"{unit} {span if ends[0] != ends[1] else f'stays at {ends[0]}'}".strip())
    return f"{name}: {', '.join(told)}"
