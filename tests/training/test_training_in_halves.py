"""Training in halves: Keras' own gradients, the same bits again, threads set in time or not."""

import numpy as np
import pytest
from fresh_python import run_python

from workshop_utils import training
from workshop_utils.runtime import environment

RNG = np.random.default_rng(0)
LENGTHS = RNG.integers(0, 9, (67, 1))
TOKENS = np.where(np.arange(8) < LENGTHS, RNG.integers(1, 30, (67, 8)), 0).astype("int32")
LABELS = RNG.integers(0, 2, (67, 1)).astype("float32")
WEIGHTS = RNG.uniform(0, 3, 67).astype("float32")


def build(*, masked=True, dropout=0.0, **options):
    keras = environment.load_keras()
    environment.set_seed(1)
    return keras.Sequential([
        keras.Input((None,), dtype="int32"),
        keras.layers.Embedding(30, 4, mask_zero=masked),
        keras.layers.Dropout(dropout),
        keras.layers.LSTM(5, **options),
        keras.layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip


@pytest.fixture
def divided(monkeypatch):
    """Let the threads look divided; what a process has started with cannot change."""
    threading = environment.load_tensorflow().config.threading
    monkeypatch.setattr(threading, "get_inter_op_parallelism_threads", lambda: 2)


def step(network, rows, weights):
    """Return loss, accuracy and gradients of one batch: with SGD at rate 1, what was taken off."""
    network.compile(
        environment.load_keras().optimizers.SGD(1.0), "binary_crossentropy", metrics=["accuracy"],
    )  # fmt: skip
    before = network.get_weights()
    told = network.train_on_batch(TOKENS[:rows], LABELS[:rows], weights, return_dict=True)
    gradients = [a - b for a, b in zip(before, network.get_weights(), strict=True)]
    return told, gradients


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("rows", [1, 2, 7, 67])
@pytest.mark.parametrize("weighted", [True, False])
def test_the_gradients_are_those_of_keras(divided, rows, masked, weighted):
    network, weights = build(masked=masked), WEIGHTS[:rows] if weighted else None
    halves = training.in_halves(network)
    told, gradients = step(network, rows, weights)
    ours, found = step(halves, rows, weights)
    assert type(halves).__name__ == "Halves"
    assert ours == pytest.approx(told, abs=1e-5)
    for one, other in zip(gradients, found, strict=True):
        np.testing.assert_allclose(other, one, atol=1e-5)


def test_the_summary_names_the_layer_and_other_layers_stay(capsys):
    training.in_halves(build()).summary()
    assert "WrittenOutLSTM" in capsys.readouterr().out
    for options in ({"recurrent_dropout": 0.1}, {"activation": "relu"}, {"go_backwards": True}):
        assert type(training.in_halves(build(**options)).layers[2]).__name__ == "LSTM"


def test_several_outputs_are_refused():
    network = build()
    two = environment.load_keras().Model(network.inputs, [network.outputs[0]] * 2)
    with pytest.raises(ValueError, match="one output"):
        training.in_halves(two)


@pytest.mark.filterwarnings("error")
def test_the_copy_starts_where_the_network_is(divided):
    network = build()
    np.testing.assert_array_equal(training.in_halves(network)(TOKENS), network(TOKENS))


def test_the_same_seed_gives_the_same_bits_also_when_resumed(divided, monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path))
    keras = environment.load_keras()

    def learn(*, dies=False):
        network = training.in_halves(build(dropout=0.5))
        network.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
        callbacks = [training.checkpoint("halves", TOKENS, LABELS)]
        if dies:
            callbacks.append(keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: 1 / 0))
        network.fit(TOKENS, LABELS, batch_size=16, epochs=3, callbacks=callbacks, verbose=0)
        return network.get_weights()

    first = learn()
    with pytest.raises(ZeroDivisionError):
        learn(dies=True)
    for one, other in zip(first, learn(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("started", [False, True])
def test_threads_are_divided_before_tensorflow_computes(started):
    done = run_python(
        "from workshop_utils import training\nfrom workshop_utils.runtime import environment\nfrom workshop_utils.sentiment import models\n"
        f"if {started}: environment.load_tensorflow().constant(1) + 1\n"
        "print(training.divide_threads())\n"
        "print(type(training.in_halves(models.quick_lstm(9, units=2))).__name__)\n"
    )
    told = ["TensorFlow is running already, so batches will not be divided in halves.", "False"]
    assert done.stdout.splitlines()[:-1] == (told if started else ["True"])
    assert done.stdout.splitlines()[-1] == ("Sequential" if started else "Halves")
