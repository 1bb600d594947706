"""The NumPy cell of notebook 03 against Keras' layer."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from measure import Measure, compare

from workshop_utils.cells import LSTMCell
from workshop_utils.runtime import environment

SEQUENCES = 64
STEPS = 100


def lstm(how: str, sequences: int) -> Callable[[], object]:
    """Run LSTM(64); that all ways give the same, ``tests/cells/test_cells_keras.py`` holds.

    The ways are ``"numpy"``, ``"graph"`` (Keras' layer, compiled) and ``"call"`` (called).
    """
    tf = environment.load_tensorflow()
    layer = environment.load_keras().layers.LSTM(64, return_sequences=True)
    rng = np.random.default_rng(environment.DEFAULT_SEED)
    batch = rng.normal(size=(sequences, STEPS, 64)).astype("float32")
    layer.build(batch.shape)
    if how == "numpy":
        cell = LSTMCell.from_keras(layer)
        return lambda: cell.run(batch).hidden_states
    call = tf.function(layer) if how == "graph" else layer
    given = tf.constant(batch)
    return lambda: call(given).numpy()


def numpy_cell(rounds: int) -> Iterator[Measure]:
    """Compare the NumPy LSTM that reads like the equations with Keras' layer."""
    for sequences, how, other, promise in (
        (SEQUENCES, "graph", "Keras' layer in a compiled graph", 1 / 3),
        (1, "call", "Keras' layer, called as layer(x)", 1),
    ):
        name = f"LSTM(64), {STEPS} steps, batch of {sequences}"
        ours = {"in NumPy": partial(lstm, "numpy", sequences)}
        others = {other: partial(lstm, how, sequences)}
        yield from compare(name, ours, others, rounds, promise=promise)
