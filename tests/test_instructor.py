"""The instructor's guide: its minutes, exercises, links and form agree with the notebooks."""

import importlib
import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

from workshop_tools.rules_text import _CONTRACTION
from workshop_utils.exercises import exercises_of
from workshop_utils.lessons import LESSONS, measured

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "colab/INSTRUCTOR.md").read_text(encoding="utf-8")
FORM = (ROOT / "colab/FEEDBACK.md").read_text(encoding="utf-8")
SCHEDULES = ("Half a day", "First session", "Second session")
LONGEST_WITHOUT_BREAK = 70
HEADERS = {
    lesson.number: lesson.reading
    + lesson.exercises
    + math.ceil(measured(ROOT).seconds[lesson.name] / 60)
    for lesson in LESSONS
}


def section(title):
    """Return the heading and the text of a section, up to the next heading."""
    (found,) = re.findall(rf"^(#+ {title}.*)\n([^#]*(?:(?<!\n)#[^#]*)*)", GUIDE, re.MULTILINE)
    return found


def table(title):
    """Return the rows of a section's table as dictionaries."""
    lines = [line for line in section(title)[1].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def minutes(clock):
    hours, rest = clock.split(":")
    return 60 * int(hours) + int(rest)


def length(row):
    return minutes(row["end"]) - minutes(row["start"])


@pytest.mark.parametrize("title", SCHEDULES)
def test_a_schedule_has_no_gaps_and_lasts_as_long_as_it_says(title):
    heading, _ = section(title)
    rows = table(title)
    assert minutes(rows[0]["start"]) == 0
    assert all(one["end"] == two["start"] for one, two in pairwise(rows))
    assert all(length(row) > 0 for row in rows)
    hours, rest = re.search(r"\((\d) h (\d\d)\)", heading).groups()
    assert minutes(rows[-1]["end"]) == 60 * int(hours) + int(rest)


@pytest.mark.parametrize("title", SCHEDULES)
def test_nobody_sits_too_long_without_a_break(title):
    rows = table(title)
    pauses = [row for row in rows if row["notebook"] == "break"]
    assert len(pauses) == 2
    assert all(length(row) >= 10 for row in pauses)
    ends = [0, *(minutes(row["end"]) for row in pauses)]
    starts = [*(minutes(row["start"]) for row in pauses), minutes(rows[-1]["end"])]
    work = [start - end for end, start in zip(ends, starts, strict=True)]
    assert max(work) <= LONGEST_WITHOUT_BREAK
    assert all(row["who"] and row["what"] for row in rows if row not in pauses)


def planned(*titles):
    """Return the minutes that schedules plan for each notebook."""
    plan = {}
    for row in (row for title in titles for row in table(title)):
        if row["notebook"] in HEADERS:
            plan[row["notebook"]] = plan.get(row["notebook"], 0) + length(row)
        else:
            assert row["notebook"] in {"-", "break"}
    return plan


def test_two_sessions_give_each_notebook_the_minutes_of_its_header():
    plan = planned("First session", "Second session")
    assert plan.keys() == HEADERS.keys()
    assert {number: plan[number] for number in plan if plan[number] < HEADERS[number]} == {}
    total = re.search(r"2 x (\d) h (\d\d)", section("Two sessions")[0]).groups()
    assert all(f"({total[0]} h {total[1]})" in section(title)[0] for title in SCHEDULES[1:])


def test_half_a_day_gives_what_it_holds_its_minutes_and_names_the_rest():
    plan = planned("Half a day")
    assert {number: plan[number] for number in plan if plan[number] < HEADERS[number]} == {}
    left_out = {row["notebook"]: row for row in table("What is left out")}
    assert left_out.keys() == HEADERS.keys() - plan.keys()
    for number, row in left_out.items():
        assert int(row["minutes at home"]) >= HEADERS[number]
        assert row["what to do instead"]


def test_half_a_day_could_not_hold_all():
    work = sum(length(row) for row in table("Half a day") if row["notebook"] != "break")
    assert sum(HEADERS.values()) > work


@pytest.mark.parametrize("titles", [["Half a day"], ["First session", "Second session"]])
def test_the_schedules_name_each_exercise_of_their_notebooks_once(titles):
    for lesson in LESSONS:
        rows = [r for t in titles for r in table(t) if r["notebook"] == lesson.number]
        named = re.findall(r"`(\w+)`", " ".join(row["what"] for row in rows))
        module = importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
        assert not rows or sorted(named) == sorted(one.name for one in exercises_of(module))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.number)
def test_the_table_of_exercises(lesson):
    rows = [r for r in table("The exercises") if r["notebook"] == lesson.number]
    module = importlib.import_module(f"workshop_utils.exercises.{lesson.subject}")
    named = [row["exercise"].strip("`") for row in rows]
    assert sorted(named) == sorted(exercise.name for exercise in exercises_of(module))
    assert {row["kind"] for row in rows} == {"recall", "apply", "transfer"}
    assert sum(int(row["minutes"]) for row in rows) == lesson.exercises
    assert any(row["in pairs"] != "-" for row in rows)


def test_the_facts_about_the_gpu_are_those_that_were_measured():
    _, text = section("When the GPU quota is gone")
    taken = measured(ROOT)
    assert f"measured on {taken.cores} CPU cores" in text
    longest = math.ceil(max(taken.seconds.values()) / 60)
    assert f"the longest\nnotebook runs for {longest} min" in text


def anchors(path):
    text = (ROOT / "notebooks/text" / f"{path.stem}.md").read_text(encoding="utf-8")
    return {
        line.lstrip("#").strip().replace(" ", "-") for line in re.findall(r"^#+ .+$", text, re.M)
    }


def test_every_link_leads_to_a_file_and_to_a_heading_in_it():
    links = re.findall(r"\]\(([^)\s]+)\)", GUIDE)
    assert len(links) > 15
    for target in links:
        name, _, anchor = target.partition("#")
        path = (ROOT / "colab" / name).resolve()
        assert path.is_file(), target
        assert not anchor or anchor in anchors(path), target


def test_each_trouble_has_a_question_an_answer_and_a_place():
    rows = table("What usually goes wrong")
    assert len(rows) >= 12
    for row in rows:
        assert row["the question that it raises"].endswith("?")
        assert row["the answer"]
        assert row["where"].startswith("[")
    covered = {row["where"][1:3] for row in rows}
    assert covered == set(HEADERS)


def test_the_place_for_the_sizes_of_a_hub_is_marked_once():
    assert GUIDE.count("<!-- sizing:begin -->") == GUIDE.count("<!-- sizing:end -->") == 1
    assert GUIDE.index("<!-- sizing:begin -->") < GUIDE.index("<!-- sizing:end -->")


def test_the_form_is_one_anonymous_page_with_a_reason_for_each_question():
    questions = re.findall(r"^(\d+)\. ", FORM, re.MULTILINE)
    reasons = re.findall(r"^(\d+)\. ", section("The feedback form")[1], re.MULTILINE)
    assert questions == [str(n) for n in range(1, len(questions) + 1)]
    assert 5 <= len(questions) <= 10
    assert questions == reasons
    assert "do not write your name" in FORM
    assert not re.search(r"e-?mail|age\b|gender|address", FORM, re.IGNORECASE)
    # A printed page holds about 60 lines, and here each question has room to write.
    assert len(FORM.splitlines()) <= 45


@pytest.mark.parametrize("text", [GUIDE, FORM], ids=["guide", "form"])
def test_plain_english(text):
    assert _CONTRACTION.findall(re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)) == []
