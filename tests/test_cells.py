"""The NumPy cells against Keras, against the equations written out, and against bad shapes."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workshop_utils import environment
from workshop_utils.cells import GRUCell, LSTMCell, RNNCell, sigmoid

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}
KINDS = {
    "SimpleRNN tanh": (RNNCell, "SimpleRNN", {}),
    "SimpleRNN relu": (RNNCell, "SimpleRNN", {"activation": "relu"}),
    "LSTM": (LSTMCell, "LSTM", {}),
    "GRU reset after": (GRUCell, "GRU", {"reset_after": True}),
    "GRU reset before": (GRUCell, "GRU", {"reset_after": False}),
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
    run = cell.run(x, initial_state=given_state[1], go_backwards=layer.go_backwards, **options)
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
    go_backwards=st.booleans(),
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
@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_equal_to_keras_under_every_mask(keras, kind, dtype, return_sequences, go_backwards):
    mask = np.array([row for row in MASKS.values() if row is not None], bool)
    x = numbers(1).normal(size=(*mask.shape, 3)).astype(dtype)
    returned = {"return_sequences": return_sequences, "go_backwards": go_backwards}
    layer = new_layer(keras, kind, 4, 3, dtype, 2, **returned)
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


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("kind", KINDS)
def test_weights_go_to_keras_and_come_back(keras, kind, dtype):
    cell_class, name, settings_ = KINDS[kind]
    cell = cell_class.random(3, 4, dtype=dtype, **settings_)
    cell = replace(cell, bias=numbers(7).normal(size=cell.bias.shape))
    layer = cell.to_keras(return_sequences=True)
    assert type(layer).__name__ == name
    back = cell_class.from_keras(layer)
    for field in ("kernel", "recurrent_kernel", "bias"):
        assert getattr(back, field).dtype == dtype
        np.testing.assert_array_equal(getattr(cell, field), getattr(back, field))
    x, atol = numbers(8).normal(size=(2, 5, 3)).astype(dtype), TOLERANCE[dtype]
    np.testing.assert_allclose(cell.run(x).hidden_states, np.asarray(layer(x)), rtol=0, atol=atol)


def test_a_gru_with_two_biases_goes_to_keras_in_both_conventions(keras):
    for reset_after in (True, False):
        cell = GRUCell.random(2, 3, reset_after=reset_after)
        cell = replace(cell, recurrent_bias=numbers(9).normal(size=9))
        x = numbers(10).normal(size=(2, 4, 2))
        layer = cell.to_keras()
        np.testing.assert_allclose(cell.run(x).hidden_state, np.asarray(layer(x)), atol=1e-12)


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


def test_peepholes_and_coupled_gates_do_not_go_to_keras():
    for options in ({"peepholes": True}, {"coupled": True}):
        with pytest.raises(ValueError, match="neither peepholes nor coupled"):
            LSTMCell.random(2, 3, **options).to_keras()


def plain_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_by_hand(x, h, c, i, f, g, o, peep=(0, 0, 0), coupled=False):
    """One LSTM step in column vectors, each gate with matrices (W, U, b) of its own."""

    def affine(gate):
        W, U, b = gate
        return W @ x + U @ h + b

    i_now = plain_sigmoid(affine(i) + peep[0] * c)
    f_now = 1 - i_now if coupled else plain_sigmoid(affine(f) + peep[1] * c)
    c_now = f_now * c + i_now * np.tanh(affine(g))
    o_now = plain_sigmoid(affine(o) + peep[2] * c_now)
    return o_now * np.tanh(c_now), c_now


def gate_matrices(seed, count, units=3, features=2):
    draw = numbers(seed)
    return [
        (draw.normal(size=(units, features)), draw.normal(size=(units, units)),
         draw.normal(size=units), draw.normal(size=units))
        for _ in range(count)
    ]  # fmt: skip


def rows(gates, *order):
    """Stack the gates' input rows, recurrent rows, input biases and recurrent biases."""
    return [np.concatenate([gates[index][part] for index in order]) for part in range(4)]


def add_biases(gate):
    return gate[0], gate[1], gate[2] + gate[3]


def read(step, sequence, *state):
    for x in sequence:
        state = step(x, *state)
    return state


SEQUENCE = numbers(20).normal(size=(4, 2))
ZERO = np.zeros(3)


