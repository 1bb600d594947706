"""The gate explorer: the module drawing with sliders, computed anew while they are dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.live import short, show_live
from workshop_utils.figures.lstm import LAYERS, drawn
from workshop_utils.figures.parts import LOOKS, PLUS, TIMES, vector
from workshop_utils.figures.style import INK, MUTED, NEGATIVE_BAR, PAPER, POSITIVE_BAR

GATES = ("forget", "input", "output")
#: Height of a row of numbers, in inches.
ROW = 0.3
#: What stands at a place of the picture, from left to right, and where it stands here: columns
#: of numbers are wider, so the output gate and the right end move out of their way.
PLACES = (0.0, 2.0, 2.4, 6.0, 6.3, 6.7, 7.4, 7.6, 8.07, 8.45, 8.66, 8.95, 9.5)
MOVED = (0.0, 1.98, 2.4, 6.0, 6.43, 6.85, 7.4, 7.6, 8.16, 8.6, 8.7, 9.12, 9.6)
#: Size of letters, in pixels of a drawing that is 893 wide.
TYPE = 23
#: How words look where nothing else is said: colour, bold, anchor, size.
_LOOK: tuple[Any, ...] = (INK, 0, "middle", TYPE)
_STATES = ("x", "hidden_previous", "cell_previous")


def gate_explorer(
    cell: Any,
    start: Mapping[str, ArrayLike],
    caption: str,
    *,
    features: Sequence[str],
    units: Sequence[str],
    tries: Mapping[str, Mapping[str, float]],
) -> None:
    """Show one step of an LSTM with a slider for each number that goes into it.

    The drawing and its equations follow while a slider is dragged, without a kernel.

    Args:
        cell: A :class:`workshop_utils.cells.LSTMCell` with one to three units and features.
        start: Numbers to begin with: ``x``, ``hidden_previous`` and ``cell_previous``.
        caption: One sentence of at most 25 words that says what to notice.
        features: Name of each number of the input.
        units: Name of each unit.
        tries: Words on a button to what it adds to the bias of gates, for example
            ``{"Open the forget gate": {"forget": 6}}``.

    Raises:
        KeyError: A start value is missing.
        ValueError: A size does not fit.
    """
    values = {name: vector(start[name]) for name in _STATES}
    x, h, c = values.values()
    step = cell.trace(x, h, c)
    values |= {name: getattr(step, f"{name}_gate") for name in GATES}
    values |= {"candidate": step.candidate, "cell": step.cell_state, "hidden": step.hidden_state}
    canvas, told, known = drawn(values)
    data = {
        "cell": {
            "kernel": np.asarray(cell.kernel).tolist(),
            "recurrent": np.asarray(cell.recurrent_kernel).tolist(),
            "bias": np.asarray(cell.bias, dtype=float).tolist(),
        },
        "start": {"x": x.tolist(), "h": h.tolist(), "c": c.tolist()},
        "features": list(features),
        "units": list(units),
        "tries": {words: dict(changes) for words, changes in tries.items()},
        "fills": {name: LOOKS[name].fill for name in GATES},
        "positive": POSITIVE_BAR,
        "negative": NEGATIVE_BAR,
        **_geometry(canvas, known, features, units),
    }
    drawing = Drawing(canvas.figure, f"Before a slider is moved: {told}")
    show_live(drawing, caption, "explorer", ("pieces", "explorer"), data)


def _geometry(
    canvas: Canvas, known: Mapping[str, NDArray[Any]], features: Sequence[str], units: Sequence[str]
) -> dict[str, Any]:
    """Return the pieces of the module drawing, with names for the rows of numbers.

    Type is larger than in the picture, so that a phone shows it large enough.
    """
    height = canvas.figure.get_figheight()
    pieces = list[Any]()

    def write(x: float, y: float, words: str, *look: Any) -> None:
        colour, bold, anchor, size = [*look, *_LOOK[len(look) :]]
        # A long word is pressed to the width of its box.
        widest = 112 if bold and len(words) > 8 else 0
        pieces.append(["text", x, y, words, size, colour, bold, anchor, widest])

    for kind, _, *rest in canvas.pieces:
        if kind == "vector":
            x, y, values, _ = rest
            name = next(name for name, vector in known.items() if vector is values)
            pieces.append([kind, _moved(x), y, name, len(values)])
            rows = {"x": features, "cell_previous": units}.get(name, ())
            for k, words in enumerate(rows):
                # Beside the word's numbers, and above and below the lane of the cell state.
                lower = ROW * (k - (len(rows) - 1) / 2) * (1.0 if name == "x" else 1.25)
                write(x + (0.46 if name == "x" else 0.62), y - lower, words, MUTED, 0, "start")
        elif kind == "wire":
            points, *look = rest
            if points[0][1] < height - 0.4:  # the key stands above what is shown
                pieces.append([kind, [[_moved(x), y] for x, y in points], *look])
        elif kind == "frame":
            left, bottom, right, top, *look = rest
            pieces.append([kind, left, bottom, _moved(right), top, *look])
        elif kind == "capsule":  # wide enough for its word
            pieces.append([kind, *rest[:2], 0.74, *rest[3:]])
        elif kind != "text":
            pieces.append([kind, _moved(rest[0]), *rest[1:]])
        elif (words := rest[2]) in (TIMES, PLUS):
            write(*rest[:3], PAPER, 1, "middle", 28)
        elif words.startswith("$") and words.endswith("$"):
            up, aside = (0.0, -0.12) if "x_t" in words else (0.13, 0.0)
            write(_moved(rest[0]) + aside, rest[1] + up, words, INK, 0, "middle", TYPE + 2)
        elif words in ("tanh", "cell state"):
            write(*rest[:3], rest[4])
        elif words.endswith((" gate", "candidate")):
            lines = words.split()
            for k, line in enumerate(lines):
                middle = LAYERS - 1.15 * TYPE / 96 * (k - (len(lines) - 1) / 2)
                write(_moved(rest[0]), middle, line, INK, 1)
    for piece in pieces:  # the script knows how most pieces end
        while piece[0] in ("text", "wire") and piece[-1] in (INK, 0, "middle"):
            piece.pop()
    return {"pieces": short(pieces), "height": height, "view": [0.12, 0.35, 9.42, height - 0.33]}


def _moved(x: float) -> float:
    """Return where that stands which the picture has at ``x``."""
    return float(np.interp(x, PLACES, MOVED))
