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


def _lstm_step(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> tuple[Array, ...]:
    sum_i, sum_f, sum_c, sum_o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i = sigmoid(sum_i)
    f = sigmoid(sum_f)
    candidate = np.tanh(sum_c)
    o = sigmoid(sum_o)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def _steps() -> Iterator[tuple[Array, ...]]:
    """One sequence, a batch, and a batch whose size is a multiple of four."""
    rng = np.random.default_rng(3)
    for batch, features, units in (((), 2, 2), ((3,), 3, 5), ((8,), 1, 4)):
        states = (rng.normal(size=(*batch, units)) for _ in range(2))
        weights = (rng.normal(size=(rows, 4 * units)) for rows in (features, units))
        yield rng.normal(size=(*batch, features)), *states, *weights, rng.normal(size=4 * units)


def _changed(change: Callable[..., tuple[Any, ...]]) -> Step:
    """A step like the right one, whose last part is wrong."""

    def step(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> tuple[Any, ...]:
        sums = np.split(x @ W + h @ U + b, 4, axis=-1)
        return change(C, *sums)

    return step


def _with(gates: Callable[..., tuple[Array, ...]]) -> Step:
    """A step that makes i, f, candidate and o from the sums in a way of its own."""

    def change(C: Array, *sums: Array) -> tuple[Array, ...]:
        i, f, candidate, o = gates(*sums)
        C = f * C + i * candidate
        return o * np.tanh(C), C, i, f, candidate, o

    return _changed(change)


def _right(i: Array, f: Array, c: Array, o: Array) -> tuple[Array, ...]:
    return sigmoid(i), sigmoid(f), np.tanh(c), sigmoid(o)


def _gates_exchanged(C: Array, *sums: Array) -> tuple[Array, ...]:
    i, f, candidate, o = _right(*sums)
    C = i * C + f * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def _old_state_shown(C: Array, *sums: Array) -> tuple[Array, ...]:
    i, f, candidate, o = _right(*sums)
    return o * np.tanh(C), f * C + i * candidate, i, f, candidate, o


def _no_tanh(C: Array, *sums: Array) -> tuple[Array, ...]:
    i, f, candidate, o = _right(*sums)
    C = f * C + i * candidate
    return o * C, C, i, f, candidate, o


def _cell_state_first(C: Array, *sums: Array) -> tuple[Array, ...]:
    i, f, candidate, o = _right(*sums)
    C = f * C + i * candidate
    return C, o * np.tanh(C), i, f, candidate, o


def _first_axis(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> tuple[Array, ...]:
    i, f, candidate, o = _right(*np.split(x @ W + h @ U + b, 4))
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


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
            (_with(lambda i, f, c, o: tuple(map(sigmoid, (i, f, c, o)))),),
            name="candidate_sigmoid",
        ),
        Mistake(
            None,
            "Keras has the order i, f, c, o; drawings often begin with f.",
            (_with(lambda i, f, c, o: _right(f, i, c, o)),),
            name="gate_order",
        ),
        Mistake(
            None,
            "the candidate is the third block and the output gate the fourth: i, f, c, o.",
            (_with(lambda i, f, c, o: _right(i, f, o, c)),),
            name="pytorch_onnx_order",
        ),
        Mistake(
            None,
            "the forget gate belongs to the old cell state, and the input gate to the candidate.",
            (_changed(_gates_exchanged),),
            name="forget_writes",
        ),
        Mistake(
            None,
            "the hidden state shows the new cell state, not the old one.",
            (_changed(_old_state_shown),),
            name="old_state_shown",
        ),
        Mistake(
            None,
            "the hidden state is o * np.tanh(C); the tanh is missing.",
            (_changed(_no_tanh),),
            name="no_output_tanh",
        ),
        Mistake(
            None,
            "give back the hidden state first and then the cell state.",
            (_changed(_cell_state_first),),
            name="cell_state_first",
        ),
        Mistake(
            None,
            "cut the last axis (axis=-1); without it a batch is cut into its rows.",
            (_first_axis,),
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
            "this multiplies all rows up to the word; take the rows after it.",
            (lambda f: np.cumprod(f, axis=0),),
            name="cumulative_from_start",
        ),
        Mistake(
            None,
            "keep the units apart: multiply along the words only, with axis=0.",
            (lambda f: np.array([f[j + 1 :].prod() for j in range(len(f))]),),
            name="units_mixed",
        ),
        Mistake(
            None,
            "the gates act one after the other, so multiply them; this is their sum.",
            (lambda f: np.array([f[j + 1 :].sum(axis=0) for j in range(len(f))]),),
            name="sum",
        ),
    ),
    after="The last word keeps all of what it wrote.",
)


def _subsets(units: int, sizes: range) -> list[Units]:
    return [chosen for size in sizes for chosen in combinations(range(units), size)]


def _flipping_sets(flips: Callable[[Units], float], units: int) -> list[Units]:
    sizes = range(1, units + 1)
    sets = [chosen for size in sizes for chosen in combinations(range(units), size)]
    return [chosen for chosen in sets if flips(chosen) > 0.95]


def _vote(*weights: float) -> Callable[[Units], float]:
    """A network that decides by weighted votes: the share of flipped pronouns of a set."""

    def flips(units: Units) -> float:
        changed = sum(weights[k] for k in units) / sum(weights)
        return 1.0 if changed > 0.5 else 0.5 if changed == 0.5 else 0.02 * (changed > 0)

    return flips


def _networks() -> Iterator[tuple[Callable[[Units], float], int]]:
    yield _vote(1, 1, 1), 3
    yield _vote(1, 1, 1, 1), 4
    yield _vote(0, 1, 0), 3
    yield _vote(3, 2, 1, 1), 4


def _same_sets(given: Any, expected: Any) -> bool:
    """Whether two lists hold the same sets, each once, in any order."""
    sets = [frozenset(chosen) for chosen in given]
    return len(sets) == len(set(sets)) and set(sets) == set(map(frozenset, expected))


def _smallest_only(flips: Callable[[Units], float], units: int) -> list[Units]:
    found = _flipping_sets(flips, units)
    return [chosen for chosen in found if len(chosen) == len(found[0])]


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
            (lambda flips, units: [s for s in _subsets(units, range(1, 2)) if flips(s) > 0.95],),
            name="single_units",
        ),
        Mistake(
            None,
            "these are pairs only; go through every size from 1 to units.",
            (lambda flips, units: [s for s in _subsets(units, range(2, 3)) if flips(s) > 0.95],),
            name="pairs_only",
        ),
        Mistake(
            None,
            "larger sets belong to the answer too, not only the smallest ones.",
            (_smallest_only,),
            name="smallest_only",
        ),
        Mistake(
            None,
            "the set of all units is missing; range(1, units) ends one too early.",
            (
                lambda flips, units: [
                    s for s in _subsets(units, range(1, units)) if flips(s) > 0.95
                ],
            ),
            name="all_units_missing",
        ),
        Mistake(
            None,
            "keep a set only when flips(chosen) is above 0.95.",
            (lambda flips, units: [s for s in _subsets(units, range(1, units + 1)) if flips(s)],),
            name="any_flip",
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
