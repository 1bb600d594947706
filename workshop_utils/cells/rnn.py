"""The plain recurrent cell: one product for the inputs, one for the state, one squash."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import layouts
from workshop_utils.cells.over_time import (
    Array,
    as_floats,
    draw_weights,
    expect_shape,
    make_batch,
    make_state,
    make_step,
    scan,
)
from workshop_utils.cells.records import RNNRun, RNNStep


@dataclass(frozen=True, eq=False)
class RNNCell:
    """The job of a cell: from the inputs of now and the state of before, the new state.

    h_t = activation(x_t W + h_(t-1) U + b), Elman, "Finding structure in time"
    (Cognitive Science 14, 1990). The same as ``keras.layers.SimpleRNN``.

    Attributes:
        kernel: W, (features, units).
        recurrent_kernel: U, (units, units).
        bias: b, (units,).
        activation: ``"tanh"`` or ``"relu"``.

    Raises:
        ValueError: A shape does not fit the others, or another activation.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    activation: str = "tanh"

    def __post_init__(self) -> None:
        dtype = as_floats(self.kernel).dtype
        for name in ("kernel", "recurrent_kernel", "bias"):
            object.__setattr__(self, name, as_floats(getattr(self, name), dtype))
        units = self.bias.shape[-1] if self.bias.ndim else 0
        expect_shape("bias", self.bias, units=units)
        expect_shape("kernel", self.kernel, features=None, units=units)
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=units, units_=units)
        if self.activation not in ("tanh", "relu"):
            raise ValueError(f"The activation must be tanh or relu, not {self.activation!r}.")

    @property
    def features(self) -> int:
        """Length of one input vector."""
        return int(self.kernel.shape[0])

    @property
    def units(self) -> int:
        """Length of the hidden state."""
        return int(self.kernel.shape[1])

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
        """A cell with weights drawn as Keras draws them: Glorot, orthogonal, zeros."""
        kernel, recurrent_kernel = draw_weights(features, units, 1, seed, dtype)
        return cls(kernel, recurrent_kernel, np.zeros(units, dtype), activation)

    def step(self, inputs: npt.ArrayLike, hidden_state: npt.ArrayLike | None = None) -> Array:
        """One step: the new hidden state.

        Args:
            inputs: (batch, features), or (features,) for one sequence.
            hidden_state: (batch, units) or (units,); zeros when not given.

        Returns:
            The new hidden state, (batch, units) or (units,).

        Raises:
            ValueError: A shape does not fit.
        """
        return self.trace(inputs, hidden_state).hidden_state

    def trace(self, inputs: npt.ArrayLike, hidden_state: npt.ArrayLike | None = None) -> RNNStep:
        """One step with every value on the way; arguments and errors as in ``step``."""
        x, (h,) = make_step(inputs, (hidden_state,), self.kernel, self.units)
        return self._advance(x @ self.kernel + self.bias, h)

    def run(
        self,
        sequences: npt.ArrayLike,
        *,
        initial_state: npt.ArrayLike | None = None,
        mask: npt.ArrayLike | None = None,
        go_backwards: bool = False,
        return_steps: bool = False,
    ) -> RNNRun:
        """Read whole sequences.

        Args:
            sequences: (batch, timesteps, features), or (timesteps, features) for one.
            initial_state: (batch, units), or (units,) for all; zeros when not given.
            mask: (batch, timesteps), true where a step counts. A masked step leaves
                the state as it is and repeats the output before it, as in Keras.
            go_backwards: Read the last step first; the results stand in that order.
            return_steps: Keep every value of every step.

        Returns:
            The hidden states; without a batch axis when one sequence was given.

        Raises:
            ValueError: A shape does not fit.
        """
        batch = make_batch(sequences, mask, self.kernel, go_backwards=go_backwards)
        state = make_state("the initial hidden state", initial_state, batch, self.units)
        projected = batch.inputs @ self.kernel + self.bias
        done = scan(self._advance, (2,), projected, batch, (state,), return_steps=return_steps)
        steps = None if done.steps is None else RNNStep(*done.steps)
        return RNNRun(done.outputs, done.state[0], steps)

    def _advance(self, input_part: Array, hidden_state: Array) -> RNNStep:
        recurrent_part = hidden_state @ self.recurrent_kernel
        return RNNStep(input_part, recurrent_part, self._squash(input_part + recurrent_part))

    def _squash(self, values: Array) -> Array:
        squashed: Array = np.tanh(values) if self.activation == "tanh" else np.maximum(values, 0)
        return squashed

    @classmethod
    def from_keras(cls, layer: Any) -> "RNNCell":
        """The cell inside a built ``keras.layers.SimpleRNN``.

        Raises:
            TypeError: A layer of another kind.
            ValueError: Not built yet, or an activation other than tanh and relu.
        """
        kernel, recurrent_kernel, *bias = layouts.keras_weights(layer, "SimpleRNN")
        activation = layouts.keras_activation(layer, "activation", ("tanh", "relu"))
        zeros = np.zeros(kernel.shape[1], kernel.dtype)
        return cls(kernel, recurrent_kernel, bias[0] if bias else zeros, activation)

    def to_keras(self, **options: Any) -> Any:
        """A built ``keras.layers.SimpleRNN`` with these weights.

        Args:
            **options: For the layer, for example ``return_sequences=True``.
        """
        layer = layouts.new_keras_layer("SimpleRNN", self, activation=self.activation, **options)
        layer.set_weights([self.kernel, self.recurrent_kernel, self.bias])
        return layer

    @classmethod
    def from_pytorch(
        cls,
        weight_ih: npt.ArrayLike,
        weight_hh: npt.ArrayLike,
        bias_ih: npt.ArrayLike | None = None,
        bias_hh: npt.ArrayLike | None = None,
        *,
        activation: str = "tanh",
    ) -> "RNNCell":
        """From the arrays of ``torch.nn.RNN``: (units, features), (units, units), two biases."""
        kernel, recurrent_kernel, bias, recurrent_bias = layouts.from_pytorch(
            weight_ih, weight_hh, bias_ih, bias_hh, order=(0,)
        )
        return cls(kernel, recurrent_kernel, bias + recurrent_bias, activation)

    @classmethod
    def from_onnx(
        cls,
        W: npt.ArrayLike,
        R: npt.ArrayLike,
        B: npt.ArrayLike | None = None,
        *,
        activation: str = "tanh",
    ) -> "RNNCell":
        """From ONNX ``RNN``: (1, units, features), (1, units, units), (1, 2 * units)."""
        kernel, recurrent_kernel, bias, recurrent_bias = layouts.from_onnx(W, R, B, order=(0,))
        return cls(kernel, recurrent_kernel, bias + recurrent_bias, activation)
