"""A network trained again and again: only the start differs, and Keras has the same gradient."""

import numpy as np
import pytest

from workshop_utils import tasks
from workshop_utils.runtime import load_keras, load_tensorflow, set_seed
from workshop_utils.training import Restarts, read_untrained

TASK = tasks.CountryLanguage(gap=2, timesteps=4)


def network(start="orthogonal"):
    keras = load_keras()  # not above: the quick tests collect this file without TensorFlow
    return keras.Sequential([
        keras.Input((None,), dtype="int32"),
        keras.layers.Embedding(TASK.features, 4),
        keras.layers.SimpleRNN(4, recurrent_initializer=start),
        keras.layers.Dense(TASK.outputs, activation="softmax"),
    ])  # fmt: skip


@pytest.fixture(scope="module")
def net():
    return Restarts(network(), "categorical_crossentropy", learning_rate=0.01)


def test_a_training_depends_on_its_start_and_seed_and_not_on_the_one_before(net):
    alone = net.restart(network(), TASK, [1, 2], updates=25)
    net.restart(network("zeros"), TASK, [5], updates=50)
    assert net.restart(network(), TASK, [2, 1], updates=25) == alone[::-1]
    assert all(0 <= accuracy <= 1 for accuracy in alone)


def test_more_updates_learn_more(net):
    short, long = (net.restart(network(), TASK, [1], updates=n)[0] for n in (25, 250))
    assert long > short


def step_back(by_state, state, before, U):
    delta = by_state * (1 - state**2)
    return before.T @ delta, delta @ U.T


def test_the_terms_of_an_untrained_network_add_up_to_the_gradient_of_keras():
    keras = load_keras()
    first = network()
    batch = TASK.batch(50, seed=3)
    reading = read_untrained(first, batch, seed=4)
    set_seed(4)
    model = keras.models.clone_model(first)
    with load_tensorflow().GradientTape() as tape:
        loss = keras.losses.CategoricalCrossentropy()(batch.targets, model(batch.inputs))
    by_keras = tape.gradient(loss, model.trainable_variables)[2]
    terms = reading.walk_back(step_back)
    assert terms.shape == (4, 4, 4)
    np.testing.assert_allclose(terms.sum(axis=0), by_keras, atol=1e-6)
    np.testing.assert_array_equal(terms[-1], 0)  # the state before the first step is zeros
