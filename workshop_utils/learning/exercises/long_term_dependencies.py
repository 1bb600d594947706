"""The exercises of notebook 02: a gap, a start, the terms of a gradient, first biases."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, texts

Array = npt.NDArray[np.float64]
TEXTS = texts(__name__)

#: The biases that a change may have, and the longest gap: a training there takes seconds.
WIDEST_BIAS, LONGEST_GAP = 20.0, 400
GAPS = (5, 10, 40, 100, 200, 1000)


def _number(value: object) -> float:
    return float(np.asarray(value, float).reshape(()))


first_weight = Exercise(
    **TEXTS["first_weight"],
    # From 4 on at least four of five trainings learn the bit (measured for 1.2 to 50).
    measure=lambda w: 4 <= float(w) <= 100,
    solved_by="6.0",
    wrong={
        "negative": (lambda w: w < 0, -3.0),
        "fades": (lambda w: w <= 1, 1.0),
        "noise_wins": (lambda w: w < 4, 3.0),
    },
)


def _step_back(by_state: Array, state: Array, before: Array, U: Array) -> tuple[Array, Array]:
    delta = by_state * (1 - state**2)
    return before.T @ delta, delta @ U.T


def _no_slope(by_state: Array, _state: Array, before: Array, U: Array) -> tuple[Array, Array]:
    return before.T @ by_state, by_state @ U.T


def _not_transposed(by_state: Array, state: Array, before: Array, U: Array) -> tuple[Array, Array]:
    return _step_back(by_state, state, before, U.T)


def _state_after(by_state: Array, state: Array, _before: Array, U: Array) -> tuple[Array, Array]:
    return _step_back(by_state, state, state, U)


def _slope_before(by_state: Array, _state: Array, before: Array, U: Array) -> tuple[Array, Array]:
    return _step_back(by_state, before, before, U)


def _swapped(by_state: Array, state: Array, before: Array, U: Array) -> tuple[Array, Array]:
    return _step_back(by_state, state, before, U)[::-1]


def _steps() -> Iterator[tuple[Array, Array, Array, Array]]:
    """The derivative by a state, the state, the one before it, recurrent weights."""
    rng = np.random.default_rng(141)
    for batch, units in ((1, 2), (1, 3), (4, 2), (3, 5)):
        state, before = np.tanh(rng.normal(size=(2, batch, units)))
        yield rng.normal(size=(batch, units)), state, before, rng.normal(size=(units, units))


step_back = Exercise(
    **TEXTS["step_back"],
    trials=_steps,
    solved_by=_step_back,
    wrong={
        "not_transposed": _not_transposed,
        "no_slope": _no_slope,
        "state_after": _state_after,
        "slope_before": _slope_before,
        "swapped": _swapped,
    },
)


def _forget_bias(gap: int) -> float:
    return float(np.log(gap))


def _leaves(share: float) -> Callable[[int], float]:
    """Return the rule with which this share is left after any gap."""

    def rule(gap: int) -> float:
        gate = share ** (1 / gap)
        return float(np.log(gate / (1 - gate)))

    return rule


def _left(rule: Callable[[int], object]) -> list[float]:
    """Return what the first gate leaves after each gap."""
    return [(1 + np.exp(-_number(rule(gap)))) ** -float(gap) for gap in GAPS]


forget_bias = Exercise(
    **TEXTS["forget_bias"],
    measure=lambda rule: all(0.1 <= share <= 0.9 for share in _left(rule)),
    solved_by=_forget_bias,
    wrong={
        "gate_itself": (
            lambda rule: all(0 < _number(rule(gap)) < 1 for gap in GAPS),
            lambda gap: 0.37 ** (1 / gap),
        ),
        "fixed": (lambda rule: len({_number(rule(gap)) for gap in GAPS}) == 1, lambda _gap: 3.7),
        "too_shut": (lambda rule: min(_left(rule)) < 0.1, lambda gap: np.log(gap) / 2),
        "never_forgets": (lambda rule: max(_left(rule)) > 0.9, lambda gap: 0.5 * gap),
    },
)

change = Exercise(
    **TEXTS["change"],
    measure=lambda given: (
        len(given) == 3
        and int(given[0]) == given[0]
        and 5 <= given[0] <= LONGEST_GAP
        and max(abs(float(given[1])), abs(float(given[2]))) <= WIDEST_BIAS
    ),
    solved_by="(100, 1.0, -4.6)",
    wrong={
        "gap": (
            lambda given: given[0] != int(given[0]) or not 5 <= given[0] <= LONGEST_GAP,
            (2000, 3.7, -3.7),
        ),
        "wide": (lambda given: max(abs(given[1]), abs(given[2])) > WIDEST_BIAS, (100, 1000, -4.6)),
    },
)
