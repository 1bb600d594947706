"""Files that are written whole or not at all, and what the workshop wrote.

A file is written under another name in its folder, then moved into place in
one step. What was written in the cache or among the artifacts is noted in a
list there, so that clearing removes the workshop's files and no others.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop_utils.runtime.storage.folders import (
    ARTIFACTS_VARIABLE,
    CACHE_VARIABLE,
    StorageError,
    artifacts_path,
    cache_path,
)

LIST_NAME = ".lstm-workshop-files"
_PART = re.compile(r"^\..+\.[0-9a-f]{8}\.part(\.[^.]*)?$")
_STALE_SECONDS = 3600.0
# Only these are the folder's fault; what else fails in the block is the caller's own.
_NO_ROOM = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True)
class Usage:
    """What the workshop keeps in one of its folders.

    Attributes:
        name: ``cache`` or ``artifacts``.
        folder: Where it lies; the folder may not exist yet.
        files: The files that the workshop wrote there, sorted.
        size_bytes: Their size together, in bytes.
    """

    name: str
    folder: Path
    files: tuple[Path, ...]
    size_bytes: int


@contextlib.contextmanager
def atomic_path(target: str | os.PathLike[str], *, noted: bool = True) -> Iterator[Path]:
    """Give a temporary path whose file replaces the target when the block succeeds.

    The temporary file lies in the target's folder and keeps its last suffix,
    because Keras and NumPy choose the format by it. If the block raises, it is
    removed and the target stays as it was. Of several processes that write at
    the same time the last one wins; a reader sees one whole file or another.

    Args:
        target: The file to be written. Its folder is made if need be.
        noted: Whether :func:`clear` may remove the file.

    Yields:
        The path to write to; an empty file lies there.

    Raises:
        StorageError: The folder cannot be written, the disk is full, the file
            cannot be moved into place, or the block removed the temporary file.
    """
    target = Path(target)
    part = _new_part(target)
    try:
        with _explained(target, _NO_ROOM):
            yield part
        with _explained(target):
            with part.open("rb+") as file:
                os.fsync(file.fileno())  # wait until the disk has the bytes
            _replace(part, target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    if noted:
        _note(target)


def _new_part(target: Path) -> Path:
    """Make the empty temporary file; the user's own permissions (umask) hold for it."""
    part = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part{target.suffix}")
    with _explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part.touch(exist_ok=False)
    for left in _parts(target.parent):
        # Somebody's process was killed; what is still being written is younger.
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
    return part


def _parts(folder: Path) -> list[Path]:
    """Return the temporary files in a folder, those that a killed process left among them."""
    with contextlib.suppress(OSError):
        return [path for path in folder.iterdir() if _PART.match(path.name)]
    return []


def _replace(part: Path, target: Path) -> None:
    """Move into place; Windows refuses while somebody reads the target, so try for a while."""
    for seconds in (0.05, 0.1, 0.2, 0.4, 0.8):
        with contextlib.suppress(PermissionError):
            part.replace(target)
            return
        time.sleep(seconds)
    part.replace(target)


@contextlib.contextmanager
def _explained(target: Path, numbers: Collection[int] = ()) -> Iterator[None]:
    """Make an error say what to do; one of other numbers than these, if any, stays itself."""
    try:
        yield
    except OSError as error:
        if isinstance(error, StorageError) or (numbers and error.errno not in numbers):
            raise
        explained = StorageError(
            f"{target} cannot be written ({error.strerror or error}). Make room there, or set "
            f"{CACHE_VARIABLE} (downloads) or {ARTIFACTS_VARIABLE} (what notebooks save) to a "
            "folder that you may write to."
        )
        explained.errno = error.errno  # tells a full disk
        raise explained from error


def write_text(path: str | os.PathLike[str], text: str, *, noted: bool = True) -> None:
    r"""Write a text file as UTF-8 with ``\n`` at line ends, whole or not at all.

    Args:
        path: The file; its folder is made if need be.
        text: What it holds afterwards.
        noted: Whether :func:`clear` may remove the file.

    Raises:
        StorageError: The folder cannot be written, or the disk is full.
    """
    with atomic_path(path, noted=noted) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def check_writable(folder: Path) -> None:
    """Write an empty file into a folder and remove it again.

    Raises:
        StorageError: The folder cannot be written.
    """
    _new_part(folder / "probe").unlink(missing_ok=True)


def _note(path: Path) -> None:
    """Note that the workshop wrote a file, so that :func:`clear` may remove it.

    A file outside the cache and the artifacts is not noted, and neither is anything
    in a folder that takes no list: the file itself matters more than the note.
    """
    file = path.absolute()
    # The artifacts come first, because they usually lie below the cache.
    folder = next((f for f in (artifacts_path(), cache_path()) if file.is_relative_to(f)), None)
    with contextlib.suppress(OSError):
        if folder is not None and file not in _noted(folder):
            with (folder / LIST_NAME).open("a", encoding="utf-8", newline="\n") as notes:
                notes.write(f"{file.relative_to(folder).as_posix()}\n")


def _noted(folder: Path) -> set[Path]:
    """Return the entries of a folder's list; none where there is no list."""
    try:
        entries = (folder / LIST_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {folder / entry for entry in entries if entry}


def usage() -> tuple[Usage, ...]:
    """Return what lies in the cache and among the artifacts; nothing is made or changed.

    Files that somebody else put into these folders are not counted.
    """
    rows = []
    for name, folder in (("cache", cache_path()), ("artifacts", artifacts_path())):
        files = _files(folder)
        rows.append(Usage(name, folder, files, sum(path.lstat().st_size for path in files)))
    return tuple(rows)


def _files(folder: Path) -> tuple[Path, ...]:
    """Return the noted files that are there and lie in the folder, and what killed writes left."""
    root = folder.resolve()
    inside = {path for path in _noted(folder) if path.parent.resolve().is_relative_to(root)}
    for parent in {folder, *(path.parent for path in inside)}:
        inside.update(_parts(parent))
    return tuple(sorted(path for path in inside if path.is_file() or path.is_symlink()))


def clear() -> None:
    """Remove the files that the workshop wrote, and folders that are empty afterwards.

    Raises:
        StorageError: A file cannot be removed.
    """
    for each in usage():
        for path in (*each.files, each.folder / LIST_NAME):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StorageError(
                    f"{path} cannot be removed ({error.strerror or error}). Close the programs "
                    "that use it, then run the command again."
                ) from error
        # Folders that are not empty refuse; the store's own folder stays.
        emptied = {p for file in each.files for p in file.parents if each.folder in p.parents}
        for folder in sorted(emptied, key=lambda path: len(path.parts), reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()
