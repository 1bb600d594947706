"""Training: it learns, it can be interrupted, it stops in time, and says what goes wrong."""

import json

import numpy as np
import pytest

from workshop_utils import evaluation, models, prepared, runtime, storage, training, tweets
from workshop_utils.training import History
from workshop_utils.training.checkpoint import STATE_NAME, Checkpoint
from workshop_utils.twin import make_twin

RNG = np.random.default_rng(0)
X = RNG.integers(1, 20, (200, 5)).astype("int32")
Y = (X[:, 0] > 10).astype("float32")
VALIDATION = (X[:50], Y[:50])


def network(learning_rate=0.01, units=3):
    """A network that is traced quickly, with dropout, whose random state a checkpoint must keep."""
    keras = runtime.load_keras()
    runtime.set_seed()
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


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    runs = []
    for seed in (1, 1, 2):
        model = network()
        training.fit(model, X, Y, epochs=2, seed=seed, show=False)
        runs.append(np.concatenate([w.ravel() for w in model.get_weights()]))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert np.abs(runs[0] - runs[2]).max() > 1e-4


def test_an_interrupted_training_ends_where_an_unbroken_one_ends(interrupt, capsys):
    options = {"epochs": 4, "batch_size": 32, "validation": VALIDATION, "show": False}
    unbroken = network()
    whole = training.fit(unbroken, X, Y, **options)
    interrupt(2, network(), checkpoint="test", **options)
    resumed = network()
    record = training.fit(resumed, X, Y, checkpoint="test", **options)
    assert record.resumed_after == 2
    assert record.history == whole.history
    for ours, theirs in zip(resumed.get_weights(), unbroken.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert "Continuing after epoch 2" in capsys.readouterr().out
    assert not folder("test").exists()


def test_early_stopping_goes_back_to_the_best_epoch():
    x, y = X.copy(), Y.copy()
    contradiction = (x[:50], 1 - y[:50])
    model = network(0.05)
    record = training.fit(
        model, x, y, epochs=9, batch_size=16, validation=contradiction, patience=2, show=False
    )
    assert record.stopped_early
    assert record.epochs == record.best_epoch + 2 < 9
    loss = model.evaluate(*contradiction, verbose=0)[0]
    assert loss == pytest.approx(min(record.history["val_loss"]), rel=1e-4)


def test_early_stopping_survives_an_interruption(interrupt):
    options = {
        "epochs": 9,
        "batch_size": 16,
        "validation": (X[:50], 1 - Y[:50]),
        "patience": 3,
        "show": False,
    }
    unbroken = network(0.05)
    whole = training.fit(unbroken, X, Y, **options)
    interrupt(whole.best_epoch + 1, network(0.05), checkpoint="early", **options)
    resumed = network(0.05)
    assert training.fit(resumed, X, Y, checkpoint="early", **options).history == whole.history
    for ours, theirs in zip(resumed.get_weights(), unbroken.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_only_the_files_that_are_needed_are_kept(interrupt):
    interrupt(3, network(), checkpoint="kept", epochs=4, show=False)
    assert sorted(p.name for p in folder("kept").iterdir()) == ["epoch-003.keras", STATE_NAME]


@pytest.mark.parametrize("other", ["model", "data", "learning rate"])
def test_a_checkpoint_of_another_training_is_not_used(interrupt, capsys, other):
    interrupt(1, network(), checkpoint="other", epochs=2, show=False)
    model = network(0.02 if other == "learning rate" else 0.01, 4 if other == "model" else 3)
    y = 1 - Y if other == "data" else Y
    record = training.fit(model, X, y, epochs=2, checkpoint="other", show=False)
    assert record.resumed_after == 0
    assert "belongs to another model" in capsys.readouterr().out


@pytest.mark.parametrize("damaged", [STATE_NAME, "epoch-001.keras"])
def test_a_damaged_checkpoint_is_said_and_the_training_starts_anew(interrupt, capsys, damaged):
    expected = network()
    training.fit(expected, X, Y, epochs=2, show=False)
    interrupt(1, network(), checkpoint="cut", epochs=2, show=False)
    file = folder("cut") / damaged
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    model = network()
    record = training.fit(model, X, Y, epochs=2, checkpoint="cut", show=False)
    assert record.resumed_after == 0
    assert "it cannot be read" in capsys.readouterr().out
    for ours, theirs in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_loss_that_is_not_a_number_stops_with_advice():
    history = History()
    history.add({"loss": 0.5})
    with pytest.raises(FloatingPointError, match=r"epoch 2: .* smaller learning rate"):
        history.add({"loss": float("nan")})
    labels = np.full_like(Y, np.nan)
    with pytest.raises(FloatingPointError, match="epoch 1"):
        training.fit(network(), X, labels, epochs=1, show=False)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="validation"):
        training.fit(network(), X, Y, epochs=1, patience=1)
    with pytest.raises(ValueError, match="200 rows and 199 labels"):
        training.fit(network(), X, Y[1:], epochs=1)


def test_class_weights_move_the_answers():
    answers = []
    for weight in (1.0, 9.0):
        model = network(0.05)
        training.fit(model, X, Y, epochs=2, class_weight={0: 1.0, 1: weight}, show=False)
        answers.append(evaluation.predict(model, X).mean())
    assert answers[1] > answers[0] + 0.05


def test_best_epoch_without_a_validation_part_is_the_last():
    assert History({"loss": [3.0, 2.0, 1.0]}).best_epoch == 3
    assert History({"loss": [3.0, 2.0], "val_loss": [1.0, 1.5]}).best_epoch == 1


@pytest.mark.parametrize(("kernel", "compiled"), [("xla", True), ("graph", False)])
def test_xla_is_on_only_where_the_runtime_chose_it(monkeypatch, kernel, compiled):
    monkeypatch.setattr(runtime, "lstm_kernel", lambda: kernel)
    model = training.compile_model(models.quick_lstm(20))
    assert model.jit_compile is compiled
    assert model.loss == "binary_crossentropy"


@pytest.fixture(scope="module")
def twin():
    frame = make_twin(2500)
    return prepared.prepare(
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
