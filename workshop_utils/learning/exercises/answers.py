"""What an answer is: whether it is a stub, and its text to keep."""

import contextlib
import functools
import inspect
import re
import reprlib
import textwrap
from collections.abc import Callable
from itertools import islice
from typing import Any

from workshop_utils.learning.exercises.guard import (
    UNPRINTABLE,
    Failed,
    Stopped,
    explain,
    run_guarded,
)
from workshop_utils.learning.exercises.kinds import NotAttempted, like

VALUE_LENGTH = 300
"""Characters that are kept of an answer that is a value."""
MOST_PARTS = 1000
"""Parts of an answer in which three dots are looked for."""
TIME_LIMIT = 1.0
"""Seconds that an answer may take to say what it is."""


def is_stub(answer: object) -> bool:
    """Return whether an answer is ``...``, or a tuple, list or dictionary that still holds one."""
    parts = tuple(answer.values()) if isinstance(answer, dict) else answer
    first = islice(parts, MOST_PARTS) if isinstance(parts, list | tuple) else ()
    return answer is ... or any(part is ... for part in first)


def watch(answer: Callable[..., Any], example: Any) -> Callable[..., Any]:
    """Wrap a learner's function for a check: stubs, lost returns and errors are told apart.

    What it gives back is turned into the kind of ``example``; that of None into no other.
    """

    @functools.wraps(answer)
    def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            returned = answer(*args, **kwargs)
        except Exception as error:
            raise Failed(explain(error)) from error
        if is_stub(returned):
            raise NotAttempted
        if returned is None:
            raise Stopped("your function gives back None; end it with `return` and your result.")
        return like(returned, example)

    return watched


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
    return re.sub(UNPRINTABLE, "", short.repr(answer))[:VALUE_LENGTH]
