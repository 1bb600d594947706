"""The plain recurrent cell: one product for the inputs, one for the state, one squash."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from workshop_utils.cells.base import Array, OneStateCell, activation_of


@dataclass(frozen=True, eq=False)
class RNNCell(OneStateCell):
    """One step of a plain RNN: h_t = activation(x_t W + h_(t-1) U + b).

    Elman, "Finding structure in time" (1990). The same as ``keras.layers.SimpleRNN``.

    Attributes:
        kernel: W, (features, units).
        recurrent_kernel: U, (units, units).
        bias: b, (units,).
        activation: ``"tanh"`` or ``"relu"``.

    Raises:
        ValueError: A shape does not fit the others, or another activation.
    """

    blocks: ClassVar[tuple[str, ...]] = ("hidden_state",)
    keras_layer: ClassVar[str] = "SimpleRNN"
    state_fields: ClassVar[tuple[int, ...]] = (0,)

    activation: str = "tanh"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.activation not in ("tanh", "relu"):
            raise ValueError(f"The activation must be tanh or relu, not {self.activation!r}.")

    def _advance(self, projected: Array, *state: Array) -> tuple[Array, ...]:
        total = projected + state[0] @ self.recurrent_kernel
        return (np.tanh(total) if self.activation == "tanh" else np.maximum(total, 0),)

    @classmethod
    def from_keras(cls, layer: Any) -> Self:
        """Take the weights and the activation of a built ``keras.layers.SimpleRNN``."""
        kernel, recurrent_kernel, bias = cls._keras_weights(layer)
        activation = activation_of(layer, "activation", ("tanh", "relu"))
        return cls(kernel, recurrent_kernel, bias, activation)
