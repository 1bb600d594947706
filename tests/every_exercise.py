"""Every exercise of every notebook as parameters of a test, its table of answers, its variants."""

import dataclasses
import importlib
import importlib.util
from collections import deque
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workshop_utils.learning import exercises
from workshop_utils.learning.exercises import exercises_of
from workshop_utils.learning.lessons import EVERY

FOLDER = Path(exercises.__file__).parent
TABLES = Path(__file__).parent / "learning" / "answers"
SUBJECTS = {
    lesson.number: lesson.subject for lesson in EVERY if (FOLDER / f"{lesson.subject}.py").exists()
}
MODULES = {
    number: importlib.import_module(f"workshop_utils.learning.exercises.{subject}")
    for number, subject in SUBJECTS.items()
}
EXERCISES = [
    pytest.param(module, exercise, id=f"{number}-{exercise.name}")
    for number, module in MODULES.items()
    for exercise in exercises_of(module)
]
ALONE = [
    pytest.param(exercise, id=f"{number}-{exercise.name}")
    for number, module in MODULES.items()
    for exercise in exercises_of(module)
]


def table(subject):
    """Return the module with the right and wrong answers to the exercises of a subject."""
    path = TABLES / f"{subject}.py"
    about = importlib.util.spec_from_file_location(f"answers_to_{subject}", path)
    module = importlib.util.module_from_spec(about)
    about.loader.exec_module(module)
    return module


def as_answers(exercise, answer):
    """Return an entry of a table as the arguments of a check."""
    return answer if isinstance(exercise.solved_by, tuple) else (answer,)


def fresh_copy(exercise, limit=None):
    """Return a copy of an exercise that has no tries yet, and another limit if one is named."""
    limit = limit or max(exercise.time_limit, 60.0)
    return dataclasses.replace(exercise, time_limit=limit, results=[])


def takes_a_function(exercise):
    return callable(exercise.solved_by)


def printed(capsys, exercise, *answers):
    """Check answers and return the one line that this prints."""
    exercise.check(*answers)
    shown = capsys.readouterr()
    assert shown.err == ""
    (line,) = shown.out.splitlines()
    return line


def variants(value):
    """Return other containers and number types that hold the same value, by a name."""
    if isinstance(value, bool | np.bool_):
        return {"bool_": np.bool_(value), "0 or 1": int(value), "array": np.array([value])}
    if isinstance(value, int | float | np.number):
        return {
            "float32": np.float32(value),
            "array of one": np.array([value]),
            "array without axes": np.array(value),
            "list of one": [value],
            "tuple of one": (value,),
            "Series of one": pd.Series([value]),
            "Fraction": Fraction(float(value)),
        }
    if isinstance(value, str):
        return {"str_": np.str_(value)}
    if isinstance(value, np.ndarray):
        return _of_array(value)
    if isinstance(value, list | tuple):
        return _of_row(value)
    return {}


def _of_array(value):
    forms = {"list": value.tolist(), "Fortran": np.asfortranarray(value)}
    if value.dtype.kind == "f":
        forms["float32"] = value.astype("float32")
    if value.ndim:
        forms |= {"tuple": tuple(value), "list of arrays": list(value), "generator": iter(value)}
    if value.ndim == 1:
        forms["Series"] = pd.Series(value, index=range(5, 5 + len(value)))
    if value.ndim == 2:
        forms |= {"matrix": np.asmatrix(value), "DataFrame": pd.DataFrame(value)}
    return forms


def _of_row(value):
    forms = {"list": list(value), "tuple": tuple(value), "deque": deque(value)}
    if value:
        forms["generator"] = (each for each in value)
    if value and all(isinstance(each, int | float | str) for each in value):
        forms |= {"Series": pd.Series(list(value)), "array": np.array(list(value))}
    if any(isinstance(each, np.ndarray | float) for each in value):
        # The items in other forms.
        parts = [variants(each) for each in value]
        names = set.intersection(*(set(part) for part in parts))
        forms |= {f"{name} in it": [part[name] for part in parts] for name in sorted(names)}
    return forms
