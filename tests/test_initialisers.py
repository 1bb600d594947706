import numpy as np
import pytest

from workshop_tools.experiments import initialisers
from workshop_utils.environment import load_keras, set_seed


@pytest.fixture(scope="module")
def keras():
    return load_keras()


def lstm_bias(keras, units, **options):
    layer = keras.layers.LSTM(units, unit_forget_bias=False, **options)
    layer.build((None, None, 2))
    return layer.get_weights()[2].reshape(4, units)


def test_the_forget_bias_opens_only_the_forget_gates(keras):
    bias = lstm_bias(keras, 3, bias_initializer=initialisers.forget_bias(5))
    np.testing.assert_array_equal(bias, [[0] * 3, [5] * 3, [0] * 3, [0] * 3])


def test_a_forget_bias_of_one_is_what_keras_does(keras):
    ours = lstm_bias(keras, 4, bias_initializer=initialisers.forget_bias())
    theirs = keras.layers.LSTM(4)
    theirs.build((None, None, 2))
    np.testing.assert_array_equal(ours.reshape(-1), theirs.get_weights()[2])


def test_chrono_spreads_the_forget_gates_and_closes_the_input_gates_as_much(keras):
    longest, units = 110, 400
    i, f, c, o = lstm_bias(keras, units, bias_initializer=initialisers.chrono(longest))
    np.testing.assert_array_equal(i, -f)
    assert not c.any()
    assert not o.any()
    # exp(b_f) is uniform on 1 to longest - 1: its quantiles lie on a line.
    times = np.sort(np.exp(f))
    assert times[0] >= 1
    assert times[-1] <= longest - 1
    expected = 1 + (longest - 2) * (np.arange(units) + 0.5) / units
    assert np.abs(times - expected).max() < 0.1 * longest


def test_chrono_draws_by_the_global_seed(keras):
    draws = []
    for seed in (7, 8, 7):
        set_seed(seed)
        made = initialisers.chrono(50)
        draws.append(keras.ops.convert_to_numpy(made((40,))))
        assert np.array_equal(draws[-1], keras.ops.convert_to_numpy(made((40,))))
    assert np.array_equal(draws[0], draws[2])
    assert not np.array_equal(draws[0], draws[1])


def test_they_are_keras_initialisers(keras):
    for made in (initialisers.forget_bias(2), initialisers.chrono(10)):
        assert isinstance(made, keras.initializers.Initializer)
        assert keras.initializers.get(made) is made
        again = keras.initializers.deserialize(keras.initializers.serialize(made))
        assert type(again) is type(made)
        assert again.get_config() == made.get_config()


@pytest.mark.parametrize("longest", [2, 0, -5])
def test_chrono_refuses_a_lag_that_is_no_lag(longest):
    with pytest.raises(ValueError, match="at least 3 steps"):
        initialisers.chrono(longest)


def test_a_wrong_shape_is_refused():
    for shape in ((2, 8), (6,)):
        with pytest.raises(ValueError, match=r"\(4 \* units,\)"):
            initialisers.forget_bias(1)(shape)


def test_a_saved_model_loads_again(keras, tmp_path):
    layers = [
        keras.layers.LSTM(3, unit_forget_bias=False, bias_initializer=first, return_sequences=True)
        for first in (initialisers.forget_bias(2.5), initialisers.chrono(30))
    ]
    model = keras.Sequential([keras.Input((None, 2)), *layers])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    ones = np.ones((1, 5, 2), dtype=np.float32)
    np.testing.assert_allclose(again(ones), model(ones), atol=1e-6)
