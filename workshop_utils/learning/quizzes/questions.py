"""What a quiz is, and how it is read from its file.

A file holds three or more questions. Each has options, of which exactly one is
right, and every option says why it is right or wrong::

    [[question]]
    ask = 'Which shape comes out of `SimpleRNN(7)`?'

    [[question.option]]
    text = '(4, 7)'
    right = true
    why = 'Yes. One state with 7 numbers for each of 4 sequences.'

Questions and explanations may hold inline code, emphasis and formulas between dollar
signs; see :mod:`workshop_utils.learning.quizzes.markup`. An option is the text of a button, on
which no formula can be set.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Any

FEWEST_QUESTIONS = 3
SHORTEST_EXPLANATION = 15
_FOLDER = Path(__file__).parent
# The first words tell the outcome, so that nobody has to see a colour to know it.
_VERDICTS = {
    True: ("'Yes.'", re.compile(r"Yes[.,:] ")),
    False: ("'No.' or 'Not ...'", re.compile(r"(?:No|Not \w+)[.,:] ")),
}


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen.

    Attributes:
        letter: ``"A"`` for the first one.
        text: What it says.
        right: Whether it is the right answer.
        why: Why it is right or wrong; begins with "Yes", "No" or "Not ...".
    """

    letter: str
    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """One question of a quiz.

    Attributes:
        number: 1 for the first one.
        text: What is asked.
        options: The answers to choose from, in order.
    """

    number: int
    text: str
    options: tuple[Option, ...]


def names() -> list[str]:
    """Return the names of the quizzes, in the order of the alphabet."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(name: str) -> tuple[Question, ...]:
    """Read the quiz of a notebook, by its name without its number: ``"inference"``.

    Raises:
        ValueError: There is no such quiz, or its file is not complete.
    """
    if name not in names():
        raise ValueError(f"There is no quiz called {name!r}; there are {', '.join(names())}.")
    return parse((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)


def parse(text: str, name: str) -> tuple[Question, ...]:
    """Read a quiz from the text of its file.

    Args:
        text: TOML, as the head of this module shows it.
        name: What the quiz is called, for messages.

    Returns:
        The questions, in order; each run of blanks and line ends is one blank.

    Raises:
        ValueError: The text is no TOML, an entry is missing, unknown or of another
            type, or a question is not complete. The message names all that is missing.
    """
    try:
        tables = tomllib.loads(text)["question"]
        questions = tuple(_question(number, **each) for number, each in enumerate(tables, start=1))
        problems = list(_problems(questions))
    except (AttributeError, KeyError, TypeError) as error:
        problems = [f"an entry is missing, unknown or of another type ({error})"]
    except tomllib.TOMLDecodeError as error:
        problems = [str(error)]
    if problems:
        raise ValueError(f"The quiz {name}: {'; '.join(problems)}")
    return questions


def _question(number: int, *, ask: str, option: list[dict[str, Any]]) -> Question:
    options = zip(ascii_uppercase, option, strict=False)
    return Question(number, _line(ask), tuple(_option(letter, **each) for letter, each in options))


def _option(letter: str, *, text: str, right: bool, why: str) -> Option:
    return Option(letter, _line(text), right, _line(why))


def _line(text: str) -> str:
    return " ".join(text.split())


def _problems(questions: tuple[Question, ...]) -> Iterator[str]:
    """Say what a reader would miss."""
    if len(questions) < FEWEST_QUESTIONS:
        yield f"{len(questions)} question(s); expected at least {FEWEST_QUESTIONS}"
    for question in questions:
        where = f"question {question.number}"
        if not question.text:
            yield f"{where} asks nothing"
        right = sum(option.right for option in question.options)
        if right != 1 or len(question.options) < 2:
            yield f"{where} has {right} right options of {len(question.options)}; expected one"
        for option in question.options:
            yield from (f"{where}, option {option.letter} {said}" for said in _missing(option))


def _missing(option: Option) -> Iterator[str]:
    if not option.text:
        yield "says nothing"
    if "$" in option.text:
        yield "holds a formula, which a button cannot show"
    first, begins = _VERDICTS[option.right]
    if not begins.match(option.why):
        yield f"needs an explanation that begins with {first}"
    elif len(option.why) < SHORTEST_EXPLANATION:
        yield "has no explanation"
