"""The gate explorer: sliders for one step of an LSTM, and the drawing that follows them.

It works with ipywidgets 7 (Colab) and 8 (JupyterLab). The drawing is an image
inside the widget, not an output of the cell, so that the cell's stored outputs
are the same on every run. The same output also carries the picture at the
start positions: a page without a kernel (GitHub, an HTML report) shows that.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import LSTMCell, LSTMStep
from workshop_utils.figures import Drawing, lstm_module
from workshop_utils.figures.drawing import png_bytes, shown_size
from workshop_utils.widgets.output import publish

GATES = ("forget", "input", "output")
"""The gates whose bias a slider shifts."""

Vector: TypeAlias = npt.NDArray[np.float64]

#: The layers in the order in which they are explained: name, symbol, function.
_LAYERS = (
    ("forget_gate", "f", "sigmoid"),
    ("input_gate", "i", "sigmoid"),
    ("candidate", "candidate", "tanh"),
    ("output_gate", "o", "sigmoid"),
)
_PEEPHOLES = {"input": 0, "forget": 1, "output": 2}
_TIMES, _MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"
_STATE_NAMES = {"x": "input x", "h": "hidden state h", "C": "cell state C"}
_LARGEST_STATE = 2.0
_LARGEST_BIAS = 6.0


def gate_explorer(cell: LSTMCell, start: Mapping[str, float] | None = None) -> None:
    """Show one step of an LSTM with sliders for what goes in and for the gates' biases.

    Where no widget can run (no ipywidgets, no notebook), the drawing at the
    start positions is shown alone.

    Args:
        cell: A cell with 1 to 3 features and 1 to 3 units.
        start: Positions that differ from 0, by the names of :func:`slider_names`,
            for example ``{"x1": 1.0, "C2": -0.5, "forget": 2.0}``.

    Raises:
        ValueError: The cell is too large to draw, or a name or a position is
            not one that a slider has.
    """
    settings = start_settings(cell, start)
    drawing = draw_step(cell, settings, prefix="The gate explorer before a slider is moved")
    publish(drawing, lambda ipywidgets: _build(ipywidgets, cell, settings))


def slider_names(cell: LSTMCell) -> list[str]:
    """Return the names of the sliders: inputs, states of the step before, gates.

    Args:
        cell: The cell to explore.

    Returns:
        For two features and units: x1, x2, h1, h2, C1, C2, forget, input, output.

    Raises:
        ValueError: The cell is too large to draw.
    """
    if not 1 <= cell.features <= 3 or not 1 <= cell.units <= 3 or cell.coupled:
        raise ValueError(
            "The explorer draws an LSTM with 1 to 3 features and 1 to 3 units and a forget gate "
            f"of its own, not one with {cell.features} features and {cell.units} units"
            f"{' and coupled gates' if cell.coupled else ''}."
        )
    inputs = [f"x{k}" for k in range(1, cell.features + 1)]
    states = [f"{name}{k}" for name in "hC" for k in range(1, cell.units + 1)]
    return [*inputs, *states, *GATES]


def start_settings(cell: LSTMCell, start: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return a position for every slider: the one given, else 0.

    Args:
        cell: The cell to explore.
        start: Positions by name.

    Raises:
        ValueError: A name that no slider has, or a position outside its range.
    """
    settings = dict.fromkeys(slider_names(cell), 0.0)
    for name, value in (start or {}).items():
        if name not in settings:
            raise ValueError(f"No slider is called {name!r}; there are {', '.join(settings)}.")
        if not abs(value) <= _limit(name):
            limit = _limit(name)
            raise ValueError(f"The slider {name} goes from {-limit:g} to {limit:g}, not {value}.")
        settings[name] = float(value)
    return settings


def step_with(cell: LSTMCell, settings: Mapping[str, float]) -> LSTMStep:
    """Take the step that the sliders describe.

    Args:
        cell: The cell; a gate's slider is added to the bias of that gate in all units.
        settings: A position for every name of :func:`slider_names`.

    Returns:
        Every value of the step, each of shape (units,).
    """
    bias = cell.bias.copy()
    for gate in GATES:
        bias[cell.columns(f"{gate}_gate")] += settings[gate]
    moved = replace(cell, bias=bias)
    return moved.trace(*(_vector(settings, name) for name in "xhC"))


def draw_step(cell: LSTMCell, settings: Mapping[str, float], *, prefix: str = "") -> Drawing:
    """Draw the step that the sliders describe, with its numbers on every arrow.

    Args:
        cell: As in :func:`step_with`.
        settings: As in :func:`step_with`.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing of the LSTM module.
    """
    step = step_with(cell, settings)
    return lstm_module(
        {
            "x": _vector(settings, "x"),
            "hidden_previous": _vector(settings, "h"),
            "cell_previous": _vector(settings, "C"),
            "forget": step.forget_gate,
            "input": step.input_gate,
            "candidate": step.candidate,
            "output": step.output_gate,
            "cell": step.cell_state,
            "hidden": step.hidden_state,
        },
        prefix=prefix,
    )


