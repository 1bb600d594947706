"""Run a learner's code so that it can neither hang, nor print, nor ask for input.

An exception raised in the running thread ends a loop: signals do not exist on every
system, and a second process would not see the learner's functions. What the code
raises becomes one sentence for the learner.
"""

import contextlib
import ctypes
import functools
import io
import os
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

T = TypeVar("T")

PATROL = 0.1
"""Seconds between two looks at the functions that run."""
ADDRESS = r" at 0x[0-9a-fA-F]+"
"""What the text of an object holds, and no line for a learner may."""


class Stopped(BaseException):
    """The code was stopped; the message says why and what to repair.

    It is no ``Exception``, so that the code's own ``except Exception`` does not swallow it.
    """


_REPAIRS: dict[type[BaseException], str] = {
    RecursionError: "your function calls itself without an end; give it a case that stops.",
    SystemExit: "your answer tries to leave Python; take exit() or quit() out.",
    MemoryError: "your answer asks for more memory than there is; look at the sizes.",
}


def explain(error: BaseException) -> str:
    """Turn what the learner's code threw into one stable sentence."""
    if isinstance(error, Stopped):
        return str(error)
    for kind, sentence in _REPAIRS.items():
        if isinstance(error, kind):
            return sentence
    try:
        detail = " ".join(re.sub(ADDRESS, "", str(error)).split())[:200]
    except Exception:  # the message of a learner's own error may fail too
        detail = ""
    if isinstance(error, NameError):
        return f"a name in your answer does not exist here; define or import it first ({detail})."
    said = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    return f"your answer stops with an error ({said})."


def run_guarded(work: Callable[[], T], time_limit: float) -> T:
    """Run ``work`` in a thread of its own and give back what it returns.

    While it runs, nothing that it prints is shown and ``input()`` is refused. Code
    that waits inside C (a very long ``time.sleep``) is left behind in a daemon thread.

    Raises:
        Stopped: It took more than ``time_limit`` seconds, asked for input, or was interrupted.
        BaseException: Whatever else ``work`` raises, SystemExit included.
    """
    outcome: Future[T] = Future()

    def target() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:
            outcome.set_exception(error)

    asked = Stopped("your answer calls input(); write the value into the code.")
    thread = threading.Thread(target=target, name="exercise", daemon=True)
    try:
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            contextlib.redirect_stdout(nowhere),
            contextlib.redirect_stderr(nowhere),
            mock.patch("builtins.input", side_effect=asked),
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
    return outcome.result()


def _stop(thread: threading.Thread) -> None:
    for _ in range(20):  # again if the code catches it
        if thread.ident is not None and thread.is_alive():
            _interrupt(thread.ident)
            thread.join(0.05)


def _interrupt(thread_id: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(Stopped))


def with_fallback(
    learner: Callable[..., Any], ours: Callable[..., Any], name: str, limit: float
) -> Callable[..., Any]:
    """Wrap a learner's function so that its later failures harm no other cell.

    After an error, or a call of more than ``limit`` seconds, ``ours`` answers this call and
    all later ones, and a line says why. When ``ours`` fails too, the arguments are at fault:
    its error passes on, and the learner's function stays.
    """
    _start_patrol()
    broken = False

    @functools.wraps(learner)
    def runs(*args: Any, **kwargs: Any) -> Any:
        nonlocal broken
        if broken:
            return ours(*args, **kwargs)
        if runs in _ENDS:  # called by itself, or by a second thread
            return learner(*args, **kwargs)
        try:
            _LATE.discard(runs)
            _ENDS[runs] = time.perf_counter() + limit, threading.get_ident()
            try:
                return learner(*args, **kwargs)
            finally:
                _ENDS.pop(runs)
                if runs in _LATE:  # what was raised arrives here, and not in the caller's code
                    time.sleep(2 * PATROL)
                    raise Stopped
        except (Exception, SystemExit, Stopped) as error:
            _ENDS.pop(runs, None)
            result = ours(*args, **kwargs)
            broken = True
            why = f"fails here: {explain(error)}"
            if isinstance(error, Stopped):
                why = f"takes more than {limit:g} seconds."
            print(f"Your {name} {why} From here on the workshop's runs in its place.")
            return result

    runs.given_by_use = True  # type: ignore[attr-defined]
    return runs


_ENDS: dict[Callable[..., Any], tuple[float, int]] = {}
"""The functions that now run: when their time is over, and their thread."""
_LATE: set[Callable[..., Any]] = set()
"""Those that the patrol has found too late."""


@functools.cache
def _start_patrol() -> None:
    threading.Thread(target=_patrol, name="exercise-patrol", daemon=True).start()


def _patrol() -> None:
    while True:
        time.sleep(PATROL)
        for runs, (end, thread_id) in list(_ENDS.items()):
            if time.perf_counter() > end:
                _LATE.add(runs)  # first, so that a call that ends just now waits for the rest
                if runs in _ENDS:
                    _interrupt(thread_id)
