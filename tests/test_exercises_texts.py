"""The exercises as they stand in the texts: stub, check, hint and solution fit together."""

import ast
import contextlib
import copy
import importlib
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from workshop_tools.editions import full_edition, learner_edition, tags
from workshop_tools.repository_url import read_slug
from workshop_utils.exercises import exercises_of
from workshop_utils.lessons import LESSONS

ROOT = Path(__file__).resolve().parent.parent
SLUG = read_slug(ROOT)
FULL = {lesson.number: full_edition(lesson, ROOT, SLUG)["cells"] for lesson in LESSONS}
LEARNER = {lesson.number: learner_edition(lesson, ROOT, SLUG)["cells"] for lesson in LESSONS}
MODULES = {
    lesson.number: importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
    for lesson in LESSONS
}


class Written(NamedTuple):
    """One exercise of a text: its stub with its check, and its solution, as code."""

    number: str
    name: str
    heading: str
    stub: str
    solution: str


def written(number):
    """Yield the exercises of a text: from a heading "Exercise" to the solution's cell."""
    heading, stub = "", []
    for cell in FULL[number]:
        source = cell["source"]
        if cell["cell_type"] == "markdown":
            found = [line for line in source.splitlines() if line.startswith("#")]
            heading = found[-1] if found else heading
        elif "exercise" in tags(cell):
            stub = [source]
        elif "solution" in tags(cell):
            yield Written(number, checked("\n".join(stub)), heading, "\n".join(stub), source)
            stub = []
        elif stub:
            stub.append(source)


def calls(source):
    """Return the calls ``exercises.NAME.check(...)`` of a source."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("exercises.")
    ]


def checked(source):
    (call,) = calls(source)
    return ast.unparse(call.func).split(".")[1]


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
    assert len(found) >= 3


@pytest.mark.parametrize("each", EXERCISES)
def test_it_has_a_heading_and_its_hint_is_named(each):
    assert each.heading.startswith("### Exercise: ")
    prose = "\n".join(c["source"] for c in FULL[each.number] if c["cell_type"] == "markdown")
    assert f"exercises.{each.name}.hint()" in prose


@pytest.mark.parametrize("number", MODULES)
def test_the_learner_is_told_how_to_see_a_solution(number):
    prose = "\n".join(c["source"] for c in LEARNER[number] if c["cell_type"] == "markdown")
    names = {exercise.name for exercise in exercises_of(MODULES[number])}
    assert any(f"exercises.{name}.solution()" in prose for name in names)


def emptied(source):
    """Return a source with dots where the learner writes, and names as the learner has them.

    A function keeps its parameters and loses its body; a value becomes dots; helpers
    that only the solution has go.
    """
    kept = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.parse("return ...").body[0]]
            kept.append(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            kept.append(node)
        elif isinstance(node, ast.Assign):
            kept += [
                ast.parse(f"{ast.unparse(name)} = ...").body[0]
                for target in node.targets
                for name in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
    return kept


def answers_of(source):
    return [ast.unparse(answer) for answer in calls(source)[0].args]


def outline(source):
    """Return what of a source defines the answers that are checked, in order, without names."""
    answers = answers_of(source)
    outlined = {}
    for node in emptied(source):
        if isinstance(node, ast.FunctionDef) and node.name in answers:
            made = copy.deepcopy(node)
            place = answers.index(node.name)
            made.name = f"answer_{place}"
            outlined[place] = ast.dump(made)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in answers:
            outlined[answers.index(ast.unparse(node.targets[0]))] = "a value"
    return [outlined[place] for place in range(len(answers))]


@pytest.mark.parametrize("each", EXERCISES)
def test_the_stub_differs_from_the_solution_only_where_the_learner_writes(each):
    # The same answers in the same order, with the same parameters and defaults.
    assert outline(each.stub) == outline(each.solution)
    assert len(calls(each.stub)[0].args) == len(exercise_of(each).solution_answers())
    # What the stub has beside the answers is import and check: no hint of the solution.
    for node in ast.parse(each.stub).body:
        if isinstance(node, ast.FunctionDef):
            (only,) = node.body
            assert isinstance(only, ast.Return)
            assert set(ast.unparse(only).removeprefix("return ")) <= set("(., )")
        elif isinstance(node, ast.Assign):
            assert ast.unparse(node.value) == "..."
        else:
            assert isinstance(node, ast.ImportFrom | ast.Expr)
    assert checked(each.stub) == checked(each.solution)


@pytest.mark.parametrize("each", EXERCISES)
def test_the_package_and_the_text_ask_for_the_same_parameters(each):
    for node in ast.parse(each.stub).body:
        if isinstance(node, ast.FunctionDef):
            (part,) = ast.parse(exercise_of(each).solution_source()).body
            assert [one.arg for one in part.args.args] == [one.arg for one in node.args.args]


def ran(each, source):
    """Run a source up to its check, and return the line that the check prints."""
    names = {"np": np, "exercises": MODULES[each.number]}
    tree = ast.parse(source)
    last = next(
        place for place, node in enumerate(tree.body) if calls(ast.unparse(node))
    )  # what follows the check uses what the notebook made before
    tree.body = [node for node in tree.body[: last + 1] if not isinstance(node, ast.ImportFrom)]
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        exec(compile(tree, each.name, "exec"), names)
    (line,) = shown.getvalue().splitlines()
    return line


@pytest.mark.parametrize("each", EXERCISES)
def test_the_stub_runs_unfilled_and_the_solution_is_correct(each):
    assert ran(each, each.stub).startswith("Not attempted yet.")
    assert ran(each, each.solution) == f"Correct. {exercise_of(each).after}"


@pytest.mark.parametrize("number", MODULES)
def test_the_solutions_stand_behind_a_fold_and_not_in_the_learners_edition(number):
    solutions = [cell for cell in FULL[number] if "solution" in tags(cell)]
    assert all(cell["metadata"]["jupyter"] == {"source_hidden": True} for cell in solutions)
    everything = "\n".join(cell["source"] for cell in LEARNER[number])
    assert not any(cell["source"] in everything for cell in solutions)
    assert "solution_" not in everything
    stubs = [cell["source"] for cell in FULL[number] if "exercise" in tags(cell)]
    assert all(stub in everything for stub in stubs)


# --- the boxes for the instructor -------------------------------------------------------


@pytest.mark.parametrize("number", MODULES)
def test_boxes_for_the_instructor_stay_out_of_the_learners_edition(number):
    boxes = [cell for cell in FULL[number] if "instructor" in tags(cell)]
    assert 2 <= len(boxes) <= 4
    for box in boxes:
        assert box["cell_type"] == "markdown"
        assert box["source"].startswith("> **For the instructor.**")
        assert len(box["source"]) < 900
    others = "\n".join(cell["source"] for cell in FULL[number] if cell not in boxes)
    assert "For the instructor" not in others
    assert "instructor" not in "\n".join(cell["source"] for cell in LEARNER[number]).lower()
