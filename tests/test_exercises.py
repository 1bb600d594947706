"""What holds for every exercise of every notebook, whatever a learner answers."""

import ast
import dataclasses
import functools
import importlib
import inspect
import re
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from workshop_utils import environment, exercises
from workshop_utils.exercises import Outcome, exercises_of
from workshop_utils.exercises.core import TRIES_BEFORE_SOLUTION
from workshop_utils.lessons import EVERY

FOLDER = Path(exercises.__file__).parent
MODULES = {
    lesson.number: importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
    for lesson in EVERY
    if (FOLDER / f"{lesson.subject}.py").exists()
}
EXERCISES = [
    pytest.param(module, exercise, id=f"{number}-{exercise.name}")
    for number, module in MODULES.items()
    for exercise in exercises_of(module)
]
ALONE = [pytest.param(each.values[1], id=each.id) for each in EXERCISES]
LIMIT = 0.3
"""Seconds after which a hostile answer is stopped here, so that the tests stay quick."""


def patience(exercise):
    """Seconds for one judgement: an end in the middle of TensorFlow would leave its locks shut."""
    if exercise.time_limit <= 10:
        return LIMIT
    environment.load_keras()
    return 5.0


@pytest.fixture
def fresh():
    """Return copies of an exercise that have no tries yet; ``hurry`` makes them impatient."""

    def copy(exercise, hurry=False):
        limit = patience(exercise) if hurry else max(exercise.time_limit, 60.0)
        return dataclasses.replace(exercise, time_limit=limit, results=[])

    return copy


def takes_a_function(exercise):
    return all(callable(part) for part in exercise.solution_answers())


def printed(capsys, exercise, *answers):
    """Check answers and return the one line that this prints."""
    exercise.check(*answers)
    shown = capsys.readouterr()
    assert shown.err == ""
    (line,) = shown.out.splitlines()
    return line


# --- how many, and how they are held ----------------------------------------------------


@pytest.mark.parametrize("number", MODULES)
def test_each_notebook_has_enough(number):
    assert len(exercises_of(MODULES[number])) >= (3 if number.isdigit() else 1)


@pytest.mark.parametrize(("module", "exercise"), EXERCISES)
def test_it_carries_the_names_of_its_variable_and_module(module, exercise):
    assert getattr(module, exercise.name) is exercise
    assert exercise.notebook == module.__name__.rpartition(".")[2]


# --- the three outcomes -----------------------------------------------------------------


@pytest.mark.parametrize("exercise", ALONE)
def test_three_usual_mistakes_have_stable_names_and_sentences_of_their_own(exercise):
    assert list(exercise.repairs) == list(exercise.wrong)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in exercise.wrong)
    said = list(exercise.repairs.values())
    assert len(said) >= 3
    assert len({*said, exercise.otherwise}) == len(said) + 1
    assert all(exercise.examples.values()), "a mistake without an example"


@pytest.mark.parametrize("exercise", ALONE)
def test_a_stub_is_not_attempted_in_whatever_form(capsys, fresh, exercise):
    count = len(exercise.solution_answers())
    for stub in (..., lambda *_: ..., (..., ...), {"a": ...}):
        copy = fresh(exercise)
        if callable(stub) and not takes_a_function(exercise):
            continue
        assert printed(capsys, copy, *[stub] * count).startswith("Not attempted yet.")
        assert copy.results[-1].outcome is Outcome.NOT_ATTEMPTED


# --- what runs the rest -----------------------------------------------------------------


def recognisable(exercise):
    """Return right answers that count their calls, and the counter."""
    calls = []

    def counted(answer):
        @functools.wraps(answer)
        def mine(*args, **kwargs):
            calls.append(exercise.name)
            return answer(*args, **kwargs)

        return mine if inspect.isfunction(answer) else answer

    return tuple(map(counted, exercise.solution_answers())), calls


def used(capsys, exercise, *answers):
    """Use answers; return what comes back, always as a tuple, and the one line."""
    given = exercise.use(*answers)
    (line,) = capsys.readouterr().out.splitlines()
    return given if len(exercise.solution_answers()) > 1 else (given,), line


@pytest.mark.parametrize("exercise", ALONE)
def test_a_right_answer_runs_the_rest_and_is_recognised(capsys, exercise):
    copy = dataclasses.replace(exercise, results=[])
    answers, calls = recognisable(copy)
    given, line = used(capsys, copy, *answers)
    assert line.startswith(f"Correct. {copy.after}")
    assert line.endswith("runs the rest.")
    for one, answer in zip(given, answers, strict=True):
        if inspect.isfunction(answer):
            calls.clear()
            trial = next(iter(copy.trials())) if copy.trials else ()
            try:
                one(*trial)
            except Exception:  # without trials, nobody here knows the arguments
                assert not copy.trials
            assert calls


@pytest.mark.parametrize("exercise", ALONE)
def test_a_stub_and_each_mistake_give_back_the_workshops_own(capsys, exercise):
    ours = exercise.solution_answers()
    wrong = [(tuple(... for _ in ours), "Not attempted yet.")]
    for name, example in exercise.examples.items():
        wrong.append((example, f"Not yet: {exercise.repairs[name]}"))
    for answers, start in wrong:
        given, line = used(capsys, dataclasses.replace(exercise, results=[]), *answers)
        assert line.startswith(start)
        assert "Until then the workshop's" in line
        for one, own in zip(given, ours, strict=True):
            assert one is own if callable(own) else np.array_equal(one, own)


# --- hints and solution -----------------------------------------------------------------


@pytest.mark.parametrize("exercise", ALONE)
def test_two_hints_the_second_one_more(capsys, exercise):
    exercise.hint()
    exercise.hint(2)
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"Hint 1: {exercise.hints[0]} (More: hint(2).)"
    assert second == f"Hint 2: {exercise.hints[1]}"
    assert exercise.hints[0] != exercise.hints[1]


def opened(capsys, exercise):
    exercise.solution()
    return capsys.readouterr().out


@pytest.mark.parametrize("exercise", ALONE)
def test_the_solution_opens_after_three_tries_and_stubs_do_not_count(capsys, fresh, exercise):
    copy = fresh(exercise)
    wrong = next(iter(copy.examples.values()))
    for tries in range(TRIES_BEFORE_SOLUTION):
        printed(capsys, copy, ...)
        assert f"you have tried {tries} so far" in opened(capsys, copy)
        printed(capsys, copy, *wrong)
    assert opened(capsys, copy) == f"{copy.solution_source()}\n"


@pytest.mark.parametrize("exercise", ALONE)
def test_the_solution_opens_after_success(capsys, fresh, exercise):
    copy = fresh(exercise)
    printed(capsys, copy, *copy.solution_answers())
    assert opened(capsys, copy) == f"{copy.solution_source()}\n"


@pytest.mark.parametrize(("module", "exercise"), EXERCISES)
def test_the_printed_solution_can_be_copied_and_is_correct(module, exercise):
    answers = []
    for part in exercise.solution_source().split("\n\n"):
        names = vars(module) | {"np": np}  # the notebook has these names too
        if part.startswith("def "):
            exec(part, names)
            answers.append(names[ast.parse(part).body[0].name])
        else:
            answers.append(eval(part, names))
    assert exercise.judge(*answers).outcome is Outcome.CORRECT


# --- whatever an answer does ------------------------------------------------------------


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
