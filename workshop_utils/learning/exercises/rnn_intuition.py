"""The exercises of notebook 01: two films, one step, weights by hand, and a film that fails."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, texts
from workshop_utils.tasks import characters, doors

Array = npt.NDArray[np.float64]
TEXTS = texts(__name__)
FILMS = [(*scenes, 2) for scenes in product(range(3), repeat=5)]


def _same_counts(opens: Any, shut: Any) -> bool:
    return sorted(opens) == sorted(shut)


twin_films = Exercise(
    **TEXTS["twin_films"],
    measure=lambda opens, shut: (
        all(doors.is_film(film, 6) for film in (opens, shut))
        and doors.opens(opens)
        and not doors.opens(shut)
        and _same_counts(opens, shut)
    ),
    solved_by=('("lock", "unlock", "push")', '("unlock", "lock", "push")'),
    wrong={
        "not_a_film": (
            lambda *pair: any(
                isinstance(film, str) or any(each not in doors.SCENES for each in film)
                for film in pair
            ),
            "unlock",
            "lock",
        ),
        "length": (
            lambda *pair: any(not 2 <= len(film) <= 6 for film in pair),
            ("push",),
            ("push",),
        ),
        "no_push": (
            lambda *pair: any(film[-1] != "push" for film in pair),
            ("push", "unlock"),
            ("push", "lock"),
        ),
        "swapped": (
            lambda opens, shut: doors.opens(shut) and not doors.opens(opens),
            ("unlock", "lock", "push"),
            ("lock", "unlock", "push"),
        ),
        "same_end": (
            lambda opens, shut: doors.opens(opens) == doors.opens(shut),
            ("lock", "push", "unlock", "push"),
            ("push", "lock", "unlock", "push"),
        ),
        "other_counts": (
            lambda opens, shut: not _same_counts(opens, shut),
            ("unlock", "push"),
            ("lock", "push"),
        ),
    },
)


def _rnn_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Any:
    return np.tanh(x @ W + h @ U + b)


def _steps() -> Iterator[tuple[Array, ...]]:
    normal = np.random.default_rng(0).normal
    for batch, features, units in (((), 3, 2), ((4,), 3, 2), ((5,), 2, 7), ((1,), 4, 1)):
        shapes = ((*batch, features), (*batch, units), (features, units), (units, units), units)
        yield tuple(normal(size=shape) for shape in shapes)


rnn_step = Exercise(
    **TEXTS["rnn_step"],
    trials=_steps,
    solved_by=_rnn_step,
    wrong={
        "no_tanh": lambda x, h, W, U, b: x @ W + h @ U + b,
        "no_old_state": lambda x, _h, W, _U, b: np.tanh(x @ W + b),
        "no_bias": lambda x, h, W, U, _: np.tanh(x @ W + h @ U),
    },
)


def _read_door(films: Sequence[Sequence[int]], W: Any, U: Any, b: Any) -> Array:
    """Return the last state of a unit after each film, from a state of zero."""
    state = np.zeros((len(films), 1))
    for scenes in np.transpose(films):
        state = _rnn_step(np.eye(3)[scenes], state, W, U, b)
    return state[:, 0]


def _fades(W: Any, U: Any, b: Any) -> bool:
    locked, unlocked = _read_door([[0] + 599 * [2], [1] + 599 * [2]], W, U, b)
    return bool(locked >= -0.5 or unlocked <= 0.5)


def _knows_films(W: Any, U: Any, b: Any, films: Sequence[Sequence[int]] = FILMS) -> bool:
    opens = [[scene for scene in (0, *film) if scene < 2][-1] == 1 for film in films]
    return np.array_equal(opens, _read_door(films, W, U, b) > 0)


def _has_shapes(W: Any, U: Any, b: Any) -> bool:
    return [np.shape(part) for part in (W, U, b)] == [(3, 1), (1, 1), (1,)]


door_weights = Exercise(
    **TEXTS["door_weights"],
    measure=lambda *door: _has_shapes(*door) and _knows_films(*door) and not _fades(*door),
    solved_by=("np.array([[-5.0], [5.0], [0.0]])", "np.array([[2.0]])", "np.array([0.0])"),
    wrong={
        "shapes": (lambda *door: not _has_shapes(*door), [-6, 6, 0], 3, -1),
        "keys_swapped": (lambda W, *_: W[1][0] <= 0 or W[0][0] >= 0, [[6], [-6], [0]], [[3]], [-1]),
        "stuck": (
            lambda W, U, b: not _knows_films(W, U, b, [[0, 1], [1, 0]]),
            [[-2], [2], [0]],
            [[5]],
            [-0.1],
        ),
        "fades": (_fades, [[-6], [6], [0]], [[0.9]], [-0.01]),
    },
)


failing_film = Exercise(
    **TEXTS["failing_film"],
    measure=lambda film, right: doors.is_film(film) and not right,
    solved_by=('("unlock", "push", "push")', "False"),
    wrong={
        "not_a_film": (
            lambda film, _: isinstance(film, str) or any(each not in doors.SCENES for each in film),
            ("open", "push"),
            True,
        ),
        "no_push": (lambda film, _: film[-1] != "push", ("push", "unlock"), True),
        "length": (lambda film, _: not doors.is_film(film), ("lock", *["push"] * 40), False),
        "network_is_right": (
            lambda film, right: doors.is_film(film) and right,
            ("unlock", "push"),
            True,
        ),
    },
)


def _is_text(beginning: Any) -> bool:
    _, alphabet, *_ = characters.facts()
    return isinstance(beginning, str) and len(characters.one_hot(beginning, alphabet)) > 0


def _can_begin(beginning: Any, temperature: Any, guess: Any) -> bool:
    return _is_text(beginning) and 0.1 <= temperature <= 3 and 0 <= guess <= 1


own_text = Exercise(
    **TEXTS["own_text"],
    measure=lambda *mine: bool(_can_begin(*mine)),
    solved_by=('"a robot"', "0.5", "0.7"),
    wrong={
        "not_a_text": (lambda beginning, *_: not _is_text(beginning), 7, 0.5, 0.5),
        "temperature": (lambda _, t, __: not 0.1 <= t <= 3, "a robot", 0, 0.5),
        "guess": (lambda *mine: not 0 <= mine[2] <= 1, "a robot", 0.5, 70),
    },
)
