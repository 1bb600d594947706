"""The GRU module: two gates and a candidate; the hidden state is itself the lane."""

from __future__ import annotations

from collections.abc import Mapping

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
    beside,
    columns,
    end_of_wire,
    sizes,
    told_highlight,
    told_values,
)
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
    Highlight,
    Vector,
    chosen_parts,
    vectors,
)
from workshop_utils.figures.style import MUTED, SMALL_SIZE, TITLE_SIZE, styled

GRU_PARTS = ("update", "reset", "candidate", "hidden_state")

#: Every arrow that can carry numbers, with the words for it. The last three
#: follow from the others and are computed where they are not given.
GRU_VALUES = {
    "x": "input x",
    "hidden_previous": "previous hidden state",
    "update": "update gate",
    "reset": "reset gate",
    "candidate": "candidate",
    "hidden": "new hidden state",
    "reset_hidden": "previous hidden state after the reset gate",
    "replaced": "one minus the update gate",
    "kept": "kept",
    "written": "written",
}

#: Name, centre, what it computes, block in the Keras kernel (update, reset,
#: candidate), and the colours of its box.
_LAYERS = (
    ("update", 2.4, "$z_t$: sigmoid", 0, "forget"),
    ("reset", 4.1, "$r_t$: sigmoid", 1, "input"),
    ("candidate", 6.7, "$\\tilde{h}_t$: tanh", 2, "candidate"),
)
_UPDATE, _RESET, _CANDIDATE = (layer[1] for layer in _LAYERS)
_VALVE, _RIGHT = 5.1, 8.4
_BRANCH = 3.85
_TOP = LAYERS + BOX[1] / 2


def _with_products(given: dict[str, Vector]) -> dict[str, Vector]:
    """Add the numbers between the operations, where their factors are known."""
    known = dict(given)
    if "update" in known:
        known.setdefault("replaced", 1 - known["update"])
    for name, factors in {
        "kept": ("update", "hidden_previous"),
        "written": ("replaced", "candidate"),
    }.items():
        if set(factors) <= set(known):
            known.setdefault(name, known[factors[0]] * known[factors[1]])
    return known


