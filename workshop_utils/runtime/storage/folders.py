"""The two folders of the workshop: downloads in the cache, what notebooks save in the artifacts."""

from __future__ import annotations

import filecmp
import functools
import os
import shutil
from pathlib import Path

import platformdirs

from workshop_utils.runtime.platforms import detect_platform
from workshop_utils.runtime.storage.drive import look_at_drive

CACHE_VARIABLE = "LSTM_WORKSHOP_CACHE"
ARTIFACTS_VARIABLE = "LSTM_WORKSHOP_ARTIFACTS"
FOLDER_NAME = "lstm-workshop"
_HERE = "from this machine"
KAGGLE_WORKING = Path("/kaggle/working")


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


def cache_path() -> Path:
    """Return where the cache lies, without making it."""
    return _chosen(CACHE_VARIABLE) or _user_cache()


def artifacts_dir() -> Path:
    """Return the folder for what the notebooks save, made if need be.

    It is ``LSTM_WORKSHOP_ARTIFACTS`` where that is set; else a folder on Google
    Drive, in Colab when Drive is mounted; else :func:`local_artifacts_path`. A
    Drive that is dead, hanging, full or read-only is named in one sentence and
    the local folder serves; once Drive is back, it takes over what was saved
    meanwhile.

    Raises:
        StorageError: The folder cannot be made.
    """
    local = local_artifacts_path()
    if local is None:
        return _made(artifacts_path(), ARTIFACTS_VARIABLE)
    folder, problem = _on_drive()
    if folder is not None:
        try:
            chosen = _made(folder, ARTIFACTS_VARIABLE)
            _take_over(local, chosen)
            return chosen
        except OSError as error:
            problem = f"is not usable ({error.strerror or error})"
    if problem:
        _say_once(f"Google Drive {problem}; what is saved goes into {local} on this machine.")
    return _made(local, ARTIFACTS_VARIABLE)


def artifacts_path() -> Path:
    """Return where the artifacts lie, without making the folder."""
    local = local_artifacts_path()
    if local is None:
        return _chosen(ARTIFACTS_VARIABLE) or _user_cache()
    return _on_drive()[0] or local


def _on_drive() -> tuple[Path | None, str]:
    """Return the folder of the artifacts on Drive; or None, and why a mounted Drive has none."""
    if detect_platform().name != "colab":
        return None, ""
    own, problem = look_at_drive()
    if own is None:
        return None, problem
    folder = own / FOLDER_NAME / "artifacts"
    return (None, "cannot be written") if _takes_no_files(folder) else (folder, "")


def local_artifacts_path() -> Path | None:
    """Return where the artifacts lie while no Drive is usable; None where a setting says where.

    On Kaggle it is a folder of the working folder, which Kaggle keeps; elsewhere
    ``artifacts`` in the cache. Where ``LSTM_WORKSHOP_CACHE`` names a folder that cannot be
    written, such as a cache that many learners share, it is in the user's own cache folder.
    """
    if _chosen(ARTIFACTS_VARIABLE) is not None:
        return None
    if detect_platform().name == "kaggle" and KAGGLE_WORKING.is_dir():
        return KAGGLE_WORKING / FOLDER_NAME
    beside = cache_path() / "artifacts"
    if _chosen(CACHE_VARIABLE) is not None and _takes_no_files(beside):
        return _user_cache() / "artifacts"
    return beside


def _takes_no_files(folder: Path) -> bool:
    """Say whether a folder, or the nearest one above it that is there, cannot be written."""
    there = next(place for place in (folder, *folder.parents) if os.access(place, os.F_OK))
    return not os.access(there, os.W_OK | os.X_OK)


def _take_over(local: Path, drive: Path) -> None:
    """Copy to Drive what was saved while it was away.

    What lies on Drive is never replaced: where both have a file, that of this machine is
    copied beside it, because the one on Drive may be the learner's own model.
    """
    moved = 0
    copies = []
    for file in sorted(local.rglob("*")):
        name = file.relative_to(local)
        target = drive / name
        # Locks and lists stay here; the record of progress is moved by its own room.
        private = any(part.startswith(".") for part in name.parts) or file.suffix == ".lock"
        if private or not file.is_file() or file.name.startswith("progress.json"):
            continue
        if target.exists():
            if not _is_newer(file, target) or filecmp.cmp(file, target, shallow=False):
                continue
            target = target.with_name(f"{target.stem} ({_HERE}){target.suffix}")
            if target.exists() and not _is_newer(file, target):
                continue
            copies.append(target.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        shutil.copy2(file, part)
        part.replace(target)
        moved += 1
    if copies:
        print(
            f"On Google Drive, files of the same names are kept and used; those of this machine "
            f"lie beside them: {', '.join(copies)}."
        )
    if moved:
        print(f"Google Drive took over {moved} file{'' if moved == 1 else 's'} from this machine.")


def _is_newer(one: Path, other: Path) -> bool:
    # Drive may keep whole seconds only.
    return one.stat().st_mtime >= other.stat().st_mtime + 1


@functools.cache
def _say_once(sentence: str) -> None:
    print(sentence)


def _chosen(variable: str) -> Path | None:
    """Return the folder that a variable names; an empty variable counts as unset."""
    value = os.environ.get(variable, "").strip()
    return Path(value).expanduser().absolute() if value else None


def _user_cache() -> Path:
    return platformdirs.user_cache_path(FOLDER_NAME, appauthor=False, opinion=False)


def _made(folder: Path, variable: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made ({error.strerror or error}). "
            f"Set {variable} to a folder that you may write to."
        ) from error
    return folder
