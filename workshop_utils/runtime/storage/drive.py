"""Google Drive in Colab: offered, never required.

Every way in which it fails (dead, hanging, full, read-only, refused) ends in one
sentence and in local storage.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from workshop_utils.runtime.platforms import Platform, detect_platform

MOUNTPOINT = Path("/content/drive")
PATIENCE_SECONDS = 5.0
"""How long to wait for a Drive that does not answer."""
MOUNT_SECONDS = 120
"""How long to wait for the learner's permission."""
ROOM_NEEDED = 64 * 1024**2
"""Bytes that must be free on Drive, so that a whole checkpoint fits."""
# Colab has used both names for the learner's own part of the drive.
_OWN_FOLDERS = ("MyDrive", "My Drive")
_LOCAL = "the workshop keeps its files on this machine, which forgets them when the session ends."

_seen: set[Path] = set()
"""The learner's folder on Drive, once it was usable in this session."""

T = TypeVar("T")


def patiently(work: Callable[[], T], seconds: float) -> tuple[threading.Thread, list[T]]:
    """Do work on a disk in a thread of its own, so that one that hangs holds up nothing else.

    Returns:
        The thread, still alive after that many seconds where the disk hangs, and in a list
        what the work returned; nothing in it while it hangs, or where it raised.
    """
    done: list[T] = []

    def target() -> None:
        with contextlib.suppress(Exception):
            done.append(work())

    thread = threading.Thread(target=target, name="disk", daemon=True)
    thread.start()
    thread.join(seconds)
    return thread, done


def look_at_drive() -> tuple[Path | None, str]:
    """Say whether Drive is mounted and takes files; nothing is raised, and no wait is long.

    Returns:
        The learner's own folder on a Drive that is mounted and can be written, or None; and why
        a mounted Drive cannot be used, in a few words, empty where none is mounted.
    """
    _, state = patiently(_look, PATIENCE_SECONDS)
    return state[0] if state else (None, "does not answer")


def _look() -> tuple[Path | None, str]:
    try:
        own = next((MOUNTPOINT / n for n in _OWN_FOLDERS if (MOUNTPOINT / n).is_dir()), None)
        if own is None:
            return None, _gone()
        if not os.path.ismount(MOUNTPOINT):
            return None, f"is not mounted, and {own} is a folder of this machine"
        free = shutil.disk_usage(own).free
    except OSError as error:
        return None, f"is not usable ({error.strerror or error})"
    if not os.access(own, os.W_OK | os.X_OK):
        return None, "cannot be written"
    if free <= ROOM_NEEDED:
        return None, "is full"
    _seen.add(own)
    return own, ""


def _gone() -> str:
    """Say that a Drive which was used in this session is no longer mounted; else nothing."""
    return "is no longer mounted" if _seen else ""


def mount_drive() -> bool:
    """Offer to mount Google Drive, in Colab only.

    Colab asks the learner for permission, even when Drive is mounted already,
    so this is looked at first. Nothing is raised when mounting fails.

    Returns:
        Whether Drive is mounted and usable now; one printed sentence says it in words.
    """
    where = detect_platform()
    if where.name != "colab":
        print("Google Drive can be mounted in Colab only; the workshop keeps its files locally.")
        return False
    own, problem = look_at_drive()
    if own is None and problem in ("", _gone()):
        failed = _mount(where)
        own, problem = (None, f"was not mounted ({failed})") if failed else look_at_drive()
    if own is None:
        problem = problem or "was not mounted (no folder of yours appeared on it)"
        print(f"Google Drive {problem}; {_LOCAL}")
        return False
    print(f"Google Drive is mounted; the workshop keeps what it saves in {own}.")
    return True


def _mount(where: Platform) -> str:
    """Mount Drive and return what went wrong, in a few words; an empty string if nothing."""
    if where.enterprise:
        return "Colab Enterprise does not offer it"
    try:
        from google.colab import drive

        drive.mount(str(MOUNTPOINT), timeout_ms=MOUNT_SECONDS * 1000)
    except KeyboardInterrupt:
        # Where no window asks for permission, as in some editors, only this ends the wait.
        return "you stopped it"
    except Exception as error:
        # Google's code raises its own errors, pexpect's time-outs, and KeyError where a
        # variable of its runtime is missing; none of them may stop a lesson.
        if "pexpect" in type(error).__module__ or "pexpect" in str(error):
            return f"it did not answer within {MOUNT_SECONDS} seconds"
        words = " ".join(str(error).split()).rstrip(".")
        return words[:200] or type(error).__name__
    return ""