def test_lstm_from_pytorch_rows_i_f_g_o():
    gates = gate_matrices(21, 4)
    cell = LSTMCell.from_pytorch(*rows(gates, 0, 1, 2, 3))
    i, f, g, o = map(add_biases, gates)
    h, c = read(lambda x, h, c: lstm_by_hand(x, h, c, i, f, g, o), SEQUENCE, ZERO, ZERO)
    run = cell.run(SEQUENCE)
    np.testing.assert_allclose(run.hidden_state, h, atol=1e-14)
    np.testing.assert_allclose(run.cell_state, c, atol=1e-14)


@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize("with_peepholes", [False, True])
def test_lstm_from_onnx_rows_i_o_f_c(coupled, with_peepholes):
    gates = gate_matrices(22, 4)
    W, R, input_bias, recurrent_bias = rows(gates, 0, 1, 2, 3)
    P = numbers(23).normal(size=(3, 3))
    cell = LSTMCell.from_onnx(
        W[None],
        R[None],
        np.concatenate([input_bias, recurrent_bias])[None],
        P.reshape(1, -1) if with_peepholes else None,
        input_forget=coupled,
    )
    i, o, f, g = map(add_biases, gates)
    peep = (P[0], P[2], P[1]) if with_peepholes else (0, 0, 0)
    h, c = read(
        lambda x, h, c: lstm_by_hand(x, h, c, i, f, g, o, peep, coupled), SEQUENCE, ZERO, ZERO
    )
    run = cell.run(SEQUENCE)
    np.testing.assert_allclose(run.hidden_state, h, atol=1e-14)
    np.testing.assert_allclose(run.cell_state, c, atol=1e-14)
    assert cell.blocks == (
        ("input_gate", "candidate", "output_gate")
        if coupled
        else ("input_gate", "forget_gate", "candidate", "output_gate")
    )


def gru_by_hand(x, h, z, r, g, reset_after):
    """One GRU step with matrices and two biases of its own for each gate."""

    def gate(W, U, input_bias, recurrent_bias):
        return plain_sigmoid(W @ x + U @ h + input_bias + recurrent_bias)

    z_now, r_now = gate(*z), gate(*r)
    W, U, input_bias, recurrent_bias = g
    if reset_after:
        candidate = np.tanh(W @ x + input_bias + r_now * (U @ h + recurrent_bias))
    else:
        candidate = np.tanh(W @ x + input_bias + U @ (r_now * h) + recurrent_bias)
    return (z_now * h + (1 - z_now) * candidate,)


def test_gru_from_pytorch_rows_r_z_n():
    gates = gate_matrices(24, 3)
    cell = GRUCell.from_pytorch(*rows(gates, 0, 1, 2))
    r, z, n = gates
    (h,) = read(lambda x, h: gru_by_hand(x, h, z, r, n, True), SEQUENCE, ZERO)
    np.testing.assert_allclose(cell.run(SEQUENCE).hidden_state, h, atol=1e-14)


@pytest.mark.parametrize("reset_after", [False, True])
def test_gru_from_onnx_rows_z_r_h(reset_after):
    gates = gate_matrices(25, 3)
    W, R, input_bias, recurrent_bias = rows(gates, 0, 1, 2)
    B = np.concatenate([input_bias, recurrent_bias])
    cell = GRUCell.from_onnx(W, R, B, linear_before_reset=reset_after)
    (h,) = read(lambda x, h: gru_by_hand(x, h, *gates, reset_after), SEQUENCE, ZERO)
    np.testing.assert_allclose(cell.run(SEQUENCE).hidden_state, h, atol=1e-14)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_rnn_from_pytorch_and_onnx(activation):
    (gate,) = gate_matrices(26, 1)
    W, U, input_bias, recurrent_bias = gate
    squash = np.tanh if activation == "tanh" else lambda values: np.maximum(values, 0)
    (h,) = read(lambda x, h: (squash(W @ x + input_bias + U @ h + recurrent_bias),), SEQUENCE, ZERO)
    ours = RNNCell.from_pytorch(*gate, activation=activation)
    np.testing.assert_allclose(ours.run(SEQUENCE).hidden_state, h, atol=1e-12)
    B = np.concatenate([input_bias, recurrent_bias])[None]
    ours = RNNCell.from_onnx(W[None], U[None], B, activation=activation)
    np.testing.assert_allclose(ours.run(SEQUENCE).hidden_state, h, atol=1e-12)


