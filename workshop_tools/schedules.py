"""Schedules for a class, made from the computed minutes: sessions, breaks, slack, what can wait.

A session takes the sections of its notebooks in order, as long as they fit; what does not
fit is homework and is named. A tenth of every session is slack.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_tools import minutes
from workshop_tools.editions import Notebook, read_notebook, tags
from workshop_tools.rules_code import made_and_used
from workshop_utils.lessons import LESSONS, Lesson, select

WELCOME, CLOSING, BREAK = 5, 5, 10
LONGEST_WITHOUT_BREAK = 60
SLACK = 0.1
_OUTSIDE = frozenset(
    {"", "What you need", "What you will do", "What you will learn", "Going further"}
)
"""Parts that no class works through together."""


@dataclass(frozen=True)
class Session:
    """One meeting.

    Attributes:
        minutes: From beginning to end.
        shares: For each notebook, by number, the minutes that it may take.
    """

    minutes: int
    shares: dict[str, int]


PLANS: dict[str, tuple[Session, ...]] = {
    "90 minutes: a taster": (Session(90, {"01": 30, "03": 30}),),
    "Half a day": (Session(225, {"01": 60, "03": 48, "05": 48}),),
    "Two sessions": (
        Session(240, {"01": 60, "02": 48, "03": 50}),
        Session(240, {"04": 50, "05": 60, "06": 50}),
    ),
    "Six weeks": tuple(Session(110, {lesson.number: 80}) for lesson in LESSONS),
}


@dataclass(frozen=True)
class Section:
    """One section of a notebook.

    Attributes:
        title: Its heading.
        minutes: What it takes, computed.
        needed: Whether a later section uses what it defines.
    """

    title: str
    minutes: float
    needed: bool


def sections(lesson: Lesson, root: Path) -> list[Section]:
    """Return the sections of a notebook that a class works through, in order."""
    notebook = read_notebook(lesson.full(root))
    counted = minutes.count_sections(notebook["cells"])
    made, used = _names(notebook)
    titles = [title for title in counted if title not in _OUTSIDE]
    return [
        Section(
            title,
            counted[title].minutes,
            any(made.get(title, set()) & used.get(later, set()) for later in titles[n + 1 :]),
        )
        for n, title in enumerate(titles)
    ]


def _names(notebook: Notebook) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return by section the names that its code makes, and those it needs from before."""
    made: dict[str, set[str]] = {}
    used: dict[str, set[str]] = {}
    title = ""
    for cell in notebook["cells"]:
        if minutes.HIDDEN & tags(cell):
            continue
        if cell["cell_type"] == "markdown":
            headings = [li for li in cell["source"].splitlines() if li.startswith("## ")]
            title = headings[-1].removeprefix("## ").strip() if headings else title
            continue
        makes, needs = made_and_used(cell)
        used[title] = used.get(title, set()) | (needs - made.get(title, set()))
        made[title] = made.get(title, set()) | makes
    return made, used


def schedules(root: Path) -> str:
    """Return all plans as Markdown."""
    parts = []
    for name, sessions in PLANS.items():
        parts.append(f"### {name}")
        for number, session in enumerate(sessions, start=1):
            parts.append(_session(session, root, number if len(sessions) > 1 else 0))
    return "\n\n".join(parts)


def _session(session: Session, root: Path, number: int) -> str:
    rows, home = list(_rows(session, root)), []
    used = sum(length for _, _, length in rows)
    slack = session.minutes - used
    for key, share in session.shares.items():
        _, rest = _fitting(sections(select([key])[0], root), share)
        home += [f"{key}, *{each.title}* ({math.ceil(each.minutes)} min)" for each in rest]
    title = f"**Session {number}**, " if number else ""
    lines = [f"{title}{_clock(session.minutes)} in all, {slack} minutes of it slack."]
    lines += ["", "| from | to | notebook | what |", "|---|---|---|---|"]
    now = 0
    for notebook, what, length in rows:
        lines.append(f"| {_clock(now)} | {_clock(now + length)} | {notebook} | {what} |")
        now += length
    lines.append(
        f"| {_clock(now)} | {_clock(session.minutes)} | | slack: use it where it is needed |"
    )
    if home:
        lines += ["", f"At home: {'; '.join(home)}."]
    return "\n".join(lines)


def _rows(session: Session, root: Path) -> Iterator[tuple[str, str, int]]:
    """Yield notebook, what, and whole minutes; a break whenever an hour has gone by."""
    yield "", "welcome; everybody opens the first notebook and runs its set-up", WELCOME
    since = WELCOME
    for key, share in session.shares.items():
        fitting, _ = _fitting(sections(select([key])[0], root), share)
        for group in _grouped(fitting):
            length = math.ceil(sum(each.minutes for each in group))
            if since + length > LONGEST_WITHOUT_BREAK and since > WELCOME:
                yield "", "**break**", BREAK
                since = 0
            titles = " · ".join(f"*{each.title}*" for each in group)
            yield key, titles, length
            since += length
    yield (
        "",
        "one thing that was a surprise; `workshop progress --hand-in`; the feedback form",
        CLOSING,
    )


def _grouped(fitting: Sequence[Section], longest: int = 20) -> list[list[Section]]:
    """Put short sections that follow each other into one row."""
    groups: list[list[Section]] = []
    for each in fitting:
        if groups and sum(one.minutes for one in groups[-1]) + each.minutes <= longest:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _fitting(found: Sequence[Section], share: int) -> tuple[list[Section], list[Section]]:
    """Part the sections into those that fit into the share, from the front, and the rest."""
    taken = 0.0
    for number, each in enumerate(found):
        taken += each.minutes
        if taken > share:
            return list(found[:number]), list(found[number:])
    return list(found), []


def _clock(length: int) -> str:
    return f"{length // 60}:{length % 60:02d}"


def late(root: Path) -> str:
    """Return, by notebook, what can be left out when it gets late, and what cannot."""
    rows = ["| notebook | can be left out (minutes saved) | needed later |", "|---|---|---|"]
    for lesson in LESSONS:
        found = sections(lesson, root)
        free = "; ".join(f"{e.title} ({math.ceil(e.minutes)})" for e in found if not e.needed)
        needed = "; ".join(e.title for e in found if e.needed)
        rows.append(f"| {lesson.number} | {free or '-'} | {needed or '-'} |")
    return "\n".join(rows)
