"""What holds for every exercise of every notebook."""

import importlib

import pytest

from workshop_utils.course.catalogue import LESSONS
from workshop_utils.exercises import exercises_of

MODULES = {
    lesson.number: importlib.import_module(f"workshop_utils.exercises.{lesson.name[3:]}")
    for lesson in LESSONS
}
EXERCISES = [
    pytest.param(module, exercise, id=f"{number}-{exercise.name}")
    for number, module in MODULES.items()
    for exercise in exercises_of(module)
]


@pytest.mark.parametrize("number", MODULES)
def test_each_notebook_has_at_least_two(number):
    assert len(exercises_of(MODULES[number])) >= 2


@pytest.mark.parametrize(("module", "exercise"), EXERCISES)
def test_its_module_holds_it_under_its_name(module, exercise):
    assert getattr(module, exercise.name) is exercise


@pytest.mark.parametrize(("module", "exercise"), EXERCISES)
def test_solution_stub_and_usual_mistakes_are_judged_as_they_should(module, exercise):
    assert exercise.problems() == []
    assert len(exercise.mistakes) >= 3
    assert exercise.after
    assert len(set(exercise.hints)) == 2
