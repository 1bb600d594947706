"""The same weights, in the order of three libraries.

All of them put the gates' weights side by side in one matrix, and each of them in
another order. Here an array goes in and an array comes out; none of the libraries
is needed.

| | Keras | PyTorch | ONNX |
|---|---|---|---|
| product | ``inputs @ kernel`` | ``inputs @ weight.T`` | ``inputs @ W.T`` |
| LSTM gates | i, f, c, o | i, f, g, o (g is Keras' c) | i, o, f, c |
| GRU gates | z, r, h | r, z, n (n is Keras' h) | z, r, h |
| biases | one (GRU: two) | two, added | two in one vector |
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workshop_utils.cells.over_time import Array, as_floats, expect_shape


class Weights(NamedTuple):
    """Weights in Keras' layout; ``blocks`` stands for 1, 3 or 4 gates.

    Attributes:
        kernel: (features, blocks * units).
        recurrent_kernel: (units, blocks * units).
        bias: (blocks * units,), the bias beside the inputs.
        recurrent_bias: (blocks * units,), the bias beside the hidden state.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    recurrent_bias: Array


def reorder(array: Array, order: Sequence[int]) -> Array:
    """Put the equal blocks of the last axis into another order.

    Args:
        array: (..., blocks * units).
        order: For each new block, the index of the old one; may leave blocks out.

    Raises:
        ValueError: The axis does not divide into blocks.
    """
    blocks = max(order) + 1
    if array.shape[-1] % blocks:
        raise ValueError(
            f"The last axis must divide into {blocks} blocks, but its length is {array.shape[-1]}."
        )
    parts = np.split(array, blocks, axis=-1)
    return np.concatenate([parts[index] for index in order], axis=-1)


def from_pytorch(
    weight_ih: npt.ArrayLike,
    weight_hh: npt.ArrayLike,
    bias_ih: npt.ArrayLike | None,
    bias_hh: npt.ArrayLike | None,
    order: Sequence[int],
) -> Weights:
    """Bring PyTorch's ``weight_ih_l0``, ``weight_hh_l0`` and biases to Keras' layout.

    Args:
        weight_ih: (blocks * units, features).
        weight_hh: (blocks * units, units).
        bias_ih: (blocks * units,), or None for zeros.
        bias_hh: (blocks * units,), or None for zeros.
        order: For each block of Keras, its index in PyTorch.

    Raises:
        ValueError: A shape does not fit.
    """
    return _from_rows(weight_ih, weight_hh, bias_ih, bias_hh, order, "weight_ih", "weight_hh")


def from_onnx(
    W: npt.ArrayLike, R: npt.ArrayLike, B: npt.ArrayLike | None, order: Sequence[int]
) -> Weights:
    """Bring the ONNX operators' ``W``, ``R`` and ``B`` to Keras' layout.

    Args:
        W: (1, blocks * units, features); the first axis may be missing.
        R: (1, blocks * units, units).
        B: (1, 2 * blocks * units), or None for zeros.
        order: For each block of Keras, its index in ONNX.

    Raises:
        ValueError: A shape does not fit, or there are two directions.
    """
    W, R = one_direction("W", W, 2), one_direction("R", R, 2)
    if B is None:
        return _from_rows(W, R, None, None, order, "W", "R")
    B = one_direction("B", B, 1)
    expect_shape("W", W, rows=None, features=None)
    expect_shape("B", B, two_biases=2 * W.shape[0])
    input_bias, recurrent_bias = np.split(B, 2)
    return _from_rows(W, R, input_bias, recurrent_bias, order, "W", "R")


def one_direction(name: str, values: npt.ArrayLike, ndim: int) -> Array:
    """Drop ONNX's axis of directions, which must have the length 1.

    Raises:
        ValueError: There are two directions; give one cell the part of one.
    """
    array = as_floats(values)
    if array.ndim == ndim + 1:
        if array.shape[0] != 1:
            raise ValueError(
                f"{name} must hold one direction, but its first axis has the length "
                f"{array.shape[0]}; give {name}[0] or {name}[1]."
            )
        array = np.asarray(array[0])
    return array


def _from_rows(
    input_rows: npt.ArrayLike,
    recurrent_rows: npt.ArrayLike,
    input_bias: npt.ArrayLike | None,
    recurrent_bias: npt.ArrayLike | None,
    order: Sequence[int],
    input_name: str,
    recurrent_name: str,
) -> Weights:
    inputs = as_floats(input_rows)
    recurrent = as_floats(recurrent_rows, inputs.dtype)
    expect_shape(recurrent_name, recurrent, rows=None, units=None)
    expect_shape(input_name, inputs, rows=None, features=None)
    units = recurrent.shape[-1]
    rows = (max(order) + 1) * units
    expect_shape(recurrent_name, recurrent, rows=rows, units=units)
    expect_shape(input_name, inputs, rows=rows, features=None)
    biases = [
        _bias(f"the {side} bias", given, rows, inputs.dtype)
        for side, given in (("input", input_bias), ("recurrent", recurrent_bias))
    ]
    return Weights(*(reorder(array, order) for array in (inputs.T, recurrent.T, *biases)))


def _bias(name: str, given: npt.ArrayLike | None, rows: int, dtype: np.dtype[Any]) -> Array:
    if given is None:
        return np.zeros(rows, dtype)
    bias = as_floats(given, dtype)
    expect_shape(name, bias, rows=rows)
    return bias


def keras_weights(layer: Any, kind: str) -> list[Array]:
    """The weight arrays of a built Keras layer of one kind.

    Args:
        layer: The Keras layer, or the cell inside it.
        kind: ``"SimpleRNN"``, ``"LSTM"`` or ``"GRU"``.

    Raises:
        TypeError: It is a layer of another kind.
        ValueError: It is not built yet.
    """
    names = {base.__name__ for base in type(layer).__mro__}
    if not names & {kind, f"{kind}Cell"}:
        raise TypeError(f"A keras.layers.{kind} is expected, but this is a {type(layer).__name__}.")
    weights: list[Array] = layer.get_weights()
    if not weights:
        raise ValueError(
            f"The {kind} layer has no weights yet; call it once on data, "
            "or build it with build((None, None, features))."
        )
    return weights


def keras_activation(layer: Any, attribute: str, allowed: Sequence[str]) -> str:
    """The name of one of a Keras layer's activations.

    Raises:
        ValueError: It is none of the allowed ones.
    """
    name = getattr(getattr(layer, attribute), "__name__", "unknown")
    if name not in allowed:
        raise ValueError(
            f"The layer's {attribute} must be {' or '.join(allowed)}, but it is {name}."
        )
    return name


def new_keras_layer(kind: str, cell: Any, **options: Any) -> Any:
    """A built Keras layer of the cell's size and type, still with weights of its own.

    Args:
        kind: ``"SimpleRNN"``, ``"LSTM"`` or ``"GRU"``.
        cell: Gives ``units``, ``features`` and the type of its ``kernel``.
        **options: For the layer.
    """
    from workshop_utils.environment import load_keras

    options.setdefault("dtype", cell.kernel.dtype.name)
    layer = getattr(load_keras().layers, kind)(cell.units, **options)
    layer.build((None, None, cell.features))
    return layer
