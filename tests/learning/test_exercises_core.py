"""An exercise says one of three things, whatever the learner's answer does."""

import sys
import threading
import time

import pytest

from workshop_utils.learning.exercises import Exercise, Mistake, Outcome

pytestmark = pytest.mark.no_cover


def double(number):
    return 2 * number


def make(**changes):
    settings = {
        "module": "tests",
        "name": "double",
        "measure": lambda f: (f(3), f(-1)),
        "hints": ("Think of adding a number to itself.", "Multiply by 2."),
        "solved_by": double,
        "mistakes": [
            Mistake("square", "you square; double instead.", lambda n: n * n, lambda f: f(3) == 9),
            Mistake("no_sign", "the sign is lost.", lambda n: abs(2 * n), lambda f: f(-1) == 2),
        ],
        "after": "Doubling is adding twice.",
        "time_limit": 2.0,
    }
    return Exercise(**{**settings, **changes})


def said(capsys, exercise, *answers):
    """The one line that a check prints."""
    exercise.check(*answers)
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize("value", [(1, ...), [..., 2], {"kernel": ...}])
def test_a_half_filled_collection_is_not_attempted(value):
    assert make().judge(value).outcome is Outcome.NOT_ATTEMPTED
    assert make().judge(lambda _: value).outcome is Outcome.NOT_ATTEMPTED


def exits(number):
    sys.exit(3)


def interrupts(number):
    raise KeyboardInterrupt


def endless_calls(number):
    return endless_calls(number)


def hungry(number):
    raise MemoryError


def misspelt(number):
    return nunber * 2  # noqa: F821


def divides(number):
    return number / 0


class Odd:
    """Its default text holds an address, which no stable line may print."""


def addressed(number):
    raise ValueError(str(object.__repr__(Odd())))


def long_winded(number):
    raise ValueError("line\n" * 500)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        (exits, "exit()"),
        (interrupts, "KeyboardInterrupt"),
        (endless_calls, "calls itself"),
        (hungry, "memory"),
        (lambda _: input("How many? "), "calls input(); write the value into the code."),
        (misspelt, "nunber"),
        (divides, "ZeroDivisionError: division by zero"),
        (addressed, "ValueError"),
        (long_winded, "line line"),
        (lambda _: None, "return"),
        (lambda: 6, "TypeError"),
        (6, "without calling it"),
        ("text", "without calling it"),
        (None, "without calling it"),
    ],
)
def test_whatever_an_answer_throws_is_a_sentence(capsys, answer, repair):
    line = said(capsys, make(), answer)
    assert line.startswith("Not yet: ")
    assert repair in line
    assert "0x" not in line
    assert len(line) < 300


def test_an_error_does_not_hide_a_known_mistake(capsys):
    exercise = make(
        measure=lambda f: (f("ab"), f(1)),
        mistakes=[
            Mistake("no_text", "it must take text too.", lambda n: n + 1, lambda f: f(1) == 2)
        ],
    )
    assert said(capsys, exercise, lambda n: n + 1 if n == 1 else n - 1) == (
        "Not yet: it must take text too."
    )


def forever(number):
    while True:
        number += 1


def stubborn(number):
    while True:
        try:
            while True:
                number += 1
        except BaseException:
            number = 0
            if not keep_going.is_set():
                raise


keep_going = threading.Event()


def exercise_threads():
    return [thread for thread in threading.enumerate() if thread.name == "exercise"]


def test_an_endless_loop_is_stopped_and_leaves_no_thread(capsys):
    line = said(capsys, make(time_limit=0.3), forever)
    assert line == ("Not yet: your answer took too long to check; look for a loop that never ends.")
    assert exercise_threads() == []


def test_work_in_another_thread_is_no_waiting_and_sleep_is(capsys, monkeypatch):
    monkeypatch.setattr("workshop_utils.learning.exercises.guard.WAITING", 0.3)

    def in_a_thread(number):
        worker = threading.Thread(target=lambda: sum(range(10_000_000)))
        worker.start()
        worker.join()
        return 2 * number

    def asleep(number):
        for _ in range(60):
            time.sleep(0.05)
        return 2 * number

    exercise = make(time_limit=0.3)
    assert said(capsys, exercise, in_a_thread).startswith("Correct.")
    assert "too long" in said(capsys, exercise, asleep)


def test_a_loop_that_catches_everything_does_not_hang_the_check(capsys):
    keep_going.set()
    try:
        line = said(capsys, make(time_limit=0.2), stubborn)
    finally:
        keep_going.clear()
    assert "too long" in line
    # Let the abandoned loop end, so that it takes no time from other tests.
    import ctypes

    for thread in exercise_threads():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
        )
        thread.join(5)
    assert exercise_threads() == []


def test_reading_the_keyboard_directly_does_not_wait(capsys):
    assert said(capsys, make(), lambda _: sys.stdin.readline()).startswith("Not yet: ")


def test_what_an_answer_prints_is_not_shown(capsys):
    def chatty(number):
        print("I am", number)
        print("and I warn", file=sys.stderr)
        return 2 * number

    assert said(capsys, make(), chatty).startswith("Correct.")


def test_an_interrupt_by_the_user_is_a_sentence(capsys, monkeypatch):
    def interrupted_join(self, timeout=None):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", interrupted_join)
    assert "interrupted" in said(capsys, make(), forever)
    assert exercise_threads() == []


def test_a_check_works_in_a_thread_that_is_not_the_main_one(capsys):
    exercise = make()
    thread = threading.Thread(target=exercise.check, args=(double,))
    thread.start()
    thread.join()
    assert capsys.readouterr().out.startswith("Correct.")


def solution_double(number, /, *, times=2):
    return times * number  # the comment stays


def test_the_solution_is_shown_as_it_is_written_under_the_learners_name():
    exercise = make(solved_by=solution_double)
    body = "(number, /, *, times=2):\n    return times * number  # the comment stays"
    assert exercise.solution_source() == f"def double{body}"
    assert exercise.solution_source(["double"]) == f"def solution_double{body}"


def test_a_value_is_solved_by_an_expression():
    exercise = make(
        measure=lambda count, shape: (count, shape),
        solved_by=("int(np.prod((3, 4)))", "(3, 4)"),
        mistakes=(),
    )
    assert exercise.solution_answers() == (12, (3, 4))
    assert exercise.solution_source() == "int(np.prod((3, 4))), (3, 4)"
    assert exercise.solution_source(["count", "shape", "more"]) == (
        "solution_count, solution_shape = int(np.prod((3, 4))), (3, 4)"
    )


def test_without_a_measure_the_mistakes_judge(capsys):
    exercise = make(measure=None)
    assert said(capsys, exercise, double).startswith("Correct.")
    assert said(capsys, exercise, lambda n: n * n) == "Not yet: you square; double instead."
    assert "TypeError" in said(capsys, exercise, lambda: 6)


def test_what_is_measured_judges_and_recognises(capsys):
    exercise = make(
        measure=lambda f: [f(1), f(2) / f(1)],
        mistakes=[Mistake("triple", "this is three times.", lambda n: 3 * n)],
    )
    assert said(capsys, exercise, lambda n: n + n).startswith("Correct.")
    assert said(capsys, exercise, lambda n: n * 3.0) == "Not yet: this is three times."
    assert said(capsys, exercise, lambda n: n) == f"Not yet: {exercise.otherwise}"
