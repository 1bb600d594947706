"""The exercise of notebook 05 that draws test tweets anew, by groups."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.learning.exercises.kinds import WrongKind

Array = NDArray[Any]
Draw = Callable[..., Any]

MODULE = f"{__package__}.training_the_lstm"
"""The module through which notebook 05 reaches the exercise."""

GROUPS = np.array([7, 3, 7, 900, 12, 7, 5, 7, 900, 31, 7, 7, 40, 7])
"""A test part of fourteen rows in seven groups; group 7 stands in it seven times."""
NUMBERS, FIRST_ROW, GROUP_OF_ROW = np.unique(GROUPS, return_index=True, return_inverse=True)
DRAWS = 400
FEWEST_DIFFERENT = 10
MOST_UNEQUAL = 0.3
"""How far a group's mean number of draws may lie from 1; chance alone makes about 0.05."""


def _what_is_drawn(draw: Draw) -> list[bool]:
    """Judge a draw by what it does with :data:`GROUPS`.

    Returns:
        Whether the rows of a group come together; as many groups as there are; some group
        twice; each as often as the others; other draws from other random numbers; and the
        same draw from the same random numbers.
    """
    times = _times_drawn(draw)
    of_groups = times[:, FIRST_ROW]
    return [
        bool(np.array_equal(times, of_groups[:, GROUP_OF_ROW])),
        bool((of_groups.sum(axis=1) == NUMBERS.size).all()),
        bool((of_groups > 1).any()),
        bool((np.abs(of_groups.mean(axis=0) - 1) < MOST_UNEQUAL).all()),
        len(np.unique(times, axis=0)) > FEWEST_DIFFERENT,
        bool(np.array_equal(times[:5], _times_drawn(draw, 5))),
    ]


def _judged_like(*expected: bool | None) -> Callable[[Draw], bool]:
    """Return a predicate: the judgements of a draw begin like these, where None is either."""

    def predicate(draw: Draw) -> bool:
        pairs = zip(_what_is_drawn(draw), expected, strict=False)
        return all(wanted is None or judged == wanted for judged, wanted in pairs)

    return predicate


def _gives_group_numbers(draw: Draw) -> bool:
    """Return whether a draw holds numbers of groups, one of them no row number."""
    rows = np.concatenate(list(_rows(draw, 9)))
    return set(rows) <= set(GROUPS) and bool(rows.max() >= GROUPS.size)


def _gives_first_rows(draw: Draw) -> bool:
    """Return whether one row alone stands for each group."""
    rows = np.flatnonzero(_times_drawn(draw).sum(axis=0))
    return rows.size == NUMBERS.size and np.unique(GROUPS[rows]).size == NUMBERS.size


def _is_mask(draw: Draw) -> bool:
    """Return whether a draw says of each row whether it was drawn."""
    return all(len(rows) == GROUPS.size and set(rows) <= {0, 1} for rows in _rows(draw, 9))


def _rows(draw: Draw, draws: int) -> Iterable[Array]:
    rng = np.random.default_rng(5)
    return (np.asarray(draw(GROUPS.copy(), rng)) for _ in range(draws))


def _times_drawn(draw: Draw, draws: int = DRAWS) -> Array:
    """Return how often each row of :data:`GROUPS` was drawn, shape (draws, rows)."""
    rows = list(_rows(draw, draws))
    for each in rows:
        if each.ndim != 1 or each.dtype.kind not in "iu":
            raise WrongKind("give back positions in `groups`, for example np.array([0, 2, 2]).")
        if each.size and (each.min() < 0 or each.max() >= GROUPS.size):
            raise WrongKind("give back positions in `groups`, from 0 to len(groups) - 1.")
    return np.array([np.bincount(each, minlength=GROUPS.size) for each in rows])


def _rows_drawn(groups: Array, rng: np.random.Generator) -> Array:
    """Draw row by row, as if each copy were a voice of its own."""
    return rng.integers(len(groups), size=len(groups))


