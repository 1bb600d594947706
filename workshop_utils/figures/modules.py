"""The plan that the drawings of all modules share, and the module of a plain RNN.

The previous hidden state comes from the left, the input from below; both are
joined on a bus. Layers with weights stand on the bus as boxes that say which
columns of the Keras kernel are theirs; operations without weights are dark
discs. A dashed wire carries a gate, numbers between 0 and 1. The thick lane on
top is the state that passes from step to step without a layer in its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.parts import (
    CELL_HEIGHT,
    CELL_WIDTH,
    PLAIN,
    STATE,
    Highlight,
    Vector,
    chosen_parts,
    vectors,
)
from workshop_utils.figures.style import TITLE_SIZE, styled

#: Heights of the bus, of the layers on it, of the lane, and where gates meet.
BUS, LAYERS, LANE_HEIGHT, MEET = 1.65, 2.6, 4.75, 3.6
#: Width and height of a layer's box.
BOX = (1.24, 0.86)
#: Where the previous state stands, and where the input joins the bus.
LEFT, JOIN = 0.6, 1.45

RNN_PARTS = ("input", "hidden_state", "layer", "output")
RNN_VALUES = {
    "x": "input x",
    "hidden_previous": "previous hidden state",
    "hidden": "new hidden state",
}


def column_range(block: int, units: int | None) -> str:
    """Name a block of kernel columns as a slice, ``[n : 2n]`` or with numbers.

    Args:
        block: Which block, counted from 0.
        units: Units of the layer, or None for the letter n.
    """
    if units is not None:
        return f"[{block * units} : {(block + 1) * units}]"
    ends = ("0", "n", "2n", "3n", "4n")
    return f"[{ends[block]} : {ends[block + 1]}]"


def same_size(values: Mapping[str, Vector]) -> int | None:
    """Return the number of units of the vectors given; None without any.

    Args:
        values: Name to vector.
    """
    return next((vector.size for name, vector in values.items() if name != "x"), None)


def told_values(canvas: Canvas, values: Mapping[str, Vector], names: Mapping[str, str]) -> str:
    """Return the numbers of a drawing as a sentence: each name with its vector.

    Args:
        canvas: The drawing, finished; dimmed numbers are left out.
        values: Name to vector.
        names: Name to the words for it, in reading order.
    """
    items = [
        f"{words} {describe.listed(values[name])}"
        for name, words in names.items()
        if any(values.get(name) is vector for vector in canvas.lit_vectors)
    ]
    return f"Numbers on the arrows: {'; '.join(items)}" if items else ""


def told_highlight(parts: frozenset[str], known: Sequence[str]) -> str:
    """Say which parts stand out.

    Args:
        parts: The highlighted parts; empty for none.
        known: All parts, in reading order.
    """
    names = [name.replace("_", " ") for name in known if name in parts]
    return f"Highlighted: {describe.join(names)}; the rest is dimmed" if names else ""


def end_of_wire(
    canvas: Canvas,
    at: tuple[float, float],
    symbol: str,
    values: Vector | None,
    part: str,
    *,
    below: bool = False,
) -> None:
    """Draw the vector, or the empty place for one, at the outer end of a wire.

    Args:
        canvas: The drawing.
        at: Centre of the vector.
        symbol: Its name in mathematics.
        values: Its numbers, or None to write the name alone.
        part: The parts that it belongs to.
        below: Write the name below the vector instead of above it.
    """
    if values is None:
        canvas.text(at, symbol, part, size=TITLE_SIZE + 2)
        return
    canvas.vector(at, values, part)
    reach = CELL_HEIGHT * len(values) / 2 + 0.17
    canvas.text((at[0], at[1] + (-reach if below else reach)), symbol, part, size=TITLE_SIZE)


def beside(
    canvas: Canvas,
    at: tuple[float, float],
    symbol: str,
    values: Vector | None,
    part: str,
) -> None:
    """Write a vector and its name beside an upright wire; the name alone without numbers."""
    rise = 0.0 if values is None else CELL_HEIGHT * len(values) / 2 + 0.17
    canvas.vector(at, values, part)
    canvas.text((at[0], at[1] + rise), symbol, part, size=TITLE_SIZE - 0.5)


def enter(canvas: Canvas, values: Mapping[str, Vector], hidden_part: str, input_part: str) -> None:
    """Bring the previous hidden state and the input to the place where they are joined."""
    hidden, x = values.get("hidden_previous"), values.get("x")
    end_of_wire(canvas, (LEFT, BUS), "$h_{t-1}$", hidden, hidden_part)
    canvas.wire([(LEFT + CELL_WIDTH / 2, BUS), (JOIN, BUS)], hidden_part, STATE, head=False)
    x_top = 0.6 if x is None else 0.45 + CELL_HEIGHT * len(x) / 2
    if x is None:
        canvas.text((JOIN, 0.42), "$x_t$", input_part, size=TITLE_SIZE + 2)
    else:
        canvas.vector((JOIN, 0.45), x, input_part)
        canvas.text((JOIN - 0.45, 0.45), "$x_t$", input_part, size=TITLE_SIZE)
    canvas.wire([(JOIN, x_top), (JOIN, BUS)], input_part, STATE, head=False)
    canvas.dot((JOIN, BUS), f"{hidden_part} {input_part}")


@styled
def rnn_module(
    values: Mapping[str, ArrayLike] | None = None, highlight: Highlight = None
) -> Drawing:
    """Draw one step of a plain recurrent network: a single tanh layer.

    The equation drawn is h_t = tanh(x_t W + h_(t-1) U + b).

    Args:
        values: Numbers for the arrows ``x``, ``hidden_previous`` and ``hidden``:
            each a number or a vector of 1 to 3.
        highlight: One or more of :data:`RNN_PARTS`; the rest is dimmed.

    Returns:
        The drawing.

    Raises:
        ValueError: An unknown name, a vector that is too long, or sizes that disagree.
    """
    parts, given = chosen_parts(highlight, RNN_PARTS), vectors(values, tuple(RNN_VALUES))
    canvas = Canvas(6.6, 3.75, parts)
    canvas.title("One step of a plain RNN")
    canvas.frame(1.15, 1.1, 5.4, 3.3)
    enter(canvas, given, "hidden_state layer", "input layer")
    canvas.note(" ".join(RNN_PARTS))
    canvas.wire([(JOIN, BUS), (2.9, BUS), (2.9, LAYERS - 0.35)], "layer", PLAIN)
    formula = "$\\tanh(x_t W + h_{t-1} U + b)$"
    canvas.box((2.9, LAYERS), (2.5, 0.7), ["tanh layer", formula], "layer")
    out = [(4.15, LAYERS), (4.7, LAYERS), (4.7, BUS), (5.72, BUS)]
    canvas.wire(out, "hidden_state output", STATE)
    end_of_wire(canvas, (6.0, BUS), "$h_t$", given.get("hidden"), "hidden_state output")
    told = describe.sentences(
        "One step of a plain RNN module",
        "The previous hidden state from the left and the input x from below are joined and enter "
        "one layer, tanh of x W plus h U plus b; its output, the new hidden state, leaves to the "
        "right",
        told_values(canvas, given, RNN_VALUES),
        told_highlight(parts, RNN_PARTS),
    )
    return Drawing(canvas.figure, told)
