"""Run a learner's code so that it can neither hang, nor print, nor ask for input.

The code runs in a daemon thread, because a signal works only in the main thread
of some systems, and a second process would not see the learner's functions.
"""

import builtins
import contextlib
import ctypes
import io
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


class Stopped(Exception):  # noqa: N818 (it is an outcome, not an error of the program)
    """The code was stopped; the message says why and what to repair."""


class _TimeUp(BaseException):
    """Raised inside the running code when its time is over."""


class _AskedForInput(BaseException):
    """Raised in place of waiting for a keyboard."""


class _Silence(io.TextIOBase):
    """Swallows what is written, without keeping an endless loop's output."""

    def write(self, text: str) -> int:
        return len(text)


def run_guarded(work: Callable[[], T], time_limit: float) -> T:
    """Run ``work`` in a thread of its own and give back what it returns.

    While it runs, nothing that it prints is shown and ``input()`` is refused.
    Code that waits inside C (a very long ``time.sleep``) cannot be stopped; it is
    left behind in a daemon thread, which ends with the kernel.

    Args:
        work: Code without arguments.
        time_limit: Seconds after which it is stopped.

    Returns:
        The value that ``work`` returns.

    Raises:
        Stopped: It took too long, asked for input, or was interrupted.
        BaseException: Whatever else ``work`` raises, SystemExit included.
    """
    returned: list[T] = []
    raised: list[BaseException] = []

    def target() -> None:
        try:
            returned.append(work())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=target, name="exercise", daemon=True)
    try:
        with _silent(), _no_input():
            thread.start()
            thread.join(time_limit)
            timed_out = thread.is_alive()
            _stop(thread)
    except KeyboardInterrupt:
        _stop(thread)
        raise Stopped("the check was interrupted; run the cell again.") from None
    if timed_out:
        raise Stopped(
            f"your answer did not finish within {time_limit:g} seconds; "
            "look for a loop that never ends."
        )
    if not raised:
        return returned[0]
    if isinstance(raised[0], _AskedForInput):
        raise Stopped("your answer calls input(); write the value into the code.")
    raise raised[0]


def _stop(thread: threading.Thread) -> None:
    """Raise ``_TimeUp`` in a running thread, again if the code catches it."""
    for _ in range(20):
        if not thread.is_alive() or thread.ident is None:
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_TimeUp)
        )
        thread.join(0.05)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    with contextlib.redirect_stdout(_Silence()), contextlib.redirect_stderr(_Silence()):
        yield


@contextlib.contextmanager
def _no_input() -> Iterator[None]:
    """Replace ``input`` while the learner's code runs; Jupyter replaces it the same way."""

    def refuse(*_: Any, **__: Any) -> str:
        raise _AskedForInput

    before, stdin = builtins.input, sys.stdin
    builtins.input = refuse
    sys.stdin = io.StringIO()
    try:
        yield
    finally:
        builtins.input = before
        sys.stdin = stdin
