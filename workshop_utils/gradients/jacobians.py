"""How a change in an early state reaches a late one: exact Jacobians through time.

For the cells of ``workshop_utils.cells``, in NumPy. One step's Jacobian says how
the new state changes with the old one; the product of the last k of them says how
the final state changes with the state k steps before. Its norm is what training
can still feel at that lag.

The state of an RNN is its hidden state. The state of an LSTM is the cell
state and the hidden state together, in this order: the cell state alone is what
the direct path shows, and it is only a part of the truth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import LSTMCell, RNNCell

Array = npt.NDArray[np.float64]
Cell = RNNCell | LSTMCell
AnyCell = TypeVar("AnyCell", bound=Cell)


def step_jacobians(cell: Cell, sequence: npt.ArrayLike) -> Array:
    """Differentiate each step's new state by its old one.

    Pascanu, Mikolov and Bengio 2013 for the RNN; for the LSTM the 2 x 2 blocks of
    the joint state, so that nothing is held fixed.

    Args:
        cell: An RNN or LSTM cell.
        sequence: (timesteps, features), read from zero states.

    Returns:
        (timesteps, state, state): entry [t, i, j] is the derivative of part i of
        the state after step t by part j of the state before it. ``state`` is the
        number of units, twice as many for an LSTM (cell state, then hidden state).

    Raises:
        TypeError: Another kind of cell.
        ValueError: A shape does not fit.
    """
    if not isinstance(cell, RNNCell | LSTMCell):
        raise TypeError(f"An RNNCell or LSTMCell is expected, not a {type(cell).__name__}.")
    inputs, cell = _one_sequence(cell, sequence), _in_float64(cell)
    if isinstance(cell, RNNCell):
        return _rnn(cell, inputs)
    return _lstm(cell, inputs)


def _in_float64(cell: AnyCell) -> AnyCell:
    """Return the cell with the same weights, so that products of many steps stay exact."""
    # The other weights follow the type of the kernel.
    return replace(cell, kernel=cell.kernel.astype(np.float64))


def _one_sequence(cell: Cell, sequence: npt.ArrayLike) -> Array:
    inputs = np.asarray(sequence, dtype=np.float64)
    if inputs.ndim != 2 or len(inputs) == 0 or inputs.shape[1] != cell.features:
        raise ValueError(
            f"One sequence of the shape (timesteps, features={cell.features}) is expected, "
            f"not an array of the shape {inputs.shape}."
        )
    return inputs


def _rnn(cell: RNNCell, inputs: Array) -> Array:
    states = cell.run(inputs).hidden_states
    slope = 1 - states**2 if cell.activation == "tanh" else (states > 0).astype(states.dtype)
    return _rows(slope) * cell.recurrent_kernel.T


def _lstm(cell: LSTMCell, inputs: Array) -> Array:
    steps = cell.run(inputs, return_steps=True).steps
    assert steps is not None
    i, f, g, o = steps.input_gate, steps.forget_gate, steps.candidate, steps.output_gate
    before, shown = _shifted(steps.cell_state), np.tanh(steps.cell_state)
    U = {block: cell.recurrent_kernel[:, cell.columns(block)].T for block in cell.blocks}
    cell_by_cell = _diagonal(f)
    cell_by_hidden = (
        _rows(g * i * (1 - i)) * U["input_gate"]
        + _rows(before * f * (1 - f)) * U["forget_gate"]
        + _rows(i * (1 - g**2)) * U["candidate"]
    )
    read = _rows(o * (1 - shown**2))
    hidden_by_hidden = read * cell_by_hidden + _rows(shown * o * (1 - o)) * U["output_gate"]
    return np.block([[cell_by_cell, cell_by_hidden], [read * cell_by_cell, hidden_by_hidden]])


def _rows(values: Array) -> Array:
    """Ready (timesteps, units) to scale the rows of each step's matrix."""
    return values[:, :, None]


def _diagonal(values: Array) -> Array:
    """Turn (timesteps, units) into one diagonal matrix for each step."""
    return values[:, :, None] * np.eye(values.shape[1])


def _shifted(states: Array) -> Array:
    """Return the states before each step; zeros before the first."""
    return np.concatenate([np.zeros_like(states[:1]), states[:-1]])


def through_time(jacobians: npt.ArrayLike) -> Array:
    """Multiply the steps: differentiate the final state by each earlier one.

    Args:
        jacobians: (timesteps, state, state), from :func:`step_jacobians`.

    Returns:
        (timesteps + 1, state, state): entry k is the derivative of the final state
        by the state k steps before; entry 0 is the identity.
    """
    steps = np.asarray(jacobians, dtype=np.float64)
    products = [np.eye(steps.shape[1])]
    for step in steps[::-1]:
        products.append(products[-1] @ step)
    return np.stack(products)


