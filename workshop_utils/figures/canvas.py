"""A drawing surface for diagrams: boxes, wires, operations and vectors, placed by hand.

Every piece belongs to one or more named parts of the network; where a part is
highlighted, all pieces that do not belong to it are dimmed. A piece remembers
this in its ``gid``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle

from workshop_utils.figures.labels import written
from workshop_utils.figures.parts import (
    ABOVE,
    CELL_HEIGHT,
    CELL_WIDTH,
    LOOKS,
    MIDDLE,
    NODE_RADIUS,
    PLAIN,
    Point,
    Vector,
    Wire,
    rounded,
)
from workshop_utils.figures.style import (
    DIMMED_TEXT,
    FAINT,
    INK,
    MUTED,
    PANEL,
    PAPER,
    SMALL_SIZE,
    TEXT_SIZE,
    TITLE_SIZE,
    new_figure,
)


class Canvas:
    """A hand-placed drawing, measured in inches from the lower left corner.

    Attributes:
        figure: The Matplotlib figure.
        axes: Axes that fill the figure; one unit is one inch.
        highlight: Names of the parts in full colour; empty for all.
        lit_vectors: The vectors drawn in full colour, for the description.
        pieces: What was drawn, as plain data, from which a page draws the same again.
    """

    def __init__(self, width: float, height: float, highlight: frozenset[str] = frozenset()):
        self.figure = new_figure(width, height, layout=None)
        self.highlight = highlight
        self.lit_vectors: list[Vector] = []
        self.pieces: list[tuple[Any, ...]] = []
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.set_axis_off()

    def lit(self, part: str) -> bool:
        """Say whether a piece is in full colour; ``part`` may hold several names."""
        return not self.highlight or not self.highlight.isdisjoint(part.split())

    def tag(self, artist: Artist, part: str) -> None:
        """Write into a piece which parts it belongs to, and whether they are lit."""
        artist.set_gid(f"{'lit' if self.lit(part) else 'dim'}: {part}")

    def text(
        self,
        at: Point,
        words: str,
        part: str = "",
        *,
        size: float = TEXT_SIZE,
        colour: str = INK,
        bold: bool = False,
        align: str = "center",
    ) -> None:
        """Write words, vertically centred at a point.

        Args:
            at: The point.
            words: The text; ``$...$`` is set as mathematics.
            part: The parts that it belongs to, separated by spaces.
            size: Size in points.
            colour: Its colour unless dimmed.
            bold: Bold type.
            align: Horizontal alignment: left, center or right.
        """
        self.pieces.append(("text", *at, words, align))
        # Aligned by the baseline: a tilde or an index must not push a line up or down.
        piece = self.axes.text(
            at[0],
            at[1] - MIDDLE * size / 72,
            words,
            ha=align,
            va="baseline",
            size=size,
            weight="bold" if bold else "normal",
            color=colour if self.lit(part) else DIMMED_TEXT,
            zorder=ABOVE["texts"],
        )
        self.tag(piece, part)

    def title(self, words: str) -> None:
        """Write the title in the upper left corner, never dimmed."""
        height = self.figure.get_figheight()
        self.text(
            (0.15, height - 0.24),
            words,
            " ".join(self.highlight),
            size=TITLE_SIZE,
            bold=True,
            align="left",
        )

    def note(self, part: str) -> None:
        """Say beside the bus that the input and the previous hidden state are joined there."""
        words = "joined: $[x_t, h_{t-1}]$"
        self.text((1.62, 1.37), words, part, size=SMALL_SIZE, colour=MUTED, align="left")

    def frame(self, left: float, bottom: float, right: float, top: float) -> None:
        """Draw the pale panel that marks the inside of one module."""
        self.pieces.append(("frame", left, bottom, right, top))
        panel = FancyBboxPatch(
            (left, bottom),
            right - left,
            top - bottom,
            boxstyle="round,pad=0,rounding_size=0.15",
            facecolor=PANEL,
            edgecolor=FAINT,
            linewidth=1.2,
            zorder=0,
        )
        panel.set_gid("frame")
        self.axes.add_patch(panel)

    def box(
        self,
        at: Point,
        size: Point,
        lines: Sequence[str],
        part: str = "",
        look: str = "plain",
        *,
        bold: bool = True,
    ) -> None:
        """Draw a layer: a labelled box, its first line in bold.

        Args:
            at: The box' centre.
            size: Width and height.
            lines: One to three lines of text.
            part: The parts that it belongs to.
            look: A name of :data:`LOOKS`.
            bold: Write the first line in bold.
        """
        lit, colours = self.lit(part), LOOKS[look]
        (x, y), (width, height) = at, size
        title = lines[0] if lines else ""
        self.pieces.append(("box", x, y, width, height, colours.fill, colours.edge, title))
        body = FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.07",
            facecolor=colours.fill if lit else PAPER,
            edgecolor=colours.edge if lit else FAINT,
            linewidth=2.4 if lit and self.highlight else 1.6,
            zorder=ABOVE["boxes"],
        )
        self.tag(body, part)
        self.axes.add_patch(body)
        gap = 0.235
        for k, line in enumerate(lines):
            height_of_line = y + gap * ((len(lines) - 1) / 2 - k)
            self.text((x, height_of_line), line, part, bold=bold and k == 0)
        del self.pieces[len(self.pieces) - len(lines) :]

    def node(self, at: Point, symbol: str, part: str = "") -> None:
        """Draw a pointwise operation: a dark disc with its sign.

        Args:
            at: Its centre.
            symbol: One sign, for example a multiplication sign.
            part: The parts that it belongs to.
        """
        lit = self.lit(part)
        self.pieces.append(("node", *at, symbol))
        disc = Circle(
            at,
            NODE_RADIUS,
            facecolor=INK if lit else PAPER,
            edgecolor=INK if lit else FAINT,
            linewidth=1.4,
            zorder=ABOVE["boxes"],
        )
        self.tag(disc, part)
        self.axes.add_patch(disc)
        lowered = (at[0], at[1] + 0.045 * 15 / 72)  # signs sit lower than capitals
        self.text(lowered, symbol, part, size=15, colour=PAPER, bold=True)
        del self.pieces[-1]

    def capsule(self, at: Point, words: str, part: str = "", *, width: float = 0.62) -> None:
        """Draw a function that acts on each number by itself and has no weights."""
        lit = self.lit(part)
        self.pieces.append(("capsule", *at, width))
        body = FancyBboxPatch(
            (at[0] - width / 2, at[1] - 0.14),
            width,
            0.28,
            boxstyle="round,pad=0,rounding_size=0.14",
            facecolor=PAPER,
            edgecolor=INK if lit else FAINT,
            linewidth=1.6,
            zorder=ABOVE["boxes"],
        )
        self.tag(body, part)
        self.axes.add_patch(body)
        self.text(at, words, part)

    def wire(
        self, points: Sequence[Point], part: str = "", kind: Wire = PLAIN, *, head: bool = True
    ) -> None:
        """Draw a connection along straight pieces with rounded corners.

        Args:
            points: Corners, from its source to its target.
            part: The parts that it belongs to.
            kind: Its weight, dash and colour.
            head: Put an arrow head at the target.
        """
        lit = self.lit(part)
        colour = kind.colour if lit else FAINT
        dashed = int(kind.dash != "-")
        self.pieces.append(("wire", list(points), kind.width, dashed, kind.colour, int(head), part))
        corners = [np.asarray(point, dtype=float) for point in points]
        forward = corners[-1] - corners[-2]
        forward = forward / np.hypot(*forward)
        length = 0.1 + 0.022 * kind.width
        tip = corners[-1]
        if head:
            corners[-1] = tip - forward * length * 0.9
        line = PathPatch(
            rounded(corners),
            fill=False,
            edgecolor=colour,
            linewidth=kind.width,
            linestyle=kind.dash,
            capstyle="butt",
            joinstyle="round",
            zorder=ABOVE["wires"] if lit else ABOVE["wires"] - 0.5,
        )
        self.tag(line, part)
        self.axes.add_patch(line)
        if head:
            aside = np.array([-forward[1], forward[0]]) * length * 0.55
            back = tip - forward * length
            arrow = Polygon(
                [tip, back + aside, back - aside],
                closed=True,
                facecolor=colour,
                linewidth=0,
                zorder=ABOVE["wires"] + 0.5,
            )
            self.tag(arrow, part)
            self.axes.add_patch(arrow)

    def dot(self, at: Point, part: str = "") -> None:
        """Mark where one wire leaves another."""
        self.pieces.append(("dot", *at))
        disc = Circle(at, 0.06, facecolor=INK if self.lit(part) else FAINT, zorder=ABOVE["boxes"])
        self.tag(disc, part)
        self.axes.add_patch(disc)

    def vector(self, at: Point, values: Vector | None, part: str = "", edge: str = MUTED) -> None:
        """Draw a column of numbers, one cell a unit, centred at a point.

        Args:
            at: Its centre.
            values: Shape (n,); None draws nothing.
            part: The parts that it belongs to.
            edge: Colour of the cells' edges.
        """
        if values is None:
            return
        lit = self.lit(part)
        if lit:
            self.lit_vectors.append(values)
        top = at[1] + CELL_HEIGHT * len(values) / 2
        for k, value in enumerate(values):
            cell = Rectangle(
                (at[0] - CELL_WIDTH / 2, top - CELL_HEIGHT * (k + 1)),
                CELL_WIDTH,
                CELL_HEIGHT,
                facecolor=PAPER,
                edgecolor=edge if lit else FAINT,
                linewidth=1.0,
                zorder=ABOVE["texts"] - 1,
            )
            self.tag(cell, part)
            self.axes.add_patch(cell)
            middle = (at[0], top - CELL_HEIGHT * (k + 0.5))
            self.text(middle, written(value, 2), part, size=SMALL_SIZE)
        self.pieces[len(self.pieces) - len(values) :] = [("vector", *at, values)]
