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
    inputs: Sequence[str | ArrayLike], states: ArrayLike, highlight: int | None = None
) -> Drawing:
    """Draw the loop unrolled: one copy of the module a step, all with the same weights.

    Args:
        inputs: What enters at each of 1 to 6 steps: words, numbers, or vectors of 1 to 3.
        states: Hidden state after each step, shape (timesteps, units) with up to
            three units, or (timesteps,). A row of NaN is not yet known.
        highlight: A step, counted from 1; the rest is dimmed.

    Returns:
        The drawing.

    Raises:
        ValueError: Too many steps, or lengths that differ.
    """
    steps, rows = len(inputs), np.asarray(states, dtype=float)
    if not 1 <= steps <= LONGEST_CHAIN or rows.shape[:1] != (steps,):
        raise ValueError(
            f"There are {steps} inputs and states of shape {rows.shape}; a chain is drawn with 1 "
            f"to {LONGEST_CHAIN} steps, one input and one row of states each."
        )
    entering = [item if isinstance(item, str) else _vector(item) for item in inputs]
    leaving = [None if np.isnan(row).all() else _vector(row) for row in rows]
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
        "" if chosen else _STRUCTURE,
        _told_chain(entering, leaving, highlight),
        f"Highlighted: step {highlight}; the rest is dimmed" if chosen else "",
    )
    return Drawing(canvas.figure, told, canvas.pieces)


_STRUCTURE = (
    "Each copy takes an input from below and the state of the copy on its left; its own state "
    "leaves at the top and to the right. A dotted line marks that all copies share the same "
    "weights W, U and b"
)


def _vector(values: ArrayLike) -> Vector:
    return vectors({"x": values}, ("x",))["x"]


def _draw_step(
    canvas: Canvas,
    x: float,
    width: float,
    t: int,
    entering: str | Vector,
    leaving: Vector | None,
) -> None:
    """One copy of the module, with what enters below it and what leaves above it."""
    part = f"step_{t}"
    canvas.box((x, 2.06), (width, 0.9), [], part)
    canvas.text((x, 2.25), f"step {t}", part, bold=True)
    canvas.text((x, 1.87), "$W, U, b$", part)
    canvas.wire([(x, 0.82), (x, 1.61)], part, STATE)
    canvas.wire([(x, 2.51), (x, 3.06)], part, STATE)
    if isinstance(entering, str):
        canvas.text((x, 0.62), f"“{plain(entering)}”", part, size=TITLE_SIZE - 0.5)
        canvas.text((x, 0.3), f"$x_{t}$", part, size=TITLE_SIZE)
    else:
        canvas.vector((x, 0.45), entering, part)
        canvas.text((x - 0.45, 0.45), f"$x_{t}$", part, size=TITLE_SIZE)
    height = 0.0 if leaving is None else CELL_HEIGHT * len(leaving)
    canvas.vector((x, 3.1 + height / 2), leaving, part)
    canvas.text((x, 3.26 + height), f"$h_{t}$", part, size=TITLE_SIZE)


def _told_chain(
    entering: Sequence[str | Vector], leaving: Sequence[Vector | None], only: int | None
) -> str:
    """Inputs and states in words, step by step, of one step or of all."""
    told = []
    for t, (x, h) in enumerate(zip(entering, leaving, strict=True), start=1):
        read = x if isinstance(x, str) else describe.listed(x)
        state = "" if h is None else f", state {describe.listed(h)}"
        if only in (None, t):
            told.append(f"step {t}: input {read}{state}")
    return "; ".join(told)
