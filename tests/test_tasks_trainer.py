import numpy as np
import pytest

from workshop_utils import sequence_tasks
from workshop_utils.sequence_tasks.program import squash


@pytest.fixture(scope="module")
def keras():
    from workshop_utils.environment import load_keras

    return load_keras()


def network(keras, task, layer):
    if isinstance(task, sequence_tasks.CountryLanguage):
        first = [
            keras.Input((task.timesteps,), dtype="int32"),
            keras.layers.Embedding(task.features, 8),
        ]
    else:
        first = [keras.Input((task.timesteps, task.features))]
    return keras.Sequential([*first, layer, keras.layers.Dense(task.outputs)])


def recurrent(keras, task, units, kind="SimpleRNN"):
    steps = task.answer == "symbols"
    return network(keras, task, getattr(keras.layers, kind)(units, return_sequences=steps))


@pytest.fixture(scope="module")
def latch_trainer(keras):
    task = sequence_tasks.Latch(5, stretch=0)
    model = network(keras, task, keras.layers.SimpleRNN(8))
    return task, model, sequence_tasks.Trainer(model, learning_rate=0.02, batch_size=32, steps=10)


def test_a_trainer_learns_what_is_easy_and_stops_there(latch_trainer):
    task, _, trainer = latch_trainer
    trial = trainer.run(task, seed=1, sequences=10_000, stop_at=0.99)
    assert trial.score > 0.97
    assert trial.sequences[-1] < 10_000
    assert (trial.scores[:-1] < 0.99).all()
    assert trial.scores[-1] >= 0.99
    assert trial.losses[-1] < trial.losses[0]
    assert trial.sequences.tolist() == [320 * (k + 1) for k in range(len(trial.scores))]
    assert trial.seconds > 0
    new = task.batch(500, 99)
    answers = trainer.answer(new.inputs)
    assert ((answers > 0) == (new.targets > 0.5)).mean() > 0.97


def test_the_same_seed_gives_the_same_trial_and_another_seed_another(latch_trainer):
    task, _, trainer = latch_trainer
    first, second, third = (trainer.run(task, seed, sequences=960) for seed in (3, 4, 3))
    np.testing.assert_array_equal(first.losses, third.losses)
    np.testing.assert_array_equal(first.scores, third.scores)
    assert first.score == third.score
    assert not np.array_equal(first.losses, second.losses)
    assert "seed=3" in repr(first)
    assert "losses" not in repr(first)


def test_the_described_network_stays_as_it_was(keras, latch_trainer):
    task, model, trainer = latch_trainer
    before = model.get_weights()
    trainer.run(task, 1, sequences=320)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_rounds_are_whole_and_scored_before_the_network_learns_from_them(latch_trainer):
    task, model, trainer = latch_trainer
    trial = trainer.run(task, 2, sequences=1)
    assert trial.sequences.tolist() == [320]
    # A first round that was scored after learning would already look learnt.
    slow = sequence_tasks.Trainer(model, learning_rate=1e-9, batch_size=32, steps=10)
    frozen = slow.run(task, 2, sequences=320)
    answers = slow.answer(task.batch(320, [2, 0]).inputs)
    expected = ((answers > 0) == (task.batch(320, [2, 0]).targets > 0.5)).mean()
    assert frozen.scores[0] == pytest.approx(expected)


def test_networks_that_differ_only_in_their_start_share_one_compilation(keras):
    task = sequence_tasks.Latch(6, stretch=0)

    def program_of(layer, **options):
        return sequence_tasks.Trainer(network(keras, task, layer), **options)._program

    zero = program_of(keras.layers.LSTM(4))
    assert program_of(keras.layers.LSTM(4, unit_forget_bias=False)) is zero
    assert program_of(keras.layers.LSTM(4, recurrent_initializer="glorot_uniform")) is zero
    assert program_of(keras.layers.LSTM(5)) is not zero
    assert program_of(keras.layers.LSTM(4, go_backwards=True)) is not zero
    assert program_of(keras.layers.GRU(4)) is not zero
    assert program_of(keras.layers.LSTM(4), steps=3) is not zero
    assert program_of(keras.layers.LSTM(4), learning_rate=1.0) is not zero
    assert program_of(keras.layers.LSTM(4), batch_size=3) is not zero


def test_sharing_does_not_share_the_start(keras):
    task = sequence_tasks.Latch(4, stretch=0)
    starts = {}
    for bias in ("zeros", "ones"):
        layer = keras.layers.SimpleRNN(3, bias_initializer=bias)
        trainer = sequence_tasks.Trainer(network(keras, task, layer), learning_rate=1e-12, steps=1)
        trainer.run(task, 1, sequences=1)
        starts[bias] = trainer._program.model.layers[0].get_weights()[2]
    np.testing.assert_allclose(starts["zeros"], 0, atol=1e-6)
    np.testing.assert_allclose(starts["ones"], 1, atol=1e-6)


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        (sequence_tasks.CountryLanguage(gap=1, timesteps=4), "GRU"),
        (sequence_tasks.Adding(4), "LSTM"),
    ],
    ids=repr,
)
def test_every_kind_of_answer_can_be_learnt(keras, task, kind):
    model = network(keras, task, getattr(keras.layers, kind)(8))
    trainer = sequence_tasks.Trainer(model, learning_rate=0.02, batch_size=32, steps=20)
    goal = 0.02 if task.answer == "value" else 0.99
    trial = trainer.run(task, 1, sequences=40_000, stop_at=goal)
    baseline = task.baseline().value
    if task.answer == "value":
        assert trial.score < 0.3 * baseline
    else:
        assert trial.score > 0.97
    assert trial.sequences[-1] < 40_000


