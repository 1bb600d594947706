"""What the three cells share: the sigmoid, the loop over time, and clear errors."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

FLOATS = (np.dtype("float32"), np.dtype("float64"))


def sigmoid(values: Array) -> Array:
    """Squash to (0, 1): 1 / (1 + exp(-values)), in a form that never overflows."""
    half = values.dtype.type(0.5)
    squashed: Array = half * np.tanh(half * values) + half
    return squashed


def as_floats(values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> Array:
    """Make an array of ``dtype``; without one, keep float32 and turn the rest to float64."""
    array = np.asarray(values)
    if dtype is None:
        dtype = array.dtype if array.dtype in FLOATS else np.dtype("float64")
    return np.asarray(array, dtype=dtype)


def expect_shape(name: str, array: Array, **expected: int | None) -> None:
    """Check a shape, axis by axis.

    Args:
        name: What the array is called in the message.
        array: The array.
        **expected: The axes' names in order, with their lengths (None: any length).

    Raises:
        ValueError: The shape differs; the message names both shapes.
    """
    wanted = tuple(expected.values())
    fits = len(wanted) == array.ndim and all(
        length is None or length == given for length, given in zip(wanted, array.shape, strict=True)
    )
    if not fits:
        axes = ", ".join(
            # Two axes of one name are told apart by a trailing underscore.
            axis.rstrip("_") if length is None else f"{axis.rstrip('_')}={length}"
            for axis, length in expected.items()
        )
        raise ValueError(f"The shape of {name} must be ({axes}), but it is {array.shape}.")


def draw_weights(
    features: int, units: int, blocks: int, seed: int, dtype: npt.DTypeLike
) -> tuple[Array, Array]:
    """Draw a kernel (Glorot, uniform) and a recurrent kernel (orthogonal), as Keras does.

    Args:
        features: Length of one input vector.
        units: Length of the hidden state.
        blocks: Number of gates side by side in each matrix.
        seed: Seed of the generator.
        dtype: float32 or float64.

    Returns:
        (features, blocks * units) and (units, blocks * units).
    """
    generator = np.random.default_rng(seed)
    width = blocks * units
    limit = np.sqrt(6 / (features + width))
    kernel = generator.uniform(-limit, limit, (features, width))
    square, triangle = np.linalg.qr(generator.normal(size=(width, units)))
    recurrent_kernel = (square * np.sign(np.diag(triangle))).T
    return kernel.astype(dtype), recurrent_kernel.astype(dtype)


class Batch(NamedTuple):
    """Sequences made ready for the loop: time first, in the order of reading.

    Attributes:
        inputs: (timesteps, batch, features).
        mask: (timesteps, batch, 1), true where a step counts; None when all do.
        single: Whether one sequence without a batch axis was given.
    """

    inputs: Array
    mask: Array | None
    single: bool


def make_batch(
    sequences: npt.ArrayLike, mask: npt.ArrayLike | None, kernel: Array, *, go_backwards: bool
) -> Batch:
    """Check sequences and mask, and put the time axis first.

    Args:
        sequences: (batch, timesteps, features), or (timesteps, features) for one.
        mask: (batch, timesteps), or (timesteps,) for one; true where a step counts.
        kernel: (features, anything), which gives the number of features and the type.
        go_backwards: Whether the last step is read first.

    Raises:
        ValueError: A shape does not fit.
    """
    inputs = as_floats(sequences, kernel.dtype)
    single = inputs.ndim == 2
    if single:
        inputs = inputs[None]
    expect_shape("sequences", inputs, batch=None, timesteps=None, features=kernel.shape[0])
    seen = None
    if mask is not None:
        seen = np.asarray(mask, dtype=bool)
        seen = seen[None] if single and seen.ndim == 1 else seen
        expect_shape("mask", seen, batch=inputs.shape[0], timesteps=inputs.shape[1])
        seen = seen.T[:, :, None]
    inputs = np.swapaxes(inputs, 0, 1)
    if go_backwards:
        inputs = inputs[::-1]
        seen = None if seen is None else seen[::-1]
    return Batch(np.ascontiguousarray(inputs), seen, single)


def make_state(name: str, state: npt.ArrayLike | None, batch: Batch, units: int) -> Array:
    """The initial state (batch, units): zeros, or what is given for each row or for all.

    Raises:
        ValueError: The shape does not fit.
    """
    rows, dtype = batch.inputs.shape[1], batch.inputs.dtype
    if state is None:
        return np.zeros((rows, units), dtype)
    given = as_floats(state, dtype)
    if given.ndim == 1:
        expect_shape(name, given, units=units)
        return np.repeat(given[None], rows, axis=0)
    expect_shape(name, given, batch=rows, units=units)
    return given


def hidden_and_cell(
    initial_state: Sequence[npt.ArrayLike] | None,
) -> tuple[npt.ArrayLike | None, npt.ArrayLike | None]:
    """Take an LSTM's initial state apart.

    One array is refused even where its first axis has the length 2: its two rows could
    as well be a batch of two hidden states.

    Raises:
        ValueError: It is not a pair of two states.
    """
    if initial_state is None:
        return None, None
    if isinstance(initial_state, tuple | list) and len(initial_state) == 2:
        return initial_state[0], initial_state[1]
    shapes = ", ".join(str(np.shape(part)) for part in initial_state)
    raise ValueError(
        "The initial state must be a tuple of two, hidden state and cell state, but it is "
        f"of the type {type(initial_state).__name__} and its parts have the shapes {shapes}."
    )


def make_step(
    inputs: npt.ArrayLike, states: Sequence[npt.ArrayLike | None], kernel: Array, units: int
) -> tuple[Array, list[Array]]:
    """Check the arguments of one step: inputs, and states that are zeros when not given.

    Args:
        inputs: (batch, features), or (features,) for one sequence.
        states: Hidden state and, where there is one, cell state: (batch, units) or (units,).
        kernel: (features, anything), which gives the number of features and the type.
        units: Length of a state.

    Raises:
        ValueError: A shape does not fit.
    """
    x = as_floats(inputs, kernel.dtype)
    axes: dict[str, int | None] = {} if x.ndim == 1 else {"batch": None}
    expect_shape("inputs", x, **axes, features=kernel.shape[0])
    axes = {} if x.ndim == 1 else {"batch": x.shape[0]}
    made = []
    for name, state in zip(("hidden_state", "cell_state"), states, strict=False):
        given = np.zeros((*x.shape[:-1], units)) if state is None else state
        array = as_floats(given, kernel.dtype)
        expect_shape(name, array, **axes, units=units)
        made.append(array)
    return x, made


class Scan(NamedTuple):
    """What the loop over time leaves behind.

    Attributes:
        outputs: (batch, timesteps, units), the hidden state after each step.
        state: The final state, one (batch, units) array for each of its parts.
        steps: Each value of a step, stacked to (batch, timesteps, units); NaN at
            masked steps, where the cell computes nothing that counts. Or None.
    """

    outputs: Array
    state: tuple[Array, ...]
    steps: tuple[Array, ...] | None


def scan(
    advance: Callable[..., tuple[Array, ...]],
    state_fields: tuple[int, ...],
    projected: Array,
    batch: Batch,
    state: tuple[Array, ...],
    *,
    return_steps: bool,
) -> Scan:
    """Loop over time as Keras does.

    A masked step leaves the state as it is and repeats the output before it; in
    front of the first step that counts the output is zero.

    Args:
        advance: Called with a step's projected inputs and the state; returns a step.
        state_fields: Where the parts of the new state stand in a step, hidden state first.
        projected: (timesteps, batch, anything), the inputs' part of each step.
        batch: Gives the mask, and says whether the batch axis is dropped again.
        state: The initial state.
        return_steps: Whether all values of all steps are kept.
    """
    outputs = np.zeros((len(projected), *state[0].shape), state[0].dtype)
    output = np.zeros_like(state[0])
    kept = []
    for timestep, inputs in enumerate(projected):
        step = advance(inputs, *state)
        new = tuple(step[position] for position in state_fields)
        if batch.mask is None:
            state, output = new, new[0]
        else:
            counts = batch.mask[timestep]
            output = np.where(counts, new[0], output)
            state = tuple(np.where(counts, a, b) for a, b in zip(new, state, strict=True))
        outputs[timestep] = output
        if return_steps:
            kept.append(step)
    steps = _stack(kept, batch) if return_steps else None
    outputs = np.swapaxes(outputs, 0, 1)
    if batch.single:
        return Scan(outputs[0], tuple(part[0] for part in state), steps)
    return Scan(outputs, state, steps)


def _stack(kept: list[tuple[Array, ...]], batch: Batch) -> tuple[Array, ...]:
    stacked = []
    for values in zip(*kept, strict=True):
        over_time = np.stack(values)
        if batch.mask is not None:
            over_time[~np.broadcast_to(batch.mask, over_time.shape)] = np.nan
        over_time = np.swapaxes(over_time, 0, 1)
        stacked.append(over_time[0] if batch.single else over_time)
    return tuple(stacked)
