"""Run a learner's code in a check so that it can neither hang, nor print, nor ask for input.

An exception raised in the running thread ends a loop: signals do not exist on every
system, and a second process would not see the learner's functions. What the code
raises becomes one sentence for the learner. Outside of a check nothing is watched.
"""

import contextlib
import ctypes
import functools
import io
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import numpy as np

from workshop_utils.learning.exercises.kinds import WrongKind, like

T = TypeVar("T")

WAITING = 10.0
"""Seconds by the clock in which a check may do nothing, asleep for example."""
BUSY = 0.03
"""Share of the processor from which on a moment is work; a busy machine gives a third or less."""
MOST_CORES = 20
"""As many times the limit may be computed in other threads than the check's, as Keras does."""
UNPRINTABLE = r" at 0x[0-9a-fA-F]+|\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f]"
"""What the text of an object may hold, and no line for a learner may."""


class Stopped(BaseException):
    """The code was stopped; the message says why and what to repair.

    It is no ``Exception``, so that the code's own ``except Exception`` does not swallow it.
    """


class Failed(Exception):  # noqa: N818 - it says what happened
    """A learner's function raised an error, which is the cause; the message is the repair."""


_REPAIRS: dict[type[BaseException], str] = {
    RecursionError: "your function calls itself without an end; give it a case that stops.",
    SystemExit: "your answer tries to leave Python; take exit() or quit() out.",
    MemoryError: "your answer asks for more memory than there is; look at the sizes.",
}


def explain(error: BaseException) -> str:
    """Turn what the learner's code threw into one stable sentence."""
    if isinstance(error, Stopped | Failed | WrongKind):
        return str(error)
    for kind, sentence in _REPAIRS.items():
        if isinstance(error, kind):
            return sentence
    try:
        detail = " ".join(re.sub(UNPRINTABLE, "", str(error)).split())[:200]
    except Exception:  # the message of a learner's own error may fail too
        detail = ""
    if isinstance(error, NameError):
        return f"a name in your answer does not exist here; define or import it first ({detail})."
    what = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    return f"your answer stops with an error ({what})."


def run_guarded(work: Callable[[], T], seconds: float) -> T:
    """Run ``work`` in a thread of its own and give back what it returns.

    While it runs, nothing that it prints is shown and ``input()`` is refused; afterwards the
    random numbers go on as if nothing had been drawn. Code that waits inside C (a very long
    ``time.sleep``) is left behind in a daemon thread.

    Args:
        work: What is run.
        seconds: How long it may compute, so that a busy machine stops nothing; it may wait
            for ten seconds by the clock besides.

    Raises:
        Stopped: It took longer, asked for input, or was interrupted.
        BaseException: Whatever else ``work`` raises, SystemExit included.
    """
    outcome: Future[T] = Future()
    clock: list[Callable[[], float]] = []

    def target() -> None:
        clock.append(_own_clock())
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
            _random_numbers_kept(),
        ):
            thread.start()
            in_time = _ends_in_time(thread, clock, seconds)
            _stop(thread, outcome.done)
    except KeyboardInterrupt:
        _stop(thread, outcome.done)
        raise Stopped("the check was interrupted; run the cell again.") from None
    if not in_time:
        raise Stopped("your answer took too long to check; look for a loop that never ends.")
    return outcome.result()


@contextlib.contextmanager
def _random_numbers_kept() -> Iterator[None]:
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 - learners may use it
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002


def _own_clock() -> Callable[[], float]:
    """Return a clock that tells the processor time of this thread, to other threads too."""
    start = time.process_time()
    if not hasattr(time, "pthread_getcpuclockid"):  # Windows and macOS: of all threads
        return lambda: time.process_time() - start
    number = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(number)


def _ends_in_time(
    thread: threading.Thread, clock: list[Callable[[], float]], seconds: float
) -> bool:
    start = before = time.process_time()
    waited = 0.0
    at = time.monotonic()
    while thread.is_alive():
        thread.join(min(0.05, seconds))
        now = time.process_time()
        moment = time.monotonic()
        if now - before < BUSY * (moment - at):
            waited += moment - at
        before = now
        at = moment
        with contextlib.suppress(IndexError, OSError):  # not started yet, or over
            too_long = clock[0]() > seconds or now - start > MOST_CORES * seconds
            if too_long or waited > max(WAITING, seconds):
                return not thread.is_alive()
    return True


def _stop(thread: threading.Thread, has_answered: Callable[[], bool]) -> None:
    """Stop a thread; one that has answered is only waited for, so that it ends in peace."""
    for _ in range(20):  # again if the code catches it
        if thread.ident is None or not thread.is_alive():
            return
        if not has_answered():
            number = ctypes.c_ulong(thread.ident)
            stop = ctypes.py_object(Stopped)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(number, stop)
        thread.join(0.05)


_running = threading.local()


def own(learner: Callable[..., Any], name: str, example: Any) -> Callable[..., Any]:
    """Return a learner's function as the rest of the notebook calls it: as it is, unwatched.

    An error in it, or the learner's interrupt, passes on, and a line says how to go on. What
    it gives back is turned into the kind of the example where that can be done.
    """

    @functools.wraps(learner)
    def runs(*args: Any, **kwargs: Any) -> Any:
        outer = getattr(_running, "names", ())
        _running.names = outer if name in outer else (*outer, name)
        try:
            result = learner(*args, **kwargs)
        except (Exception, KeyboardInterrupt) as error:
            names = getattr(error, "in_exercises", _running.names)
            with contextlib.suppress(AttributeError):
                error.in_exercises = names  # type: ignore[union-attr]
            if not outer:  # several of the learner's may call one another
                _say_how_to_go_on(error, names)
            raise
        finally:
            _running.names = outer
        with contextlib.suppress(Exception):
            return like(result, example)
        return result

    runs.given_by_use = True  # type: ignore[attr-defined]
    return runs


def _say_how_to_go_on(error: BaseException, names: tuple[str, ...]) -> None:
    ours = " and ".join(f"exercises.{each}.use(...)" for each in names)
    where = f"You stopped the cell in your {' and '.join(names)}."
    if isinstance(error, Exception):
        where = f"The error below arose in your {names[-1]}."
        ours = f"exercises.{names[-1]}.use(...)"
    print(f"{where} To go on with the workshop's, write {ours}, with the three dots.")
