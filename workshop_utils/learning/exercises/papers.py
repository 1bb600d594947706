"""The exercises of the further notebook on the papers: guessed weights, gates that start shut."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.tasks import Latch


def solution_right_in_a_row(w, u, b, inputs, bits):
    h = np.zeros(len(inputs))
    for x in inputs[:, :, 0].T:
        h = np.tanh(w * x + u * h + b)
    right = (h > 0) == (bits[:, 0] > 0)
    return len(right) if right.all() else int(np.argmin(right))


def _all_right(w: float, u: float, b: float, inputs: Any, bits: Any) -> Any:
    pairs = zip(inputs, bits, strict=True)
    return sum(solution_right_in_a_row(w, u, b, x[np.newaxis], bit[np.newaxis]) for x, bit in pairs)


def _signs_as_bits(w: float, u: float, b: float, inputs: Any, bits: Any) -> Any:
    # No sign is 0, so that the first sequence with the bit 0 counts as wrong.
    return min(solution_right_in_a_row(w, u, b, inputs, bits), int(bits[:, 0].argmin()))


def _units() -> Iterator[tuple[Any, ...]]:
    for seed, weights in enumerate([(0.5, 3.0, 0.0), (0.5, 1.5, 0.8), (1.0, -2.0, 0.0)]):
        inputs, bits = Latch(12, stretch=0).batch(30, seed)
        yield *weights, inputs.astype(np.float64), bits.astype(np.float64)


right_in_a_row = Exercise(
    __name__,
    "right_in_a_row",
    solved_by=solution_right_in_a_row,
    trials=_units,
    hints=(
        "Run the unit over all sequences at once, as in notebook 02. Then ask for the place of "
        "the first wrong answer.",
        "right = (h > 0) == (bits[:, 0] > 0). np.argmin(right) is the first place of False; when "
        "there is none, the result is len(right).",
    ),
    otherwise="the count comes out wrong; try a unit that is right on all sequences, and one that "
    "is wrong on the first.",
    after="The sign of the state is the answer.",
    mistakes=(
        Mistake(
            "counts_all",
            "this counts all right answers; stop at the first wrong one.",
            _all_right,
        ),
        Mistake(
            "none_wrong",
            "when all are right, np.argmin gives 0; give back the number of sequences then.",
            lambda w, u, b, x, bits: solution_right_in_a_row(w, u, b, x, bits) % len(bits),
        ),
        Mistake(
            "signs_as_bits",
            "a sign is +1 or -1 and a bit is 1 or 0; compare h > 0 with bits > 0.",
            _signs_as_bits,
        ),
        Mistake(
            "no_bias",
            "the bias b is not used; add it inside the tanh.",
            lambda w, u, _b, inputs, bits: solution_right_in_a_row(w, u, 0.0, inputs, bits),
        ),
    ),
)

first_gates = Exercise(
    __name__,
    "first_gates",
    solved_by=("4.0", "-4.0"),
    measure=lambda forget, enter: 3 <= forget <= 8 and -8 <= enter <= -1,
    hints=(
        "A gate starts near the sigmoid of its bias. For about how many steps must it hold here?",
        "The forget bias is near the logarithm of the steps; the input bias is below zero.",
    ),
    otherwise="give two numbers, the forget bias first.",
    after="Now see what three trainings make of them.",
    mistakes=(
        Mistake(
            "swapped",
            "the two are the wrong way round: open forget gates, shut input gates.",
            (-4.0, 4.0),
            seen=lambda forget, enter: forget < 0 < enter,
        ),
        Mistake(
            "forgets",
            "these forget gates lose the first letter on the way; take the logarithm of the steps.",
            (1.0, -2.0),
            seen=lambda forget, _enter: forget < 3,
        ),
        Mistake(
            "stands_open",
            "these input gates stand open from the start, and the question is what shut ones do; "
            "take a bias of -1 or below.",
            (5.0, 0.0),
            seen=lambda _forget, enter: enter > -1,
        ),
        Mistake(
            "stuck",
            "a gate that starts so far from the middle hardly learns; stay between -8 and 8.",
            (20.0, -20.0),
            seen=lambda forget, enter: forget > 8 or enter < -8,
        ),
    ),
)
