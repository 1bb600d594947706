"""The exercises of notebook 01: a note, one step, weights by hand, and a network that writes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, texts

Array = npt.NDArray[np.float64]
TEXTS = texts(__name__)
SCENES = ("lock", "unlock", "push")
FILMS = [(*scenes, 2) for scenes in product(range(3), repeat=5)]


def _remember(unlocked: bool, scene: str) -> bool:
    return unlocked if scene == "push" else scene == "unlock"


remember = Exercise(
    **TEXTS["remember"],
    trials=lambda: product((True, False), SCENES),
    solved_by=_remember,
    wrong={
        "push_changes_note": (
            lambda f: f(True, "unlock") and not f(True, "push"),
            lambda _, scene: scene == "unlock",
        ),
        "keys_swapped": (
            lambda f: not f(True, "unlock") and f(False, "lock"),
            lambda unlocked, scene: {"lock": True, "unlock": False}.get(scene, unlocked),
        ),
        "never_unlocks": (
            lambda f: not f(False, "unlock"),
            lambda unlocked, scene: unlocked and scene != "lock",
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


def _sample(logits: Array, temperature: float, generator: np.random.Generator) -> Any:
    weights = np.exp((logits - logits.max()) / temperature)
    return generator.choice(len(logits), p=weights / weights.sum())


LOGITS = np.log([0.02, 0.08, 0.2, 0.7]) + 1.0


def _drawn(sample: Callable[..., Any], temperature: float) -> Array:
    """Return how often each of four places is drawn."""
    generator = np.random.default_rng(1)
    places = [int(sample(LOGITS.copy(), temperature, generator)) for _ in range(400)]
    return np.bincount(places, minlength=4) / len(places)


def _draws(sample: Callable[..., Any], temperature: float, sharper: float) -> bool:
    """Return whether the places are drawn as softmax(sharper * logits) wants."""
    weights = np.exp(sharper * LOGITS)
    return bool(np.abs(_drawn(sample, temperature) - weights / weights.sum()).max() < 0.09)


def _repeats(sample: Callable[..., Any]) -> bool:
    twice = [[sample(LOGITS, 1.0, g) for _ in range(9)] for g in map(np.random.default_rng, (2, 2))]
    return twice[0] == twice[1]


sample = Exercise(
    **TEXTS["sample"],
    measure=lambda f: all(_draws(f, t, 1 / t) for t in (0.5, 1.0, 2.0)) and _repeats(f),
    solved_by=_sample,
    wrong={
        "argmax": (lambda f: _drawn(f, 1.0).max() == 1, lambda logits, *_: np.argmax(logits)),
        "no_temperature": (
            lambda f: _draws(f, 2.0, 1.0) and _draws(f, 1.0, 1.0),
            lambda logits, _, generator: _sample(logits, 1.0, generator),
        ),
        "temperature_inverted": (
            lambda f: _draws(f, 2.0, 2.0),
            lambda logits, t, generator: _sample(logits, 1 / t, generator),
        ),
    },
)


def _write(read: Any, choose: Callable[[Any], str], text: str, h: Any, length: int) -> str:
    for _ in range(length):
        logits, h = read(text[-1], h)
        text = text + choose(logits)
    return text


def _told(character: str, h: int) -> tuple[int, int]:
    """Return an answer and a new state that depend on the character and on the state."""
    return 7 * ord(character) + 3 * h, 2 * h + ord(character) % 5


def _letter(logits: int) -> str:
    return chr(ord("a") + logits % 26)


write = Exercise(
    **TEXTS["write"],
    trials=lambda: [(_told, _letter, " ", 0, 9), (_told, _letter, "the q", 3, 20)],
    solved_by=_write,
    wrong={
        "output_not_fed_back": lambda read, choose, text, h, length: _write(
            lambda _, h: read(text[-1], h), choose, text, h, length
        ),
        "state_not_passed_on": lambda read, choose, text, h, length: _write(
            lambda last, _: read(last, h), choose, text, h, length
        ),
        "start_missing": lambda read, choose, text, *rest: _write(read, choose, text, *rest)[
            len(text) :
        ],
    },
)


def _is_film(film: Any) -> bool:
    return len(film) > 0 and all(scene in SCENES for scene in film) and film[-1] == "push"


failing_film = Exercise(
    **TEXTS["failing_film"],
    measure=lambda film, right: not isinstance(film, str) and _is_film(film) and not right,
    solved_by=('("unlock", "push", "push", "push", "push", "push")', "False"),
    wrong={
        "not_a_film": (
            lambda film, _: isinstance(film, str) or any(each not in SCENES for each in film),
            ("open", "push"),
            True,
        ),
        "no_push": (lambda film, _: film[-1] != "push", ("push", "unlock"), True),
        "network_is_right": (
            lambda film, right: _is_film(film) and right,
            ("unlock", "push"),
            True,
        ),
    },
)
