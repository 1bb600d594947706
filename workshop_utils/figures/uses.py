"""What recurrent networks are used for: five shapes of the same chain."""

from __future__ import annotations

from dataclasses import dataclass

from workshop_utils.figures import alt as describe
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.marks import tile
from workshop_utils.figures.parts import LANE, LOOKS, PLAIN, Point
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

_PITCH, _SIDE = 0.64, 0.34


@styled
def uses_of_rnns(*, alt: str | None = None, prefix: str = "") -> Drawing:
    """Draw the five ways in which inputs and outputs can hang on a chain of steps.

    Args:
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing: inputs as hatched squares below, states as dark squares in
        the middle, outputs as discs above.
    """
    canvas = Canvas(9.2, 6.15)
    canvas.title("Five shapes of one chain")
    _draw_key(canvas)
    places = [(0.35, 3.1), (3.3, 3.1), (6.25, 3.1), (0.35, 0.1), (4.6, 0.1)]
    for use, place in zip(USES, places, strict=True):
        _draw_use(canvas, use, *place)
    told = [
        f"{use.name}, for example {use.example}: "
        + describe.join(
            (
                _steps("input", use.enters, use.steps),
                _steps("output", use.leaves, use.steps),
            )
        )
        for use in USES
    ]
    generated = describe.sentences("Five chains of recurrent steps", *told)
    return Drawing(canvas.figure, describe.finish(generated, alt, prefix))


def _steps(what: str, places: tuple[int, ...], steps: int) -> str:
    """Say at which steps something enters or leaves."""
    if len(places) == steps:
        return f"{what} at {'every step' if steps > 1 else 'the only step'}"
    names = describe.join(str(place + 1) for place in places)
    return f"{what} at step{'s' if len(places) > 1 else ''} {names} of {steps}"


def _draw_use(canvas: Canvas, use: Use, left: float, bottom: float) -> None:
    """One chain with its name and example above it."""
    canvas.text((left, bottom + 2.42), use.name, bold=True, align="left")
    canvas.text((left, bottom + 2.17), use.example, size=SMALL_SIZE, align="left")
    low, middle, high = (bottom + offset for offset in (0.25, 1.02, 1.79))
    for step in range(use.steps):
        x = left + 0.25 + step * _PITCH
        tile(canvas, (x, middle), _SIDE, LANE.colour)
        if step:
            canvas.wire([(x - _PITCH + _SIDE / 2, middle), (x - _SIDE / 2, middle)], "", PLAIN)
        if step in use.enters:
            tile(
                canvas, (x, low), _SIDE, LOOKS["input"].fill, edge=LOOKS["input"].edge, hatch="///"
            )
            canvas.wire([(x, low + _SIDE / 2), (x, middle - _SIDE / 2)], "", PLAIN)
        if step in use.leaves:
            _output_tile(canvas, (x, high), _SIDE)
            canvas.wire([(x, middle + _SIDE / 2), (x, high - _SIDE / 2)], "", PLAIN)


def _draw_key(canvas: Canvas) -> None:
    """What square, dark square and disc stand for."""
    y = canvas.figure.get_figheight() - 0.24
    for x, words in ((5.3, "input"), (6.5, "hidden state"), (8.25, "output")):
        canvas.text((x + 0.2, y), words, size=SMALL_SIZE, align="left")
    _input_tile(canvas, (5.3, y), 0.24)
    tile(canvas, (6.5, y), 0.24, LANE.colour)
    _output_tile(canvas, (8.25, y), 0.24)


def _input_tile(canvas: Canvas, at: Point, side: float) -> None:
    look = LOOKS["input"]
    tile(canvas, at, side, look.fill, edge=look.edge, hatch="///")


def _output_tile(canvas: Canvas, at: Point, side: float) -> None:
    look = LOOKS["output"]
    tile(canvas, at, side, look.fill, edge=look.edge, disc=True)
