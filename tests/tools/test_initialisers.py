import numpy as np
import pytest

from workshop_utils.runtime.environment import load_keras, set_seed


@pytest.fixture(scope="module")
def keras():
    return load_keras()


@pytest.fixture(scope="module")
def first_biases():
    from workshop_tools.experiments.initialisers import FirstBiases

    return FirstBiases


def lstm_bias(keras, units, initialiser):
    layer = keras.layers.LSTM(units, unit_forget_bias=False, bias_initializer=initialiser)
    layer.build((None, None, 2))
    return layer.get_weights()[2].reshape(4, units)


def test_the_forget_bias_opens_only_the_forget_gates(keras, first_biases):
    bias = lstm_bias(keras, 3, first_biases(forget=5))
    np.testing.assert_array_equal(bias, [[0] * 3, [5] * 3, [0] * 3, [0] * 3])


def test_chrono_spreads_the_forget_gates_and_closes_the_input_gates_as_much(keras, first_biases):
    longest = 110
    units = 400
    i, f, c, o = lstm_bias(keras, units, first_biases(longest=longest))
    np.testing.assert_array_equal(i, -f)
    assert not c.any()
    assert not o.any()
    # exp(b_f) is uniform on 1 to longest - 1: its quantiles lie on a line.
    times = np.sort(np.exp(f))
    assert times[0] >= 1
    assert times[-1] <= longest - 1
    expected = 1 + (longest - 2) * (np.arange(units) + 0.5) / units
    assert np.abs(times - expected).max() < 0.1 * longest


def test_chrono_draws_by_the_global_seed(keras, first_biases):
    draws = []
    for seed in (7, 8, 7):
        set_seed(seed)
        made = first_biases(longest=50)
        draws.append(keras.ops.convert_to_numpy(made((40,))))
        assert np.array_equal(draws[-1], keras.ops.convert_to_numpy(made((40,))))
    assert np.array_equal(draws[0], draws[2])
    assert not np.array_equal(draws[0], draws[1])
