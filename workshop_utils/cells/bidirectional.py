"""Two cells that read the same sequence, one from each end."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workshop_utils.cells.gru import GRUCell
from workshop_utils.cells.lstm import LSTMCell
from workshop_utils.cells.over_time import Array
from workshop_utils.cells.records import GRURun, LSTMRun, RNNRun
from workshop_utils.cells.rnn import RNNCell

Cell = RNNCell | LSTMCell | GRUCell
Run = RNNRun | LSTMRun | GRURun

KINDS: dict[str, type[RNNCell] | type[LSTMCell] | type[GRUCell]] = {
    "SimpleRNN": RNNCell,
    "LSTM": LSTMCell,
    "GRU": GRUCell,
}


def cell_from_keras(layer: Any) -> Cell:
    """The cell inside a built recurrent layer of Keras, whichever of the three it is.

    Args:
        layer: A ``keras.layers.SimpleRNN``, ``LSTM`` or ``GRU``.

    Raises:
        TypeError: A layer of another kind.
        ValueError: Not built yet, or an activation that the cell does not know.
    """
    for base in type(layer).__mro__:
        if base.__name__ in KINDS:
            return KINDS[base.__name__].from_keras(layer)
    raise TypeError(
        f"A keras.layers.{', '.join(KINDS)} is expected, but this is a {type(layer).__name__}."
    )


class BidirectionalRun(NamedTuple):
    """What two cells leave behind after whole sequences.

    Entry t of everything belongs to step t of the sequence, in both directions; so
    ``forward.steps`` and ``backward.steps`` hold what both do with the same input.

    Attributes:
        hidden_states: (batch, timesteps, 2 * units), the forward cell's units first;
            zeros at masked steps, as in Keras, where one cell alone repeats the output
            that it gave before.
        hidden_state: (batch, 2 * units): the forward cell's after its last step, and
            the backward cell's after its own last step, which is the sequence's first.
        forward: All that the forward cell leaves behind.
        backward: All that the backward cell leaves behind, turned round in time.
    """

    hidden_states: Array
    hidden_state: Array
    forward: Run
    backward: Run


@dataclass(frozen=True, eq=False)
class Bidirectional:
    """One cell reads from the first step on, the other from the last step back.

    Schuster and Paliwal, "Bidirectional recurrent neural networks" (IEEE Transactions
    on Signal Processing 45(11), 1997). The same as ``keras.layers.Bidirectional``
    with ``merge_mode="concat"``.

    Attributes:
        forward: The cell that reads the first step first.
        backward: The cell that reads the last step first.
    """

    forward: Cell
    backward: Cell

    def run(
        self,
        sequences: npt.ArrayLike,
        *,
        mask: npt.ArrayLike | None = None,
        return_steps: bool = False,
    ) -> BidirectionalRun:
        """Read whole sequences with both cells, from zero states.

        Args:
            sequences: (batch, timesteps, features), or (timesteps, features) for one.
            mask: (batch, timesteps), true where a step counts, for both cells.
            return_steps: Keep every value of every step of both cells.

        Raises:
            ValueError: A shape does not fit.
        """
        forward = self.forward.run(sequences, mask=mask, return_steps=return_steps)
        backward = turned_round(
            self.backward.run(sequences, mask=mask, return_steps=return_steps, go_backwards=True)
        )
        hidden_states = np.concatenate([forward.hidden_states, backward.hidden_states], axis=-1)
        if mask is not None:
            seen = np.asarray(mask, dtype=bool).reshape(hidden_states.shape[:-1])
            hidden_states[~seen] = 0
        return BidirectionalRun(
            hidden_states,
            np.concatenate([forward.hidden_state, backward.hidden_state], axis=-1),
            forward,
            backward,
        )

    @classmethod
    def from_keras(cls, layer: Any) -> "Bidirectional":
        """The two cells inside a built ``keras.layers.Bidirectional``.

        Raises:
            TypeError: A layer of another kind, or around a layer of another kind.
            ValueError: Not built yet, or another ``merge_mode`` than ``"concat"``.
        """
        if "Bidirectional" not in {base.__name__ for base in type(layer).__mro__}:
            raise TypeError(
                f"A keras.layers.Bidirectional is expected, but this is a {type(layer).__name__}."
            )
        if layer.merge_mode != "concat":
            raise ValueError(f'The merge_mode must be "concat", but it is {layer.merge_mode!r}.')
        return cls(cell_from_keras(layer.forward_layer), cell_from_keras(layer.backward_layer))


def turned_round(run: Run) -> Run:
    """Put what a cell left behind after reading backwards into the order of the sequence."""
    steps: Any = None
    if run.steps is not None:
        steps = type(run.steps)(*(np.flip(values, axis=-2) for values in run.steps))
    return run._replace(hidden_states=np.flip(run.hidden_states, axis=-2), steps=steps)
