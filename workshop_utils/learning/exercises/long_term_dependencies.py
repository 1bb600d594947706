"""The exercises of notebook 02: a start, the terms of a gradient, clipping, first biases."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, texts

Array = npt.NDArray[np.float64]
TEXTS = texts(__name__)

first_weight = Exercise(
    **TEXTS["first_weight"],
    # From 4 on at least four of five trainings learn the bit (measured for 1.5 to 50).
    measure=lambda w: 4 <= float(w) <= 100,
    solved_by="6.0",
    wrong={
        "negative": (lambda w: w < 0, -3.0),
        "fades": (lambda w: w <= 1, 1.0),
        "noise_wins": (lambda w: w < 4, 2.0),
    },
)


def _terms_by_lag(states: Array, by_last_state: Array, U: Array) -> Array:
    terms, by_state = [], by_last_state
    for t in range(len(states) - 1, 0, -1):
        delta = by_state * (1 - states[t] ** 2)
        terms.append(states[t - 1].T @ delta)
        by_state = delta @ U.T
    return np.array(terms)


def _wrong_terms(slope: bool = True, shift: int = 1) -> Callable[[Array, Array, Array], Array]:
    def terms(states: Array, delta: Array, U: Array) -> Array:
        found = []
        for step in range(len(states) - 1, 0, -1):
            delta = delta * (1 - states[step] ** 2) if slope else delta
            found.append(states[step - shift].T @ delta)
            delta = delta @ U.T
        return np.array(found)

    return terms


def _sequences() -> Iterator[tuple[Array, Array, Array]]:
    """States (timesteps + 1, batch, units), the error at the end, recurrent weights."""
    rng = np.random.default_rng(141)
    for steps, batch, units in ((1, 1, 2), (5, 1, 3), (7, 4, 2), (12, 3, 5)):
        states = np.tanh(rng.normal(size=(steps + 1, batch, units)))
        states[0] = 0.0
        yield states, rng.normal(size=(batch, units)), rng.normal(size=(units, units))


terms_by_lag = Exercise(
    **TEXTS["terms_by_lag"],
    trials=_sequences,
    solved_by=_terms_by_lag,
    wrong={
        "no_slope": _wrong_terms(slope=False),
        "not_transposed": lambda states, delta, U: _terms_by_lag(states, delta, U.T),
        "order_of_time": lambda states, delta, U: _terms_by_lag(states, delta, U)[::-1],
        "state_after": _wrong_terms(shift=0),
    },
)


def _clip_by_norm(gradients: Sequence[Array], threshold: float) -> list[Array]:
    norm = float(np.linalg.norm(np.concatenate([np.ravel(each) for each in gradients])))
    return [each * threshold / max(norm, threshold) for each in gradients]


def _gradients() -> Iterator[tuple[list[Array], float]]:
    """One array and several, long and short ones, and zeros."""
    rng = np.random.default_rng(141)
    yield [np.array([30.0, -0.4, 0.0])], 2.0
    yield [np.array([0.3, 0.0, -0.4])], 2.0
    yield [10 * rng.normal(size=(2, 3)), rng.normal(size=4)], 0.5
    yield [0.01 * rng.normal(size=(5, 2)), 0.01 * rng.normal(size=(2, 2))], 1.5
    yield [np.zeros((2, 2)), np.zeros(3)], 1.0


clip_by_norm = Exercise(
    **TEXTS["clip_by_norm"],
    trials=_gradients,
    solved_by=_clip_by_norm,
    wrong={
        "by_value": lambda gradients, top: [np.clip(each, -top, top) for each in gradients],
        "array_by_array": lambda gradients, top: [_clip_by_norm([g], top)[0] for g in gradients],
        "short_ones_too": lambda gradients, top: _clip_by_norm([1e9 * g for g in gradients], top),
    },
)


def _first_biases(units: int, forget: float, enter: float) -> Array:
    return np.repeat([enter, forget, 0.0, 0.0], units)


first_biases = Exercise(
    **TEXTS["first_biases"],
    trials=lambda: iter([(2, 1.0, 0.0), (1, 3.0, -2.0), (5, 3.7, -4.0)]),
    solved_by=_first_biases,
    wrong={
        "blocks_swapped": lambda units, forget, enter: _first_biases(units, enter, forget),
        "unit_by_unit": lambda units, forget, enter: np.tile([enter, forget, 0.0, 0.0], units),
        "two_blocks": lambda units, forget, enter: np.repeat([enter, forget], units),
    },
)

failing_gap = Exercise(
    **TEXTS["failing_gap"],
    measure=lambda gap, accuracy: int(gap) == gap >= 0 and float(accuracy) < 0.5,
    solved_by=("400", "0.17"),
    wrong={
        "trained_gap": (lambda gap, _accuracy: gap == 40, 40, 1.0),
        "no_whole_number": (lambda gap, _accuracy: gap != int(gap) or gap < 0, 2.5, 0.3),
        "still_right": (lambda _gap, accuracy: accuracy >= 0.5, 60, 0.9),
    },
)
