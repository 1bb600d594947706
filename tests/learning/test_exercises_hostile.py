"""Every exercise of every notebook says one sentence, whatever an answer does."""

import threading
import time

import numpy as np
import pytest
from every_exercise import ALONE, fresh_copy, patience, printed, takes_a_function

from workshop_utils.learning.exercises import Outcome


@pytest.fixture
def fresh():
    """Return copies of an exercise that have no tries yet; ``hurry`` makes them impatient."""
    return fresh_copy


def raises(*_):
    raise KeyError("half written")


def leaves(*_):
    raise SystemExit(1)


class UnreadableError(Exception):
    def __str__(self):
        return self.missing


def raises_unreadably(*_):
    raise UnreadableError


def asks(*_):
    return input("How many? ")


def loops(*_):
    while True:
        pass


def calls_itself(*args):
    return calls_itself(*args)


def doing(act):
    """A value that does something as soon as it is looked at as a number, list or text."""
    looks = ("__float__", "__int__", "__index__", "__iter__", "__len__", "__eq__", "__lt__")
    looks += ("__le__", "__gt__", "__ge__", "__getitem__", "__bool__", "__array__", "__call__")
    return type("Acting", (), dict.fromkeys(looks, act) | {"__hash__": object.__hash__})()


class BrokenDictionary(dict):
    def values(self):
        raise RuntimeError("broken")


HOSTILE = {
    "nothing": None,
    "text": "forty-two",
    "not a number": float("nan"),
    "infinite": float("inf"),
    "too long to print": 10**5000,
    "many numbers": np.arange(6.0),
    "no numbers": [],
    "an object": object(),
    "a class": dict,
    "a generator": (n for n in (1, 2)),
    "a broken dictionary": BrokenDictionary(a=1),
    "another count of arguments": lambda: 1,
    "returns nothing": lambda *_: None,
    "returns what it gets": lambda *args: args,
    "raises": raises,
    "raises unreadably": raises_unreadably,
    "leaves": leaves,
    "calls itself": calls_itself,
    "asks": asks,
    "a value that raises": doing(raises),
    "a value that leaves": doing(leaves),
    "a value that asks": doing(asks),
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("exercise", ALONE)
def test_a_check_never_raises_nor_asks(capsys, fresh, monkeypatch, exercise, answer):
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("it asked"))
    copy = fresh(exercise)
    line = printed(capsys, copy, *[answer] * len(exercise.solution_answers()))
    assert copy.results[-1].outcome is Outcome.NOT_YET
    assert line.startswith("Not yet: ")
    assert len(line) < 400


@pytest.mark.parametrize("exercise", ALONE)
def test_a_check_never_hangs(capsys, fresh, exercise):
    count = len(exercise.solution_answers())
    started = time.perf_counter()
    said = [
        printed(capsys, fresh(exercise, hurry=True), *[each] * count)
        for each in (loops, doing(loops))
    ]
    # Far above the limit, far below "for ever", also on a busy machine.
    assert time.perf_counter() - started < 60
    assert all(line.startswith("Not yet: ") for line in said)
    if takes_a_function(exercise):
        assert f"your answer did not finish within {patience(exercise):g} seconds" in said[0]
    assert not [one for one in threading.enumerate() if one.name == "exercise"]


@pytest.mark.parametrize("exercise", ALONE)
def test_too_many_and_too_few_answers_are_sentences(capsys, fresh, exercise):
    answers = exercise.solution_answers()
    assert printed(capsys, fresh(exercise), *answers, 1).startswith("Not yet: ")
    assert printed(capsys, fresh(exercise)).startswith("Not attempted yet.")
