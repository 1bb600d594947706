"""The NumPy cells against ONNX, where it is at hand (the extra ``compare``).

First the operators' published test cases. Their weights are all alike, so that they would
not see two gates that changed places: so random weights too, against ONNX' own reference.
"""

import warnings

import numpy as np
import pytest

from workshop_utils.cells import GRUCell, LSTMCell, RNNCell

onnx = pytest.importorskip("onnx")
reference = pytest.importorskip("onnx.reference")

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
PUBLISHED = [
    f"test_{name}"
    for name in (
        "simple_rnn_defaults",
        "simple_rnn_with_initial_bias",
        "rnn_seq_length",
        "simple_rnn_batchwise",
        "simple_rnn_reverse",
        "simple_rnn_bidirectional",
        "lstm_defaults",
        "lstm_with_initial_bias",
        "lstm_with_peepholes",
        "lstm_batchwise",
        "lstm_reverse",
        "lstm_bidirectional",
        "gru_defaults",
        "gru_with_initial_bias",
        "gru_seq_length",
        "gru_batchwise",
        "gru_reverse",
        "gru_bidirectional",
    )
]


@pytest.fixture(scope="module")
def published():
    """The published cases of the three operators, by name."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the cases of other operators overflow on purpose
        cases = collect_testcases()
    return {case.name: case for case in cases if case.model.graph.node[0].op_type in GATES}


def options_of(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def one_cell(operator, options, inputs, direction):
    """Our cell with the plain arrays of one direction."""
    W, R, B, P = (
        inputs[name][direction] if name in inputs else None for name in ("W", "R", "B", "P")
    )
    if operator == "RNN":
        return RNNCell.from_onnx(W, R, B)
    if operator == "LSTM":
        return LSTMCell.from_onnx(W, R, B, P)
    after = bool(options.get("linear_before_reset", 0))
    return GRUCell.from_onnx(W, R, B, linear_before_reset=after)


def ours(operator, options, inputs):
    """The operator's outputs Y, Y_h and Y_c, computed by our cells, in ONNX' shapes."""
    batch_first = bool(options.get("layout", 0))
    x = inputs["X"] if batch_first else np.swapaxes(inputs["X"], 0, 1)
    direction = options.get("direction", b"forward").decode()
    mask = None
    if "sequence_lens" in inputs:
        mask = np.arange(x.shape[1]) < inputs["sequence_lens"][:, None]
    order = {"forward": [False], "reverse": [True], "bidirectional": [False, True]}[direction]
    runs = []
    for index, backwards in enumerate(order):
        cell = one_cell(operator, options, inputs, index)
        state = None
        if "initial_h" in inputs:
            axis = 1 if batch_first else 0
            names = ("initial_h", "initial_c") if operator == "LSTM" else ("initial_h",)
            parts = tuple(np.take(inputs[name], index, axis) for name in names)
            state = parts if operator == "LSTM" else parts[0]
        run = cell.run(x, initial_state=state, mask=mask, go_backwards=backwards)
        outputs = run.hidden_states[:, ::-1] if backwards else run.hidden_states
        runs.append((outputs, *run[1:-1]))
    outputs, *finals = (np.stack(parts) for parts in zip(*runs, strict=True))
    # (directions, batch, timesteps, units) to the two layouts of ONNX.
    outputs = outputs.transpose((1, 2, 0, 3) if batch_first else (2, 0, 1, 3))
    finals = [np.swapaxes(part, 0, 1) if batch_first else part for part in finals]
    return dict(zip(("Y", "Y_h", "Y_c"), (outputs, *finals), strict=False))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_case(published, name):
    case = published[name]
    (node,) = case.model.graph.node
    for given, expected in case.data_sets:
        inputs = dict(zip(filter(None, node.input), given, strict=True))
        results = ours(node.op_type, options_of(node), inputs)
        names = [output for output in node.output if output]
        assert names
        for output, theirs in zip(names, expected, strict=True):
            assert results[output].dtype == theirs.dtype == np.float32
            np.testing.assert_allclose(results[output], theirs, rtol=0, atol=1e-6)


def test_no_published_case_is_left_out(published):
    assert set(published) == set(PUBLISHED)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize(
    ("operator", "extra"),
    [("RNN", {}), ("LSTM", {}), ("LSTM", {"P": True}), ("GRU", {}),
     ("GRU", {"linear_before_reset": 1})],
    ids=["RNN", "LSTM", "LSTM with peepholes", "GRU", "GRU linear before reset"],
)  # fmt: skip
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (4, 3, 2, 5), (12, 2, 6, 16)])
def test_random_weights_equal_onnx_reference(operator, extra, direction, dtype, shape):
    timesteps, batch, features, units = shape
    draw = np.random.default_rng([timesteps, len(direction)])
    directions, rows = 1 + (direction == "bidirectional"), GATES[operator] * units
    shapes = {
        "X": (timesteps, batch, features),
        "W": (directions, rows, features),
        "R": (directions, rows, units),
        "B": (directions, 2 * rows),
        "initial_h": (directions, batch, units),
    }
    if operator == "LSTM":
        shapes["initial_c"] = shapes["initial_h"]
    extra = dict(extra)
    if extra.pop("P", False):
        shapes["P"] = (directions, 3 * units)
    inputs = {
        name: (draw.normal(size=size) / np.sqrt(units)).astype(dtype)
        for name, size in shapes.items()
    }
    order = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"]
    slots = order[: 1 + max(order.index(name) for name in inputs)]
    outputs = ["Y", "Y_h", "Y_c"][: 3 if operator == "LSTM" else 2]
    node = onnx.helper.make_node(
        operator, [name if name in inputs else "" for name in slots], outputs,
        hidden_size=units, direction=direction, **extra,
    )  # fmt: skip
    kind = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = onnx.helper.make_graph(
        [node],
        "one_operator",
        [onnx.helper.make_tensor_value_info(name, kind, inputs[name].shape) for name in inputs],
        [onnx.helper.make_tensor_value_info(name, kind, None) for name in outputs],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)])
    theirs = reference.ReferenceEvaluator(model).run(None, inputs)
    results = ours(operator, options_of(node), inputs)
    for name, expected in zip(outputs, theirs, strict=True):
        assert results[name].dtype == expected.dtype == dtype
        np.testing.assert_allclose(results[name], expected, rtol=0, atol=TOLERANCE[dtype])
