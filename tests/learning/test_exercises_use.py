"""What ``use`` gives back, what its trials find, and what a learner's function may do later."""

import inspect
import threading
import time

import numpy as np
import pytest

from workshop_utils.learning.exercises import Exercise, Outcome


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
        "name": "step",
        "notebook": "tests",
        "hints": ("Look.", "Do."),
        "solved_by": step,
        "trials": trials,
        "wrong": {"no_bias": no_bias},
        "repairs": {"no_bias": "the bias is missing."},
        "after": "One step.",
        "time_limit": 2.0,
        "call_limit": 0.5,
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
    return step(*args).round(6)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        (takes_a_global, "your function uses `W` of the notebook; use its arguments only."),
        (in_place, "your function changes its arguments"),
        (rounds, "the result has too few digits"),
        (lambda *args: step(*args).astype("float32"), "the result has too few digits"),
        (lambda *args: step(*args)[None], "the result has the shape (1, 2), not (2,)."),
        (lambda *args: step(*args).tolist(), "give back a NumPy array, not a list."),
        (lambda *args: (n for n in step(*args)), "gives back a generator"),
        (lambda x, h, W, U, b: np.tanh(W.T @ x + U.T @ h + b), "with x (4, 2), h (4, 5)"),
        (lambda *args: step(*args) + 1, "the result is not the expected one."),
        (lambda *args: "tanh", "the result"),
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
    exercise = make(solved_by=pair, trials=lambda: [(1.0, 2.0)], wrong={})
    assert "another order" in used(capsys, exercise, lambda a, b: (a - b, a + b))[1]
    assert "2 results" in used(capsys, exercise, lambda a, b: a + b)[1]
    assert used(capsys, exercise, lambda a, b: [a + b, a - b])[0](3.0, 4.0) == [7.0, -1.0]


def test_a_slow_function_is_right_but_ours_runs(capsys):
    def slow(*args):
        time.sleep(0.02)
        return step(*args)

    given, line = used(capsys, make(), slow)
    assert given is step
    assert line.startswith("Correct, but ")
    assert "times slower" in line


def test_a_value_comes_back_or_ours(capsys):
    exercise = make(solved_by=("3", "(1, 2)"), measure=lambda a, b: a, trials=None)
    assert used(capsys, exercise, 3.0, [1, 2])[0] == (3.0, [1, 2])
    assert used(capsys, exercise, 4, (1, 2))[0] == (3, (1, 2))
    one = make(solved_by="3", measure=lambda a: a, trials=None, wrong={})
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


def fails_later(kind):
    """Return a right function that does ``kind()`` when x is all zeros."""

    def mine(x, h, W, U, b):
        if not x.any():
            kind()
        return step(x, h, W, U, b)

    return counted(mine)


def raises():
    raise KeyError("later")


def loops():
    while True:
        pass


def leaves():
    raise SystemExit


@pytest.mark.parametrize(
    ("kind", "why"),
    [(raises, "KeyError"), (leaves, "exit()"), (loops, "takes more than 0.5 seconds")],
)
def test_a_later_failure_hands_over_to_ours_for_good(capsys, kind, why):
    mine = fails_later(kind)
    given, _ = used(capsys, make(), mine)
    x, *others = next(trials())
    for _ in range(3):
        assert np.array_equal(given(0 * x, *others), step(0 * x, *others))
    (line,) = capsys.readouterr().out.splitlines()
    assert why in line
    assert line.endswith("From here on the workshop's runs in its place.")
    calls = mine.calls
    given(x, *others)
    assert mine.calls == calls


def test_wrong_arguments_are_not_the_functions_fault(capsys):
    given, _ = used(capsys, make(), step_of_mine)
    with pytest.raises(TypeError):
        given(1)
    assert np.array_equal(given(*next(trials())), step_of_mine(*next(trials())))
    assert capsys.readouterr().out == ""


def test_an_interrupt_passes_through():
    given = make().use(fails_later(lambda: (_ for _ in ()).throw(KeyboardInterrupt)))
    x, *others = next(trials())
    with pytest.raises(KeyboardInterrupt):
        given(0 * x, *others)


def test_a_function_may_work_in_threads_and_call_itself(capsys):
    def factorial(n):
        return 1 if n < 2 else n * factorial(n - 1)

    given = make(solved_by=factorial, trials=lambda: [(5,)], wrong={}).use(
        lambda n: 1 if n < 2 else n * given(n - 1) if n > 5 else factorial(n)
    )
    capsys.readouterr()
    found = []
    threads = [threading.Thread(target=lambda: found.append(given(9))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [factorial(9)] * 4


def test_a_call_costs_little():
    given, bare = make(call_limit=20.0).use(lambda *a: step(*a)), step
    case = next(trials())

    def seconds(function):
        start = time.process_time()
        for _ in range(2000):
            function(*case)
        return time.process_time() - start

    extra = min(seconds(given) for _ in range(5)) - min(seconds(bare) for _ in range(5))
    assert extra / 2000 < 2e-5
