"""Answers as text: a solution to be shown, a learner's answer to be kept."""

import ast
import inspect
import re
import reprlib
import textwrap
from collections.abc import Callable
from typing import Any

from workshop_utils.exercises.guard import run_guarded

VALUE_LENGTH = 300
"""Characters that are kept of an answer that is a value."""
TIME_LIMIT = 1.0
"""Seconds that an answer may take to say what it is."""


def solution_text(solution: str | Callable[..., Any]) -> str:
    """Return a solution as a learner would write it: no types, no underscore before the name."""
    if isinstance(solution, str):
        return solution
    source = textwrap.dedent(inspect.getsource(solution)).rstrip()
    if solution.__name__ == "<lambda>":  # inside a call it is no statement of its own
        return source
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.name = node.name.lstrip("_")
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


def written(answers: tuple[Any, ...]) -> str:
    """Return answers as text: a function as its source, a value as it is shown, cut if long.

    What cannot be had is left out: a function that was not typed into a file or a
    cell, a value whose own code fails or takes too long.
    """
    return "\n\n".join(filter(None, (_written(answer) for answer in answers)))


def _written(answer: Any) -> str:
    try:
        # A class of the learner's own may run any code when it is shown.
        return run_guarded(lambda: _source(answer) or _value(answer), TIME_LIMIT)
    except BaseException:
        return ""


def _source(answer: Any) -> str:
    if not inspect.isroutine(answer):
        return ""
    try:
        return textwrap.dedent(inspect.getsource(answer)).rstrip()
    except (OSError, TypeError):
        return ""


def _value(answer: Any) -> str:
    if inspect.isroutine(answer):
        return ""  # its name and address are no answer
    short = reprlib.Repr()
    short.maxstring = short.maxother = VALUE_LENGTH
    short.maxlist = short.maxtuple = short.maxdict = 20
    return re.sub(r" at 0x[0-9a-fA-F]+", "", short.repr(answer))[:VALUE_LENGTH]
