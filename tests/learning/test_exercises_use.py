"""What ``use`` gives back, what its trials find, and what a learner's function may do later."""

import functools
import inspect

import numpy as np
import pytest
from steps import counted, make, no_bias, step, trials, used

from workshop_utils.learning.exercises import Outcome


def test_a_right_function_comes_back_and_runs(capsys):
    mine = counted(step)
    given, line = used(capsys, make(), mine)
    assert line == "Correct. One step. Your step runs the rest."
    before = mine.calls
    assert np.array_equal(given(*next(trials())), step(*next(trials())))
    assert mine.calls == before + 1
    assert list(inspect.signature(make().use(step_of_mine)).parameters) == list("xhWUb")


def step_of_mine(x, h, W, U, b):
    return np.tanh(b + h @ U + x @ W)


@pytest.mark.parametrize(
    ("answer", "start"),
    [
        (..., "Not attempted yet."),
        (lambda *_: ..., "Not attempted yet."),
        (no_bias, "Not yet: the bias is missing."),
        (None, "Not yet: a function is expected"),
        ("step", "Not yet: a function is expected"),
        ((n for n in (1, 2)), "Not yet: a function is expected"),
    ],
)
def test_otherwise_ours_comes_back(capsys, answer, start):
    exercise = make()
    given, line = used(capsys, exercise, answer)
    assert given is step
    assert line.startswith(start)
    assert line.endswith(" Until then the workshop's step runs the rest.")
    assert exercise.results[-1].mistake == ("no_bias" if answer is no_bias else "")


def test_our_own_function_is_no_answer(capsys):
    exercise = make()
    for _ in range(2):
        given, _ = used(capsys, exercise, lambda *_: ...)
        assert given is step
        given, line = used(capsys, exercise, given)
        assert given is step
        assert line.startswith("This is what `use` gave you")
    given, _ = used(capsys, exercise, step_of_mine)
    assert "gave you" in used(capsys, exercise, given)[1]
    assert [each.outcome for each in exercise.results] == [
        Outcome.NOT_ATTEMPTED,
        Outcome.NOT_ATTEMPTED,
        Outcome.CORRECT,
    ]


W = np.ones((3, 2))


def takes_a_global(x, h, W_, U, b):
    return np.tanh(x @ W + h @ U + b)


def in_place(x, h, W, U, b):
    h += np.tanh(x @ W + h @ U + b) - h
    return h


def rounds(*args):
    return step(*args).round(3)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        (takes_a_global, "your function uses `W` of the notebook; use its arguments only."),
        (in_place, "your function changes its arguments"),
        (rounds, "the result has too few digits"),
        (lambda *args: step(*args)[None], "the result has the shape (1, 2), not (2,)."),
        (lambda x, h, W, U, b: np.tanh(W.T @ x + U.T @ h + b), "with x (4, 2), h (4, 5)"),
        (lambda *args: step(*args) + 1, "the result is not the expected one."),
        (lambda *args: "tanh", "an array is expected, not a str."),
        (lambda x: x, "your answer stops with an error (TypeError"),
    ],
)
def test_trials_name_the_repair(capsys, answer, repair):
    given, line = used(capsys, make(), answer)
    assert repair in line
    assert given is step


def pair(a, b):
    return a + b, a - b


def test_results_in_another_order_and_too_few(capsys):
    exercise = make(solved_by=pair, trials=lambda: [(1.0, 2.0)], mistakes=())
    assert "another order" in used(capsys, exercise, lambda a, b: (a - b, a + b))[1]
    assert "2 results" in used(capsys, exercise, lambda a, b: (a + b, a - b, a))[1]
    assert "a tuple is expected" in used(capsys, exercise, lambda a, b: a + b)[1]
    assert used(capsys, exercise, lambda a, b: [a + b, a - b])[0](3.0, 4.0) == (7.0, -1.0)


def test_a_value_comes_back_or_ours(capsys):
    exercise = make(solved_by=("3", "(1, 2)"), measure=lambda a, b: a, trials=None)
    assert used(capsys, exercise, np.array([3.0]), [1, 2])[0] == (3, (1, 2))
    assert used(capsys, exercise, 4, (1, 2))[0] == (3, (1, 2))
    one = make(solved_by="3", measure=lambda a: a, trials=None, mistakes=())
    given, line = used(capsys, one, ...)
    assert given == 3
    assert line.endswith("Until then the workshop's answer runs the rest.")
    for bad, repair in (("3", "text"), (None, "None"), (step, "call"), (iter_of(3), "generator")):
        assert repair in used(capsys, one, bad)[1]


def iter_of(value):
    yield value


def test_the_third_wrong_try_says_that_the_solution_is_open(capsys):
    exercise = make()
    lines = [used(capsys, exercise, no_bias)[1] for _ in range(4)]
    told = ["The solution is open now: exercises.step.solution()." in line for line in lines]
    assert told == [False, False, True, False]


class Doubling:
    def __call__(self, number):
        return 2 * number


@pytest.mark.parametrize("stub", [Doubling, lambda: functools.partial(Doubling())])
def test_objects_that_are_called_are_functions_too(capsys, stub):
    exercise = make(solved_by=lambda n: 2 * n, trials=lambda: [(3,)], mistakes=())
    given, line = used(capsys, exercise, stub())
    assert line.startswith("Correct.")
    assert given(4) == 8


class Undone:
    def __call__(self, *_):
        return ...


@pytest.mark.parametrize("stub", [Undone(), functools.partial(Undone()), lambda *_: iter([...])])
def test_a_stub_in_an_object_is_not_attempted(capsys, stub):
    exercise = make(solved_by=lambda n: [n], trials=lambda: [(3,)], mistakes=())
    assert used(capsys, exercise, stub)[1].startswith("Not attempted yet.")


def test_what_the_notebook_hands_over_is_called_in_the_check(capsys):
    exercise = make(
        name="film",
        solved_by='("push",)',
        given=(lambda film: False,),
        trials=None,
        measure=lambda film, is_right: not is_right(film),
        otherwise="it is right on this film.",
        mistakes=(),
    )

    def is_right(film):
        return {("push",): False, ("lock",): True}[film]

    assert used(capsys, exercise, ["push"], is_right)[0] == ("push",)
    assert "it is right" in used(capsys, exercise, ("lock",), is_right)[1]
    assert "it is right" in used(capsys, exercise, ("no scene",), is_right)[1]  # a KeyError
