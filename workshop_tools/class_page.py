"""``workshop class FOLDER``: what a class got wrong, from the files that learners handed in.

The files come from learners, so nothing in them is trusted: sizes, types and names are
checked, unknown names are dropped, and the page escapes every text.
"""

from __future__ import annotations

import importlib
import json
import statistics
from collections import Counter
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from workshop_tools.lesson_files import title_of
from workshop_utils.cli.hand_in import MAX_BYTES
from workshop_utils.learning import quizzes
from workshop_utils.learning.exercises import Exercise, exercises_of
from workshop_utils.learning.lessons import EVERY, find_root
from workshop_utils.runtime.storage import write_text

MOST_FILES = 10_000
DAMAGED = "damaged, cut short, or not of this version of the workshop"
MEMORY = "class-counts.json"
"""What the last page counted, so that the next one can say what changed."""


@dataclass
class Gathered:
    """What was read from a folder.

    Attributes:
        learners: By id or nickname the notebooks' tables, merged from all files of a learner.
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
        name = _printable(path.name)
        if path.stat().st_size > MAX_BYTES:
            gathered.skipped.append((name, f"larger than {MAX_BYTES // 1024} kB"))
            continue
        try:
            table = check(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, RecursionError, ValueError):  # their words may hold parts of the file
            gathered.skipped.append((name, DAMAGED))
            continue
        gathered.merged += table["learner"] in gathered.learners
        known = gathered.learners.setdefault(table["learner"], {})
        for subject, tables in table["notebooks"].items():
            # The newest file was read first.
            known[subject] = _merged(known.get(subject, tables), tables)
    return gathered


def _printable(name: str) -> str:
    """Return a file's name as a page can hold it, whatever bytes it is made of."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)


def _counted_before(memory: Path) -> dict[str, list[int]]:
    """Return what the last page counted; nothing where that cannot be read."""
    try:
        table = json.loads(memory.read_text(encoding="utf-8"))
        return {name: [int(right), int(tried)] for name, (right, tried) in table.items()}
    except (AttributeError, OSError, RecursionError, TypeError, ValueError):
        return {}


def _merged(newer: dict[str, Any], older: dict[str, Any]) -> dict[str, Any]:
    """Put two files of one learner together: counts grow with time, so the larger one holds."""
    exercises = {**older["exercises"], **newer["exercises"]}
    for name in older["exercises"].keys() & newer["exercises"].keys():
        one = older["exercises"][name]
        two = newer["exercises"][name]
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
        module = importlib.import_module(f"workshop_utils.learning.exercises.{lesson.subject}")
        exercises = [_exercise(each, tables) for each in exercises_of(module)]
        solved = sum(each["right"] for each in exercises)
        pages.append(
            {
                "name": lesson.name,
                "title": f"{lesson.number} {title_of(lesson, find_root())}",
                "learners": len(tables),
                "done": solved / (len(tables) * len(exercises)),
                "exercises": exercises,
                "quiz": [_question(each, tables) for each in quizzes.load(lesson.subject)],
            }
        )
    return pages


def _exercise(exercise: Exercise, tables: list[dict[str, Any]]) -> dict[str, Any]:
    found = [each["exercises"].get(exercise.name) for each in tables]
    entries = [entry for entry in found if entry]
    # A learner who makes a mistake five times is still one learner.
    made = Counter(name for entry in entries for name, times in entry["mistakes"].items() if times)
    repairs = {each.name: each.repair for each in exercise.mistakes}
    mistakes = [
        {"name": name, "learners": number, "sentence": repairs[name]}
        for name, number in sorted(made.items(), key=lambda each: (-each[1], each[0]))
        if name in repairs
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
    """Choose what to say before going on: what most learners have not got right yet.

    An exercise counts the learners who tried it in vain, with the mistake that most of them
    made; a quiz question those who chose a wrong option, with the explanation of the commonest.
    """
    found = []
    for page in notebooks:
        for exercise in page["exercises"]:
            common = exercise["mistakes"][:1]
            entry = {
                "learners": exercise["tried"] - exercise["right"],
                "what": exercise["name"].replace("_", " "),
                "anchor": f"{page['name']}-{exercise['name']}",
                "sentence": common[0]["sentence"] if common else "Solve it together.",
            }
            found.append({**entry, "notebook": page["title"]})
        for question in page["quiz"]:
            wrong = [each for each in question["asked"].options if not each.right]
            common = max(wrong, key=lambda each: question["shares"][each.letter])
            entry = {
                "learners": round(
                    question["answered"] * sum(question["shares"][each.letter] for each in wrong)
                ),
                "what": f"quiz question {question['asked'].number}",
                "anchor": f"{page['name']}-quiz",
                "sentence": f"{question['asked'].text} Not {common.letter}: {common.why}",
            }
            found.append({**entry, "notebook": page["title"]})
    unsolved = [each for each in found if each["learners"]]
    return sorted(unsolved, key=lambda each: -each["learners"])[:3]


def make(folder: Path, out: Path = Path("build/class/index.html")) -> int:
    """Write the page of a class, and return 0.

    Args:
        folder: Where the handed-in files lie.
        out: The page, HTML; beside it stays a small file of counts for the next call.

    Raises:
        FileNotFoundError: The folder is not there.
        ValueError: No file in it can be used.
    """
    from jinja2 import Environment, PackageLoader

    gathered = gather(folder)
    if not gathered.learners:
        reasons = "; ".join(f"{name}: {why}" for name, why in gathered.skipped[:3])
        raise ValueError(f"No file in {folder} can be used. {reasons or 'There is none.'}")
    notebooks = count(gathered)
    memory = out.parent / MEMORY
    before = _counted_before(memory)
    counts = {
        f"{page['name']}/{exercise['name']}": [exercise["right"], exercise["tried"]]
        for page in notebooks
        for exercise in page["exercises"]
    }
    changes = [
        f"{name}: right {before[name][0]} → {right}, tried {before[name][1]} → {tried}"
        for name, (right, tried) in counts.items()
        if before.get(name, [right, tried]) != [right, tried]
    ]
    templates = Environment(loader=PackageLoader("workshop_tools", ""), autoescape=True)
    page = templates.get_template("class.html.j2").render(
        gathered=gathered, notebooks=notebooks, first=five_minutes(notebooks), changes=changes
    )
    write_text(out, page, noted=False)
    write_text(memory, json.dumps(counts), noted=False)
    print(f"{len(gathered.learners)} learners; the page is {out}.")
    for name, why in gathered.skipped[:10]:
        print(f"Skipped {name!r}: {why}.")
    return 0
