"""How far a change arrives: against straight lines, switches, and a derivative."""

import numpy as np
import pytest

from workshop_utils.cells import LSTMCell, RNNCell, reach

TINY = "1 % of the way, times 100"
WHOLE = "the whole way"


def test_where_a_cell_is_nearly_linear_both_moves_give_the_product_of_its_weights():
    cell = RNNCell([[1.0]], [[0.5]], [0.0])
    sequences = np.full((3, 4, 1), 1e-4)
    moved = reach(cell, sequences, step=1, other=np.full((3, 1), 2e-4))
    assert moved == pytest.approx({TINY: 1e-4 * 0.5**2, WHOLE: 1e-4 * 0.5**2}, rel=1e-5)


def test_a_switch_keeps_an_exchange_and_swallows_a_tiny_move():
    cell = RNNCell([[1.0]], [[3.0]], [0.0])
    sequences = np.zeros((2, 200, 1))
    sequences[:, 0] = [[1.0], [-1.0]]
    moved = reach(cell, sequences, step=0, other=-sequences[:, 0])
    assert moved[TINY] < 1e-12
    assert moved[WHOLE] == pytest.approx(2 * 0.9949, abs=1e-3)


def test_a_tiny_move_is_the_derivative_in_its_direction():
    cell = LSTMCell.random(2, 3)
    sequences = np.random.default_rng(0).normal(size=(1, 5, 2))
    way = np.array([[0.3, -0.2]])
    nudged = sequences.copy()
    nudged[:, 2] += 1e-6 * way
    slope = (cell.run(nudged).hidden_state - cell.run(sequences).hidden_state) / 1e-6
    moved = reach(cell, sequences, step=2, other=sequences[:, 2] + way)
    assert moved[TINY] == pytest.approx(np.linalg.norm(slope), rel=0.01)


def test_no_way_moves_nothing_and_the_sequences_stay_as_they_are():
    sequences = np.random.default_rng(1).normal(size=(4, 3, 2))
    before = sequences.copy()
    moved = reach(RNNCell.random(2, 3), sequences, step=0, other=sequences[:, 0])
    assert moved == {TINY: 0.0, WHOLE: 0.0}
    np.testing.assert_array_equal(sequences, before)
