"""What holds for every exercise of every notebook: its mistakes, its hints and its solution."""

import ast
import contextlib
import dataclasses
import functools
import inspect
import re

import numpy as np
import pytest
from every_exercise import ALONE, EXERCISES, MODULES, fresh_copy, printed, takes_a_function

from workshop_utils.learning.exercises import Outcome, exercises_of
from workshop_utils.learning.exercises.core import TRIES_BEFORE_SOLUTION


@pytest.fixture
def fresh():
    """Return copies of an exercise that have no tries yet; ``hurry`` makes them impatient."""
    return fresh_copy


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
def test_usual_mistakes_have_stable_names_and_sentences_of_their_own(exercise):
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in exercise.examples)
    assert len(exercise.examples) == len(exercise.mistakes) >= 2
    sentences = [each.repair for each in exercise.mistakes]
    assert len({*sentences, exercise.otherwise}) == len(sentences) + 1


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
            if copy.trials:
                one(*next(iter(copy.trials())))
            else:  # nobody here knows the arguments
                with contextlib.suppress(Exception):
                    one()
                continue
            assert calls


@pytest.mark.parametrize("exercise", ALONE)
def test_a_stub_and_each_mistake_give_back_the_workshops_own(capsys, exercise):
    ours = exercise.solution_answers()
    wrong = [(tuple(... for _ in ours), "Not attempted yet.")]
    for each in exercise.mistakes:
        wrong.append((exercise.examples[each.name], f"Not yet: {each.repair}"))
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
    source = exercise.solution_source()
    names = vars(module) | {"np": np}  # the notebook has these names too
    if callable(exercise.solved_by):
        names |= exercise.solved_by.__globals__
        exec(source, names)
        answers = (names[ast.parse(source).body[0].name],)
    else:
        answers = eval(f"({source},)", names)
    assert exercise.judge(*answers).outcome is Outcome.CORRECT
