"""Run a learner's code so that it can neither hang, nor print, nor ask for input.

An exception raised in the running thread ends a loop: signals do not exist on every
system, and a second process would not see the learner's functions.
"""

import builtins
import contextlib
import ctypes
import functools
import io
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

T = TypeVar("T")

PATROL = 0.1
"""Seconds between two looks at the functions that run."""


class Stopped(Exception):  # noqa: N818 (it is an outcome, not an error of the program)
    """The code was stopped; the message says why and what to repair."""


class TimeUp(BaseException):
    """Raised inside the running code when its time is over."""


class _AskedForInput(BaseException):
    """Raised in place of waiting for a keyboard."""


class _Silence(io.TextIOBase):
    """Swallows what is written, without keeping an endless loop's output."""

    def write(self, text: str) -> int:
        return len(text)


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
        with _silent_and_deaf():
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


def _interrupt(thread_id: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(TimeUp))


def _stop(thread: threading.Thread) -> None:
    for _ in range(20):  # again if the code catches it
        if not thread.is_alive() or thread.ident is None:
            return
        _interrupt(thread.ident)
        thread.join(0.05)


@contextlib.contextmanager
def _silent_and_deaf() -> Iterator[None]:
    """Swallow output and refuse ``input``; Jupyter replaces ``input`` the same way."""

    def refuse(*_: Any, **__: Any) -> str:
        raise _AskedForInput

    before, stdin = builtins.input, sys.stdin
    builtins.input, sys.stdin = refuse, io.StringIO()
    try:
        with contextlib.redirect_stdout(_Silence()), contextlib.redirect_stderr(_Silence()):
            yield
    finally:
        builtins.input, sys.stdin = before, stdin


def with_fallback(
    learner: Callable[..., Any],
    ours: Callable[..., Any],
    limit: float,
    failed: Callable[[BaseException], object],
) -> Callable[..., Any]:
    """Wrap a learner's function so that its later failures harm no other cell.

    After an error, or ``limit`` seconds without a pause, ``ours`` answers this call and
    all later ones, and ``failed`` is told why. When ``ours`` fails too, the arguments are
    at fault: its error passes on, and the learner's function stays.
    """
    clock = _Clock(limit)

    @functools.wraps(learner)
    def runs(*args: Any, **kwargs: Any) -> Any:
        if clock.broken:
            return ours(*args, **kwargs)
        if clock.started:  # called by itself, or by a second thread
            return learner(*args, **kwargs)
        try:
            with clock:
                return learner(*args, **kwargs)
        except (Exception, SystemExit, TimeUp) as error:
            clock.started = 0.0
            result = ours(*args, **kwargs)
            clock.broken = True
            failed(error)
            return result

    runs.given_by_use = True  # type: ignore[attr-defined]
    return runs


class _Clock:
    """Seconds that a function has used since its last pause; ends the call that uses too many."""

    _all: ClassVar["weakref.WeakSet[_Clock]"] = weakref.WeakSet()
    _patrol: threading.Thread | None = None

    def __init__(self, limit: float) -> None:
        self.limit, self.broken, self.started = limit, False, 0.0
        self._spent, self._ended, self._thread, self._rang = 0.0, 0.0, 0, False
        self._lock = threading.Lock()
        _Clock._all.add(self)
        if _Clock._patrol is None or not _Clock._patrol.is_alive():
            _Clock._patrol = threading.Thread(target=_patrol, name="exercise-clock", daemon=True)
            _Clock._patrol.start()

    def __enter__(self) -> None:
        self._thread, self.started = threading.get_ident(), time.perf_counter()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._lock:
            self._ended = time.perf_counter()
            self._spent += self._ended - self.started
            self.started = 0.0
        if self._rang and kind is not TimeUp:
            time.sleep(PATROL)  # what was raised arrives here, and not in the caller's code
            raise TimeUp

    def look(self) -> None:
        with self._lock:
            now = time.perf_counter()
            if self.started and self._spent + now - self.started > self.limit:
                self._rang = True
                _interrupt(self._thread)
            elif not self.started and now - self._ended > 1.0:
                self._spent = 0.0


def _patrol() -> None:
    while True:
        time.sleep(PATROL)
        for clock in list(_Clock._all):
            clock.look()
