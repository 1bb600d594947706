"""The two folders of the workshop: downloads in the cache, what notebooks save in the artifacts."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from workshop_utils.drive import drive_folder
from workshop_utils.platforms import detect_platform

CACHE_VARIABLE = "LSTM_WORKSHOP_CACHE"
ARTIFACTS_VARIABLE = "LSTM_WORKSHOP_ARTIFACTS"
FOLDER_NAME = "lstm-workshop"


class StorageError(OSError):
    """A folder or file cannot be written; the message says what to do about it."""


def cache_dir() -> Path:
    """Return the folder for downloads, made if need be.

    It is ``LSTM_WORKSHOP_CACHE`` where that is set, else ``lstm-workshop`` in the
    user's cache folder (``~/.cache``, ``~/Library/Caches`` or ``%LOCALAPPDATA%``).

    Raises:
        StorageError: The folder cannot be made.
    """
    return _made(cache_path(), CACHE_VARIABLE)


def artifacts_dir() -> Path:
    """Return the folder for what the notebooks save, made if need be.

    It is ``LSTM_WORKSHOP_ARTIFACTS`` where that is set, else a folder on Google
    Drive in Colab when Drive is mounted, else ``artifacts`` in the cache. Where
    ``LSTM_WORKSHOP_CACHE`` names a folder that cannot be written, as a cache that
    many learners share, it is ``lstm-workshop/artifacts`` in the user's own cache folder.

    Raises:
        StorageError: The folder cannot be made.
    """
    try:
        return _made(artifacts_path(), ARTIFACTS_VARIABLE)
    except StorageError:
        if _chosen(ARTIFACTS_VARIABLE) is not None:
            raise
    # A Drive that is full or has gone away must not stop the lesson.
    return _made(_artifacts_without_drive(), ARTIFACTS_VARIABLE)


def cache_path() -> Path:
    """Return where the cache lies, without making it."""
    return _chosen(CACHE_VARIABLE) or _user_cache() / FOLDER_NAME


def artifacts_path() -> Path:
    """Return where the artifacts lie, without making the folder."""
    chosen = _chosen(ARTIFACTS_VARIABLE)
    if chosen is not None:
        return chosen
    drive = drive_folder() if detect_platform().name == "colab" else None
    return drive / FOLDER_NAME / "artifacts" if drive else _artifacts_without_drive()


def artifacts_without_drive() -> Path | None:
    """Return where the artifacts lie while no Drive is mounted; None where a setting says where."""
    return None if _chosen(ARTIFACTS_VARIABLE) is not None else _artifacts_without_drive()


def _artifacts_without_drive() -> Path:
    beside = cache_path() / "artifacts"
    if _chosen(CACHE_VARIABLE) is not None and _takes_no_files(beside):
        return _user_cache() / FOLDER_NAME / "artifacts"
    return beside


def _takes_no_files(folder: Path) -> bool:
    """Say whether a folder, or the nearest one above it that is there, cannot be written."""
    there = next(place for place in (folder, *folder.parents) if os.access(place, os.F_OK))
    return not os.access(there, os.W_OK | os.X_OK)


def _chosen(variable: str) -> Path | None:
    """Return the folder that a variable names; an empty variable counts as unset."""
    value = os.environ.get(variable, "").strip()
    return Path(value).expanduser().absolute() if value else None


def _user_cache() -> Path:
    """Return the folder in which this system keeps caches; the temporary one as a last resort."""
    with contextlib.suppress(RuntimeError):
        return _cache_below(Path.home(), sys.platform)
    return Path(tempfile.gettempdir())


def _cache_below(home: Path, system: str) -> Path:
    if system == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if system == "darwin":
        return home / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def _made(folder: Path, variable: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made ({error.strerror or error}). "
            f"Set {variable} to a folder that you may write to."
        ) from error
    return folder
