"""The plain recurrent cell: one product for the inputs, one for the state, one squash."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

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

    @classmethod
    def random(
        cls,
        features: int,
        units: int,
        *,
        activation: str = "tanh",
        seed: int = 141,
        dtype: npt.DTypeLike = "float64",
    ) -> "RNNCell":
        """Draw the weights as Keras does: Glorot, orthogonal, zeros."""
        return cls(*cls._drawn(features, units, seed, dtype), activation)

    def _advance(self, projected: Array, *state: Array) -> tuple[Array, ...]:
        total = projected + state[0] @ self.recurrent_kernel
        return (np.tanh(total) if self.activation == "tanh" else np.maximum(total, 0),)

    @classmethod
    def from_keras(cls, layer: Any) -> "RNNCell":
        """Take the weights of a built ``keras.layers.SimpleRNN``.

        Raises:
            TypeError: A layer of another kind.
            ValueError: Not built yet, or an activation other than tanh and relu.
        """
        kernel, recurrent_kernel, bias = cls._keras_weights(layer)
        activation = activation_of(layer, "activation", ("tanh", "relu"))
        return cls(kernel, recurrent_kernel, bias, activation)

    def to_keras(self, **options: Any) -> Any:
        """Make a built ``keras.layers.SimpleRNN`` with these weights; options for the layer."""
        return super().to_keras(**{"activation": self.activation} | options)
