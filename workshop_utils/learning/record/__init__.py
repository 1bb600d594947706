"""What a learner has done: tries, results and last answers, in one small local file.

The file outlives the kernel, so that a lost runtime costs no answer. It stays on
the learner's machine, or on the learner's Drive; nothing is sent anywhere.

Keeping it must never disturb a lesson: a full disk, a damaged file, a slow Drive
or a second notebook that writes at the same moment raises nothing and prints
nothing. ``workshop progress`` shows the file and starts it afresh.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workshop_utils.learning.record import file as on_disk
from workshop_utils.learning.record.file import PROGRESS_VARIABLE
from workshop_utils.learning.record.records import (
    CORRECT,
    MAX_ANSWER,
    NOT_YET,
    ExerciseRecord,
    QuizRecord,
    Record,
    now,
    subject,
    together,
)
from workshop_utils.runtime import storage

__all__ = [
    "CORRECT",
    "NOT_YET",
    "PROGRESS_VARIABLE",
    "ExerciseRecord",
    "Look",
    "QuizRecord",
    "Record",
    "exercise",
    "look",
    "record_exercise",
    "record_quiz",
    "reset",
]

T = TypeVar("T")
PATIENCE_SECONDS = 5.0
"""How long a check waits for a disk that does not answer, such as a Drive that went away."""
_unsaved: list[Record] = []
"""What this process has recorded and not yet written, an entry each."""
_at_work: list[threading.Thread] = []
"""The thread that worked on the disk last; it is still alive where the disk hangs."""


@dataclass(frozen=True)
class Look:
    """What ``workshop progress`` finds.

    Attributes:
        record: Everything that is known.
        file: Where it lies; the file may not exist yet.
        damaged: Damaged files that were set aside, now or earlier.
        not_written: Why no file is written here; empty where it is.
    """

    record: Record
    file: Path
    damaged: tuple[Path, ...]
    not_written: str


def record_exercise(
    notebook: str, name: str, *, correct: bool, answer: str = "", mistake: str = ""
) -> None:
    """Record one judged answer to an exercise; raises nothing.

    Args:
        notebook: The notebook's subject, ``"rnn_intuition"``, or a name that ends so
            (``"01_rnn_intuition"``).
        name: The exercise's name.
        correct: Whether the answer was right.
        answer: The answer as text; a long one is cut.
        mistake: The name of the usual mistake that was recognised; empty for none.
    """
    with contextlib.suppress(Exception):
        cut = answer if len(answer) <= MAX_ANSWER else f"{answer[: MAX_ANSWER - 1]}…"
        moment, outcome = now(), CORRECT if correct else NOT_YET
        mistakes = {mistake: 1} if mistake and not correct else {}
        entry = ExerciseRecord(outcome, 1, int(not correct), cut, moment, moment, mistakes)
        _add(Record(exercises={(subject(notebook), name): entry}))


def record_quiz(notebook: str, question: int, letter: str, right: bool) -> None:
    """Record one answer to a quiz question; raises nothing.

    Args:
        notebook: As for :func:`record_exercise`.
        question: The question's number, from 1.
        letter: The option that was chosen, ``"A"`` and so on.
        right: Whether it is the right one.
    """
    with contextlib.suppress(Exception):
        moment = now()
        entry = QuizRecord(letter, right, 1, moment, moment)
        _add(Record(quizzes={(subject(notebook), question): entry}))


def exercise(notebook: str, name: str) -> ExerciseRecord | None:
    """Return what is known of an exercise, in this session and before; None if never tried."""
    with contextlib.suppress(Exception):
        kept = None if on_disk.why_not_written() else _patiently(on_disk.known)
        known = together([kept or Record(), *_unsaved])
        return known.exercises.get((subject(notebook), name))
    return None


def look() -> Look:
    """Read the record for showing it; a damaged file is set aside.

    Raises:
        OSError: The disk does not give it, or a damaged file cannot be set aside.
    """
    file, not_written = on_disk.path(), on_disk.why_not_written()
    if not not_written and on_disk.is_damaged():
        with on_disk.locked():
            on_disk.set_damaged_aside()
    return Look(on_disk.known(), file, on_disk.damaged_files(), not_written)


def reset() -> Path | None:
    """Start afresh: the file is renamed to a backup.

    Returns:
        The backup; None where there was nothing, or where no file is written.

    Raises:
        OSError: It cannot be renamed, or a notebook holds it for long.
    """
    found = look()
    if found.not_written or found.record == Record():
        return None
    _unsaved.clear()
    with on_disk.locked():
        _write()  # so that one backup holds all
        return on_disk.set_aside(found.file, "backup")


def _add(entry: Record) -> None:
    """Take a new entry and write it, if anything may be written."""
    if not on_disk.why_not_recorded():
        _unsaved.append(entry)
        if not on_disk.why_not_written():
            _patiently(_save)


def _patiently(work: Callable[[], T]) -> T | None:
    """Do work on the disk; if it hangs, nothing waits for it again before it goes on."""
    if any(each.is_alive() for each in _at_work):
        return None
    thread, done = storage.patiently(work, PATIENCE_SECONDS)
    _at_work[:] = [thread]
    return done[0] if done else None


def _save() -> None:
    with on_disk.locked():
        new = list(_unsaved)
        _write(*new)
        del _unsaved[: len(new)]


def _write(*new: Record) -> None:
    """Write what the files hold and what is new; the lock is held."""
    on_disk.set_damaged_aside()
    *earlier, file = on_disk.paths()
    # ``workshop cache --clear`` leaves the record where it is: it is not noted there.
    storage.write_text(file, together([on_disk.known(), *new]).as_text(), noted=False)
    for path in earlier:  # its entries are on Drive now
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
