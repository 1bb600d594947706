"""What a learner's function may do in later cells: it runs as it is, unwatched."""

import threading
import time

import numpy as np
import pytest
from steps import counted, make, step, trials, used

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
