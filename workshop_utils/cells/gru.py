"""The GRU cell: one state, an update gate that mixes old and new, a reset gate."""

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
    sigmoid,
)
from workshop_utils.cells.records import GRURun, GRUStep


@dataclass(frozen=True, eq=False)
class GRUCell:
    """The job of a cell: from the inputs of now and the state of before, the new state.

    Cho et al., arXiv 1406.1078 (2014), as ``keras.layers.GRU`` computes it. There are
    two conventions for the reset gate. ``reset_after=True`` multiplies the product of
    state and weights by the gate (Keras' default, PyTorch, cuDNN); ``False``
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

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    recurrent_bias: Array | None = None
    reset_after: bool = True

    def __post_init__(self) -> None:
        dtype = as_floats(self.kernel).dtype
        if self.recurrent_bias is None:
            object.__setattr__(self, "recurrent_bias", np.zeros_like(as_floats(self.bias)))
        for name in ("kernel", "recurrent_kernel", "bias", "recurrent_bias"):
            object.__setattr__(self, name, as_floats(getattr(self, name), dtype))
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=None, blocks=None)
        units, width = self.units, 3 * self.units
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=units, blocks=width)
        expect_shape("kernel", self.kernel, features=None, blocks=width)
        expect_shape("bias", self.bias, blocks=width)
        expect_shape("recurrent_bias", self._recurrent_bias, blocks=width)

    @property
    def _recurrent_bias(self) -> Array:
        return np.asarray(self.recurrent_bias)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The names of the blocks in the kernel, from left to right."""
        return ("update_gate", "reset_gate", "candidate")

    @property
    def features(self) -> int:
        """Length of one input vector."""
        return int(self.kernel.shape[0])

    @property
    def units(self) -> int:
        """Length of the hidden state."""
        return int(self.recurrent_kernel.shape[0])

    @classmethod
    def random(
        cls,
        features: int,
        units: int,
        *,
        reset_after: bool = True,
        seed: int = 141,
        dtype: npt.DTypeLike = "float64",
    ) -> "GRUCell":
        """A cell with weights drawn as Keras draws them: Glorot, orthogonal, zeros."""
        kernel, recurrent_kernel = draw_weights(features, units, 3, seed, dtype)
        zeros = np.zeros(3 * units, dtype)
        return cls(kernel, recurrent_kernel, zeros, reset_after=reset_after)

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

    def trace(self, inputs: npt.ArrayLike, hidden_state: npt.ArrayLike | None = None) -> GRUStep:
        """One step with every gate's value; arguments and errors as in ``step``."""
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
    ) -> GRURun:
        """Read whole sequences; arguments, shapes and errors as in ``RNNCell.run``."""
        batch = make_batch(sequences, mask, self.kernel, go_backwards=go_backwards)
        state = make_state("the initial hidden state", initial_state, batch, self.units)
        projected = batch.inputs @ self.kernel + self.bias
        done = scan(self._advance, (3,), projected, batch, (state,), return_steps=return_steps)
        steps = None if done.steps is None else GRUStep(*done.steps)
        return GRURun(done.outputs, done.state[0], steps)

    def _advance(self, projected: Array, h: Array) -> GRUStep:
        """The equations, one gate a line; ``projected`` is the inputs' part of all blocks."""
        n = self.units
        x_z, x_r, x_h = (projected[..., k * n : (k + 1) * n] for k in range(3))
        U, b = self.recurrent_kernel, self._recurrent_bias
        if self.reset_after:
            h_all = h @ U + b
            h_z, h_r, h_h = (h_all[..., k * n : (k + 1) * n] for k in range(3))
        else:
            h_gates = h @ U[:, : 2 * n] + b[: 2 * n]
            h_z, h_r = h_gates[..., :n], h_gates[..., n:]
        update_gate = sigmoid(x_z + h_z)
        reset_gate = sigmoid(x_r + h_r)
        if self.reset_after:
            candidate = np.tanh(x_h + reset_gate * h_h)
        else:
            candidate = np.tanh(x_h + (reset_gate * h) @ U[:, 2 * n :] + b[2 * n :])
        hidden_state = update_gate * h + (1 - update_gate) * candidate
        return GRUStep(update_gate, reset_gate, candidate, hidden_state)

    @classmethod
    def from_keras(cls, layer: Any) -> "GRUCell":
        """The cell inside a built ``keras.layers.GRU``, with its reset convention.

        Raises:
            TypeError: A layer of another kind.
            ValueError: Not built yet, or activations other than tanh and sigmoid.
        """
        kernel, recurrent_kernel, *bias = layouts.keras_weights(layer, "GRU")
        layouts.keras_activation(layer, "activation", ("tanh",))
        layouts.keras_activation(layer, "recurrent_activation", ("sigmoid",))
        width = kernel.shape[1]
        given = bias[0].reshape(-1, width) if bias else np.zeros((1, width), kernel.dtype)
        recurrent_bias = given[1] if len(given) == 2 else None
        return cls(
            kernel, recurrent_kernel, given[0], recurrent_bias, reset_after=bool(layer.reset_after)
        )

    def to_keras(self, **options: Any) -> Any:
        """A built ``keras.layers.GRU`` with these weights and this reset convention.

        Args:
            **options: For the layer, for example ``return_sequences=True``.
        """
        layer = layouts.new_keras_layer("GRU", self, reset_after=self.reset_after, **options)
        # With reset_after=False Keras has one bias, and the two may simply be added.
        both = (self.bias, self._recurrent_bias)
        bias = np.stack(both) if self.reset_after else sum(both)
        layer.set_weights([self.kernel, self.recurrent_kernel, bias])
        return layer

    @classmethod
    def from_pytorch(
        cls,
        weight_ih: npt.ArrayLike,
        weight_hh: npt.ArrayLike,
        bias_ih: npt.ArrayLike | None = None,
        bias_hh: npt.ArrayLike | None = None,
    ) -> "GRUCell":
        """From the arrays of ``torch.nn.GRU``, whose rows are r, z, n.

        Args:
            weight_ih: (3 * units, features).
            weight_hh: (3 * units, units).
            bias_ih: (3 * units,), or None for zeros.
            bias_hh: (3 * units,), or None for zeros.

        Raises:
            ValueError: A shape does not fit.
        """
        return cls(*layouts.from_pytorch(weight_ih, weight_hh, bias_ih, bias_hh, order=(1, 0, 2)))

    @classmethod
    def from_onnx(
        cls,
        W: npt.ArrayLike,
        R: npt.ArrayLike,
        B: npt.ArrayLike | None = None,
        *,
        linear_before_reset: bool = False,
    ) -> "GRUCell":
        """From the arrays of the ONNX operator ``GRU``, whose rows are z, r, h.

        Args:
            W: (1, 3 * units, features); the first axis may be missing everywhere.
            R: (1, 3 * units, units).
            B: (1, 6 * units), input biases and then recurrent ones; None for zeros.
            linear_before_reset: ONNX' name for ``reset_after``.

        Raises:
            ValueError: A shape does not fit, or there are two directions.
        """
        weights = layouts.from_onnx(W, R, B, order=(0, 1, 2))
        return cls(*weights, reset_after=linear_before_reset)
