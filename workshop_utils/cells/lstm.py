"""The LSTM cell: a cell state that is kept, written and read through gates."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from workshop_utils.cells.base import Array, Cell, as_floats, expect_shape, sigmoid


class LSTMStep(NamedTuple):
    """Every value of one step of an ``LSTMCell``, each (batch, units).

    Attributes:
        input_gate: How much of the candidate is written, 0 to 1.
        forget_gate: How much of the old cell state is kept, 0 to 1.
        candidate: What could be written, -1 to 1.
        output_gate: How much of the cell state is shown, 0 to 1.
        cell_state: The new cell state.
        hidden_state: The new hidden state.
    """

    input_gate: Array
    forget_gate: Array
    candidate: Array
    output_gate: Array
    cell_state: Array
    hidden_state: Array


class LSTMRun(NamedTuple):
    """What an ``LSTMCell`` gives for whole sequences.

    Attributes:
        hidden_states: (batch, timesteps, units).
        hidden_state: (batch, units), after the last step that counts.
        cell_state: (batch, units), after the last step that counts.
        steps: All values of all steps, each (batch, timesteps, units), when asked
            for; NaN at masked steps.
    """

    hidden_states: Array
    hidden_state: Array
    cell_state: Array
    steps: LSTMStep | None


@dataclass(frozen=True, eq=False)
class LSTMCell(Cell):
    """One step of an LSTM, the same as ``keras.layers.LSTM``.

    Hochreiter and Schmidhuber, "Long short-term memory" (Neural Computation 9(8),
    1997), with the forget gate of Gers, Schmidhuber and Cummins (Neural Computation
    12(10), 2000).

    Attributes:
        kernel: (features, 4 * units), the blocks in Keras' order: input gate, forget
            gate, candidate, output gate.
        recurrent_kernel: (units, 4 * units), the same blocks.
        bias: (4 * units,), the same blocks.

    Raises:
        ValueError: A shape does not fit the others.
    """

    blocks: ClassVar[tuple[str, ...]] = ("input_gate", "forget_gate", "candidate", "output_gate")
    keras_layer: ClassVar[str] = "LSTM"
    state_fields: ClassVar[tuple[int, ...]] = (5, 4)

    def trace(
        self,
        inputs: npt.ArrayLike,
        hidden_state: npt.ArrayLike | None = None,
        cell_state: npt.ArrayLike | None = None,
    ) -> LSTMStep:
        """Take one step and return every value; states that are not given are zeros.

        Args:
            inputs: (batch, features), or (features,) for one sequence.
            hidden_state: (batch, units), or (units,).
            cell_state: As the hidden state.

        Raises:
            ValueError: A shape does not fit.
        """
        x = as_floats(inputs, self.kernel.dtype)
        axes: dict[str, int | None] = {} if x.ndim == 1 else {"batch": None}
        expect_shape("inputs", x, **axes, features=self.features)
        state = self._states((hidden_state, cell_state), x.shape[:-1])
        return self._advance(x @ self.kernel + self.bias, *state)

    def run(
        self,
        sequences: npt.ArrayLike,
        *,
        initial_state: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
        mask: npt.ArrayLike | None = None,
        return_steps: bool = False,
    ) -> LSTMRun:
        """Read whole sequences.

        Args:
            sequences: (batch, timesteps, features), or (timesteps, features) for one.
            initial_state: Hidden state and cell state, each (batch, units), or (units,)
                for all; zeros when not given.
            mask: (batch, timesteps), true where a step counts. A masked step leaves
                both states as they are and repeats the output before it, as in Keras.
            return_steps: Keep every gate's value at every step.

        Returns:
            The states; without a batch axis when one sequence was given.

        Raises:
            ValueError: A shape does not fit.
        """
        if initial_state is not None and not isinstance(initial_state, tuple | list):
            raise ValueError("The initial state must be a tuple: hidden state and cell state.")
        state = (None, None) if initial_state is None else tuple(initial_state)
        done = self._scan(sequences, state, mask, return_steps)
        hidden_state, cell_state = done.state
        steps = None if done.steps is None else LSTMStep(*done.steps)
        return LSTMRun(done.outputs, hidden_state, cell_state, steps)

    def last_hidden_state(
        self, sequences: npt.ArrayLike, lengths: npt.ArrayLike | None = None
    ) -> Array:
        """Read whole sequences and return only the hidden state after the last step of each.

        The quick way for many texts of different lengths: at each step only the
        sequences that are not over yet are read.

        Args:
            sequences: (batch, timesteps, features), or (timesteps, features) for one.
            lengths: (batch,), how many steps of each sequence count, from the first
                one on; all when not given. 0 leaves a state of zeros.

        Returns:
            (batch, units), or (units,) for one sequence.

        Raises:
            ValueError: A shape does not fit.
        """
        if lengths is None:
            return self.run(sequences).hidden_state
        inputs = as_floats(sequences, self.kernel.dtype)
        counts = np.asarray(lengths)
        expect_shape("sequences", inputs, batch=None, timesteps=None, features=self.features)
        expect_shape("lengths", counts, batch=len(inputs))
        longest_first = np.argsort(-counts, kind="stable")
        inputs = inputs[longest_first]
        counts = counts[longest_first]
        h = np.zeros((len(inputs), self.units), inputs.dtype)
        c = h.copy()
        for timestep in range(int(counts.max(initial=0))):
            rows = int(np.searchsorted(-counts, -timestep))  # the sequences that go on
            projected = inputs[:rows, timestep] @ self.kernel + self.bias
            *_, c[:rows], h[:rows] = self._advance(projected, h[:rows], c[:rows])
        return np.asarray(h[np.argsort(longest_first)])

    def _advance(self, projected: Array, *state: Array) -> LSTMStep:
        """The equations, one layer a line; ``projected`` is the inputs' part of all layers."""
        h, c = state
        n = self.units
        sums = projected + h @ self.recurrent_kernel
        input_gate = sigmoid(sums[..., :n])
        forget_gate = sigmoid(sums[..., n : 2 * n])
        candidate = np.tanh(sums[..., 2 * n : 3 * n])
        output_gate = sigmoid(sums[..., 3 * n :])
        cell_state = forget_gate * c + input_gate * candidate
        hidden_state = output_gate * np.tanh(cell_state)
        return LSTMStep(input_gate, forget_gate, candidate, output_gate, cell_state, hidden_state)
