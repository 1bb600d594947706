"""Recurrent cells in NumPy read like their equations and agree with the layers of Keras.

Each cell takes one step or reads a batch of sequences (``run``), in float32 or float64,
and gives the same numbers as the Keras layer with the same weights (``from_keras``)::

    cell = LSTMCell.random(features=2, units=3)
    cell.trace([1.0, 0.0]).forget_gate
    run = cell.run(sequences, return_steps=True)
    run.hidden_states       # (batch, timesteps, units)
    run.steps.forget_gate   # (batch, timesteps, units)
"""

from workshop_utils.cells.base import sigmoid
from workshop_utils.cells.lstm import LSTMCell, LSTMRun, LSTMStep
from workshop_utils.cells.reach import reach
from workshop_utils.cells.rnn import RNNCell

__all__ = [
    "LSTMCell",
    "LSTMRun",
    "LSTMStep",
    "RNNCell",
    "reach",
    "sigmoid",
]
