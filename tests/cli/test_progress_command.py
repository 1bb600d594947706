"""`workshop progress`: the table, the details, JSON, and forgetting."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from workshop_utils.cli import main
from workshop_utils.cli import progress as room
from workshop_utils.learning import quizzes, record
from workshop_utils.learning.exercises import exercises_of, rnn_intuition
from workshop_utils.learning.lessons import EVERY, LESSONS
from workshop_utils.learning.record import Record

ROOT = Path(__file__).resolve().parents[2]
TODAY = r"\d{4}-\d\d-\d\d"
pytestmark = pytest.mark.usefixtures("a_learner_at_work")
QUESTIONS = len(quizzes.load("rnn_intuition"))


@pytest.fixture
def worked():
    """One exercise solved, one tried, two quiz questions answered, one of them rightly."""
    record.record_exercise("rnn_intuition", "rnn_step", correct=False, answer="def bad(): ...")
    record.record_exercise("rnn_intuition", "rnn_step", correct=True, answer="def good():\n    1")
    record.record_exercise("rnn_intuition", "twin_films", correct=False)
    record.record_exercise("rnn_intuition", "from an older workshop", correct=True)
    record.record_quiz("01_rnn_intuition", 1, "B", True)
    record.record_quiz("01_rnn_intuition", 2, "A", False)


def workshop(*words, answer=None):
    done = CliRunner().invoke(main.app, ["progress", *words], input=answer)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


def row(output, name):
    (line,) = [line for line in output.splitlines() if f" {name} " in line]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_nothing_yet_is_said_in_words(file):
    done = workshop()
    assert done.exit_code == 0
    assert f"Nothing is recorded yet. Your first check begins the record in {file}." in done.output
    count = len(exercises_of(rnn_intuition))
    cells = row(done.output, "01_rnn_intuition")
    assert cells[1:] == [f"0 of {count}", "0", f"0 of {QUESTIONS}", "-"]
    assert not file.parent.exists()


def test_the_table_counts_each_notebook(file, worked):
    done = workshop()
    count = len(exercises_of(rnn_intuition))
    cells = row(done.output, "01_rnn_intuition")
    assert cells[1:4] == [f"1 of {count}", "1", f"1 of {QUESTIONS}"]
    assert re.fullmatch(TODAY, cells[4])
    for lesson in LESSONS[1:]:
        assert row(done.output, lesson.name)[1].startswith("0 of ")
    assert f"The record is {file}; it is sent nowhere." in done.output


def test_the_details_of_one_notebook_hold_the_answers(worked):
    done = workshop("--notebook", "1")
    assert row(done.output, "rnn_step")[1:3] == ["correct", "2"]
    assert row(done.output, "twin_films")[1:3] == ["not yet", "1"]
    assert row(done.output, "door_weights")[1:] == ["not attempted", "0", "-"]
    assert row(done.output, "B") == ["1", "B", "yes", "1"]
    assert row(done.output, "A") == ["2", "A", "no", "1"]
    assert "Your last answer to rnn_step:\n    def good():\n        1\n" in done.output
    assert "02_long_term_dependencies" not in done.output
    empty = workshop("--notebook", "02").output
    assert "Quiz" not in empty
    assert "Nothing is recorded yet" not in empty


def test_a_notebook_that_does_not_exist_is_one_sentence():
    done = workshop("--notebook", "07")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "There is no notebook called '07'" in done.stderr


def test_json_for_machines(file, worked):
    known = json.loads(workshop("--json").output)
    assert (known["file"], known["not_written"], known["damaged_lines"]) == (str(file), None, 0)
    assert [each["name"] for each in known["notebooks"]][:6] == [lesson.name for lesson in LESSONS]
    first = known["notebooks"][0]
    assert (first["solved"], first["tried"]) == (1, 1)
    assert (first["quiz_right"], first["quiz_answered"]) == (1, 2)
    assert first["quiz_questions"] == QUESTIONS
    by_name = {each["name"]: each for each in first["exercises"]}
    assert by_name["rnn_step"]["answer"] == "def good():\n    1"
    assert by_name["door_weights"] == {"name": "door_weights", "outcome": "not attempted"}
    assert first["last"] == max(each["last"] for each in first["quiz"])
    assert known["notebooks"][1]["last"] is None
    (only,) = json.loads(workshop("--json", "--notebook", "03").output)["notebooks"]
    assert only["number"] == "03"


def test_damaged_and_newer_lines_are_said(file, worked):
    with file.open("a") as lines:
        lines.write('{\n{"version": 99}\n')
    said = workshop().output
    assert "Skipped, because damaged: 1 line of the record." in said
    assert "Kept for a newer workshop, which wrote it: 1 line." in said
    known = json.loads(workshop("--json").output)
    assert (known["damaged_lines"], known["newer_lines"]) == (1, 1)


def test_forgetting_asks_and_leaves_nothing(file, worked, tmp_path):
    workshop("--hand-in", "--folder", str(tmp_path))
    before = file.read_text()
    done = workshop("--forget", answer="n\n")
    assert "Delete the record of all notebooks?" in done.output
    assert "Nothing was deleted." in done.output
    assert file.read_text() == before
    assert f"Deleted: {file}" in workshop("--forget", answer="y\n").output
    assert list(file.parent.iterdir()) == []
    assert "Nothing is recorded yet." in workshop().output


def test_forgetting_without_asking(file, worked):
    assert f"Deleted: {file}" in workshop("--forget", "--yes").output
    assert "There is no record." in workshop("--forget", "--yes").output


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CI", "1", "this is continuous integration: CI is set"),
        (record.PROGRESS_VARIABLE, "0", "LSTM_WORKSHOP_PROGRESS switches it off"),
    ],
)
def test_where_nothing_is_kept_it_says_why(file, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    assert f"No progress is kept here: {words}" in workshop().output
    assert not file.parent.exists()


def test_each_lesson_has_a_standing():
    for lesson in EVERY:
        found = room.standing(lesson, Record())
        assert {each["outcome"] for each in found["exercises"]} == {room.UNTRIED}
        assert found["not_attempted"] == len(found["exercises"]) >= 2


COLAB_ONLY = """
import sys
for name in ("jupytext", "nbclient", "nbconvert", "nbformat", "nbval", "pytest", "jupyterlab"):
    sys.modules[name] = None
from workshop_utils.cli import main
sys.argv = ["workshop", "progress", "--notebook", "01"]
try:
    main.main()
finally:
    print("loaded:", sorted({"tensorflow", "keras", "pandas", "sklearn"} & set(sys.modules)))
"""


def test_it_needs_no_extra_and_loads_no_tensorflow(worked):
    done = subprocess.run(
        [sys.executable, "-c", COLAB_ONLY],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "loaded: []"
    assert "rnn_step" in done.stdout
