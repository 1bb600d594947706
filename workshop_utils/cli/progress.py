"""``workshop progress``: what the learner has done in each notebook, and starting afresh."""

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
        damaged = [str(path) for path in found.damaged]
        print(json.dumps({**known, "damaged": damaged, "notebooks": rows}, indent=2))
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
    for path in found.damaged:
        print(f"A damaged record was set aside as {path}; a fresh one began.")
    if found.not_written:
        print(f"No progress is kept here: {found.not_written}.")
    elif found.record == progress.Record():
        print(f"Nothing is recorded yet. Your first check begins the record in {found.file}.")
    else:
        print(f"The record is {found.file}; it is sent nowhere.")


def _day(moment: str | None) -> str:
    """Return the day of a moment where the learner is, for example ``2026-03-01``."""
    if moment is None:
        return "-"
    return datetime.datetime.fromisoformat(moment).astimezone().date().isoformat()


def reset(*, yes: bool = False) -> int:
    """Start the record afresh, unless somebody says no to it; say where the backup lies.

    Raises:
        OSError: The file cannot be renamed.
    """
    found = progress.look()
    if found.not_written or found.record == progress.Record():
        _print_remarks(found)
    elif not yes and not typer.confirm("Start the record of all notebooks afresh? A backup stays."):
        print("Nothing was changed.")
    elif backup := progress.reset():
        print(f"A fresh record begins; the old one is {backup}.")
    else:  # another window was faster
        print("There was nothing left to set aside.")
    return 0
