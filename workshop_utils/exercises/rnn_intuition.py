"""The exercises of notebook 01: carry a state, hand it on, count weights, name shapes."""

from collections.abc import Callable, Sequence
from typing import Any

from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["output_shapes", "parameter_count", "read_in_two", "remember"]

Read = Callable[[Sequence[int], int], int]


def _remember(unlocked: bool, scene: str) -> bool:
    if scene == "unlock":
        return True
    if scene == "lock":
        return False
    return unlocked


def _carries_the_note(remember: Callable[[bool, str], bool]) -> bool:
    return all(
        bool(remember(unlocked, scene)) is _remember(unlocked, scene)
        for unlocked in (True, False)
        for scene in ("lock", "unlock", "push")
    )


remember = Exercise(
    name="remember",
    accepts=_carries_the_note,
    hints=(
        "Two of the three kinds of scene change the note. What must happen at the third?",
        'Return True for "unlock", False for "lock", and the old note, unlocked, otherwise.',
    ),
    solved_by=_remember,
    mistakes=(
        Mistake(
            lambda f: f(True, "unlock") and not f(True, "push"),
            "a push must not change the note; give back the old note there.",
            (lambda _unlocked, scene: scene == "unlock",),
        ),
        Mistake(
            lambda f: not f(True, "unlock") and f(False, "lock"),
            'the two are the wrong way round; the note is True after "unlock".',
            (lambda unlocked, scene: {"lock": True, "unlock": False}.get(scene, unlocked),),
        ),
        Mistake(
            lambda f: not f(False, "unlock"),
            'the note never becomes True; give back True when the scene is "unlock".',
            (lambda unlocked, scene: unlocked and scene != "lock",),
        ),
        Mistake(
            lambda f: f(True, "lock"),
            'the note stays True for ever; give back False when the scene is "lock".',
            (lambda unlocked, scene: unlocked or scene == "unlock",),
        ),
    ),
    after="The note is the state: the old note and the new scene give the new note.",
)


def _read_in_two(read: Read, sequence: Sequence[int], cut: int, state: int) -> int:
    state = read(sequence[:cut], state)
    return read(sequence[cut:], state)


def _read_digits(part: Sequence[int], state: int) -> int:
    """A reading whose last state shows what was read, in which order: 123."""
    for digit in part:
        state = 10 * state + digit
    return state


def _read(function: Any, cut: int = 2, state: int = 9) -> Any:
    return function(_read_digits, [1, 2, 3, 4], cut, state)


read_in_two = Exercise(
    name="read_in_two",
    accepts=lambda f: all(_read(f, cut) == 91234 for cut in range(5)) and _read(f, 1, 0) == 1234,
    hints=(
        "Read the first part. What does the second reading need from the first one?",
        "state = read(sequence[:cut], state), and then read the rest from that state.",
    ),
    solved_by=_read_in_two,
    mistakes=(
        Mistake(
            lambda f: _read(f) == 934,
            "the second part starts anew; let it start from the state that the first part left.",
            (lambda read, sequence, cut, state: read(sequence[cut:], state),),
        ),
        Mistake(
            lambda f: _read(f) == 912,
            "you give back the state in the middle; read the second part too.",
            (lambda read, sequence, cut, state: read(sequence[:cut], state),),
        ),
        Mistake(
            lambda f: _read(f) == 9124,
            "one step is lost; the second part is sequence[cut:].",
            (
                lambda read, sequence, cut, state: read(
                    sequence[cut + 1 :], read(sequence[:cut], state)
                ),
            ),
        ),
        Mistake(
            lambda f: _read(f) == 93412,
            "the parts are read in the wrong order; the first part comes first.",
            (lambda read, sequence, cut, state: read(sequence[:cut], read(sequence[cut:], state)),),
        ),
        Mistake(
            lambda f: _read(f) == 1234,
            "you do not use the state that is given; the first part starts from it.",
            (lambda read, sequence, cut, _state: read(sequence[cut:], read(sequence[:cut], 0)),),
        ),
    ),
    after="The state is all that the second part needs to know about the first.",
)


parameter_count = Exercise(
    name="parameter_count",
    accepts=lambda count: int(count) == count == 45,
    hints=(
        "There are three arrays: W, U and b. Write down the shape of each.",
        "W is (3, 5), U is (5, 5) and b is (5,). Count the numbers in all three.",
    ),
    solved_by="3 * 5 + 5 * 5 + 5",
    mistakes=(
        Mistake(
            lambda count: count == 450,
            "the same weights work at every step; the number of steps does not count.",
            (450,),
        ),
        Mistake(
            lambda count: count == 40,
            "the biases are missing; each unit has one.",
            (40,),
        ),
        Mistake(
            lambda count: count in (15, 20),
            "the weights from the hidden state back to the hidden state are missing.",
            (20,),
        ),
        Mistake(
            lambda count: count == 25,
            "each unit sees all five units of the step before, not only itself.",
            (25,),
        ),
    ),
    otherwise="add the numbers in W, in U and in b.",
    after="The length of the sequence is in none of the three shapes.",
)


def _is_shape(given: Any, *shape: int) -> bool:
    return tuple(given) == shape


output_shapes = Exercise(
    name="output_shapes",
    accepts=lambda last, every: _is_shape(last, 32, 5) and _is_shape(every, 32, 10, 5),
    hints=(
        "One of the two results has no axis for time. Which one?",
        "The last axis has one number for each unit; the first has one row for each sequence.",
    ),
    solved_by=("(32, 5)", "(32, 10, 5)"),
    mistakes=(
        Mistake(
            lambda last, every: _is_shape(last, 32, 10, 5) and _is_shape(every, 32, 5),
            "the two are the wrong way round; return_sequences=True adds the axis for time.",
            ((32, 10, 5), (32, 5)),
        ),
        Mistake(
            lambda last, _every: _is_shape(last, 32, 10),
            "units are not time steps; the last axis of the result has the length of units.",
            ((32, 10), (32, 10, 5)),
        ),
        Mistake(
            lambda _last, every: _is_shape(every, 32, 5, 10),
            "time is the axis in the middle: (batch, timesteps, units).",
            ((32, 5), (32, 5, 10)),
        ),
        Mistake(
            lambda last, every: _is_shape(last, 5) or _is_shape(every, 10, 5),
            "the axis for the batch is missing; each of the 32 sequences has a result.",
            ((5,), (10, 5)),
        ),
        Mistake(
            lambda last, every: 3 in (last[-1], every[-1]),
            "the result holds units, not features; the 3 features go into the layer only.",
            ((32, 3), (32, 10, 3)),
        ),
    ),
    after="The layer has read 10 steps in both cases; only what it shows differs.",
)
