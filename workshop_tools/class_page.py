"""``workshop class FOLDER``: what a class got wrong, from the files that learners handed in.

The files come from learners, so nothing in them is trusted: sizes, types and names are
checked, unknown names are dropped, and the page escapes every text.
"""

from __future__ import annotations

import importlib
import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from workshop_utils import quizzes
from workshop_utils.cli.hand_in import MAX_BYTES, VERSION
from workshop_utils.exercises import Exercise, exercises_of
from workshop_utils.lessons import EVERY, Lesson
from workshop_utils.storage import write_text

MOST_FILES = 10_000
_MOST = 9999
MEMORY = "class-counts.json"
"""What the last page counted, so that the next one can say what changed."""


@dataclass
class Gathered:
    """What was read from a folder.

    Attributes:
        learners: For each learner the notebooks' tables, merged from all files of theirs.
        skipped: File name and reason of each file that was not used.
        merged: How many files went into a learner who had one already.
        left_out: Files beyond the newest ``MOST_FILES``.
    """

    learners: dict[str, dict[str, Any]] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    merged: int = 0
    left_out: int = 0


def gather(folder: Path) -> Gathered:
    """Read every ``.json`` file of a folder and of the folders in it.

    Raises:
        FileNotFoundError: The folder is not there.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; name the one with the files.")
    found = [path for path in folder.rglob("*.json") if path.name != MEMORY and path.is_file()]
    newest = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
    gathered = Gathered(left_out=max(0, len(newest) - MOST_FILES))
    for path in newest[:MOST_FILES]:
        try:
            learner, notebooks = read(path)
        except (OSError, ValueError) as error:
            gathered.skipped.append((path.name, str(error)))
            continue
        gathered.merged += learner in gathered.learners
        known = gathered.learners.setdefault(learner, {})
        for subject, tables in notebooks.items():
            known[subject] = _merged(known.get(subject), tables)
    return gathered


def read(path: Path) -> tuple[str, dict[str, Any]]:
    """Read one file.

    Returns:
        The learner's id or nickname, and the tables of each notebook, checked.

    Raises:
        ValueError: It is too large, no JSON, of another version, or of a wrong type.
        OSError: The disk does not give it.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1024} kB")
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (RecursionError, UnicodeDecodeError) as error:
        raise ValueError("damaged") from error
    except ValueError as error:
        raise ValueError("damaged, or cut short") from error
    if not isinstance(table, dict) or table.get("hand_in") != VERSION:
        raise ValueError("not handed in by this version of the workshop")
    learner, notebooks = table.get("learner"), table.get("notebooks")
    if not isinstance(learner, str) or not 1 <= len(learner) <= 30 or type(notebooks) is not dict:
        raise ValueError("no learner or no notebooks in it")
    return learner, {s: _checked(tables) for s, tables in notebooks.items() if s in SUBJECTS}


SUBJECTS = {lesson.subject for lesson in EVERY}


def _checked(tables: Any) -> dict[str, Any]:
    """Return the exercises and the quiz of one notebook; a wrong type is refused."""
    exercises, quiz = _table(_table(tables).get("exercises")), _table(_table(tables).get("quiz"))
    return {
        "exercises": {
            name: {
                "right": entry.get("right") is True,
                "tries": _count(entry.get("tries")),
                "mistakes": {n: _count(c) for n, c in _table(entry.get("mistakes")).items()},
            }
            for name, entry in ((name, _table(entry)) for name, entry in exercises.items())
        },
        "quiz": {number: str(_table(answer).get("letter"))[:1] for number, answer in quiz.items()},
    }


