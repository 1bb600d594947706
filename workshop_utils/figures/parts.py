"""What the pieces of a diagram look like, and which names and numbers they accept.

Wires differ by weight and dash, boxes by the lightness of their fill, so that a
grey print loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures.style import INK

Point: TypeAlias = tuple[float, float]
Highlight: TypeAlias = str | Iterable[str] | None
Vector: TypeAlias = NDArray[np.float64]

#: A vector longer than this has no place on an arrow.
LARGEST_VECTOR = 3
CELL_WIDTH, CELL_HEIGHT = 0.52, 0.235
NODE_RADIUS = 0.165
CORNER = 0.1
#: How far above the baseline the middle of a capital letter lies, in ems.
MIDDLE = 0.36
TIMES, PLUS = "\N{MULTIPLICATION SIGN}", "+"
#: Drawing order: wires lie under boxes, and numbers on top of everything.
ABOVE = {"wires": 2.0, "boxes": 3.0, "texts": 5.0}


@dataclass(frozen=True)
class Wire:
    """How a kind of connection looks: by weight and dash, so that grey is enough."""

    width: float
    dash: str | tuple[float, tuple[float, ...]] = "-"
    colour: str = INK


#: The state that a module hands on without pressing it through a layer; the hidden state;
#: everything else that carries numbers; and a gate, which decides how much else passes.
LANE, STATE, PLAIN = Wire(6.0, colour="#10355f"), Wire(3.0), Wire(1.8)
GATE = Wire(2.2, (0, (2.2, 1.3)))


@dataclass(frozen=True)
class Look:
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


def chosen_parts(highlight: Highlight, known: Sequence[str]) -> frozenset[str]:
    """Return the parts to light up, after checking their names.

    Args:
        highlight: A name, several names, or None for all.
        known: The names that this drawing has.

    Returns:
        The names; empty when nothing is to be dimmed.

    Raises:
        ValueError: A name is not one of the known ones.
    """
    if highlight is None:
        return frozenset()
    names = frozenset([highlight] if isinstance(highlight, str) else highlight)
    if strangers := names - set(known):
        raise ValueError(
            f"This drawing has no part {', '.join(sorted(strangers))}; "
            f"highlight one or more of {', '.join(known)}."
        )
    return names


def vectors(values: Mapping[str, ArrayLike] | None, known: Sequence[str]) -> dict[str, Vector]:
    """Return the numbers to write on a drawing as small vectors.

    Args:
        values: Name to a number or a vector of 1 to 3 numbers; a batch axis of
            length 1 is dropped.
        known: The names that this drawing has.

    Returns:
        Name to a vector of shape (n,).

    Raises:
        ValueError: An unknown name, a longer vector, or state-sized vectors of
            different lengths.
    """
    found: dict[str, Vector] = {}
    for name, value in (values or {}).items():
        if name not in known:
            raise ValueError(f"No arrow is called {name!r}; give {', '.join(known)}.")
        vector = np.atleast_1d(np.squeeze(np.asarray(value, dtype=float)))
        if vector.ndim != 1 or not 1 <= vector.size <= LARGEST_VECTOR:
            raise ValueError(
                f"{name!r} has shape {np.shape(value)}; an arrow has room for one vector of 1 to "
                f"{LARGEST_VECTOR} numbers, so draw a module with that many units."
            )
        found[name] = vector
    sizes = {name: vector.size for name, vector in found.items() if name != "x"}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"All vectors but x have one number for each unit, not {sizes}.")
    return found


def rounded(corners: Sequence[Vector]) -> Path:
    """Return a path through the corners that takes each inner one as a small curve.

    Args:
        corners: Points of shape (2,), at least two.
    """
    points, codes = [corners[0]], [Path.MOVETO]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        inward, outward = before - corner, after - corner
        reach = min(CORNER, np.hypot(*inward) / 2, np.hypot(*outward) / 2)
        points += [
            corner + inward / np.hypot(*inward) * reach,
            corner,
            corner + outward / np.hypot(*outward) * reach,
        ]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*points, corners[-1]], [*codes, Path.LINETO])