@styled
def gru_module(
    values: Mapping[str, ArrayLike] | None = None,
    highlight: Highlight = None,
    *,
    units: int | None = None,
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw one step of a GRU in Keras' convention for the update gate.

    The equation drawn is h_t = z_t * h_(t-1) + (1 - z_t) * candidate. Cho et al.
    (2014) multiply h_(t-1) by the reset gate before its weights; Keras' default,
    ``reset_after=True``, multiplies the product of the two afterwards.

    Args:
        values: Numbers for the arrows, named as in :data:`GRU_VALUES`: each a
            number or a vector of 1 to 3. ``reset_hidden`` is never computed here: it
            depends on the convention.
        highlight: One or more of :data:`GRU_PARTS`; the rest is dimmed.
        units: Number of units, for the column ranges; else n, or from the values.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing.

    Raises:
        ValueError: An unknown name, a vector that is too long, or sizes that disagree.
    """
    parts = chosen_parts(highlight, GRU_PARTS)
    known = _with_products(vectors(values, tuple(GRU_VALUES)))
    count = sizes(known, units, "hidden")
    canvas = Canvas(9.0, 6.1, parts)
    canvas.title("One step of a GRU")
    canvas.frame(1.15, 1.15, 7.8, 5.45)
    key(canvas, 7.8, "a gate: between 0 and 1", GATE)
    _draw_inputs(canvas, known)
    _draw_layers(canvas, known, count)
    _draw_lane(canvas, known)
    _draw_update(canvas, known)
    _draw_kernel(canvas, count)
    generated = describe.sentences(
        "One step of a GRU module",
        # With numbers the drawing stands among others of the same module: only these differ.
        "" if known else _structure(count),
        told_values(canvas, known, GRU_VALUES),
        told_highlight(parts, GRU_PARTS),
    )
    return Drawing(canvas.figure, describe.finish(generated, alt, prefix))


def _structure(units: int | None) -> str:
    """Say how the module is built."""
    return describe.sentences(
        "The hidden state runs along the top from left to right: the update gate multiplies it, "
        "then one minus the update gate, times the candidate, is added",
        "Below, the input x and the previous hidden state feed three layers, from left to right "
        "update gate, reset gate and candidate: columns "
        + describe.join(columns(layer[3], units).strip("[]") for layer in _LAYERS)
        + " of the Keras kernel",
        "The reset gate multiplies the hidden state on its way to the candidate",
    )


def _draw_inputs(canvas: Canvas, known: Mapping[str, Vector]) -> None:
    """The hidden state from the left, a branch of it down to the bus, the input from below."""
    layers, x = "update reset candidate", known.get("x")
    hidden = known.get("hidden_previous")
    end_of_wire(canvas, (LEFT, LANE_HEIGHT), "$h_{t-1}$", hidden, f"hidden_state {layers}")
    start = (LEFT + CELL_WIDTH / 2 + 0.03, LANE_HEIGHT)
    canvas.wire([start, (JOIN, LANE_HEIGHT)], f"hidden_state {layers}", LANE, head=False)
    canvas.dot((JOIN, LANE_HEIGHT), f"hidden_state {layers}")
    canvas.wire([(JOIN, LANE_HEIGHT), (JOIN, BUS)], layers, STATE, head=False)
    if x is None:
        canvas.text((JOIN, 0.42), "$x_t$", layers, size=TITLE_SIZE + 2)
    else:
        canvas.vector((JOIN, 0.45), x, layers)
        canvas.text((JOIN - 0.45, 0.45), "$x_t$", layers, size=TITLE_SIZE)
    top = 0.6 if x is None else 0.45 + CELL_HEIGHT * len(x) / 2
    canvas.wire([(JOIN, top), (JOIN, BUS)], layers, STATE, head=False)
    canvas.dot((JOIN, BUS), layers)


def _draw_layers(canvas: Canvas, known: Mapping[str, Vector], units: int | None) -> None:
    """The three boxes on the bus, and the reset gate as a valve on it."""
    note = "joined: $[x_t, h_{t-1}]$"
    everything = " ".join(GRU_PARTS)
    canvas.text((1.62, 1.38), note, everything, size=SMALL_SIZE, colour=MUTED, align="left")
    for name, x, formula, block, look in _LAYERS:
        canvas.wire([(JOIN, BUS), (x, BUS), (x, LAYERS - BOX[1] / 2)], name, PLAIN)
        title = "candidate" if name == "candidate" else f"{name} gate"
        canvas.box((x, LAYERS), BOX, [title, formula, columns(block, units)], name, look)
    part = "reset candidate"
    valve = [(_RESET + BOX[0] / 2, LAYERS), (_VALVE, LAYERS), (_VALVE, BUS + NODE_RADIUS)]
    canvas.wire(valve, part, GATE)
    canvas.node((_VALVE, BUS), TIMES, part)
    after = known.get("reset_hidden")
    canvas.vector((_VALVE + 0.85, BUS), after, part)
    if after is None:
        note = "on $h_{t-1}$ only"
        canvas.text((_VALVE + 0.25, 1.38), note, part, size=SMALL_SIZE, align="left")
    beside(canvas, (_VALVE + 0.45, 2.45), "$r_t$", known.get("reset"), part)


def _draw_lane(canvas: Canvas, known: Mapping[str, Vector]) -> None:
    """The hidden state from left to right, with what is done to it on its way."""
    y, part = LANE_HEIGHT, "hidden_state update"
    canvas.wire([(JOIN, y), (_UPDATE, y)], part, LANE, head=False)
    canvas.wire([(_UPDATE, y), (_CANDIDATE, y)], part, LANE, head=False)
    canvas.wire([(_CANDIDATE, y), (_RIGHT - CELL_WIDTH / 2 - 0.03, y)], part, LANE)
    canvas.node((_UPDATE, y), TIMES, part)
    canvas.node((_CANDIDATE, y), PLUS, part)
    canvas.vector((3.6, y), known.get("kept"), part)
    canvas.text((5.1, y + 0.3), "hidden state", part, colour=LANE.colour, bold=True)
    end_of_wire(canvas, (_RIGHT, y), "$h_t$", known.get("hidden"), part)


def _draw_update(canvas: Canvas, known: Mapping[str, Vector]) -> None:
    """The update gate to the lane, and what is left of one to the candidate."""
    stop = LANE_HEIGHT - NODE_RADIUS
    canvas.wire([(_UPDATE, _TOP), (_UPDATE, stop)], "update", GATE)
    beside(canvas, (_UPDATE - 0.37, 3.6), "$z_t$", known.get("update"), "update")
    canvas.dot((_UPDATE, _BRANCH), "update")
    branch = [(_UPDATE, _BRANCH), (_CANDIDATE - NODE_RADIUS, _BRANCH)]
    canvas.wire(branch, "update", GATE)
    canvas.capsule((3.6, _BRANCH), "1 \N{MINUS SIGN} $z_t$", "update", width=0.8)
    canvas.vector((5.1, _BRANCH), known.get("replaced"), "update")
    canvas.wire([(_CANDIDATE, _TOP), (_CANDIDATE, _BRANCH - NODE_RADIUS)], "candidate", PLAIN)
    candidate = known.get("candidate")
    canvas.vector((_CANDIDATE - 0.47, 3.4), candidate, "candidate")
    name_at = (_CANDIDATE - (0.37 if candidate is None else 0.97), 3.4)
    canvas.text(name_at, "$\\tilde{h}_t$", "candidate", size=TITLE_SIZE - 0.5)
    canvas.node((_CANDIDATE, _BRANCH), TIMES, "update candidate")
    canvas.wire([(_CANDIDATE, _BRANCH + NODE_RADIUS), (_CANDIDATE, stop)], "update", PLAIN)
    canvas.vector((_CANDIDATE + 0.47, 4.3), known.get("written"), "update")


def _draw_kernel(canvas: Canvas, units: int | None) -> None:
    """The kernel as a bar of three blocks, in the order in which Keras stores them."""
    left, width, y = 3.6, 1.4, 0.36
    note = "Keras kernel and recurrent kernel: three blocks of columns"
    canvas.text((left, 0.84), note, " ".join(GRU_PARTS), size=SMALL_SIZE, align="left")
    for name, _, formula, block, look in _LAYERS:
        words = f"{formula.split(':')[0]}  {columns(block, units)}"
        middle = (left + (block + 0.5) * width, y)
        canvas.box(middle, (width, 0.42), [words], name, look, bold=False)
