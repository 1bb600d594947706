"""The plain recurrent cell: one product for the inputs, one for the state, one squash."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from workshop_utils.cells.base import Array, Cell, activation_of


class Run(NamedTuple):
    """What the cell gives for whole sequences.

    Attributes:
        hidden_states: (batch, timesteps, units).
        hidden_state: (batch, units), after the last step that counts.
    """

    hidden_states: Array
    hidden_state: Array


@dataclass(frozen=True, eq=False)
class RNNCell(Cell):
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

    def run(
        self,
        sequences: npt.ArrayLike,
        *,
        initial_state: npt.ArrayLike | None = None,
        mask: npt.ArrayLike | None = None,
    ) -> Run:
        """Read whole sequences.

        Args:
            sequences: (batch, timesteps, features), or (timesteps, features) for one.
            initial_state: (batch, units), or (units,) for all; zeros when not given.
            mask: (batch, timesteps), true where a step counts. A masked step leaves
                the state as it is and repeats the output before it, as in Keras.

        Returns:
            The hidden states; without a batch axis when one sequence was given.

        Raises:
            ValueError: A shape does not fit.
        """
        done = self._scan(sequences, (initial_state,), mask, return_steps=False)
        return Run(done.outputs, done.state[0])

    @classmethod
    def from_keras(cls, layer: Any) -> Self:
        """Take the weights and the activation of a built ``keras.layers.SimpleRNN``."""
        kernel, recurrent_kernel, bias = cls._keras_weights(layer)
        activation = activation_of(layer, "activation", ("tanh", "relu"))
        return cls(kernel, recurrent_kernel, bias, activation)
