import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from workshop_utils import gradients
from workshop_utils.cells import GRUCell, LSTMCell, RNNCell

CELLS = {
    "tanh RNN": lambda n, d, seed: RNNCell.random(d, n, seed=seed),
    "ReLU RNN": lambda n, d, seed: RNNCell.random(d, n, activation="relu", seed=seed),
    "LSTM": lambda n, d, seed: LSTMCell.random(d, n, seed=seed),
    "LSTM, forget bias 5": lambda n, d, seed: LSTMCell.random(d, n, forget_bias=5, seed=seed),
}
kinds = pytest.mark.parametrize("kind", CELLS)


def sequence_of(timesteps, features, seed):
    return np.random.default_rng([seed, 1]).normal(size=(timesteps, features))


def run_from(cell, state, inputs):
    """The joint state after the inputs, from a joint state (cell state first)."""
    if isinstance(cell, LSTMCell):
        n = cell.units
        run = cell.run(inputs, initial_state=(state[n:], state[:n]))
        return np.concatenate([run.cell_state, run.hidden_state])
    return cell.run(inputs, initial_state=state).hidden_state


@kinds
@pytest.mark.parametrize(("units", "timesteps"), [(1, 1), (3, 6), (5, 12)])
def test_the_jacobians_equal_autodiff_at_every_lag(kind, units, timesteps):
    cell = CELLS[kind](units, 2, units)
    sequence = sequence_of(timesteps, 2, units)
    ours = gradients.through_time(gradients.step_jacobians(cell, sequence))
    for lag in range(1, timesteps + 1):
        theirs = gradients.autodiff_jacobian(cell, sequence, lag)
        np.testing.assert_allclose(ours[lag], theirs, rtol=0, atol=1e-8)
        assert np.abs(theirs).max() > 1e-6  # so that zeros could not agree with zeros


@pytest.mark.parametrize("kind", ["tanh RNN", "LSTM", "LSTM, forget bias 5"])
def test_they_equal_autodiff_at_the_size_of_the_lesson(kind):
    cell, sequence = CELLS[kind](64, 8, 141), sequence_of(100, 8, 141)
    ours = gradients.through_time(gradients.step_jacobians(cell, sequence))
    theirs = gradients.autodiff_jacobian(cell, sequence, 100)
    np.testing.assert_allclose(ours[100], theirs, rtol=0, atol=1e-8)
    # And in its digits, since a gradient that vanished is near to anything small.
    assert np.abs(ours[100] - theirs).max() <= 1e-8 * np.abs(theirs).max()


@kinds
def test_a_cell_in_float32_is_differentiated_in_float64(kind):
    cell, sequence = CELLS[kind](4, 3, 5), sequence_of(20, 3, 5)
    small = replace(cell, kernel=cell.kernel.astype("float32"))
    assert small.recurrent_kernel.dtype == np.float32
    ours = gradients.through_time(gradients.step_jacobians(small, sequence))
    assert ours.dtype == np.float64
    theirs = gradients.autodiff_jacobian(small, sequence, 20)
    np.testing.assert_allclose(ours[20], theirs, rtol=0, atol=1e-12)
    if isinstance(small, LSTMCell):
        assert gradients.direct_path(small, sequence).dtype == np.float64


@given(
    kind=st.sampled_from(sorted(CELLS)),
    units=st.integers(1, 6),
    features=st.integers(1, 4),
    timesteps=st.integers(1, 10),
    seed=st.integers(0, 10_000),
)
@settings(max_examples=40, deadline=None)
def test_the_jacobians_equal_finite_differences(kind, units, features, timesteps, seed):
    cell = CELLS[kind](units, features, seed)
    sequence = sequence_of(timesteps, features, seed)
    size = gradients.step_jacobians(cell, sequence).shape[1]
    start, step = np.zeros(size), 1e-6
    columns = [
        (run_from(cell, start + e, sequence) - run_from(cell, start - e, sequence)) / (2 * step)
        for e in step * np.eye(size)
    ]
    ours = gradients.through_time(gradients.step_jacobians(cell, sequence))[timesteps]
    if kind == "ReLU RNN":  # a unit at its corner has no derivative; leave such draws out
        before = np.vstack([np.zeros(units), cell.run(sequence).hidden_states[:-1]])
        sums = sequence @ cell.kernel + cell.bias + before @ cell.recurrent_kernel
        if np.abs(sums).min() < 1e-4:
            return
    np.testing.assert_allclose(ours, np.transpose(columns), atol=1e-7)


