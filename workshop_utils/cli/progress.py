"""``workshop progress``: what the learner has done in each notebook, and forgetting it."""

from __future__ import annotations

import datetime
import importlib
import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import typer

from workshop_utils.cli.app import print_table
from workshop_utils.learning import quizzes
from workshop_utils.learning import record as progress
from workshop_utils.learning.exercises import Exercise, Outcome, exercises_of
from workshop_utils.learning.lessons import EVERY, Lesson, select
from workshop_utils.runtime import storage

ID_FILE = "learner-id.txt"
UNTRIED = Outcome.NOT_ATTEMPTED.value


def exercises_in(lesson: Lesson) -> list[Exercise]:
    """Return the exercises of a notebook, in their order."""
    return exercises_of(
        importlib.import_module(f"workshop_utils.learning.exercises.{lesson.subject}")
    )


def standing(lesson: Lesson, record: progress.Record) -> dict[str, Any]:
    """Return how far the learner is in one notebook.

    Args:
        lesson: The notebook.
        record: What is known of the learner.

    Returns:
        Plain values, as ``--json`` prints them: the counts, the moment of the last answer
        (ISO 8601 in UTC; ``None`` without any), each exercise with what is known of it,
        and each quiz question that was answered.
    """
    exercises: list[dict[str, Any]] = []
    for exercise in exercises_in(lesson):
        entry = record.exercises.get((lesson.subject, exercise.name))
        known = {"outcome": UNTRIED} if entry is None else asdict(entry)
        exercises.append({"name": exercise.name, **known})
    quiz = [
        {"question": number, **asdict(entry)}
        for (notebook, number), entry in sorted(record.quizzes.items())
        if notebook == lesson.subject
    ]
    outcomes = [each["outcome"] for each in exercises]
    return {
        "number": lesson.number,
        "name": lesson.name,
        "solved": outcomes.count(progress.CORRECT),
        "tried": outcomes.count(progress.NOT_YET),
        "not_attempted": outcomes.count(UNTRIED),
        "quiz_right": sum(each["right"] for each in quiz),
        "quiz_answered": len(quiz),
        "quiz_questions": len(quizzes.load(lesson.subject)),
        "last": max((each["last"] for each in [*exercises, *quiz] if "last" in each), default=None),
        "exercises": exercises,
        "quiz": quiz,
    }


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
    rows = [standing(lesson, found.record) for lesson in lessons]
    if as_json:
        known = {"file": str(found.file), "not_written": found.not_written or None}
        lines = {"damaged_lines": found.record.damaged, "newer_lines": found.record.newer}
        print(json.dumps({**known, **lines, "notebooks": rows}, indent=2))
        return 0
    if notebook is None:
        _print_overview(rows)
    else:
        for row in rows:
            _print_details(row)
    _print_remarks(found)
    return 0


def _print_overview(rows: Sequence[dict[str, Any]]) -> None:
    table = [
        (
            row["name"],
            f"{row['solved']} of {len(row['exercises'])}",
            str(row["tried"]),
            f"{row['quiz_right']} of {row['quiz_questions']}",
            _day(row["last"]),
        )
        for row in rows
    ]
    print_table("Your progress", ("notebook", "solved", "tried", "quiz", "last"), table)


def _print_details(row: dict[str, Any]) -> None:
    exercises = [
        (each["name"], each["outcome"], str(each.get("tries", 0)), _day(each.get("last")))
        for each in row["exercises"]
    ]
    print_table(row["name"], ("exercise", "outcome", "tries", "last"), exercises)
    if row["quiz"]:
        answers = [
            (
                str(each["question"]),
                each["letter"],
                "yes" if each["right"] else "no",
                str(each["tries"]),
            )
            for each in row["quiz"]
        ]
        print_table("Quiz", ("question", "your answer", "right", "tries"), answers)
    for each in row["exercises"]:
        if each.get("answer"):
            answer = textwrap.indent(each["answer"], "    ")
            print(f"Your last answer to {each['name']}:\n{answer}\n")


def _print_remarks(found: progress.Look) -> None:
    """Say where the file lies, and what happened to it."""
    if count := found.record.damaged:
        print(f"Skipped, because damaged: {count} line{'s' * (count > 1)} of the record.")
    if count := found.record.newer:
        print(f"Kept for a newer workshop, which wrote it: {count} line{'s' * (count > 1)}.")
    if found.not_written:
        print(f"No progress is kept here: {found.not_written}.")
    elif _is_empty(found.record):
        print(f"Nothing is recorded yet. Your first check begins the record in {found.file}.")
    else:
        print(f"The record is {found.file}; it is sent nowhere.")


def _day(moment: str | None) -> str:
    """Return the day of a moment where the learner is, for example ``2026-03-01``."""
    if moment is None:
        return "-"
    return datetime.datetime.fromisoformat(moment).astimezone().date().isoformat()


def _is_empty(record: progress.Record) -> bool:
    return record == progress.Record()


def forget(*, yes: bool = False) -> int:
    """Delete the record and the random id of the hand-in, unless somebody says no to it.

    Raises:
        OSError: A file cannot be deleted.
    """
    if not yes and not typer.confirm("Delete the record of all notebooks? Nothing of it stays."):
        print("Nothing was deleted.")
        return 0
    learner = storage.artifacts_path() / ID_FILE
    gone = progress.forget()
    if learner.is_file():
        learner.unlink()
        gone.append(learner)
    for path in gone:
        print(f"Deleted: {path}")
    if not gone:
        print("There is no record.")
    return 0
