"""The GRU cell: one state, an update gate that mixes old and new, a reset gate."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from workshop_utils.cells.base import Array, OneStateCell, as_floats, expect_shape, sigmoid


@dataclass(frozen=True, eq=False)
class GRUCell(OneStateCell):
    """One step of a GRU, the same as ``keras.layers.GRU``.

    Cho et al., arXiv 1406.1078 (2014). ``reset_after=True`` multiplies the product of
    state and weights by the reset gate (Keras' default, PyTorch, cuDNN); ``False``
    multiplies the state before the product (the paper).

    Attributes:
        kernel: (features, 3 * units), the blocks in Keras' order: update gate (z),
            reset gate (r), candidate (h).
        recurrent_kernel: (units, 3 * units), the same blocks.
        bias: (3 * units,), beside the inputs.
        recurrent_bias: (3 * units,), beside the hidden state; None for zeros.
        reset_after: Which convention.

    Raises:
        ValueError: A shape does not fit the others.
    """

    blocks: ClassVar[tuple[str, ...]] = ("update_gate", "reset_gate", "candidate")
    keras_layer: ClassVar[str] = "GRU"
    state_fields: ClassVar[tuple[int, ...]] = (0,)

    recurrent_bias: Array | None = None
    reset_after: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        given = np.zeros_like(self.bias) if self.recurrent_bias is None else self.recurrent_bias
        object.__setattr__(self, "recurrent_bias", as_floats(given, self.kernel.dtype))
        expect_shape("recurrent_bias", np.asarray(self.recurrent_bias), columns=3 * self.units)

    def _advance(self, projected: Array, *state: Array) -> tuple[Array, ...]:
        """The equations, one gate a line; ``projected`` is the inputs' part of all blocks."""
        (h,), n = state, self.units
        U, b = self.recurrent_kernel, np.asarray(self.recurrent_bias)
        gates = projected[..., : 2 * n] + h @ U[:, : 2 * n] + b[: 2 * n]
        update_gate = sigmoid(gates[..., :n])
        reset_gate = sigmoid(gates[..., n:])
        if self.reset_after:
            past = reset_gate * (h @ U[:, 2 * n :] + b[2 * n :])
        else:
            past = (reset_gate * h) @ U[:, 2 * n :] + b[2 * n :]
        candidate = np.tanh(projected[..., 2 * n :] + past)
        return (update_gate * h + (1 - update_gate) * candidate,)

    @classmethod
    def from_keras(cls, layer: Any) -> Self:
        """Take the weights of a built ``keras.layers.GRU``, with its reset convention."""
        kernel, recurrent_kernel, bias = cls._keras_weights(layer)
        biases = bias.reshape(-1, kernel.shape[1])  # two rows where reset_after is True
        recurrent_bias = biases[1] if len(biases) == 2 else None
        return cls(kernel, recurrent_kernel, biases[0], recurrent_bias, bool(layer.reset_after))
