"""The LSTM module: four layers, three of them gates, around a lane for the cell state.

The previous hidden state comes from the left, the input from below; both are joined on
a bus. Layers with weights stand on the bus as boxes; operations without weights are
dark discs. A dashed wire carries a gate, numbers between 0 and 1. The thick lane on top
is the state that passes from step to step without a layer in its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.parts import (
    CELL_HEIGHT,
    CELL_WIDTH,
    GATE,
    LANE,
    NODE_RADIUS,
    PLAIN,
    PLUS,
    STATE,
    TIMES,
    Vector,
    vector,
)
from workshop_utils.figures.style import MUTED, SMALL_SIZE, TITLE_SIZE, house_style

#: Heights of the bus, of the layers on it, of the lane, and where gates meet.
BUS = 1.65
LAYERS = 2.6
LANE_HEIGHT = 4.75
MEET = 3.6
#: Width and height of a layer's box.
BOX = (1.24, 0.86)
#: Where the previous state stands, and where the input joins the bus.
LEFT = 0.6
JOIN = 1.45

LSTM_PARTS = ("forget", "input", "candidate", "update", "output", "cell_state")

#: Every arrow that can carry numbers, with the words for it. The last three are
#: computed from the others.
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

#: Layers from left to right: name, centre, what it decides, and what it computes.
_LAYERS = (
    ("forget", 2.4, ("how much", "to keep"), "$f_t$: sigmoid"),
    ("input", 3.8, ("how much", "to write"), "$i_t$: sigmoid"),
    ("candidate", 5.15, ("what could", "be written"), "$\\tilde{C}_t$: tanh"),
    ("output", 6.7, ("how much", "to show"), "$o_t$: sigmoid"),
)
_FORGET, _INPUT, _CANDIDATE, _OUTPUT = (layer[1] for layer in _LAYERS)
_ADD = (_INPUT + _CANDIDATE) / 2
_TAP = 7.6
_RIGHT = 8.95
#: How far from a wire the numbers on it stand.
_ASIDE = 0.4
_GATES = "forget input candidate output"
_TOP = LAYERS + BOX[1] / 2

_STRUCTURE = (
    "The cell state runs along the top from left to right: the forget gate multiplies it, which "
    "decides how much to keep, then the input gate times the candidate is added, which decides "
    "what is written",
    "Below, the input x and the previous hidden state feed four layers, from left to right "
    "forget gate, input gate, candidate and output gate",
    "The output gate times tanh of the new cell state is the new hidden state: it decides how "
    "much to show",
)


def lstm_module(
    values: Mapping[str, ArrayLike] | None = None, highlight: str | Sequence[str] = ()
) -> Drawing:
    """Draw one step of an LSTM: every arrow can carry its numbers, every part can be lit.

    The equations drawn are those of Gers, Schmidhuber and Cummins (2000) without
    peepholes, as Keras computes them: C_t = f_t * C_(t-1) + i_t * candidate,
    h_t = o_t * tanh(C_t). Without numbers each box says what its layer decides.

    Args:
        values: Numbers for the arrows, named as in :data:`LSTM_VALUES`: vectors of 1 to 3.
        highlight: One or more of :data:`LSTM_PARTS`; the rest is dimmed.

    Returns:
        The drawing.

    Raises:
        ValueError: An unknown name, or a vector that is too long.
    """
    canvas, description, _ = drawn(values or {}, highlight)
    return Drawing(canvas.figure, description, canvas.pieces)


@house_style()
def drawn(
    values: Mapping[str, ArrayLike], highlight: str | Sequence[str] = ()
) -> tuple[Canvas, str, dict[str, Vector]]:
    """Draw the module; return the surface, a description, and the vectors by their names."""
    parts = frozenset([highlight] if isinstance(highlight, str) else highlight)
    if strangers := [*(parts - set(LSTM_PARTS)), *(set(values) - set(LSTM_VALUES))]:
        raise ValueError(
            f"The drawing has no {', '.join(strangers)}; its parts are {', '.join(LSTM_PARTS)}, "
            f"its arrows {', '.join(LSTM_VALUES)}."
        )
    vectors = _with_products({name: vector(value) for name, value in values.items()})
    canvas = Canvas(9.5, 5.9, parts)
    canvas.title("One step of an LSTM")
    canvas.key(8.45, "a gate: between 0 and 1", GATE)
    canvas.frame(1.15, 1.15, 8.45, 5.45)
    _enter(canvas, vectors)
    for name, x, decides, formula in _LAYERS:
        canvas.wire([(JOIN, BUS), (x, BUS), (x, LAYERS - BOX[1] / 2)], name, PLAIN)
        title = "candidate" if name == "candidate" else f"{name} gate"
        canvas.box((x, LAYERS), BOX, [title, *([formula] if vectors else decides)], name, name)
    _draw_lane(canvas, vectors)
    _draw_gates(canvas, vectors)
    _draw_output(canvas, vectors)
    lit = [rest[2] for kind, is_lit, *rest in canvas.pieces if kind == "vector" and is_lit]
    numbers = [
        f"{words} {describe.listed(vectors[name])}"
        for name, words in LSTM_VALUES.items()
        if any(vectors.get(name) is each for each in lit)
    ]
    shown = [name.replace("_", " ") for name in LSTM_PARTS if name in parts]
    alt = describe.sentences(
        "One step of an LSTM module",
        # With numbers the drawing stands among others of the same module: only these differ.
        *(() if vectors else _STRUCTURE),
        f"Numbers on the arrows: {'; '.join(numbers)}" if numbers else "",
        f"Highlighted: {describe.join(shown)}; the rest is dimmed" if shown else "",
    )
    return canvas, alt, vectors


def _with_products(vectors: dict[str, Vector]) -> dict[str, Vector]:
    """Add the numbers between the operations, where their factors are known."""
    more = {}
    if {"forget", "cell_previous"} <= set(vectors):
        more["kept"] = vectors["forget"] * vectors["cell_previous"]
    if {"input", "candidate"} <= set(vectors):
        more["written"] = vectors["input"] * vectors["candidate"]
    if "cell" in vectors:
        more["squashed"] = np.tanh(vectors["cell"])
    return vectors | more


def _named(
    canvas: Canvas,
    at: tuple[float, float],
    symbol: str,
    values: Vector | None,
    part: str,
    size: float = TITLE_SIZE - 0.5,
) -> None:
    """Write a vector and its name above it; the name alone in its place without numbers."""
    rise = 0.0 if values is None else CELL_HEIGHT * len(values) / 2 + 0.17
    canvas.vector(at, values, part)
    canvas.text((at[0], at[1] + rise), symbol, part, size=size)


def _end_of_wire(
    canvas: Canvas, at: tuple[float, float], symbol: str, values: Vector | None, part: str
) -> None:
    """Draw the vector, or the name in its place, at the outer end of a wire."""
    _named(canvas, at, symbol, values, part, TITLE_SIZE + (2 if values is None else 0))


def _enter(canvas: Canvas, vectors: Mapping[str, Vector]) -> None:
    """Bring the previous hidden state and the input to the place where they are joined."""
    x = vectors.get("x")
    _end_of_wire(canvas, (LEFT, BUS), "$h_{t-1}$", vectors.get("hidden_previous"), _GATES)
    canvas.wire([(LEFT + CELL_WIDTH / 2, BUS), (JOIN, BUS)], _GATES, STATE, head=False)
    canvas.vector((JOIN, 0.45), x, _GATES)
    at, size = ((JOIN, 0.42), 2) if x is None else ((JOIN - 0.45, 0.45), 0)
    canvas.text(at, "$x_t$", _GATES, size=TITLE_SIZE + size)
    top = 0.6 if x is None else 0.45 + CELL_HEIGHT * len(x) / 2
    canvas.wire([(JOIN, top), (JOIN, BUS)], _GATES, STATE, head=False)
    canvas.dot((JOIN, BUS), _GATES)
    joined = "joined: $[x_t, h_{t-1}]$"
    canvas.text((1.62, 1.37), joined, _GATES, size=SMALL_SIZE, colour=MUTED, align="left")


def _draw_lane(canvas: Canvas, vectors: Mapping[str, Vector]) -> None:
    """The cell state from left to right, with what is done to it on its way."""
    before = "cell_state update forget"
    between = "cell_state update"
    after = "cell_state update"
    y = LANE_HEIGHT
    _end_of_wire(canvas, (LEFT, y), "$C_{t-1}$", vectors.get("cell_previous"), before)
    canvas.wire([(LEFT + CELL_WIDTH / 2 + 0.03, y), (_FORGET, y)], before, LANE, head=False)
    canvas.wire([(_FORGET, y), (_ADD, y)], between, LANE, head=False)
    canvas.wire([(_ADD, y), (_RIGHT - CELL_WIDTH / 2 - 0.03, y)], after, LANE)
    canvas.node((_FORGET, y), TIMES, "forget update cell_state")
    canvas.node((_ADD, y), PLUS, "update cell_state")
    canvas.vector(((_FORGET + _ADD) / 2, y), vectors.get("kept"), f"{between} forget")
    _end_of_wire(canvas, (_RIGHT, y), "$C_t$", vectors.get("cell"), f"{after} output")
    canvas.text((6.0, y + 0.3), "cell state", after, colour=LANE.colour, bold=True)


def _draw_gates(canvas: Canvas, vectors: Mapping[str, Vector]) -> None:
    """Forget gate to the lane; input gate and candidate to their product and to the lane."""
    stop = LANE_HEIGHT - NODE_RADIUS
    canvas.wire([(_FORGET, _TOP), (_FORGET, stop)], "forget update", GATE)
    _named(canvas, (_FORGET - _ASIDE, MEET), "$f_t$", vectors.get("forget"), "forget update")
    reach = NODE_RADIUS
    canvas.wire([(_INPUT, _TOP), (_INPUT, MEET), (_ADD - reach, MEET)], "input update", GATE)
    _named(canvas, (_INPUT - _ASIDE, 3.5), "$i_t$", vectors.get("input"), "input update")
    canvas.wire(
        [(_CANDIDATE, _TOP), (_CANDIDATE, MEET), (_ADD + reach, MEET)], "candidate update", PLAIN
    )
    at = (_CANDIDATE + _ASIDE, 3.5)
    values = vectors.get("candidate")
    _named(canvas, at, "$\\tilde{C}_t$", values, "candidate update")
    canvas.node((_ADD, MEET), TIMES, "input candidate update")
    canvas.wire([(_ADD, MEET + reach), (_ADD, stop)], "update", PLAIN)
    canvas.vector((_ADD + _ASIDE, 4.18), vectors.get("written"), "update")


def _draw_output(canvas: Canvas, vectors: Mapping[str, Vector]) -> None:
    """From the lane through tanh and the output gate to the hidden state."""
    canvas.dot((_TAP, LANE_HEIGHT), "output cell_state")
    canvas.wire([(_TAP, LANE_HEIGHT), (_TAP, MEET + NODE_RADIUS)], "output", PLAIN)
    canvas.capsule((_TAP, 4.26), "tanh", "output")
    canvas.vector((_TAP + 0.47, 3.74), vectors.get("squashed"), "output")
    canvas.wire([(_OUTPUT, _TOP), (_OUTPUT, MEET), (_TAP - NODE_RADIUS, MEET)], "output", GATE)
    _named(canvas, (_OUTPUT - _ASIDE, 3.5), "$o_t$", vectors.get("output"), "output")
    canvas.node((_TAP, MEET), TIMES, "output")
    corner = [(_TAP, MEET - NODE_RADIUS), (_TAP, BUS), (_RIGHT - CELL_WIDTH / 2 - 0.03, BUS)]
    canvas.wire(corner, "output", STATE)
    _end_of_wire(canvas, (_RIGHT, BUS), "$h_t$", vectors.get("hidden"), "output")
