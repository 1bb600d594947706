import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import tasks
from workshop_utils.tasks.base import one_hot
from workshop_utils.tasks.lag_tasks import WINDOWS
from workshop_utils.tasks.languages import COUNTRIES

SMALL = [
    tasks.Adding1997(30),
    tasks.CountryLanguage(gap=4, timesteps=12),
    tasks.CountryLanguage(gap=0, timesteps=5),
    tasks.Latch(20),
    tasks.Latch(20, informative=3, stretch=0),
    tasks.TemporalOrder(30),
    tasks.TemporalOrder(30, relevant=3),
]
seeds = st.integers(0, 2**32 - 1)
some_task = st.sampled_from(SMALL)


def lengths_of(inputs):
    """Steps from the first that is not all zeros; needs inputs with a feature axis."""
    return inputs.shape[1] - inputs.any(axis=2).argmax(axis=1)


@given(task=some_task, size=st.integers(1, 40), seed=seeds)
@settings(max_examples=60, deadline=None)
def test_batches_have_the_promised_shapes_and_come_again_from_the_same_seed(task, size, seed):
    batch = task.batch(size, seed)
    language = isinstance(task, tasks.CountryLanguage)
    assert batch.inputs.shape == (size, task.timesteps) + (() if language else (task.features,))
    assert batch.inputs.dtype == (np.int32 if language else np.float32)
    assert batch.targets.shape == (size, task.outputs)
    assert batch.targets.dtype == np.float32
    again = task.batch(size, seed)
    assert np.array_equal(batch.inputs, again.inputs)
    assert np.array_equal(batch.targets, again.targets)
    assert not np.array_equal(task.batch(40, seed).inputs, task.batch(40, [seed, 1]).inputs)


@pytest.mark.parametrize("task", SMALL, ids=repr)
def test_perfect_answers_are_right_and_correct_and_coarse_ones_only_right(task):
    targets = task.batch(200, 1).targets.astype(float)
    assert task.correct(targets, targets).all()
    if task.answer == "value":
        assert task.score(targets, targets) == 0
        assert task.score(targets + 0.5, targets) == pytest.approx(0.25)
        assert task.correct(targets + 0.039, targets).all()
        assert not task.correct(targets + 0.041, targets).any()
        return
    assert task.score(targets, targets) == 1
    coarse = 0.5 + (targets - 0.5) * 0.02  # on the right side, but far from 0 and 1
    assert task.score(coarse, targets) == 1
    if task.tolerance < 0.5:
        assert not task.correct(coarse, targets).any()
    assert task.score(1 - targets, targets) == 0


def test_shapes_that_do_not_fit_are_refused_by_name():
    task = tasks.TemporalOrder()
    with pytest.raises(ValueError, match=r"TemporalOrder expects .*\(batch, 4\), not \(3, 2\)"):
        task.score(np.zeros((3, 2)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="shape"):
        task.correct(np.zeros((3, 4)), np.zeros((2, 4)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: tasks.Adding1997(23),
            r"at least 24 is expected, not Adding1997\(length=23\)",
        ),
        (lambda: tasks.CountryLanguage(gap=10, timesteps=10), "gap < timesteps"),
        (lambda: tasks.CountryLanguage(gap=-1), "0 <= gap"),
        (lambda: tasks.Latch(5, informative=6), "informative <= length"),
        (lambda: tasks.Latch(5, stretch=-1), "stretch >= 0"),
        (lambda: tasks.TemporalOrder(relevant=4), "relevant 2 or 3"),
        (lambda: tasks.TemporalOrder(length=19), "length >= 20"),
    ],
)
def test_impossible_tasks_are_refused_with_a_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# --- The definitions, read off the generated arrays. -----------------------------------------


@given(length=st.integers(24, 120), seed=seeds)
@settings(max_examples=30, deadline=None)
def test_adding_follows_the_paper(length, seed):
    inputs, targets = tasks.Adding1997(length).batch(60, seed)
    values = inputs[..., 0]
    markers = inputs[..., 1]
    lengths = inputs.shape[1] - (markers != 0).argmax(axis=1)
    assert lengths.min() >= length
    assert inputs.shape[1] == length + length // 10
    for row, steps in enumerate(lengths):
        value = values[row, -steps:]
        marker = markers[row, -steps:]
        marked = np.flatnonzero(marker == 1)
        assert len(marked) == 2
        assert marked[0] < 10  # whichever of the two came first, one is among the first ten
        assert marked[1] < length // 2 - 1
        assert marker[-1] == -1
        assert marker[0] == (1 if 0 in marked else -1)
        assert not np.delete(marker, [0, len(marker) - 1, *marked]).any()
        if 0 in marked:
            assert value[0] == 0
        assert targets[row, 0] == pytest.approx(0.5 + value[marked].sum() / 4, abs=1e-6)
        assert not values[row, :-steps].any()
    assert values.min() >= -1
    assert values.max() <= 1