def test_a_scalar_network_gives_powers_of_its_weight():
    cell = RNNCell(np.ones((1, 1)), np.array([[0.5]]), np.zeros(1), activation="relu")
    norms = gradients.norms_by_lag(cell, np.ones((10, 1)))
    np.testing.assert_allclose(norms, 0.5 ** np.arange(11), rtol=1e-12)


def test_products_run_backwards_through_time():
    jacobians = np.arange(12.0).reshape(3, 2, 2)
    products = gradients.through_time(jacobians)
    np.testing.assert_array_equal(products[0], np.eye(2))
    np.testing.assert_array_equal(products[1], jacobians[2])
    np.testing.assert_array_equal(products[3], jacobians[2] @ jacobians[1] @ jacobians[0])


@kinds
def test_norms_are_the_largest_singular_values(kind):
    cell, sequence = CELLS[kind](4, 2, 1), sequence_of(9, 2, 1)
    products = gradients.through_time(gradients.step_jacobians(cell, sequence))
    expected = np.linalg.norm(products, ord=2, axis=(1, 2))
    np.testing.assert_allclose(gradients.norms_by_lag(cell, sequence), expected, rtol=1e-10)


def test_norms_stay_right_where_their_squares_would_vanish():
    cell = RNNCell(np.zeros((1, 2)), 1e-3 * np.eye(2), np.zeros(2))
    norms = gradients.norms_by_lag(cell, np.zeros((100, 1)))
    np.testing.assert_allclose(norms, 1e-3 ** np.arange(101.0), rtol=1e-9)


def test_a_dead_network_has_norm_zero():
    cell = RNNCell(np.ones((1, 2)), np.eye(2), -5 * np.ones(2), activation="relu")
    assert gradients.norms_by_lag(cell, np.zeros((3, 1)))[1:].tolist() == [0, 0, 0]


@pytest.mark.parametrize("bias", [0, 1, 3])
def test_the_direct_path_is_the_product_of_the_forget_gates(bias):
    cell, sequence = LSTMCell.random(2, 5, forget_bias=bias), sequence_of(30, 2, 3)
    path = gradients.direct_path(cell, sequence)
    gates = cell.run(sequence, return_steps=True).steps.forget_gate
    assert path.shape == (31, 5)
    np.testing.assert_array_equal(path[0], np.ones(5))
    np.testing.assert_allclose(path[30], gates.prod(axis=0), rtol=1e-12)
    np.testing.assert_allclose(path[4], gates[-4:].prod(axis=0), rtol=1e-12)
    assert (np.diff(path, axis=0) < 0).all()


def test_without_recurrent_weights_the_direct_path_is_the_whole_truth():
    cell = LSTMCell.random(2, 4)
    cell = replace(cell, recurrent_kernel=np.zeros_like(cell.recurrent_kernel))
    sequence = sequence_of(20, 2, 5)
    whole = gradients.through_time(gradients.step_jacobians(cell, sequence))[:, :4, :4]
    path = gradients.direct_path(cell, sequence)
    np.testing.assert_allclose(whole, path[:, :, None] * np.eye(4), atol=1e-15)


def test_the_cell_state_part_is_a_block_of_the_joint_jacobian():
    cell, sequence = LSTMCell.random(2, 4), sequence_of(10, 2, 6)
    products = gradients.through_time(gradients.step_jacobians(cell, sequence))
    part = gradients.norms_by_lag(cell, sequence, cell_state_only=True)
    np.testing.assert_allclose(part[7], np.linalg.norm(products[7][:4, :4], 2), rtol=1e-10)
    assert (part <= gradients.norms_by_lag(cell, sequence) * (1 + 1e-12)).all()


