"""Training: it learns, it can be interrupted, it stops in time, and says what goes wrong."""

import errno
import json
import os

import numpy as np
import pytest

from workshop_utils import dataset, environment, evaluation, models, storage, training, tweets
from workshop_utils.synthetic_tweets import make
from workshop_utils.training import History
from workshop_utils.training.checkpoint import STATE_NAME, Checkpoint
from workshop_utils.training.loop import XLA_PAYS_FROM
from workshop_utils.training.progress import Progress
from workshop_utils.training.task import Task

RNG = np.random.default_rng(0)
X = RNG.integers(1, 20, (200, 5)).astype("int32")
Y = (X[:, 0] > 10).astype("float32")
VALIDATION = (X[:50], Y[:50])


def network(learning_rate=0.01, units=3):
    """A network that is traced quickly, with dropout, whose random state a checkpoint must keep."""
    keras = environment.load_keras()
    environment.set_seed()
    model = keras.Sequential(
        [
            keras.Input((5,), dtype="int32"),
            keras.layers.Embedding(20, units),
            keras.layers.Dropout(0.2),
            keras.layers.Flatten(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    return training.compile_model(model, learning_rate=learning_rate)


OPTIONS = {"epochs": 3, "batch_size": 64, "validation": VALIDATION, "show": False}


@pytest.fixture(scope="module")
def unbroken():
    """A model and the record of a training with :data:`OPTIONS` that nobody interrupted."""
    model = network()
    return model, training.fit(model, X, Y, **OPTIONS)


def assert_same_weights(ours, theirs):
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def folder(name):
    return storage.artifacts_dir() / "checkpoints" / name


class InterruptedHereError(Exception):
    pass


@pytest.fixture
def interrupt(monkeypatch):
    """Interrupt a training right after a checkpoint was written."""

    def after(last, model, **options):
        save = Checkpoint.save

        def save_and_stop(self, saved_model, record):
            save(self, saved_model, record)
            if record.epochs == last:
                raise InterruptedHereError

        with monkeypatch.context() as patch:
            patch.setattr(Checkpoint, "save", save_and_stop)
            with pytest.raises(InterruptedHereError):
                training.fit(model, X, Y, **options)

    return after


def test_it_learns_records_and_names_the_device(capsys):
    model = network(0.05)
    record = training.fit(model, X, Y, epochs=5, batch_size=16, validation=VALIDATION)
    assert record.epochs == 5
    assert set(record.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert record.history["loss"][-1] < 0.5 < record.history["loss"][0]
    assert record.seconds > 0
    assert capsys.readouterr().out == f"Training on {record.device}.\n"
    assert "5 epochs" in repr(record)
    assert evaluation.scores(Y, evaluation.predict(model, X)).accuracy > 0.9


def test_the_bar_counts_batches_and_shows_the_last_epoch(capsys):
    training.fit(network(), X, Y, epochs=2, batch_size=50)
    last = capsys.readouterr().err.rsplit("\r", 1)[-1]
    assert "epoch 2/2" in last
    assert "8/8" in last
    assert "loss=" in last
    assert "accuracy=" in last


def test_hidden_means_silent(capsys):
    training.fit(network(), X, Y, epochs=1, show=False)
    assert capsys.readouterr() == ("", "")


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(unbroken):
    model = network()
    training.fit(model, X, Y, **OPTIONS)
    assert_same_weights(model, unbroken[0])
    training.fit(model := network(), X, Y, seed=2, **OPTIONS)
    assert np.abs(model.get_weights()[0] - unbroken[0].get_weights()[0]).max() > 1e-4


def test_an_interrupted_training_ends_where_an_unbroken_one_ends(interrupt, capsys, unbroken):
    interrupt(2, network(), checkpoint="test", **OPTIONS)
    names = sorted(path.name for path in folder("test").iterdir())
    assert names == ["epoch-002.keras", STATE_NAME]
    resumed = network()
    record = training.fit(resumed, X, Y, checkpoint="test", **OPTIONS)
    assert record.resumed_after == 2
    assert record.history == unbroken[1].history
    assert_same_weights(resumed, unbroken[0])
    assert "Continuing after epoch 2" in capsys.readouterr().out
    assert not folder("test").exists()


CONTRADICTION = {"batch_size": 32, "validation": (X[:50], 1 - Y[:50]), "show": False}
"""The validation labels are the wrong way round, so the validation loss soon rises."""


@pytest.fixture(scope="module")
def stopped():
    model = network(0.05)
    return model, training.fit(model, X, Y, epochs=9, patience=2, **CONTRADICTION)


def test_early_stopping_goes_back_to_the_best_epoch(stopped):
    model, record = stopped
    assert record.stopped_early
    assert record.epochs == record.best_epoch + 2 < 9
    loss = model.evaluate(*CONTRADICTION["validation"], verbose=0)[0]
    assert loss == pytest.approx(min(record.history["val_loss"]), rel=1e-4)


def test_the_best_weights_are_kept_also_when_training_goes_on(stopped):
    model = network(0.05)
    record = training.fit(model, X, Y, epochs=4, **CONTRADICTION)
    assert record.best_epoch < record.epochs == 4
    assert not record.stopped_early
    assert np.abs(model.get_weights()[0] - record.best_weights[0]).max() > 0
    model.set_weights(record.best_weights)
    assert_same_weights(model, stopped[0])


def test_early_stopping_survives_an_interruption(interrupt, stopped):
    options = {"epochs": 9, "patience": 2, **CONTRADICTION}
    interrupt(stopped[1].best_epoch + 1, network(0.05), checkpoint="early", **options)
    resumed = network(0.05)
    record = training.fit(resumed, X, Y, checkpoint="early", **options)
    assert record.history == stopped[1].history
    assert record.resumed_after == stopped[1].best_epoch + 1
    assert_same_weights(resumed, stopped[0])


def test_a_fingerprint_tells_trainings_apart_and_knows_the_same_one_again():
    def fingerprint(model=None, x=X, y=Y, batch_size=64, weights=None, seed=141, rows=None):
        model = model or network()
        return Task(
            model, x, y, batch_size, VALIDATION, weights, seed, sample_weight=rows
        ).fingerprint()

    same = fingerprint()
    assert fingerprint() == same
    others = [
        fingerprint(network(0.02)),
        fingerprint(network(units=4)),
        fingerprint(x=X + 1),
        fingerprint(y=1 - Y),
        fingerprint(batch_size=32),
        fingerprint(weights={0: 1.0, 1: 2.0}),
        fingerprint(seed=142),
        fingerprint(rows=Y),
        fingerprint(rows=1 - Y),
    ]
    assert len({same, *others}) == 1 + len(others)


def test_a_checkpoint_of_another_training_is_not_used(interrupt, capsys):
    interrupt(1, network(0.02), checkpoint="other", **OPTIONS)
    record = training.fit(network(), X, Y, checkpoint="other", **OPTIONS)
    assert record.resumed_after == 0
    assert "belongs to another model" in capsys.readouterr().out


@pytest.mark.parametrize("damaged", [STATE_NAME, "epoch-001.keras"])
def test_a_damaged_checkpoint_is_said_and_the_training_starts_anew(
    interrupt, capsys, unbroken, damaged
):
    interrupt(1, network(), checkpoint="cut", **OPTIONS)
    file = folder("cut") / damaged
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    model = network()
    record = training.fit(model, X, Y, checkpoint="cut", **OPTIONS)
    assert record.resumed_after == 0
    assert "it cannot be read" in capsys.readouterr().out
    assert_same_weights(model, unbroken[0])


def test_a_checkpoint_that_breaks_while_it_is_read_leaves_no_trace(interrupt, capsys, stopped):
    """The best epoch can be read and the last one cannot: nothing of the first may stay."""
    options = {"epochs": 9, "patience": 2, **CONTRADICTION}
    last = stopped[1].best_epoch + 1
    interrupt(last, network(0.05), checkpoint="half", **options)
    file = folder("half") / f"epoch-{last:03d}.keras"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    model = network(0.05)
    record = training.fit(model, X, Y, checkpoint="half", **options)
    assert "it cannot be read" in capsys.readouterr().out
    assert record.history == stopped[1].history
    assert_same_weights(model, stopped[0])


def test_a_full_disk_is_said_and_what_was_kept_is_used_later(
    interrupt, monkeypatch, unbroken, capsys
):
    interrupt(1, network(), checkpoint="full", **OPTIONS)
    kept = {path.name: path.read_bytes() for path in folder("full").iterdir()}

    def no_room(self, path, *_, **__):
        path.write_bytes(b"the first part")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    model = network()
    with monkeypatch.context() as patch:
        patch.setattr(type(model), "save", no_room)
        with pytest.raises(storage.StorageError, match="epoch-002"):
            training.fit(model, X, Y, checkpoint="full", **OPTIONS)
    assert {path.name: path.read_bytes() for path in folder("full").iterdir()} == kept
    resumed = network()
    assert training.fit(resumed, X, Y, checkpoint="full", **OPTIONS).resumed_after == 1
    assert "Continuing after epoch 1" in capsys.readouterr().out
    assert_same_weights(resumed, unbroken[0])


def test_watch_sees_each_epoch():
    seen = []
    watch = lambda record: seen.append((record.epochs, len(record.history["loss"])))  # noqa: E731
    training.fit(network(), X, Y, epochs=2, show=False, watch=watch)
    assert seen == [(1, 1), (2, 2)]


def test_a_gpu_says_its_kernel_and_the_batch_size(capsys):
    with Progress(History(device="2 GPUs"), epochs=1, steps=1, batch_size=64, show=True):
        pass
    line = capsys.readouterr().out
    assert (
        line == "Training on 2 GPUs, with cuDNN where the layers allow it, 64 rows in each step.\n"
    )


def test_a_loss_that_is_not_a_number_stops_with_advice():
    history = History()
    history.add({"loss": 0.5})
    with pytest.raises(FloatingPointError, match=r"epoch 2: .* smaller learning rate"):
        history.add({"loss": float("nan")})
    with pytest.raises(FloatingPointError, match=r"validation loss .* epoch 2"):
        history.add({"loss": 0.5, "val_loss": float("inf")})
    labels = np.full_like(Y, np.nan)
    with pytest.raises(FloatingPointError, match="epoch 1"):
        training.fit(network(), X, labels, epochs=1, show=False)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="validation"):
        training.fit(network(), X, Y, epochs=1, patience=1)
    with pytest.raises(ValueError, match="200 rows and 199 labels"):
        training.fit(network(), X, Y[1:], epochs=1)
    with pytest.raises(ValueError, match="Expected 200 weights, one a row; got 199"):
        training.fit(network(), X, Y, epochs=1, sample_weight=Y[1:])
    with pytest.raises(ValueError, match="199 rows and 200 labels"):
        training.fit(network(), (X, X[1:]), Y, epochs=1)


def test_class_weights_move_the_answers():
    answers = []
    for weight in (1.0, 9.0):
        model = network(0.05)
        training.fit(model, X, Y, epochs=2, class_weight={0: 1.0, 1: weight}, show=False)
        answers.append(evaluation.predict(model, X).mean())
    assert answers[1] > answers[0] + 0.05


@pytest.mark.parametrize("several", [False, True])
def test_weights_of_the_rows_do_what_class_weights_do(several):
    keras = environment.load_keras()

    def built():
        model = network(0.05)
        if several:  # a second input, which changes nothing
            other = keras.Input((5,), dtype="int32")
            zeros = keras.ops.cast(other[:, :1] * 0, "float32")
            model = keras.Model([model.inputs[0], other], model.outputs[0] + zeros)
            training.compile_model(model, learning_rate=0.05)
        return model

    inputs, options = (X, X) if several else X, {"epochs": 2, "show": False}
    by_class, by_row = built(), built()
    training.fit(by_class, inputs, Y, class_weight={0: 1.0, 1: 9.0}, **options)
    training.fit(by_row, inputs, Y, sample_weight=1 + 8 * Y, **options)
    assert_same_weights(by_class, by_row)
    other = built()
    training.fit(other, inputs, Y, **options)
    assert not np.array_equal(other.get_weights()[0], by_row.get_weights()[0])


def test_best_epoch_without_a_validation_part_is_the_last():
    assert History({"loss": [3.0, 2.0, 1.0]}).best_epoch == 3
    assert History({"loss": [3.0, 2.0], "val_loss": [1.0, 1.5]}).best_epoch == 1


@pytest.mark.parametrize(("kernel", "compiled"), [("xla", True), ("graph", False)])
def test_xla_is_on_only_where_the_runtime_chose_it(monkeypatch, kernel, compiled):
    monkeypatch.setattr(environment, "lstm_kernel", lambda: kernel)
    model = training.compile_model(models.quick_lstm(20))
    assert model.jit_compile is compiled
    assert model.loss == "binary_crossentropy"


@pytest.mark.parametrize(("steps", "compiled"), [(XLA_PAYS_FROM, True), (XLA_PAYS_FROM - 1, False)])
def test_a_long_training_on_a_cpu_pays_for_xla(monkeypatch, steps, compiled):
    monkeypatch.setattr(environment, "lstm_kernel", lambda: "graph")
    model = training.compile_model(models.quick_lstm(20), steps=steps)
    assert model.jit_compile is compiled


@pytest.fixture(scope="module")
def twin():
    frame = make(2500)
    return dataset.prepare(
        tweets.Tweets(frame=frame, source="twin", is_real=False, sentence="the offline twin")
    )


def test_the_quick_recipe_learns_the_twin_and_writes_down_what_it_did(twin):
    model, record = training.train_quick(twin, show=False)
    test = twin.split_grouped.test
    answers = evaluation.predict(model, twin.raw_texts[test])
    scores = evaluation.scores(twin.labels[test], answers)
    assert scores.average_precision > twin.labels[test].mean() + 0.1
    assert record["metrics"] == pytest.approx(vars(scores))
    assert record["labels"] == ["negative", "positive"]
    assert record["is_real"] is False
    assert record["split"] == "grouped"
    assert record["data"] == twin.provenance
    assert 0 < record["threshold"] < 1
    assert record["versions"]["keras"]
    json.dumps(record)
