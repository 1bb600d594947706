"""The exercises of notebook 02: a start, the terms of a gradient, clipping, first biases."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["clip_by_norm", "failing_gap", "first_biases", "first_weight", "terms_by_lag"]

Array = npt.NDArray[np.float64]

first_weight = Exercise(
    name="first_weight",
    # From 4 on at least four of five trainings learn the bit (measured for 1.5 to 50).
    accepts=lambda w: 4 <= float(w) <= 100,
    hints=(
        "The unit must hold the bit before training begins. For which recurrent weights does "
        "it have a resting point other than 0, and which of them resist the noise?",
        "By hand, 3 was enough with an input weight of 0.5. Here the input weight is drawn "
        "between -1.7 and 1.7, so more noise comes in. Try twice as much.",
    ),
    solved_by="6.0",
    mistakes=(
        Mistake(
            lambda w: w < 0,
            "a positive weight is asked for. A negative one turns the sign round at every step; "
            "below -1 the unit can still hold the bit, as a sign that alternates.",
            (-3.0,),
            name="negative",
        ),
        Mistake(
            lambda w: w <= 1,
            "from -1 to 1 the only resting point is 0, so the bit fades before training "
            "can use it; start higher.",
            (1.0,),
            name="fades",
        ),
        Mistake(
            lambda w: w < 4,
            "the unit has two resting points, but with a large input weight the noise still pushes "
            "it from one to the other; start higher.",
            (2.0,),
            name="noise_wins",
        ),
    ),
    otherwise="give one number, at most 100.",
    after="A unit that starts here holds the bit before training begins. From 4 to 50, at least "
    "four of five trainings learnt it when this was measured.",
)


def _terms_by_lag(states: Array, by_last_state: Array, U: Array) -> Array:
    terms, by_state = [], by_last_state
    for before, after in zip(states[-2::-1], states[:0:-1], strict=True):
        delta = by_state * (1 - after**2)
        terms.append(before.T @ delta)
        by_state = delta @ U.T
    return np.array(terms)


def _wrong_terms(
    slope: bool = True, transposed: bool = True, shift: int = 1
) -> Callable[[Array, Array, Array], Array]:
    def terms(states: Array, delta: Array, U: Array) -> Array:
        found = []
        for step in range(len(states) - 1, 0, -1):
            delta = delta * (1 - states[step] ** 2) if slope else delta
            found.append(states[step - shift].T @ delta)
            delta = delta @ (U.T if transposed else U)
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
    name="terms_by_lag",
    trials=_sequences,
    hints=(
        "Begin with by_last_state and walk backwards. At each step: times 1 - h**2 gives delta, "
        "note one term, through U to the state before.",
        "One step back: delta = by_state * (1 - after**2); terms.append(before.T @ delta); "
        "by_state = delta @ U.T. Begin with before = states[-2], after = states[-1] and "
        "by_state = by_last_state.",
    ),
    solved_by=_terms_by_lag,
    mistakes=(
        Mistake(
            None,
            "the way back through tanh is missing; multiply by 1 - after**2 to get delta.",
            (_wrong_terms(slope=False),),
            name="no_slope",
        ),
        Mistake(
            None,
            "the way back goes through U transposed: delta @ U.T.",
            (_wrong_terms(transposed=False),),
            name="not_transposed",
        ),
        Mistake(
            None,
            "the terms stand in the order of time; the first one must be lag 0, the last step.",
            (lambda states, delta, U: _terms_by_lag(states, delta, U)[::-1],),
            name="order_of_time",
        ),
        Mistake(
            None,
            "each term needs the state before the step, because U multiplied that one.",
            (_wrong_terms(shift=0),),
            name="state_after",
        ),
    ),
    otherwise="some term comes out wrong; try it with a sequence of two steps, by hand.",
    after="One term for each step that used U.",
)


def _clip_by_norm(gradients: Sequence[Array], threshold: float) -> list[Array]:
    norm = float(np.linalg.norm(np.concatenate([np.ravel(each) for each in gradients])))
    return [each * threshold / max(norm, threshold) for each in gradients]


def _also_short(gradients: Sequence[Array], threshold: float) -> list[Array]:
    norm = float(np.linalg.norm(np.concatenate([np.ravel(each) for each in gradients])))
    return [each * threshold / max(norm, 1e-12) for each in gradients]


def _gradients() -> Iterator[tuple[list[Array], float]]:
    """One array and several, long and short ones, and zeros."""
    rng = np.random.default_rng(141)
    yield [np.array([30.0, -0.4, 0.0])], 2.0
    yield [np.array([0.3, 0.0, -0.4])], 2.0
    yield [10 * rng.normal(size=(2, 3)), rng.normal(size=4)], 0.5
    yield [0.01 * rng.normal(size=(5, 2)), 0.01 * rng.normal(size=(2, 2))], 1.5
    yield [np.zeros((2, 2)), np.zeros(3)], 1.0


clip_by_norm = Exercise(
    name="clip_by_norm",
    trials=_gradients,
    hints=(
        "First one norm for all arrays together: the root of the sum of all squares. Then one "
        "factor for all of them.",
        "The factor is threshold / norm when the norm is above the threshold, otherwise 1. "
        "Return a list: [gradient * factor for gradient in gradients].",
    ),
    solved_by=_clip_by_norm,
    mistakes=(
        Mistake(
            None,
            "this cuts each number by itself, so the direction changes; multiply all numbers by "
            "the same factor.",
            (lambda gradients, threshold: [np.clip(g, -threshold, threshold) for g in gradients],),
            name="by_value",
        ),
        Mistake(
            None,
            "each array has its own factor here, so the direction of the whole changes; take one "
            "norm for all arrays.",
            (lambda gradients, threshold: [_clip_by_norm([g], threshold)[0] for g in gradients],),
            name="array_by_array",
        ),
        Mistake(
            None,
            "a short gradient must stay as it is; change it only when its norm is above the "
            "threshold.",
            (_also_short,),
            name="short_ones_too",
        ),
    ),
    otherwise="some gradient comes out wrong; try a long one, a short one and one of zeros.",
    after="The update is shorter, and its direction stays.",
)


def _first_biases(units: int, forget: float, enter: float) -> Array:
    return np.repeat([enter, forget, 0.0, 0.0], units)


first_biases = Exercise(
    name="first_biases",
    trials=lambda: iter([(2, 1.0, 0.0), (1, 3.0, -2.0), (5, 3.7, -4.0)]),
    hints=(
        "Four blocks of `units` numbers stand one behind the other. Which block belongs to which "
        "gate? The printed bias of Keras shows where its ones stand.",
        "The blocks are: input gate, forget gate, candidate, output gate. np.repeat repeats each "
        "number of a list.",
    ),
    solved_by=_first_biases,
    mistakes=(
        Mistake(
            None,
            "the forget gate is the second block, and the input gate the first.",
            (lambda units, forget, enter: _first_biases(units, enter, forget),),
            name="blocks_swapped",
        ),
        Mistake(
            None,
            "the numbers of one gate stand side by side: first all of the input gate, then all "
            "of the forget gate, and so on.",
            (lambda units, forget, enter: np.tile([enter, forget, 0.0, 0.0], units),),
            name="unit_by_unit",
        ),
        Mistake(
            None,
            "all four blocks must be there; the candidate and the output gate start with 0.",
            (lambda units, forget, enter: np.repeat([enter, forget], units),),
            name="two_blocks",
        ),
    ),
    otherwise="the result must have 4 * units numbers; print it for 2 units and compare.",
    after="Input gate, forget gate, candidate, output gate.",
)

failing_gap = Exercise(
    name="failing_gap",
    accepts=lambda gap, accuracy: int(gap) == gap >= 0 and float(accuracy) < 0.5,
    hints=(
        "The network has learnt with 40 words in between. Try gaps that it never met: much "
        "shorter ones and much longer ones.",
        "Call accuracy_at for 80, 160, 320 and so on, and keep the first gap below 0.5. The forget "
        "gates started with a time constant of 42 steps: about a third is left after 42 steps, a "
        "third of that after 84.",
    ),
    solved_by=("400", "0.17"),
    mistakes=(
        Mistake(
            lambda gap, _accuracy: gap == 40,
            "this is the gap of the training; look for one that the network has not met.",
            (40, 1.0),
            name="trained_gap",
        ),
        Mistake(
            lambda gap, _accuracy: gap != int(gap) or gap < 0,
            "a gap is a whole number of words, 0 or more.",
            (2.5, 0.3),
            name="no_whole_number",
        ),
        Mistake(
            lambda _gap, accuracy: accuracy >= 0.5,
            "the network still answers at least half of these sentences; go further away.",
            (60, 0.9),
            name="still_right",
        ),
    ),
    after="Write down why this gap is too long: how many time constants of 42 steps, the start of "
    "the forget gates, fit into it?",
)
