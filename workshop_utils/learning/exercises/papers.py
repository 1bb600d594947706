"""The exercises of the further notebook on the papers: guessed weights, gates that start shut."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, texts
from workshop_utils.tasks import Latch

Array = npt.NDArray[np.float64]
TEXTS = texts(__name__)


def _right_in_a_row(w: float, u: float, b: float, inputs: Array, bits: Array) -> int:
    h = np.zeros(len(inputs))
    for x in inputs[:, :, 0].T:
        h = np.tanh(w * h + u * x + b)
    right = (h > 0) == (bits[:, 0] > 0)
    return len(right) if right.all() else int(np.argmin(right))


def _all_right(w: float, u: float, b: float, inputs: Array, bits: Array) -> int:
    pairs = zip(inputs, bits, strict=True)
    return sum(_right_in_a_row(w, u, b, x[np.newaxis], bit[np.newaxis]) for x, bit in pairs)


def _signs_as_bits(w: float, u: float, b: float, inputs: Array, bits: Array) -> int:
    # No sign is 0, so that the first sequence with the bit 0 counts as wrong.
    return min(_right_in_a_row(w, u, b, inputs, bits), int(bits[:, 0].argmin()))


def _units() -> Iterator[tuple[float, float, float, Array, Array]]:
    for seed, weights in enumerate([(3.0, 0.5, 0.0), (1.5, 0.5, 0.8), (-2.0, 1.0, 0.0)]):
        inputs, bits = Latch(12, stretch=0).batch(30, seed)
        yield *weights, inputs.astype(np.float64), bits.astype(np.float64)


right_in_a_row = Exercise(
    **TEXTS["right_in_a_row"],
    trials=_units,
    solved_by=_right_in_a_row,
    wrong={
        "counts_all": _all_right,
        "none_wrong": lambda w, u, b, x, bits: _right_in_a_row(w, u, b, x, bits) % len(bits),
        "signs_as_bits": _signs_as_bits,
        "no_bias": lambda w, u, _b, inputs, bits: _right_in_a_row(w, u, 0.0, inputs, bits),
    },
)

first_gates = Exercise(
    **TEXTS["first_gates"],
    measure=lambda forget, enter: 3 <= float(forget) <= 8 and -8 <= float(enter) <= -1,
    solved_by=("4.0", "-4.0"),
    wrong={
        "swapped": (lambda forget, enter: forget < 0 < enter, -4.0, 4.0),
        "forgets": (lambda forget, _enter: forget < 3, 1.0, -2.0),
        "stands_open": (lambda _forget, enter: enter > -1, 5.0, 0.0),
        "stuck": (lambda forget, enter: forget > 8 or enter < -8, 20.0, -20.0),
    },
)
