"""The exercises of notebook 01: two films, one step, weights by hand, and a film that fails."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.tasks import characters, doors

Array = npt.NDArray[np.float64]
Film = Sequence[str]

FILMS = [(*scenes, 2) for scenes in product(range(3), repeat=5)]
LONGEST_TWIN = 6
COLDEST = 0.1
HOTTEST = 3


def _has_other_scenes(*films: Film) -> bool:
    return any(scene not in doors.SCENES for film in films for scene in film)


def _same_counts(opens: Film, shut: Film) -> bool:
    return sorted(opens) == sorted(shut)


twin_films = Exercise(
    __name__,
    "twin_films",
    solved_by=('("lock", "unlock", "push")', '("unlock", "lock", "push")'),
    measure=lambda opens, shut: (
        all(doors.is_film(film, LONGEST_TWIN) for film in (opens, shut))
        and doors.opens(opens)
        and not doors.opens(shut)
        and _same_counts(opens, shut)
    ),
    hints=(
        "Only the order of the scenes may differ. Which scene must come last but before the "
        "pushes?",
        "Take one lock, one unlock and one push; let unlock be the last key in the first film.",
    ),
    otherwise='write two tuples of the words "lock", "unlock" and "push".',
    after="Equal counts, different doors.",
    mistakes=(
        Mistake(
            "not_a_film",
            'a film is a tuple of the words "lock", "unlock" and "push", and nothing else.',
            (("open", "push"), ("close", "push")),
            _has_other_scenes,
        ),
        Mistake(
            "length",
            "a film has two to six scenes.",
            (("push",), ("push",)),
            lambda *films: any(not 2 <= len(film) <= LONGEST_TWIN for film in films),
        ),
        Mistake(
            "no_push",
            "the last scene of each film must be a push; only then is there a question.",
            (("push", "unlock"), ("push", "lock")),
            lambda *films: any(film[-1] != "push" for film in films),
        ),
        Mistake(
            "swapped",
            "it is the other way round; the door must open in the first film.",
            (("unlock", "lock", "push"), ("lock", "unlock", "push")),
            lambda opens, shut: doors.opens(shut) and not doors.opens(opens),
        ),
        Mistake(
            "same_end",
            "both films end alike; let the last key differ.",
            (("lock", "push", "unlock", "push"), ("push", "lock", "unlock", "push")),
            lambda opens, shut: doors.opens(opens) == doors.opens(shut),
        ),
        Mistake(
            "other_counts",
            "the two films do not have the same scenes equally often; change only their order.",
            (("unlock", "push"), ("lock", "push")),
            lambda opens, shut: not _same_counts(opens, shut),
        ),
    ),
)


def solution_rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


def _steps() -> Iterator[tuple[Array, ...]]:
    """One film and batches, among them a batch of one film."""
    normal = np.random.default_rng(0).normal
    for batch, features, units in (((), 3, 2), ((4,), 3, 2), ((5,), 2, 7), ((1,), 4, 1)):
        shapes = ((*batch, features), (*batch, units), (features, units), (units, units), units)
        yield tuple(normal(size=shape) for shape in shapes)


rnn_step = Exercise(
    __name__,
    "rnn_step",
    solved_by=solution_rnn_step,
    trials=_steps,
    hints=(
        "The equation has three terms in a sum, and one function around the sum.",
        "Write np.tanh( ... ) with x @ W, h @ U and b in it, in this order of the factors.",
    ),
    after="Three terms, one function.",
    mistakes=(
        Mistake(
            "no_tanh",
            "the hyperbolic tangent is missing; put np.tanh( ... ) around the sum.",
            lambda x, h, W, U, b: x @ W + h @ U + b,
        ),
        Mistake(
            "no_old_note",
            "the old note is missing; add h @ U, or nothing is remembered.",
            lambda x, _h, W, _U, b: np.tanh(x @ W + b),
        ),
        Mistake(
            "no_bias",
            "the bias is missing; add b to the sum.",
            lambda x, h, W, U, _: np.tanh(x @ W + h @ U),
        ),
        Mistake(
            "unit_by_unit",
            "each unit hears only itself; h @ U lets it hear all units, h * np.diag(U) does not.",
            lambda x, h, W, U, b: np.tanh(x @ W + h * np.diag(U) + b),
        ),
        Mistake(
            "too_little_in_tanh",
            "tanh goes around the whole sum, with all three terms in it.",
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b,
        ),
        Mistake(
            "transposed",
            "the weights lead from row to column; write h @ U without .T.",
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U.T + b),
        ),
    ),
)


def _read_door(films: Sequence[Sequence[int]], W: Array, U: Array, b: Array) -> Array:
    """Return the last note of a unit after each film, from a note of zero."""
    note = np.zeros((len(films), 1))
    for scenes in np.transpose(films):
        note = solution_rnn_step(np.eye(3)[scenes], note, W, U, b)
    return note[:, 0]


def _fades(*door: Array) -> bool:
    locked, unlocked = _read_door([[0] + 599 * [2], [1] + 599 * [2]], *door)
    return bool(locked >= -0.5 or unlocked <= 0.5)


def _knows_films(*door: Array, films: Sequence[Sequence[int]] = FILMS) -> bool:
    opens = [[scene for scene in (0, *film) if scene < 2][-1] == 1 for film in films]
    return np.array_equal(opens, _read_door(films, *door) > 0)


def _has_shapes(*door: Array) -> bool:
    return [np.shape(part) for part in door] == [(3, 1), (1, 1), (1,)]


door_weights = Exercise(
    __name__,
    "door_weights",
    solved_by=("np.array([[-5.0], [5.0], [0.0]])", "np.array([[2.0]])", "np.array([0.0])"),
    measure=lambda *door: _has_shapes(*door) and _knows_films(*door) and not _fades(*door),
    hints=(
        "Which row of W must be 0? What must U be, so that tanh(U h) does not shrink to 0?",
        "Take U = 2, b = 0, and for the keys two numbers of opposite sign that are larger than U.",
    ),
    otherwise="one of the 243 films comes out wrong. Before any key the note must stay at 0 or "
    "below, so b and W for push may not lift it.",
    after="A U well above 1 holds the note, and the keys outweigh it.",
    mistakes=(
        Mistake(
            "shapes",
            "the shapes must be (3, 1), (1, 1) and (1,): [[...], [...], [...]], [[...]] and [...].",
            ([-6, 6, 0], 3, -1),
            lambda *door: not _has_shapes(*door),
        ),
        Mistake(
            "keys_swapped",
            "a note above 0 means 'opens'; W must be below 0 for lock and above 0 for unlock.",
            ([[6], [-6], [0]], [[3]], [-1]),
            lambda W, *_: W[1, 0] <= 0 or W[0, 0] >= 0,
        ),
        Mistake(
            "stuck",
            "a key must turn the note round, also when it is large; make W larger than U.",
            ([[-2], [2], [0]], [[5]], [-0.1]),
            lambda *door: not _knows_films(*door, films=[[0, 1], [1, 0]]),
        ),
        Mistake(
            "fades",
            "after 599 pushes the note is lost; make U larger, and W for push and b small.",
            ([[-6], [6], [0]], [[0.9]], [-0.01]),
            _fades,
        ),
    ),
)


failing_film = Exercise(
    __name__,
    "failing_film",
    solved_by='("unlock", "push", "push")',
    given=(lambda film: list(film) != ["unlock", "push", "push"],),
    measure=lambda film, is_right: doors.is_film(film) and not is_right(film),
    hints=(
        "Look at the printed notes: after how many pushes has the note the wrong sign?",
        "Let a key come first, and two pushes after it.",
    ),
    otherwise="write a film of two to ten scenes.",
    after="Three scenes are enough.",
    mistakes=(
        Mistake(
            "not_a_film",
            'a film is a tuple of the words "lock", "unlock" and "push", and nothing else.',
            ("open", "push"),
            lambda film, _: _has_other_scenes(film),
        ),
        Mistake(
            "length",
            "a film has two to ten scenes here.",
            ("lock", *["push"] * 40),
            lambda film, _: not 2 <= len(film) <= 10,
        ),
        Mistake(
            "no_push",
            "the last scene must be a push; only then is there a question.",
            ("push", "unlock"),
            lambda film, _: film[-1] != "push",
        ),
        Mistake(
            "network_is_right",
            "the network is right on this film; try another number of pushes after the last key.",
            ("unlock", "push"),
            lambda film, is_right: doors.is_film(film) and is_right(film),
        ),
    ),
)


def _has_letters(beginning: str) -> bool:
    _, alphabet, *_ = characters.facts()
    return len(characters.one_hot(beginning, alphabet)) > 0


own_text = Exercise(
    __name__,
    "own_text",
    solved_by=('"a robot "', "0.5", "0.7"),
    measure=lambda beginning, temperature, guess: (
        _has_letters(beginning) and COLDEST <= temperature <= HOTTEST and 0 <= guess <= 1
    ),
    hints=(
        "Any words will do as a beginning; the network reads letters from a to z, commas and full "
        "stops.",
        'Write for example my_beginning, my_temperature, my_guess = "a robot ", 0.5, 0.7',
    ),
    after="A guess is noted, not judged.",
    mistakes=(
        Mistake(
            "no_letters",
            "the beginning must have letters from a to z; the network knows no others.",
            ("1984", 0.5, 0.5),
            lambda beginning, *_: not _has_letters(beginning),
        ),
        Mistake(
            "temperature",
            "the temperature must be a number from 0.1 to 3.",
            ("a robot ", 0.0, 0.5),
            lambda _beginning, temperature, _guess: not COLDEST <= temperature <= HOTTEST,
        ),
        Mistake(
            "guess",
            "the guess must be a share, a number from 0 to 1.",
            ("a robot ", 0.5, 70.0),
            lambda _beginning, _temperature, guess: not 0 <= guess <= 1,
        ),
    ),
)
