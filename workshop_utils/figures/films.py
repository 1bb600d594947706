"""Drawings in a row for :func:`play`: a chain that is read, a module gate by gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.lstm import LSTM_VALUES, lstm_module
from workshop_utils.figures.recurrent import unrolled

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
    known, drawings = np.asarray(states, dtype=float), {}
    for step, entering in enumerate(inputs, start=1):
        so_far = known.copy()
        so_far[step:] = np.nan
        name = f"step {step} “{entering}”" if isinstance(entering, str) else f"step {step}"
        drawings[name] = unrolled(inputs, so_far, highlight=step)
    drawings["the whole chain"] = unrolled(inputs, known)
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
