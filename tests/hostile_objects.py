"""Values that nobody meant as answers; with hostile_functions, two hundred."""

import array
import collections
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


def yields_forever(*_):
    yield from itertools.repeat(0)


def holds_itself():
    own = []
    own.append(own)
    return own


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
