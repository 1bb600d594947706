"""What an answer is: its text to show and to keep, its kind, and whether it is a stub."""

import ast
import contextlib
import functools
import inspect
import re
import reprlib
import textwrap
from collections.abc import Callable
from typing import Any

from workshop_utils.learning.exercises.guard import ADDRESS, Stopped, run_guarded

VALUE_LENGTH = 300
"""Characters that are kept of an answer that is a value."""
TIME_LIMIT = 1.0
"""Seconds that an answer may take to say what it is."""


class NotAttempted(BaseException):
    """The stub still returns ``...``; no ``Exception``, so that no predicate swallows it."""


def solution_text(solution: str | Callable[..., Any]) -> str:
    """Return a solution as a learner would write it: no types, no underscore before the name."""
    if isinstance(solution, str):
        return solution
    tree = ast.parse(inspect.getsource(solution))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name, node.returns = node.name.lstrip("_"), None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


def written(answers: tuple[Any, ...]) -> str:
    """Return answers as text: a function as its source, a value as it is shown, cut if long.

    What cannot be had is left out: a function that was not typed into a file or a
    cell, a value whose own code fails or takes too long.
    """
    texts = []
    for answer in answers:
        with contextlib.suppress(BaseException):  # a learner's class may run any code
            texts.append(run_guarded(functools.partial(_written, answer), TIME_LIMIT))
    return "\n\n".join(filter(None, texts))


def _written(answer: Any) -> str:
    if callable(answer):
        # Under ``python -c`` the name "<string>" means that program's text, not the function's.
        typed = answer.__code__.co_filename != "<string>"
        return textwrap.dedent(inspect.getsource(answer)).rstrip() if typed else ""
    short = reprlib.Repr()
    short.maxstring = short.maxother = VALUE_LENGTH
    short.maxlist = short.maxtuple = short.maxdict = 20
    return re.sub(ADDRESS, "", short.repr(answer))[:VALUE_LENGTH]


def wrong_kind(answers: tuple[Any, ...], solutions: tuple[Any, ...]) -> str:
    """Return the repair for answers of another kind than the solutions', or nothing."""
    if len(answers) != len(solutions):
        return f"give {len(solutions)} in this place and not {len(answers)}."
    for answer, solution in zip(answers, solutions, strict=True):
        if callable(solution):
            if not callable(answer):
                return "a function is expected; give its name without calling it."
        elif inspect.isroutine(answer):
            return "a value is expected; call your function and give what it returns."
        elif answer is None:
            return "your answer is None; print it, and look where its value is lost."
        elif isinstance(answer, str) and not isinstance(solution, str):
            return "your answer is a text; write the value without quotation marks."
        elif inspect.isgenerator(answer):
            return "a generator can be read only once; make a list or an array of it."
    return ""


def is_stub(answer: object) -> bool:
    """Return whether an answer is ``...``, or a tuple, list or dictionary that still holds one."""
    parts = tuple(answer.values()) if isinstance(answer, dict) else answer
    held = isinstance(parts, list | tuple) and any(part is ... for part in parts)
    return held or answer is ...


def watch(answer: Any) -> Any:
    """Wrap a learner's function so that a stub's ``...`` and a lost ``return`` are seen."""
    if not inspect.isfunction(answer):
        return answer

    @functools.wraps(answer)
    def watched(*args: Any, **kwargs: Any) -> Any:
        returned = answer(*args, **kwargs)
        if is_stub(returned):
            raise NotAttempted
        if returned is None:
            raise Stopped("your function gives back None; end it with `return` and your result.")
        return returned

    return watched