def test_missing_biases_are_zeros():
    gates = gate_matrices(27, 4)
    W, R, _, _ = rows(gates, 0, 1, 2, 3)
    assert not LSTMCell.from_pytorch(W, R).bias.any()
    assert not LSTMCell.from_onnx(W[None], R[None]).bias.any()


CELLS = {
    "rnn": RNNCell.random(2, 3),
    "relu": RNNCell.random(2, 3, activation="relu"),
    "lstm": LSTMCell.random(2, 3),
    "peepholes": LSTMCell.random(2, 3, peepholes=True),
    "coupled": LSTMCell.random(2, 3, peepholes=True, coupled=True),
    "gru": GRUCell.random(2, 3),
    "reset before": GRUCell.random(2, 3, reset_after=False),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_run_is_its_steps_one_after_the_other(name):
    cell = CELLS[name]
    x = numbers(30).normal(size=(2, 5, 2))
    run = cell.run(x, return_steps=True)
    state = ()
    for timestep in range(5):
        values = cell.trace(x[:, timestep], *state)
        for field in values._fields:
            np.testing.assert_allclose(
                getattr(run.steps, field)[:, timestep], getattr(values, field), atol=1e-14
            )
        stepped = cell.step(x[:, timestep], *state)
        state = stepped if isinstance(stepped, tuple) else (stepped,)
        np.testing.assert_allclose(run.hidden_states[:, timestep], state[0], atol=1e-14)
    np.testing.assert_allclose(run.hidden_state, state[0], atol=1e-14)
    if len(state) == 2:
        np.testing.assert_allclose(run.cell_state, state[1], atol=1e-14)
    assert cell.run(x).steps is None


@pytest.mark.parametrize("name", CELLS)
def test_one_sequence_needs_no_batch_axis(name):
    cell = CELLS[name]
    x = numbers(31).normal(size=(5, 2))
    mask = [True, False, True, True, False]
    alone = cell.run(x, mask=mask, return_steps=True)
    batch = cell.run(x[None], mask=[mask], return_steps=True)
    np.testing.assert_array_equal(alone.hidden_states, batch.hidden_states[0])
    np.testing.assert_array_equal(alone.hidden_state, batch.hidden_state[0])
    for one, many in zip(alone.steps, batch.steps, strict=True):
        np.testing.assert_array_equal(one, many[0])


@pytest.mark.parametrize("name", CELLS)
def test_a_masked_step_keeps_the_state_and_its_values_are_nan(name):
    cell = CELLS[name]
    x = numbers(32).normal(size=(1, 4, 2))
    mask = np.array([[True, False, True, False]])
    run = cell.run(x, mask=mask, return_steps=True)
    np.testing.assert_allclose(run.hidden_state, cell.run(x[:, ::2]).hidden_state, atol=1e-14)
    np.testing.assert_array_equal(run.hidden_states[:, 1], run.hidden_states[:, 0])
    for values in run.steps:
        assert np.isnan(values[~mask]).all()
        assert np.isfinite(values[mask]).all()


def test_a_vector_as_initial_state_is_for_all_rows():
    h, c = np.array([0.1, -0.2, 0.3]), np.array([1.0, 2.0, -1.0])
    x = numbers(33).normal(size=(2, 4, 2))
    one = CELLS["lstm"].run(x, initial_state=(h, c))
    both = CELLS["lstm"].run(x, initial_state=(np.stack([h, h]), np.stack([c, c])))
    np.testing.assert_array_equal(one.hidden_states, both.hidden_states)


def test_no_timesteps_leave_the_initial_state():
    run = CELLS["lstm"].run(np.zeros((2, 0, 2)), initial_state=(np.ones(3), np.full(3, 2.0)))
    assert run.hidden_states.shape == (2, 0, 3)
    assert (run.hidden_state == 1).all()
    assert (run.cell_state == 2).all()


def test_columns_name_keras_blocks():
    cell = CELLS["lstm"]
    assert [cell.columns(block).start for block in cell.blocks] == [0, 3, 6, 9]
    assert (cell.bias[cell.columns("forget_gate")] == 1).all()
    assert cell.bias.sum() == 3
    with pytest.raises(ValueError, match="'memory' is none of them"):
        cell.columns("memory")
    assert (LSTMCell.random(2, 3, forget_bias=5).bias[cell.columns("forget_gate")] == 5).all()


def test_orthogonal_and_glorot_weights():
    cell = RNNCell.random(40, 30, seed=1)
    np.testing.assert_allclose(
        cell.recurrent_kernel @ cell.recurrent_kernel.T, np.eye(30), atol=1e-12
    )
    limit = np.sqrt(6 / 70)
    assert np.abs(cell.kernel).max() < limit
    assert cell.kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
    wide = LSTMCell.random(2, 5).recurrent_kernel
    np.testing.assert_allclose(wide @ wide.T, np.eye(5), atol=1e-12)


@pytest.mark.parametrize("name", CELLS)
def test_the_type_of_the_kernel_is_the_type_of_everything(name):
    cell = CELLS[name]
    small = type(cell).random(2, 3, dtype="float32")
    assert small.run(np.zeros((1, 2, 2))).hidden_states.dtype == np.float32
    assert cell.run(np.zeros((1, 2, 2), "float32")).hidden_states.dtype == np.float64
    whole = RNNCell(np.eye(2, dtype=int), np.eye(2, dtype=int), np.zeros(2, int))
    assert whole.kernel.dtype == np.float64


def test_sigmoid_neither_overflows_nor_loses_digits():
    x = np.array([-1000.0, -3.0, 0.0, 2.0, 1000.0])
    with np.errstate(all="raise"):
        squashed = sigmoid(x)
    np.testing.assert_allclose(squashed, [0, 1 / (1 + np.e**3), 0.5, 1 / (1 + np.e**-2), 1])
    assert sigmoid(x.astype("float32")).dtype == np.float32


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: RNNCell(np.zeros((2, 3)), np.zeros((4, 4)), np.zeros(3)),
         r"shape of recurrent_kernel must be \(units=3, units=3\), but it is \(4, 4\)"),
        (lambda: RNNCell(np.zeros((2, 4)), np.zeros((3, 3)), np.zeros(3)),
         r"shape of kernel must be \(features, units=3\), but it is \(2, 4\)"),
        (lambda: RNNCell(np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(())),
         r"shape of bias must be .* but it is \(\)"),
        (lambda: LSTMCell(np.zeros((2, 11)), np.zeros((3, 12)), np.zeros(12)),
         r"kernel must be \(features, blocks=12\), but it is \(2, 11\)"),
        (lambda: LSTMCell(np.zeros((2, 12)), np.zeros((3, 9)), np.zeros(12)),
         r"recurrent_kernel must be \(units=3, blocks=12\), but it is \(3, 9\)"),
        (lambda: LSTMCell(np.zeros((2, 12)), np.zeros(()), np.zeros(12)),
         r"recurrent_kernel must be \(units, blocks\), but it is \(\)"),
        (lambda: LSTMCell(np.zeros((2, 12)), np.zeros((3, 12)), np.zeros(3)),
         r"bias must be \(blocks=12\), but it is \(3,\)"),
        (lambda: GRUCell(np.zeros((2, 9)), np.zeros(()), np.zeros(9)),
         r"recurrent_kernel must be \(units, blocks\), but it is \(\)"),
        (lambda: GRUCell(np.zeros((2, 9)), np.zeros((3, 12)), np.zeros(9)),
         r"recurrent_kernel must be \(units=3, blocks=9\), but it is \(3, 12\)"),
        (lambda: GRUCell(np.zeros((2, 8)), np.zeros((3, 9)), np.zeros(9)),
         r"kernel must be \(features, blocks=9\), but it is \(2, 8\)"),
        (lambda: GRUCell(np.zeros((2, 9)), np.zeros((3, 9)), np.zeros(3)),
         r"bias must be \(blocks=9\), but it is \(3,\)"),
        (lambda: LSTMCell(np.zeros((2, 9)), np.zeros((3, 9)), np.zeros(9), np.zeros((3, 3)), True),
         r"peepholes must be \(gates=2, units=3\), but it is \(3, 3\)"),
        (lambda: GRUCell(np.zeros((2, 9)), np.zeros((3, 9)), np.zeros(9), np.zeros(8)),
         r"recurrent_bias must be \(blocks=9\), but it is \(8,\)"),
        (lambda: CELLS["lstm"].run(np.zeros((4, 5, 3))),
         r"sequences must be \(batch, timesteps, features=2\), but it is \(4, 5, 3\)"),
        (lambda: CELLS["lstm"].run(np.zeros(3)),
         r"sequences must be \(batch, timesteps, features=2\), but it is \(3,\)"),
        (lambda: CELLS["gru"].run(np.zeros((4, 5, 2)), mask=np.ones((4, 6))),
         r"mask must be \(batch=4, timesteps=5\), but it is \(4, 6\)"),
        (lambda: CELLS["rnn"].run(np.zeros((4, 5, 2)), initial_state=np.ones((3, 3))),
         r"initial hidden state must be \(batch=4, units=3\), but it is \(3, 3\)"),
        (lambda: CELLS["lstm"].run(np.zeros((4, 5, 2)), initial_state=(np.ones(3), np.ones(2))),
         r"initial cell state must be \(units=3\), but it is \(2,\)"),
        (lambda: CELLS["lstm"].run(np.zeros((2, 5, 2)), initial_state=np.ones((2, 3))),
         r"must be a tuple of two.* type ndarray and its parts have the shapes \(3,\), \(3,\)"),
        (lambda: CELLS["lstm"].run(np.zeros((2, 5, 2)), initial_state=(np.ones((2, 3)),)),
         r"must be a tuple of two.* type tuple and its parts have the shapes \(2, 3\)"),
        (lambda: CELLS["lstm"].run(np.zeros((5, 2)), mask=np.ones(4)),
         r"mask must be \(batch=1, timesteps=5\), but it is \(1, 4\)"),
        (lambda: CELLS["lstm"].step(np.zeros(3)),
         r"inputs must be \(features=2\), but it is \(3,\)"),
        (lambda: CELLS["rnn"].step(np.zeros((4, 2)), np.zeros((5, 3))),
         r"hidden_state must be \(batch=4, units=3\), but it is \(5, 3\)"),
        (lambda: CELLS["lstm"].step(np.zeros(2), np.zeros(3), np.zeros(4)),
         r"cell_state must be \(units=3\), but it is \(4,\)"),
        (lambda: LSTMCell.from_pytorch(np.zeros((12, 2)), np.zeros((11, 3))),
         r"weight_hh must be \(rows=12, units=3\), but it is \(11, 3\)"),
        (lambda: LSTMCell.from_pytorch(np.zeros((11, 2)), np.zeros((12, 3))),
         r"weight_ih must be \(rows=12, features\), but it is \(11, 2\)"),
        (lambda: LSTMCell.from_pytorch(np.zeros((12, 2)), np.zeros((12, 3)), np.zeros(3)),
         r"input bias must be \(rows=12\), but it is \(3,\)"),
        (lambda: LSTMCell.from_pytorch(np.zeros((12, 2)), np.zeros((12, 3)), None, np.zeros(3)),
         r"recurrent bias must be \(rows=12\), but it is \(3,\)"),
        (lambda: LSTMCell.from_pytorch(np.zeros((12, 2)), np.zeros(12)),
         r"weight_hh must be \(rows, units\), but it is \(12,\)"),
        (lambda: GRUCell.from_onnx(np.zeros(9), np.zeros((9, 3)), np.zeros(18)),
         r"W must be \(rows, features\), but it is \(9,\)"),
        (lambda: RNNCell.from_onnx(np.zeros((3, 2)), np.zeros((1, 4, 3))),
         r"R must be \(rows=3, units=3\), but it is \(4, 3\)"),
        (lambda: GRUCell.from_onnx(np.zeros((2, 9, 2)), np.zeros((2, 9, 3))),
         r"W must hold one direction, but its first axis has the length 2"),
        (lambda: GRUCell.from_onnx(np.zeros((9, 2)), np.zeros((9, 3)), np.zeros(9)),
         r"B must be \(two_biases=18\), but it is \(9,\)"),
        (lambda: LSTMCell.from_onnx(np.zeros((12, 2)), np.zeros((12, 3)), P=np.zeros(8)),
         r"P must be \(three_gates=9\), but it is \(8,\)"),
        (lambda: RNNCell(np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(3), "elu"),
         r"must be tanh or relu, not 'elu'"),
    ],
)  # fmt: skip
def test_errors_name_the_expected_and_the_given_shape(make, expected):
    with pytest.raises(ValueError, match=expected):
        make()
