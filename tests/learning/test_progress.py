"""What is recorded of a learner: every check, from every kernel, except where nothing may be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from learner_record import EXERCISE, NAME, NOTEBOOK, RIGHT, WRONG, entry, kept

from workshop_utils.learning import record
from workshop_utils.learning.exercises import rnn_intuition
from workshop_utils.learning.exercises.answers import VALUE_LENGTH, written
from workshop_utils.learning.record import CORRECT, NOT_YET, lines

ROOT = Path(__file__).resolve().parents[2]
STUB = (..., ..., ...)
pytestmark = [pytest.mark.usefixtures("a_learner_at_work"), pytest.mark.no_cover]


def run_python(code, *arguments, without=(), **environ):
    inherited = {name: value for name, value in os.environ.items() if name not in without}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**inherited, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said_by(process):
    out, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (0, "")
    return out.splitlines()


# --- what a check records ---------------------------------------------------------------


def test_a_check_is_recorded_with_the_name_of_the_mistake(file, capsys):
    answers = (WRONG, RIGHT, WRONG, STUB)
    for answer in answers:
        EXERCISE.check(*answer)
    assert capsys.readouterr().out.splitlines() == [EXERCISE.judge(*a).line for a in answers]
    found = entry(file)
    assert (found.outcome, found.tries, found.wrong) == (CORRECT, 3, 2)
    assert found.mistakes == {next(iter(EXERCISE.examples)): 2}
    assert found.answer == "[-6, 6, 0]\n\n3\n\n-1"
    assert found.last <= lines.now()


def test_the_learners_own_error_is_a_try_with_its_source(file, capsys):
    def rnn_step(x, h, W, U, b):
        raise LookupError("lost")

    def leaves(x, h, W, U, b):
        sys.exit(1)

    rnn_intuition.rnn_step.check(rnn_step)
    assert "LookupError: lost" in capsys.readouterr().out
    found = entry(file, name="rnn_step")
    assert (found.outcome, found.tries, found.wrong) == (NOT_YET, 1, 1)
    assert found.answer == ('def rnn_step(x, h, W, U, b):\n    raise LookupError("lost")')
    rnn_intuition.rnn_step.check(leaves)
    assert entry(file, name="rnn_step").tries == 2
    rnn_intuition.rnn_step.results.clear()


def test_named_mistakes_are_counted(file):
    for name in ("gate_order", "gate_order", "no_bias", ""):
        record.record_exercise(NOTEBOOK, NAME, correct=False, mistake=name)
    record.record_exercise(NOTEBOOK, NAME, correct=True, mistake="ignored")
    assert entry(file).mistakes == {"gate_order": 2, "no_bias": 1}


def test_a_long_answer_is_cut(file):
    record.record_exercise(NOTEBOOK, NAME, correct=True, answer="x" * 10_000)
    assert len(entry(file).answer) == lines.MAX_ANSWER


def test_each_check_adds_one_line_and_changes_none(file):
    for answer in (WRONG, RIGHT, STUB):
        before = file.read_bytes() if file.exists() else b""
        EXERCISE.check(*answer)
        assert file.read_bytes().startswith(before)
    assert file.read_text().count("\n") == 2


class Endless:
    def __repr__(self):
        while True:
            pass


class Fails:
    def __repr__(self):
        sys.exit(1)


def test_answers_as_text(monkeypatch):
    monkeypatch.setattr("workshop_utils.learning.exercises.answers.TIME_LIMIT", 0.2)
    assert written((45, (3, 4))) == "45\n\n(3, 4)"
    assert "lambda n: n + 7" in written((lambda n: n + 7,))
    assert written((eval("lambda n: n"),)) == ""
    assert written((len,)) == ""
    assert " at 0x" not in written((object(),))
    for huge in ("x" * 10**6, list(range(10**6)), [["y" * 1000] * 50] * 50):
        assert 0 < len(written((huge,))) <= VALUE_LENGTH
    assert written((Endless(), 1)) == "1"
    assert written((Fails(), 1)) == "1"


SESSION = """
import sys
from workshop_utils.learning.exercises.rnn_intuition import door_weights
for word in sys.argv[1:]:
    right = word == "right"
    answers = door_weights.solution_answers() if right else door_weights.examples["shapes"]
    door_weights.check(*answers)
door_weights.solution()
"""


def test_the_solution_opens_after_three_tries_in_two_sessions(file):
    first, second = [said_by(run_python(SESSION, *tries)) for tries in (("no", "no"), ("no",))]
    assert "you have tried 2 so far" in first[-1]
    assert second[0].startswith("Not yet: ")
    assert "\n".join(second).endswith(EXERCISE.solution_source())


def test_the_solution_is_open_after_a_success_in_an_earlier_session(file):
    said_by(run_python(SESSION, "right"))
    assert "\n".join(said_by(run_python(SESSION))) == EXERCISE.solution_source()


KILLED = """
import sys, time
from workshop_utils.learning.exercises.rnn_intuition import door_weights
door_weights.check(*door_weights.examples["shapes"])
print("between", flush=True)
time.sleep(60)
"""


def test_what_was_said_before_the_kernel_was_killed_is_kept(file):
    process = run_python(KILLED)
    assert process.stdout.readline().startswith("Not yet: ")
    process.kill()
    process.communicate()
    assert entry(file).tries == 1
    assert said_by(run_python(SESSION, "right"))[0].startswith("Correct.")
    assert (entry(file).tries, entry(file).wrong) == (2, 1)


BUSY = """
import pathlib, sys, time
from workshop_utils.learning import record as progress
print("ready", flush=True)
while not pathlib.Path(sys.argv[2]).exists():
    time.sleep(0.001)
