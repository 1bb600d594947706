"""The LSTM cell: a cell state that is kept, written and read through gates."""

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
    hidden_and_cell,
    make_batch,
    make_state,
    make_step,
    scan,
    sigmoid,
)
from workshop_utils.cells.records import LSTMRun, LSTMStep


@dataclass(frozen=True, eq=False)
class LSTMCell:
    """The job of a cell: from the inputs of now and the states of before, the new states.

    Hochreiter and Schmidhuber, "Long short-term memory" (Neural Computation 9(8),
    1997), with the forget gate of Gers, Schmidhuber and Cummins (Neural Computation
    12(10), 2000). Without peepholes and coupling the same as ``keras.layers.LSTM``.

    Attributes:
        kernel: (features, 4 * units), the blocks in Keras' order: input gate, forget
            gate, candidate, output gate. Coupled: 3 blocks, without the forget gate.
        recurrent_kernel: (units, 4 * units), the same blocks.
        bias: (4 * units,), the same blocks.
        peepholes: (3, units): weights with which the input, forget and output gate see
            the cell state. Coupled: (2, units), input and output. None: no peepholes.
        coupled: Whether forgetting is tied to writing: forget_gate = 1 - input_gate
            (Greff et al., arXiv 1503.04069).

    Raises:
        ValueError: A shape does not fit the others.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array
    peepholes: Array | None = None
    coupled: bool = False

    def __post_init__(self) -> None:
        dtype = as_floats(self.kernel).dtype
        for name in ("kernel", "recurrent_kernel", "bias", "peepholes"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, as_floats(getattr(self, name), dtype))
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=None, blocks=None)
        units, width = self.units, len(self.blocks) * self.units
        expect_shape("recurrent_kernel", self.recurrent_kernel, units=units, blocks=width)
        expect_shape("kernel", self.kernel, features=None, blocks=width)
        expect_shape("bias", self.bias, blocks=width)
        if self.peepholes is not None:
            expect_shape("peepholes", self.peepholes, gates=len(self.blocks) - 1, units=units)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The names of the blocks in the kernel, from left to right."""
        forget = () if self.coupled else ("forget_gate",)
        return ("input_gate", *forget, "candidate", "output_gate")

    @property
    def features(self) -> int:
        """Length of one input vector."""
        return int(self.kernel.shape[0])

    @property
    def units(self) -> int:
        """Length of the hidden state, and of the cell state."""
        return int(self.recurrent_kernel.shape[0])

    def columns(self, block: str) -> slice:
        """Where a gate's columns stand in kernel, recurrent kernel and bias.

        Args:
            block: One of ``blocks``, for example ``"forget_gate"``.

        Raises:
            ValueError: There is no such block.
        """
        if block not in self.blocks:
            raise ValueError(f"The blocks are {', '.join(self.blocks)}; {block!r} is none of them.")
        start = self.blocks.index(block) * self.units
        return slice(start, start + self.units)

    @classmethod
    def random(
        cls,
        features: int,
        units: int,
        *,
        forget_bias: float = 1.0,
        peepholes: bool = False,
        coupled: bool = False,
        seed: int = 141,
        dtype: npt.DTypeLike = "float64",
    ) -> "LSTMCell":
        """A cell with weights drawn as Keras draws them, forget bias 1 included."""
        count = 3 if coupled else 4
        kernel, recurrent_kernel = draw_weights(features, units, count, seed, dtype)
        bias = np.zeros(count * units, dtype)
        if not coupled:
            bias[units : 2 * units] = forget_bias
        looks = None
        if peepholes:
            limit = np.sqrt(3 / units)
            looks = np.random.default_rng([seed, 1]).uniform(-limit, limit, (count - 1, units))
        return cls(kernel, recurrent_kernel, bias, looks, coupled)

    def step(
        self,
        inputs: npt.ArrayLike,
        hidden_state: npt.ArrayLike | None = None,
        cell_state: npt.ArrayLike | None = None,
    ) -> tuple[Array, Array]:
        """One step: the new hidden state and the new cell state.

        Args:
            inputs: (batch, features), or (features,) for one sequence.
            hidden_state: (batch, units) or (units,); zeros when not given.
            cell_state: (batch, units) or (units,); zeros when not given.

        Returns:
            Hidden state and cell state, each (batch, units) or (units,).

        Raises:
            ValueError: A shape does not fit.
        """
        now = self.trace(inputs, hidden_state, cell_state)
        return now.hidden_state, now.cell_state

    def trace(
        self,
        inputs: npt.ArrayLike,
        hidden_state: npt.ArrayLike | None = None,
        cell_state: npt.ArrayLike | None = None,
    ) -> LSTMStep:
        """One step with every gate's value; arguments and errors as in ``step``."""
        x, (h, c) = make_step(inputs, (hidden_state, cell_state), self.kernel, self.units)
        return self._advance(x @ self.kernel + self.bias, h, c)

    def run(
        self,
        sequences: npt.ArrayLike,
        *,
        initial_state: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
        mask: npt.ArrayLike | None = None,
        go_backwards: bool = False,
        return_steps: bool = False,
    ) -> LSTMRun:
        """Read whole sequences.

        Args:
            sequences: (batch, timesteps, features), or (timesteps, features) for one.
            initial_state: Hidden state and cell state, each (batch, units), or (units,)
                for all; zeros when not given.
            mask: (batch, timesteps), true where a step counts. A masked step leaves
                both states as they are and repeats the output before it, as in Keras.
            go_backwards: Read the last step first; the results stand in that order.
            return_steps: Keep every gate's value at every step.

        Returns:
            The states; without a batch axis when one sequence was given.

        Raises:
            ValueError: A shape does not fit.
        """
        batch = make_batch(sequences, mask, self.kernel, go_backwards=go_backwards)
        hidden, cell = hidden_and_cell(initial_state)
        state = (
            make_state("the initial hidden state", hidden, batch, self.units),
            make_state("the initial cell state", cell, batch, self.units),
        )
        projected = batch.inputs @ self.kernel + self.bias
        done = scan(self._advance, (5, 4), projected, batch, state, return_steps=return_steps)
        steps = None if done.steps is None else LSTMStep(*done.steps)
        return LSTMRun(done.outputs, done.state[0], done.state[1], steps)

    def _advance(self, projected: Array, h: Array, c: Array) -> LSTMStep:
        """The equations, one gate a line; ``projected`` is the inputs' part of all gates."""
        z = projected + h @ self.recurrent_kernel
        input_gate = sigmoid(self._block(z, "input_gate") + self._peep(0, c))
        forget_gate = self._forget_gate(z, input_gate, c)
        candidate = np.tanh(self._block(z, "candidate"))
        cell_state = forget_gate * c + input_gate * candidate
        output_gate = sigmoid(self._block(z, "output_gate") + self._peep(-1, cell_state))
        hidden_state = output_gate * np.tanh(cell_state)
        return LSTMStep(input_gate, forget_gate, candidate, output_gate, cell_state, hidden_state)

    def _forget_gate(self, z: Array, input_gate: Array, c: Array) -> Array:
        if self.coupled:
            return 1 - input_gate
        return sigmoid(self._block(z, "forget_gate") + self._peep(1, c))

    def _block(self, z: Array, block: str) -> Array:
        return z[..., self.columns(block)]

    def _peep(self, row: int, cell_state: Array) -> Array | int:
        return 0 if self.peepholes is None else self.peepholes[row] * cell_state

    @classmethod
    def from_keras(cls, layer: Any) -> "LSTMCell":
        """The cell inside a built ``keras.layers.LSTM``.

        Raises:
            TypeError: A layer of another kind.
            ValueError: Not built yet, or activations other than tanh and sigmoid.
        """
        kernel, recurrent_kernel, *bias = layouts.keras_weights(layer, "LSTM")
        layouts.keras_activation(layer, "activation", ("tanh",))
        layouts.keras_activation(layer, "recurrent_activation", ("sigmoid",))
        zeros = np.zeros(kernel.shape[1], kernel.dtype)
        return cls(kernel, recurrent_kernel, bias[0] if bias else zeros)

    def to_keras(self, **options: Any) -> Any:
        """A built ``keras.layers.LSTM`` with these weights.

        Args:
            **options: For the layer, for example ``return_state=True``.

        Raises:
            ValueError: The cell has peepholes or coupled gates, which Keras lacks.
        """
        if self.peepholes is not None or self.coupled:
            raise ValueError("keras.layers.LSTM has neither peepholes nor coupled gates.")
        layer = layouts.new_keras_layer("LSTM", self, **options)
        layer.set_weights([self.kernel, self.recurrent_kernel, self.bias])
        return layer

    @classmethod
    def from_pytorch(
        cls,
        weight_ih: npt.ArrayLike,
        weight_hh: npt.ArrayLike,
        bias_ih: npt.ArrayLike | None = None,
        bias_hh: npt.ArrayLike | None = None,
    ) -> "LSTMCell":
        """From the arrays of ``torch.nn.LSTM``, whose rows are i, f, g, o.

        Args:
            weight_ih: (4 * units, features).
            weight_hh: (4 * units, units).
            bias_ih: (4 * units,), or None for zeros.
            bias_hh: (4 * units,), or None for zeros; the two are added.

        Raises:
            ValueError: A shape does not fit.
        """
        kernel, recurrent_kernel, bias, recurrent_bias = layouts.from_pytorch(
            weight_ih, weight_hh, bias_ih, bias_hh, order=(0, 1, 2, 3)
        )
        return cls(kernel, recurrent_kernel, bias + recurrent_bias)

    @classmethod
    def from_onnx(
        cls,
        W: npt.ArrayLike,
        R: npt.ArrayLike,
        B: npt.ArrayLike | None = None,
        P: npt.ArrayLike | None = None,
        *,
        input_forget: bool = False,
    ) -> "LSTMCell":
        """From the arrays of the ONNX operator ``LSTM``, whose rows are i, o, f, c.

        Args:
            W: (1, 4 * units, features); the first axis may be missing everywhere.
            R: (1, 4 * units, units).
            B: (1, 8 * units), input biases and then recurrent ones; None for zeros.
            P: (1, 3 * units), peepholes in the order i, o, f; None for none.
            input_forget: ONNX' name for coupled gates; the block f is then left out.

        Raises:
            ValueError: A shape does not fit, or there are two directions.
        """
        order = (0, 3, 1) if input_forget else (0, 2, 3, 1)
        kernel, recurrent_kernel, bias, recurrent_bias = layouts.from_onnx(W, R, B, order)
        peepholes = None
        if P is not None:
            flat = layouts.one_direction("P", P, 1)
            expect_shape("P", flat, three_gates=3 * recurrent_kernel.shape[0])
            rows = flat.reshape(3, -1)
            peepholes = rows[[0, 1]] if input_forget else rows[[0, 2, 1]]
        return cls(kernel, recurrent_kernel, bias + recurrent_bias, peepholes, input_forget)
