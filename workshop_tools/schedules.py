"""Schedules for a class, made from the computed minutes: sessions, breaks, slack, what can wait.

A session takes the sections of its notebooks in order, as long as they fit; what does not
fit is homework and is named. A tenth of every session is slack.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workshop_tools import minutes
from workshop_tools.editions import read_notebook
from workshop_tools.lesson_files import full_path
from workshop_tools.rules import Page
from workshop_tools.rules_code import made_and_used
from workshop_utils.learning.lessons import LESSONS, Lesson, select

WELCOME = 5
CLOSING = 5
BREAK = 10
LONGEST_WITHOUT_BREAK = 60
LONGEST_ROW = 20
SLACK = 0.1
_OUTSIDE = {"", "What you need", "What you will do", "What you will learn", "Going further"}
"""Parts that no class works through together."""


class Session(NamedTuple):
    """One meeting: its minutes, and by number the minutes that each notebook may take."""

    minutes: int
    shares: dict[str, int]


PLANS: dict[str, tuple[Session, ...]] = {
    "90 minutes: a taster": (Session(90, {"01": 30, "03": 30}),),
    "Half a day": (Session(225, {"01": 60, "03": 48, "05": 48}),),
    "Two sessions": (
        Session(240, {"01": 60, "02": 48, "03": 50}),
        Session(240, {"04": 50, "05": 60, "06": 50}),
    ),
    "Six weeks": tuple(Session(110, {lesson.number: 75}) for lesson in LESSONS),
}


class Section(NamedTuple):
    """A section: its heading, computed minutes, and whether a later one uses what it defines."""

    title: str
    minutes: float
    needed: bool


def sections(lesson: Lesson, root: Path) -> list[Section]:
    """Return the sections of a notebook that a class works through, in order."""
    page = Page(lesson, root, read_notebook(full_path(lesson, root)))
    counted = minutes.count_sections(page.cells)
    starts = {position: title for position, level, title in page.headings() if level == 2}
    defined = defaultdict[str, set[str]](set)
    used = defaultdict[str, set[str]](set)
    title = ""
    for position, cell in page.learners:
        title = starts.get(position, title)
        if cell["cell_type"] == "code":
            makes, needs = made_and_used(cell)
            used[title] |= needs - defined[title]
            defined[title] |= makes
    titles = [title for title in counted if title not in _OUTSIDE]
    return [
        Section(title, counted[title].minutes, any(defined[title] & used[t] for t in titles[n:]))
        for n, title in enumerate(titles, start=1)
    ]


def at_home(session: Session, root: Path) -> list[str]:
    """Return what of a session's notebooks does not fit into it, with minutes."""
    return [
        f"{key}, *{each.title}* ({math.ceil(each.minutes)} min)"
        for key, share in session.shares.items()
        for each in _fitting(key, share, root)[1]
    ]


def rows(session: Session, root: Path) -> Iterator[tuple[str, str, int]]:
    """Yield notebook, what, and whole minutes; a break whenever an hour has gone by.

    Short sections that follow each other share a row.
    """
    yield "", "welcome; everybody opens the first notebook and runs its set-up", WELCOME
    since = WELCOME
    for key, share in session.shares.items():
        shared: list[list[Section]] = []
        for each in _fitting(key, share, root)[0]:
            if shared and sum(one.minutes for one in [*shared[-1], each]) <= LONGEST_ROW:
                shared[-1].append(each)
            else:
                shared.append([each])
        for row in shared:
            length = math.ceil(sum(each.minutes for each in row))
            if since + length > LONGEST_WITHOUT_BREAK and since > WELCOME:
                yield "", "**break**", BREAK
                since = 0
            yield key, " · ".join(f"*{each.title}*" for each in row), length
            since += length
    last = "one thing that was a surprise; `workshop progress --hand-in`; the feedback form"
    yield "", last, CLOSING


def _fitting(key: str, share: int, root: Path) -> tuple[list[Section], list[Section]]:
    """Part a notebook into the sections that fit into the share, from the front, and the rest."""
    parts = sections(select([key])[0], root)
    ends = itertools.accumulate(each.minutes for each in parts)
    fitting = sum(end <= share for end in ends)
    return parts[:fitting], parts[fitting:]
