"""Other values for a notebook's parameters: seed, epochs and what else it offers.

A notebook says what can be changed in its cell tagged ``parameters``, one plain value a
line. papermill reads that cell and puts the new values into a cell behind it. The notebook
is then executed by :mod:`~workshop_tools.execute` and not by papermill's own
engine, which starts the kernel that the notebook names (it may be another environment's)
and measures neither memory nor processor time.
"""

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workshop_tools.editions import Notebook
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
    pairs = []
    for text in assignments:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise CourseError(f"Write a parameter as NAME=VALUE, not as {text!r}.")
        pairs.append((name, value))
    options = {"SEED": seed, "EPOCHS": epochs}
    pairs += [(name, str(value)) for name, value in options.items() if value is not None]
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CourseError(f"{', '.join(twice)} is given twice; give it once.")
    return dict(pairs)


def offered(path: Path) -> Values:
    """Return the parameters of a stored notebook with their values, as papermill reads them.

    Args:
        path: The notebook; it may have no cell tagged ``parameters``.
    """
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
        raise CourseError(
            f"No chosen notebook has the parameter {', '.join(unknown)}. {_known(own)}"
        )
    wanted = {**(QUICK if quick else {}), **{name: _value(text) for name, text in asked.items()}}
    settled = {}
    for notebook, values in own.items():
        new = {name: wanted[name] for name in values if name in wanted}
        for name, value in new.items():
            _require_kind(notebook, name, value, values[name])
        settled[notebook] = {name: value for name, value in new.items() if value != values[name]}
    return settled


def parameterised(notebook: Notebook, values: Values) -> Notebook:
    """Return a copy of a notebook with a cell that sets parameters, behind their own cell.

    Args:
        notebook: It has a cell tagged ``parameters``.
        values: The new values, by name; without any, the copy has no further cell.
    """
    import json

    import nbformat

    copy: Notebook = json.loads(json.dumps(notebook))
    if not values:
        return copy
    from papermill.parameterize import parameterize_notebook

    # papermill expects what its own loader puts in.
    copy["metadata"]["papermill"] = {}
    for cell in copy["cells"]:
        cell["metadata"].setdefault("tags", [])
    comment = "Set by workshop run"
    made = parameterize_notebook(nbformat.from_dict(copy), values, comment=comment)
    plain: Notebook = json.loads(json.dumps(made))
    return plain


def _value(text: str) -> Any:
    """Read a value as Python writes it; what is no such value is a text."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def _require_kind(notebook: str, name: str, value: Any, default: Any) -> None:
    """Refuse a text for a number and the like; a whole number may stand for a decimal one."""
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return
    if type(value) is not type(default):
        raise CourseError(
            f"{name} of {notebook} is {default!r}; {value!r} is not of the same kind "
            f"({type(default).__name__})."
        )


def _known(own: Mapping[str, Values]) -> str:
    lines = []
    for notebook, values in own.items():
        pairs = ", ".join(f"{name} = {value!r}" for name, value in values.items())
        lines.append(f"  {notebook}: {pairs or 'none'}")
    return "\n".join(["Known are:", *lines])
