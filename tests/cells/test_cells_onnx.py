"""The NumPy cells against ONNX, where it is at hand (the extra ``compare``).

The operators' published cases have weights that are all alike, so they would not see two
gates that changed places: hence random weights, against ONNX' own reference.
"""

import cell_layouts
import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
reference = pytest.importorskip("onnx.reference")

TOLERANCE = {"float32": 1e-6, "float64": 1e-12}


def evaluated(operator, inputs, dtype, units):
    """The operator's outputs Y, Y_h and Y_c by ONNX' reference evaluator."""
    order = ["X", "W", "R", "B", "", "initial_h", "initial_c"]
    outputs = ["Y", "Y_h", "Y_c"][: 3 if operator == "LSTM" else 2]
    names = [name if name in inputs else "" for name in order[: 7 if operator == "LSTM" else 6]]
    node = onnx.helper.make_node(operator, names, outputs, hidden_size=units)
    kind = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = onnx.helper.make_graph(
        [node],
        "one_operator",
        [onnx.helper.make_tensor_value_info(name, kind, inputs[name].shape) for name in inputs],
        [onnx.helper.make_tensor_value_info(name, kind, None) for name in outputs],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)])
    return reference.ReferenceEvaluator(model).run(None, inputs)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("operator", ["RNN", "LSTM"])
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (4, 3, 2, 5), (12, 2, 6, 16)])
def test_random_weights_equal_onnx_reference(operator, dtype, shape):
    timesteps, batch, features, units = shape
    draw = np.random.default_rng(timesteps)
    order = cell_layouts.ONNX[operator]
    rows = len(order) * units
    shapes = {
        "X": (timesteps, batch, features),
        "W": (1, rows, features),
        "R": (1, rows, units),
        "B": (1, 2 * rows),
        "initial_h": (1, batch, units),
        "initial_c": (1, batch, units),
    }
    inputs = {
        name: (draw.normal(size=size) / np.sqrt(units)).astype(dtype)
        for name, size in shapes.items()
        if operator == "LSTM" or name != "initial_c"
    }
    W, R, biases = (inputs[name][0] for name in "WRB")
    cell = cell_layouts.cell(operator, order, W, R, *np.split(biases, 2))
    state = [inputs[name][0] for name in ("initial_h", "initial_c") if name in inputs]
    run = cell.run(
        np.swapaxes(inputs["X"], 0, 1), initial_state=state if len(state) == 2 else state[0]
    )
    expected = evaluated(operator, inputs, dtype, units)
    found = [np.swapaxes(run.hidden_states, 0, 1), run.hidden_state]
    found += [run.cell_state] if operator == "LSTM" else []
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.dtype == theirs.dtype == dtype
        np.testing.assert_allclose(mine, theirs.reshape(mine.shape), rtol=0, atol=TOLERANCE[dtype])