# What research/science.md measured for 64 units, 8 inputs, and another draw of weights.
def test_the_table_of_norms_comes_out_again():
    sequence = sequence_of(100, 8, 141)
    base = RNNCell.random(8, 64)
    lag100 = {}
    for radius in (0.5, 0.9, 1, 1.5, 2):
        cell = replace(base, recurrent_kernel=radius * base.recurrent_kernel)
        lag100[radius] = gradients.norms_by_lag(cell, sequence)[100]
    assert 1e-39 < lag100[0.5] < 1e-34
    assert 1e-16 < lag100[0.9] < 1e-12
    assert 1e-12 < lag100[1] < 1e-8
    assert 0.1 < lag100[1.5] < 1e4
    assert 1e4 < lag100[2] < 1e9


def test_the_log_of_a_tanh_networks_norm_is_a_line():
    norms = gradients.norms_by_lag(RNNCell.random(8, 64), sequence_of(100, 8, 141))
    lags = np.arange(10, 101)
    assert np.corrcoef(lags, np.log(norms[10:]))[0, 1] ** 2 > 0.95


def test_lstm_gradients_vanish_at_bias_one_and_explode_at_five():
    sequence = sequence_of(100, 8, 141)
    at = {
        bias: gradients.norms_by_lag(
            LSTMCell.random(8, 64, forget_bias=bias), sequence, cell_state_only=True
        )[100]
        for bias in (0, 1, 5)
    }
    assert at[0] < 1e-18
    assert 1e-9 < at[1] < 1e-5
    assert at[5] > 5
    path = gradients.direct_path(LSTMCell.random(8, 64), sequence)[100].mean()
    assert path == pytest.approx((1 / (1 + np.exp(-1))) ** 100, rel=0.9)


@pytest.mark.slow
def test_the_sweep_of_the_notebook_takes_under_five_seconds():
    sequence = sequence_of(100, 8, 141)
    base = RNNCell.random(8, 64)
    # On a busy machine the threads of a matrix product wait for each other, and waiting counts.
    with threadpool_limits(1):
        started = time.process_time()
        for radius in (0.5, 0.9, 1, 1.5, 2):
            cell = replace(base, recurrent_kernel=radius * base.recurrent_kernel)
            gradients.norms_by_lag(cell, sequence)
        for bias in (0, 1, 2, 3, 5):
            cell = LSTMCell.random(8, 64, forget_bias=bias)
            gradients.norms_by_lag(cell, sequence, cell_state_only=True)
        assert time.process_time() - started < 5


def test_wrong_arguments_are_named():
    cell = RNNCell.random(2, 3)
    with pytest.raises(ValueError, match=r"\(timesteps, features=2\)"):
        gradients.step_jacobians(cell, np.zeros((4, 5, 2)))
    with pytest.raises(ValueError, match="expected"):
        gradients.step_jacobians(cell, np.zeros((0, 2)))
    with pytest.raises(TypeError, match="not a str"):
        gradients.step_jacobians("cell", np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"features=2\) is expected.*\(4, 3\)"):
        gradients.step_jacobians(cell, np.zeros((4, 3)))
    with pytest.raises(ValueError, match=r"features=2\) is expected.*\(5, 4, 2\)"):
        gradients.direct_path(LSTMCell.random(2, 3), np.zeros((5, 4, 2)))
    with pytest.raises(ValueError, match=r"features=2\) is expected.*\(2,\)"):
        gradients.autodiff_jacobian(cell, np.zeros(2), 1)
    with pytest.raises(TypeError, match="cell state, not a GRUCell"):
        gradients.direct_path(GRUCell.random(2, 3), np.zeros((4, 2)))
    with pytest.raises(TypeError, match="cell state, not a RNNCell"):
        gradients.norms_by_lag(cell, np.zeros((4, 2)), cell_state_only=True)
    with pytest.raises(ValueError, match="lag must be 1 to 4"):
        gradients.autodiff_jacobian(cell, np.zeros((4, 2)), 5)


# --- Clipping, the resting point, the cliff. -------------------------------------------------