@given(
    length=st.integers(5, 80),
    informative=st.integers(1, 5),
    stretch=st.sampled_from([0, 0.1, 0.5]),
    seed=seeds,
)
@settings(max_examples=40, deadline=None)
def test_latch_tells_the_class_first_and_then_only_noise(length, informative, stretch, seed):
    task = tasks.Latch(length, informative=informative, stretch=stretch)
    inputs, targets = task.batch(60, seed)
    lengths = lengths_of(inputs)
    assert lengths.min() >= length
    assert lengths.max() <= task.timesteps
    for row, steps in enumerate(lengths):
        sequence = inputs[row, -steps:, 0]
        assert (sequence[:informative] == (1 if targets[row, 0] else -1)).all()
        assert not np.isin(sequence[informative:], [-1, 1]).any()


def test_the_latch_noise_has_variance_0_2():
    noise = tasks.Latch(50, stretch=0).batch(4000, 1).inputs[:, 1:]
    assert noise.var() == pytest.approx(0.2, rel=0.02)
    assert noise.mean() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("relevant", [2, 3])
@pytest.mark.parametrize("length", [20, 50, 100, 200])
def test_temporal_order_follows_the_paper(relevant, length):
    task = tasks.TemporalOrder(length, relevant=relevant)
    batch = task.batch(300, 3)
    lengths = lengths_of(batch.inputs)
    assert lengths.min() == length
    assert lengths.max() == task.timesteps == length + length // 10
    for row in range(300):
        text = "".join(task.symbols[step.argmax()] for step in batch.inputs[row] if step.any())
        assert len(text) == lengths[row]
        assert text[0] == "E"
        assert text[-1] == "B"
        places = [place for place, symbol in enumerate(text) if symbol in "XY"]
        assert len(places) == relevant
        for place, (first, last) in zip(places, WINDOWS[relevant], strict=True):
            assert first * length // 100 <= place <= last * length // 100
        assert set(text[1:-1]) <= set("abcdXY")
        order = "".join("1" if text[place] == "Y" else "0" for place in places)
        assert batch.targets[row].argmax() == int(order, 2)


def test_temporal_order_takes_every_place_of_the_papers_windows():
    batch = tasks.TemporalOrder().batch(3000, 1)
    starts = batch.inputs.shape[1] - lengths_of(batch.inputs)
    steps = batch.inputs[:, :, 6:].any(axis=2).argmax(axis=1) - starts  # the first X or Y
    assert set(steps) == set(range(10, 21))


@given(timesteps=st.integers(1, 60), data=st.data(), seed=seeds)
@settings(max_examples=40, deadline=None)
def test_the_gap_is_the_number_of_words_between_country_and_language(timesteps, data, seed):
    gap = data.draw(st.integers(0, timesteps - 1))
    task = tasks.CountryLanguage(gap=gap, timesteps=timesteps)
    batch = task.batch(20, seed)
    for inputs, targets in zip(*batch, strict=True):
        words = task.sentence(tasks.Batch(inputs[None], targets[None])).split()
        assert len(words) == timesteps + 1
        country = words[-2 - gap]
        assert words[-1] == COUNTRIES[country]
        assert not set(words[: -2 - gap] + words[-1 - gap : -1]) & set(COUNTRIES)
        if gap:
            assert words[-2] == "speaks"
        if gap < timesteps - 1:
            assert words[-3 - gap] == "from"


def test_nothing_but_the_country_tells_the_language():
    task = tasks.CountryLanguage(gap=3, timesteps=12)
    batch = task.batch(30_000, 2)
    country = batch.targets.argmax(axis=1)
    place = task.timesteps - 1 - task.gap
    for column in set(range(task.timesteps)) - {place}:
        for word in np.unique(batch.inputs[:, column]):
            share = np.bincount(country[batch.inputs[:, column] == word], minlength=6)
            assert np.abs(share / share.sum() - 1 / 6).max() < 0.04


def test_one_hot_leaves_negative_numbers_empty():
    np.testing.assert_array_equal(
        one_hot(np.array([[1, -1], [0, 1]]), 2), [[[0, 1], [0, 0]], [[1, 0], [0, 1]]]
    )
