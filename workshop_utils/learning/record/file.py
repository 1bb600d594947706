"""The file of the record: where it lies, whether it may be written, and by one at a time."""

from __future__ import annotations

import datetime
import os
from contextlib import AbstractContextManager
from pathlib import Path

from workshop_utils.learning.record.records import Record, parse, together
from workshop_utils.runtime import locks, storage
from workshop_utils.runtime.platforms import ci_signal, detect_platform

PROGRESS_VARIABLE = "LSTM_WORKSHOP_PROGRESS"
FILE_NAME = "progress.json"
LOCK_SECONDS = 2.0
"""How long to wait for another notebook that writes."""


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
    signal = ci_signal()
    return why_not_recorded() or (f"this is continuous integration: {signal}" if signal else "")


def path() -> Path:
    """Return where the record lies, without making its folder."""
    return storage.artifacts_path() / FILE_NAME


def paths() -> tuple[Path, ...]:
    """Return where records lie, the present one last; one before it is older than Drive."""
    present, local = path(), storage.local_artifacts_path()
    earlier = (local / FILE_NAME,) if local is not None and local != present.parent else ()
    return (*earlier, present)


def read(file: Path) -> Record | None:
    """Read a record; an empty one where there is no file, None where it is damaged.

    Raises:
        OSError: The disk does not give it.
    """
    try:
        return parse(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Record()
    except (IsADirectoryError, ValueError):
        return None


def known() -> Record:
    """Return what the files hold together; a damaged one counts as empty.

    Raises:
        OSError: The disk does not give one.
    """
    return together([read(file) or Record() for file in paths()])


def is_damaged() -> bool:
    """Say whether one of the files cannot be understood."""
    return any(read(file) is None for file in paths())


def set_damaged_aside() -> None:
    """Rename each file that cannot be understood; the caller holds the lock."""
    for file in paths():
        if read(file) is None:
            set_aside(file, "damaged")


def set_aside(file: Path, why: str) -> Path:
    """Rename a file, with the local time in its new name, so that nothing is overwritten.

    Args:
        file: The file; the caller holds the lock.
        why: ``damaged`` or ``backup``, a part of the new name.

    Raises:
        OSError: It cannot be renamed.
    """
    moment = datetime.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    return file.rename(file.with_name(f"{file.stem}.{why}-{moment}{file.suffix}"))


def damaged_files() -> tuple[Path, ...]:
    """Return the damaged files that were set aside beside the records, oldest first."""
    pattern = f"{path().stem}.damaged-*{path().suffix}"
    return tuple(found for file in paths() for found in sorted(file.parent.glob(pattern)))


def locked() -> AbstractContextManager[None]:
    """Hold the record; another notebook that writes is waited for, for a moment.

    The lock lies on this machine: Drive would keep each one that is removed in its bin.
    """
    folder = storage.local_artifacts_path() or storage.artifacts_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return locks.held(folder / FILE_NAME, LOCK_SECONDS)
