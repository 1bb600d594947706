"""What the cells give back: the values of a step, and the states after a run."""

from typing import NamedTuple

from workshop_utils.cells.over_time import Array


class RNNStep(NamedTuple):
    """Every value of one step of an ``RNNCell``, each (batch, units).

    Attributes:
        input_part: What the inputs say: x W + b.
        recurrent_part: What the past says: h U.
        hidden_state: The new hidden state: activation of their sum.
    """

    input_part: Array
    recurrent_part: Array
    hidden_state: Array


class RNNRun(NamedTuple):
    """What an ``RNNCell`` leaves behind after whole sequences.

    Attributes:
        hidden_states: (batch, timesteps, units), in the order of reading.
        hidden_state: (batch, units), after the last step that counts.
        steps: All values of all steps, each (batch, timesteps, units), when asked
            for; NaN at masked steps.
    """

    hidden_states: Array
    hidden_state: Array
    steps: RNNStep | None


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
    """What an ``LSTMCell`` leaves behind after whole sequences.

    Attributes:
        hidden_states: (batch, timesteps, units), in the order of reading.
        hidden_state: (batch, units), after the last step that counts.
        cell_state: (batch, units), after the last step that counts.
        steps: All values of all steps, each (batch, timesteps, units), when asked
            for; NaN at masked steps.
    """

    hidden_states: Array
    hidden_state: Array
    cell_state: Array
    steps: LSTMStep | None


class GRUStep(NamedTuple):
    """Every value of one step of a ``GRUCell``, each (batch, units).

    Attributes:
        update_gate: How much of the old hidden state is kept, 0 to 1.
        reset_gate: How much of the old hidden state the candidate sees, 0 to 1.
        candidate: What could be written, -1 to 1.
        hidden_state: The new hidden state.
    """

    update_gate: Array
    reset_gate: Array
    candidate: Array
    hidden_state: Array


class GRURun(NamedTuple):
    """What a ``GRUCell`` leaves behind after whole sequences.

    Attributes:
        hidden_states: (batch, timesteps, units), in the order of reading.
        hidden_state: (batch, units), after the last step that counts.
        steps: All values of all steps, each (batch, timesteps, units), when asked
            for; NaN at masked steps.
    """

    hidden_states: Array
    hidden_state: Array
    steps: GRUStep | None