def test_a_network_that_does_not_fit_is_refused(keras, latch_trainer):
    _, _, trainer = latch_trainer
    with pytest.raises(ValueError, match="TemporalOrder needs a network from"):
        trainer.run(sequence_tasks.TemporalOrder(), 1)
    with pytest.raises(ValueError, match="Latch needs a network from"):
        trainer.run(sequence_tasks.Latch(7, stretch=0), 1)
    lag = sequence_tasks.NoiseFreeLag(4)
    one_answer = sequence_tasks.Trainer(network(keras, lag, keras.layers.SimpleRNN(2)))
    expected = r"\(batch, 4\) or \(batch, 4, 5\) to \(batch, 4, 5\)"
    with pytest.raises(ValueError, match=expected):
        one_answer.run(lag, 1)


# --- Tasks with an answer at every step, and symbols as numbers. -----------------------------


def test_the_loss_is_the_mean_over_the_steps_that_count(keras):
    task = sequence_tasks.EmbeddedReber(16)
    trainer = sequence_tasks.Trainer(
        recurrent(keras, task, 3), learning_rate=1e-9, batch_size=8, steps=1
    )
    trial = trainer.run(task, 1, sequences=1)
    batch = task.batch(8, [1, 0])
    chances = squash(trainer.answer(batch.inputs), "symbols")
    np.testing.assert_allclose(chances.sum(axis=2), 1)
    rows, steps = np.nonzero(batch.targets >= 0)
    assert len(rows) < batch.targets.size
    expected = -np.log(chances[rows, steps, batch.targets[rows, steps]]).mean()
    assert trial.losses[0] == pytest.approx(expected, rel=1e-5)
    assert trial.scores[0] == trial.shares_correct[0] == task.score(chances, batch.targets)


def test_numbers_become_vectors_with_a_single_one_or_none(keras):
    task = sequence_tasks.DistractorLag(2, 3, longest_extra=300)
    trainer = sequence_tasks.Trainer(recurrent(keras, task, 3))
    batch = task.batch(250, 2)  # more than are answered at once
    vectors = np.eye(8, 7, dtype=np.float32)[batch.inputs]
    assert (vectors.sum(axis=2) == (batch.inputs >= 0)).all()
    np.testing.assert_allclose(
        trainer.answer(batch.inputs), trainer.answer(vectors), rtol=1e-5, atol=1e-6
    )


def test_a_network_may_embed_the_numbers_itself(keras):
    task = sequence_tasks.NoiseFreeLag(3)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((task.timesteps,), dtype="int32"),
            layers.Embedding(task.features, 6),
            layers.SimpleRNN(6, return_sequences=True),
            layers.Dense(task.outputs),
        ]
    )
    trainer = sequence_tasks.Trainer(model, learning_rate=0.02, batch_size=16, steps=20)
    seen = []
    trial = trainer.run(
        task, 1, sequences=20_000, stop_at_correct=1, progress=lambda *step: seen.append(step)
    )
    assert trial.correct == trial.score == 1
    assert trial.sequences[-1] < 20_000
    assert trial.shares_correct[-1] == 1
    assert (trial.shares_correct[:-1] < 1).all()
    # The largest output is right before all outputs are close enough.
    assert (trial.scores >= trial.shares_correct).all()
    assert trial.scores.sum() > trial.shares_correct.sum()
    assert seen == list(zip(trial.sequences.tolist(), trial.scores.tolist(), strict=True))


def test_one_string_at_a_time_teaches_the_embedded_reber_grammar(keras):
    task = sequence_tasks.EmbeddedReber()
    model = recurrent(keras, task, 12, "LSTM")
    trainer = sequence_tasks.Trainer(model, learning_rate=0.01, batch_size=1, steps=500)
    trial = trainer.run(task, 1, sequences=12_000, stop_at=0.99)
    assert trial.sequences[-1] < 12_000
    assert trial.score > 0.9
    new = task.batch(1000, 2)
    assert task.outer_accuracy(trainer.answer(new.inputs), new.targets) > 0.9


def test_a_low_cross_entropy_stops_the_training(keras):
    task = sequence_tasks.CopyMemory(1)
    trainer = sequence_tasks.Trainer(
        recurrent(keras, task, 8), learning_rate=0.02, batch_size=32, steps=20
    )
    trial = trainer.run(task, 1, sequences=20_000, stop_at=1.3)
    assert trial.sequences[-1] < 20_000
    assert trial.scores[-1] <= 1.3
    assert (trial.scores[:-1] > 1.3).all()
    np.testing.assert_allclose(trial.scores, trial.losses, rtol=1e-5)
