"""The file of the record: where it lies, whether it may be written, and how a line is added."""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from workshop_utils.learning.record import lines
from workshop_utils.learning.record.lines import Event, Record
from workshop_utils.runtime import locks, storage
from workshop_utils.runtime.platforms import ci_signal, detect_platform

PROGRESS_VARIABLE = "LSTM_WORKSHOP_PROGRESS"
FILE_NAME = "progress.jsonl"
OLDER_NAME = "progress.json"
"""The record of versions 1 and 2, taken over once."""
TAKEN_OVER = f"{OLDER_NAME}.taken-over"
LOCK_SECONDS = 2.0
"""How long to wait for another notebook that writes."""


def why_not_recorded() -> str:
    """Say why nothing is recorded in this process; an empty text where it is.

    An instructor's rerun, or a test of the notebooks, must not add to what a learner on the
    same machine has done.
    """
    if os.environ.get(PROGRESS_VARIABLE, "").strip().lower() in {"0", "false", "no", "off"}:
        return f"{PROGRESS_VARIABLE} switches it off"
    if "PYTEST_CURRENT_TEST" in os.environ and detect_platform().in_notebook:
        return "a test runs this notebook"
    return ""


def why_not_written() -> str:
    """Say why no file is written here; an empty text where it is."""
    signal = ci_signal()
    return why_not_recorded() or (f"this is continuous integration: {signal}" if signal else "")


def path() -> Path:
    """Return where the record lies, without making its folder."""
    return storage.artifacts_path() / FILE_NAME


def paths() -> tuple[Path, ...]:
    """Return where records lie, the present one last; one before it is older than Drive."""
    present = path()
    local = storage.local_artifacts_path()
    earlier = (local / FILE_NAME,) if local is not None and local != present.parent else ()
    return (*earlier, present)


def known(*unsaved: Event) -> Record:
    """Return what the files and events that are not written yet say together.

    Raises:
        OSError: The disk does not give a file.
    """
    events: list[Event] = []
    damaged = newer = 0
    for place in paths():
        older, unread = _older(place.with_name(OLDER_NAME))
        here, damaged_here, newer_here = lines.read(_text(place))
        events += [*older, *here]
        damaged += damaged_here + unread
        newer += newer_here
    return lines.summed([*events, *unsaved], damaged, newer)


def _text(place: Path) -> str:
    """Return a file's text, what is no text in it marked; an empty one where there is none."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return place.read_text(encoding="utf-8", errors="replace")
    return ""


def _older(place: Path) -> tuple[list[Event], bool]:
    """Return the events of a record of version 1 or 2, and whether it cannot be read."""
    text = _text(place)
    try:
        return (lines.from_older(text), False) if text else ([], False)
    except ValueError:
        return [], True


def append(events: Sequence[Event]) -> None:
    """Add events at the end of the file, under the operating system's lock.

    What lay on this machine before Drive was mounted is moved there, and a record of version 1
    or 2 is taken over; one that cannot be read stays as it is.

    Raises:
        OSError: The folder or the file cannot be written.
    """
    *earlier, present = paths()
    present.parent.mkdir(parents=True, exist_ok=True)
    with present.open("ab+") as file:
        _lock(file)
        for place in (*earlier, present):
            _take_over_older(place.with_name(OLDER_NAME), file)
        for place in earlier:
            _move(place, file)
        _add(file, "".join(map(lines.as_line, events)).encode())


def _add(file: BinaryIO, text: bytes) -> None:
    """Add whole lines, in one write, also behind a line that a killed process left half."""
    if file.seek(0, os.SEEK_END):
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            text = b"\n" + text
    file.write(text)
    file.flush()


def _take_over_older(place: Path, file: BinaryIO) -> None:
    if place.is_file():
        events, unread = _older(place)
        if not unread:
            _add(file, "".join(map(lines.as_line, events)).encode())
            place.replace(place.with_name(TAKEN_OVER))


def _move(place: Path, file: BinaryIO) -> None:
    with contextlib.suppress(FileNotFoundError), place.open("rb+") as local:
        _lock(local)
        _add(file, local.read())
        local.truncate(0)  # another notebook may have opened it already
    with contextlib.suppress(OSError):
        place.unlink(missing_ok=True)


def _lock(file: BinaryIO) -> None:
    """Hold a file until it is closed; where that is refused, say so once and go on."""
    until = time.monotonic() + LOCK_SECONDS
    while refusal := locks.refusal(file):
        if not locks.is_taken(refusal):
            _say_once(f"This folder has no locks ({refusal.strerror}); keep one notebook open.")
            return
        if time.monotonic() >= until:
            _say_once("Another program holds your record of progress; it is written all the same.")
            return
        time.sleep(0.02)


@functools.cache
def _say_once(sentence: str) -> None:
    print(sentence)


def forget() -> list[Path]:
    """Delete the record, and what was taken over into it; return the files that were there.

    Raises:
        OSError: One cannot be deleted.
    """
    gone = []
    for folder in (place.parent for place in paths()):
        names = (FILE_NAME, OLDER_NAME, TAKEN_OVER)
        older = [*folder.glob("progress.damaged-*.json"), *folder.glob("progress.backup-*.json")]
        for each in (*(folder / name for name in names), *older):
            if each.is_file():
                each.unlink()
                gone.append(each)
    return gone
