"""The exercises of the further notebook on the papers: guessed weights, gates that start shut."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from workshop_utils.exercises.core import Exercise, Mistake
from workshop_utils.sequence_tasks import Latch

__all__ = ["first_gates", "right_in_a_row"]

Array = npt.NDArray[np.float64]


def _right_in_a_row(w: float, u: float, b: float, inputs: Array, bits: Array) -> int:
    h = np.zeros(len(inputs))
    for x in inputs[:, :, 0].T:
        h = np.tanh(w * h + u * x + b)
    right = (h > 0) == (bits[:, 0] > 0)
    return len(right) if right.all() else int(np.argmin(right))


def _all_right(w: float, u: float, b: float, inputs: Array, bits: Array) -> int:
    h = np.zeros(len(inputs))
    for x in inputs[:, :, 0].T:
        h = np.tanh(w * h + u * x + b)
    return int(((h > 0) == (bits[:, 0] > 0)).sum())


def _never_all(w: float, u: float, b: float, inputs: Array, bits: Array) -> int:
    before = _right_in_a_row(w, u, b, inputs, bits)
    return before if before < len(inputs) else 0


def _no_bias(w: float, u: float, _b: float, inputs: Array, bits: Array) -> int:
    return _right_in_a_row(w, u, 0.0, inputs, bits)


def _units() -> Iterator[tuple[float, float, float, Array, Array]]:
    for seed, weights in enumerate([(3.0, 0.5, 0.0), (1.5, 0.5, 0.8), (-2.0, 1.0, 0.0)]):
        inputs, bits = Latch(12, stretch=0).batch(30, seed)
        yield *weights, inputs.astype(np.float64), bits.astype(np.float64)


right_in_a_row = Exercise(
    name="right_in_a_row",
    trials=_units,
    hints=(
        "Run the unit over all sequences at once, as in notebook 02. Then ask for the place of "
        "the first wrong answer.",
        "right = (h > 0) == (bits[:, 0] > 0). np.argmin(right) is the first place of False; when "
        "there is none, the result is len(right).",
    ),
    solved_by=_right_in_a_row,
    mistakes=(
        Mistake(
            None,
            "this counts all right answers; stop at the first wrong one.",
            (_all_right,),
            name="counts_all",
        ),
        Mistake(
            None,
            "when all are right, np.argmin gives 0; give back the number of sequences then.",
            (_never_all,),
            name="none_wrong",
        ),
        Mistake(
            None,
            "the bias b is not used; add it inside the tanh.",
            (_no_bias,),
            name="no_bias",
        ),
    ),
    otherwise="the count comes out wrong; try a unit that is right on all sequences, and one "
    "that is wrong on the first.",
    after="The sign of the state is the answer.",
)

first_gates = Exercise(
    name="first_gates",
    accepts=lambda forget, enter: 3 <= float(forget) <= 8 and -8 <= float(enter) <= -1,
    hints=(
        "A gate starts near the sigmoid of its bias. For about how many steps must it hold here?",
        "The forget bias is near the logarithm of the steps; the input bias is below zero.",
    ),
    solved_by=("4.0", "-4.0"),
    mistakes=(
        Mistake(
            lambda forget, enter: forget < 0 < enter,
            "the two are the wrong way round: open forget gates, shut input gates.",
            (-4.0, 4.0),
            name="swapped",
        ),
        Mistake(
            lambda forget, _enter: forget < 3,
            "these forget gates lose the first letter on the way; take the logarithm of the steps.",
            (1.0, -2.0),
            name="forgets",
        ),
        Mistake(
            lambda _forget, enter: enter > -1,
            "these input gates stand open from the start, and the question is what shut ones do; "
            "take a bias of -1 or below.",
            (5.0, 0.0),
            name="stands_open",
        ),
        Mistake(
            lambda forget, enter: forget > 8 or enter < -8,
            "a gate that starts so far from the middle hardly learns; stay between -8 and 8.",
            (20.0, -20.0),
            name="stuck",
        ),
    ),
    otherwise="give two numbers, the forget bias first.",
    after="Now see what five trainings make of them.",
)
