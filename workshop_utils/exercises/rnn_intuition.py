"""The exercises of notebook 01: a note, one step, weights by hand, and a network that writes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["door_weights", "failing_film", "remember", "rnn_step", "sample", "write"]

Array = npt.NDArray[np.float64]
SCENES = ("lock", "unlock", "push")
FILMS = [(*scenes, 2) for scenes in product(range(3), repeat=5)]


def _remember(unlocked: bool, scene: str) -> bool:
    return unlocked if scene == "push" else scene == "unlock"


remember = Exercise(
    name="remember",
    trials=lambda: product((True, False), SCENES),
    hints=(
        "Two of the three kinds of scene change the note. What must happen at the third?",
        'Return True for "unlock", False for "lock", and the old note, unlocked, otherwise.',
    ),
    solved_by=_remember,
    mistakes=(
        Mistake(
            lambda f: f(True, "unlock") and not f(True, "push"),
            "a push must not change the note; give back the old note there.",
            (lambda _, scene: scene == "unlock",),
            "push_changes_note",
        ),
        Mistake(
            lambda f: not f(True, "unlock") and f(False, "lock"),
            'the two are the wrong way round; the note is True after "unlock".',
            (lambda unlocked, scene: {"lock": True, "unlock": False}.get(scene, unlocked),),
            "keys_swapped",
        ),
        Mistake(
            lambda f: not f(False, "unlock"),
            'the note never becomes True; give back True when the scene is "unlock".',
            (lambda unlocked, scene: unlocked and scene != "lock",),
            "never_unlocks",
        ),
    ),
    after="The old note and the new scene give the new note.",
)


def _rnn_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Any:
    return np.tanh(x @ W + h @ U + b)


def _steps() -> Iterator[tuple[Array, ...]]:
    normal = np.random.default_rng(0).normal
    for batch, features, units in (((), 3, 2), ((4,), 3, 2), ((5,), 2, 7), ((1,), 4, 1)):
        shapes = ((*batch, features), (*batch, units), (features, units), (units, units), units)
        yield tuple(normal(size=shape) for shape in shapes)


rnn_step = Exercise(
    name="rnn_step",
    trials=_steps,
    hints=(
        "The equation has three terms in a sum, and one function around the sum.",
        "Write np.tanh( ... ) with x @ W, h @ U and b in it, in this order of the factors.",
    ),
    solved_by=_rnn_step,
    mistakes=(
        Mistake(
            None,
            "the hyperbolic tangent is missing; put np.tanh( ... ) around the sum.",
            (lambda x, h, W, U, b: x @ W + h @ U + b,),
            "no_tanh",
        ),
        Mistake(
            None,
            "the old state is missing; add h @ U, or nothing is remembered.",
            (lambda x, _h, W, _U, b: np.tanh(x @ W + b),),
            "no_old_state",
        ),
        Mistake(
            None,
            "the bias is missing; add b to the sum.",
            (lambda x, h, W, U, _: np.tanh(x @ W + h @ U),),
            "no_bias",
        ),
    ),
    after="Three terms, one function.",
)


def _read_door(films: Sequence[Sequence[int]], W: Any, U: Any, b: Any) -> Array:
    """Return the last state of a unit after each film, from a state of zero."""
    state = np.zeros((len(films), 1))
    for scenes in np.transpose(films):
        state = _rnn_step(np.eye(3)[scenes], state, W, U, b)
    return state[:, 0]


def _holds(W: Any, U: Any, b: Any) -> bool:
    locked, unlocked = _read_door([[0] + 599 * [2], [1] + 599 * [2]], W, U, b)
    return bool(locked < -0.5 and unlocked > 0.5)


def _knows_films(W: Any, U: Any, b: Any, films: Sequence[Sequence[int]] = FILMS) -> bool:
    opens = [[scene for scene in (0, *film) if scene < 2][-1] == 1 for film in films]
    return np.array_equal(opens, _read_door(films, W, U, b) > 0)


def _is_door(W: Any, U: Any, b: Any) -> bool:
    shapes = [np.shape(part) for part in (W, U, b)]
    return shapes == [(3, 1), (1, 1), (1,)] and _knows_films(W, U, b) and _holds(W, U, b)


door_weights = Exercise(
    name="door_weights",
    accepts=_is_door,
    hints=(
        "Which row of W must be 0? What must U be, so that tanh(U h) does not shrink to 0?",
        "Take U = 2, b = 0, and for the keys two numbers of opposite sign that are larger than U.",
    ),
    solved_by=("np.array([[-5.0], [5.0], [0.0]])", "np.array([[2.0]])", "np.array([0.0])"),
    mistakes=(
        Mistake(
            lambda W, U, b: [np.shape(part) for part in (W, U, b)] != [(3, 1), (1, 1), (1,)],
            "the shapes must be (3, 1), (1, 1) and (1,): [[...], [...], [...]], [[...]] and [...].",
            ([-6, 6, 0], 3, -1),
            "shapes",
        ),
        Mistake(
            lambda W, *_: W[1][0] <= 0 or W[0][0] >= 0,
            "a state above 0 means 'opens'; W must be below 0 for lock and above 0 for unlock.",
            ([[6], [-6], [0]], [[3]], [-1]),
            "keys_swapped",
        ),
        Mistake(
            lambda W, U, b: not _knows_films(W, U, b, [[0, 1], [1, 0]]),
            "a key must turn the note round, also when it is large; make W larger than U.",
            ([[-2], [2], [0]], [[5]], [-0.1]),
            "stuck",
        ),
        Mistake(
            lambda W, U, b: not _holds(W, U, b),
            "after 599 pushes the note is lost; make U larger, and W for push and b small.",
            ([[-6], [6], [0]], [[0.9]], [-0.01]),
            "fades",
        ),
    ),
    after="A U well above 1 holds the note.",
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
    """Whether the places are drawn as softmax(sharper * logits) wants."""
    weights = np.exp(sharper * LOGITS)
    return bool(np.abs(_drawn(sample, temperature) - weights / weights.sum()).max() < 0.09)


def _repeats(sample: Callable[..., Any]) -> bool:
    twice = [[sample(LOGITS, 1.0, g) for _ in range(9)] for g in map(np.random.default_rng, (2, 2))]
    return twice[0] == twice[1]


sample = Exercise(
    name="sample",
    accepts=lambda f: all(_draws(f, t, 1 / t) for t in (0.5, 1.0, 2.0)) and _repeats(f),
    hints=(
        "Softmax: take np.exp of each number, and divide by the sum of all.",
        "Take weights = np.exp(logits / temperature), and draw with p=weights / weights.sum().",
    ),
    solved_by=_sample,
    mistakes=(
        Mistake(
            lambda f: _drawn(f, 1.0).max() == 1,
            "it always takes the same place; draw with generator.choice and p=.",
            (lambda logits, *_: np.argmax(logits),),
            "argmax",
        ),
        Mistake(
            lambda f: _draws(f, 2.0, 1.0) and _draws(f, 1.0, 1.0),
            "the temperature changes nothing; divide the logits by it.",
            (lambda logits, _, g: _sample(logits, 1.0, g),),
            "no_temperature",
        ),
        Mistake(
            lambda f: _draws(f, 2.0, 2.0),
            "the temperature works the wrong way round; divide by it.",
            (lambda logits, t, g: _sample(logits, 1 / t, g),),
            "temperature_inverted",
        ),
    ),
    after="The temperature comes before the softmax.",
)


def _write(read: Any, choose: Callable[[Any], str], text: str, h: Any, length: int) -> str:
    for _ in range(length):
        logits, h = read(text[-1], h)
        text = text + choose(logits)
    return text


def _told(character: str, h: int) -> tuple[int, int]:
    """A reading whose answer depends on the character and on the state."""
    return 7 * ord(character) + 3 * h, 2 * h + ord(character) % 5


def _letter(logits: int) -> str:
    return chr(ord("a") + logits % 26)


write = Exercise(
    name="write",
    trials=lambda: [(_told, _letter, " ", 0, 9), (_told, _letter, "the q", 3, 20)],
    hints=(
        "What does the network read after its first character? What becomes of the new state?",
        "In the loop: logits, h = read(text[-1], h), and then text = text + choose(logits).",
    ),
    solved_by=_write,
    mistakes=(
        Mistake(
            None,
            "each time the same character is read; read the last one, text[-1].",
            (lambda read, c, text, h, n: _write(lambda _, h: read(text[-1], h), c, text, h, n),),
            "output_not_fed_back",
        ),
        Mistake(
            None,
            "the state is not passed on; write logits, h = read(...), so that h changes.",
            (lambda read, c, text, h, n: _write(lambda last, _: read(last, h), c, text, h, n),),
            "state_not_passed_on",
        ),
        Mistake(
            None,
            "you give back only what is new; append it to text, and give back the whole text.",
            (lambda read, c, text, h, n: _write(read, c, text, h, n)[len(text) :],),
            "start_missing",
        ),
    ),
    after="What it has written, it reads next.",
)


def _is_film(film: Any) -> bool:
    return len(film) > 0 and all(scene in SCENES for scene in film) and film[-1] == "push"


failing_film = Exercise(
    name="failing_film",
    accepts=lambda film, right: not isinstance(film, str) and _is_film(film) and not right,
    hints=(
        "The figure shows what this network forgets. Which film needs just this?",
        'Let a key come early, and many pushes after it: ("unlock", "push", "push", ...).',
    ),
    solved_by=('("unlock", "push", "push", "push", "push", "push")', "False"),
    mistakes=(
        Mistake(
            lambda film, _: isinstance(film, str) or any(each not in SCENES for each in film),
            'write a tuple of the words "lock", "unlock" and "push".',
            (("open", "push"), True),
            "not_a_film",
        ),
        Mistake(
            lambda film, _: film[-1] != "push",
            "the last scene must be a push; only then is there a question.",
            (("push", "unlock"), True),
            "no_push",
        ),
        Mistake(
            lambda film, right: _is_film(film) and right,
            "the network is right on this film; put more pushes after the last key, one by one.",
            (("unlock", "push"), True),
            "network_is_right",
        ),
    ),
    otherwise="write a film that is not empty.",
    after="Now try the network that passed.",
)
