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
signs; see :mod:`workshop_utils.quizzes.markup`. An option is the text of a button, on
which no formula can be set.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FEWEST_QUESTIONS = 3
FEWEST_OPTIONS = 2
SHORTEST_EXPLANATION = 15
_FOLDER = Path(__file__).parent
# The first words tell the outcome, so that nobody has to see a colour to know it.
_VERDICTS = {True: re.compile(r"Yes[.,:] "), False: re.compile(r"(?:No|Not \w+)[.,:] ")}


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
    """Read the quiz of a notebook.

    Args:
        name: The notebook's name without its number, for example ``"inference"``.

    Returns:
        Its questions, in order.

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
        questions = tuple(_question(number, table) for number, table in enumerate(tables, start=1))
        problems = list(_problems(questions))
    except (AttributeError, KeyError, TypeError) as error:
        problems = [f"an entry is missing, unknown or of another type ({error})"]
    except tomllib.TOMLDecodeError as error:
        problems = [str(error)]
    if problems:
        raise ValueError(f"The quiz {name}: {'; '.join(problems)}")
    return questions


def _question(number: int, table: dict[str, Any]) -> Question:
    asked, options = _fields(table, "ask", "option")
    return Question(
        number,
        " ".join(asked.split()),
        tuple(_option(chr(ord("A") + n), option) for n, option in enumerate(options)),
    )


def _option(letter: str, table: dict[str, Any]) -> Option:
    text, right, why = _fields(table, "text", "right", "why")
    if not isinstance(right, bool):
        raise TypeError(f"right = {right!r}")
    return Option(letter, " ".join(text.split()), right, " ".join(why.split()))


def _fields(table: dict[str, Any], *wanted: str) -> list[Any]:
    """Return the values of a table that has exactly these entries."""
    unknown = set(table) - set(wanted)
    if unknown:
        raise KeyError(min(unknown))
    return [table[key] for key in wanted]


def _problems(questions: tuple[Question, ...]) -> Iterator[str]:
    """Say what a reader would miss."""
    if len(questions) < FEWEST_QUESTIONS:
        yield f"{len(questions)} question(s); expected at least {FEWEST_QUESTIONS}"
    for question in questions:
        where = f"question {question.number}"
        if not question.text:
            yield f"{where} asks nothing"
        if len(question.options) < FEWEST_OPTIONS:
            yield f"{where} has {len(question.options)} option(s)"
        right = sum(option.right for option in question.options)
        if right != 1:
            yield f"{where} has {right} right options; expected one"
        for option in question.options:
            yield from (f"{where}, option {option.letter} {said}" for said in _missing(option))


def _missing(option: Option) -> Iterator[str]:
    if not option.text:
        yield "says nothing"
    if "$" in option.text:
        yield "holds a formula, which a button cannot show"
    if len(option.why) < SHORTEST_EXPLANATION:
        yield "has no explanation"
    elif not _VERDICTS[option.right].match(option.why):
        first = "'Yes.'" if option.right else "'No.' or 'Not ...'"
        yield f"needs an explanation that begins with {first}"
