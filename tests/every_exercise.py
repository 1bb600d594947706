"""Every exercise of every notebook as parameters of a test, and how a test has one judged."""

import dataclasses
import importlib
from pathlib import Path

import pytest

from workshop_utils.learning import exercises
from workshop_utils.learning.exercises import exercises_of
from workshop_utils.learning.lessons import EVERY
from workshop_utils.runtime import environment

FOLDER = Path(exercises.__file__).parent
MODULES = {
    lesson.number: importlib.import_module(f"workshop_utils.learning.exercises.{lesson.subject}")
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


def fresh_copy(exercise, hurry=False):
    """Return a copy of an exercise that has no tries yet; ``hurry`` makes it impatient."""
    limit = patience(exercise) if hurry else max(exercise.time_limit, 60.0)
    return dataclasses.replace(exercise, time_limit=limit, results=[])


def takes_a_function(exercise):
    return all(callable(part) for part in exercise.solution_answers())


def printed(capsys, exercise, *answers):
    """Check answers and return the one line that this prints."""
    exercise.check(*answers)
    shown = capsys.readouterr()
    assert shown.err == ""
    (line,) = shown.out.splitlines()
    return line