def _once_each(groups: Array, rng: np.random.Generator) -> Array:
    """Forget how often a group was drawn."""
    numbers = np.unique(groups)
    return np.flatnonzero(np.isin(groups, rng.choice(numbers, numbers.size)))


def _mask(groups: Array, rng: np.random.Generator) -> Array:
    """Say of each row whether its group was drawn."""
    numbers = np.unique(groups)
    return np.isin(groups, rng.choice(numbers, numbers.size))


def _first_rows(groups: Array, rng: np.random.Generator) -> Array:
    """Draw groups, and take one row of each."""
    _, first = np.unique(groups, return_index=True)
    return rng.choice(first, first.size)


def _by_size(groups: Array, rng: np.random.Generator) -> Array:
    """Draw large groups more often than small ones."""
    return _all_rows_of(groups, rng.choice(groups, np.unique(groups).size))


def _without_replacement(groups: Array, rng: np.random.Generator) -> Array:
    """Draw every group exactly once."""
    return _all_rows_of(groups, rng.permutation(np.unique(groups)))


def _always_alike(groups: Array, _rng: np.random.Generator) -> Array:
    """Draw with a generator of its own that always begins anew."""
    numbers = np.unique(groups)
    return _all_rows_of(groups, np.random.default_rng(0).choice(numbers, numbers.size))


def _group_numbers(groups: Array, rng: np.random.Generator) -> Array:
    """Draw groups, and return their numbers in place of their rows."""
    numbers = np.unique(groups)
    return rng.choice(numbers, numbers.size)


def _all_rows_of(groups: Array, drawn: Array) -> Array:
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def solution_draw(groups, rng):
    numbers, group_of_row = np.unique(groups, return_inverse=True)
    times = np.bincount(rng.integers(numbers.size, size=numbers.size), minlength=numbers.size)
    return np.repeat(np.arange(len(groups)), times[group_of_row])


draw = Exercise(
    MODULE,
    "draw",
    solved_by=solution_draw,
    measure=_what_is_drawn,
    gives=np.array([0]),
    time_limit=60.0,
    hints=(
        "Somebody wrote a tweet, and 160 others sent it on. How many opinions did the day give "
        "you?",
        "Draw as many group numbers as there are groups, with replacement (rng.choice), then "
        "collect the positions of each drawn group (np.flatnonzero), twice if it was drawn twice.",
    ),
    otherwise="draw whole groups, as many as there are, with replacement, and each with the same "
    "chance.",
    after="Copies now come and go together, as they do on another day.",
    mistakes=(
        Mistake(
            "group_numbers",
            "you return numbers of groups; return the positions in `groups` at which they stand.",
            _group_numbers,
            _gives_group_numbers,
        ),
        Mistake(
            "mask",
            "you return True or False for each tweet; return positions in `groups`, and twice what "
            "is drawn twice.",
            _mask,
            _is_mask,
        ),
        Mistake(
            "first_rows",
            "a group that is drawn brings all of its tweets; you return one of them.",
            _first_rows,
            _gives_first_rows,
        ),
        Mistake(
            "rows",
            "you draw tweets one by one, as if 161 copies were 161 voices; draw whole groups.",
            _rows_drawn,
            _judged_like(False),
        ),
        Mistake(
            "without_replacement",
            "each draw holds every group once; draw with replacement.",
            _without_replacement,
            _judged_like(True, True, False),
        ),
        Mistake(
            "once",
            "a group that is drawn twice must come twice; np.isin forgets how often.",
            _once_each,
            _judged_like(True, False, False),
        ),
        Mistake(
            "by_size",
            "large groups are drawn more often; give each group the same chance.",
            _by_size,
            _judged_like(True, None, None, False, True),
        ),
        Mistake(
            "other_random_numbers",
            "use the `rng` that you are given; it gives another draw at each call, and the same "
            "draws to everybody who starts it alike.",
            _always_alike,
            lambda draw: not all(_what_is_drawn(draw)[4:]),
        ),
    ),
)
