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
from workshop_utils.figures.parts import CELL_HEIGHT, STATE, Vector, Wire, vector
from workshop_utils.figures.style import MUTED, TITLE_SIZE, house_style

#: Dots that tie together boxes which share their weights.
SHARED = Wire(2.0, (0, (1, 1.5)), MUTED)

LONGEST_CHAIN = 6

_STRUCTURE = (
    "Each copy takes an input from below and the state of the copy on its left; its own state "
    "leaves at the top and to the right. A dotted line marks that all copies share the same "
    "weights W, U and b"
)


def unrolled_step_by_step(words: Sequence[str], states: ArrayLike) -> dict[str, Drawing]:
    """Draw a chain that is read from left to right, one picture for each step.

    Args:
        words: What enters at each of 1 to 6 steps.
        states: Hidden state after each step, shape (timesteps, units) with up to three units.

    Returns:
        Name to drawing: in each one the step is lit and the states up to it are
        written; the last picture shows the whole chain.

    Raises:
        ValueError: Too many steps or units, or lengths that differ.
    """
    drawings = {
        f"step {step} “{word}”": unrolled(words, states, step)
        for step, word in enumerate(words, start=1)
    }
    return drawings | {"the whole chain": unrolled(words, states)}


@house_style()
def unrolled(words: Sequence[str], states: ArrayLike, step: int | None = None) -> Drawing:
    """Draw the loop unrolled: one copy of the module a step, all with the same weights.

    Args:
        words: As for :func:`unrolled_step_by_step`.
        states: As for :func:`unrolled_step_by_step`.
        step: The step to light, counted from 1, which is the last one whose state is
            known; by default the whole chain is.

    Raises:
        ValueError: Too many steps or units, or lengths that differ.
    """
    steps = len(words)
    rows = np.asarray(states, dtype=float)
    if not 1 <= steps <= LONGEST_CHAIN or len(rows) != steps:
        raise ValueError(
            f"There are {steps} words and {len(rows)} states; a chain is drawn with 1 to "
            f"{LONGEST_CHAIN} steps, one word and one row of states each."
        )
    vectors = [vector(row) for row in rows[:step]]
    chosen = frozenset([f"step_{step}"] if step else [])
    canvas = Canvas(9.0, 3.95 + CELL_HEIGHT * len(vectors[0]), chosen)
    canvas.title("The loop, unrolled")
    canvas.key(8.85, "the same weights in every copy", SHARED)
    pitch = (9.0 - 1.5) / steps
    width = min(1.3, pitch - 0.42)
    centres = [0.95 + pitch * (k + 0.5) for k in range(steps)]
    for left, right in pairwise(centres):
        tie = [(left + width / 2, 1.87), (right - width / 2, 1.87)]
        canvas.wire(tie, "weights", SHARED, head=False)
    for t, (x, word) in enumerate(zip(centres, words, strict=True), start=1):
        _draw_step(canvas, x, width, t, word, vectors[t - 1] if t <= len(vectors) else None)
    begins = [0.72, *(x + width / 2 for x in centres)]
    ends = [*(x - width / 2 for x in centres), begins[-1] + 0.5]
    for t, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        canvas.wire([(begin, 2.25), (end, 2.25)], f"step_{t} step_{t + 1}", STATE)
    canvas.text((0.45, 2.25), "$h_0$", "step_1", size=TITLE_SIZE + 2)
    read = [
        f"step {t}: input {word}, state {describe.listed(state)}"
        for t, (word, state) in enumerate(zip(words, vectors, strict=False), start=1)
    ]
    alt = describe.sentences(
        f"The recurrent module drawn {steps} times from left to right, one copy for each step",
        # Among pictures that light one step each, only the step differs.
        "" if step else _STRUCTURE,
        read[-1] if step else "; ".join(read),
        f"Highlighted: step {step}; the rest is dimmed" if step else "",
    )
    note = "Every step uses the same weights W, U and b; only word and state change."
    if step:
        state = describe.listed(vectors[-1])
        note = f"Step {step} makes the state {state} of “{words[step - 1]}” and the state before."
    return Drawing(canvas.figure, alt, canvas.pieces, note)


def _draw_step(
    canvas: Canvas, x: float, width: float, t: int, word: str, state: Vector | None
) -> None:
    """One copy of the module, with what enters below it and what leaves above it."""
    part = f"step_{t}"
    canvas.box((x, 2.06), (width, 0.9), [], part)
    canvas.text((x, 2.25), f"step {t}", part, bold=True)
    canvas.text((x, 1.87), "$W, U, b$", part)
    canvas.wire([(x, 0.82), (x, 1.61)], part, STATE)
    canvas.wire([(x, 2.51), (x, 3.06)], part, STATE)
    canvas.text((x, 0.62), f"“{plain(word)}”", part, size=TITLE_SIZE - 0.5)
    canvas.text((x, 0.3), f"$x_{t}$", part, size=TITLE_SIZE)
    height = 0.0 if state is None else CELL_HEIGHT * len(state)
    canvas.vector((x, 3.1 + height / 2), state, part)
    canvas.text((x, 3.26 + height), f"$h_{t}$", part, size=TITLE_SIZE)
