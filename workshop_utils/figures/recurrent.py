"""Recurrence seen from outside: the loop, and the same loop unrolled along a sequence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain
from workshop_utils.figures.marks import key
from workshop_utils.figures.modules import end_of_wire, told_highlight, told_values
from workshop_utils.figures.parts import (
    CELL_HEIGHT,
    STATE,
    Highlight,
    Vector,
    Wire,
    chosen_parts,
    vectors,
)
from workshop_utils.figures.style import MUTED, TITLE_SIZE, styled

#: Dots that tie together boxes which share their weights.
SHARED = Wire(2.0, (0, (1, 1.5)), MUTED)

LONGEST_CHAIN = 6
CHAIN_PARTS = ("inputs", "states", "weights")
LOOP_PARTS = ("input", "module", "state", "loop")


@styled
def loop(
    values: Mapping[str, ArrayLike] | None = None,
    highlight: Highlight = None,
    *,
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw a recurrent module as a box whose state comes back to it one step later.

    Args:
        values: Numbers for the arrows ``x``, ``hidden_previous`` and ``hidden``:
            each a number or a vector of 1 to 3.
        highlight: One or more of :data:`LOOP_PARTS`; the rest is dimmed.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing.

    Raises:
        ValueError: An unknown name or part, or a vector that is too long.
    """
    names = {"x": "input x", "hidden_previous": "state that comes back", "hidden": "new state"}
    parts, known = chosen_parts(highlight, LOOP_PARTS), vectors(values, tuple(names))
    hidden = known.get("hidden")
    canvas = Canvas(5.6, 4.3 if hidden is None else 4.8, parts)
    canvas.title("A network with a loop")
    centre, middle, right = 1.9, 2.0, 3.7
    canvas.box((centre, middle), (1.7, 0.86), ["RNN module", "weights $W, U, b$"], "module")
    _draw_ends(canvas, centre, middle, known.get("x"), hidden)
    canvas.dot((centre, 2.98), "state loop")
    back = [(centre, 2.98), (right, 2.98), (right, middle), (centre + 0.85, middle)]
    canvas.wire(back, "loop", STATE)
    canvas.vector((right, 2.49), known.get("hidden_previous"), "loop")
    canvas.text((right + 0.4, 2.61), "$h_{t-1}$: the state", "loop", align="left")
    canvas.text((right + 0.4, 2.37), "of the step before", "loop", align="left")
    generated = describe.sentences(
        "A box, the RNN module, with a loop",
        "The input x enters from below and the state h leaves at the top; a branch of the state "
        "leads back into the box and arrives one step later, together with the next input",
        told_values(canvas, known, names),
        told_highlight(parts, LOOP_PARTS),
    )
    return Drawing(canvas.figure, describe.finish(generated, alt, prefix))


def _draw_ends(
    canvas: Canvas, centre: float, middle: float, x: Vector | None, hidden: Vector | None
) -> None:
    """The input that comes from below and the state that leaves at the top."""
    canvas.vector((centre, 0.5), x, "input")
    aside = 0.0 if x is None else 0.5
    canvas.text((centre - aside, 0.5), "$x_t$", "input", size=TITLE_SIZE + 1)
    bottom = 0.7 if x is None else 0.5 + CELL_HEIGHT * len(x) / 2
    canvas.wire([(centre, bottom), (centre, middle - 0.43)], "input", STATE)
    top = 3.5 if hidden is None else 3.85 - CELL_HEIGHT * len(hidden) / 2
    canvas.wire([(centre, middle + 0.43), (centre, top)], "state", STATE)
    canvas.vector((centre, 3.85), hidden, "state")
    at = (centre, 3.7) if hidden is None else (centre - 0.5, 3.85)
    canvas.text(at, "$h_t$", "state", size=TITLE_SIZE + 1)


def _inputs(inputs: Sequence[str | ArrayLike] | None, timesteps: int) -> list[str | Vector | None]:
    """Return what enters at each step: a word, a small vector, or nothing to write."""
    if inputs is None:
        return [None] * timesteps
    if len(inputs) != timesteps:
        raise ValueError(f"There are {timesteps} steps, but {len(inputs)} inputs.")
    return [item if isinstance(item, str) else vectors({"x": item}, ("x",))["x"] for item in inputs]


