"""Weights of PyTorch and ONNX in the layout of Keras, for the comparisons with their layers.

| | Keras | PyTorch | ONNX |
|---|---|---|---|
| product | ``inputs @ kernel`` | ``inputs @ weight.T`` | ``inputs @ W.T`` |
| LSTM | i, f, c, o | i, f, g, o (g is c) | i, o, f, c |
| biases | one | two, added | two in one vector |
"""

import numpy as np

from workshop_utils.cells import LSTMCell, RNNCell

PYTORCH = {"RNN": (0,), "LSTM": (0, 1, 2, 3)}
ONNX = {"RNN": (0,), "LSTM": (0, 2, 3, 1)}


def cell(kind, order, input_rows, recurrent_rows, input_bias, recurrent_bias, **options):
    """Our cell with the weights of another library, given as rows in its order of blocks."""

    def reordered(rows):
        parts = np.split(rows, len(order))
        return np.concatenate([parts[block] for block in order]).T

    W, U, b, c = map(reordered, (input_rows, recurrent_rows, input_bias, recurrent_bias))
    return (LSTMCell if kind == "LSTM" else RNNCell)(W, U, b + c, **options)
