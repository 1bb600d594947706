"""How much of a change at one step arrives in the last state."""

import numpy as np
import numpy.typing as npt

from workshop_utils.cells.base import Array
from workshop_utils.cells.lstm import LSTMCell
from workshop_utils.cells.rnn import RNNCell

TINY = 0.01


def reach(
    cell: RNNCell | LSTMCell, sequences: npt.ArrayLike, *, step: int, other: npt.ArrayLike
) -> dict[str, float]:
    """Move one step of each sequence towards another value, and see how far the last state moves.

    For a tiny move this is a derivative by finite differences; for a whole one it is an
    exchange. Where a cell is linear both give one number.

    Args:
        cell: What reads the sequences.
        sequences: (batch, timesteps, features).
        step: Which step is moved, counted from 0.
        other: What stands there after the whole move, (batch, features).

    Returns:
        Mean length of the difference of the last hidden states, for a move of 1 % of the way
        (times 100, so that the two can be compared) and for the whole way, to three digits.
    """
    before: Array = np.asarray(sequences, np.float64)
    change = np.asarray(other) - before[:, step]
    moved = {}
    for name, share in {"1 % of the way, times 100": TINY, "the whole way": 1.0}.items():
        after = before.copy()
        after[:, step] += share * change
        difference = cell.run(after).hidden_state - cell.run(before).hidden_state
        length = np.linalg.norm(difference, axis=1).mean() / share
        moved[name] = float(f"{length:.3g}")
    return moved
