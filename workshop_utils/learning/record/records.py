"""The record: what is known of each exercise and each quiz question, and its text form.

Records are added up and never changed, so that what two notebooks have found at
the same time can be put together in any order.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

VERSION = 2
"""The form that is written. Version 1, which names no mistakes, is read as well."""
NOT_YET, CORRECT = "not yet", "correct"
MAX_ANSWER = 2000
"""Characters of a learner's answer that are kept."""
MAX_ENTRIES = 100
"""Exercises that are kept, and quiz questions; the oldest make room for newer ones."""


@dataclass(frozen=True)
class ExerciseRecord:
    """What is known of one exercise.

    Attributes:
        outcome: ``"correct"`` if any try was correct, else ``"not yet"``.
        tries: Answers that were judged, stubs not counted.
        wrong: How many of them were wrong.
        answer: The last answer as text; empty where it could not be had.
        first: When the first try was made: ISO 8601, UTC, to the second.
        last: When the last try was made, in the same form.
        mistakes: How often each named mistake was made.
    """

    outcome: str
    tries: int
    wrong: int
    answer: str
    first: str
    last: str
    mistakes: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: ExerciseRecord) -> ExerciseRecord:
        """Return both together; where both are from the same second, ``other`` is the later."""
        late = other if other.last >= self.last else self
        return ExerciseRecord(
            outcome=CORRECT if CORRECT in (self.outcome, other.outcome) else NOT_YET,
            tries=self.tries + other.tries,
            wrong=self.wrong + other.wrong,
            answer=late.answer,
            first=min(self.first, other.first),
            last=late.last,
            mistakes=dict(Counter(self.mistakes) + Counter(other.mistakes)),
        )


@dataclass(frozen=True)
class QuizRecord:
    """What is known of one quiz question.

    Attributes:
        letter: The option that was chosen last, for example ``"B"``.
        right: Whether that option is the right one.
        tries: How often an option was chosen.
        first: When the first one was chosen: ISO 8601, UTC, to the second.
        last: When the last one was chosen, in the same form.
    """

    letter: str
    right: bool
    tries: int
    first: str
    last: str

    def plus(self, other: QuizRecord) -> QuizRecord:
        """Return both together; where both are from the same second, ``other`` is the later."""
        late = other if other.last >= self.last else self
        tries, first = self.tries + other.tries, min(self.first, other.first)
        return dataclasses.replace(late, tries=tries, first=first)


@dataclass(frozen=True)
class Record:
    """Everything that is known of one learner.

    Attributes:
        exercises: By the notebook's subject and the exercise's name.
        quizzes: By the notebook's subject and the question's number.
    """

    exercises: Mapping[tuple[str, str], ExerciseRecord] = field(default_factory=dict)
    quizzes: Mapping[tuple[str, int], QuizRecord] = field(default_factory=dict)

    def as_text(self) -> str:
        """Return the newest entries as JSON in ASCII."""
        kinds: dict[str, Mapping[Any, Any]] = {"exercises": self.exercises, "quizzes": self.quizzes}
        tables: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
        for kind, entries in kinds.items():
            newest = sorted(entries.items(), key=lambda item: item[1].last)[-MAX_ENTRIES:]
            for (notebook, name), entry in newest:
                tables[kind].setdefault(notebook, {})[str(name)] = dataclasses.asdict(entry)
        return json.dumps({"version": VERSION, **tables}, indent=1) + "\n"


def together(records: Iterable[Record]) -> Record:
    """Return records as one: tries are added, and the later answer stands."""
    exercises: dict[tuple[str, str], ExerciseRecord] = {}
    quizzes: dict[tuple[str, int], QuizRecord] = {}
    for each in records:
        for name, entry in each.exercises.items():
            exercises[name] = exercises[name].plus(entry) if name in exercises else entry
        for number, quiz in each.quizzes.items():
            quizzes[number] = quizzes[number].plus(quiz) if number in quizzes else quiz
    return Record(exercises, quizzes)


def now() -> str:
    """Return the moment in the form of the record; such texts sort by time."""
    return _of(datetime.datetime.now(datetime.UTC))


def _of(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")


def subject(notebook: str) -> str:
    """Return a notebook's subject: the last part of a module's name, or a name without number."""
    name = notebook.removesuffix(".ipynb").rpartition(".")[2]
    return re.sub(r"^\d\d_", "", name)


def parse(text: str) -> Record:
    """Read a record from its text form, of this version or of version 1.

    Raises:
        ValueError: The text is not JSON, is of another version, or a part of it is
            missing, unknown or of a wrong type.
    """
    try:
        table = json.loads(text)
        if table["version"] not in (1, VERSION) or type(table["version"]) is not int:
            raise ValueError(f"This is no record of version 1 or {VERSION}.")
        exercises = dict(_entries(table["exercises"], ExerciseRecord))
        quizzes = dict(_entries(table["quizzes"], QuizRecord))
        return Record(exercises, {(name, int(number)): q for (name, number), q in quizzes.items()})
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(f"A part is missing, unknown or of a wrong type ({error}).") from error


def _entries(table: dict[str, Any], kind: type[T]) -> Iterator[tuple[tuple[str, str], T]]:
    for notebook, entries in table.items():
        for name, values in entries.items():
            wrong = [key for key, value in values.items() if not _VALID[key](value)]
            if wrong:
                raise ValueError(f"{name}: {', '.join(wrong)} cannot be right.")
            yield (notebook, name), kind(**values)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 10**9  # a bool is no count


def _is_moment(value: str) -> bool:
    # At the ends of the calendar another time zone has no date.
    return "2000" <= value < "9000" and _of(datetime.datetime.fromisoformat(value)) == value


_VALID: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("answer", "letter"), lambda value: isinstance(value, str)),
    **dict.fromkeys(("tries", "wrong"), _is_count),
    **dict.fromkeys(("first", "last"), _is_moment),
    "outcome": lambda value: value in (NOT_YET, CORRECT),
    "right": lambda value: isinstance(value, bool),
    "mistakes": lambda value: all(map(_is_count, value.values())),
}
"""For each entry of the file, whether its value is one that the workshop writes."""