def norms_by_lag(cell: Cell, sequence: npt.ArrayLike, *, cell_state_only: bool = False) -> Array:
    """Measure how strongly the final state depends on the state k steps before.

    Args:
        cell: An RNN or LSTM cell.
        sequence: (timesteps, features), read from zero states.
        cell_state_only: For an LSTM, only the part of the final cell state that
            depends on the earlier cell state, through all paths.

    Returns:
        (timesteps + 1,): the largest singular value of the Jacobian at each lag k.

    Raises:
        TypeError: Another kind of cell, or ``cell_state_only`` without a cell state.
        ValueError: A shape does not fit.
    """
    products = through_time(step_jacobians(cell, sequence))
    if cell_state_only:
        _expect_lstm(cell)
        products = products[:, : cell.units, : cell.units]
    return _spectral_norms(products)


def _expect_lstm(cell: Cell) -> None:
    if not isinstance(cell, LSTMCell):
        raise TypeError(f"Only an LSTMCell has a cell state, not a {type(cell).__name__}.")


def _spectral_norms(matrices: Array) -> Array:
    """Return the largest singular value of each matrix, (matrices,).

    By way of the eigenvalues of M M^T, many times faster than a whole singular
    value decomposition; scaled first, so that squares of tiny numbers stay above 0.
    """
    sizes = np.abs(matrices).max(axis=(1, 2), keepdims=True)
    scaled = matrices / np.where(sizes > 0, sizes, 1)
    largest = np.linalg.eigvalsh(scaled @ scaled.swapaxes(1, 2))[:, -1]
    return np.asarray(np.sqrt(np.maximum(largest, 0)) * sizes[:, 0, 0])


def direct_path(cell: LSTMCell, sequence: npt.ArrayLike) -> Array:
    """Follow the cell state alone, with all gates held fixed.

    This is what the often quoted "dC_t / dC_(t-1) = f_t" describes. Each factor is
    below 1, so that this path can vanish but never explode.

    Args:
        cell: An LSTM cell.
        sequence: (timesteps, features), read from zero states.

    Returns:
        (timesteps + 1, units): entry k is the product of the last k forget gates.

    Raises:
        TypeError: A cell without a cell state.
        ValueError: A shape does not fit.
    """
    _expect_lstm(cell)
    steps = _in_float64(cell).run(_one_sequence(cell, sequence), return_steps=True).steps
    assert steps is not None
    products = np.cumprod(steps.forget_gate[::-1], axis=0)
    return np.concatenate([np.ones_like(products[:1]), products])


def autodiff_jacobian(cell: Cell, sequence: npt.ArrayLike, lag: int) -> Array:
    """Let TensorFlow differentiate the final state by the state ``lag`` steps before.

    The cell becomes a Keras layer in float64, which reads the last ``lag`` steps
    from the state that the cell had there; a gradient tape watches that state.

    Args:
        cell: An RNN or LSTM cell.
        sequence: (timesteps, features), read from zero states.
        lag: How many steps back, from 1 to timesteps.

    Returns:
        (state, state), the same entries as ``through_time(...)[lag]``.

    Raises:
        ValueError: The lag lies outside the sequence, or a shape does not fit.
    """
    from workshop_utils.environment import load_tensorflow

    tf = load_tensorflow()
    inputs, cell = _one_sequence(cell, sequence), _in_float64(cell)
    if not 1 <= lag <= len(inputs):
        raise ValueError(f"The lag must be 1 to {len(inputs)} for this sequence, not {lag}.")
    earlier, later = inputs[: len(inputs) - lag], inputs[len(inputs) - lag :]
    layer = cell.to_keras(return_state=True)
    # One copy of the sequence for each row of the Jacobian: row i comes from part i of
    # copy i, and one backward pass gives all rows.
    copies = tf.constant(np.repeat(later[None], cell.units, axis=0))
    start = [tf.constant(np.tile(part, (cell.units, 1))) for part in _state_after(cell, earlier)]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(start)
        _, *final = layer(copies, initial_state=start)
        ends = [tf.linalg.trace(part) for part in final]
    blocks = [[part.numpy() for part in tape.gradient(end, start)] for end in ends]
    # Keras gives the hidden state first, the joint state here has the cell state first.
    return np.block([row[::-1] for row in blocks[::-1]])


def _state_after(cell: Cell, inputs: Array) -> list[Array]:
    """The states after some steps, hidden state first; zeros after none."""
    if len(inputs) == 0:
        return [np.zeros(cell.units)] * (2 if isinstance(cell, LSTMCell) else 1)
    if isinstance(cell, LSTMCell):
        run = cell.run(inputs)
        return [run.hidden_state, run.cell_state]
    return [cell.run(inputs).hidden_state]