for number in range(24):
    progress.record_exercise("one", "shared", correct=False, answer=sys.argv[1])
    progress.record_exercise(sys.argv[1], f"own-{number}", correct=True)
    progress.record_quiz("one", number, sys.argv[1], True)
print(len(progress._unsaved))
"""


def test_four_notebooks_at_once_lose_no_answer(file, tmp_path):
    processes = [run_python(BUSY, letter, tmp_path / "go") for letter in "abcd"]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 4
    (tmp_path / "go").touch()
    assert [said_by(process) for process in processes] == [["0"]] * 4
    found = kept(file)
    assert found.exercises["one", "shared"].tries == 96
    assert len(found.exercises) == 1 + 4 * 24
    assert (found.damaged, file.read_text().count("\n")) == (0, 4 * 24 * 3)
    assert [found.quizzes["one", number].tries for number in range(24)] == [4] * 24
    assert [path.name for path in file.parent.iterdir()] == [file.name]


# --- quiz questions ---------------------------------------------------------------------


def test_the_last_answer_to_a_quiz_question_counts(file):
    record.record_quiz("01_rnn_intuition", 2, "A", False)
    record.record_quiz("rnn_intuition", 2, "C", True)
    found = kept(file).quizzes[NOTEBOOK, 2]
    assert (found.letter, found.right, found.tries) == ("C", True, 2)


# --- where nothing is written -----------------------------------------------------------


HOMELESS = ("LSTM_WORKSHOP_CACHE", "LSTM_WORKSHOP_ARTIFACTS", "XDG_CACHE_HOME", "LOCALAPPDATA")


@pytest.mark.parametrize(
    ("setting", "written_files"),
    [
        ({"CI": "true"}, []),
        ({"GITHUB_ACTIONS": "1"}, []),
        ({"LSTM_WORKSHOP_PLATFORM": "ci"}, []),
        ({record.PROGRESS_VARIABLE: "0"}, []),
        ({"CI": "false"}, ["progress.jsonl"]),
    ],
)
def test_nothing_is_written_to_the_home_under_ci(tmp_path, setting, written_files):
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    for answers in (("no", "no", "no"), ()):
        said = said_by(run_python(SESSION, *answers, without=HOMELESS, **home, **setting))
        opened = bool(answers) or bool(written_files)
        assert ("The solution opens after" not in said[-1]) == opened
    found = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert found == written_files


def test_under_ci_it_stays_in_memory(file, monkeypatch):
    monkeypatch.setenv("CI", "1")
    record.record_exercise(NOTEBOOK, NAME, correct=True)
    assert record.exercise(NOTEBOOK, NAME).tries == 1
    assert record.look().not_written == "this is continuous integration: CI is set"
    assert record.forget() == []
    assert not file.parent.exists()


def test_switched_off_not_even_the_memory_keeps_it(file, monkeypatch):
    monkeypatch.setenv(record.PROGRESS_VARIABLE, " off ")
    record.record_exercise(NOTEBOOK, NAME, correct=True)
    assert record.exercise(NOTEBOOK, NAME) is None
    monkeypatch.setenv(record.PROGRESS_VARIABLE, "1")
    record.record_quiz(NOTEBOOK, 1, "A", True)
    assert kept(file).exercises == {}


CELLS = (
    "def rnn_step(x, h, W, U, b):\n    return x @ W",
    "from workshop_utils.learning.exercises import rnn_intuition as exercises\n"
    "exercises.rnn_step.check(rnn_step)",
)


@pytest.mark.parametrize("by_the_course", [True, False])
def test_a_rerun_by_the_course_records_nothing_and_a_learners_does(file, by_the_course):
    from tiny_course import code_cell, notebook_of

    from workshop_tools.execute import execute, kernel_environment

    environment = kernel_environment(ROOT, file.parent)
    file.parent.mkdir()
    if not by_the_course:
        for name in (record.PROGRESS_VARIABLE, "PYTEST_CURRENT_TEST"):
            del environment[name]
    done = execute(notebook_of(*map(code_cell, CELLS)), file.parent, environment)
    assert done.notebook["cells"][1]["outputs"][0]["text"].startswith("\033[31m✗ Not yet\033[0m: ")
    assert file.exists() != by_the_course
    if not by_the_course:
        assert entry(file, name="rnn_step").answer == CELLS[0]
