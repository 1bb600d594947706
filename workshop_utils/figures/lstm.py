"""The LSTM module: four layers, three of them gates, around a lane for the cell state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.marks import key
from workshop_utils.figures.modules import (
    BOX,
    BUS,
    JOIN,
    LANE_HEIGHT,
    LAYERS,
    LEFT,
    MEET,
    beside,
    column_range,
    end_of_wire,
    enter,
    same_size,
    told_highlight,
    told_values,
)
from workshop_utils.figures.parts import (
    CELL_WIDTH,
    GATE,
    LANE,
    NODE_RADIUS,
    PLAIN,
    PLUS,
    STATE,
    TIMES,
    Highlight,
    Vector,
    chosen_parts,
    vectors,
)
from workshop_utils.figures.style import SMALL_SIZE, styled

LSTM_PARTS = ("forget", "input", "candidate", "update", "output", "cell_state")

#: Every arrow that can carry numbers, with the words for it. The last three
#: follow from the others and are computed where they are not given.
LSTM_VALUES = {
    "x": "input x",
    "hidden_previous": "previous hidden state",
    "cell_previous": "previous cell state",
    "forget": "forget gate",
    "input": "input gate",
    "candidate": "candidate",
    "output": "output gate",
    "cell": "new cell state",
    "hidden": "new hidden state",
    "kept": "kept",
    "written": "written",
    "squashed": "tanh of the cell state",
}

#: Layers from left to right: name, centre, what it decides, what it computes, and its
#: block in the Keras kernel, whose order is input, forget, candidate, output.
_LAYERS = (
    ("forget", 2.4, ("how much", "to keep"), "$f_t$: sigmoid", 1),
    ("input", 3.8, ("how much", "to write"), "$i_t$: sigmoid", 0),
    ("candidate", 5.15, ("what could", "be written"), "$\\tilde{C}_t$: tanh", 2),
    ("output", 6.7, ("how much", "to show"), "$o_t$: sigmoid", 3),
)
_FORGET, _INPUT, _CANDIDATE, _OUTPUT = (layer[1] for layer in _LAYERS)
_ADD = (_INPUT + _CANDIDATE) / 2
_TAP, _RIGHT = 7.6, 8.95
#: How far from a wire the numbers on it stand.
_ASIDE = 0.4
_GATES = "forget input candidate output"
_TOP = LAYERS + BOX[1] / 2


def _with_products(given: dict[str, Vector]) -> dict[str, Vector]:
    """Add the numbers between the operations, where their factors are known."""
    known = dict(given)
    for name, factors in {
        "kept": ("forget", "cell_previous"),
        "written": ("input", "candidate"),
    }.items():
        if set(factors) <= set(known):
            known.setdefault(name, known[factors[0]] * known[factors[1]])
    if "cell" in known:
        known.setdefault("squashed", np.tanh(known["cell"]))
    return known


def lstm_module(
    values: Mapping[str, ArrayLike] | None = None,
    highlight: Highlight = None,
    *,
    columns: bool = False,
) -> Drawing:
    """Draw one step of an LSTM: every arrow can carry its numbers, every part can be lit.

    The equations drawn are those of Gers, Schmidhuber and Cummins (2000) without
    peepholes, as Keras computes them: C_t = f_t * C_(t-1) + i_t * candidate,
    h_t = o_t * tanh(C_t). Without numbers each box says what its layer decides.

    Args:
        values: Numbers for the arrows, named as in :data:`LSTM_VALUES`: each a
            number or a vector of 1 to 3.
        highlight: One or more of :data:`LSTM_PARTS`; the rest is dimmed.
        columns: Say which columns of the Keras kernel belong to each layer.

    Returns:
        The drawing.

    Raises:
        ValueError: An unknown name, a vector that is too long, or sizes that disagree.
    """
    canvas, description, _ = drawn(values, highlight, columns=columns)
    return Drawing(canvas.figure, description)


@styled
def drawn(
    values: Mapping[str, ArrayLike] | None, highlight: Highlight = None, *, columns: bool = False
) -> tuple[Canvas, str, dict[str, Vector]]:
    """Draw the module; return the surface, a description, and the vectors by their names."""
    parts = chosen_parts(highlight, LSTM_PARTS)
    known = _with_products(vectors(values, tuple(LSTM_VALUES)))
    units = same_size(known)
    canvas = Canvas(9.5, 6.1 if columns else 5.9, parts)
    canvas.title("One step of an LSTM")
    key(canvas, 8.45, "a gate: between 0 and 1", GATE)
    canvas.frame(1.15, 1.15, 8.45, 5.45)
    enter(canvas, known, _GATES, _GATES)
    canvas.note(_GATES)
    for name, x, decides, formula, block in _LAYERS:
        canvas.wire([(JOIN, BUS), (x, BUS), (x, LAYERS - BOX[1] / 2)], name, PLAIN)
        lines = [formula] if known or columns else [*decides]
        if columns:
            lines.append(column_range(block, units))
        title = "candidate" if name == "candidate" else f"{name} gate"
        canvas.box((x, LAYERS), BOX, [title, *lines], name, name)
    _draw_lane(canvas, known)
    _draw_gates(canvas, known)
    _draw_output(canvas, known)
    if columns:
        _draw_kernel(canvas, units)
    told = describe.sentences(
        "One step of an LSTM module",
        # With numbers the drawing stands among others of the same module: only these differ.
        "" if known else _structure(units, columns=columns),
        told_values(canvas, known, LSTM_VALUES),
        told_highlight(parts, LSTM_PARTS),
    )
    return canvas, told, known


def _structure(units: int | None, *, columns: bool) -> str:
    """Say how the module is built."""
    blocks = describe.join(column_range(block, units).strip("[]") for *_, block in _LAYERS)
    return describe.sentences(
        "The cell state runs along the top from left to right: the forget gate multiplies it, "
        "which decides how much to keep, then the input gate times the candidate is added, which "
        "decides what is written",
        "Below, the input x and the previous hidden state feed four layers, from left to right "
        "forget gate, input gate, candidate and output gate"
        + (f": columns {blocks} of the Keras kernel" if columns else ""),
        "The output gate times tanh of the new cell state is the new hidden state: it decides "
        "how much to show",
    )


def _draw_lane(canvas: Canvas, known: Mapping[str, Vector]) -> None:
    """The cell state from left to right, with what is done to it on its way."""
    before, between, after = "cell_state update forget", "cell_state update", "cell_state update"
    y = LANE_HEIGHT
    end_of_wire(canvas, (LEFT, y), "$C_{t-1}$", known.get("cell_previous"), before)
    canvas.wire([(LEFT + CELL_WIDTH / 2 + 0.03, y), (_FORGET, y)], before, LANE, head=False)
    canvas.wire([(_FORGET, y), (_ADD, y)], between, LANE, head=False)
    canvas.wire([(_ADD, y), (_RIGHT - CELL_WIDTH / 2 - 0.03, y)], after, LANE)
    canvas.node((_FORGET, y), TIMES, "forget update cell_state")
    canvas.node((_ADD, y), PLUS, "update cell_state")
    canvas.vector(((_FORGET + _ADD) / 2, y), known.get("kept"), f"{between} forget")
    end_of_wire(canvas, (_RIGHT, y), "$C_t$", known.get("cell"), f"{after} output")
    canvas.text((6.0, y + 0.3), "cell state", after, colour=LANE.colour, bold=True)


def _draw_gates(canvas: Canvas, known: Mapping[str, Vector]) -> None:
    """Forget gate to the lane; input gate and candidate to their product and to the lane."""
    stop = LANE_HEIGHT - NODE_RADIUS
    canvas.wire([(_FORGET, _TOP), (_FORGET, stop)], "forget update", GATE)
    beside(canvas, (_FORGET - _ASIDE, MEET), "$f_t$", known.get("forget"), "forget update")
    reach = NODE_RADIUS
    canvas.wire([(_INPUT, _TOP), (_INPUT, MEET), (_ADD - reach, MEET)], "input update", GATE)
    beside(canvas, (_INPUT - _ASIDE, 3.5), "$i_t$", known.get("input"), "input update")
    canvas.wire(
        [(_CANDIDATE, _TOP), (_CANDIDATE, MEET), (_ADD + reach, MEET)], "candidate update", PLAIN
    )
    beside(
        canvas,
        (_CANDIDATE + _ASIDE, 3.5),
        "$\\tilde{C}_t$",
        known.get("candidate"),
        "candidate update",
    )
    canvas.node((_ADD, MEET), TIMES, "input candidate update")
    canvas.wire([(_ADD, MEET + reach), (_ADD, stop)], "update", PLAIN)
    canvas.vector((_ADD + _ASIDE, 4.18), known.get("written"), "update")


def _draw_output(canvas: Canvas, known: Mapping[str, Vector]) -> None:
    """From the lane through tanh and the output gate to the hidden state."""
    canvas.dot((_TAP, LANE_HEIGHT), "output cell_state")
    canvas.wire([(_TAP, LANE_HEIGHT), (_TAP, MEET + NODE_RADIUS)], "output", PLAIN)
    canvas.capsule((_TAP, 4.26), "tanh", "output")
    canvas.vector((_TAP + 0.47, 3.74), known.get("squashed"), "output")
    canvas.wire([(_OUTPUT, _TOP), (_OUTPUT, MEET), (_TAP - NODE_RADIUS, MEET)], "output", GATE)
    beside(canvas, (_OUTPUT - _ASIDE, 3.5), "$o_t$", known.get("output"), "output")
    canvas.node((_TAP, MEET), TIMES, "output")
    corner = [(_TAP, MEET - NODE_RADIUS), (_TAP, BUS), (_RIGHT - CELL_WIDTH / 2 - 0.03, BUS)]
    canvas.wire(corner, "output", STATE)
    end_of_wire(canvas, (_RIGHT, BUS), "$h_t$", known.get("hidden"), "output")


def _draw_kernel(canvas: Canvas, units: int | None) -> None:
    """The kernel as a bar of four blocks, in the order in which Keras stores them."""
    left, width, y = 3.02, 1.32, 0.36
    note = "Keras kernel and recurrent kernel: four blocks of columns"
    canvas.text((left, 0.84), note, " ".join(LSTM_PARTS), size=SMALL_SIZE, align="left")
    for name, _, _, formula, block in _LAYERS:
        words = f"{formula.split(':')[0]}  {column_range(block, units)}"
        middle = (left + (block + 0.5) * width, y)
        canvas.box(middle, (width, 0.42), [words], name, name, bold=False)
