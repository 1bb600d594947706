"""Recurrence seen from outside: one module, drawn once for each step of a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain
from workshop_utils.figures.parts import CELL_HEIGHT, STATE, Vector, Wire, vectors
from workshop_utils.figures.style import MUTED, TITLE_SIZE, styled

#: Dots that tie together boxes which share their weights.
SHARED = Wire(2.0, (0, (1, 1.5)), MUTED)

LONGEST_CHAIN = 6


@styled
def unrolled(
    timesteps: int | None = None,
    inputs: Sequence[str | ArrayLike] | None = None,
    states: ArrayLike | None = None,
    highlight: int | None = None,
) -> Drawing:
    """Draw the loop unrolled: one copy of the module a step, all with the same weights.

    Args:
        timesteps: Number of steps, 1 to 6; else that of the inputs, or 4.
        inputs: What enters at each step: words, numbers, or vectors of 1 to 3.
        states: Hidden state after each step, shape (timesteps, units) with up to
            three units, or (timesteps,). A row of NaN is not yet known.
        highlight: A step, counted from 1; the rest is dimmed.

    Returns:
        The drawing.

    Raises:
        ValueError: Too many steps, or lengths that differ.
    """
    steps = timesteps or (4 if inputs is None else len(inputs))
    if not 1 <= steps <= LONGEST_CHAIN:
        raise ValueError(
            f"The chain is drawn with 1 to {LONGEST_CHAIN} steps, not {steps}; "
            "show the first few steps of a longer sequence."
        )
    entering, leaving = _inputs(inputs, steps), _states(states, steps)
    units = max((len(state) for state in leaving if state is not None), default=0)
    chosen = frozenset() if highlight is None else frozenset([f"step_{highlight}"])
    canvas = Canvas(9.0, 3.95 + CELL_HEIGHT * units, chosen)
    canvas.title("The loop, unrolled")
    canvas.key(8.85, "the same weights in every copy", SHARED)
    pitch = (9.0 - 1.5) / steps
    width = min(1.3, pitch - 0.42)
    centres = [0.95 + pitch * (k + 0.5) for k in range(steps)]
    for left, right in pairwise(centres):
        tie = [(left + width / 2, 1.87), (right - width / 2, 1.87)]
        canvas.wire(tie, "weights", SHARED, head=False)
    for t, x in enumerate(centres, start=1):
        _draw_step(canvas, x, width, t, entering[t - 1], leaving[t - 1])
    begins = [0.72, *(x + width / 2 for x in centres)]
    ends = [*(x - width / 2 for x in centres), begins[-1] + 0.5]
    for t, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        canvas.wire([(begin, 2.25), (end, 2.25)], f"step_{t} step_{t + 1}", STATE)
    canvas.text((0.45, 2.25), "$h_0$", "step_1", size=TITLE_SIZE + 2)
    told = describe.sentences(
        f"The recurrent module drawn {steps} times from left to right, one copy for each step",
        # Among pictures that light one step each, only the step differs.
        ""
        if chosen
        else "Each copy takes an input from below and the state of the copy on its left; its own "
        "state leaves at the top and to the right. A dotted line marks that all copies share the "
        "same weights W, U and b",
        _told_chain(entering, leaving, highlight),
        f"Highlighted: step {highlight}; the rest is dimmed" if chosen else "",
    )
    return Drawing(canvas.figure, told, canvas.pieces)


def _inputs(inputs: Sequence[str | ArrayLike] | None, steps: int) -> list[str | Vector | None]:
    """Return what enters at each step: a word, a small vector, or nothing to write."""
    if inputs is None:
        return [None] * steps
    if len(inputs) != steps:
        raise ValueError(f"There are {steps} steps, but {len(inputs)} inputs.")
    return [item if isinstance(item, str) else vectors({"x": item}, ("x",))["x"] for item in inputs]


def _states(states: ArrayLike | None, steps: int) -> list[Vector | None]:
    """Return the hidden state after each step as a small vector, or nothing to write."""
    if states is None:
        return [None] * steps
    rows = np.asarray(states, dtype=float)
    if rows.shape[:1] != (steps,):
        raise ValueError(f"The states have shape {rows.shape}; expected ({steps}, units).")
    known = [not np.isnan(row).all() for row in rows]
    read = [vectors({"h": row}, ("h",))["h"] for row in rows]
    return [row if is_known else None for row, is_known in zip(read, known, strict=True)]


def _draw_step(
    canvas: Canvas,
    x: float,
    width: float,
    t: int,
    entering: str | Vector | None,
    leaving: Vector | None,
) -> None:
    """One copy of the module, with what enters below it and what leaves above it."""
    part = f"step_{t}"
    canvas.box((x, 2.06), (width, 0.9), [], part)
    canvas.text((x, 2.25), f"step {t}", part, bold=True)
    canvas.text((x, 1.87), "$W, U, b$", part)
    canvas.wire([(x, 0.82), (x, 1.61)], part, STATE)
    canvas.wire([(x, 2.51), (x, 3.06)], part, STATE)
    if isinstance(entering, np.ndarray):
        canvas.vector((x, 0.45), entering, part)
        canvas.text((x - 0.45, 0.45), f"$x_{t}$", part, size=TITLE_SIZE)
    else:
        if entering is not None:
            canvas.text((x, 0.62), f"“{plain(entering)}”", part, size=TITLE_SIZE - 0.5)
        canvas.text((x, 0.3 if entering else 0.55), f"$x_{t}$", part, size=TITLE_SIZE)
    height = 0.0 if leaving is None else CELL_HEIGHT * len(leaving)
    canvas.vector((x, 3.1 + height / 2), leaving, part)
    canvas.text((x, 3.26 + height), f"$h_{t}$", part, size=TITLE_SIZE)


def _told_chain(
    entering: Sequence[str | Vector | None], leaving: Sequence[Vector | None], only: int | None
) -> str:
    """Inputs and states in words, step by step, of one step or of all."""
    told = []
    for t, (x, h) in enumerate(zip(entering, leaving, strict=True), start=1):
        items = []
        if x is not None:
            items.append(f"input {x if isinstance(x, str) else describe.listed(x)}")
        if h is not None:
            items.append(f"state {describe.listed(h)}")
        if items and only in (None, t):
            told.append(f"step {t}: {', '.join(items)}")
    return "; ".join(told)
