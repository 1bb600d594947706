"""What ``use`` gives back, what its trials find, and what a learner's function may do later."""

import functools
import inspect
import threading
import time

import numpy as np
import pytest

from workshop_utils.learning.exercises import Exercise, Mistake, Outcome


def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


def arguments(*batch, features, units, seed):
    draw = np.random.default_rng(seed).normal
    sizes = ((*batch, features), (*batch, units), (features, units), (units, units), (units,))
    return tuple(draw(size=size) for size in sizes)


def trials():
    yield arguments(features=3, units=2, seed=1)
    yield arguments(4, features=2, units=5, seed=2)


def no_bias(x, h, W, U, b):
    return np.tanh(x @ W + h @ U)


def make(**changes):
    settings = {
        "module": "tests",
        "name": "step",
        "hints": ("Look.", "Do."),
        "solved_by": step,
        "trials": trials,
        "mistakes": [Mistake("no_bias", "the bias is missing.", no_bias)],
        "after": "One step.",
        "time_limit": 2.0,
    }
    return Exercise(**{**settings, **changes})


def used(capsys, exercise, *answers):
    """Use answers; return what comes back and the one line that is printed."""
    given = exercise.use(*answers)
    (line,) = capsys.readouterr().out.splitlines()
    return given, line


def counted(function):
    """Return a function that counts its calls, in ``calls``."""

    def counting(*args):
        counting.calls += 1
        return function(*args)

    counting.calls = 0
    return counting


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


# --- later calls: as it is, unwatched ------------------------------------------------------

GO_ON = "To go on with the workshop's, write exercises.step.use(...), with the three dots."


def failing_at_zero(error):
    """Return a right function that raises where x is all zeros."""

    def mine(x, h, W, U, b):
        if not x.any():
            raise error
        return step(x, h, W, U, b)

    return counted(mine)


@pytest.mark.parametrize(
    ("error", "start"),
    [
        (KeyError("later"), "The error below arose in your step."),
        (KeyboardInterrupt(), "You stopped the cell in your step."),
    ],
)
def test_an_error_and_an_interrupt_pass_on_and_a_line_says_how_to_go_on(capsys, error, start):
    mine = failing_at_zero(error)
    given, _ = used(capsys, make(), mine)
    x, *others = next(trials())
    for _ in range(2):  # it is not replaced
        with pytest.raises(type(error)):
            given(0 * x, *others)
        assert capsys.readouterr().out == f"{start} {GO_ON}\n"
    calls = mine.calls
    assert np.array_equal(given(x, *others), step(x, *others))
    assert mine.calls == calls + 1


def test_leaving_python_is_no_error_of_the_function(capsys):
    given, _ = used(capsys, make(), failing_at_zero(SystemExit()))
    x, *others = next(trials())
    with pytest.raises(SystemExit):
        given(0 * x, *others)
    assert capsys.readouterr().out == ""


def nested(capsys, inner):
    """Return an outer function of the learner's that calls an inner one, both in use."""
    of_inner, _ = used(capsys, make(name="inner"), inner)

    def outer(*args):
        time.sleep(0.05)
        return of_inner(*args)

    of_outer, _ = used(capsys, make(name="outer"), outer)
    return of_outer


def test_a_slow_outer_function_never_costs_the_inner_one(capsys):
    inner = counted(step)
    outer = nested(capsys, inner)
    calls = inner.calls
    for _ in range(3):
        assert np.array_equal(outer(*next(trials())), step(*next(trials())))
    assert inner.calls == calls + 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            ValueError("within"),
            "The error below arose in your inner. To go on with the workshop's, write "
            "exercises.inner.use(...), with the three dots.",
        ),
        (
            KeyboardInterrupt(),
            "You stopped the cell in your outer and inner. To go on with the workshop's, write "
            "exercises.outer.use(...) and exercises.inner.use(...), with the three dots.",
        ),
    ],
)
def test_nested_functions_say_it_once_and_blame_the_one_that_fails(capsys, error, line):
    outer = nested(capsys, failing_at_zero(error))
    x, *others = next(trials())
    with pytest.raises(type(error)):
        outer(0 * x, *others)
    assert capsys.readouterr().out == f"{line}\n"


def test_an_error_that_an_outer_function_catches_says_nothing(capsys):
    inner, _ = used(capsys, make(name="inner"), failing_at_zero(ValueError("within")))

    def careful(x, *others):
        try:
            return inner(x, *others)
        except ValueError:
            return step(x, *others)

    outer, _ = used(capsys, make(name="outer"), careful)
    x, *others = next(trials())
    assert np.array_equal(outer(0 * x, *others), step(0 * x, *others))
    assert capsys.readouterr().out == ""


def test_a_right_function_that_is_twenty_times_slower_runs_the_rest(capsys):
    def slow(*args):
        for _ in range(40):
            result = step(*args)
        return result

    mine = counted(slow)
    given, line = used(capsys, make(), mine)
    assert line == "Correct. One step. Your step runs the rest."
    calls = mine.calls
    assert np.array_equal(given(*next(trials())), step(*next(trials())))
    assert mine.calls == calls + 1


def test_a_function_may_work_in_threads_and_call_itself(capsys):
    def factorial(n):
        return 1 if n < 2 else n * factorial(n - 1)

    mine = make(solved_by=factorial, trials=lambda: [(5,)], mistakes=()).use(
        lambda n: 1 if n < 2 else n * mine(n - 1) if n > 5 else factorial(n)
    )
    assert mine(300) == factorial(300)
    capsys.readouterr()
    results = []
    threads = [threading.Thread(target=lambda: results.append(mine(9))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [factorial(9)] * 4


def test_results_come_in_the_kind_that_the_rest_needs(capsys):
    exercise = make(solved_by=lambda n: ["a"] * n, trials=lambda: [(2,)], mistakes=())
    given, _ = used(capsys, exercise, lambda n: (letter for letter in "a" * n))
    assert given(3) == ["a", "a", "a"]
    shown = make(solved_by=lambda: 7, measure=lambda f: f() == 7, gives=0, trials=None)
    given, _ = used(capsys, shown, lambda: np.array([7.0]))
    assert isinstance(given(), int)
    # What cannot be turned comes as it is: nobody judges it any more.
    mine = [7.0]
    given, _ = used(capsys, shown, lambda: mine[0])
    mine[0] = "text"
    assert given() == "text"


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
