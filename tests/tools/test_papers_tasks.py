"""Long lags and multiplication, as the 1997 paper defines them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_tools.experiments.papers_tasks import DistractorLag, Multiplication, NoiseFreeLag

seeds = st.integers(0, 2**32 - 1)


@given(lag=st.integers(2, 60), seed=seeds)
@settings(max_examples=40, deadline=None)
def test_noise_free_lag_follows_the_paper(lag, seed):
    task = NoiseFreeLag(lag)
    assert task.features == task.outputs == lag + 1
    inputs, targets = task.batch(40, seed)
    assert inputs.shape == targets.shape == (40, lag) == (40, task.timesteps)
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    assert set(inputs[:, 0]) <= {lag - 1, lag}
    np.testing.assert_array_equal(inputs[:, 0], targets[:, -1])
    assert (inputs[:, 1:] == np.arange(lag - 1)).all()
    np.testing.assert_array_equal(inputs, task.batch(40, seed).inputs)


def test_noise_free_lag_is_judged_as_in_the_paper():
    task = NoiseFreeLag(4)
    targets = task.batch(30, 2).targets
    perfect = np.eye(5)[targets]
    assert task.correct(perfect, targets).all()
    assert task.score(perfect, targets) == 1
    close = perfect.copy()
    close[3, -1, 0] += 0.24
    assert task.correct(close, targets).all()
    close[3, -1, 0] += 0.02
    assert task.correct(close, targets).tolist() == [row != 3 for row in range(30)]
    guess = np.broadcast_to(np.eye(5)[3], (*task.batch(20_000, 3).targets.shape, 5))
    score = task.score(guess, task.batch(20_000, 3).targets)
    assert score == pytest.approx(0.5, abs=0.02)


def test_multiplication_is_judged_as_in_the_paper():
    task = Multiplication(100)
    inputs, targets = task.batch(40_000, 5)
    values = np.where(inputs[..., 1] == 1, inputs[..., 0], 1)
    np.testing.assert_allclose(values.prod(axis=1), targets[:, 0], rtol=1e-5)
    assert task.correct(targets + 0.039, targets).all()
    assert not task.correct(targets + 0.041, targets).any()


# --- 2c. -------------------------------------------------------------------------------------


@given(
    lag=st.integers(0, 40),
    distractors=st.integers(1, 30),
    extra=st.integers(0, 60),
    seed=seeds,
)
@settings(max_examples=60, deadline=None)
def test_distractor_lag_follows_the_paper(lag, distractors, extra, seed):
    task = DistractorLag(lag, distractors, longest_extra=extra)
    batch = task.batch(40, seed)
    inputs, targets = batch
    assert inputs.shape == (40, task.timesteps) == (40, lag + extra + 3)
    assert inputs.dtype == np.int32
    assert targets.shape == (40, 2)
    assert targets.dtype == np.float32
    e, b, x, y = distractors + np.arange(4)
    assert task.features == y + 1
    for row, target in zip(inputs, targets, strict=True):
        start = int((row >= 0).argmax())
        assert (row[:start] == -1).all()
        sequence = row[start:]
        assert lag + 3 <= len(sequence) <= lag + extra + 3
        assert sequence[0] == b
        assert sequence[1] == (x if target[0] else y)
        assert sequence[-1] == e
        assert ((sequence[2:-1] >= 0) & (sequence[2:-1] < distractors)).all()
        assert sorted(target) == [0, 1]
    np.testing.assert_array_equal(inputs, task.batch(40, seed).inputs)


def test_the_lag_of_2c_is_geometric_and_all_distractors_come():
    task = DistractorLag(10, 7, longest_extra=200)
    inputs, targets = task.batch(40_000, 1)
    extra = (inputs >= 0).sum(axis=1) - 13
    assert extra.mean() == pytest.approx(9, rel=0.03)
    for k in range(4):
        assert (extra == k).mean() == pytest.approx(0.1 * 0.9**k, rel=0.06)
    # With the symbol to be predicted, the expected length is q + 13.
    assert (inputs >= 0).sum(axis=1).mean() + 1 == pytest.approx(10 + 13, rel=0.01)
    share = np.bincount(inputs[(inputs >= 0) & (inputs < 7)], minlength=7)
    np.testing.assert_allclose(share / share.sum(), 1 / 7, rtol=0.03)
    assert targets.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.02)


def test_a_cut_off_lag_keeps_its_proportions():
    extra = (DistractorLag(0, 1, longest_extra=3).batch(40_000, 1).inputs >= 0).sum(axis=1)
    share = np.bincount(extra - 3) / len(extra)
    weights = 0.9 ** np.arange(4)
    np.testing.assert_allclose(share, weights / weights.sum(), atol=0.01)
    # What rounds up to 1 does not reach beyond the arrays.
    for extra in range(60):
        task = DistractorLag(longest_extra=extra)
        assert task._extra(np.array([0.0, 1.0])).tolist() == [0, extra]


def test_2c_is_judged_as_in_the_paper_and_guessed_half_the_time():
    task = DistractorLag(2, 3)
    targets = task.batch(20_000, 1).targets
    assert task.correct(0.5 + (targets - 0.5) * 0.62, targets).all()
    assert not task.correct(0.5 + (targets - 0.5) * 0.58, targets).any()
    always_x = np.broadcast_to([1.0, 0.0], targets.shape)
    assert task.score(always_x, targets) == pytest.approx(0.5, abs=0.02)