def equations(cell: LSTMCell, settings: Mapping[str, float]) -> list[str]:
    """Write the equations of the step with their numbers: four layers and two states a unit.

    In each bracket of a layer stand what comes from the input, what comes from the
    hidden state, the bias with its slider, and with peepholes what comes from the
    cell state.

    Args:
        cell: As in :func:`step_with`.
        settings: As in :func:`step_with`.

    Returns:
        Six lines a unit, such as ``f = sigmoid(0.50 + 0.10 + 1.00) = sigmoid(1.60) = 0.83``
        and ``C = 0.83 x 0.50 + 0.02 x -0.10 = 0.41``; a blank line between units.
    """
    step, addends = step_with(cell, settings), _addends(cell, settings)
    lines: list[str] = []
    for k in range(cell.units):
        i, f, candidate, o, new, h = (_number(values[k]) for values in step)
        old = _number(settings[f"C{k + 1}"])
        lines += ["", f"unit {k + 1}"] if lines else [f"unit {k + 1}"]
        for block, symbol, squash in _LAYERS:
            terms = addends[block][:, k]
            inside = " + ".join(map(_number, terms)).replace(f"+ {_MINUS}", f"{_MINUS} ")
            result = _number(getattr(step, block)[k])
            lines.append(
                f"{symbol} = {squash}({inside}) = {squash}({_number(terms.sum())}) = {result}"
            )
        lines.append(f"C = {f} {_TIMES} {old} + {i} {_TIMES} {candidate} = {new}")
        lines.append(f"h = {o} {_TIMES} tanh({new}) = {h}")
    return lines


def _addends(cell: LSTMCell, settings: Mapping[str, float]) -> dict[str, Vector]:
    """Return what is added in each layer: (3 or 4, units), in the order of the equations."""
    x, h, old = (_vector(settings, name) for name in "xhC")
    parts = [x @ cell.kernel, h @ cell.recurrent_kernel, cell.bias]
    found = {}
    for block, *_ in _LAYERS:
        rows = [part[cell.columns(block)] for part in parts]
        gate = block.removesuffix("_gate")
        if gate in GATES:
            rows[2] = rows[2] + settings[gate]
            if cell.peepholes is not None:
                # The output gate looks at the new cell state, the others at the old one.
                seen = step_with(cell, settings).cell_state if gate == "output" else old
                rows.append(cell.peepholes[_PEEPHOLES[gate]] * seen)
        found[block] = np.stack(rows)
    return found


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", _MINUS)


def _vector(settings: Mapping[str, float], name: str) -> Vector:
    """Return the sliders x1, x2, ... as one vector."""
    keys = sorted(key for key in settings if key[:1] == name and key[1:].isdigit())
    return np.array([settings[key] for key in keys], dtype=np.float64)


def _limit(name: str) -> float:
    """Return the largest position of a slider; a hidden state never leaves -1 to 1."""
    if name in GATES:
        return _LARGEST_BIAS
    return _LARGEST_STATE if name.startswith("C") else 1.0


def _build(ipywidgets: Any, cell: LSTMCell, settings: Mapping[str, float]) -> Any:
    """Make the sliders, the picture and the equations."""
    sliders = {name: _slider(ipywidgets, name, value) for name, value in settings.items()}
    picture = ipywidgets.Image(format="png", layout=ipywidgets.Layout(max_width="100%"))
    text = ipywidgets.HTML()

    def follow(**positions: float) -> None:
        drawing = draw_step(cell, positions)
        picture.width = str(shown_size(drawing.figure)[0])
        picture.value = png_bytes(drawing.figure)
        text.value = _as_html(equations(cell, positions), drawing.alt)

    # The output stays empty; it is there to show an error, should one occur.
    errors = ipywidgets.interactive_output(follow, sliders)
    return ipywidgets.VBox([_panel(ipywidgets, sliders), picture, text, errors])


def _slider(ipywidgets: Any, name: str, value: float) -> Any:
    limit = _limit(name)
    return ipywidgets.FloatSlider(
        value=value,
        min=-limit,
        max=limit,
        step=limit / 20,
        description=f"{name} gate" if name in GATES else name,
        readout_format=".2f",
        # A picture takes a third of a second, so it follows when the slider is let go.
        continuous_update=False,
    )


def _panel(ipywidgets: Any, sliders: Mapping[str, Any]) -> Any:
    """Put the sliders side by side: inputs, hidden state, cell state, gates."""
    columns = []
    for name, words in _STATE_NAMES.items():
        group = [slider for key, slider in sliders.items() if key not in GATES and key[0] == name]
        columns.append(ipywidgets.VBox([ipywidgets.HTML(f"<b>{words}</b>"), *group]))
    gates = [sliders[gate] for gate in GATES]
    columns.append(ipywidgets.VBox([ipywidgets.HTML("<b>added to the gate's bias</b>"), *gates]))
    return ipywidgets.HBox(columns, layout=ipywidgets.Layout(flex_flow="row wrap"))


def _as_html(lines: list[str], alt: str) -> str:
    """Return the equations, and the picture's description for a screen reader."""
    key = "In each bracket: from the input + from the hidden state + bias. Numbers are rounded."
    description = f"<summary>Description of the picture</summary>{html.escape(alt)}"
    return (
        f'<div role="group" aria-label="Equations of this step"><p>{key}</p>'
        f"<pre>{html.escape(chr(10).join(lines))}</pre></div>"
        f"<details>{description}</details>"
    )
