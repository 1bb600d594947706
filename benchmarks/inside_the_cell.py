"""What notebooks 01 to 03 promise: the NumPy cell, the minutes."""

import tomllib
from collections.abc import Iterator

import numpy as np
from measure import Measure, side_by_side

from workshop_tools import run as course_run
from workshop_tools.minutes import MINUTES_FILE
from workshop_utils import environment
from workshop_utils.cells import LSTMCell
from workshop_utils.lessons import find_root, select

SECONDS = {"01": 60, "02": 90, "03": 60}
"""How long each notebook may take, started cold on two cores."""


def numpy_cell(rounds: int) -> Iterator[Measure]:
    """The NumPy LSTM that reads like the equations, against Keras' layer."""
    keras = environment.load_keras()
    tf = environment.load_tensorflow()
    rng = np.random.default_rng(environment.DEFAULT_SEED)
    layer = keras.layers.LSTM(64, return_sequences=True)
    batch = rng.normal(size=(64, 100, 64)).astype("float32")
    as_tensor = tf.constant(batch)
    theirs = layer(as_tensor).numpy()
    cell = LSTMCell.from_keras(layer)
    # Two ways are compared only when they do the same.
    np.testing.assert_allclose(cell.run(batch).hidden_states, theirs, rtol=0, atol=1e-6)
    compiled = tf.function(layer)
    yield side_by_side(
        "LSTM(64), batch of 64, 100 steps",
        lambda: cell.run(batch),
        lambda: compiled(as_tensor),
        against="Keras' layer in a compiled graph",
        rounds=rounds,
        promise=1 / 3,
    )
    yield side_by_side(
        "LSTM(64), one sequence, 100 steps",
        lambda: cell.run(batch[:1]),
        lambda: layer(as_tensor[:1]),
        against="Keras' layer, called as layer(x)",
        rounds=rounds,
        promise=1,
    )


def notebook_times(again: bool) -> Iterator[Measure]:
    """The running times of notebooks 01 to 03, started cold, against their limits.

    Args:
        again: Run them now; else the times that ``workshop run --record-minutes``
            kept are read, and the notebooks are run only where there are none.
    """
    root = find_root()
    path = root / MINUTES_FILE
    lessons = select(list(SECONDS))

    def kept() -> dict[str, object]:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    seconds = kept().get("seconds", {})
    if again or any(lesson.name not in seconds for lesson in lessons):
        course_run.run(list(SECONDS), record_minutes=True)
    record = kept()
    for lesson in lessons:
        yield Measure(
            f"notebook {lesson.number}, started cold",
            record["seconds"][lesson.name],
            SECONDS[lesson.number],
            "the limit",
            "s",
            promise=1,
            machine=f"{record['cores']} cores, kept in {MINUTES_FILE.as_posix()}",
            date=record["measured"],
        )
