import numpy as np
import pytest

from workshop_tools.experiments import papers_training
from workshop_tools.experiments.papers_reber import EmbeddedReber
from workshop_tools.experiments.papers_tasks import DistractorLag, NoiseFreeLag
from workshop_tools.experiments.papers_training import program_for, squash, train
from workshop_utils import sequence_tasks

QUICK = {"learning_rate": 0.02, "batch_size": 32, "steps": 10}


@pytest.fixture(scope="module")
def keras():
    from workshop_utils.environment import load_keras

    return load_keras()


def network(keras, task, layer):
    return keras.Sequential(
        [keras.Input((task.timesteps, task.features)), layer, keras.layers.Dense(task.outputs)]
    )


@pytest.fixture(scope="module")
def latch(keras):
    task = sequence_tasks.Latch(5, stretch=0)
    return task, network(keras, task, keras.layers.SimpleRNN(8))


def test_what_is_easy_is_learnt_and_the_training_stops_there(latch):
    task, model = latch
    trial = train(model, task, 1, sequences=20_000, stop_at=0.9, **QUICK)
    assert trial.sequences < 20_000
    assert trial.sequences % 320 == 0
    assert trial.score > 0.97
    assert trial.correct > 0.8


def test_the_same_seed_gives_the_same_trial_and_another_seed_another(latch):
    task, model = latch
    before = model.get_weights()
    weights = []
    for seed in (3, 4, 3):
        train(model, task, seed, sequences=960, **QUICK)
        weights.append(program_for(model, **QUICK).model.get_weights())
    for first, second, third in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, third)
        assert not np.array_equal(first, second)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)  # the described network stays as it was


def test_networks_that_differ_only_in_their_start_share_one_compilation(keras):
    task = sequence_tasks.Latch(6, stretch=0)

    def program_of(layer, **options):
        return program_for(network(keras, task, layer), **(QUICK | options))

    zero = program_of(keras.layers.LSTM(4))
    assert program_of(keras.layers.LSTM(4, unit_forget_bias=False)) is zero
    assert program_of(keras.layers.LSTM(4, recurrent_initializer="glorot_uniform")) is zero
    assert program_of(keras.layers.LSTM(5)) is not zero
    assert program_of(keras.layers.LSTM(4, go_backwards=True)) is not zero
    assert program_of(keras.layers.LSTM(4), steps=3) is not zero


def test_sharing_does_not_share_the_start(keras):
    task = sequence_tasks.Latch(4, stretch=0)
    for bias, expected in (("zeros", 0), ("ones", 1)):
        model = network(keras, task, keras.layers.SimpleRNN(3, bias_initializer=bias))
        options = {"learning_rate": 1e-12, "batch_size": 2, "steps": 1}
        train(model, task, 1, sequences=1, **options)
        found = program_for(model, **options).model.layers[0].get_weights()[2]
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_every_kind_of_answer_can_be_learnt(keras):
    adding = sequence_tasks.Adding1997(24)
    trial = train(network(keras, adding, keras.layers.LSTM(8)), adding, 1, sequences=640, **QUICK)
    assert trial.score < 0.1  # always saying 0.5 has an error of about 0.04
    lag = NoiseFreeLag(3)
    layer = keras.layers.SimpleRNN(6, return_sequences=True)
    trial = train(network(keras, lag, layer), lag, 1, sequences=20_000, **QUICK)
    assert trial.correct == trial.score == 1
    assert trial.sequences < 20_000


def test_steps_that_do_not_count_give_no_loss(keras):
    task = EmbeddedReber(16)
    batch = task.batch(8, [1, 0])
    outputs = np.random.default_rng(1).normal(size=(8, 15, 7)).astype(np.float32)
    chances = squash(outputs, "symbols")
    np.testing.assert_allclose(chances.sum(axis=2), 1)
    rows, steps = np.nonzero(batch.targets >= 0)
    expected = -np.log(chances[rows, steps, batch.targets[rows, steps]]).mean()
    found = papers_training._loss("symbols")(batch.targets, outputs)
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_numbers_become_vectors_with_a_single_one_or_none(keras):
    task = DistractorLag(2, 3, longest_extra=300)
    program = program_for(network(keras, task, keras.layers.SimpleRNN(3)), **QUICK)
    batch = task.batch(250, 2)  # more than are answered at once
    vectors = np.eye(8, 7, dtype=np.float32)[batch.inputs]
    np.testing.assert_allclose(
        program.answer(batch.inputs), program.answer(vectors), rtol=1e-5, atol=1e-6
    )
