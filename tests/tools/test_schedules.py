"""The schedules of the instructor's guide, made from the notebooks as they are stored."""

import re

import pytest

from workshop_tools import readme, schedules
from workshop_utils.learning.lessons import LESSONS, find_root

ROOT = find_root()
SESSIONS = [session for plan in schedules.PLANS.values() for session in plan]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: f"{session.shares}")
def test_a_session_has_a_tenth_of_slack_and_a_break_in_time(session):
    rows = list(schedules.rows(session, ROOT))
    slack = session.minutes - sum(length for _, _, length in rows)
    assert slack >= schedules.SLACK * session.minutes
    since = 0
    for _, what, length in rows:
        since = 0 if "break" in what else since + length
        # A single long section may end a little after the hour.
        assert since <= schedules.LONGEST_WITHOUT_BREAK + 20
    for number in session.shares:
        assert any(notebook == number for notebook, _, _ in rows)


def test_every_section_is_taught_or_named_as_homework():
    weekly = readme.blocks(ROOT).schedules().partition("### Six weeks")[2]
    for lesson in LESSONS:
        for section in schedules.sections(lesson, ROOT):
            assert f"*{section.title}*" in weekly


def test_a_section_that_a_later_one_needs_is_not_offered_for_leaving_out():
    rows = readme.blocks(ROOT).late().splitlines()[2:]
    assert len(rows) == len(LESSONS)
    for lesson, row in zip(LESSONS, rows, strict=True):
        free, needed = row.split("|")[2:4]
        assert not set(re.findall(r"[^;()]+ \(", free)) & set(needed.split(";"))
        first = schedules.sections(lesson, ROOT)[0]
        assert first.needed, f"{lesson.name} begins with a section that nothing needs"
