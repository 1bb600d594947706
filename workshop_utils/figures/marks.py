"""Marks that only some diagrams need: tiles, gauges, and a key to a kind of wire."""

from __future__ import annotations

from matplotlib.patches import Circle, Rectangle

from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.parts import ABOVE, LOOKS, PLAIN, Point, Wire
from workshop_utils.figures.style import FAINT, INK, PANEL, PAPER, SERIES, SMALL_SIZE


def tile(
    canvas: Canvas,
    at: Point,
    side: float,
    fill: str,
    *,
    edge: str = INK,
    hatch: str = "",
    disc: bool = False,
    part: str = "",
) -> None:
    """Draw a small square, or a disc, that stands for a value.

    Args:
        canvas: The drawing.
        at: Its centre.
        side: Side of the square or diameter of the disc.
        fill: Fill colour.
        edge: Colour of edge and hatch.
        hatch: A Matplotlib hatch, so that grey tells kinds apart.
        disc: Draw a disc instead of a square.
        part: The parts that it belongs to, separated by spaces.
    """
    corner = (at[0] - side / 2, at[1] - side / 2)
    shape = Circle(at, side / 2) if disc else Rectangle(corner, side, side)
    if not canvas.lit(part):
        fill, edge = PAPER, FAINT
    shape.set(facecolor=fill, edgecolor=edge, linewidth=1.5, hatch=hatch, zorder=ABOVE["boxes"])
    canvas.tag(shape, part)
    canvas.axes.add_patch(shape)


def gauge(canvas: Canvas, at: Point, size: Point, share: float) -> None:
    """Draw an upright bar that is filled up to a share, with a mark at one half.

    Below one half the filling is hatched and orange, above it plain and teal.

    Args:
        canvas: The drawing.
        at: Its centre.
        size: Width and height.
        share: 0 to 1.
    """
    (width, height), left, low = size, at[0] - size[0] / 2, at[1] - size[1] / 2
    full = Rectangle((left, low), width, height, facecolor=PANEL, edgecolor=INK, linewidth=1.4)
    level = Rectangle((left, low), width, height * share)
    if share < 0.5:
        level.set(facecolor=LOOKS["input"].fill, edgecolor=LOOKS["input"].edge, hatch="///")
    else:
        level.set(facecolor=SERIES[3], edgecolor=INK)
    for patch in (full, level):
        patch.set_zorder(ABOVE["boxes"])
        canvas.axes.add_patch(patch)
    canvas.wire([(left - 0.1, at[1]), (left + width + 0.1, at[1])], "", PLAIN, head=False)


def key(canvas: Canvas, right: float, words: str, kind: Wire) -> None:
    """Explain a kind of wire: a sample with words, in line with the title, never dimmed.

    Args:
        canvas: The drawing.
        right: Where the words end.
        words: What the wire means.
        kind: The kind of wire.
    """
    height = canvas.figure.get_figheight() - 0.24
    part = " ".join(canvas.highlight)
    canvas.text((right, height), words, part, size=SMALL_SIZE, align="right")
    left = right - 0.078 * len(words) - 0.62
    canvas.wire([(left, height), (left + 0.45, height)], part, kind, head=False)
