"""Recording a try, looking at the record, starting it afresh.

The functions that a notebook calls never raise and never wait long. What cannot
be written now stays in memory and is written with the next try.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from workshop_utils.folders import artifacts_dir
from workshop_utils.progress import place
from workshop_utils.progress.records import (
    CORRECT,
    MAX_ANSWER,
    MAX_NAME,
    NOT_YET,
    ExerciseRecord,
    QuizRecord,
    Record,
    now,
    subject,
)

T = TypeVar("T")
PATIENCE_SECONDS = 5.0
"""How long a check waits for a disk that does not answer, such as a Drive that went away."""


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


def record_exercise(notebook: str, name: str, *, correct: bool, answer: str = "") -> None:
    """Record one judged answer to an exercise; raises nothing.

    Args:
        notebook: The notebook's subject, ``"rnn_intuition"``, or a name that ends so.
        name: The exercise's name.
        correct: Whether the answer was right.
        answer: The answer as text; a long one is cut.
    """
    with contextlib.suppress(Exception):
        cut = answer if len(answer) <= MAX_ANSWER else f"{answer[: MAX_ANSWER - 1]}…"
        moment, outcome = now(), CORRECT if correct else NOT_YET
        entry = ExerciseRecord(outcome, 1, int(not correct), cut, moment, moment)
        _keeper.add(Record(exercises={(subject(notebook), name[:MAX_NAME]): entry}))


def record_quiz(notebook: str, question: int, letter: str, right: bool) -> None:
    """Record one answer to a quiz question; raises nothing.

    Args:
        notebook: The notebook's subject, ``"rnn_intuition"``, or a name that ends so
            (``"01_rnn_intuition"``).
        question: The question's number, from 1.
        letter: The option that was chosen, ``"A"`` and so on.
        right: Whether it is the right one.
    """
    with contextlib.suppress(Exception):
        moment = now()
        entry = QuizRecord(str(letter)[:MAX_NAME], bool(right), 1, moment, moment)
        _keeper.add(Record(quizzes={(subject(notebook), abs(int(question))): entry}))


def exercise(notebook: str, name: str) -> ExerciseRecord | None:
    """Return what is known of an exercise, in this session and before; None if never tried."""
    with contextlib.suppress(Exception):
        return _keeper.known().exercises.get((subject(notebook), name))
    return None


def look() -> Look:
    """Read the record for showing it; a damaged file is set aside.

    Raises:
        OSError: The disk does not give it, or a damaged file cannot be set aside.
    """
    file, not_written = place.file_to_read(), place.why_not_written()
    try:
        record = _gathered(file, place.read)
    except place.DamagedRecord:
        record = Record() if not_written else _mended()
    return Look(record, file, place.damaged_files(file), not_written)


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
    _keeper.forget()
    file = artifacts_dir() / place.FILE_NAME
    with place.locked(file):
        _add_to_file(file, Record())  # so that one backup holds all
        return place.set_aside(file, "backup")


def _gathered(file: Path, read: Callable[[Path], Record]) -> Record:
    """Return the record, and with it the one from before Drive was mounted."""
    earlier = place.earlier_file(file)
    return (Record() if earlier is None else read(earlier)).plus(read(file))


def _mended() -> Record:
    """Set damaged files aside and return what is left."""
    file = artifacts_dir() / place.FILE_NAME
    with place.locked(file):
        return _gathered(file, place.read_or_set_aside)


def _known_to_the_disk() -> Record:
    return _gathered(place.file_to_read(), place.read_or_nothing)


def _add_to_file(file: Path, new: Record) -> None:
    """Write what the file holds and what is new; the lock is held."""
    place.write(file, _gathered(file, place.read_or_set_aside).plus(new))
    earlier = place.earlier_file(file)
    if earlier is not None:  # its entries are on Drive now
        with contextlib.suppress(OSError):
            earlier.unlink(missing_ok=True)


class _Keeper:
    """What this process has recorded and not yet written."""

    def __init__(self) -> None:
        self.unsaved = Record()
        self._unsaved_guard = threading.Lock()
        self._turn = threading.Lock()
        self._stuck: threading.Thread | None = None

    def add(self, event: Record) -> None:
        """Take a new entry and write it, if anything may be written."""
        if place.why_not_recorded():
            return
        self._put(event)
        if not place.why_not_written():
            self._patiently(self._save)

    def known(self) -> Record:
        """Return what the file and the memory hold together; a damaged file counts as empty."""
        if place.why_not_written():
            return self.unsaved
        return (self._patiently(_known_to_the_disk) or Record()).plus(self.unsaved)

    def forget(self) -> None:
        """Drop what is not written yet."""
        self._take()

    def _put(self, event: Record) -> None:
        with self._unsaved_guard:
            self.unsaved = self.unsaved.plus(event)

    def _take(self) -> Record:
        with self._unsaved_guard:
            taken, self.unsaved = self.unsaved, Record()
            return taken

    def _save(self) -> None:
        with self._turn:
            file = artifacts_dir() / place.FILE_NAME
            with place.locked(file):
                taken = self._take()
                try:
                    _add_to_file(file, taken)
                except BaseException:
                    self._put(taken)
                    raise

    def _patiently(self, work: Callable[[], T]) -> T | None:
        """Do work on the disk in a thread; give up the wait, not the lesson, if it hangs."""
        if self._stuck is not None and self._stuck.is_alive():
            return None
        done: list[T] = []

        def target() -> None:
            with contextlib.suppress(Exception):
                done.append(work())

        thread = threading.Thread(target=target, name="progress", daemon=True)
        thread.start()
        thread.join(PATIENCE_SECONDS)
        self._stuck = thread if thread.is_alive() else None
        return done[0] if done else None


_keeper = _Keeper()
