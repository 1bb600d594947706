"""The fused LSTM: the outputs and gradients of Keras' own; what it cannot do is left to Keras."""

import subprocess
import sys

import numpy as np
import pytest

from workshop_utils import environment, lstm_custom_gradient

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
UNITS, FEATURES = 5, 3


@pytest.fixture(scope="module")
def keras():
    return environment.load_keras()


@pytest.fixture(scope="module")
def tf():
    return environment.load_tensorflow()


@pytest.fixture
def loops(monkeypatch):
    """Counts how often the loop of this workshop runs."""
    ran = []
    forwards = lstm_custom_gradient._forwards
    monkeypatch.setattr(
        lstm_custom_gradient, "_forwards", lambda *given: ran.append(1) or forwards(*given)
    )
    return ran


def masks(batch, steps):
    """A mask of each kind; one row of the last three has no step to read."""
    lengths = np.random.default_rng(batch).integers(1, steps + 1, batch)
    right = np.arange(steps) < lengths[:, None]
    with_empty = right.copy()
    with_empty[0] = False
    holes = np.random.default_rng(steps).random((batch, steps)) < 0.5
    holes[-1] = False
    left = with_empty[:, ::-1].copy()
    return {"none": None, "right": right, "left": left, "empty": with_empty, "holes": holes}


def pair(keras, dtype="float32", batch=None, **options):
    """A layer of Keras and ours, with the same random weights."""
    made = [kind(UNITS, dtype=dtype, use_cudnn=False, **options)
            for kind in (keras.layers.LSTM, lstm_custom_gradient.layer)]  # fmt: skip
    rng = np.random.default_rng(3)
    for layer in made:
        layer.build((batch, None, FEATURES))
    weights = [rng.normal(size=array.shape) for array in made[0].get_weights()]
    for layer in made:
        layer.set_weights(weights)
    return made


def answers(tf, layer, x, mask, states, run=lambda function: function):
    """All that the layer returns, and the gradients for inputs, states and weights."""
    x, *states = (tf.constant(array, layer.compute_dtype) for array in (x, *states))

    def gradients(x, mask, states):
        with tf.GradientTape() as tape:
            tape.watch([x, *states])
            out = layer(x, mask=mask, initial_state=states or None, training=True)
            out = tf.nest.flatten(out)
            # Each number counts with another weight, so that no two mistakes cancel.
            flat = tf.concat([tf.reshape(y, (-1,)) for y in out], 0)
            loss = tf.reduce_sum(flat * tf.sin(tf.cast(tf.range(tf.size(flat)), flat.dtype) + 1))
        return out, tape.gradient(loss, [x, *states, *layer.trainable_weights])

    out, slopes = run(gradients)(x, None if mask is None else tf.constant(mask), states)
    return [np.asarray(array) for array in (*out, *slopes)]


def agree(tf, layers, x, mask=None, states=(), run=lambda function: function):
    theirs = answers(tf, layers[0], x, mask, states)
    ours = answers(tf, layers[1], x, mask, states, run)
    limit = TOLERANCE[layers[0].compute_dtype]
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=limit, atol=limit * np.abs(other).max())


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(4, 6), (1, 1), (7, 3)])
def test_outputs_and_gradients_are_those_of_keras(keras, tf, loops, shape, dtype, every):
    rng = np.random.default_rng(shape)
    x = rng.normal(size=(*shape, FEATURES))
    states = rng.normal(size=(2, shape[0], UNITS))
    layers = pair(keras, dtype, return_sequences=every, return_state=True)
    for mask in masks(*shape).values():
        agree(tf, layers, x, mask, states)
        agree(tf, layers, x, mask)
    assert len(loops) == 2 * len(masks(*shape))


@pytest.mark.parametrize("kind", ["none", "left", "holes"])
@pytest.mark.parametrize("direction", [False, True])
@pytest.mark.parametrize("xla", [None, True])
def test_also_as_a_graph_of_any_length_and_compiled(keras, tf, loops, xla, direction, kind):
    rng = np.random.default_rng(5)
    options = {"return_sequences": True, "return_state": True, "go_backwards": direction}
    layers = pair(keras, "float64", **options)
    traced = []

    def run(function):
        if not traced:
            mask = [] if kind == "none" else [tf.TensorSpec((None, None), "bool")]
            whole = [tf.TensorSpec((None, None, FEATURES), "float64"), *mask]
            whole.append([tf.TensorSpec((None, UNITS), "float64")] * 2)
            given = function if mask else lambda x, states: function(x, None, states)
            traced.append(tf.function(given, jit_compile=xla, input_signature=whole))
        return traced[0] if kind != "none" else lambda x, _, states: traced[0](x, states)

    for shape in ((4, 6), (2, 9)):
        x, states = rng.normal(size=(*shape, FEATURES)), rng.normal(size=(2, shape[0], UNITS))
        agree(tf, layers, x, masks(*shape)[kind], states, run)
    assert len(loops) == 1


