"""What a quiz is, and how it is read from its file.

A file holds three or more questions. Each has options, of which exactly one is
right, and every option says why it is right or wrong::

    [[question]]
    ask = 'Which shape comes out of `SimpleRNN(7)`?'

    [[question.option]]
    text = '(4, 7)'
    right = true
    why = 'Yes. One state with 7 numbers for each of 4 sequences.'

Texts may hold inline code, emphasis and formulas between dollar signs; see
:mod:`workshop_utils.quizzes.markup`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FEWEST_QUESTIONS = 3
FEWEST_OPTIONS = 2
SHORTEST_EXPLANATION = 15
_FOLDER = Path(__file__).parent
# The first words tell the outcome, so that nobody has to see a colour to know it.
_VERDICTS = {True: re.compile(r"Yes[.,:] "), False: re.compile(r"(?:No|Not \w+)[.,:] ")}
_KINDS = {str: "a text", bool: "true or false", list: "a list of tables"}


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
        table = _entries(tomllib.loads(text), "the file", question=list)
        questions = tuple(_question(n, each) for n, each in enumerate(table["question"], start=1))
    except ValueError as error:
        raise ValueError(f"The quiz {name}: {error}") from error
    problems = list(_problems(questions))
    if problems:
        raise ValueError(f"The quiz {name}: {'; '.join(problems)}")
    return questions


def _question(number: int, table: Any) -> Question:
    where = f"question {number}"
    entries = _entries(table, where, ask=str, option=list)
    options = [_option(where, chr(ord("A") + n), each) for n, each in enumerate(entries["option"])]
    return Question(number, _on_one_line(entries["ask"]), tuple(options))


def _option(where: str, letter: str, table: Any) -> Option:
    entries = _entries(table, f"{where}, option {letter}", text=str, right=bool, why=str)
    text, why = _on_one_line(entries["text"]), _on_one_line(entries["why"])
    return Option(letter, text, entries["right"], why)


def _entries(table: Any, where: str, **wanted: type) -> Mapping[str, Any]:
    """Return a table that has exactly these entries, each of its type."""
    if not isinstance(table, dict):
        raise ValueError(f"{where} is not a table")
    for key, kind in wanted.items():
        if not isinstance(table.get(key), kind):
            raise ValueError(f"{where} needs {key!r}, {_KINDS[kind]}")
    unknown = sorted(set(table) - set(wanted))
    if unknown:
        raise ValueError(f"{where} has an unknown entry {unknown[0]!r}")
    return table


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


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
    if len(option.why) < SHORTEST_EXPLANATION:
        yield "has no explanation"
    elif not _VERDICTS[option.right].match(option.why):
        first = "'Yes.'" if option.right else "'No.' or 'Not ...'"
        yield f"needs an explanation that begins with {first}"
