"""One process at a time on one path; the operating system lets go when the process ends."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TextIO

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class InUse(OSError):  # noqa: N818 - it says what the path is
    """Another process works on this path; the message says which."""


@contextlib.contextmanager
def held(path: Path, seconds: float = 0.0) -> Iterator[None]:
    """Hold a path for this process, also when that path does not exist yet.

    Beside it lies a file ``.lock`` meanwhile. Where the file system has no locks, as on some
    network drives, nothing is held and the work goes on.

    Args:
        path: What is to be held; its folder exists.
        seconds: How long to wait for a process that holds it.

    Raises:
        InUse: Another process holds it.
        OSError: The file beside it cannot be made.
    """
    beside = path.with_name(f"{path.name}.lock")
    until = time.monotonic() + seconds
    while True:
        with beside.open("a+", encoding="utf-8") as file:
            taken = _take(file)
            # Whoever held it before may have removed the file just after it was opened here.
            if taken and _is_still(beside, file):
                file.truncate(0)
                file.write(f"process {os.getpid()} on {socket.gethostname()}")
                file.flush()
                try:
                    yield
                finally:
                    with contextlib.suppress(OSError):  # Windows keeps a file that is open
                        beside.unlink()
                return
            if not taken and time.monotonic() >= until:
                file.seek(0)
                who = file.read().strip() or "another process"
                raise InUse(f"{path} is being written by {who}. Wait, or name another file.")
        time.sleep(0.02)


def _is_still(path: Path, file: TextIO) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    return False


def _take(file: TextIO) -> bool:
    """Say whether no other process has the lock; where there are no locks, nobody has it."""
    refused = refusal(file)
    return refused is None or not is_taken(refused)


def is_taken(refused: OSError) -> bool:
    """Say whether another process has the lock; otherwise there are no locks in this folder."""
    return refused.errno in _TAKEN


def refusal(file: IO[Any]) -> OSError | None:
    """Take the operating system's lock of an open file, or return why it is refused."""
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(1 << 30)  # far behind the text, which others must be able to read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error
    return None
