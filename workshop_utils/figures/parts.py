"""What the pieces of a diagram look like, and which numbers they accept.

Wires differ by weight and dash, boxes by the lightness of their fill, so that a
grey print loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures.style import INK

Point: TypeAlias = tuple[float, float]
Vector: TypeAlias = NDArray[np.float64]

#: A vector longer than this has no place on an arrow.
LARGEST_VECTOR = 3
CELL_WIDTH = 0.52
CELL_HEIGHT = 0.235
NODE_RADIUS = 0.165
CORNER = 0.1
#: How far above the baseline the middle of a capital letter lies, in ems.
MIDDLE = 0.36
TIMES = "\N{MULTIPLICATION SIGN}"
PLUS = "+"
#: Drawing order: wires lie under boxes, and numbers on top of everything.
ABOVE = {"wires": 2.0, "boxes": 3.0, "texts": 5.0}


class Wire(NamedTuple):
    """How a kind of connection looks: by weight and dash, so that grey is enough."""

    width: float
    dash: str | tuple[float, tuple[float, ...]] = "-"
    colour: str = INK


#: The state that a module hands on without pressing it through a layer; the hidden state;
#: everything else that carries numbers; and a gate, which decides how much else passes.
LANE = Wire(6.0, colour="#10355f")
STATE = Wire(3.0)
PLAIN = Wire(1.8)
GATE = Wire(2.2, (0, (2.2, 1.3)))


class Look(NamedTuple):
    """Fill and edge of a layer's box; fills differ in lightness as well as in hue."""

    fill: str
    edge: str


LOOKS = {
    "forget": Look("#cfe0f2", "#10355f"),
    "input": Look("#f2bf92", "#a8440a"),
    "candidate": Look("#f4ecf8", "#7a2f94"),
    "output": Look("#8ac0b8", "#0b5f5b"),
    "plain": Look("#e9edf2", INK),
}


def vector(values: ArrayLike) -> Vector:
    """Return numbers to write on an arrow, after checking that there is room for them.

    Raises:
        ValueError: It is no vector of 1 to 3 numbers.
    """
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or not 1 <= numbers.size <= LARGEST_VECTOR:
        raise ValueError(
            f"An arrow has room for a vector of 1 to {LARGEST_VECTOR} numbers, not for shape "
            f"{numbers.shape}; draw a module with that many units."
        )
    return numbers


def rounded(corners: Sequence[Vector]) -> Path:
    """Return a path through points of shape (2,) that takes each inner one as a small curve."""
    points = [corners[0]]
    codes = [Path.MOVETO]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        inward = before - corner
        outward = after - corner
        reach = min(CORNER, np.hypot(*inward) / 2, np.hypot(*outward) / 2)
        points += [
            corner + inward / np.hypot(*inward) * reach,
            corner,
            corner + outward / np.hypot(*outward) * reach,
        ]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*points, corners[-1]], [*codes, Path.LINETO])
