"""Drawings in a row for :func:`play`: a chain that is read, a module gate by gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.lstm import LSTM_VALUES, lstm_module
from workshop_utils.figures.recurrent import unrolled


class Steps(Protocol):
    """Every value of every step, each (T, units), as ``LSTMCell.run`` keeps them."""

    @property
    def input_gate(self) -> ArrayLike:
        """How much of the candidate is written, 0 to 1."""

    @property
    def forget_gate(self) -> ArrayLike:
        """How much of the old cell state is kept, 0 to 1."""

    @property
    def candidate(self) -> ArrayLike:
        """What could be written, -1 to 1."""

    @property
    def output_gate(self) -> ArrayLike:
        """How much of the cell state is shown, 0 to 1."""

    @property
    def cell_state(self) -> ArrayLike:
        """The new cell state."""

    @property
    def hidden_state(self) -> ArrayLike:
        """The new hidden state."""


#: What is computed one after the other in a step: name, parts to light, and the
#: numbers that are known from there on.
STAGES = (
    ("forget gate", ("forget",), ("forget", "kept")),
    ("input gate and candidate", ("input", "candidate"), ("input", "candidate", "written")),
    ("new cell state", ("update",), ("cell",)),
    ("output gate and new hidden state", ("output",), ("output", "squashed", "hidden")),
)


def unrolled_step_by_step(
    inputs: Sequence[str | ArrayLike], states: ArrayLike
) -> dict[str, Drawing]:
    """Draw a chain that is read from left to right, one picture for each step.

    Args:
        inputs: What enters at each step: words, numbers, or vectors of 1 to 3.
        states: Hidden state after each step, shape (timesteps, units) with up to
            three units, or (timesteps,).

    Returns:
        Name to drawing: in each one the step is lit and the states up to it are
        written; the last picture shows the whole chain.

    Raises:
        ValueError: Lengths that differ, or more steps than a chain is drawn with.
    """
    known = np.asarray(states, dtype=float)
    timesteps = len(inputs)
    drawings = {}
    for step in range(1, timesteps + 1):
        so_far = known.copy()
        so_far[step:] = np.nan
        drawings[_step_name(step, inputs[step - 1])] = unrolled(
            timesteps, inputs, so_far, highlight=step
        )
    drawings["the whole chain"] = unrolled(timesteps, inputs, known)
    return drawings


def lstm_gate_by_gate(values: Mapping[str, ArrayLike]) -> dict[str, Drawing]:
    """Draw one step of an LSTM as it is computed: what is known appears gate by gate.

    Args:
        values: Numbers of the whole step, named as in ``lstm_module``: at least
            ``x``, ``hidden_previous``, ``cell_previous``, ``forget``, ``input``,
            ``candidate``, ``output``, ``cell`` and ``hidden``.

    Returns:
        Name to drawing: one for each stage, then the whole step.

    Raises:
        ValueError: A name is missing or unknown, or a vector is too long.
    """
    needed = [name for name in LSTM_VALUES if name not in ("kept", "written", "squashed")]
    if missing := [name for name in needed if name not in values]:
        raise ValueError(f"The step lacks {', '.join(missing)}; give {', '.join(needed)}.")
    known = {name: values[name] for name in ("x", "hidden_previous", "cell_previous")}
    drawings = {}
    for name, parts, new in STAGES:
        known |= {key: values[key] for key in new if key in values}
        drawings[name] = lstm_module(known, highlight=parts)
    drawings["the whole step"] = lstm_module(values)
    return drawings


def lstm_step_by_step(
    tokens: Sequence[str],
    inputs: ArrayLike,
    steps: Steps,
    *,
    highlight: str | Sequence[str] | None = None,
) -> dict[str, Drawing]:
    """Draw the same LSTM module at each step of a sequence, with its numbers there.

    Args:
        tokens: The words read, length T.
        inputs: What enters, shape (T, features) with up to three features.
        steps: Every value of every step, each of shape (T, units) with up to three
            units: ``cell.run(inputs, return_steps=True).steps`` from states of zero.
        highlight: Parts to light in every picture, as in ``lstm_module``.

    Returns:
        Name to drawing, one for each token.

    Raises:
        ValueError: Lengths that differ, or too many features or units.
    """
    x = np.asarray(inputs, dtype=float)
    names = ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state", "hidden_state")
    forget, write, candidate, output, cells, hiddens = (
        np.asarray(getattr(steps, name), dtype=float) for name in names
    )
    if not len(tokens) == len(x) == len(cells):
        raise ValueError(
            f"There are {len(tokens)} tokens, {len(x)} inputs and {len(cells)} steps; "
            "expected the same number of each."
        )
    drawings = {}
    for t, token in enumerate(tokens):
        values = {
            "x": x[t],
            "hidden_previous": hiddens[t - 1] if t else np.zeros_like(hiddens[0]),
            "cell_previous": cells[t - 1] if t else np.zeros_like(cells[0]),
            "forget": forget[t],
            "input": write[t],
            "candidate": candidate[t],
            "output": output[t],
            "cell": cells[t],
            "hidden": hiddens[t],
        }
        drawings[_step_name(t + 1, token)] = lstm_module(values, highlight=highlight)
    return drawings


def _step_name(step: int, entering: str | ArrayLike) -> str:
    return f"step {step} “{entering}”" if isinstance(entering, str) else f"step {step}"
