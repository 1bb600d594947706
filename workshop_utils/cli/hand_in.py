"""``workshop progress --hand-in``: outcomes in a small file, for a class page; nothing is sent.

The file is built from an allowlist: names of the workshop's own exercises and mistakes,
counts, and letters of quiz options. No code, path, account or address can get into it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from pathlib import Path
from typing import Any

from workshop_utils.cli.progress import ID_FILE, exercises_in
from workshop_utils.learning import quizzes
from workshop_utils.learning import record as progress
from workshop_utils.learning.lessons import EVERY
from workshop_utils.runtime import storage
from workshop_utils.runtime.platforms import detect_platform

VERSION = 1
MAX_BYTES = 32 * 1024
_NICKNAME = re.compile(r"[\w .-]{1,30}")


def learner_id(*, fresh: bool = False) -> str:
    """Return this learner's random id, made once and kept.

    Args:
        fresh: Make a new one; files handed in before belong to the old one.
    """
    path = storage.artifacts_dir() / ID_FILE
    kept = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if not fresh and re.fullmatch(r"[0-9a-f]{12}", kept):
        return kept
    made = secrets.token_hex(6)
    storage.write_text(path, f"{made}\n", noted=False)
    return made


def build(record: progress.Record, learner: str) -> dict[str, Any]:
    """Return what is handed in.

    Args:
        record: The learner's record.
        learner: The random id, or a nickname.

    Returns:
        The version, the learner, and for each notebook its exercises (whether right, tries,
        named mistakes) and its quiz (letters).
    """
    notebooks = {}
    for lesson in EVERY:
        exercises = {}
        quiz = {}
        for exercise in exercises_in(lesson):
            entry = record.exercises.get((lesson.subject, exercise.name))
            if entry is not None:
                exercises[exercise.name] = {
                    "right": entry.outcome == progress.CORRECT,
                    "tries": entry.tries,
                    "mistakes": {
                        name: times
                        for name, times in entry.mistakes.items()
                        if name in exercise.examples
                    },
                }
        for question in quizzes.load(lesson.subject):
            answer = record.quizzes.get((lesson.subject, question.number))
            if answer is not None and answer.letter in {each.letter for each in question.options}:
                quiz[str(question.number)] = {"letter": answer.letter}
        if exercises or quiz:
            notebooks[lesson.subject] = {"exercises": exercises, "quiz": quiz}
    return {"hand_in": VERSION, "learner": learner, "notebooks": notebooks}


def hand_in(folder: str | None = None, nickname: str | None = None, *, fresh: bool = False) -> Path:
    """Write the file, and say where it lies and what is in it.

    Args:
        folder: Where it goes; by default beside what the notebooks save. In Colab a
            folder on the mounted Drive, named from ``MyDrive`` on.
        nickname: A name to hand in under; the random id by default.
        fresh: Make a new random id first.

    Returns:
        The file.

    Raises:
        ValueError: The nickname holds other characters than letters, digits, blanks,
            dots, hyphens and underscores, or is longer than 30.
        StorageError: The folder cannot be written.
    """
    if nickname is not None and not _NICKNAME.fullmatch(nickname.strip()):
        raise ValueError(
            "A nickname has 1 to 30 letters, digits, blanks, dots, hyphens or underscores."
        )
    learner = nickname.strip() if nickname else learner_id(fresh=fresh)
    text = json.dumps(build(progress.look().record, learner), ensure_ascii=True) + "\n"
    if len(text) > MAX_BYTES:
        raise ValueError(f"The file would be larger than {MAX_BYTES // 1024} kB.")
    name = re.sub(r"\W", "_", learner)
    target = _folder(folder) / f"hand-in-{name}.json"
    storage.write_text(target, text, noted=False)
    print(f"Written: {target}, {len(text):,} bytes, handed in as {learner}.")
    print(
        "In it: for each exercise whether it is right, your tries and the names of usual "
        "mistakes; for each quiz question your option. Not in it: code, paths, accounts. "
        "Nothing was sent: give the file to your instructor yourself."
    )
    return target


def _folder(named: str | None) -> Path:
    if named is None:
        return storage.artifacts_dir()
    drive = Path("/content/drive/MyDrive")
    mounted = detect_platform().name == "colab" and os.path.ismount(drive.parent)
    if mounted and not Path(named).is_absolute() and drive.is_dir():
        return drive / named
    return Path(named).expanduser()
