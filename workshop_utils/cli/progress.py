"""``workshop progress``: what the learner has done in each notebook, and starting afresh."""

from __future__ import annotations

import importlib
import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workshop_utils import progress, quizzes
from workshop_utils.exercises import Outcome, exercises_of
from workshop_utils.lessons import EVERY, Lesson, select
from workshop_utils.progress import ExerciseRecord, Look, QuizRecord
from workshop_utils.progress.records import local_day

UNTRIED = Outcome.NOT_ATTEMPTED.value
_COLOURS = {progress.CORRECT: "green", progress.NOT_YET: "yellow", UNTRIED: "dim"}


@dataclass(frozen=True)
class Standing:
    """How far the learner is in one notebook.

    Attributes:
        lesson: The notebook.
        exercises: What is known of each of its exercises, in their order; ``None``
            for one that was never tried.
        quizzes: What is known of each question that was answered, by number.
        questions: How many the quiz has.
    """

    lesson: Lesson
    exercises: Mapping[str, ExerciseRecord | None]
    quizzes: Mapping[int, QuizRecord]
    questions: int

    @property
    def outcomes(self) -> list[str]:
        """The outcome of each exercise, in their order."""
        return [UNTRIED if entry is None else entry.outcome for entry in self.exercises.values()]

    @property
    def right(self) -> int:
        """How many quiz questions had the right answer the last time."""
        return sum(quiz.right for quiz in self.quizzes.values())

    @property
    def last(self) -> str | None:
        """The moment of the last answer, ISO 8601 in UTC; ``None`` without any."""
        known = [entry.last for entry in self.exercises.values() if entry is not None]
        return max([*known, *(quiz.last for quiz in self.quizzes.values())], default=None)

    def as_table(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        exercises = [
            {"name": name, "outcome": outcome, **({} if entry is None else asdict(entry))}
            for (name, entry), outcome in zip(self.exercises.items(), self.outcomes, strict=True)
        ]
        return {
            "number": self.lesson.number,
            "name": self.lesson.name,
            "solved": self.outcomes.count(progress.CORRECT),
            "tried": self.outcomes.count(progress.NOT_YET),
            "not_attempted": self.outcomes.count(UNTRIED),
            "quiz_right": self.right,
            "quiz_answered": len(self.quizzes),
            "quiz_questions": self.questions,
            "last": self.last,
            "exercises": exercises,
            "quiz": [{"question": n, **asdict(quiz)} for n, quiz in self.quizzes.items()],
        }


def standings(record: progress.Record, lessons: Sequence[Lesson] = EVERY) -> list[Standing]:
    """Put what is known beside what each notebook asks."""
    found = []
    for lesson in lessons:
        try:
            module = importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
        except ModuleNotFoundError:
            continue  # a further notebook that is not part of this version
        names = [exercise.name for exercise in exercises_of(module)]
        answered = {
            number: quiz
            for (notebook, number), quiz in sorted(record.quizzes.items())
            if notebook == lesson.subject
        }
        known = {name: record.exercises.get((lesson.subject, name)) for name in names}
        found.append(Standing(lesson, known, answered, len(quizzes.load(lesson.subject))))
    return found


def show(notebook: str | None = None, *, as_json: bool = False) -> int:
    """Print the table of all notebooks, or the details of one.

    Args:
        notebook: Number or name of one notebook; all by default.
        as_json: Print JSON for programs.

    Returns:
        The exit status, 0.

    Raises:
        CourseError: There is no such notebook.
        OSError: The file cannot be read.
    """
    lessons = EVERY if notebook is None else select([notebook])
    found = progress.look()
    rows = standings(found.record, lessons)
    if as_json:
        print(_as_json(found, rows))
        return 0
    if notebook is None:
        _print_overview(rows)
    else:
        for row in rows:
            _print_details(row)
    _print_remarks(found)
    return 0


def _as_json(found: Look, rows: Sequence[Standing]) -> str:
    known = {
        "file": str(found.file),
        "not_written": found.not_written or None,
        "damaged": [str(path) for path in found.damaged],
        "notebooks": [row.as_table() for row in rows],
    }
    return json.dumps(known, indent=2)


def _print_overview(rows: Sequence[Standing]) -> None:
    table = [
        (
            row.lesson.name,
            f"{row.outcomes.count(progress.CORRECT)} of {len(row.exercises)}",
            str(row.outcomes.count(progress.NOT_YET)),
            f"{row.right} of {row.questions}",
            _day(row.last),
        )
        for row in rows
    ]
    _print_table("Your progress", ("notebook", "solved", "tried", "quiz", "last"), table)


def _print_details(row: Standing) -> None:
    exercises = [
        (name, outcome, str(entry.tries if entry else 0), _day(entry.last if entry else None))
        for (name, entry), outcome in zip(row.exercises.items(), row.outcomes, strict=True)
    ]
    headings = ("exercise", "outcome", "tries", "last")
    _print_table(row.lesson.name, headings, exercises)
    if row.quizzes:
        answers = [
            (str(number), quiz.letter, "yes" if quiz.right else "no", str(quiz.tries))
            for number, quiz in row.quizzes.items()
        ]
        _print_table("Quiz", ("question", "your answer", "right", "tries"), answers)
    for name, entry in row.exercises.items():
        if entry is not None and entry.answer:
            print(f"Your last answer to {name}:\n{textwrap.indent(entry.answer, '    ')}\n")


def _print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    ends = {0, len(headings) - 1}  # a name or a date that is cut is of no use
    for number, heading in enumerate(headings):
        longest_word = max(map(len, heading.split()))
        table.add_column(heading, no_wrap=number in ends, min_width=longest_word)
    for row in rows:
        table.add_row(*(Text(cell, style=_COLOURS.get(cell, "")) for cell in row))
    Console().print(table)


def _print_remarks(found: Look) -> None:
    """Say where the file lies, and what happened to it."""
    for path in found.damaged:
        print(f"A damaged record was set aside as {path}; a fresh one began.")
    if found.not_written:
        print(f"No progress is kept here: {found.not_written}.")
    elif found.record == progress.Record():
        print(f"Nothing is recorded yet. Your first check begins the record in {found.file}.")
    else:
        print(f"The record is {found.file}; it is sent nowhere.")


def _day(moment: str | None) -> str:
    return "-" if moment is None else local_day(moment)


def reset(*, yes: bool = False) -> int:
    """Start the record afresh, and say where the backup lies.

    Args:
        yes: Do not ask first.

    Returns:
        The exit status, 0.

    Raises:
        OSError: The file cannot be renamed.
    """
    import typer

    found = progress.look()
    if found.not_written or found.record == progress.Record():
        _print_remarks(found)
        return 0
    question = "Start the record of all notebooks afresh? A backup stays."
    if not yes and not typer.confirm(question):
        print("Nothing was changed.")
        return 0
    backup = progress.reset()
    if backup is None:  # another window was faster
        print("There was nothing left to set aside.")
    else:
        print(f"A fresh record begins; the old one is {backup}.")
    return 0
