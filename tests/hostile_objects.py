"""Two hundred answers that nobody meant: each ends in one line, at every exercise."""

import array
import collections
import contextlib
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import itertools
import operator
import pathlib
import random
import re
import sys
import threading
import time
import types
import uuid
import weakref
from unittest import mock

import numpy as np
import pandas as pd


def raises(*_, **__):
    raise KeyError("half written")


class UnreadableError(Exception):
    def __str__(self):
        return self.missing


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Point:
    x: int = 1


Pair = collections.namedtuple("Pair", "a b")


class BrokenDictionary(dict):
    def values(self):
        raise RuntimeError("broken")


class EndlessLength(list):
    def __len__(self):
        return 10**12


class Contrary(str):
    def __eq__(self, other):
        raise TypeError("compared")

    __hash__ = str.__hash__


class Anything:
    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __iter__(self):
        return itertools.repeat(self)


LOOKS = [
    *("__float__", "__int__", "__index__", "__iter__", "__len__", "__eq__", "__lt__", "__le__"),
    *("__gt__", "__ge__", "__getitem__", "__bool__", "__array__", "__call__", "__next__"),
]


def doing(act):
    """A value that does something as soon as it is looked at as a number, list or text."""
    return type("Acting", (), dict.fromkeys(LOOKS, act) | {"__hash__": object.__hash__})()


def error_of(kind, *words):
    def fails(*_, **__):
        raise kind(*words)

    return fails


def leaves(*_, **__):
    raise SystemExit(1)


def asks(*_, **__):
    return input("How many? ")


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


def yields_forever(*_):
    yield from itertools.repeat(0)


def yields_nothing(*_):
    yield from ()


def yields_a_stub(*_):
    yield "so far"
    raise KeyError("no further")


def holds_itself():
    own = []
    own.append(own)
    return own


def gives(value):
    return lambda *_, **__: value


def endless(*_, **__):
    while True:
        pass


def sleeps(*_, **__):
    for _ in range(2000):
        time.sleep(0.01)


