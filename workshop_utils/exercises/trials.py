"""Trials of a learner's function: the same arguments for it and for the solution."""

import copy
import inspect
import itertools
import time
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np

from workshop_utils.exercises.answers import explain

Function = Callable[..., Any]
Arguments = tuple[Any, ...]
Same = Callable[[Any, Any], bool]

TOO_SLOW = 20
"""How many times slower than the solution a function may be."""
HARMLESS = 2e-4
"""Seconds a call that are never too slow, however fast the solution is."""


def same(given: Any, expected: Any, digits: int = 9) -> bool:
    """Whether a result is the expected one: values, shapes, order, and nearly all digits."""
    if isinstance(expected, dict):
        return given.keys() == expected.keys() and all(
            same(given[key], value, digits) for key, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        if isinstance(given, str) or len(given) != len(expected):
            return False
        return all(same(*pair, digits) for pair in zip(given, expected, strict=True))
    if (
        isinstance(expected, np.ndarray | np.generic | float)
        and np.asarray(expected).dtype != object
    ):
        found, wanted = np.asarray(given), np.asarray(expected)
        if found.shape != wanted.shape or wanted.dtype.kind not in "fc":
            return np.array_equal(found, wanted)
        return np.allclose(
            found, wanted, rtol=10.0**-digits, atol=10.0 ** -(digits + 3), equal_nan=True
        )
    return bool(given == expected)


def problem(answer: Function, solution: Function, trials: Iterable[Arguments], same: Same) -> str:
    """Return the repair for the first trial that fails, or nothing."""
    for arguments in trials:
        expected = solution(*copy.deepcopy(arguments))
        given = copy.deepcopy(arguments)
        where = f"with {_shown(solution, arguments)}"
        try:
            result = answer(*given)
            right = _same(same, result, expected)
        except Exception as error:
            return f"{where}: {explain(error)}"
        if any(not _unchanged(*pair) for pair in zip(given, arguments, strict=True)):
            return "your function changes its arguments; make new ones (a = a + b, not a += b)."
        if not right:
            return _difference(answer, result, expected, where, same)
        if isinstance(expected, np.ndarray) and not isinstance(result, np.ndarray):
            return f"give back a NumPy array, not a {type(result).__name__}."
    return ""


def behaves_like(
    answer: Function, other: Function, trials: Iterable[Arguments], same: Same
) -> bool:
    """Whether two functions give the same results, or both an error, on every trial."""

    def result(function: Function, arguments: Arguments) -> Any:
        try:
            return function(*copy.deepcopy(arguments))
        except Exception as error:
            return type(error).__name__

    return all(_same(same, result(answer, each), result(other, each)) for each in trials)


def times_slower(answer: Function, solution: Function, trials: Iterable[Arguments]) -> float:
    """Return how many times slower than the solution a function is; 0 when it does no harm."""
    cases = list(trials)

    def seconds(function: Function) -> float:
        given = copy.deepcopy(cases)
        start = time.perf_counter()
        for arguments in given:
            function(*arguments)
        return time.perf_counter() - start

    # The quickest of three: another program may have had the processor in the others.
    theirs, ours = (min(seconds(each) for _ in range(3)) for each in (answer, solution))
    if theirs < HARMLESS * len(cases) or theirs < TOO_SLOW * ours:
        return 0.0
    return theirs / ours


def _same(same: Same, given: Any, expected: Any) -> bool:
    try:
        return bool(same(given, expected))
    except (TypeError, ValueError, AttributeError, KeyError, IndexError):
        return False  # a result of another kind


def _unchanged(after: Any, before: Any) -> bool:
    if isinstance(before, np.ndarray | list | dict | set):
        return _same(same, after, before)
    return True  # a generator of random numbers is meant to change


def _difference(answer: Function, result: Any, expected: Any, where: str, same: Same) -> str:
    """Name the repair of a result that is not the expected one."""
    if inspect.isgenerator(result):
        return "your function gives back a generator; give back a list or an array."
    if isinstance(expected, tuple):
        if not isinstance(result, tuple | list) or len(result) != len(expected):
            return f"give back {len(expected)} results, with commas between them."
        if len(expected) < 6 and any(
            _same(same, tuple(order), expected) for order in itertools.permutations(result)
        ):
            return "the results are right, but stand in another order than the text asks for."
    if isinstance(expected, np.ndarray) and np.shape(result) != expected.shape:
        return f"{where} the result has the shape {np.shape(result)}, not {expected.shape}."
    if names := _from_notebook(answer):
        return f"your function uses `{names[0]}` of the notebook; use its arguments only."
    try:
        if globals()["same"](result, expected, digits=4):
            return "the result has too few digits; do not round, and keep float64."
    except Exception:
        return f"{where} the result is of another kind: a {type(result).__name__}."
    return f"{where} the result is not the expected one."


def _from_notebook(function: Function) -> list[str]:
    """Names of values, and not of functions or modules, that a function takes from outside."""
    try:
        outside = inspect.getclosurevars(inspect.unwrap(function)).globals
    except TypeError:
        return []
    return [
        name
        for name, value in outside.items()
        if not callable(value) and not isinstance(value, ModuleType)
    ]


def _shown(solution: Function, arguments: Arguments) -> str:
    """Return arguments as a few words: ``x (4, 3), h (4, 2)``."""
    names = list(inspect.signature(solution).parameters)
    told = [
        f"{name} {np.shape(value)}" if isinstance(value, np.ndarray) else f"{name} {value!r:.40}"
        for name, value in zip(names, arguments, strict=False)
        if not callable(value) and not isinstance(value, np.random.Generator)
    ]
    return ", ".join(told)[:160]
