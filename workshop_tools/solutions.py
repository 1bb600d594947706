"""The solution cells of a text are empty; the build fills them from the package's exercises."""

import ast
import importlib
import re
from typing import Any

from workshop_utils.learning.exercises import Exercise
from workshop_utils.learning.lessons import CourseError, Lesson

_JUDGED = re.compile(r"\bexercises\.(\w+)\.(?:use|check)\(")


def fill(cells: list[dict[str, Any]], lesson: Lesson) -> None:
    """Fill each solution cell, in place, with the source of the exercise that is judged above it.

    The exercise is the one whose ``use(`` or ``check(`` stands between the stub and the solution;
    the names of the learner's answers are taken from that call.

    Raises:
        CourseError: A solution cell is not empty; there is no such call, or no such exercise.
    """
    above: list[str] = []
    for cell in cells:
        about = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code":
            continue
        if "exercise" in about:
            above = []
        if "solution" in about:
            judged = any(map(_JUDGED.search, above))
            if cell["source"] and judged:
                raise CourseError(
                    f"{lesson.name}: leave the solution cell empty, the build fills it from the "
                    f"package; now it holds:\n{cell['source']}"
                )
            cell["source"] = cell["source"] or _source(above, lesson)
        above.append(cell["source"])


def _source(above: list[str], lesson: Lesson) -> str:
    """Return what a solution cell holds, from the code of the cells since its stub."""
    judging = [source for source in above if _JUDGED.search(source)]
    if not judging:
        raise CourseError(
            f"{lesson.name}: above an empty solution cell, behind its stub, stands no "
            "exercises.NAME.use( or exercises.NAME.check("
        )
    call = _call(judging[-1], lesson)
    name = ast.unparse(call.func).split(".")[1]
    subject = f"workshop_utils.learning.exercises.{lesson.subject}"
    exercise = getattr(importlib.import_module(subject), name, None)
    if not isinstance(exercise, Exercise):
        raise CourseError(f"{lesson.name}: {subject} has no exercise {name}")
    names = [ast.unparse(answer) for answer in call.args[: len(exercise.solution_answers())]]
    if not names or not all(each.isidentifier() for each in names):
        raise CourseError(
            f"{lesson.name}: give exercises.{name} the learner's variables by their names, "
            f"not {ast.unparse(call)}"
        )
    return exercise.solution_source(names)


def _call(source: str, lesson: Lesson) -> ast.Call:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError as error:
        raise CourseError(f"{lesson.name}: this cell is no Python: {error}\n{source}") from error
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return next(call for call in calls if _JUDGED.match(f"{ast.unparse(call.func)}("))