def _table(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise ValueError("a part is of a wrong type")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("a count is of a wrong type")
    return value


def _merged(one: Mapping[str, Any] | None, two: dict[str, Any]) -> dict[str, Any]:
    """Put two files of one learner together: counts grow with time, so the larger one holds."""
    if one is None:
        return two
    exercises = dict(two["exercises"])
    for name, entry in one["exercises"].items():
        other = exercises.get(name, entry)
        names = {*entry["mistakes"], *other["mistakes"]}
        exercises[name] = {
            "right": entry["right"] or other["right"],
            "tries": max(entry["tries"], other["tries"]),
            "mistakes": {
                n: max(entry["mistakes"].get(n, 0), other["mistakes"].get(n, 0)) for n in names
            },
        }
    # The newest file was read first, so its quiz answers stand.
    return {"exercises": exercises, "quiz": {**two["quiz"], **one["quiz"]}}


def count(gathered: Gathered) -> list[dict[str, Any]]:
    """Count by notebook, exercise, mistake and quiz question; only names that exist count."""
    return [
        page
        for lesson in EVERY
        if (page := _notebook(lesson, gathered.learners.values()))["learners"]
    ]


def _notebook(lesson: Lesson, learners: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    tables = [each[lesson.subject] for each in learners if lesson.subject in each]
    if not tables:
        return {"learners": 0}
    module = importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
    exercises = [_exercise(each, tables) for each in exercises_of(module)]
    solved = sum(each["right"] for each in exercises)
    return {
        "name": lesson.name,
        "learners": len(tables),
        "done": solved / (len(tables) * len(exercises)),
        "exercises": exercises,
        "quiz": [_question(each, tables) for each in quizzes.load(lesson.subject)],
    }


def _exercise(exercise: Exercise, tables: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [
        each["exercises"][exercise.name] for each in tables if exercise.name in each["exercises"]
    ]
    made: Counter[str] = Counter()
    for entry in entries:
        # A learner who makes a mistake five times is still one learner.
        made.update({name for name, times in entry["mistakes"].items() if times})
    sentences = {mistake.name: mistake.sentence for mistake in exercise.mistakes}
    return {
        "name": exercise.name,
        "tried": len(entries),
        "right": sum(entry["right"] for entry in entries),
        "tries": statistics.median(entry["tries"] for entry in entries) if entries else 0,
        "mistakes": [
            {"name": name, "learners": times, "sentence": sentences[name]}
            for name, times in sorted(made.items(), key=lambda item: (-item[1], item[0]))
            if name in sentences
        ],
    }


def _question(question: quizzes.Question, tables: list[dict[str, Any]]) -> dict[str, Any]:
    answers = Counter(
        letter for each in tables if (letter := each["quiz"].get(str(question.number)))
    )
    total = sum(answers[option.letter] for option in question.options)
    return {
        "number": question.number,
        "text": question.text,
        "answered": total,
        "options": [
            {
                "letter": option.letter,
                "text": option.text,
                "why": option.why,
                "right": option.right,
                "share": answers[option.letter] / total if total else 0.0,
            }
            for option in question.options
        ],
    }


def five_minutes(notebooks: list[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """Choose what to say before going on: the mistakes that most learners made and did not mend."""
    found = [
        {"notebook": page["name"], "exercise": exercise["name"], **mistake}
        for page in notebooks
        for exercise in page["exercises"]
        for mistake in exercise["mistakes"]
    ]
    return sorted(found, key=lambda each: -each["learners"])[:most]


def changes(notebooks: list[dict[str, Any]], before: Mapping[str, Any]) -> list[str]:
    """Say what moved since the last page, one sentence an exercise."""
    said = []
    for page in notebooks:
        for exercise in page["exercises"]:
            old = before.get(f"{page['name']}/{exercise['name']}")
            right, tried = exercise["right"], exercise["tried"]
            if isinstance(old, list) and old != [right, tried]:
                said.append(
                    f"{page['name']}, {exercise['name']}: right {old[0]} → {right}, "
                    f"tried {old[1]} → {tried}"
                )
    return said


def make(folder: Path, out: Path) -> int:
    """Write the page of a class.

    Args:
        folder: Where the handed-in files lie.
        out: The page, HTML; beside it stays a small file of counts for the next call.

    Returns:
        The exit status, 0.

    Raises:
        FileNotFoundError: The folder is not there.
        ValueError: No file in it can be used.
    """
    from jinja2 import Environment

    gathered = gather(folder)
    if not gathered.learners:
        reasons = "; ".join(f"{name}: {why}" for name, why in gathered.skipped[:3])
        raise ValueError(f"No file in {folder} can be used. {reasons or 'There is none.'}")
    notebooks, memory = count(gathered), out.parent / MEMORY
    try:
        before = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    template = files("workshop_tools").joinpath("class.html.j2").read_text(encoding="utf-8")
    page = (
        Environment(autoescape=True)
        .from_string(template)
        .render(
            gathered=gathered,
            notebooks=notebooks,
            first=five_minutes(notebooks),
            changes=changes(notebooks, before if isinstance(before, dict) else {}),
        )
    )
    write_text(out, page, noted=False)
    counts = {
        f"{each['name']}/{exercise['name']}": [exercise["right"], exercise["tried"]]
        for each in notebooks
        for exercise in each["exercises"]
    }
    write_text(memory, json.dumps(counts), noted=False)
    print(f"{len(gathered.learners)} learners; the page is {out}.")
    for name, why in gathered.skipped[:10]:
        print(f"Skipped {name!r}: {why}.")
    return 0
