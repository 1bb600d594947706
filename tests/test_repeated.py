"""Training again from other seeds: the same seed gives the same network, and it learns."""

import numpy as np
import pytest

from workshop_utils import environment
from workshop_utils.multi_seed_training import train_again

ROWS, TIMESTEPS, WORDS = 256, 6, 3


@pytest.fixture(scope="module")
def keras():
    return environment.load_keras()


@pytest.fixture(scope="module")
def data():
    """What to say at the last word: whether the first word was word 2."""
    words = np.random.default_rng(1).integers(0, WORDS, (ROWS, TIMESTEPS))
    targets = np.repeat(words[:, :1] == 2, TIMESTEPS, axis=1)
    counts = np.zeros((ROWS, TIMESTEPS))
    counts[:, -1] = 1
    return words, targets, counts


def maker(keras, **dense):
    def make():
        return keras.Sequential(
            [
                keras.Input((None,)),
                keras.layers.Embedding(WORDS, 4),
                keras.layers.GaussianNoise(0.1),
                keras.layers.LSTM(6, return_sequences=True),
                keras.layers.Dense(1, activation="sigmoid", **dense),
            ]
        )

    return make


def test_each_training_learns_and_the_same_seed_gives_the_same_network(keras, data):
    weights, right = [], []
    for network in train_again(maker(keras), *data, seeds=(1, 2, 1), epochs=40):
        weights.append([array.copy() for array in network.get_weights()])
        said = network(data[0]).numpy()[:, -1, 0] > 0.5
        right.append(np.mean(said == data[1][:, -1]))
    assert min(right) > 0.98
    for first, again in zip(weights[0], weights[2], strict=True):
        np.testing.assert_array_equal(first, again)
    assert not np.array_equal(weights[0][0], weights[1][0])


def test_the_price_of_a_regulariser_counts(keras, data):
    def largest(price):
        make = maker(keras, kernel_regularizer=keras.regularizers.L1(price))
        (network,) = train_again(make, *data, seeds=(1,), epochs=20)
        return np.abs(network.get_weights()[-2]).max()

    assert largest(10.0) < largest(0.0) / 5


def test_fewer_rows_than_a_batch_are_refused(keras, data):
    with pytest.raises(ValueError, match="needs 300 rows, but there are only 256"):
        next(train_again(maker(keras), *data, seeds=(1,), batch_size=300))
