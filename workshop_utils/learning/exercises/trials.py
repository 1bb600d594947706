"""Trials of a learner's function: the same arguments for it and for the solution."""

import contextlib
import copy
import inspect
import itertools
import math
import timeit
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.guard import explain, run_guarded

Function = Callable[..., Any]
Trials = Iterable[tuple[Any, ...]]
Same = Callable[[Any, Any], bool]

TOO_SLOW = 20
"""How many times slower than the solution a function may be."""
HARMLESS = 2e-4
"""Seconds a call that are never too slow, however fast the solution is."""
MOST_SECONDS = 60.0
"""Seconds after which timing a function ends."""


def same(given: Any, expected: Any, digits: int = 9) -> bool:
    """Return whether a result is the expected one: values, shapes, order, and nearly all digits."""
    if isinstance(expected, list | tuple):
        if isinstance(given, str) or len(given) != len(expected):
            return False
        return all(same(*pair, digits) for pair in zip(given, expected, strict=True))
    found, wanted = np.asarray(given), np.asarray(expected)
    if found.shape != wanted.shape or wanted.dtype.kind not in "fc":
        return np.array_equal(found, wanted)
    rtol, atol = 10.0**-digits, 10.0 ** -(digits + 3)
    return np.allclose(found, wanted, rtol, atol, equal_nan=True)


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
            result = answer(*given)
        except Exception as error:
            return f"{where}: {explain(error)}"
        for after, before in zip(given, arguments, strict=True):
            if isinstance(before, np.ndarray | list) and not is_same(same, after, before):
                return "your function changes its arguments; make new ones (a = a + b, not a += b)."
        if not is_same(same_as, result, expected):
            return _difference(answer, result, expected, where)
        if isinstance(expected, np.ndarray) and not isinstance(result, np.ndarray):
            return f"give back a NumPy array, not a {type(result).__name__}."
    return ""


def behaves_like(answer: Function, other: Function, trials: Trials, same_as: Same) -> bool:
    """Return whether two functions give the same results, or both an error, on every trial."""

    def result(function: Function, arguments: tuple[Any, ...]) -> Any:
        try:
            return function(*copy.deepcopy(arguments))
        except Exception as error:
            return type(error).__name__

    return all(is_same(same_as, result(answer, each), result(other, each)) for each in trials)


def times_slower(answer: Function, solution: Function, trials: Trials) -> float:
    """Return how many times slower than the solution a function is; 0 when it does no harm."""
    cases = list(trials)

    def seconds(function: Function) -> float:
        # The quickest of three: another program may have had the processor in the others.
        return min(timeit.repeat(lambda: [function(*each) for each in cases], number=1, repeat=3))

    try:
        theirs = run_guarded(lambda: seconds(answer), MOST_SECONDS)
    except BaseException:  # it is stopped, or fails now and then
        return math.inf
    ours = seconds(solution)
    harmless = theirs < HARMLESS * len(cases) or theirs < TOO_SLOW * ours
    return 0.0 if harmless else theirs / ours


def _difference(answer: Function, result: Any, expected: Any, where: str) -> str:
    """Name the repair of a result that is not the expected one."""
    if inspect.isgenerator(result):
        return "your function gives back a generator; give back a list or an array."
    if isinstance(expected, tuple):
        if not isinstance(result, tuple | list) or len(result) != len(expected):
            return f"give back {len(expected)} results, with commas between them."
        if any(is_same(same, order, expected) for order in itertools.permutations(result)):
            return "the results are right, but stand in another order than the text asks for."
    if isinstance(expected, np.ndarray) and np.shape(result) != expected.shape:
        return f"{where} the result has the shape {np.shape(result)}, not {expected.shape}."
    if name := _from_notebook(answer):
        return f"your function uses `{name}` of the notebook; use its arguments only."
    if is_same(lambda one, two: same(one, two, digits=4), result, expected):
        return "the result has too few digits; do not round, and keep float64."
    return f"{where} the result is not the expected one."


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
    told = [
        f"{name} {np.shape(value)}" if isinstance(value, np.ndarray) else f"{name} {value!r:.40}"
        for name, value in zip(names, arguments, strict=False)
        if not callable(value) and not isinstance(value, np.random.Generator)
    ]
    return ", ".join(told)[:160]