ENDLESS = {
    "a loop": endless,
    "a sleep": sleeps,
    "a value that loops": doing(endless),
    "a generator without an end": itertools.count(),
    "yields for ever": yields_forever,
}
VALUES = {
    "none": None,
    "not implemented": NotImplemented,
    "true": True,
    "an int": -7,
    "a huge int": 10**5000,
    "a float": -0.123,
    "nan": float("nan"),
    "infinity": float("inf"),
    "minus infinity": -float("inf"),
    "complex": 1j,
    "a text": "forty-two",
    "an empty text": "",
    "a long text": "a" * 100_000,
    "control characters": "\x00\x1b[31m\ud800",
    "bytes": b"\xff\x00",
    "a bytearray": bytearray(b"ab"),
    "a memory view": memoryview(b"abc"),
    "a range": range(3),
    "an endless range": range(10**15),
    "a slice": slice(1, 2),
    "an empty list": [],
    "an empty tuple": (),
    "an empty dictionary": {},
    "an empty set": set(),
    "nested lists": [[[[[]]]]],
    "ragged lists": [[1], [1, 2], 3],
    "mixed list": [1, "a", None, 2.0],
    "a list of nones": [None, None],
    "a list of dictionaries": [{}, {}],
    "a list of functions": [len, print],
    "a list that holds itself": holds_itself(),
    "a list with a false length": EndlessLength([1]),
    "a long list": [0] * 1_100_000,
    "a dictionary": {"a": 1},
    "a dictionary of numbers": {1: 2, 3: 4},
    "a broken dictionary": BrokenDictionary(a=1),
    "a set": {1, 2},
    "a frozen set": frozenset("ab"),
    "a deque": collections.deque([1]),
    "a counter": collections.Counter("aab"),
    "a default dictionary": collections.defaultdict(list),
    "a chain map": collections.ChainMap({}),
    "a user list": collections.UserList([1]),
    "a user text": collections.UserString("a"),
    "a named tuple": Pair(1, 2),
    "an array of the library": array.array("d", [1.0]),
    "a namespace": types.SimpleNamespace(a=1),
    "a mapping proxy": types.MappingProxyType({}),
    "an enumeration": Colour,
    "a member": Colour.RED,
    "a data class": Point,
    "a point": Point(),
    "an object": object(),
    "a class": dict,
    "a type": type,
    "a module": np,
    "a fraction": fractions.Fraction(-1, 3),
    "a decimal": decimal.Decimal("NaN"),
    "a date": datetime.date(2026, 1, 1),
    "a time span": datetime.timedelta(1),
    "a path": pathlib.Path("nowhere"),
    "a pattern": re.compile("a"),
    "a match": re.match("a", "a"),
    "an identifier": uuid.UUID(int=0),
    "a file": io.StringIO("a"),
    "a closed file": io.BytesIO(),
    "a weak reference": weakref.ref(Point),
    "a lock": threading.Lock(),
    "a thread": threading.Thread(),
    "a random generator": random.Random(0),
    "an iterator": iter([1, 2]),
    "an empty iterator": iter([]),
    "a generator": (n for n in (1, 2)),
    "a generator that fails": (1 // n for n in (1, 0)),
    "a map": map(str, [1]),
    "a zip": zip([1], [2], strict=True),
    "an enumerate": enumerate("ab"),
    "a filter": filter(None, [1]),
    "a reversed": reversed([1, 2]),
    "an error": ValueError("kept"),
    "an error class": KeyError,
    "a base exception": KeyboardInterrupt(),
    "a mock": mock.MagicMock(),
    "a plain mock": mock.Mock(),
    "anything": Anything(),
    "a contrary text": Contrary("a"),
    "a frame": sys._getframe(),
    "a code object": raises.__code__,
    "a static method": staticmethod(len),
    "a property": property(len),
    "a bound method": "a".upper,
    "a numpy function": np.tanh,
    "a numpy int": np.int8(-3),
    "a numpy float": np.float16(-0.3),
    "a numpy complex": np.complex64(1j),
    "a numpy text": np.str_("a"),
    "a numpy date": np.datetime64("2026-01-01"),
    "no time": np.timedelta64("NaT"),
    "a numpy bool": np.False_,
    "no axes": np.array(-7.0),
    "no numbers": np.array([]),
    "many numbers": np.arange(7.0),
    "a table of numbers": np.eye(7),
    "five axes": np.zeros((1, 2, 1, 2, 1)),
    "numbers that are none": np.full(4, np.nan),
    "objects": np.array([None, {}], dtype=object),
    "texts": np.array(["a", "b"]),
    "byte texts": np.array([b"a"]),
    "dates": np.array(["2026-01-01"], dtype="datetime64[D]"),
    "records": np.zeros(2, dtype=[("a", int), ("b", float)]),
    "a record": np.zeros(1, dtype=[("a", int)])[0],
    "a matrix": np.matrix([[1, 2]]),
    "masked": np.ma.masked,
    "masked numbers": np.ma.array([1, 2], mask=[0, 1]),
    "a huge array": np.broadcast_to(np.float64(0), (10**6, 10**6)),
    "a large array": np.zeros(1_100_000),
    "read only": np.broadcast_to(1.0, 3),
    "a numpy dtype": np.dtype("int8"),
    "a numpy generator": np.random.default_rng(0),
    "a numpy iterator": np.nditer(np.arange(3)),
    "a polynomial": np.polynomial.Polynomial([1, 2]),
    "a Series": pd.Series([1, 2]),
    "a Series of texts": pd.Series(["a", None]),
    "an empty Series": pd.Series([], dtype=float),
    "a DataFrame": pd.DataFrame({"a": [1], "b": ["x"]}),
    "an empty DataFrame": pd.DataFrame(),
    "an index": pd.Index([1, 2]),
    "a multi-index": pd.MultiIndex.from_tuples([(1, 2)]),
    "a time stamp": pd.Timestamp("2026-01-01"),
    "no time stamp": pd.NaT,
    "not available": pd.NA,
    "an interval": pd.Interval(0, 1),
    "a category": pd.Categorical(["a"]),
    "nullable numbers": pd.array([1, None]),
    "a group-by": pd.Series([1]).groupby([0]),
    "a partial of a class": functools.partial(dict, a=1),
    "an item getter": operator.itemgetter(5),
    "an attribute getter": operator.attrgetter("missing"),
    "a value that raises": doing(raises),
    "a value that leaves": doing(leaves),
    "a value that asks": doing(asks),
    "a value that is interrupted": doing(error_of(KeyboardInterrupt)),
}
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