def _states(states: ArrayLike | None, timesteps: int) -> list[Vector | None]:
    """Return the hidden state after each step as a small vector, or nothing to write."""
    if states is None:
        return [None] * timesteps
    rows = np.asarray(states, dtype=float)
    if rows.shape[:1] != (timesteps,):
        raise ValueError(
            f"The states have shape {rows.shape}; expected ({timesteps}, units), one row for "
            "each step."
        )
    return [
        None if np.isnan(row).all() else vectors({"hidden": row}, ("hidden",))["hidden"]
        for row in rows
    ]


@styled
def unrolled(
    timesteps: int | None = None,
    inputs: Sequence[str | ArrayLike] | None = None,
    states: ArrayLike | None = None,
    highlight: int | str | Iterable[int | str] | None = None,
    *,
    start: ArrayLike | None = None,
    on_every_arrow: bool = False,
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw the loop unrolled: one copy of the module a step, all with the same weights.

    Args:
        timesteps: Number of steps, 1 to 6; else that of the inputs or states, or 4.
        inputs: What enters at each step: words, numbers, or vectors of 1 to 3.
        states: Hidden state after each step, shape (timesteps, units) with up to
            three units, or (timesteps,). A row of NaN is not yet known.
        highlight: Steps, counted from 1, or names of :data:`CHAIN_PARTS`; the
            rest is dimmed.
        start: The state before the first step, a number or a vector of 1 to 3.
        on_every_arrow: Write each state on the arrow to the next copy too.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing.

    Raises:
        ValueError: Too many steps, lengths that differ, or an unknown part.
    """
    if timesteps is None:
        given = inputs if inputs is not None else states
        timesteps = 4 if given is None else len(np.asarray(given, dtype=object))
    if not 1 <= timesteps <= LONGEST_CHAIN:
        raise ValueError(
            f"The chain is drawn with 1 to {LONGEST_CHAIN} steps, not {timesteps}; "
            "show the first few steps of a longer sequence."
        )
    entering, leaving = _inputs(inputs, timesteps), _states(states, timesteps)
    steps = tuple(f"step_{t}" for t in range(1, timesteps + 1))
    wanted = [highlight] if isinstance(highlight, (int, str)) else list(highlight or [])
    named = [f"step_{item}" if isinstance(item, int) else item for item in wanted]
    parts = chosen_parts(named or None, (*steps, *CHAIN_PARTS))
    first = None if start is None else vectors({"start": start}, ("start",))["start"]
    units = max((len(state) for state in leaving if state is not None), default=0)
    canvas = Canvas(9.0, 3.95 + CELL_HEIGHT * units, parts)
    canvas.title("The loop, unrolled")
    key(canvas, 8.85, "the same weights in every copy", SHARED)
    pitch = (9.0 - 1.5) / timesteps
    width = min(1.3, pitch - 0.42)
    centres = [0.95 + pitch * (k + 0.5) for k in range(timesteps)]
    _draw_ties(canvas, centres, width)
    for t, (x, step) in enumerate(zip(centres, steps, strict=True)):
        _draw_step(canvas, x, width, step, t + 1)
        _draw_input(canvas, x, step, t + 1, entering[t])
        _draw_state(canvas, x, step, t + 1, leaving[t])
    _draw_handing_on(canvas, centres, width, leaving if on_every_arrow else [None] * timesteps)
    end_of_wire(canvas, (0.45, 2.25), "$h_0$", first, "step_1 states")
    lit = [item for item in wanted if isinstance(item, int)]
    generated = describe.sentences(
        f"The recurrent module drawn {timesteps} times from left to right, one copy for each step",
        # Among pictures that light one step each, only the step differs.
        ""
        if parts
        else "Each copy takes an input from below and the state of the copy on its left; its own "
        "state leaves at the top and to the right. A dotted line marks that all copies share the "
        "same weights W, U and b",
        "" if first is None else f"State before step 1: {describe.listed(first)}",
        _told_chain(entering, leaving, lit if len(lit) == len(wanted) else []),
        _told_parts(parts, wanted),
    )
    return Drawing(canvas.figure, describe.finish(generated, alt, prefix))


def _draw_handing_on(
    canvas: Canvas, centres: Sequence[float], width: float, states: Sequence[Vector | None]
) -> None:
    """The arrows from each copy to the next, with the states above them where given."""
    edge, last = width / 2, len(centres)
    ends = [0.72, *(x + edge for x in centres)], [*(x - edge for x in centres)]
    for t, begin in enumerate(ends[0]):
        end = ends[1][t] if t < last else begin + 0.5
        part = " ".join(f"step_{k}" for k in (t, t + 1) if 0 < k <= last) + " states"
        canvas.wire([(begin, 2.25), (end, 2.25)], part, STATE)
        state = states[t - 1] if t else None
        if state is not None:
            at = ((begin + end) / 2, 2.6 + CELL_HEIGHT * len(state) / 2)
            canvas.vector(at, state, part)


def _draw_ties(canvas: Canvas, centres: Sequence[float], width: float) -> None:
    """The dotted line that runs from box to box and says: the same weights."""
    for left, right in pairwise(centres):
        tie = [(left + width / 2, 1.87), (right - width / 2, 1.87)]
        canvas.wire(tie, "weights", SHARED, head=False)


def _draw_step(canvas: Canvas, x: float, width: float, step: str, t: int) -> None:
    canvas.box((x, 2.06), (width, 0.9), [], f"{step} weights")
    canvas.text((x, 2.25), f"step {t}", f"{step} weights", bold=True)
    canvas.text((x, 1.87), "$W, U, b$", f"{step} weights")
    canvas.wire([(x, 0.82), (x, 1.61)], f"{step} inputs", STATE)
    canvas.wire([(x, 2.51), (x, 3.06)], f"{step} states", STATE)


def _draw_input(canvas: Canvas, x: float, step: str, t: int, entering: str | Vector | None) -> None:
    """What enters below a box: a word over its symbol, or numbers beside it."""
    part = f"{step} inputs"
    if isinstance(entering, np.ndarray):
        canvas.vector((x, 0.45), entering, part)
        canvas.text((x - 0.45, 0.45), f"$x_{t}$", part, size=TITLE_SIZE)
        return
    if entering is not None:
        canvas.text((x, 0.62), f"“{plain(entering)}”", part, size=TITLE_SIZE - 0.5)
    canvas.text((x, 0.3 if entering else 0.55), f"$x_{t}$", part, size=TITLE_SIZE)


def _draw_state(canvas: Canvas, x: float, step: str, t: int, leaving: Vector | None) -> None:
    part = f"{step} states"
    if leaving is None:
        canvas.text((x, 3.25), f"$h_{t}$", part, size=TITLE_SIZE + 1)
        return
    canvas.vector((x, 3.1 + CELL_HEIGHT * len(leaving) / 2), leaving, part)
    canvas.text((x, 3.27 + CELL_HEIGHT * len(leaving)), f"$h_{t}$", part, size=TITLE_SIZE)


def _told_chain(
    entering: Sequence[str | Vector | None], leaving: Sequence[Vector | None], only: Sequence[int]
) -> str:
    """Inputs and states in words, step by step, of some steps or of all."""
    told = []
    for t, (x, h) in enumerate(zip(entering, leaving, strict=True), start=1):
        if only and t not in only:
            continue
        items = []
        if x is not None:
            items.append(f"input {x if isinstance(x, str) else describe.listed(x)}")
        if h is not None:
            items.append(f"state {describe.listed(h)}")
        if items:
            told.append(f"step {t}: {', '.join(items)}")
    return "; ".join(told)


def _told_parts(parts: frozenset[str], wanted: Sequence[int | str]) -> str:
    if not parts:
        return ""
    names = [f"step {item}" if isinstance(item, int) else f"the {item}" for item in wanted]
    return f"Highlighted: {describe.join(names)}; the rest is dimmed"
