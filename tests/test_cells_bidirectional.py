"""Two cells, one from each end, against Keras' Bidirectional and against each cell alone."""

import numpy as np
import pytest

from workshop_utils import environment
from workshop_utils.cells import Bidirectional, GRUCell, LSTMCell, RNNCell, cell_from_keras

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}
LAYERS = {"SimpleRNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [0] * 5], bool)


@pytest.fixture(scope="module")
def keras():
    return environment.load_keras()


def new_layer(keras, name, dtype="float64", **options):
    environment.set_seed(3)
    inner = getattr(keras.layers, name)(4, return_sequences=True, return_state=True, dtype=dtype)
    layer = keras.layers.Bidirectional(inner, dtype=dtype, **options)
    layer.build((None, None, 3))
    return layer


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("name", LAYERS)
def test_equal_to_keras(keras, name, masked, dtype):
    layer = new_layer(keras, name, dtype)
    x = np.random.default_rng(4).normal(size=(5, 5, 3)).astype(dtype)
    mask = MASK if masked else None
    outputs, *final = (np.asarray(part) for part in layer(x, mask=mask))
    cells = Bidirectional.from_keras(layer)
    assert type(cells.forward) is type(cells.backward) is LAYERS[name]
    run = cells.run(x, mask=mask)
    states = (*run.forward[1:-1], *run.backward[1:-1])
    assert len(states) == len(final)
    for mine, other in zip((run.hidden_states, *states), (outputs, *final), strict=True):
        assert mine.dtype == other.dtype == dtype
        np.testing.assert_allclose(mine, other, rtol=0, atol=TOLERANCE[dtype])
    at_ends = np.concatenate([run.forward.hidden_state, run.backward.hidden_state], axis=-1)
    np.testing.assert_array_equal(run.hidden_state, at_ends)


def test_without_sequences_keras_returns_the_two_final_states(keras):
    layer = new_layer(keras, "LSTM")
    plain = keras.layers.Bidirectional(keras.layers.LSTM(4, dtype="float64"), dtype="float64")
    plain.build((None, None, 3))
    plain.set_weights(layer.get_weights())
    x = np.random.default_rng(5).normal(size=(2, 6, 3))
    run = Bidirectional.from_keras(plain).run(x)
    np.testing.assert_allclose(run.hidden_state, np.asarray(plain(x)), rtol=0, atol=1e-12)


CELLS = {
    "rnn": (RNNCell.random(2, 3, seed=1), RNNCell.random(2, 3, seed=2)),
    "lstm": (LSTMCell.random(2, 3, seed=1), LSTMCell.random(2, 3, seed=2)),
    "gru": (GRUCell.random(2, 3, seed=1), GRUCell.random(2, 3, seed=2)),
}


@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_every_value_stands_at_the_step_that_it_belongs_to(kind, single):
    forward, backward = CELLS[kind]
    x = np.random.default_rng(6).normal(size=(2, 5, 2))
    mask = np.array([[1, 1, 0, 1, 1], [1, 1, 1, 1, 0]], bool)
    if single:
        x, mask = x[0], mask[0]
    run = Bidirectional(forward, backward).run(x, mask=mask, return_steps=True)
    alone = forward.run(x, mask=mask, return_steps=True)
    mirrored = backward.run(np.flip(x, -2), mask=np.flip(mask, -1), return_steps=True)
    for part in alone.steps._fields:
        np.testing.assert_array_equal(getattr(run.forward.steps, part), getattr(alone.steps, part))
        at_its_step = np.flip(getattr(mirrored.steps, part), -2)
        np.testing.assert_array_equal(getattr(run.backward.steps, part), at_its_step)
        assert np.isnan(getattr(run.backward.steps, part)[~mask]).all()
        assert np.isfinite(getattr(run.backward.steps, part)[mask]).all()
    both = np.concatenate([run.forward.hidden_states, run.backward.hidden_states], axis=-1)
    np.testing.assert_array_equal(run.hidden_states, both * mask[..., None])
    assert type(run.backward) is type(alone)
    assert Bidirectional(forward, backward).run(x).backward.steps is None


@pytest.mark.parametrize("name", LAYERS)
def test_one_name_for_all_three_layers(keras, name):
    layer = getattr(keras.layers, name)(2)
    layer.build((None, None, 3))
    assert type(cell_from_keras(layer)) is LAYERS[name]


def test_other_layers_are_refused(keras):
    with pytest.raises(TypeError, match="SimpleRNN, LSTM, GRU is expected, but this is a Dense"):
        cell_from_keras(keras.layers.Dense(2))
    with pytest.raises(TypeError, match=r"keras\.layers\.Bidirectional is expected.* a LSTM"):
        Bidirectional.from_keras(keras.layers.LSTM(2))
    with pytest.raises(ValueError, match="merge_mode must be \"concat\", but it is 'sum'"):
        Bidirectional.from_keras(new_layer(keras, "LSTM", merge_mode="sum"))
    with pytest.raises(ValueError, match="no weights yet"):
        Bidirectional.from_keras(keras.layers.Bidirectional(keras.layers.LSTM(2)))


def test_a_wrong_shape_is_named():
    with pytest.raises(ValueError, match=r"features=2\), but it is \(4, 5, 3\)"):
        Bidirectional(*CELLS["lstm"]).run(np.zeros((4, 5, 3)))