@pytest.mark.parametrize("every", [False, True])
def test_it_reads_in_both_directions(keras, tf, loops, every):
    x, mask = np.random.default_rng(6).normal(size=(4, 6, FEATURES)), masks(4, 6)["right"]
    both = [keras.layers.Bidirectional(layer, dtype="float64")
            for layer in pair(keras, "float64", return_sequences=every)]  # fmt: skip
    for layer in both:
        layer.build((None, None, FEATURES))
    both[1].set_weights(both[0].get_weights())
    agree(tf, both, x, mask)
    assert len(loops) == 2


def test_a_state_is_carried_over_to_the_next_batch(keras, loops):
    x = np.random.default_rng(8).normal(size=(2, 4, FEATURES)).astype("float32")
    theirs, ours = pair(keras, batch=2, stateful=True)
    first = [layer(x, training=True) for layer in (theirs, ours)]
    second = [layer(x, training=True) for layer in (theirs, ours)]
    for one, other in (first, second):
        np.testing.assert_allclose(other, one, atol=TOLERANCE["float32"])
    assert np.abs(second[1] - first[1]).max() > 100 * TOLERANCE["float32"]
    assert len(loops) == 2


def network(keras, lstm):
    environment.set_seed()
    return keras.Sequential([
        keras.Input((None,), dtype="int32"),
        keras.layers.Embedding(12, FEATURES, mask_zero=True, name="embedding"),
        lstm(UNITS, use_cudnn=False, name="lstm"),
        keras.layers.Dense(2, activation="softmax", name="softmax"),
    ], name="network")  # fmt: skip


@pytest.mark.parametrize("xla", [False, True])
def test_training_ends_with_the_weights_of_keras(keras, loops, xla):
    rng = np.random.default_rng(9)
    tokens = rng.integers(1, 12, (32, 7)) * masks(32, 7)["left"]
    labels = np.eye(2)[rng.integers(0, 2, 32)]
    ends = []
    for lstm in (keras.layers.LSTM, lstm_custom_gradient.layer):
        model = network(keras, lstm)
        before = model.get_weights()
        model.compile(keras.optimizers.SGD(0.5), "categorical_crossentropy", jit_compile=xla)
        model.fit(tokens, labels, epochs=3, batch_size=12, shuffle=False, verbose=0)
        ends.append(model.get_weights())
    for theirs, ours, start in zip(*ends, before, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=TOLERANCE["float32"])
        assert np.abs(ours - start).max() > 100 * TOLERANCE["float32"]
    assert loops


LOADED = """
import sys
import numpy as np
from workshop_utils import environment, lstm_custom_gradient
lstm_custom_gradient.register()
model = environment.load_keras().saving.load_model(sys.argv[1], safe_mode=True)
answer = model.predict(np.array([[3, 4, 0]]), verbose=0)[0, 0]
print(type(model.get_layer("lstm")).__module__, float(answer))
"""


@pytest.mark.slow
def test_a_saved_network_is_loaded_elsewhere_in_safe_mode(keras, tmp_path):
    model = network(keras, lstm_custom_gradient.layer)
    model.save(tmp_path / "network.keras")
    command = [sys.executable, "-c", LOADED, str(tmp_path / "network.keras")]
    kind, answer = subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.split()
    assert kind == lstm_custom_gradient.__name__
    expected = model.predict(np.array([[3, 4, 0]]), verbose=0)[0, 0]
    assert float(answer) == pytest.approx(float(expected), rel=TOLERANCE["float32"])


def test_weights_have_the_names_and_the_start_of_keras(keras):
    theirs, ours = (
        network(keras, lstm) for lstm in (keras.layers.LSTM, lstm_custom_gradient.layer)
    )
    assert [w.path for w in ours.weights] == [w.path for w in theirs.weights]
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "options",
    [
        {"dropout": 0.2, "seed": 1},
        {"recurrent_dropout": 0.2, "seed": 1},
        {"unroll": True},
        {"activation": "relu"},
        {"recurrent_activation": "hard_sigmoid"},
        {"use_bias": False},
        {"dtype": "float16"},
        {"dtype": "mixed_bfloat16"},
        {"zero_output_for_mask": True},
    ],
    ids=str,
)
def test_what_it_cannot_do_is_left_to_keras(keras, loops, options):
    x = np.random.default_rng(10).normal(size=(2, 4, FEATURES)).astype("float32")
    theirs, ours = pair(keras, **options)
    mask = masks(2, 4)["right"]
    expected = theirs(x, mask=mask, training=True)
    np.testing.assert_array_equal(ours(x, mask=mask, training=True), expected)
    assert not loops


def test_what_is_not_training_is_left_to_keras_and_can_be_exported(keras, tf, loops, tmp_path):
    model, tokens = network(keras, lstm_custom_gradient.layer), np.array([[3, 4, 0]], "int32")
    model.export(tmp_path / "served", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "served"))
    np.testing.assert_allclose(served.serve(tokens), model(tokens), rtol=TOLERANCE["float32"])
    assert not loops


def test_on_a_gpu_it_is_left_to_keras(keras, loops, monkeypatch):
    x = np.ones((2, 4, FEATURES), "float32")
    _, ours = pair(keras)
    ours(x, training=True)
    assert len(loops) == 1
    monkeypatch.setattr(environment, "lstm_kernel", lambda: "cudnn")
    ours(x, training=True)
    assert len(loops) == 1
