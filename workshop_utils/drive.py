"""Google Drive in Colab: offered, never required.

Every way in which mounting fails ends in one sentence and in local storage.
"""

from __future__ import annotations

from pathlib import Path

from workshop_utils.platforms import Platform, detect_platform

MOUNTPOINT = Path("/content/drive")
# Colab has used both names for the learner's own part of the drive.
_OWN_FOLDERS = ("MyDrive", "My Drive")
_LOCAL = "the workshop keeps its files on this machine, which forgets them when the session ends."


def drive_folder(mountpoint: Path | None = None) -> Path | None:
    """Return the learner's own folder on a mounted Drive, or None.

    Args:
        mountpoint: Where Drive is mounted; ``/content/drive`` by default.
    """
    mountpoint = MOUNTPOINT if mountpoint is None else mountpoint
    for name in _OWN_FOLDERS:
        if (mountpoint / name).is_dir():
            return mountpoint / name
    return None


def mount_drive(mountpoint: Path | None = None, timeout_seconds: int = 120) -> bool:
    """Offer to mount Google Drive, in Colab only.

    Colab asks the learner for permission, even when Drive is mounted already,
    so this is looked at first. Nothing is raised when mounting fails.

    Args:
        mountpoint: Where to mount; ``/content/drive`` by default.
        timeout_seconds: How long to wait for the learner's answer, in seconds.

    Returns:
        Whether Drive is mounted now; one printed sentence says it in words.
    """
    mountpoint = MOUNTPOINT if mountpoint is None else mountpoint
    where = detect_platform()
    if where.name != "colab":
        print("Google Drive can be mounted in Colab only; the workshop keeps its files locally.")
        return False
    problem = "" if drive_folder(mountpoint) else _mount(where, mountpoint, timeout_seconds)
    if problem:
        print(f"Google Drive was not mounted ({problem}); {_LOCAL}")
        return False
    own = drive_folder(mountpoint)
    print(f"Google Drive is mounted; the workshop keeps what it saves in {own}.")
    return True


def _mount(where: Platform, mountpoint: Path, timeout_seconds: int) -> str:
    """Mount Drive and return what went wrong, in a few words; an empty string if nothing."""
    if where.enterprise:
        return "Colab Enterprise does not offer it"
    try:
        from google.colab import drive, errors
    except ImportError:
        return "google.colab cannot be imported here"
    try:
        drive.mount(str(mountpoint), timeout_ms=timeout_seconds * 1000)
    except (NotImplementedError, ValueError, OSError, errors.Error) as error:
        return _in_words(error)
    except KeyboardInterrupt:
        # Where no window asks for permission, as in some editors, only this ends the wait.
        return "you stopped it"
    return "" if drive_folder(mountpoint) else "no folder of yours appeared on it"


def _in_words(error: Exception) -> str:
    """Return an error on one line, without its full stop."""
    words = " ".join(str(error).split()).rstrip(".")
    return words or type(error).__name__
