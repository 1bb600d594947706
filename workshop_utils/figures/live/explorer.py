"""The gate explorer: the module drawing with sliders, computed anew while they are dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.live import show_live
from workshop_utils.figures.lstm import drawn
from workshop_utils.figures.parts import LANE, LOOKS, vectors
from workshop_utils.figures.style import MUTED, NEGATIVE_BAR, POSITIVE_BAR

GATES = ("forget", "input", "output")
#: Height of a row of numbers, in inches, and where the drawing's right end begins.
ROW, RIGHT_END = 0.3, 8.8
_STATES = ("x", "hidden_previous", "cell_previous")


class Cell(Protocol):
    """An LSTM cell with its gates in the order of Keras; ``cells.LSTMCell`` is one."""

    @property
    def kernel(self) -> NDArray[Any]:
        """Weights of the input, shape (features, 4 * units)."""

    @property
    def recurrent_kernel(self) -> NDArray[Any]:
        """Weights of the hidden state, shape (units, 4 * units)."""

    @property
    def bias(self) -> NDArray[Any]:
        """Shape (4 * units,)."""

    def trace(self, inputs: Any, hidden_state: Any, cell_state: Any, /) -> Any:
        """Return every value of one step."""


def gate_explorer(
    cell: Cell,
    start: Mapping[str, ArrayLike],
    caption: str,
    *,
    features: Sequence[str],
    units: Sequence[str],
    tries: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Show one step of an LSTM with a slider for each number that goes into it.

    The drawing and its equations follow while a slider is dragged, without a kernel.

    Args:
        cell: The cell, with one to three units and features.
        start: Numbers to begin with: ``x``, ``hidden_previous`` and ``cell_previous``.
        caption: One sentence of at most 25 words that says what to notice.
        features: Name of each number of the input.
        units: Name of each unit.
        tries: Words on a button to what it adds to the bias of gates, for example
            ``{"Open the forget gate": {"forget": 6}}``.

    Raises:
        ValueError: A name is missing or unknown, or a size does not fit.
    """
    if set(start) != set(_STATES):
        raise ValueError(f"start has {', '.join(start)}; give {', '.join(_STATES)}.")
    wanted = {name for changes in (tries or {}).values() for name in changes}
    if strangers := wanted - set(GATES):
        raise ValueError(f"{', '.join(sorted(strangers))} is no gate; name {', '.join(GATES)}.")
    given = vectors(start, _STATES)
    x, h, c = (given[name] for name in _STATES)
    weights = [np.asarray(part, dtype=float) for part in (cell.kernel, cell.recurrent_kernel)]
    if not (len(x) == len(features) == len(weights[0]) and len(c) == len(units) == len(weights[1])):
        raise ValueError(
            f"The cell has {len(weights[0])} features and {len(weights[1])} units; give as many "
            "names and start values."
        )
    step = cell.trace(x, h, c)
    values = dict(zip(_STATES, (x, h, c), strict=True))
    for name in ("forget", "input", "output"):
        values[name] = getattr(step, f"{name}_gate")
    values |= {"candidate": step.candidate, "cell": step.cell_state, "hidden": step.hidden_state}
    canvas, told, known = drawn(values)
    data = {
        "cell": {
            "kernel": weights[0].tolist(),
            "recurrent": weights[1].tolist(),
            "bias": np.asarray(cell.bias, dtype=float).tolist(),
        },
        "start": {"x": x.tolist(), "h": h.tolist(), "c": c.tolist()},
        "features": list(features),
        "units": list(units),
        "tries": {words: dict(changes) for words, changes in (tries or {}).items()},
        "fills": {name: LOOKS[name].fill for name in GATES},
        "positive": POSITIVE_BAR,
        "negative": NEGATIVE_BAR,
        **_geometry(canvas, known, features, units),
    }
    drawing = Drawing(canvas.figure, f"Before a slider is moved: {told}")
    show_live(drawing, caption, "explorer", ("explorer",), data)


def _geometry(
    canvas: Canvas, known: Mapping[str, NDArray[Any]], features: Sequence[str], units: Sequence[str]
) -> dict[str, Any]:
    """Return the pieces of the module drawing, with names for the rows of numbers.

    Type is larger than in the picture, so that a phone shows it large enough. The columns
    of numbers grow with it: those at the right end move out of the arrows' way.
    """
    height, pieces = canvas.figure.get_figheight(), []
    for kind, *rest in canvas.pieces:
        if kind == "text" and rest[2].startswith("$"):
            x, y, words, _ = rest
            # Above its column, or to the left of it.
            x, y = (x - 0.12, y) if "x_t" in words else (x, y + 0.13)
            pieces.append(["symbol", *_moved(x, y), plain_symbol(words)])
        elif kind == "text" and rest[2] == "cell state":
            pieces.append(["words", *rest[:3], LANE.colour, "middle"])
        elif kind == "vector":
            x, y, values = rest
            name = next(name for name, vector in known.items() if vector is values)
            pieces.append([kind, *_moved(x, y), name, len(values)])
            if name in ("x", "cell_previous"):
                rows = features if name == "x" else units
                for k, words in enumerate(rows):
                    lower = ROW * (k - (len(rows) - 1) / 2)
                    # Beside the lane, not on it.
                    lower *= 1.0 if name == "x" else 1.25
                    pieces.append(["words", x + 0.46, y - lower, words, MUTED, "start"])
        elif kind == "wire":
            pieces.append([kind, *rest[:-1]])
        elif kind != "text":
            pieces.append([kind, *rest])
    return {"pieces": pieces, "height": height, "view": [0.12, 0.35, 9.42, height - 0.4]}


def plain_symbol(words: str) -> str:
    """Turn a symbol in mathematics, such as ``$C_{t-1}$``, into ``C_t-1``."""
    return words.strip("$").replace("\\tilde{C}", "C\u0303").replace("{", "").replace("}", "")


def _moved(x: float, y: float) -> tuple[float, float]:
    """Return where a column of numbers stands once it is wider."""
    return (x + 0.12 if x > RIGHT_END else x + 0.06 if x > 8.0 else x), y
