"""What recurrent networks are used for: five shapes of the same chain."""

from __future__ import annotations

from dataclasses import dataclass

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.marks import tile
from workshop_utils.figures.modules import told_highlight
from workshop_utils.figures.parts import LANE, LOOKS, PLAIN, Highlight, Point, chosen_parts
from workshop_utils.figures.style import SMALL_SIZE, styled


@dataclass(frozen=True)
class Use:
    """One shape: at which steps something enters, at which something leaves.

    Attributes:
        name: What the shape is called.
        example: A task that has it.
        steps: Number of steps.
        enters: Steps, counted from 0, with an input.
        leaves: Steps, counted from 0, with an output.
    """

    name: str
    example: str
    steps: int
    enters: tuple[int, ...]
    leaves: tuple[int, ...]


USES = (
    Use("one to one", "a picture to its class: no sequence", 1, (0,), (0,)),
    Use("one to many", "a picture to the words of a caption", 3, (0,), (0, 1, 2)),
    Use("many to one", "the words of a tweet to its sentiment", 4, (0, 1, 2, 3), (3,)),
    Use("many to many, in step", "each word to its part of speech", 4, (0, 1, 2, 3), (0, 1, 2, 3)),
    Use("many to many, read first", "a sentence to its translation", 5, (0, 1, 2), (2, 3, 4)),
)

#: The five shapes, and what hangs on all of them.
USE_PARTS = (*(use.name for use in USES), "inputs", "states", "outputs")

_PITCH, _SIDE = 0.64, 0.34


@styled
def uses_of_rnns(
    highlight: Highlight = None, *, alt: str | None = None, prefix: str = ""
) -> Drawing:
    """Draw the five ways in which inputs and outputs can hang on a chain of steps.

    Args:
        highlight: One or more of :data:`USE_PARTS`, for example ``"many to one"``;
            the rest is dimmed.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing: inputs as hatched squares below, states as dark squares in
        the middle, outputs as discs above.

    Raises:
        ValueError: An unknown part.
    """
    parts = chosen_parts(highlight, USE_PARTS)
    canvas = Canvas(9.2, 6.15, frozenset(_slug(name) for name in parts))
    canvas.title("Five shapes of one chain")
    _draw_key(canvas)
    places = [(0.35, 3.1), (3.3, 3.1), (6.25, 3.1), (0.35, 0.1), (4.6, 0.1)]
    for use, place in zip(USES, places, strict=True):
        _draw_use(canvas, use, *place)
    told = [
        f"{use.name} ({use.example}): {_steps(use)}"
        for use in USES
        if not parts or use.name in parts or parts - {one.name for one in USES}
    ]
    generated = describe.sentences(
        "Five chains of recurrent steps",
        *told,
        told_highlight(parts, USE_PARTS),
    )
    return Drawing(canvas.figure, describe.finish(generated, alt, prefix))


def _slug(name: str) -> str:
    """Return the name of a part without spaces, as the pieces of a canvas carry it."""
    return name.replace(",", "").replace(" ", "_")


def _steps(use: Use) -> str:
    """Say at which steps something enters and leaves."""
    enters, leaves = (_places(places, use.steps) for places in (use.enters, use.leaves))
    if enters == leaves:
        return f"input and output at {enters}"
    return f"input at {enters}, output at {leaves}"


def _places(places: tuple[int, ...], steps: int) -> str:
    if len(places) == steps:
        return "every step" if steps > 1 else "the only step"
    names = [str(place + 1) for place in places]
    span = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
    return f"step{'s' if len(names) > 1 else ''} {span} of {steps}"


def _draw_use(canvas: Canvas, use: Use, left: float, bottom: float) -> None:
    """One chain with its name and example above it."""
    own = _slug(use.name)
    everything = f"{own} inputs states outputs"
    canvas.text((left, bottom + 2.42), use.name, everything, bold=True, align="left")
    canvas.text((left, bottom + 2.17), use.example, everything, size=SMALL_SIZE, align="left")
    low, middle, high = (bottom + offset for offset in (0.25, 1.02, 1.79))
    for step in range(use.steps):
        x, half = left + 0.25 + step * _PITCH, _SIDE / 2
        tile(canvas, (x, middle), _SIDE, LANE.colour, part=f"{own} states")
        if step:
            canvas.wire([(x - _PITCH + half, middle), (x - half, middle)], f"{own} states", PLAIN)
        if step in use.enters:
            _input_tile(canvas, (x, low), _SIDE, f"{own} inputs")
            canvas.wire([(x, low + half), (x, middle - half)], f"{own} inputs", PLAIN)
        if step in use.leaves:
            _output_tile(canvas, (x, high), _SIDE, f"{own} outputs")
            canvas.wire([(x, middle + half), (x, high - half)], f"{own} outputs", PLAIN)


def _draw_key(canvas: Canvas) -> None:
    """What square, dark square and disc stand for, never dimmed."""
    y, part = canvas.figure.get_figheight() - 0.24, " ".join(canvas.highlight)
    for x, words in ((5.3, "input"), (6.5, "hidden state"), (8.25, "output")):
        canvas.text((x + 0.2, y), words, part, size=SMALL_SIZE, align="left")
    _input_tile(canvas, (5.3, y), 0.24, part)
    tile(canvas, (6.5, y), 0.24, LANE.colour, part=part)
    _output_tile(canvas, (8.25, y), 0.24, part)


def _input_tile(canvas: Canvas, at: Point, side: float, part: str) -> None:
    look = LOOKS["input"]
    tile(canvas, at, side, look.fill, edge=look.edge, hatch="///", part=part)


def _output_tile(canvas: Canvas, at: Point, side: float, part: str) -> None:
    look = LOOKS["output"]
    tile(canvas, at, side, look.fill, edge=look.edge, disc=True, part=part)
