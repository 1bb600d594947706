"""Trials of a learner's function: the same arguments for it and for the solution."""

import contextlib
import copy
import inspect
import itertools
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.guard import Failed
from workshop_utils.learning.exercises.kinds import WrongKind, like

Function = Callable[..., Any]
Trials = Iterable[tuple[Any, ...]]
Same = Callable[[Any, Any], bool]


def same(given: Any, expected: Any, digits: int = 4) -> bool:
    """Return whether a result is the expected one: its shape, its order, its values nearly.

    By default float32 is precise enough, and so are the small numbers (1e-6 or 1e-7) that
    libraries add before they divide or take a logarithm.
    """
    if isinstance(expected, list | tuple):
        if isinstance(given, str) or len(given) != len(expected):
            return False
        return all(same(*pair, digits) for pair in zip(given, expected, strict=True))
    result = np.asarray(given)
    wanted = np.asarray(expected)
    if result.shape != wanted.shape or wanted.dtype.kind not in "fc":
        return np.array_equal(result, wanted)
    rtol = 10.0**-digits
    atol = 10.0 ** -(digits + 2)
    return np.allclose(result, wanted, rtol, atol, equal_nan=True)


def is_same(same: Same, given: Any, expected: Any) -> bool:
    """Return whether ``same`` says so; a result of another kind, which it cannot read, is not."""
    try:
        return bool(same(given, expected))
    except Exception:
        return False


def problem(answer: Function, solution: Function, trials: Trials, same_as: Same) -> str:
    """Return the repair for the first trial that fails, or nothing."""
    for arguments in trials:
        expected = solution(*copy.deepcopy(arguments))
        given = copy.deepcopy(arguments)
        where = f"with {_shown(solution, arguments)}"
        try:
            result = like(answer(*given), expected)
        except (Failed, WrongKind) as error:
            return f"{where}: {error}"
        for after, before in zip(given, arguments, strict=True):
            if isinstance(before, np.ndarray | list) and not is_same(same, after, before):
                return "your function changes its arguments; make new ones (a = a + b, not a += b)."
        if not is_same(same_as, result, expected):
            return _difference(answer, result, expected, where)
    return ""


def behaves_like(answer: Function, other: Function, trials: Trials, same_as: Same) -> bool:
    """Return whether two functions give the same results, or both an error, on every trial."""
    for arguments in trials:
        wanted = _outcome(other, arguments)
        try:
            result = like(_outcome(answer, arguments), wanted)
        except WrongKind:
            return False
        if not is_same(same_as, result, wanted):
            return False
    return True


def _outcome(function: Function, arguments: tuple[Any, ...]) -> Any:
    """Return what a function gives back, or the name of the error that it raises."""
    try:
        return function(*copy.deepcopy(arguments))
    except Exception as error:
        return type(error.__cause__ or error).__name__


def _difference(answer: Function, result: Any, expected: Any, where: str) -> str:
    """Name the repair of a result that is not the expected one."""
    if isinstance(expected, tuple):
        if len(result) != len(expected):
            return f"give back {len(expected)} results, with commas between them."
        if any(is_same(same, order, expected) for order in _orders(result)):
            return "the results are right, but stand in another order than the text asks for."
    if isinstance(expected, np.ndarray) and np.shape(result) != expected.shape:
        return f"{where} the result has the shape {np.shape(result)}, not {expected.shape}."
    if name := _from_notebook(answer):
        return f"your function uses `{name}` of the notebook; use its arguments only."
    if is_same(lambda one, two: same(one, two, digits=2), result, expected):
        return "the result has too few digits; do not round."
    return f"{where} the result is not the expected one."


def _orders(results: tuple[Any, ...]) -> Iterable[tuple[Any, ...]]:
    return itertools.permutations(results) if len(results) < 7 else ()


def _from_notebook(function: Function) -> str:
    """Return the name of a value, not of a function or module, that is taken from outside."""
    with contextlib.suppress(TypeError):
        for name, value in inspect.getclosurevars(inspect.unwrap(function)).globals.items():
            if not callable(value) and not isinstance(value, ModuleType):
                return name
    return ""


def _shown(solution: Function, arguments: tuple[Any, ...]) -> str:
    """Return arguments as a few words: ``x (4, 3), h (4, 2)``."""
    names = inspect.signature(solution).parameters
    words = [
        f"{name} {np.shape(value)}" if isinstance(value, np.ndarray) else f"{name} {value!r:.40}"
        for name, value in zip(names, arguments, strict=False)
        if not callable(value) and not isinstance(value, np.random.Generator)
    ]
    return ", ".join(words)[:160]
