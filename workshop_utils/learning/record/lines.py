"""The lines of the record: one an event, and what they say together."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

VERSION = 3
"""The form of a line. Versions 1 and 2 were one JSON object for the whole record."""
NOT_YET = "not yet"
CORRECT = "correct"
MAX_ANSWER = 2000
"""Characters of a learner's answer that are kept."""
MOST_TRIES = 1000
"""Tries of one exercise that are taken over from a record of version 1 or 2."""


@dataclass(frozen=True)
class Tried:
    """One judged answer to an exercise.

    Attributes:
        notebook: The notebook's subject.
        exercise: The exercise's name.
        correct: Whether it was right.
        answer: The answer as text; empty where it could not be had.
        mistake: The name of the usual mistake that was recognised; empty for none.
        at: When: ISO 8601, UTC, to the second; such texts sort by time.
    """

    notebook: str
    exercise: str
    correct: bool
    answer: str
    mistake: str
    at: str


@dataclass(frozen=True)
class Chosen:
    """One answer to a quiz question.

    Attributes:
        notebook: The notebook's subject.
        question: The question's number, from 1.
        letter: The option, ``"A"`` and so on.
        right: Whether it is the right one.
        at: When, as in :class:`Tried`.
    """

    notebook: str
    question: int
    letter: str
    right: bool
    at: str


Event = Tried | Chosen


@dataclass(frozen=True)
class ExerciseRecord:
    """What is known of one exercise.

    Attributes:
        outcome: ``"correct"`` if any try was correct, else ``"not yet"``.
        tries: Answers that were judged, stubs not counted.
        wrong: How many of them were wrong.
        answer: The last answer as text.
        last: When the last try was made.
        mistakes: How often each named mistake was made.
    """

    outcome: str
    tries: int
    wrong: int
    answer: str
    last: str
    mistakes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class QuizRecord:
    """What is known of one quiz question: the option chosen last, and when; how often one was."""

    letter: str
    right: bool
    tries: int
    last: str


@dataclass(frozen=True)
class Record:
    """Everything that is known of one learner.

    Attributes:
        exercises: By the notebook's subject and the exercise's name.
        quizzes: By the notebook's subject and the question's number.
        damaged: Lines that could not be read, and were skipped.
        newer: Lines of a newer version of the workshop, which stay where they are.
    """

    exercises: Mapping[tuple[str, str], ExerciseRecord] = field(default_factory=dict)
    quizzes: Mapping[tuple[str, int], QuizRecord] = field(default_factory=dict)
    damaged: int = 0
    newer: int = 0


def as_line(event: Event) -> str:
    """Return an event as one line of JSON in ASCII."""
    return json.dumps({"version": VERSION, **dataclasses.asdict(event)}) + "\n"


def summed(events: Iterable[Event], damaged: int = 0, newer: int = 0) -> Record:
    """Return what events say together; of two from one second the second in order is the later."""
    exercises: dict[tuple[str, str], ExerciseRecord] = {}
    quizzes: dict[tuple[str, int], QuizRecord] = {}
    for each in sorted(events, key=lambda event: event.at):
        if isinstance(each, Tried):
            key = each.notebook, each.exercise
            exercises[key] = _with_try(exercises.get(key), each)
        else:
            number = each.notebook, each.question
            tries = quizzes[number].tries + 1 if number in quizzes else 1
            quizzes[number] = QuizRecord(each.letter, each.right, tries, each.at)
    return Record(exercises, quizzes, damaged, newer)


def _with_try(before: ExerciseRecord | None, event: Tried) -> ExerciseRecord:
    before = before or ExerciseRecord(NOT_YET, 0, 0, "", "")
    mistakes = dict(before.mistakes)
    if event.mistake:
        mistakes[event.mistake] = mistakes.get(event.mistake, 0) + 1
    return ExerciseRecord(
        outcome=CORRECT if event.correct else before.outcome,
        tries=before.tries + 1,
        wrong=before.wrong + (not event.correct),
        answer=event.answer,
        last=event.at,
        mistakes=mistakes,
    )


def read(text: str) -> tuple[list[Event], int, int]:
    """Read lines, each for itself.

    Returns:
        The events; how many lines are damaged; how many are of a newer version.
    """
    events: list[Event] = []
    damaged = newer = 0
    for line in filter(str.strip, text.split("\n")):
        try:
            table = json.loads(line)
            if type(table["version"]) is int and table["version"] > VERSION:
                newer += 1
            else:
                events.append(_event(table))
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
            damaged += 1
    return events, damaged, newer


def _event(table: dict[str, Any]) -> Event:
    """Return a table of this version as an event.

    Raises:
        ValueError: It is of another version, or a value cannot be right.
        KeyError: A value is missing.
    """
    kind = Tried if "exercise" in table else Chosen
    values = {part.name: table[part.name] for part in dataclasses.fields(kind)}
    types = {"correct": bool, "right": bool, "question": int}
    wrong = [name for name in values if type(values[name]) is not types.get(name, str)]
    if table["version"] != VERSION or wrong or not _is_moment(values["at"]):
        raise ValueError("no line of the record")
    return kind(**values)


def from_older(text: str) -> list[Event]:
    """Return a record of version 1 or 2, one JSON object, as events.

    Raises:
        ValueError: It is none.
    """
    try:
        table = json.loads(text)
        if table["version"] not in (1, 2):
            raise ValueError("This is no record of version 1 or 2.")
        return [*_older_tries(table["exercises"]), *_older_choices(table["quizzes"])]
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(f"A part is missing or of a wrong type ({error}).") from error


def _older_tries(notebooks: dict[str, Any]) -> Iterator[Tried]:
    for notebook, entries in notebooks.items():
        for name, entry in entries.items():
            wrong = int(entry["wrong"])
            tries = int(entry["tries"])
            mistakes: list[str] = []
            for mistake, times in entry.get("mistakes", {}).items():
                mistakes += [mistake] * min(times, MOST_TRIES)
            mistakes += [""] * (min(wrong, MOST_TRIES) - len(mistakes))
            outcomes = [(False, mistake) for mistake in mistakes]
            outcomes += [(True, "")] * min(tries - wrong, MOST_TRIES)
            for correct, mistake in outcomes:
                at = _moment(entry["last"])
                answer = str(entry["answer"])
                yield Tried(notebook, name, correct, answer, mistake, at)


def _older_choices(notebooks: dict[str, Any]) -> Iterator[Chosen]:
    for notebook, entries in notebooks.items():
        for number, entry in entries.items():
            letter = str(entry["letter"])
            right = bool(entry["right"])
            for _ in range(min(int(entry["tries"]), MOST_TRIES)):
                yield Chosen(notebook, int(number), letter, right, _moment(entry["last"]))


def now() -> str:
    """Return the moment in the form of the record."""
    return _of(datetime.datetime.now(datetime.UTC))


def _of(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")


def _is_moment(value: str) -> bool:
    # At the ends of the calendar another time zone has no date.
    return "2000" <= value < "9000" and _of(datetime.datetime.fromisoformat(value)) == value


def _moment(value: str) -> str:
    if not _is_moment(value):
        raise ValueError(f"{value!r} is no moment.")
    return value


def subject(notebook: str) -> str:
    """Return a notebook's subject: the last part of a module's name, or a name without number."""
    name = notebook.removesuffix(".ipynb").rpartition(".")[2]
    return re.sub(r"^\d\d_", "", name)
