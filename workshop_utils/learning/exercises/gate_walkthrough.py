"""The exercises of notebook 03: one step of an LSTM, what is left, and sets of units."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import sigmoid
from workshop_utils.learning.exercises.core import Exercise, texts
from workshop_utils.tasks import pronouns

Array = npt.NDArray[Any]
Units = tuple[int, ...]
TEXTS = texts(__name__)


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


def _wrong_step(
    axis: int = -1, order: str = "ifco", squash: Callable[[Array], Array] = np.tanh
) -> Callable[..., tuple[Array, ...]]:
    """Return a step that splits along another axis, in another order, or squashes otherwise."""

    def step(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> tuple[Array, ...]:
        part = dict(zip(order, np.split(x @ W + h @ U + b, 4, axis=axis), strict=True))
        i, f, o = (sigmoid(part[gate]) for gate in "ifo")
        candidate = squash(part["c"])
        C = f * C + i * candidate
        return o * np.tanh(C), C, i, f, candidate, o

    return step


lstm_step = Exercise(
    **TEXTS["lstm_step"],
    solved_by=_lstm_step,
    trials=_steps,
    call_limit=60.0,
    wrong={
        "candidate_sigmoid": _wrong_step(squash=sigmoid),
        "gate_order": _wrong_step(order="fico"),
        "first_axis": _wrong_step(axis=0),
    },
)


def _share_left(forget_gates: Array) -> Array:
    later = [forget_gates[j + 1 :] for j in range(len(forget_gates))]
    return np.array([gates.prod(axis=0) for gates in later])


def _forget_gates() -> Iterator[tuple[Array]]:
    rng = np.random.default_rng(3)
    for shape in ((4, 2), (1, 3), (7, 1), (5, 6, 2)):
        yield (rng.uniform(0.2, 1.0, shape),)


share_left = Exercise(
    **TEXTS["share_left"],
    solved_by=_share_left,
    trials=_forget_gates,
    wrong={
        "own_gate": lambda f: np.array([f[j:].prod(axis=0) for j in range(len(f))]),
        "earlier_gates": lambda f: np.array([f[:j].prod(axis=0) for j in range(len(f))]),
        "units_mixed": lambda f: np.array([f[j + 1 :].prod() for j in range(len(f))]),
    },
)


def _flipping_sets(flipped: Callable[[Units], float], n_units: int) -> list[Units]:
    sets = (units for size in range(n_units) for units in combinations(range(n_units), size + 1))
    return [units for units in sets if flipped(units) > 0.95]


def _vote(*weights: float) -> Callable[[Units], float]:
    """Return a network that decides by weighted votes: the fraction of pronouns a set flips."""
    return lambda units: float(2 * sum(weights[k] for k in units) > sum(weights))


def _networks() -> Iterator[tuple[Callable[[Units], float], int]]:
    for weights in ((1, 1, 1), (1, 1, 1, 1), (0, 1, 0), (3, 2, 1, 1)):
        yield _vote(*weights), len(weights)


def _same_sets(given: Any, expected: Any) -> bool:
    """Return whether two lists hold the same sets, each once, in any order."""
    sets = [frozenset(chosen) for chosen in given]
    return len(sets) == len(set(sets)) and set(sets) == set(map(frozenset, expected))


def _keep(wanted: Callable[[int, int, int], bool]) -> Callable[..., list[Units]]:
    """Return a search that keeps sets by their size, the smallest size found, and all units."""

    def search(flipped: Callable[[Units], float], n_units: int) -> list[Units]:
        found = _flipping_sets(flipped, n_units)
        return [units for units in found if wanted(len(units), len(found[0]), n_units)]

    return search


flipping_sets = Exercise(
    **TEXTS["flipping_sets"],
    solved_by=_flipping_sets,
    trials=_networks,
    same=_same_sets,
    call_limit=120.0,
    wrong={
        "single_units": _keep(lambda size, _smallest, _units: size == 1),
        "smallest_only": _keep(lambda size, smallest, _units: size == smallest),
        "all_units_missing": _keep(lambda size, _smallest, units: size < units),
    },
)

PERSONS = {*pronouns.MALE_SUBJECTS, *pronouns.FEMALE_SUBJECTS}

my_text = Exercise(
    **TEXTS["my_text"],
    solved_by='"the king then"',
    wrong={
        "unknown_word": (
            lambda text: not set(text.split()) <= set(pronouns.VOCABULARY),
            "the empress sang . then",
        ),
        "no_then": (lambda text: text.split()[-1] != "then", "the king sang ."),
        "not_one_person": (
            lambda text: sum(word in PERSONS for word in text.split()) != 1,
            "the king sang . the queen sang . then",
        ),
    },
)
