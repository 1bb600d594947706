"""Functions that nobody meant as answers; with hostile_objects, two hundred."""

import contextlib
import random
import sys
import threading
import time
from unittest import mock

import numpy as np
from hostile_objects import (
    VALUES,
    Anything,
    UnreadableError,
    asks,
    error_of,
    holds_itself,
    leaves,
    raises,
)


def reads(*_, **__):
    return sys.stdin.readline()


def calls_itself(*args):
    return calls_itself(*args)


def calls_itself_in_a_list(*args):
    return [calls_itself_in_a_list(*args)]


def prints(*_, **__):
    print("\x1b[31mhere\x1b[0m", file=sys.stderr)
    print("there")
    return "printed"


def seeds(*_, **__):
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    return np.random.rand()  # noqa: NPY002


def mutates(*args):
    for each in args:
        with contextlib.suppress(Exception):
            each[:] = each * 0
        with contextlib.suppress(Exception):
            each.clear()
    return args


def starts_a_thread(*args):
    thread = threading.Thread(target=lambda: None)
    thread.start()
    return thread


def naps(*_):
    time.sleep(0.002)
    return "slept"


def yields_nothing(*_):
    yield from ()


def yields_a_stub(*_):
    yield "so far"
    raise KeyError("no further")


def gives(value):
    return lambda *_, **__: value


FUNCTIONS = {
    "no arguments": lambda: 1,
    "too many arguments": lambda a, b, c, d, e, f, g, h, i, j: 1,
    "named arguments only": lambda *, a: a,
    "gives nothing": gives(None),
    "gives what it gets": lambda *args: args,
    "gives the first": lambda *args: args[0],
    "gives the last": lambda *args: args[-1],
    "gives itself": lambda *args: gives,
    "raises": raises,
    "raises unreadably": error_of(UnreadableError),
    "raises a class": error_of(type("É" * 50, (Exception,), {})),
    "raises colours": error_of(ValueError, "\x1b[31mred\x1b[0m at 0x7f00"),
    "raises many lines": error_of(ValueError, "line\n" * 900),
    "asserts": error_of(AssertionError),
    "stops an iteration": error_of(StopIteration),
    "ends a generator": error_of(GeneratorExit),
    "misspelt": lambda *_: nunber,  # noqa: F821
    "imports what is not there": lambda *_: __import__("nowhere"),
    "opens what is not there": lambda *_: open("nowhere"),  # noqa: SIM115, PTH123
    "divides by zero": lambda *_: 1 / 0,
    "too much memory": lambda *_: np.zeros(10**16),
    "memory error": error_of(MemoryError),
    "interrupts": error_of(KeyboardInterrupt),
    "leaves": leaves,
    "quits": lambda *_: sys.exit("bye"),
    "asks": asks,
    "reads": reads,
    "calls itself": calls_itself,
    "calls itself in a list": calls_itself_in_a_list,
    "prints": prints,
    "seeds": seeds,
    "mutates": mutates,
    "starts a thread": starts_a_thread,
    "naps": naps,
    "yields nothing": yields_nothing,
    "yields a half": yields_a_stub,
    "is a coroutine": mock.AsyncMock(return_value=1),
    "gives a huge array": gives(np.broadcast_to(np.float64(0), (10**6, 10**6))),
    "gives a long list": gives([0] * 1_100_000),
    "gives a mock": gives(mock.MagicMock()),
    "gives anything": gives(Anything()),
    "gives a list that holds itself": gives(holds_itself()),
    "gives a generator that fails": lambda *_: (1 // n for n in (1, 0)),
    **{
        f"gives {name}": gives(value)
        for name, value in VALUES.items()
        if type(value).__module__ in ("builtins", "numpy", "pandas", "fractions")
        and value is not None
        and not isinstance(value, str | bool | int)
    },
}
HOSTILE = {**VALUES, **FUNCTIONS}
"""Answers; some of them are right somewhere, by chance, and none is anywhere a raw error."""
