"""The NumPy cells against the layers of Keras, and which layers are refused."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workshop_utils.cells import LSTMCell, RNNCell
from workshop_utils.runtime import environment

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}
KINDS = {
    "SimpleRNN tanh": (RNNCell, "SimpleRNN", {}),
    "SimpleRNN relu": (RNNCell, "SimpleRNN", {"activation": "relu"}),
    "LSTM": (LSTMCell, "LSTM", {}),
}
MASKS = {
    "none": None,
    "left": [0, 0, 1, 1, 1],
    "right": [1, 1, 1, 0, 0],
    "middle": [1, 0, 1, 0, 1],
    "nothing left": [0, 0, 0, 0, 0],
}


@pytest.fixture(scope="module")
def keras():
    return environment.load_keras()


def numbers(seed):
    return np.random.default_rng(seed)


def new_layer(keras, kind, units, features, dtype, seed, **options):
    """A built Keras layer with random weights, biases included, and all it can return."""
    _, name, settings_ = KINDS[kind]
    options = {"return_sequences": True, "return_state": True} | settings_ | options
    if name != "SimpleRNN":
        options["use_cudnn"] = False  # cuDNN gives zeros at masked steps
    layer = getattr(keras.layers, name)(units, dtype=dtype, **options)
    layer.build((None, None, features))
    draw = numbers(seed)
    layer.set_weights(
        [draw.uniform(-1, 1, w.shape) / np.sqrt(w.shape[0] if w.ndim > 1 else 1)
         for w in layer.get_weights()]
    )  # fmt: skip
    return layer


def states(kind, batch, units, dtype, seed):
    """Initial states as Keras wants them, and as our cells want them."""
    draw = numbers(seed)
    made = [draw.normal(size=(batch, units)).astype(dtype) for _ in range(1 + (kind == "LSTM"))]
    return made, tuple(made) if kind == "LSTM" else made[0]


def assert_same(kind, layer, x, **options):
    """Our cell with the layer's weights gives all that the layer returns."""
    cell = KINDS[kind][0].from_keras(layer)
    dtype = layer.compute_dtype
    given_state = options.pop("state", (None, None))
    theirs = layer(x, mask=options.get("mask"), initial_state=given_state[0])
    run = cell.run(x, initial_state=given_state[1], **options)
    outputs = run.hidden_states if layer.return_sequences else run.hidden_states[:, -1]
    ours = [outputs]
    if layer.return_state:
        ours += [run.hidden_state, run.cell_state] if kind == "LSTM" else [run.hidden_state]
    expected = [np.asarray(values) for values in (theirs if layer.return_state else [theirs])]
    assert len(ours) == len(expected)
    for mine, other in zip(ours, expected, strict=True):
        assert mine.dtype == other.dtype == dtype
        np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE[dtype])


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    batch=st.integers(1, 5),
    timesteps=st.integers(1, 12),
    features=st.integers(1, 8),
    units=st.integers(1, 24),
    dtype=st.sampled_from(["float32", "float64"]),
    return_sequences=st.booleans(),
    return_state=st.booleans(),
    masked=st.booleans(),
    with_state=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_equal_to_keras_over_random_shapes(
    keras, kind, batch, timesteps, features, units, dtype, masked, with_state, seed, **returned
):
    draw = numbers(seed)
    layer = new_layer(keras, kind, units, features, dtype, seed, **returned)
    x = draw.normal(size=(batch, timesteps, features)).astype(dtype)
    options = {"mask": draw.random((batch, timesteps)) < 0.6} if masked else {}
    if with_state:
        options["state"] = states(kind, batch, units, dtype, seed)
    assert_same(kind, layer, x, **options)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_equal_to_keras_under_every_mask(keras, kind, dtype, return_sequences):
    mask = np.array([row for row in MASKS.values() if row is not None], bool)
    x = numbers(1).normal(size=(*mask.shape, 3)).astype(dtype)
    layer = new_layer(keras, kind, 4, 3, dtype, 2, return_sequences=return_sequences)
    assert_same(kind, layer, x, mask=mask)
    assert_same(kind, layer, x, mask=mask, state=states(kind, len(mask), 4, dtype, 3))


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("kind", KINDS)
def test_equal_to_keras_as_it_draws_its_weights_over_a_hundred_steps(keras, kind, dtype):
    _, name, settings_ = KINDS[kind]
    environment.set_seed(4)
    layer = getattr(keras.layers, name)(
        64, return_sequences=True, return_state=True, dtype=dtype, **settings_
    )
    layer.build((None, None, 16))
    assert_same(kind, layer, numbers(5).normal(size=(4, 100, 16)).astype(dtype))


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_output_is_the_last_state_that_counts(keras, kind):
    cell = KINDS[kind][0].from_keras(new_layer(keras, kind, 4, 3, "float64", 5))
    x = numbers(6).normal(size=(2, 5, 3))
    run = cell.run(x, mask=np.array([[1, 1, 1, 0, 0], [1, 0, 1, 0, 1]], bool))
    np.testing.assert_array_equal(run.hidden_states[:, -1], run.hidden_state)


@pytest.mark.parametrize("kind", KINDS)
def test_the_cell_inside_a_layer_gives_the_same_as_the_layer(keras, kind):
    layer = new_layer(keras, kind, 4, 3, "float64", 7)
    x = numbers(8).normal(size=(2, 5, 3))
    inside, whole = (KINDS[kind][0].from_keras(part).run(x) for part in (layer.cell, layer))
    np.testing.assert_array_equal(inside.hidden_states, whole.hidden_states)


@pytest.mark.parametrize("kind", KINDS)
def test_layers_without_bias(keras, kind):
    cell_class, name, settings_ = KINDS[kind]
    layer = getattr(keras.layers, name)(3, use_bias=False, dtype="float64", **settings_)
    layer.build((None, None, 2))
    x = numbers(11).normal(size=(2, 4, 2))
    ours = cell_class.from_keras(layer).run(x).hidden_state
    np.testing.assert_allclose(ours, np.asarray(layer(x)), rtol=0, atol=1e-12)


def fake_layer(name="LSTM", weights=(), **functions):
    """As much of a Keras layer as ``from_keras`` looks at."""
    layer = type(name, (), {})()
    layer.get_weights = lambda: list(weights)
    for attribute, function in functions.items():
        setattr(layer, attribute, SimpleNamespace(__name__=function))
    return layer


def test_a_layer_of_another_kind_is_refused():
    with pytest.raises(TypeError, match=r"keras\.layers\.LSTM is expected, but this is a Dense"):
        LSTMCell.from_keras(fake_layer("Dense"))
    with pytest.raises(ValueError, match="no weights yet"):
        LSTMCell.from_keras(fake_layer("LSTM"))
    cell = LSTMCell.random(2, 3)
    weights = [cell.kernel, cell.recurrent_kernel, cell.bias]
    with pytest.raises(ValueError, match="activation must be tanh, but it is relu"):
        LSTMCell.from_keras(fake_layer("LSTM", weights, activation="relu"))
    with pytest.raises(ValueError, match="recurrent_activation must be sigmoid"):
        LSTMCell.from_keras(
            fake_layer("LSTM", weights, activation="tanh", recurrent_activation="hard_sigmoid")
        )
