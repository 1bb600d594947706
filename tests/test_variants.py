"""Variants of the LSTM: equal to Keras and to the NumPy cell, and each really without its part."""

import numpy as np
import pytest

from workshop_utils import environment, lstm_variants, sequence_tasks
from workshop_utils.cells import LSTMCell

FEATURES, UNITS, SHAPE = 3, 5, (4, 7, 3)
HELD_OPEN = 1000.0


@pytest.fixture(scope="module")
def keras():
    return environment.load_keras()


@pytest.fixture
def inputs():
    return np.random.default_rng(1).normal(size=SHAPE)


def built(variant, *weights, **options):
    made = lstm_variants.layer(variant, UNITS, return_sequences=True, dtype="float64", **options)
    made.build(SHAPE)
    if weights:
        made.set_weights(weights)
    return made


def states(layer, inputs):
    return layer(inputs).numpy()


@pytest.mark.parametrize("start", [0, 1, 2])
def test_without_any_change_it_is_the_lstm_of_keras(keras, inputs, start):
    cell = LSTMCell.random(FEATURES, UNITS, seed=start)
    theirs = cell.to_keras(return_sequences=True, dtype="float64")
    ours = built("LSTM", *theirs.get_weights())
    np.testing.assert_allclose(states(ours, inputs), states(theirs, inputs), atol=1e-12)


def test_it_starts_as_the_lstm_of_keras_does(keras):
    theirs = keras.layers.LSTM(UNITS)
    theirs.build(SHAPE)
    kernel, recurrent_kernel, bias = built("LSTM").get_weights()
    np.testing.assert_array_equal(bias, theirs.get_weights()[2])
    np.testing.assert_allclose(recurrent_kernel @ recurrent_kernel.T, np.eye(UNITS), atol=1e-6)
    assert np.abs(kernel).max() <= np.sqrt(6 / sum(kernel.shape))


@pytest.mark.parametrize(
    ("variant", "options"),
    [("peepholes", {"peepholes": True}), ("coupled gates", {"coupled": True})],
)
def test_peepholes_and_coupled_gates_are_those_of_the_numpy_cell(inputs, variant, options):
    cell = LSTMCell.random(FEATURES, UNITS, **options)
    weights = [cell.kernel, cell.recurrent_kernel, cell.bias]
    weights += [cell.peepholes] if cell.peepholes is not None else []
    ours = built(variant, *weights)
    np.testing.assert_allclose(states(ours, inputs), cell.run(inputs).hidden_states, atol=1e-12)


def test_peepholes_start_without_effect(inputs):
    environment.set_seed(3)
    plain = built("LSTM")
    environment.set_seed(3)
    np.testing.assert_array_equal(states(built("peepholes"), inputs), states(plain, inputs))


@pytest.mark.parametrize("gate", ["input_gate", "forget_gate", "output_gate"])
def test_a_gate_that_is_taken_out_is_always_one(inputs, gate):
    cell = LSTMCell.random(FEATURES, UNITS)
    cell.bias[cell.columns(gate)] = HELD_OPEN
    kept = [cell.columns(block) for block in cell.blocks if block != gate]
    weights = [
        np.concatenate([array[..., columns] for columns in kept], axis=-1)
        for array in (cell.kernel, cell.recurrent_kernel, cell.bias)
    ]
    ours = built(f"no {gate.replace('_', ' ')}", *weights)
    np.testing.assert_allclose(states(ours, inputs), cell.run(inputs).hidden_states, atol=1e-12)


def test_without_the_output_tanh_a_state_can_be_larger_than_one():
    cell = LSTMCell.random(1, 1)
    cell.kernel[:], cell.recurrent_kernel[:], cell.bias[:] = 0, 0, HELD_OPEN
    sequence = np.zeros((1, 4, 1))
    weights = [cell.kernel, cell.recurrent_kernel, cell.bias]
    made = lstm_variants.layer("no output tanh", 1, return_sequences=True, dtype="float64")
    made.build(sequence.shape)
    made.set_weights(weights)
    np.testing.assert_allclose(states(made, sequence).ravel(), [1, 2, 3, 4])


@pytest.mark.parametrize("variant", lstm_variants.VARIANTS)
def test_a_forget_gate_starts_at_the_sigmoid_of_one(variant):
    blocks = built(variant).cell.blocks
    bias = dict(zip(blocks, built(variant).get_weights()[2].reshape(len(blocks), -1), strict=True))
    if variant == "coupled gates":
        np.testing.assert_array_equal(bias["input_gate"], -1)
    elif variant != "no forget gate":
        np.testing.assert_array_equal(bias.pop("forget_gate"), 1)
        assert not any(values.any() for values in bias.values())


def test_a_layer_is_made_again_from_its_configuration(keras, inputs):
    ours = built("coupled gates")
    again = keras.layers.RNN.from_config(ours.get_config())
    again.build(SHAPE)
    again.set_weights(ours.get_weights())
    assert again.cell.variant == "coupled gates"
    np.testing.assert_array_equal(states(again, inputs), states(ours, inputs))


def test_a_saved_network_loads_with_its_variant(keras, inputs, tmp_path):
    network = keras.Sequential(
        [keras.Input(SHAPE[1:]), lstm_variants.layer("no input gate", UNITS)]
    )
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(states(loaded, inputs), states(network, inputs))


def test_an_unknown_variant_is_named():
    with pytest.raises(ValueError, match="no output tanh; 'no gates' is none of them"):
        lstm_variants.layer("no gates", UNITS)


def test_a_measure_comes_again_from_the_same_seed_and_learns():
    task = sequence_tasks.Adding(6)
    first, second = lstm_variants.measure("coupled gates", task, seeds=(1, 2), sequences=12_800)
    (again,) = lstm_variants.measure("coupled gates", task, seeds=(1,), sequences=12_800)
    assert again.score == first.score != second.score
    assert max(first.score, second.score) < task.baseline().value / 3
