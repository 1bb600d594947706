"""The tables of answers: right ones run the rest as the solution does, wrong ones do not."""

import copy
import functools

import numpy as np
import pytest
from every_exercise import ALONE, MODULES, SUBJECTS, as_answers, fresh_copy, table, variants
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils.learning.exercises import Outcome, exercises_of

TABLES = {number: table(subject) for number, subject in SUBJECTS.items()}
FEWEST_RIGHT = 12
FEWEST_WRONG = 8
FEWEST_NAMES = 3
PAIRS = [
    (number, exercise) for number, module in MODULES.items() for exercise in exercises_of(module)
]


RIGHT = [
    pytest.param(exercise, answer, id=f"{number}-{exercise.name}-{k}")
    for number, exercise in PAIRS
    for k, answer in enumerate(TABLES[number].RIGHT.get(exercise.name, []))
]
WRONG = [
    pytest.param(exercise, name, answer, id=f"{number}-{exercise.name}-{name}-{k}")
    for number, exercise in PAIRS
    for name, answers in TABLES[number].WRONG.get(exercise.name, {}).items()
    for k, answer in enumerate(answers)
]


def assert_kind(given, expected):
    """The kind of a value is that of the solution's, inside of lists and tuples too."""
    if isinstance(expected, np.ndarray):
        assert type(given) is np.ndarray
        assert given.dtype == expected.dtype
    elif isinstance(expected, list | tuple):
        assert type(given) is type(expected)
        for pair in zip(given, expected, strict=False):
            assert_kind(*pair)
    elif isinstance(expected, bool | int | float | str | np.number | np.bool_):
        kinds = {bool: (bool, np.bool_), str: str}.get(type(expected), (int, float, np.number))
        assert isinstance(given, kinds)


def assert_right(exercise, *answers):
    """The answers are correct, and what runs the rest does what the solution does."""
    result = fresh_copy(exercise).judge(*answers)
    assert result.outcome is Outcome.CORRECT, result.line
    for used, ours in zip(result.answers, exercise.solution_answers(), strict=True):
        if not callable(ours):
            assert_kind(used, ours)
            continue
        for arguments in exercise.trials() if exercise.trials else ():
            expected = ours(*copy.deepcopy(arguments))
            returned = used(*copy.deepcopy(arguments))
            assert exercise.same(returned, expected)
            assert_kind(returned, expected)


@pytest.mark.parametrize(("exercise", "answer"), RIGHT)
def test_a_right_answer_is_correct_and_runs_the_rest(exercise, answer):
    assert_right(exercise, *as_answers(exercise, answer))


@pytest.mark.parametrize(("exercise", "name", "answer"), WRONG)
def test_a_wrong_answer_is_not_accepted_and_a_usual_one_is_named(exercise, name, answer):
    result = fresh_copy(exercise).judge(*as_answers(exercise, answer))
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")
    assert result.line.endswith((".", ")."))
    if name:
        assert result.mistake == name, result.line


@pytest.mark.parametrize("number", MODULES)
def test_the_tables_are_long_enough_and_name_exercises_and_mistakes_that_exist(number):
    held = TABLES[number]
    exercises = {each.name: each for each in exercises_of(MODULES[number])}
    assert {*held.RIGHT, *held.WRONG} <= set(exercises)
    for exercise in exercises.values():
        wrong = held.WRONG.get(exercise.name, {})
        assert set(wrong) - {""} <= set(exercise.examples)
        assert len(held.RIGHT[exercise.name]) >= FEWEST_RIGHT, exercise.name
        assert sum(map(len, wrong.values())) >= FEWEST_WRONG, exercise.name
        assert len(set(wrong) - {""}) >= FEWEST_NAMES, exercise.name


# --- variants in type and container, made here --------------------------------------------


def in_form(function, name):
    """Return a function that gives what another gives, in the named variant."""

    @functools.wraps(function)
    def other(*args):
        result = function(*args)
        return variants(result).get(name, result)

    return other


def forms_of(exercise):
    """Return the names of the variants of an exercise's answer; for functions, of its results."""
    answer, *_ = exercise.solution_answers()
    if not callable(answer):
        return list(variants(answer))
    if exercise.trials:
        answer = answer(*next(iter(exercise.trials())))
        return list(variants(answer))
    return list(variants(exercise.gives))


@pytest.mark.parametrize("exercise", ALONE)
def test_the_solution_in_every_form_is_right(exercise):
    for name in forms_of(exercise):
        answers = [
            in_form(each, name) if callable(each) else variants(each).get(name, each)
            for each in exercise.solution_answers()
        ]
        assert_right(exercise, *answers)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_right_function_is_right_in_every_form(data):
    functions = [each.values for each in RIGHT if callable(each.values[1])]
    exercise, answer = data.draw(st.sampled_from(functions))
    if exercise.time_limit <= 10 and (forms := forms_of(exercise)):
        assert_right(exercise, in_form(answer, data.draw(st.sampled_from(forms))))
