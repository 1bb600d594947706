"""The exercises of notebook 02: a start, one step back, a forget bias for any gap, a change."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, Mistake

GAPS = (5, 10, 40, 100, 200, 1000)
LEAST_LEFT = 0.1
MOST_LEFT = 0.9
#: The biases that a change may have, and its gaps: a training of the longest takes seconds.
WIDEST_BIAS = 20
SHORTEST_GAP = 5
LONGEST_GAP = 400

first_weight = Exercise(
    __name__,
    "first_weight",
    solved_by="6.0",
    # From 4 on at least four of five trainings learn the bit (measured for 1.2 to 50).
    measure=lambda weight: 4 <= weight <= 100,
    hints=(
        "While the output learns, the error moves the unit as well, and can break what it holds. "
        "It hardly moves a unit whose curve is flat where it rests; a larger u is flatter there.",
        "Where the unit rests at h, the slope of its curve is u * (1 - h**2), and h is near "
        "np.tanh(u). Compute it for 3, 4 and 6.",
    ),
    otherwise="give one number, at most 100.",
    after="A unit that starts here holds the bit before training begins. From 4 to 50, at least "
    "four of five trainings learnt it when this was measured.",
    mistakes=(
        Mistake(
            "negative",
            "a positive weight is asked for. A negative one turns the sign round at every step; "
            "far below -1 the unit can still hold the bit, as a sign that alternates.",
            -3.0,
            lambda weight: weight < 0,
        ),
        Mistake(
            "fades",
            "from -1 to 1 the only resting point is 0, so the bit fades before training can use "
            "it; start higher.",
            1.0,
            lambda weight: weight <= 1,
        ),
        Mistake(
            "not_flat",
            "it holds the bit before training, but in some runs training breaks it, because the "
            "curve is not flat enough where the unit rests. Start higher.",
            3.0,
            lambda weight: weight < 4,
        ),
    ),
)


def solution_step_back(by_state, state, state_before, U):
    delta = by_state * (1 - state**2)
    return state_before.T @ delta, delta @ U.T


def _no_slope(by_state: Any, _state: Any, before: Any, U: Any) -> Any:
    return before.T @ by_state, by_state @ U.T


def _steps() -> Iterator[tuple[Any, ...]]:
    """The derivative by a state, the state, the one before it, recurrent weights."""
    rng = np.random.default_rng(141)
    for batch, units in ((1, 2), (1, 3), (4, 2), (3, 5)):
        state, before = np.tanh(rng.normal(size=(2, batch, units)))
        yield rng.normal(size=(batch, units)), state, before, rng.normal(size=(units, units))


step_back = Exercise(
    __name__,
    "step_back",
    solved_by=solution_step_back,
    trials=_steps,
    hints=(
        "The term multiplies delta with what U multiplied on the way there; the way back sends "
        "delta through U, from the unit that received to the unit that sent.",
        "The term is state_before.T @ delta, and the derivative with respect to state_before is "
        "delta @ U.T.",
    ),
    otherwise="something comes out wrong; try one unit, with the numbers of the picture.",
    after="One step back, and its term.",
    mistakes=(
        Mistake(
            "not_transposed",
            "the way back goes through U transposed: U[i, j] leads from unit i to unit j, so unit "
            "i gets its error from unit j, by delta @ U.T.",
            lambda by_state, state, before, U: solution_step_back(by_state, state, before, U.T),
        ),
        Mistake(
            "no_slope",
            "the way back through tanh is missing; multiply by 1 - state**2 to get delta.",
            _no_slope,
        ),
        Mistake(
            "state_after",
            "the term needs state_before, because U multiplied that one.",
            lambda by_state, state, _before, U: solution_step_back(by_state, state, state, U),
        ),
        Mistake(
            "slope_before",
            "the slope belongs to the state that tanh made at this step: 1 - state**2.",
            lambda by_state, _state, before, U: solution_step_back(by_state, before, before, U),
        ),
        Mistake(
            "swapped",
            "first the term for U, then the derivative with respect to state_before.",
            lambda by_state, state, before, U: solution_step_back(by_state, state, before, U)[::-1],
        ),
    ),
)


def solution_forget_bias(gap):
    return np.log(gap)


def _left(rule: Callable[[int], Any]) -> list[float]:
    """Return what the gate of the first bias leaves after each gap."""
    with np.errstate(over="ignore"):
        return [float((1 + np.exp(-np.float64(rule(gap)))) ** -gap) for gap in GAPS]


def _is_gate(rule: Callable[[int], Any]) -> bool:
    """Return whether a rule gives gates, between 0 and 1, that would leave a fair share."""
    gates = [float(rule(gap)) for gap in GAPS]
    shares = [gate**gap for gate, gap in zip(gates, GAPS, strict=True) if 0 < gate < 1]
    return len(shares) == len(GAPS) and LEAST_LEFT <= min(shares) <= max(shares) <= MOST_LEFT


forget_bias = Exercise(
    __name__,
    "forget_bias",
    solved_by=solution_forget_bias,
    gives=1.0,
    measure=lambda rule: all(LEAST_LEFT <= share <= MOST_LEFT for share in _left(rule)),
    hints=(
        "Work backwards: a gate f leaves f to the power of the gap. Choose what is left, for "
        "example 0.4; which f leaves it? Then b is the number whose sigmoid is f: "
        "np.log(f / (1 - f)).",
        "f = 0.4 ** (1 / gap), and return np.log(f / (1 - f)). There is an even shorter rule: try "
        "np.log.",
    ),
    otherwise="for each gap from 5 to 1,000 the share left, sigmoid(b) to the power of the gap, "
    "must lie between 0.1 and 0.9.",
    after="Your rule knows how long the way is; Keras, which always starts at 1, does not.",
    mistakes=(
        Mistake(
            "gate_itself",
            "this is the gate, a number between 0 and 1; return the bias, whose sigmoid it is.",
            lambda gap: 0.4 ** (1 / gap),
            _is_gate,
        ),
        Mistake(
            "fixed",
            "a fixed bias leaves enough after one gap, and too little or too much after another; "
            "use `gap`.",
            lambda _gap: 3.7,
            lambda rule: len({float(rule(gap)) for gap in GAPS}) == 1,
        ),
        Mistake(
            "too_shut",
            "after some gaps less than a tenth is left. Compute sigmoid(b) to the power of the "
            "gap for 5, 40 and 1,000.",
            lambda gap: np.log(gap) / 2,
            lambda rule: min(_left(rule)) < LEAST_LEFT,
        ),
        Mistake(
            "never_forgets",
            "after some gaps more than nine tenths are left; choose a smaller bias, so that a "
            "share between 0.1 and 0.9 is left after each gap.",
            lambda gap: 0.5 * gap,
            lambda rule: max(_left(rule)) > MOST_LEFT,
        ),
    ),
)


def _gap_fits(change: Any) -> bool:
    return bool(change[0] == int(change[0]) and SHORTEST_GAP <= change[0] <= LONGEST_GAP)


def _biases_fit(change: Any) -> bool:
    return bool(max(abs(change[1]), abs(change[2])) <= WIDEST_BIAS)


change = Exercise(
    __name__,
    "change",
    solved_by="(100, 1.0, -4.6)",
    measure=lambda change: len(change) == 3 and _gap_fits(change) and _biases_fit(change),
    hints=(
        "Look at the four rows: which change of one bias made the LSTM guess? Or ask what a much "
        "longer gap does to biases that were made for yours.",
        "Give three numbers in brackets, for example change = (100, 1.0, -4.6): the gap as it "
        "was, Keras' forget bias, the input bias as it was.",
    ),
    otherwise="give three numbers in brackets: a whole gap from 5 to 400, and two biases from -20 "
    "to 20.",
    after="Now see whether you were right.",
    mistakes=(
        Mistake(
            "not_three",
            "three numbers are needed, in brackets: gap, forget bias, input bias; write those "
            "that stay, too.",
            (3.7, -3.7),
            lambda change: len(change) != 3,
        ),
        Mistake(
            "gap",
            "the gap comes first, a whole number from 5 to 400, so that training takes seconds.",
            (2000, 3.7, -3.7),
            lambda change: not _gap_fits(change),
        ),
        Mistake(
            "wide",
            "biases from -20 to 20 are plenty: the sigmoid of 20 is 1 to eight digits.",
            (100, 1000.0, -4.6),
            lambda change: not _biases_fit(change),
        ),
    ),
)
