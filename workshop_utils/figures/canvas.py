"""A drawing surface for diagrams: boxes, wires, operations and vectors, placed by hand.

Every piece belongs to one or more named parts of the network; where a part is
highlighted, all pieces that do not belong to it are dimmed. A piece remembers
this in its ``gid``. What was drawn is kept as plain data too, from which a page
draws the same again as SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, Patch, PathPatch, Polygon, Rectangle

from workshop_utils.figures import style
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


class Canvas:
    """A hand-placed drawing, measured in inches from the lower left corner.

    Attributes:
        figure: The Matplotlib figure.
        axes: Axes that fill the figure; one unit is one inch.
        highlight: Names of the parts in full colour; empty for all.
        pieces: What was drawn: kind, whether it is lit, and its numbers and words.
    """

    def __init__(self, width: float, height: float, highlight: frozenset[str] = frozenset()):
        self.figure = style.new_figure(width, height)
        self.figure.set_layout_engine("none")  # every piece is placed by hand
        self.highlight = highlight
        self.pieces: list[tuple[Any, ...]] = []
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.set_axis_off()

    def lit(self, part: str) -> bool:
        """Say whether a piece is in full colour; ``part`` may hold several names."""
        return not self.highlight or not self.highlight.isdisjoint(part.split())

    def _keep(self, kind: str, part: str, *what: Any) -> None:
        self.pieces.append((kind, int(self.lit(part)), *what))

    def _add(self, patch: Patch, part: str, level: float) -> None:
        """Put a shape on the drawing, marked with its parts and whether they are lit."""
        patch.set_gid(f"{'lit' if self.lit(part) else 'dim'}: {part}")
        patch.set_zorder(level)
        self.axes.add_patch(patch)

    def _round(self, at: Point, size: Point, radius: float, part: str, **look: Any) -> None:
        """Draw a box with round corners around a point."""
        corner = (at[0] - size[0] / 2, at[1] - size[1] / 2)
        rounding = f"round,pad=0,rounding_size={radius}"
        self._add(FancyBboxPatch(corner, *size, boxstyle=rounding, **look), part, ABOVE["boxes"])

    def text(
        self,
        at: Point,
        words: str,
        part: str,
        *,
        size: float = style.TEXT_SIZE,
        colour: str = style.INK,
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
        colour = colour if self.lit(part) else style.DIMMED_TEXT
        self._keep("text", part, *at, words, size, colour, int(bold), align)
        # Aligned by the baseline: a tilde or an index must not push a line up or down.
        piece = self.axes.text(at[0], at[1] - MIDDLE * size / 72, words, ha=align, va="baseline")
        piece.set(size=size, weight="bold" if bold else "normal", color=colour)
        piece.set(zorder=ABOVE["texts"], gid=f"{'lit' if self.lit(part) else 'dim'}: {part}")

    def title(self, words: str) -> None:
        """Write the title in the upper left corner, never dimmed."""
        at = (0.15, self.figure.get_figheight() - 0.24)
        self.text(
            at, words, " ".join(self.highlight), size=style.TITLE_SIZE, bold=True, align="left"
        )

    def key(self, right: float, words: str, kind: Wire) -> None:
        """Explain a kind of wire: a sample with words, in line with the title, never dimmed."""
        height = self.figure.get_figheight() - 0.24
        part = " ".join(self.highlight)
        self.text((right, height), words, part, size=style.SMALL_SIZE, align="right")
        left = right - 0.078 * len(words) - 0.62
        self.wire([(left, height), (left + 0.45, height)], part, kind, head=False)

    def frame(self, left: float, bottom: float, right: float, top: float) -> None:
        """Draw the pale panel that marks the inside of one module."""
        self._keep("frame", "", left, bottom, right, top)
        at = ((left + right) / 2, (bottom + top) / 2)
        size = (right - left, top - bottom)
        self._round(at, size, 0.15, "", facecolor=style.PANEL, edgecolor=style.FAINT, linewidth=1.2)
        self.axes.patches[-1].set(zorder=0, gid="frame")

    def box(
        self, at: Point, size: Point, lines: Sequence[str], part: str, look: str = "plain"
    ) -> None:
        """Draw a layer: a labelled box, its first line in bold.

        Args:
            at: The box' centre.
            size: Width and height.
            lines: Up to three lines of text.
            part: The parts that it belongs to.
            look: A name of :data:`LOOKS`.
        """
        lit = self.lit(part)
        (fill, edge) = LOOKS[look]
        fill, edge = (fill, edge) if lit else (style.PAPER, style.FAINT)
        self._keep("box", part, *at, *size, fill, edge)
        width = 2.4 if lit and self.highlight else 1.6
        self._round(at, size, 0.07, part, facecolor=fill, edgecolor=edge, linewidth=width)
        for k, line in enumerate(lines):
            height = at[1] + 0.235 * ((len(lines) - 1) / 2 - k)
            self.text((at[0], height), line, part, bold=k == 0)

    def node(self, at: Point, symbol: str, part: str) -> None:
        """Draw a pointwise operation: a dark disc with its sign."""
        fill, edge = (style.INK, style.INK) if self.lit(part) else (style.PAPER, style.FAINT)
        self._keep("node", part, *at, fill, edge)
        disc = Circle(at, NODE_RADIUS, facecolor=fill, edgecolor=edge, linewidth=1.4)
        self._add(disc, part, ABOVE["boxes"])
        lowered = (at[0], at[1] + 0.045 * 15 / 72)  # signs sit lower than capitals
        self.text(lowered, symbol, part, size=15, colour=style.PAPER, bold=True)

    def capsule(self, at: Point, words: str, part: str) -> None:
        """Draw a function that acts on each number by itself and has no weights."""
        edge = style.INK if self.lit(part) else style.FAINT
        self._keep("capsule", part, *at, 0.62, edge)
        self._round(
            at, (0.62, 0.28), 0.14, part, facecolor=style.PAPER, edgecolor=edge, linewidth=1.6
        )
        self.text(at, words, part)

    def wire(
        self, points: Sequence[Point], part: str, kind: Wire = PLAIN, *, head: bool = True
    ) -> None:
        """Draw a connection along straight pieces with rounded corners.

        Args:
            points: Corners, from its source to its target.
            part: The parts that it belongs to.
            kind: Its weight, dash and colour.
            head: Put an arrow head at the target.
        """
        colour = kind.colour if self.lit(part) else style.FAINT
        dashed = int(kind.dash != "-")
        self._keep("wire", part, list(points), kind.width, dashed, colour, int(head))
        level = ABOVE["wires"] - (0 if self.lit(part) else 0.5)
        corners = [np.asarray(point, dtype=float) for point in points]
        forward = corners[-1] - corners[-2]
        forward = forward / np.hypot(*forward)
        length = 0.1 + 0.022 * kind.width
        tip = corners[-1]
        if head:
            corners[-1] = tip - forward * length * 0.9
            aside = np.array([-forward[1], forward[0]]) * length * 0.55
            back = tip - forward * length
            arrow = Polygon([tip, back + aside, back - aside], facecolor=colour, linewidth=0)
            self._add(arrow, part, ABOVE["wires"] + 0.5)
        line = PathPatch(rounded(corners), fill=False, edgecolor=colour, linewidth=kind.width)
        line.set(linestyle=kind.dash, capstyle="butt", joinstyle="round")
        self._add(line, part, level)

    def dot(self, at: Point, part: str) -> None:
        """Mark where one wire leaves another."""
        colour = style.INK if self.lit(part) else style.FAINT
        self._keep("dot", part, *at, colour)
        self._add(Circle(at, 0.06, facecolor=colour), part, ABOVE["boxes"])

    def vector(self, at: Point, values: Vector | None, part: str) -> None:
        """Draw a column of numbers of shape (n,), centred at a point; without numbers nothing."""
        if values is None:
            return
        edge = style.MUTED if self.lit(part) else style.FAINT
        self._keep("vector", part, *at, values, edge)
        top = at[1] + CELL_HEIGHT * len(values) / 2
        for k, value in enumerate(values):
            corner = (at[0] - CELL_WIDTH / 2, top - CELL_HEIGHT * (k + 1))
            cell = Rectangle(corner, CELL_WIDTH, CELL_HEIGHT, facecolor=style.PAPER, edgecolor=edge)
            self._add(cell, part, ABOVE["texts"] - 1)
            middle = (at[0], top - CELL_HEIGHT * (k + 0.5))
            self.text(middle, written(value, 2), part, size=style.SMALL_SIZE)
