import json
import subprocess
import sys

import numpy as np
import pytest

from workshop_utils import initialisers
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
    i, f, c, o = lstm_bias(keras, units, bias_initializer=initialisers.chrono(longest, seed=1))
    np.testing.assert_array_equal(i, -f)
    assert not c.any()
    assert not o.any()
    # exp(b_f) is uniform on 1 to longest - 1: its quantiles lie on a line.
    times = np.sort(np.exp(f))
    assert times[0] >= 1
    assert times[-1] <= longest - 1
    expected = 1 + (longest - 2) * (np.arange(units) + 0.5) / units
    assert np.abs(times - expected).max() < 0.1 * longest


def test_chrono_draws_by_its_seed_and_without_one_by_the_global_seed(keras):

    def draw(initialiser):
        return keras.ops.convert_to_numpy(initialiser((40,)))

    assert np.array_equal(
        draw(initialisers.chrono(50, seed=3)), draw(initialisers.chrono(50, seed=3))
    )
    set_seed(7)
    first, second = initialisers.chrono(50), initialisers.chrono(50)
    set_seed(7)
    again = initialisers.chrono(50)
    assert np.array_equal(draw(first), draw(first))
    assert np.array_equal(draw(first), draw(again))
    assert not np.array_equal(draw(first), draw(second))


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


def test_a_wrong_shape_names_the_right_argument():
    with pytest.raises(ValueError, match="bias_initializer, with unit_forget_bias=False"):
        initialisers.forget_bias(1)((2, 8))
    with pytest.raises(ValueError, match=r"\(4 \* units,\)"):
        initialisers.forget_bias(1)((6,))


def test_with_unit_forget_bias_left_on_the_error_says_what_to_do(keras):
    layer = keras.layers.LSTM(3, bias_initializer=initialisers.forget_bias(5))
    with pytest.raises(ValueError, match="unit_forget_bias=False"):
        layer.build((None, None, 2))


LOADER = """
import sys, json
{order}
model = keras.saving.load_model(sys.argv[1])
configs = [layer.bias_initializer.get_config() for layer in model.layers]
print(json.dumps([configs, float(model(keras.ops.ones((1, 5, 2))).numpy().sum())]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    [
        "import keras\nfrom workshop_utils import initialisers",
        "from workshop_utils import initialisers\nimport keras\ninitialisers.register()",
    ],
    ids=["keras first", "this module first, then register"],
)
def test_a_saved_model_loads_in_a_fresh_process(keras, order, tmp_path):
    model = keras.Sequential(
        [
            keras.Input((None, 2)),
            keras.layers.LSTM(
                3,
                unit_forget_bias=False,
                bias_initializer=initialisers.forget_bias(2.5),
                return_sequences=True,
            ),
            keras.layers.LSTM(
                3, unit_forget_bias=False, bias_initializer=initialisers.chrono(30, seed=4)
            ),
        ]
    )
    path = tmp_path / "model.keras"
    model.save(path)
    done = subprocess.run(
        [sys.executable, "-c", LOADER.format(order=order), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    configs, total = json.loads(done.stdout.splitlines()[-1])
    assert configs == [{"value": 2.5}, {"longest": 30, "seed": 4}]
    assert total == pytest.approx(float(model(np.ones((1, 5, 2))).numpy().sum()), abs=1e-6)


def test_importing_the_module_loads_no_keras():
    code = "import sys; import workshop_utils.initialisers; print('keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