@given(
    shapes=st.lists(st.sampled_from([(1,), (3,), (2, 3)]), min_size=1, max_size=3),
    scale=st.floats(1e-3, 1e3),
    threshold=st.floats(0.1, 10),
    seed=st.integers(0, 1000),
)
@settings(max_examples=50, deadline=None)
def test_clipping_limits_the_common_norm_and_keeps_the_direction(shapes, scale, threshold, seed):
    rng = np.random.default_rng(seed)
    before = [scale * rng.normal(size=shape) for shape in shapes]
    after = gradients.clip_by_norm(before, threshold)
    flat, clipped = (np.concatenate([g.ravel() for g in many]) for many in (before, after))
    norm = np.linalg.norm(flat)
    assert np.linalg.norm(clipped) == pytest.approx(min(norm, threshold))
    np.testing.assert_allclose(clipped * norm, flat * min(norm, threshold), rtol=1e-9)
    assert [g.shape for g in after] == shapes


def test_clipping_equals_tensorflow():
    from workshop_utils.environment import load_tensorflow

    tf = load_tensorflow()
    rng = np.random.default_rng(0)
    many = [rng.normal(size=(4, 3)), rng.normal(size=(3,))]
    for threshold in (0.5, 100):
        theirs, _ = tf.clip_by_global_norm([tf.constant(g) for g in many], threshold)
        for ours, other in zip(gradients.clip_by_norm(many, threshold), theirs, strict=True):
            np.testing.assert_allclose(ours, other.numpy(), atol=1e-12)


def test_zero_gradients_stay_and_a_threshold_must_be_positive():
    assert gradients.clip_by_norm([np.zeros(3)], 1)[0].tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="positive"):
        gradients.clip_by_norm([np.ones(3)], 0)


@given(weight=st.floats(1.01, 20))
@settings(deadline=None)
def test_a_strong_weight_rests_where_the_slope_is_below_one(weight):
    point, slope = gradients.fixed_point(weight)
    assert point > 0
    assert np.tanh(weight * point) == pytest.approx(point, abs=1e-9)
    assert 0 <= slope < 1


def test_the_resting_points_of_the_research_notes():
    assert gradients.fixed_point(1.25) == pytest.approx((0.710, 0.62), abs=1e-3)
    assert gradients.fixed_point(2) == pytest.approx((0.9575, 0.166), abs=1e-3)
    assert gradients.fixed_point(0.9) == (0, 0.9)


def test_the_cliffs_gradient_equals_finite_differences():
    weight, bias = np.random.default_rng(2).uniform([[2], [-4]], [[5], [0]], (2, 40))
    by_weight, by_bias = gradients.cliff_gradient(weight, bias, 10)
    e = 1e-6
    error = gradients.cliff_error
    slope_w = (error(weight + e, bias, 10) - error(weight - e, bias, 10)) / (2 * e)
    slope_b = (error(weight, bias + e, 10) - error(weight, bias - e, 10)) / (2 * e)
    np.testing.assert_allclose(by_weight, slope_w, atol=1e-6)
    np.testing.assert_allclose(by_bias, slope_b, atol=1e-6)


def test_one_step_of_the_cliff_by_hand():
    half = 1 / (1 + np.exp(-0.5))
    expected = (1 / (1 + np.exp(-(3 * half - 2))) - 0.7) ** 2
    assert gradients.cliff_error(3, -2, steps=1) == pytest.approx(expected)


def test_clipping_keeps_the_walk_from_being_thrown_off_the_cliff():
    start, rate = (4.57, -2.0), 0.3
    free = gradients.descend(start, learning_rate=rate, updates=60)
    clipped = gradients.descend(start, learning_rate=rate, updates=60, threshold=1.0)
    assert free.shape == clipped.shape == (61, 2)
    jumps = [np.linalg.norm(np.diff(path, axis=0), axis=1).max() for path in (free, clipped)]
    assert jumps[0] > 5
    assert jumps[1] <= rate + 1e-12
    errors = [gradients.cliff_error(*path[-1]) for path in (free, clipped)]
    assert errors[1] < 0.01 < errors[0]
    expected = np.array(start) - rate * gradients.cliff_gradient(*start)
    np.testing.assert_allclose(free[1], expected)
