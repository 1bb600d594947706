"""``workshop class FOLDER``: what a class got wrong, from the files that learners handed in.

The files come from learners, so nothing in them is trusted: sizes, types and names are
checked, unknown names are dropped, and the page escapes every text.
"""

from __future__ import annotations

import importlib
import json
import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from workshop_utils import quizzes
from workshop_utils.cli.hand_in import MAX_BYTES
from workshop_utils.exercises import Exercise, exercises_of
from workshop_utils.lessons import EVERY
from workshop_utils.storage import write_text

MOST_FILES = 10_000
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
    import fastjsonschema

    if not folder.is_dir():
        raise FileNotFoundError(f"There is no folder {folder}; name the one with the files.")
    found = [path for path in folder.rglob("*.json") if path.name != MEMORY and path.is_file()]
    newest = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
    gathered = Gathered(left_out=max(0, len(newest) - MOST_FILES))
    schema = files("workshop_tools").joinpath("hand_in.schema.json").read_text(encoding="utf-8")
    check = fastjsonschema.compile(json.loads(schema))
    for path in newest[:MOST_FILES]:
        try:
            learner, notebooks = read(path, check)
        except (OSError, ValueError) as error:
            gathered.skipped.append((path.name, str(error)))
            continue
        gathered.merged += learner in gathered.learners
        known = gathered.learners.setdefault(learner, {})
        for subject, tables in notebooks.items():
            # The newest file was read first.
            known[subject] = _merged(known.get(subject, tables), tables)
    return gathered


def read(path: Path, check: Callable[[Any], Any]) -> tuple[str, dict[str, Any]]:
    """Read one file: the learner's id or nickname, and the tables of each notebook.

    Args:
        path: The file.
        check: Raises a ValueError for a table that is not as ``hand_in.schema.json`` says.

    Raises:
        ValueError: It is too large, no JSON, of another version, or of a wrong type. The
            sentence holds nothing of the file.
        OSError: The disk does not give it.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1024} kB")
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        check(table)
    except (RecursionError, ValueError) as error:
        raise ValueError("damaged, cut short, or not of this version of the workshop") from error
    return table["learner"], table["notebooks"]


def _merged(newer: dict[str, Any], older: dict[str, Any]) -> dict[str, Any]:
    """Put two files of one learner together: counts grow with time, so the larger one holds."""
    exercises = {**older["exercises"], **newer["exercises"]}
    for name in older["exercises"].keys() & newer["exercises"].keys():
        one, two = older["exercises"][name], newer["exercises"][name]
        exercises[name] = {
            "right": one["right"] or two["right"],
            "tries": max(one["tries"], two["tries"]),
            # Counters: the larger of each two counts.
            "mistakes": Counter(one["mistakes"]) | Counter(two["mistakes"]),
        }
    return {"exercises": exercises, "quiz": {**older["quiz"], **newer["quiz"]}}


def count(gathered: Gathered) -> list[dict[str, Any]]:
    """Count by notebook, exercise, mistake and quiz question; only names that exist count."""
    pages = []
    for lesson in EVERY:
        learners = gathered.learners.values()
        tables = [each[lesson.subject] for each in learners if lesson.subject in each]
        if not tables:
            continue
        module = importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
        exercises = [_exercise(each, tables) for each in exercises_of(module)]
        solved = sum(each["right"] for each in exercises)
        page = {
            "name": lesson.name,
            "learners": len(tables),
            "done": solved / (len(tables) * len(exercises)),
            "exercises": exercises,
            "quiz": [_question(each, tables) for each in quizzes.load(lesson.subject)],
        }
        pages.append(page)
    return pages


def _exercise(exercise: Exercise, tables: list[dict[str, Any]]) -> dict[str, Any]:
    found = [each["exercises"].get(exercise.name) for each in tables]
    entries = [entry for entry in found if entry]
    # A learner who makes a mistake five times is still one learner.
    made = Counter(name for entry in entries for name, times in entry["mistakes"].items() if times)
    mistakes = [
        {"name": name, "learners": made[name], "sentence": exercise.repairs[name]}
        for name in sorted(exercise.repairs, key=lambda name: (-made[name], name))
        if made[name]
    ]
    return {
        "name": exercise.name,
        "tried": len(entries),
        "right": sum(entry["right"] for entry in entries),
        "tries": statistics.median(entry["tries"] for entry in entries) if entries else 0,
        "mistakes": mistakes,
    }


def _question(question: quizzes.Question, tables: list[dict[str, Any]]) -> dict[str, Any]:
    number = str(question.number)
    answers = Counter(each["quiz"].get(number, {}).get("letter") for each in tables)
    total = sum(answers[option.letter] for option in question.options)
    return {
        "asked": question,
        "answered": total,
        "shares": {each.letter: answers[each.letter] / max(total, 1) for each in question.options},
    }


def five_minutes(notebooks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Choose what to say before going on: the three mistakes that most learners made."""
    found = [
        {"notebook": page["name"], "exercise": exercise["name"], **mistake}
        for page in notebooks
        for exercise in page["exercises"]
        for mistake in exercise["mistakes"]
    ]
    return sorted(found, key=lambda each: -each["learners"])[:3]


def changes(notebooks: list[dict[str, Any]], before: Mapping[str, Any]) -> list[str]:
    """Say what moved since the last page, one sentence an exercise."""
    said = []
    for page in notebooks:
        for exercise in page["exercises"]:
            name, new = exercise["name"], [exercise["right"], exercise["tried"]]
            old = before.get(f"{page['name']}/{name}", new)
            if old != new:
                said.append(
                    f"{page['name']}, {name}: right {old[0]} → {new[0]}, tried {old[1]} → {new[1]}"
                )
    return said


def make(folder: Path, out: Path = Path("build/class/index.html")) -> int:
    """Write the page of a class, and return 0.

    Args:
        folder: Where the handed-in files lie.
        out: The page, HTML; beside it stays a small file of counts for the next call.

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
    before = json.loads(memory.read_text(encoding="utf-8")) if memory.is_file() else {}
    template = files("workshop_tools").joinpath("class.html.j2").read_text(encoding="utf-8")
    page = (
        Environment(autoescape=True)
        .from_string(template)
        .render(
            gathered=gathered,
            notebooks=notebooks,
            first=five_minutes(notebooks),
            changes=changes(notebooks, before),
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
