"""Run a learner's code so that it can neither hang, nor print, nor ask for input.

An exception raised in the running thread ends a loop: signals do not exist on every
system, and a second process would not see the learner's functions.
"""

import contextlib
import ctypes
import functools
import io
import os
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

T = TypeVar("T")

PATROL = 0.1
"""Seconds between two looks at the functions that run."""


class Stopped(Exception):  # noqa: N818 (it is an outcome, not an error of the program)
    """The code was stopped; the message says why and what to repair."""


class TimeUp(BaseException):
    """Raised inside the running code when its time is over."""


class _AskedForInput(BaseException):
    """Raised in place of waiting for a keyboard."""


def run_guarded(work: Callable[[], T], time_limit: float) -> T:
    """Run ``work`` in a thread of its own and give back what it returns.

    While it runs, nothing that it prints is shown and ``input()`` is refused. Code
    that waits inside C (a very long ``time.sleep``) is left behind in a daemon thread.

    Raises:
        Stopped: It took more than ``time_limit`` seconds, asked for input, or was interrupted.
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
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
            mock.patch("builtins.input", side_effect=_AskedForInput),
            mock.patch("sys.stdin", io.StringIO()),
        ):
            thread.start()
            thread.join(time_limit)
            timed_out = thread.is_alive()
            _stop(thread)
    except KeyboardInterrupt:
        _stop(thread)
        raise Stopped("the check was interrupted; run the cell again.") from None
    if timed_out:
        told = f"your answer did not finish within {time_limit:g} seconds"
        raise Stopped(f"{told}; look for a loop that never ends.")
    if not raised:
        return returned[0]
    if isinstance(raised[0], _AskedForInput):
        raise Stopped("your answer calls input(); write the value into the code.")
    raise raised[0]


def _stop(thread: threading.Thread) -> None:
    for _ in range(20):  # again if the code catches it
        if thread.ident is not None and thread.is_alive():
            _interrupt(thread.ident)
            thread.join(0.05)


def _interrupt(thread_id: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(TimeUp))


def with_fallback(
    learner: Callable[..., Any],
    ours: Callable[..., Any],
    limit: float,
    failed: Callable[[BaseException], object],
) -> Callable[..., Any]:
    """Wrap a learner's function so that its later failures harm no other cell.

    After an error, or a call of more than ``limit`` seconds, ``ours`` answers this call and
    all later ones, and ``failed`` is told why. When ``ours`` fails too, the arguments are
    at fault: its error passes on, and the learner's function stays.
    """
    watch = _Watch(limit)

    @functools.wraps(learner)
    def runs(*args: Any, **kwargs: Any) -> Any:
        if watch.broken:
            return ours(*args, **kwargs)
        if watch.since:  # called by itself, or by a second thread
            return learner(*args, **kwargs)
        try:
            watch.thread, watch.since = threading.get_ident(), time.perf_counter()
            try:
                return learner(*args, **kwargs)
            finally:
                watch.end()
        except (Exception, SystemExit, TimeUp) as error:
            watch.since = 0.0  # nothing more to end
            result = ours(*args, **kwargs)
            watch.broken = True
            failed(error)
            return result

    runs.given_by_use = True  # type: ignore[attr-defined]
    return runs


class _Watch:
    """When the running call of a function began; a patrol ends the call that takes too long."""

    def __init__(self, limit: float) -> None:
        self.limit, self.since, self.thread = limit, 0.0, 0
        self.broken = self.rang = False
        self.lock = threading.Lock()
        _WATCHES.add(self)
        if len(_WATCHES) == 1:
            threading.Thread(target=_patrol, name="exercise-patrol", daemon=True).start()

    def end(self) -> None:
        with self.lock:
            self.since = 0.0
        if self.rang:
            self.rang = False
            time.sleep(2 * PATROL)  # what was raised arrives here, and not in the caller's code
            raise TimeUp


_WATCHES: "weakref.WeakSet[_Watch]" = weakref.WeakSet()


def _patrol() -> None:
    while _WATCHES:
        time.sleep(PATROL)
        for watch in list(_WATCHES):
            with watch.lock:
                if watch.since and time.perf_counter() - watch.since > watch.limit:
                    watch.rang = True
                    _interrupt(watch.thread)
