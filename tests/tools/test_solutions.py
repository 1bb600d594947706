"""Solution cells are empty in the texts and filled from the package."""

import pytest
from tiny_course import code_cell, first_lesson

from workshop_tools import solutions
from workshop_utils.learning.exercises import Exercise
from workshop_utils.learning.lessons import CourseError

LESSON = first_lesson()


class Exercises:
    """A module of exercises, as the build imports one."""

    def solution_answer(number):  # noqa: N805
        return number + 1  # fmt: skip

    answer = Exercise("tests", "answer", hints=("a", "b"), solved_by=solution_answer)
    pair = Exercise("tests", "pair", hints=("a", "b"), solved_by=("[1,\n 2]", "3"))


@pytest.fixture
def package(monkeypatch):
    monkeypatch.setattr(solutions.importlib, "import_module", lambda name: Exercises)


def solution_behind(*sources):
    """Return what the build puts into an empty solution cell behind a stub and these cells."""
    stub = code_cell("mine = ...", tags=["exercise"])
    empty = code_cell("", tags=["solution"])
    solutions.fill([stub, *map(code_cell, sources), empty], LESSON)
    return empty["source"]


def test_an_empty_solution_cell_is_filled_from_the_exercise_judged_above(package):
    function = "def solution_answer(number):  # noqa: N805\n    return number + 1"
    assert solution_behind("import re", "f = exercises.answer.use(answer)", "f(1)") == function
    values = "solution_my_a, solution_b = [1,\n" + " " * 29 + "2], 3"
    assert solution_behind("exercises.pair.check(my_a, b, seen(1))") == values


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("print(1)", "stands no"),
        ("exercises.other.use(mine)", "has no exercise other"),
        ("exercises.answer.use(mine[0])", "variables by their names"),
        ("exercises.answer.use()", "variables by their names"),
        ("exercises.answer.use(mine", "no Python"),
    ],
)
def test_a_solution_that_belongs_to_no_exercise_is_an_error(package, source, words):
    with pytest.raises(CourseError, match=words):
        solution_behind(source)


def test_a_solution_in_the_text_is_an_error(package):
    cells = [code_cell("exercises.answer.use(mine)"), code_cell("x = 1", tags=["solution"])]
    with pytest.raises(CourseError, match="leave the solution cell empty"):
        solutions.fill(cells, LESSON)
