"""Every exercise says one sentence, whatever an answer is or does."""

import random
import threading
import time

import numpy as np
import pytest
from every_exercise import ALONE, fresh_copy, printed
from hostile_functions import FUNCTIONS, HOSTILE
from hostile_objects import ENDLESS, VALUES

from workshop_utils.learning.exercises import Outcome, guard
from workshop_utils.runtime import environment

pytestmark = pytest.mark.no_cover
LONG = 2.0
"""Seconds of the processor after which one of the many answers is stopped here."""
SHORT = 0.1
"""Seconds after which an answer without an end is stopped here, so that the tests stay quick."""


def keras_objects():
    keras = environment.load_keras()
    return {
        "a tensor": keras.ops.ones(3),
        "a tensor of texts": environment.load_tensorflow().constant(["a"]),
        "a symbolic tensor": keras.Input((3,)),
        "a layer": keras.layers.Dense(1),
        "a network that is not built": keras.Sequential(),
        "a variable": keras.Variable([1.0]),
        "gives a layer": lambda *_: keras.layers.Dense(1),
        "gives a network": lambda *_: keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]),
        "gives a tensor": lambda *_: keras.ops.ones(3),
        "gives a symbolic tensor": lambda *_: keras.Input((3,)),
    }


def random_states():
    return random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002


def test_there_are_two_hundred():
    assert len({*VALUES, *FUNCTIONS, *ENDLESS, *keras_objects()}) >= 200


def assert_one_sentence(capsys, exercise, name, answer):
    count = len(exercise.solution_answers())
    line = printed(capsys, exercise, *[answer] * count)
    outcome = exercise.results[-1].outcome
    assert outcome is not Outcome.NOT_ATTEMPTED, name
    assert line.startswith("Not yet: " if outcome is Outcome.NOT_YET else "Correct."), name
    assert "Traceback" not in line
    assert line.isprintable(), (name, line)
    assert len(line) < 450, (name, line)
    return outcome


def assert_no_exercise_runs():
    assert not [one for one in threading.enumerate() if one.name == "exercise"]


@pytest.mark.parametrize("exercise", ALONE)
def test_no_answer_gets_through_as_an_error(capsys, monkeypatch, exercise):
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("it asked"))
    monkeypatch.setenv("LSTM_WORKSHOP_PROGRESS", "off")
    copy = fresh_copy(exercise)
    copy.judge(*copy.solution_answers())  # what is measured of ours is kept
    copy.time_limit = LONG
    every = {**HOSTILE, **keras_objects()}
    before = random_states()
    outcomes = [assert_one_sentence(capsys, copy, *each) for each in every.items()]
    assert outcomes.count(Outcome.CORRECT) <= 6
    unchanged = random_states() == before
    assert unchanged
    assert_no_exercise_runs()


@pytest.mark.parametrize("exercise", ALONE)
def test_no_answer_hangs(capsys, monkeypatch, exercise):
    monkeypatch.setattr("workshop_utils.learning.exercises.guard.WAITING", SHORT)
    exercise.judge(*exercise.solution_answers())  # what is measured of ours is kept
    for name, answer in ENDLESS.items():
        assert_one_sentence(capsys, fresh_copy(exercise, SHORT), name, answer)
    assert_no_exercise_runs()


def test_a_thread_that_has_answered_ends_in_peace():
    """Stopped a second time, beside a busy machine, it would end with an error that nobody made."""
    ended = []

    def last_steps():
        for _ in range(20):
            time.sleep(0.01)
        ended.append(True)

    thread = threading.Thread(target=last_steps)
    thread.start()
    guard._stop(thread, lambda: True)
    thread.join()
    assert ended == [True]


@pytest.mark.parametrize("exercise", ALONE)
def test_too_many_and_too_few_answers_are_sentences(capsys, exercise):
    answers = exercise.solution_answers()
    too_many = [*answers, *exercise.given, 1]
    assert printed(capsys, fresh_copy(exercise), *too_many).startswith("Not yet: ")
    assert printed(capsys, fresh_copy(exercise)).startswith("Not attempted yet.")
