"""The exercises as they stand in the texts: stub, use, hint and solution fit together."""

import ast
import copy
from typing import NamedTuple

import pytest
from every_exercise import MODULES

from workshop_tools.editions import full_edition, learner_edition, tags
from workshop_utils.learning.exercises import exercises_of
from workshop_utils.learning.lessons import EVERY

LESSONS = [lesson for lesson in EVERY if lesson.number in MODULES]
FULL = {lesson.number: full_edition(lesson)["cells"] for lesson in LESSONS}
LEARNER = {lesson.number: learner_edition(lesson)["cells"] for lesson in LESSONS}


class Written(NamedTuple):
    """One exercise of a text: its stub, the cell that judges it, and its solution."""

    number: str
    name: str
    heading: str
    stub: str
    judged: str
    solution: str


def calls(source):
    """Return the calls ``exercises.NAME.check(...)`` or ``.use(...)`` of a source."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("exercises.")
        and ast.unparse(node.func).endswith((".check", ".use"))
    ]


def written(number):
    """Yield the exercises of a text: heading, stub, the cells up to its solution, solution."""
    heading = ""
    stub = ""
    judged = ""
    for cell in FULL[number]:
        source = cell["source"]
        if cell["cell_type"] == "markdown":
            found = [line for line in source.splitlines() if line.startswith("#")]
            heading = found[-1] if found else heading
        elif "exercise" in tags(cell):
            stub = source
            judged = ""
        elif "solution" in tags(cell):
            (call,) = calls(f"{stub}\n{judged}")
            name = ast.unparse(call.func).split(".")[1]
            yield Written(number, name, heading, stub, judged, source)
            stub = ""
        elif stub and "test" not in tags(cell):
            judged += f"\n{source}"


EXERCISES = [
    pytest.param(each, id=f"{each.number}-{each.name}")
    for lesson in LESSONS
    for each in written(lesson.number)
]


def exercise_of(each):
    return getattr(MODULES[each.number], each.name)


@pytest.mark.parametrize("number", MODULES)
def test_every_exercise_stands_in_its_text_once(number):
    found = [each.name for each in written(number)]
    assert sorted(found) == sorted(exercise.name for exercise in exercises_of(MODULES[number]))


@pytest.mark.parametrize("each", EXERCISES)
def test_it_has_a_heading_and_three_dots(each):
    assert each.heading.startswith(("### Exercise: ", "### Open exercise: "))
    assert "..." in each.stub


@pytest.mark.parametrize("number", MODULES)
def test_the_learner_is_told_of_the_hints(number):
    prose = "\n".join(c["source"] for c in LEARNER[number] if c["cell_type"] == "markdown")
    assert any(f"exercises.{each.name}.hint()" in prose for each in written(number))


def outline(source):
    """Return what a cell defines: function or value by name, without bodies and "solution_"."""
    outlined = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            bare = copy.deepcopy(node)
            bare.name = ""
            bare.body = [ast.Pass()]
            outlined[node.name.removeprefix("solution_")] = ast.dump(bare)
        elif isinstance(node, ast.Assign):
            for name in ast.walk(node.targets[0]):
                if isinstance(name, ast.Name):
                    outlined[name.id.removeprefix("solution_")] = "a value"
    return outlined


@pytest.mark.parametrize("each", EXERCISES)
def test_stub_and_solution_define_the_same_answers(each):
    # The same names, with the same parameters and defaults.
    stub = outline(each.stub)
    assert stub
    assert stub.items() <= outline(each.solution).items()
    assert "solution_" not in each.stub
    (call,) = calls(f"{each.stub}\n{each.judged}")
    exercise = exercise_of(each)
    assert len(call.args) == len(exercise.solution_answers()) + len(exercise.given)
    first = {ast.unparse(answer) for answer in call.args} & set(stub)
    assert first, "what is judged is none of the stub's answers"
    assert not call.keywords


@pytest.mark.parametrize("each", EXERCISES)
def test_what_use_gives_back_has_another_name_than_the_answer(each):
    # Otherwise a second run of the cell would judge our own function.
    for node in ast.parse(each.judged).body:
        if isinstance(node, ast.Assign) and calls(ast.unparse(node)):
            taken = {name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)}
            assert not taken & set(outline(each.stub))


@pytest.mark.parametrize("number", MODULES)
def test_the_solutions_stand_behind_a_fold_and_not_in_the_learners_edition(number):
    solutions = [cell for cell in FULL[number] if "solution" in tags(cell)]
    assert all(cell["metadata"]["jupyter"] == {"source_hidden": True} for cell in solutions)
    everything = "\n".join(cell["source"] for cell in LEARNER[number])
    assert not any(cell["source"] in everything for cell in solutions)
    assert "solution_" not in everything
    stubs = [cell["source"] for cell in FULL[number] if "exercise" in tags(cell)]
    assert all(stub in everything for stub in stubs)


@pytest.mark.parametrize("number", MODULES)
def test_boxes_for_the_instructor_stay_out_of_the_learners_edition(number):
    boxes = [cell for cell in FULL[number] if "instructor" in tags(cell)]
    assert len(boxes) <= 4
    for box in boxes:
        assert box["cell_type"] == "markdown"
        assert box["source"].startswith("> **For the instructor.**")
        assert len(box["source"]) < 900
    others = "\n".join(cell["source"] for cell in FULL[number] if cell not in boxes)
    assert "For the instructor" not in others
    assert "For the instructor" not in "\n".join(cell["source"] for cell in LEARNER[number])
