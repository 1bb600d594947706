"""Silence for TensorFlow's import: its C++ part writes to descriptor 2.

Environment variables alone do not do it: TensorFlow 2.21 prints a few lines
before it reads them. So the descriptor itself is turned away for the length of
the import, and given back. What was written meanwhile is kept, and shown if
the import fails.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator

STDERR_DESCRIPTOR = 2
QUIET_VARIABLES: dict[str, str] = {
    # 3 leaves errors that stop the program, and nothing else.
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Keras reads its backend from a file in the user's home folder otherwise.
    "KERAS_BACKEND": "tensorflow",
}
# Two threads that silence at once could give back each other's silence for good.
_ONE_AT_A_TIME = threading.RLock()


def set_quiet_environment() -> None:
    """Set the variables that TensorFlow and Keras read at import, where the user set none."""
    for name, value in QUIET_VARIABLES.items():
        os.environ.setdefault(name, value)


@contextlib.contextmanager
def silent_stderr() -> Iterator[None]:
    """Keep everything away from file descriptor 2 while the block runs.

    Standard output is not touched, and neither is ``sys.stderr``: a logging
    handler made during an import would keep a replaced one for ever. Python's
    warnings are ignored too. Where there is no descriptor 2 (a program
    without a console on Windows), or the disk is full, the block simply runs.

    Raises:
        BaseException: Whatever the block raises; what was written to the
            descriptor before it is shown first.
    """
    with _ONE_AT_A_TIME, _descriptor_turned_away(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _descriptor_turned_away() -> Iterator[None]:
    try:
        # Closed below, once the descriptor is given back.
        written = tempfile.TemporaryFile()  # noqa: SIM115
        saved = os.dup(STDERR_DESCRIPTOR)
    except OSError:
        yield
        return
    _flush()
    os.dup2(written.fileno(), STDERR_DESCRIPTOR)
    lines = b""
    try:
        yield
    except BaseException:
        _flush()
        written.seek(0)
        lines = written.read()
        raise
    finally:
        _flush()
        os.dup2(saved, STDERR_DESCRIPTOR)
        os.close(saved)
        written.close()
        # A notebook shows ``sys.stderr``, and not the descriptor.
        if lines:
            with contextlib.suppress(AttributeError, OSError, ValueError):
                sys.stderr.write(lines.decode(errors="replace"))


def _flush() -> None:
    """Send what Python holds back, so that it does not end up on the wrong side."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stderr.flush()
