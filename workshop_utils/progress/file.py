"""The file of the record: where it lies, whether it may be written, and by one at a time."""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from workshop_utils import storage
from workshop_utils.platforms import ci_signal, detect_platform
from workshop_utils.progress.records import MAX_BYTES, Record, parse

PROGRESS_VARIABLE = "LSTM_WORKSHOP_PROGRESS"
FILE_NAME = "progress.json"
LOCK_SECONDS = 2.0
"""How long to wait for another notebook that writes."""
_TAKEN = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


class DamagedRecordError(Exception):
    """The file is there and is no record of a version that can be read."""


def why_not_recorded() -> str:
    """Say why nothing is recorded in this process; an empty text where it is.

    An instructor's rerun, or a test of the notebooks, must not overwrite what a
    learner on the same machine has done.
    """
    if os.environ.get(PROGRESS_VARIABLE, "").strip().lower() in {"0", "false", "no", "off"}:
        return f"{PROGRESS_VARIABLE} switches it off"
    if "PYTEST_CURRENT_TEST" in os.environ and detect_platform().in_notebook:
        return "a test runs this notebook"
    return ""


def why_not_written() -> str:
    """Say why no file is written here; an empty text where it is."""
    reason = why_not_recorded()
    signal = ci_signal(os.environ)
    return reason or (f"this is continuous integration: {signal}" if signal else "")


def path() -> Path:
    """Return where the record lies, without making its folder."""
    return storage.artifacts_path() / FILE_NAME


def paths() -> tuple[Path, ...]:
    """Return where records lie, the present one last; one before it is older than Drive."""
    present, local = path(), storage.local_artifacts_path()
    earlier = (local / FILE_NAME,) if local is not None and local != present.parent else ()
    return (*earlier, present)


def read(file: Path) -> Record:
    """Read a record; an empty one where there is no file.

    Raises:
        DamagedRecordError: It cannot be understood.
        OSError: The disk does not give it.
    """
    try:
        # Bytes are never longer than what as_text allows; a larger file is not ours.
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError("The file is too large.")
        return parse(content.decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Record()
    except (IsADirectoryError, ValueError) as error:
        raise DamagedRecordError(str(error)) from error


def read_or_set_aside(file: Path) -> Record:
    """Read a record under the lock; a damaged one is set aside and an empty one begins.

    Raises:
        OSError: The disk does not give it, or the file cannot be renamed.
    """
    try:
        return read(file)
    except DamagedRecordError:
        set_aside(file, "damaged")
        return Record()


def read_or_nothing(file: Path) -> Record:
    """Read a record; an empty one where it is damaged.

    Raises:
        OSError: The disk does not give it.
    """
    with contextlib.suppress(DamagedRecordError):
        return read(file)
    return Record()


def set_aside(file: Path, why: str) -> Path:
    """Rename a file, with the local time in its new name; nothing is overwritten.

    Args:
        file: The file; the caller holds the lock.
        why: ``damaged`` or ``backup``, a part of the new name.

    Raises:
        OSError: It cannot be renamed.
    """
    moment = datetime.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    stem = f"{file.stem}.{why}-{moment}"
    target, count = file.with_name(f"{stem}{file.suffix}"), 1
    while target.exists():
        count += 1
        target = file.with_name(f"{stem}-{count}{file.suffix}")
    return file.rename(target)


def damaged_files() -> tuple[Path, ...]:
    """Return the damaged files that were set aside beside the records, oldest first."""
    pattern = f"{path().stem}.damaged-*{path().suffix}"
    return tuple(found for file in paths() for found in sorted(file.parent.glob(pattern)))


@contextlib.contextmanager
def locked(file: Path, seconds: float | None = None) -> Iterator[None]:
    """Hold the lock of a record while the block runs; the system frees that of a dead process.

    Where the file system knows no locks (some mounted drives) the block runs
    without one: it reads just before it writes, so little can be lost.

    Args:
        file: The record; the lock lies beside it.
        seconds: How long to wait for another process; ``LOCK_SECONDS`` by default.

    Raises:
        TimeoutError: Another process held it all the time.
        OSError: The lock's file cannot be made.
    """
    until = time.monotonic() + (LOCK_SECONDS if seconds is None else seconds)
    with (file.parent / ".progress.lock").open("ab") as lock:
        while not _taken_by_us(lock):
            if time.monotonic() >= until:
                raise TimeoutError(f"Another program holds {lock.name}; try again.")
            time.sleep(0.02)
        yield  # closing the file frees the lock


def _taken_by_us(lock: IO[bytes]) -> bool:
    """Try once to take the lock; true where we have it, or where there are no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True
