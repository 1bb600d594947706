"""Training: a stopped one ends like an unbroken one, and belongs to itself and one process."""

import errno
import json
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from workshop_utils import training
from workshop_utils.runtime import environment, locks
from workshop_utils.sentiment import models

RNG = np.random.default_rng(0)
TOKENS = RNG.integers(1, 30, (96, 8)).astype(np.int32)
LABELS = (TOKENS[:, 0] % 2).astype(np.float32)
EPOCHS = 4


class Stopped(Exception):  # noqa: N818 (it is no error)
    """Stands for a killed kernel."""


@pytest.fixture(autouse=True)
def artifacts(monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path))
    training.callbacks._held.clear()
    return tmp_path


def small(units=3):
    """Return a network with dropout and without a memory, which compiles in a moment."""
    keras = environment.load_keras()
    return keras.Sequential(
        [
            keras.Input((8,), dtype="int32"),
            keras.layers.Embedding(30, 3),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(units, "tanh"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1, "sigmoid"),
        ]
    )


lstm = partial(models.quick_lstm, 30, units=3, embedding_size=3, dropout=0.5)


def new(build=small, seed=1):
    """Return a compiled network."""
    keras = environment.load_keras()
    environment.set_seed(seed)
    network = build()
    network.compile(
        keras.optimizers.Adam(0.05),
        "binary_crossentropy",
        metrics=["accuracy"],
        run_eagerly=build is not lstm,  # three steps an epoch are quicker than compiling them
    )
    return network


def learn(network, *, stop_after=None, name="test", labels=LABELS, batch_size=32):
    """Train with a checkpoint; stop after some epochs as a kernel that dies."""
    keras = environment.load_keras()
    kept = training.checkpoint(name, TOKENS, labels)

    def die(epoch, logs):
        if stop_after is not None and epoch + 1 == stop_after:
            raise Stopped

    history = network.fit(
        TOKENS, labels, batch_size=batch_size, epochs=EPOCHS, verbose=0,
        validation_data=(TOKENS[:32], 1 - labels[:32]),
        callbacks=[kept, keras.callbacks.LambdaCallback(on_epoch_end=die)],
    )  # fmt: skip
    return history.history


def interrupted(network, after, **options):
    with pytest.raises(Stopped):
        learn(network, stop_after=after, **options)


def same_bytes(one, two):
    return all(
        np.array_equal(np.asarray(a), np.asarray(b))
        for a, b in zip(
            [*one.variables, *one.optimizer.variables],
            [*two.variables, *two.optimizer.variables],
            strict=True,
        )
    )


@pytest.mark.parametrize(("build", "after"), [(lstm, 2), (small, 1), (small, 3)])
def test_a_resumed_training_ends_with_the_bytes_of_an_unbroken_one(build, after, capsys, artifacts):
    unbroken = new(build)
    resumed = new(build)
    whole = learn(unbroken)
    interrupted(new(build), after)
    assert learn(resumed) == whole
    assert f"Continuing after epoch {after}" in capsys.readouterr().out
    assert same_bytes(unbroken, resumed)
    assert not list(artifacts.rglob("*.npz*"))


def test_the_state_of_the_dropout_is_what_makes_it_so(monkeypatch):
    unbroken = new()
    resumed = new()
    learn(unbroken)
    interrupted(new(), 2)
    assign = training.callbacks._variables

    def without_dropout(model):
        return [each for each in assign(model) if "seed_generator" not in each.path]

    monkeypatch.setattr(training.callbacks, "_variables", without_dropout)
    interrupted(new(), 2, name="other")
    learn(resumed, name="other")
    assert not same_bytes(unbroken, resumed)


@pytest.mark.parametrize(
    "other", [lambda: new(seed=2), lambda: new(partial(small, 4))], ids=["first weights", "network"]
)
def test_it_belongs_to_its_first_weights_and_network(other, capsys):
    interrupted(new(), 2)
    alone = other()
    warned = other()
    learn(alone, name="alone")
    learn(warned)
    assert "belongs to another network, other first weights" in capsys.readouterr().out
    assert same_bytes(alone, warned)


def test_it_belongs_to_its_data(capsys):
    interrupted(new(), 2)
    learn(new(), labels=1 - LABELS)
    assert "is not used" in capsys.readouterr().out


def test_it_belongs_to_its_batch_size(capsys):
    interrupted(new(), 2)
    alone = new()
    warned = new()
    learn(alone, name="alone", batch_size=16)
    learn(warned, batch_size=16)
    assert "batches of another size" in capsys.readouterr().out
    assert same_bytes(alone, warned)


