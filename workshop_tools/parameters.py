"""Other values for a notebook's parameters: seed, epochs and what else it offers.

A notebook says what can be changed in its cell tagged ``parameters``, one plain value a
line. papermill reads that cell; the new values stand in a cell behind it.
"""

import ast
from collections.abc import Sequence
from typing import Any

from workshop_tools.lesson_files import full_path
from workshop_utils.learning.lessons import CourseError, Lesson, find_root

QUICK: dict[str, Any] = {"EPOCHS": 1, "TRIALS": 1}
"""What ``--quick`` sets where a notebook offers it: each training is as short as it can be."""

Values = dict[str, Any]


def settle(
    lessons: Sequence[Lesson],
    assignments: Sequence[str] = (),
    *,
    quick: bool = False,
) -> dict[str, Values]:
    """Decide what changes in which notebook.

    Args:
        lessons: The notebooks of the run.
        assignments: Each ``NAME=VALUE``, for every notebook that offers the name.
        quick: Take the values of :data:`QUICK` too, where nothing else was asked for.

    Returns:
        For each notebook, by name, the parameters that get another value than its own.

    Raises:
        CourseError: An assignment has no name or no value, a name comes twice, no chosen
            notebook offers it, or the value is of another kind.
    """
    from papermill.inspection import inspect_notebook

    asked: Values = {}
    for text in assignments:
        name, _, value = (part.strip() for part in text.partition("="))
        if not (name and value):
            raise CourseError(f"Write a parameter as NAME=VALUE, not as {text!r}.")
        if name in asked:
            raise CourseError(f"{name} is given twice; give it once.")
        asked[name] = _value(value)
    own = {}
    for lesson in lessons:
        offered = inspect_notebook(full_path(lesson, find_root()))
        own[lesson.name] = {name: _value(about["default"]) for name, about in offered.items()}
    unknown = sorted(set(asked).difference(*own.values()))
    if unknown:
        choices = "\n".join(f"  {name}: {values or 'none'}" for name, values in own.items())
        raise CourseError(
            f"No chosen notebook has the parameter {', '.join(unknown)}. Known are:\n{choices}"
        )
    wanted = {**(QUICK if quick else {}), **asked}
    for notebook, values in own.items():
        for name in values.keys() & wanted.keys():
            new = wanted[name]
            kind = type(values[name])
            # A whole number may stand for a decimal one.
            if type(new) is not kind and {type(new), kind} != {int, float}:
                raise CourseError(
                    f"{name} of {notebook} must be of the kind {kind.__name__}, not {new!r}."
                )
    return {
        notebook: {n: wanted[n] for n in values if wanted.get(n, values[n]) != values[n]}
        for notebook, values in own.items()
    }


def _value(text: str) -> Any:
    """Read a value as Python writes it; what is no such value is a text."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text
