"""The exercises of the second sitting of notebook 03: exchanges, silence, a text that fools."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.tasks import pronouns

Array = npt.NDArray[Any]
Numbers = tuple[Array, ...]

MODULE = f"{__package__}.gate_walkthrough"
"""The module through which notebook 03 reaches them."""


def solution_exchange(h, C, twin_h, twin_C, units):
    chosen = np.isin(np.arange(h.shape[-1]), units)
    return np.where(chosen, twin_h, h), np.where(chosen, twin_C, C)


def _states() -> Iterator[tuple[Any, ...]]:
    """One text and batches; three texts of three units, so that rows can be taken for columns."""
    rng = np.random.default_rng(3)
    for shape, units in (((3,), [1]), ((3, 3), [2, 0]), ((5, 3), []), ((4, 2), [0, 1])):
        yield *(rng.normal(size=shape) for _ in range(4)), units


def _parts_exchanged(*, of_h: bool = True, of_C: bool = True, others: bool = False) -> Any:
    """Return an exchange of one state only, or of the units that were not asked for."""

    def exchange(h: Array, C: Array, twin_h: Array, twin_C: Array, units: list[int]) -> Numbers:
        if others:
            units = [unit for unit in range(h.shape[-1]) if unit not in units]
        new_h, new_C = solution_exchange(h, C, twin_h, twin_C, units)
        return new_h if of_h else h, new_C if of_C else C

    return exchange


def _rows_exchanged(
    h: Array, C: Array, twin_h: Array, twin_C: Array, units: list[int]
) -> tuple[Array, Array]:
    h = h.copy()
    C = C.copy()
    h[units] = twin_h[units]
    C[units] = twin_C[units]
    return h, C


def _in_place(
    h: Array, C: Array, twin_h: Array, twin_C: Array, units: list[int]
) -> tuple[Array, Array]:
    h[..., units] = twin_h[..., units]
    C[..., units] = twin_C[..., units]
    return h, C


exchange = Exercise(
    MODULE,
    "exchange",
    solved_by=solution_exchange,
    trials=_states,
    hints=(
        "Make copies first; then set the last axis at the chosen units: new_h[..., units].",
        "new_h = h.copy(); new_h[..., units] = twin_h[..., units]; the same for C; return both.",
    ),
    after="A twin's memory, unit by unit.",
    mistakes=(
        Mistake(
            "only_cell_state",
            "h comes from the twin, too: it is what the next word hears.",
            _parts_exchanged(of_h=False),
        ),
        Mistake("only_hidden_state", "C comes from the twin, too.", _parts_exchanged(of_C=False)),
        Mistake(
            "texts_not_units",
            "this takes texts and not units from the twin; the units are the last axis.",
            _rows_exchanged,
        ),
        Mistake(
            "the_others",
            "this exchanges the units that are not in units, and keeps the others.",
            _parts_exchanged(others=True),
        ),
        Mistake(
            "all_units",
            "this is the whole twin; only the units in units come from it.",
            lambda _h, _C, twin_h, twin_C, _units: (twin_h, twin_C),
        ),
        Mistake(
            "in_place",
            "the old arrays have changed; copy them first (new_h = h.copy()).",
            _in_place,
        ),
    ),
)


def solution_silence(her_h, his_h):
    return (her_h + his_h) / 2


def _messages() -> Iterator[tuple[Array, Array]]:
    rng = np.random.default_rng(3)
    for shape in ((3,), (4, 3), (6, 2, 3)):
        yield rng.uniform(-1, 1, shape), rng.uniform(-1, 1, shape)


def _kept_secret(message: Callable[[Array, Array], Array]) -> list[bool]:
    """Whether a message has its shape, is made of numbers, and is the same for both orders."""
    verdicts = []
    for her_h, his_h in _messages():
        one = message(her_h.copy(), his_h.copy())
        other = message(his_h.copy(), her_h.copy())
        verdicts.append(bool(np.shape(one) == her_h.shape and np.isfinite(one).all()))
        verdicts.append(bool(np.allclose(one, other, rtol=1e-5, atol=1e-6)))
    return verdicts


def _gives(result: Callable[[Array, Array], Array]) -> Callable[..., bool]:
    """Return whether a message is always the given result."""
    return lambda message: all(
        np.shape(message(her, his)) == her.shape
        and np.allclose(message(her, his), result(her, his))
        for her, his in _messages()
    )


def _wrong_shape(message: Callable[[Array, Array], Array]) -> bool:
    return any(np.shape(message(her, his)) != her.shape for her, his in _messages())


def _turns_its_sign(message: Callable[[Array, Array], Array]) -> bool:
    return all(np.allclose(message(her, his), -message(his, her)) for her, his in _messages())


silence = Exercise(
    MODULE,
    "silence",
    solved_by=solution_silence,
    measure=_kept_secret,
    gives=np.zeros(3),
    hints=(
        "What would a messenger say who has heard both, and may favour neither?",
        "Their mean treats both alike: (her_h + his_h) / 2.",
    ),
    otherwise="exchange her_h and his_h: your message changes, so that it tells them apart.",
    after="It is the same message, whoever was named.",
    mistakes=(
        Mistake(
            "hers", "this is her message; it says “she”.", lambda a, _b: a, _gives(lambda a, _b: a)
        ),
        Mistake(
            "his", "this is his message; it says “he”.", lambda _a, b: b, _gives(lambda _a, b: b)
        ),
        Mistake(
            "shape_lost",
            "the message needs the shape of her_h: one number for each unit of each text.",
            lambda a, b: (a.mean() + b.mean()) / 2,
            _wrong_shape,
        ),
        Mistake(
            "difference",
            "the sign of this message names the gender: exchange the two, and it turns.",
            lambda a, b: a - b,
            _turns_its_sign,
        ),
    ),
)


PERSONS = {*pronouns.MALE_SUBJECTS, *pronouns.FEMALE_SUBJECTS}

fooling_text = Exercise(
    MODULE,
    "fooling_text",
    solved_by=('"the king the the waited . then"', "5"),
    hints=(
        "One word always stands before a new person. What will a network do when it comes?",
        "Try “the” several times between the name and the last word, and other words after it.",
    ),
    otherwise="write one text and one number, for example “the aunt slept . then” and 2.",
    after="The next cell shows whom it fools.",
    mistakes=(
        Mistake(
            "unknown_word",
            "the language does not know all of these words; they stand above, in small letters.",
            ("the empress sang . then", 2),
            lambda text, _: not set(text.split()) <= set(pronouns.VOCABULARY),
        ),
        Mistake(
            "no_then",
            "the last word must be “then”, because there the networks must answer.",
            ("the king sang .", 2),
            lambda text, _: text.split()[-1:] != ["then"],
        ),
        Mistake(
            "not_one_person",
            "name one person, once, so that there is one right pronoun.",
            ("the king sang . the queen sang . then", 2),
            lambda text, _: sum(word in PERSONS for word in text.split()) != 1,
        ),
        Mistake(
            "with_pronoun",
            "leave “he” and “she” out; a wrong pronoun in the text would fool anybody.",
            ("the king sang . then she then", 2),
            lambda text, _: bool(set(text.split()) & set(pronouns.PRONOUNS)),
        ),
        Mistake(
            "no_guess",
            "guess how many of the five networks you fool: a whole number from 0 to 5.",
            ("the king sang . then", 7),
            lambda _, guess: guess not in range(6),
        ),
    ),
)
