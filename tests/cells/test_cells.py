"""The NumPy cells against the equations written out, and against bad shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils.cells import LSTMCell, RNNCell, sigmoid

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}


def numbers(seed):
    return np.random.default_rng(seed)


def plain_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_an_rnn_and_an_lstm_are_their_equations_written_out():
    cell = LSTMCell.random(2, 3)
    x = numbers(20).normal(size=(4, 2))
    rnn = RNNCell.random(2, 3)
    np.testing.assert_allclose(rnn.run(x).hidden_states[0], np.tanh(x[0] @ rnn.kernel))
    W = cell.kernel
    U = cell.recurrent_kernel
    b = cell.bias
    h = c = np.zeros(3)
    for vector in x:
        i, f, g, o = np.split(vector @ W + h @ U + b, 4)
        c = plain_sigmoid(f) * c + plain_sigmoid(i) * np.tanh(g)
        h = plain_sigmoid(o) * np.tanh(c)
    run = cell.run(x)
    np.testing.assert_allclose(run.hidden_state, h, atol=1e-14)
    np.testing.assert_allclose(run.cell_state, c, atol=1e-14)


CELLS = {
    "rnn": RNNCell.random(2, 3),
    "relu": RNNCell.random(2, 3, activation="relu"),
    "lstm": LSTMCell.random(2, 3),
}


def test_an_lstm_run_is_its_steps_one_after_the_other():
    cell = CELLS["lstm"]
    x = numbers(30).normal(size=(2, 5, 2))
    run = cell.run(x, return_steps=True)
    state = ()
    for timestep in range(5):
        values = cell.trace(x[:, timestep], *state)
        for field in values._fields:
            ours = getattr(run.steps, field)[:, timestep]
            np.testing.assert_allclose(ours, getattr(values, field), atol=1e-14)
        state = values.hidden_state, values.cell_state
        np.testing.assert_allclose(run.hidden_states[:, timestep], state[0], atol=1e-14)
    np.testing.assert_allclose(run.hidden_state, state[0], atol=1e-14)
    np.testing.assert_allclose(run.cell_state, state[1], atol=1e-14)
    assert cell.run(x).steps is None


@pytest.mark.parametrize("name", CELLS)
def test_one_sequence_needs_no_batch_axis(name):
    cell = CELLS[name]
    x = numbers(31).normal(size=(5, 2))
    mask = [True, False, True, True, False]
    alone = cell.run(x, mask=mask)
    batch = cell.run(x[None], mask=[mask])
    np.testing.assert_allclose(alone.hidden_states, batch.hidden_states[0], atol=1e-15)
    np.testing.assert_allclose(alone.hidden_state, batch.hidden_state[0], atol=1e-15)


@pytest.mark.parametrize("name", CELLS)
def test_a_masked_step_keeps_the_state(name):
    cell = CELLS[name]
    x = numbers(32).normal(size=(1, 4, 2))
    run = cell.run(x, mask=[[True, False, True, False]])
    np.testing.assert_allclose(run.hidden_state, cell.run(x[:, ::2]).hidden_state, atol=1e-14)
    np.testing.assert_array_equal(run.hidden_states[:, 1], run.hidden_states[:, 0])


def test_the_values_of_masked_steps_are_nan():
    x = numbers(32).normal(size=(1, 4, 2))
    mask = np.array([[True, False, True, False]])
    for values in CELLS["lstm"].run(x, mask=mask, return_steps=True).steps:
        assert np.isnan(values[~mask]).all()
        assert np.isfinite(values[mask]).all()


@given(
    lengths=st.lists(st.integers(0, 6), min_size=1, max_size=6),
    dtype=st.sampled_from(["float32", "float64"]),
)
@settings(max_examples=30, deadline=None)
def test_the_last_hidden_state_is_that_of_each_sequence_alone(lengths, dtype):
    cell = LSTMCell.random(2, 3, dtype=dtype)
    x = numbers(34).normal(size=(len(lengths), 6, 2)).astype(dtype)
    ours = cell.last_hidden_state(x, lengths)
    assert ours.dtype == dtype
    for row, length in enumerate(lengths):
        alone = cell.run(x[row, :length]).hidden_state
        np.testing.assert_allclose(ours[row], alone, atol=TOLERANCE[dtype])
    whole = cell.run(x)
    np.testing.assert_array_equal(cell.last_hidden_state(x), whole.hidden_state)
    np.testing.assert_array_equal(cell.last_hidden_state(x[0]), cell.run(x[0]).hidden_state)


def test_lengths_must_be_one_for_each_sequence():
    with pytest.raises(ValueError, match=r"lengths must be \(batch=2\), but it is \(3,\)"):
        CELLS["lstm"].last_hidden_state(np.zeros((2, 4, 2)), [1, 2, 3])


def test_a_vector_as_initial_state_is_for_all_rows():
    h = np.array([0.1, -0.2, 0.3])
    c = np.array([1.0, 2.0, -1.0])
    x = numbers(33).normal(size=(2, 4, 2))
    one = CELLS["lstm"].run(x, initial_state=(h, c))
    both = CELLS["lstm"].run(x, initial_state=(np.stack([h, h]), np.stack([c, c])))
    np.testing.assert_array_equal(one.hidden_states, both.hidden_states)


def test_no_timesteps_leave_the_initial_state():
    run = CELLS["lstm"].run(np.zeros((2, 0, 2)), initial_state=(np.ones(3), np.full(3, 2.0)))
    assert run.hidden_states.shape == (2, 0, 3)
    assert (run.hidden_state == 1).all()
    assert (run.cell_state == 2).all()


def test_columns_name_keras_blocks():
    cell = CELLS["lstm"]
    assert [cell.columns(b) for b in cell.blocks] == [slice(n, n + 3) for n in (0, 3, 6, 9)]
    assert (cell.bias[cell.columns("forget_gate")] == 1).all()
    assert cell.bias.sum() == 3
    with pytest.raises(ValueError, match="'memory' is none of them"):
        cell.columns("memory")


def test_orthogonal_and_glorot_weights():
    cell = RNNCell.random(40, 30, seed=1)
    np.testing.assert_allclose(
        cell.recurrent_kernel @ cell.recurrent_kernel.T, np.eye(30), atol=1e-12
    )
    limit = np.sqrt(6 / 70)
    assert np.abs(cell.kernel).max() < limit
    assert cell.kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
    wide = LSTMCell.random(2, 5).recurrent_kernel
    np.testing.assert_allclose(wide @ wide.T, np.eye(5), atol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_the_type_of_the_kernel_is_the_type_of_everything(name):
    cell = CELLS[name]
    small = type(cell).random(2, 3, dtype="float32")
    assert small.run(np.zeros((1, 2, 2))).hidden_states.dtype == np.float32
    assert cell.run(np.zeros((1, 2, 2), "float32")).hidden_states.dtype == np.float64
    traced = LSTMCell.random(2, 3, dtype="float32").trace(np.zeros((1, 2)))
    assert traced.hidden_state.dtype == np.float32
    whole = RNNCell(np.eye(2, dtype=int), np.eye(2, dtype=int), np.zeros(2, int))
    assert whole.kernel.dtype == np.float64


def test_sigmoid_neither_overflows_nor_loses_digits():
    x = np.array([-1000.0, -3.0, 0.0, 2.0, 1000.0])
    with np.errstate(all="raise"):
        squashed = sigmoid(x)
    np.testing.assert_allclose(squashed, [0, 1 / (1 + np.e**3), 0.5, 1 / (1 + np.e**-2), 1])
    assert sigmoid(x.astype("float32")).dtype == np.float32


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: RNNCell(np.zeros((2, 3)), np.zeros((4, 4)), np.zeros(3)),
         r"kernel must be \(features, columns=4\), but it is \(2, 3\)"),
        (lambda: RNNCell(np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(())),
         r"bias must be \(columns=3\), but it is \(\)"),
        (lambda: RNNCell(np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(3), "elu"),
         r"must be tanh or relu, not 'elu'"),
        (lambda: LSTMCell(np.zeros((2, 11)), np.zeros((3, 12)), np.zeros(12)),
         r"kernel must be \(features, columns=12\), but it is \(2, 11\)"),
        (lambda: LSTMCell(np.zeros((2, 12)), np.zeros((3, 9)), np.zeros(12)),
         r"recurrent_kernel must be \(units=3, columns=12\), but it is \(3, 9\)"),
        (lambda: LSTMCell(np.zeros((2, 12)), np.zeros(()), np.zeros(12)),
         r"recurrent_kernel must be \(units, columns\), but it is \(\)"),
        (lambda: CELLS["lstm"].run(np.zeros((4, 5, 3))),
         r"sequences must be \(batch, timesteps, features=2\), but it is \(4, 5, 3\)"),
        (lambda: CELLS["lstm"].run(np.zeros(5)), r"sequences must be .* but it is \(5,\)"),
        (lambda: CELLS["lstm"].run(np.zeros((4, 5, 2)), mask=np.zeros((4, 6))),
         r"mask must be \(batch=4, timesteps=5\), but it is \(4, 6\)"),
        (lambda: CELLS["lstm"].run(np.zeros((5, 2)), mask=np.zeros(6)),
         r"mask must be \(timesteps=5\), but it is \(6,\)"),
        (lambda: CELLS["lstm"].run(np.zeros((4, 5, 2)), initial_state=np.zeros((4, 3))),
         r"initial state must be a tuple"),
        (lambda: CELLS["lstm"].run(np.zeros((4, 5, 2)), initial_state=(np.zeros((2, 3)), None)),
         r"hidden_state must be \(batch=4, units=3\), but it is \(2, 3\)"),
        (lambda: CELLS["lstm"].trace(np.zeros(3)), r"inputs must be \(features=2\)"),
        (lambda: CELLS["lstm"].trace(np.zeros(2), np.zeros(3), np.zeros(4)),
         r"cell_state must be \(units=3\), but it is \(4,\)"),
    ],
)  # fmt: skip
def test_errors_name_the_expected_and_the_given_shape(make, expected):
    with pytest.raises(ValueError, match=expected):
        make()
