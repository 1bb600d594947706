"""The exercises of notebook 03: one step of an LSTM, what is left, and sets of units."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils import pronouns
from workshop_utils.cells import sigmoid
from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["flipping_sets", "lstm_step", "my_text", "share_left"]

Array = npt.NDArray[Any]
Units = tuple[int, ...]
Step = Callable[[Array, Array, Array, Array, Array, Array], Any]


def _finish(C: Array, i: Array, f: Array, c: Array, o: Array) -> tuple[Array, ...]:
    """From the old cell state and the four sums, all that a step gives back."""
    i, f, candidate, o = sigmoid(i), sigmoid(f), np.tanh(c), sigmoid(o)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def _lstm_step(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> tuple[Array, ...]:
    sum_i, sum_f, sum_c, sum_o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i, f, o = sigmoid(sum_i), sigmoid(sum_f), sigmoid(sum_o)
    candidate = np.tanh(sum_c)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def _steps() -> Iterator[tuple[Array, ...]]:
    """One sequence, and two batches; one size can be cut into four along the wrong axis."""
    rng = np.random.default_rng(3)
    for batch, features, units in (((), 2, 2), ((3,), 3, 5), ((8,), 1, 4)):
        states = (rng.normal(size=(*batch, units)) for _ in range(2))
        weights = (rng.normal(size=(rows, 4 * units)) for rows in (features, units))
        yield rng.normal(size=(*batch, features)), *states, *weights, rng.normal(size=4 * units)


def _wrong(change: Callable[..., tuple[Array, ...]], axis: int = -1) -> Step:
    """A step that cuts the sums and then goes its own way."""

    def step(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> tuple[Array, ...]:
        return change(C, *np.split(x @ W + h @ U + b, 4, axis=axis))

    return step


lstm_step = Exercise(
    name="lstm_step",
    hints=(
        "Three of the sums become gates through sigmoid, one goes through np.tanh.",
        "C = f * C + i * candidate, and the new hidden state is o * np.tanh(C).",
    ),
    solved_by=_lstm_step,
    trials=_steps,
    call_limit=60.0,
    mistakes=(
        Mistake(
            None,
            "the candidate goes through np.tanh; only the gates go through sigmoid.",
            (_wrong(lambda C, i, f, c, o: _finish(C, i, f, np.arctanh(sigmoid(c)), o)),),
            name="candidate_sigmoid",
        ),
        Mistake(
            None,
            "Keras has the order i, f, c, o; drawings often begin with f.",
            (_wrong(lambda C, i, f, c, o: _finish(C, f, i, c, o)),),
            name="gate_order",
        ),
        Mistake(
            None,
            "cut the last axis (axis=-1); without it a batch is cut into its rows.",
            (_wrong(_finish, axis=0),),
            name="first_axis",
        ),
    ),
    after="Four layers, two states, one sequence or many.",
)


def _share_left(forget_gates: Array) -> Array:
    later = [forget_gates[j + 1 :] for j in range(len(forget_gates))]
    return np.array([gates.prod(axis=0) for gates in later])


def _forget_gates() -> Iterator[tuple[Array]]:
    rng = np.random.default_rng(3)
    for shape in ((4, 2), (1, 3), (7, 1), (5, 6, 2)):
        yield (rng.uniform(0.2, 1.0, shape),)


share_left = Exercise(
    name="share_left",
    hints=(
        "For row j take the rows forget_gates[j + 1 :], and multiply them.",
        "The product of rows is .prod(axis=0); for no row it is 1, as it must be.",
    ),
    solved_by=_share_left,
    trials=_forget_gates,
    mistakes=(
        Mistake(
            None,
            "a word's own forget gate acts on older writes only; begin with the row after it.",
            (lambda f: np.array([f[j:].prod(axis=0) for j in range(len(f))]),),
            name="own_gate",
        ),
        Mistake(
            None,
            "these are the rows before the word; what it wrote meets the rows after it.",
            (lambda f: np.array([f[:j].prod(axis=0) for j in range(len(f))]),),
            name="earlier_gates",
        ),
        Mistake(
            None,
            "keep the units apart: multiply along the words only, with axis=0.",
            (lambda f: np.array([f[j + 1 :].prod() for j in range(len(f))]),),
            name="units_mixed",
        ),
    ),
    after="The last word keeps all of what it wrote.",
)


def _flipping_sets(flips: Callable[[Units], float], units: int) -> list[Units]:
    sets = (chosen for size in range(1, units + 1) for chosen in combinations(range(units), size))
    return [chosen for chosen in sets if flips(chosen) > 0.95]


def _vote(*weights: float) -> Callable[[Units], float]:
    """A network that decides by weighted votes: the share of flipped pronouns of a set."""
    return lambda units: float(2 * sum(weights[k] for k in units) > sum(weights))


def _networks() -> Iterator[tuple[Callable[[Units], float], int]]:
    yield _vote(1, 1, 1), 3
    yield _vote(1, 1, 1, 1), 4
    yield _vote(0, 1, 0), 3
    yield _vote(3, 2, 1, 1), 4


def _same_sets(given: Any, expected: Any) -> bool:
    """Whether two lists hold the same sets, each once, in any order."""
    sets = [frozenset(chosen) for chosen in given]
    return len(sets) == len(set(sets)) and set(sets) == set(map(frozenset, expected))


def _keep(wanted: Callable[[int, int, int], bool]) -> Callable[..., list[Units]]:
    """A search that keeps sets by their size, the smallest size found, and all units."""

    def search(flips: Callable[[Units], float], units: int) -> list[Units]:
        found = _flipping_sets(flips, units)
        return [chosen for chosen in found if wanted(len(chosen), len(found[0]), units)]

    return search


flipping_sets = Exercise(
    name="flipping_sets",
    hints=(
        "Go through the sizes 1 to units, and through combinations(range(units), size).",
        "Collect all sets in a list first; then keep those with flips(chosen) > 0.95.",
    ),
    solved_by=_flipping_sets,
    trials=_networks,
    same=_same_sets,
    call_limit=120.0,
    mistakes=(
        Mistake(
            None,
            "these are single units only; a set may hold two or more.",
            (_keep(lambda size, _smallest, _units: size == 1),),
            name="single_units",
        ),
        Mistake(
            None,
            "larger sets belong to the answer too, not only the smallest ones.",
            (_keep(lambda size, smallest, _units: size == smallest),),
            name="smallest_only",
        ),
        Mistake(
            None,
            "the set of all units is missing; range(1, units) ends one too early.",
            (_keep(lambda size, _smallest, units: size < units),),
            name="all_units_missing",
        ),
    ),
    otherwise="give back a list of tuples of unit numbers.",
    after="Every set counts, not only single units.",
)

_PERSONS = {*pronouns.MALE_SUBJECTS, *pronouns.FEMALE_SUBJECTS}


def _reads(text: str) -> bool:
    words = text.split()
    known = set(words) <= set(pronouns.VOCABULARY)
    return known and words[-1] == "then" and sum(word in _PERSONS for word in words) == 1


my_text = Exercise(
    name="my_text",
    accepts=_reads,
    hints=(
        "What does the network hold directly after a name, before any other word?",
        'Try "the king then", then other names, and then longer texts.',
    ),
    solved_by='"the king then"',
    mistakes=(
        Mistake(
            lambda text: not set(text.split()) <= set(pronouns.VOCABULARY),
            "the language does not know all of these words; see pronouns.VOCABULARY.",
            ("the empress sang . then",),
            name="unknown_word",
        ),
        Mistake(
            lambda text: text.split()[-1] != "then",
            'the last word must be "then", because there the network must answer.',
            ("the king sang .",),
            name="no_then",
        ),
        Mistake(
            lambda text: sum(word in _PERSONS for word in text.split()) != 1,
            "name one person, so that there is one right pronoun.",
            ("the king sang . the queen sang . then",),
            name="not_one_person",
        ),
    ),
    otherwise='write one text in quotation marks, for example "the aunt slept . then".',
    after="The next cell shows what each exchange does to it.",
)
