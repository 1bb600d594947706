import numpy as np
import pytest
from scipy import special

from workshop_tools.experiments import papers_training
from workshop_tools.experiments.papers_tasks import DistractorLag, EmbeddedReber, NoiseFreeLag
from workshop_tools.experiments.papers_training import Experiment, program_for, train
from workshop_utils import tasks
from workshop_utils.runtime.environment import load_keras


@pytest.fixture(scope="module", autouse=True)
def short_rounds():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(papers_training, "STEPS", 10)
        patched.setattr(papers_training, "_programs", {})
        yield


def network(task, kind="SimpleRNN", units=3, **options):
    keras = load_keras()
    layer = getattr(keras.layers, kind)(units, **options)
    return keras.Sequential(
        [keras.Input((task.timesteps, task.features)), layer, keras.layers.Dense(task.outputs)]
    )


def experiment(task, sequences=320, **options):
    return Experiment(task, (), sequences, **{"learning_rate": 0.02} | options)


LATCH = tasks.Latch(5, stretch=0)


def test_what_is_easy_is_learnt_and_the_training_stops_there():
    trial = train(network(LATCH, units=8), experiment(LATCH, 20_000, stop_at=0.9), 1)
    assert trial["stopped"]
    assert trial["sequences"] < 20_000
    assert trial["sequences"] % 320 == 0
    assert trial["score"] > 0.97
    assert trial["correct"] > 0.8


def test_the_same_seed_gives_the_same_training_and_another_seed_another():
    model = network(LATCH)
    tried = experiment(LATCH, 960)
    before = model.get_weights()
    weights = []
    for seed in (3, 4, 3):
        train(model, tried, seed)
        weights.append(program_for(model, tried).model.get_weights())
    for first, second, third in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, third)
        assert not np.array_equal(first, second)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)  # the described network stays as it was


def test_networks_that_differ_only_in_their_start_share_one_compilation():
    tried = experiment(LATCH)
    zero = program_for(network(LATCH, "LSTM", 4), tried)
    assert program_for(network(LATCH, "LSTM", 4, unit_forget_bias=False), tried) is zero
    other = network(LATCH, "LSTM", 4, recurrent_initializer="glorot_uniform")
    assert program_for(other, tried) is zero
    assert program_for(network(LATCH, "LSTM", 5), tried) is not zero
    assert program_for(network(LATCH, "LSTM", 4), experiment(LATCH, batch_size=3)) is not zero


def test_sharing_does_not_share_the_start():
    tried = experiment(LATCH, 1, learning_rate=1e-12, batch_size=2)
    for bias, expected in (("zeros", 0), ("ones", 1)):
        model = network(LATCH, bias_initializer=bias)
        train(model, tried, 1)
        found = program_for(model, tried).model.layers[0].get_weights()[2]
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.slow
def test_every_kind_of_answer_can_be_learnt():
    adding = tasks.Adding1997(24)
    trial = train(network(adding, "LSTM", 8), experiment(adding, 640), 1)
    assert trial["score"] < 0.1  # always saying 0.5 has an error of about 0.04
    lag = NoiseFreeLag(3)
    trial = train(network(lag, units=6, return_sequences=True), experiment(lag, 20_000), 1)
    assert trial["correct"] == trial["score"] == 1
    assert trial["stopped"]


def test_steps_that_do_not_count_give_no_loss():
    task = EmbeddedReber(16)
    batch = task.batch(8, [1, 0])
    outputs = np.random.default_rng(1).normal(size=(8, 15, 7)).astype(np.float32)
    chances = special.softmax(outputs, axis=-1)
    rows, steps = np.nonzero(batch.targets >= 0)
    expected = -np.log(chances[rows, steps, batch.targets[rows, steps]]).mean()
    program = program_for(network(task, return_sequences=True), experiment(task))
    assert float(program._loss(batch.targets, outputs)) == pytest.approx(expected, rel=1e-5)


def test_numbers_become_vectors_with_a_single_one_or_none():
    task = DistractorLag(2, 3, longest_extra=300)
    program = program_for(network(task), experiment(task))
    batch = task.batch(250, 2)  # more than are answered at once
    vectors = np.eye(8, 7, dtype=np.float32)[batch.inputs]
    np.testing.assert_allclose(
        program.answer(batch.inputs), program.answer(vectors), rtol=1e-5, atol=1e-6
    )
