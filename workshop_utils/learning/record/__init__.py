"""What a learner has done: an append-only file with one line for each judged answer.

The file outlives the kernel, so that a lost runtime costs no answer. It stays on
the learner's machine, or on the learner's Drive; nothing is sent anywhere.

Keeping it must never disturb a lesson: a full disk, a damaged line or a second
notebook that writes at the same moment raises nothing. ``workshop progress``
shows it, ``workshop progress --forget`` deletes it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from workshop_utils.learning.record import file as on_disk
from workshop_utils.learning.record.file import PROGRESS_VARIABLE
from workshop_utils.learning.record.lines import (
    CORRECT,
    MAX_ANSWER,
    NOT_YET,
    Chosen,
    Event,
    ExerciseRecord,
    QuizRecord,
    Record,
    Tried,
    now,
    subject,
    summed,
)

__all__ = [
    "CORRECT",
    "NOT_YET",
    "PROGRESS_VARIABLE",
    "ExerciseRecord",
    "Look",
    "QuizRecord",
    "Record",
    "exercise",
    "forget",
    "look",
    "record_exercise",
    "record_quiz",
]

_unsaved: list[Event] = []
"""What this process has recorded and not written: the disk refused it, or nothing may be."""


@dataclass(frozen=True)
class Look:
    """What ``workshop progress`` shows.

    Attributes:
        record: Everything that is known.
        file: Where it lies; the file may not exist yet.
        not_written: Why no file is written here; empty where it is.
    """

    record: Record
    file: Path
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
    cut = answer if len(answer) <= MAX_ANSWER else f"{answer[: MAX_ANSWER - 1]}…"
    _add(Tried(subject(notebook), name, correct, cut, "" if correct else mistake, now()))


def record_quiz(notebook: str, question: int, letter: str, right: bool) -> None:
    """Record one answer to a quiz question; raises nothing.

    Args:
        notebook: As for :func:`record_exercise`.
        question: The question's number, from 1.
        letter: The option that was chosen, ``"A"`` and so on.
        right: Whether it is the right one.
    """
    _add(Chosen(subject(notebook), question, letter, right, now()))


def _add(event: Event) -> None:
    """Take a new event and append it, if anything may be written, with what was refused before."""
    with contextlib.suppress(Exception):
        if not on_disk.why_not_recorded():
            _unsaved.append(event)
            if not on_disk.why_not_written():
                on_disk.append(_unsaved)
                _unsaved.clear()


def exercise(notebook: str, name: str) -> ExerciseRecord | None:
    """Return what is known of an exercise, in this session and before; None if never tried."""
    with contextlib.suppress(Exception):
        return _known().exercises.get((subject(notebook), name))
    return None


def _known() -> Record:
    if on_disk.why_not_written():
        return summed(_unsaved)
    return on_disk.known(*_unsaved)


def look() -> Look:
    """Read the record for showing it.

    Raises:
        OSError: The disk does not give it.
    """
    return Look(on_disk.known(*_unsaved), on_disk.path(), on_disk.why_not_written())


def forget() -> list[Path]:
    """Delete the record.

    Returns:
        The files that were deleted.

    Raises:
        OSError: One cannot be deleted.
    """
    _unsaved.clear()
    return on_disk.forget()
