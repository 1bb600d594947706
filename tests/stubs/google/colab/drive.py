"""Mounting of Google Drive."""

import os
import pathlib

from google.colab import _asked, _message
from pexpect.exceptions import TIMEOUT

CALLS = []


def mount(mountpoint, force_remount=False, timeout_ms=120000, readonly=False):
    """End as ``COLAB_STUB_DRIVE`` says; a granted mount makes the learner's folder."""
    CALLS.append((mountpoint, timeout_ms))
    _asked.note("drive.mount")
    outcome = os.environ.get("COLAB_STUB_DRIVE", "granted")
    if outcome == "headless":
        raise NotImplementedError("google.colab.drive is not supported in this environment.")
    if outcome == "denied":
        raise _message.MessageError("Error: credential propagation was unsuccessful")
    if outcome == "timeout":
        raise ValueError("mount failed: timed out")
    if outcome == "vscode":
        raise ValueError("mount failed")
    if outcome == "stopped":
        # No window asked for permission; the learner stops the cell.
        raise KeyboardInterrupt
    if outcome == "unprepared":
        # Outside of a whole runtime, Google's code misses a variable of its own.
        raise KeyError("CLOUDSDK_CONFIG")
    if outcome == "hanging":
        raise TIMEOUT("Timeout exceeded.")
    if outcome == "never":
        # Permission was granted, and the mount never came.
        raise TIMEOUT("<pexpect.popen_spawn.PopenSpawn object at 0x7f0000000000>")
    if outcome == "policy":
        raise ValueError("Mountpoint must be in a directory that exists")
    if outcome in {"granted", "spaced"}:
        name = "MyDrive" if outcome == "granted" else "My Drive"
        (pathlib.Path(mountpoint) / name).mkdir(parents=True)
        print(f"Mounted at {mountpoint}")
