"""Other values for a notebook's parameters: seed, epochs and what else it offers.

A notebook says what can be changed in its cell tagged ``parameters``, one plain value a
line. papermill reads that cell and puts the new values into a cell behind it.
"""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workshop_utils.lessons import CourseError, Lesson

QUICK: dict[str, Any] = {"EPOCHS": 1, "TRIALS": 1}
"""What ``--quick`` sets where a notebook offers it: each training is as short as it can be."""

Values = dict[str, Any]


def asked_for(
    assignments: Sequence[str], *, seed: int | None = None, epochs: int | None = None
) -> dict[str, str]:
    """Return the values that were asked for, by name, as they were written.

    Args:
        assignments: Each ``NAME=VALUE``.
        seed: For the parameter ``SEED``.
        epochs: For the parameter ``EPOCHS``.

    Raises:
        CourseError: An assignment has no name or no value, or a name comes twice.
    """
    options = {"SEED": seed, "EPOCHS": epochs}
    asked = [f"{name}={value}" for name, value in options.items() if value is not None]
    found: dict[str, str] = {}
    for text in [*assignments, *asked]:
        name, _, value = (part.strip() for part in text.partition("="))
        if not (name and value):
            raise CourseError(f"Write a parameter as NAME=VALUE, not as {text!r}.")
        if name in found:
            raise CourseError(f"{name} is given twice; give it once.")
        found[name] = value
    return found


def offered(path: Path) -> Values:
    """Return the parameters of a stored notebook with their values, as papermill reads them."""
    from papermill.inspection import inspect_notebook

    found = inspect_notebook(path)
    return {name: _value(about["default"]) for name, about in found.items()}


def settle(
    lessons: Sequence[Lesson], root: Path, asked: Mapping[str, str], *, quick: bool = False
) -> dict[str, Values]:
    """Decide what changes in which notebook.

    Args:
        lessons: The notebooks of the run.
        root: The folder of the repository.
        asked: The values that were asked for, by name, as they were written. Each goes to
            every notebook that offers its name.
        quick: Take the values of :data:`QUICK` too, where nothing else was asked for.

    Returns:
        For each notebook, by name, the parameters that get another value than its own.

    Raises:
        CourseError: No chosen notebook offers a name, or a value is of another kind.
    """
    if not asked and not quick:
        return {lesson.name: {} for lesson in lessons}
    own = {lesson.name: offered(lesson.full(root)) for lesson in lessons}
    unknown = sorted(set(asked).difference(*own.values()))
    if unknown:
        known = "\n".join(f"  {name}: {values or 'none'}" for name, values in own.items())
        raise CourseError(
            f"No chosen notebook has the parameter {', '.join(unknown)}. Known are:\n{known}"
        )
    wanted = {**(QUICK if quick else {}), **{name: _value(text) for name, text in asked.items()}}
    settled = {}
    for notebook, values in own.items():
        new = {name: wanted[name] for name in values if name in wanted}
        for name, value in new.items():
            # A whole number may stand for a decimal one.
            if {type(value), type(values[name])} not in ({type(value)}, {int, float}):
                kind = type(values[name]).__name__
                raise CourseError(
                    f"{name} of {notebook} must be of the kind {kind}, not {value!r}."
                )
        settled[notebook] = {name: value for name, value in new.items() if value != values[name]}
    return settled


def _value(text: str) -> Any:
    """Read a value as Python writes it; what is no such value is a text."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text
