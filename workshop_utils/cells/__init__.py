"""Recurrent cells in NumPy that read like their equations.

Each cell takes one step (``step``, or ``trace`` with every gate's value) or reads a
whole batch of sequences (``run``), in float32 or float64, and gives the same numbers
as the Keras layer with the same weights (``from_keras``, ``to_keras``). Weights also
come from PyTorch's and ONNX' layouts, as plain arrays::

    cell = LSTMCell.random(features=2, units=3)
    hidden_state, cell_state = cell.step([1.0, 0.0])
    run = cell.run(sequences, return_steps=True)
    run.hidden_states       # (batch, timesteps, units)
    run.steps.forget_gate   # (batch, timesteps, units)
"""

from workshop_utils.cells.bidirectional import Bidirectional, BidirectionalRun, cell_from_keras
from workshop_utils.cells.gru import GRUCell
from workshop_utils.cells.lstm import LSTMCell
from workshop_utils.cells.over_time import sigmoid
from workshop_utils.cells.records import GRURun, GRUStep, LSTMRun, LSTMStep, RNNRun, RNNStep
from workshop_utils.cells.rnn import RNNCell

__all__ = [
    "Bidirectional",
    "BidirectionalRun",
    "GRUCell",
    "GRURun",
    "GRUStep",
    "LSTMCell",
    "LSTMRun",
    "LSTMStep",
    "RNNCell",
    "RNNRun",
    "RNNStep",
    "cell_from_keras",
    "sigmoid",
]
