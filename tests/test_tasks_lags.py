import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import sequence_tasks

seeds = st.integers(0, 2**32 - 1)


def same(first, second):
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


# --- 2a and 2b. ------------------------------------------------------------------------------


@given(lag=st.integers(2, 60), regular=st.booleans(), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_noise_free_lag_follows_the_paper(lag, regular, seed):
    task = sequence_tasks.NoiseFreeLag(lag, regular=regular)
    assert task.features == task.outputs == lag + 1
    batch = task.batch(40, seed)
    inputs, targets = batch
    assert inputs.shape == targets.shape == (40, lag) == (40, task.timesteps)
    assert inputs.dtype == targets.dtype == np.int32
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    x, y = lag - 1, lag
    assert set(inputs[:, 0]) <= {x, y}
    np.testing.assert_array_equal(inputs[:, 0], targets[:, -1])
    middle = inputs[:, 1:]
    if regular:
        assert (middle == np.arange(lag - 1)).all()
    else:
        assert middle.min() >= 0
        assert middle.max() <= lag - 2
    assert same(batch, task.batch(40, seed))
    assert not same(task.batch(80, seed), task.batch(80, [seed, 1]))


def test_the_middle_of_2b_is_random_and_tells_nothing():
    inputs, targets = sequence_tasks.NoiseFreeLag(5, regular=False).batch(40_000, 1)
    for step in range(1, 5):
        share = np.bincount(inputs[:, step], minlength=6) / len(inputs)
        np.testing.assert_allclose(share, [0.25] * 4 + [0, 0], atol=0.01)
        for symbol in range(4):
            is_x = targets[inputs[:, step] == symbol, -1] == 4
            assert is_x.mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("regular", [True, False])
def test_noise_free_lag_is_judged_as_in_the_paper(regular):
    task = sequence_tasks.NoiseFreeLag(4, regular=regular)
    targets = task.batch(30, 2).targets
    perfect = np.eye(5)[targets]
    assert task.correct(perfect, targets).all()
    assert task.score(perfect, targets) == 1
    close = perfect.copy()
    close[3, -1, 0] += 0.24
    assert task.correct(close, targets).all()
    close[3, -1, 0] += 0.02
    assert task.correct(close, targets).tolist() == [row != 3 for row in range(30)]
    assert task.score(close, targets) == 1
    # An error before the end is one in 2a only.
    early = perfect.copy()
    early[5, 1, 0] -= 0.3
    assert task.correct(early, targets).tolist() == [not regular or row != 5 for row in range(30)]


@pytest.mark.parametrize(
    "task",
    [sequence_tasks.NoiseFreeLag(4), sequence_tasks.NoiseFreeLag(4, regular=False)],
    ids=repr,
)
def test_one_of_two_last_symbols_is_right_for_who_forgets_the_first(task):
    targets = task.batch(20_000, 3).targets
    outputs = np.broadcast_to(np.eye(5)[3], (*targets.shape, 5))
    assert task.score(outputs, targets) == pytest.approx(task.baseline().value, abs=0.02)
    assert not task.correct(outputs, targets).all()


# --- 2c. -------------------------------------------------------------------------------------


@given(
    lag=st.integers(0, 40),
    distractors=st.integers(1, 30),
    extra=st.integers(0, 60),
    seed=seeds,
)
@settings(max_examples=60, deadline=None)
def test_distractor_lag_follows_the_paper(lag, distractors, extra, seed):
    task = sequence_tasks.DistractorLag(lag, distractors, longest_extra=extra)
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
    assert same(batch, task.batch(40, seed))
    assert not same(task.batch(80, seed), task.batch(80, [seed, 1]))


def test_the_lag_of_2c_is_geometric_and_all_distractors_come():
    task = sequence_tasks.DistractorLag(10, 7, longest_extra=200)
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
    extra = (sequence_tasks.DistractorLag(0, 1, longest_extra=3).batch(40_000, 1).inputs >= 0).sum(
        axis=1
    )
    share = np.bincount(extra - 3) / len(extra)
    weights = 0.9 ** np.arange(4)
    np.testing.assert_allclose(share, weights / weights.sum(), atol=0.01)
    # What rounds up to 1 does not reach beyond the arrays.
    for extra in range(60):
        task = sequence_tasks.DistractorLag(longest_extra=extra)
        assert task._extra(np.array([0.0, 1.0])).tolist() == [0, extra]


def test_2c_is_judged_as_in_the_paper_and_guessed_half_the_time():
    task = sequence_tasks.DistractorLag(2, 3)
    targets = task.batch(20_000, 1).targets
    assert task.correct(0.5 + (targets - 0.5) * 0.62, targets).all()
    assert not task.correct(0.5 + (targets - 0.5) * 0.58, targets).any()
    always_x = np.broadcast_to([1.0, 0.0], targets.shape)
    assert task.score(always_x, targets) == pytest.approx(task.baseline().value, abs=0.02)


# --- Copy memory. ----------------------------------------------------------------------------


@given(wait=st.integers(1, 60), seed=seeds)
@settings(max_examples=40, deadline=None)
def test_copy_memory_follows_the_paper(wait, seed):
    task = sequence_tasks.CopyMemory(wait)
    batch = task.batch(20, seed)
    assert batch.inputs.shape == (20, wait + 20, 10) == (20, task.timesteps, task.features)
    assert batch.inputs.dtype == np.float32
    assert batch.targets.shape == (20, wait + 20)
    assert batch.targets.dtype == np.int32
    assert (batch.inputs.sum(axis=2) == 1).all()
    symbols = batch.inputs.argmax(axis=2)
    assert symbols[:, :10].max() < 8
    assert (symbols[:, 10 : wait + 9] == 8).all()
    assert (symbols[:, wait + 9] == 9).all()
    assert (symbols[:, wait + 10 :] == 8).all()
    assert (batch.targets[:, : wait + 10] == 8).all()
    np.testing.assert_array_equal(batch.targets[:, wait + 10 :], symbols[:, :10])
    assert same(batch, task.batch(20, seed))
    assert not same(batch, task.batch(20, [seed, 1]))


def test_copy_memory_is_scored_by_cross_entropy_with_the_papers_baseline():
    task = sequence_tasks.CopyMemory(30)
    targets = task.batch(200, 1).targets
    assert set(targets[:, -10:].ravel()) == set(range(8))
    perfect = np.eye(9)[targets]
    assert task.score(perfect, targets) == 0
    assert task.correct(perfect, targets).all()
    guess = np.broadcast_to(np.eye(9)[8], perfect.shape).copy()
    guess[:, -10:] = [1 / 8] * 8 + [0]
    baseline = task.baseline()
    assert baseline.measure == "cross-entropy"
    assert task.score(guess, targets) == pytest.approx(baseline.value)
    assert baseline.value == pytest.approx(10 * math.log(8) / 50)
    assert not task.correct(guess, targets).any()
    wrong = np.roll(perfect, 1, axis=2)
    assert np.isfinite(task.score(wrong, targets))
    assert task.score(wrong, targets) > 100


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sequence_tasks.NoiseFreeLag(1), "at least 2, not 1"),
        (lambda: sequence_tasks.DistractorLag(-1), "lag >= 0"),
        (lambda: sequence_tasks.DistractorLag(distractors=0), "distractors >= 1"),
        (lambda: sequence_tasks.DistractorLag(longest_extra=-1), "longest_extra >= 0"),
        (lambda: sequence_tasks.CopyMemory(0), "at least 1, not 0"),
    ],
)
def test_impossible_tasks_are_refused_with_a_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()