def test_a_second_fit_begins_at_its_first_epoch():
    interrupted(new(), 2)
    network = new()
    learn(network)
    assert len(learn(network)["loss"]) == EPOCHS


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_damaged_checkpoint_is_said_and_the_training_starts_anew(content, capsys, artifacts):
    interrupted(new(), 2)
    (path,) = artifacts.rglob("*.npz")
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    alone = new()
    resumed = new()
    learn(alone, name="alone")
    learn(resumed)
    assert "cannot be read" in capsys.readouterr().out
    assert same_bytes(alone, resumed)


def test_a_full_disk_costs_the_checkpoint_and_not_the_training(monkeypatch, capsys, artifacts):
    unbroken = new()
    other = new()
    learn(unbroken)

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    capsys.readouterr()
    learn(other)
    said = capsys.readouterr().out
    assert said.count("The training goes on without a checkpoint: ") == 1
    assert "No space left on device" in said
    assert same_bytes(unbroken, other)
    assert not list(artifacts.rglob("*.npz*"))


HOLDER = """
    import sys, time
    from pathlib import Path
    from workshop_utils.runtime import locks
    with locks.held(Path(sys.argv[1])):
        print("held", flush=True)
        time.sleep(60)
"""


def test_two_processes_cannot_train_under_one_name(artifacts):
    path = artifacts / "checkpoints" / "test.npz"
    path.parent.mkdir()
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(locks.InUse, match=str(other.pid)):
            learn(new())
        other.kill()
    learn(new())


def test_an_interrupted_training_can_go_on_in_the_same_kernel():
    interrupted(new(), 1)
    interrupted(new(), 3)
    assert len(learn(new())["loss"]) == EPOCHS


def test_the_bar_counts_batches_and_begins_where_a_checkpoint_ended(capsys):
    interrupted(new(), 2)
    capsys.readouterr()
    bar = training.progress_bar()
    network = new()
    network.fit(
        TOKENS, LABELS, batch_size=32, epochs=EPOCHS, verbose=0,
        validation_data=(TOKENS[:32], 1 - LABELS[:32]),
        callbacks=[training.checkpoint("test", TOKENS, LABELS), bar],
    )  # fmt: skip
    shown = capsys.readouterr().err
    assert "epoch 3/4" in shown
    assert "6/12" in shown
    assert "epoch 1/4" not in shown
    assert bar.bar is None


def test_every_gpu_changes_nothing_without_a_second_one():
    with training.every_gpu():
        network = new()
    assert network.distribute_strategy.num_replicas_in_sync == 1
    assert len(network.fit(TOKENS, LABELS, verbose=0).history["loss"]) == 1


@pytest.mark.slow
def test_two_devices_give_the_loss_of_one():
    code = """
        import numpy as np
        import tensorflow as tf
        cpu = tf.config.list_physical_devices("CPU")[0]
        half = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(cpu, [half, half])
        import keras
        from workshop_utils import training
        real = tf.config.list_logical_devices
        tf.config.list_logical_devices = lambda kind=None: real("CPU" if kind == "GPU" else kind)
        mirrored = tf.distribute.MirroredStrategy
        tf.distribute.MirroredStrategy = lambda: mirrored(["CPU:0", "CPU:1"])
        x = np.arange(64.0).reshape(32, 2) / 64
        losses = []
        for scope in (training.every_gpu(), tf.distribute.get_strategy().scope()):
            with scope:
                keras.utils.set_random_seed(1)
                net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
                net.compile("sgd", "mse")
            fitted = net.fit(x, x[:, :1], batch_size=8, epochs=2, verbose=0)
            losses.append(fitted.history["loss"])
        print(np.round(np.subtract(*losses), 5).tolist())
    """
    found = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert np.allclose(json.loads(found.stdout.splitlines()[-1]), 0)


def test_a_restarted_network_ends_like_a_new_one():
    fit = {"batch_size": 32, "epochs": 2, "verbose": 0}
    fresh = new(lstm, seed=7)
    fresh.fit(TOKENS, LABELS, **fit)
    network = new(lstm)
    network.fit(TOKENS, LABELS, **fit)
    training.restart(network, lstm, 7)
    network.fit(TOKENS, LABELS, **fit)
    for one, other in zip(network.get_weights(), fresh.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_network_is_not_restarted_from_another_kind():
    with pytest.raises(ValueError, match="same layers"):
        training.restart(new(), partial(small, 4))
