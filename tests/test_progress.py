"""The record of a learner: what is kept, whatever happens to the kernel, the disk or the file."""

import errno
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_utils import locks, progress, storage
from workshop_utils.exercises import rnn_intuition
from workshop_utils.exercises.answers import VALUE_LENGTH, written
from workshop_utils.platforms import _CI_VARIABLES
from workshop_utils.progress import (
    CORRECT,
    NOT_YET,
    ExerciseRecord,
    QuizRecord,
    Record,
    records,
)
from workshop_utils.progress import file as on_disk
from workshop_utils.progress.records import together
from workshop_utils.storage import drive

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "tests" / "stubs"
NOTEBOOK, NAME = "rnn_intuition", "door_weights"
EXERCISE = rnn_intuition.door_weights
WRONG, RIGHT = next(iter(EXERCISE.examples.values())), EXERCISE.solution_answers()
STUB = (..., ..., ...)


@pytest.fixture(autouse=True)
def a_learner_at_work(monkeypatch):
    """No CI and no setting, whatever runs this suite; the course's exercises are untouched."""
    for name in (*_CI_VARIABLES, progress.PROGRESS_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(EXERCISE, "results", [])


@pytest.fixture
def file(private_folders):
    return private_folders / "artifacts" / "progress.json"


def kept(file):
    return records.parse(file.read_text(encoding="utf-8"))


def entry(file, notebook=NOTEBOOK, name=NAME):
    return kept(file).exercises[notebook, name]


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
    assert found.mistakes == {next(iter(EXERCISE.wrong)): 2}
    assert found.answer == "[-6, 6, 0]\n\n3\n\n-1"
    assert found.first <= found.last <= records.now()


def test_the_learners_own_error_is_a_try_with_its_source(file, capsys):
    def remember(unlocked, scene):
        raise LookupError("lost")

    def leaves(unlocked, scene):
        sys.exit(1)

    rnn_intuition.remember.check(remember)
    assert "LookupError: lost" in capsys.readouterr().out
    found = entry(file, name="remember")
    assert (found.outcome, found.tries, found.wrong) == (NOT_YET, 1, 1)
    assert found.answer == ('def remember(unlocked, scene):\n    raise LookupError("lost")')
    rnn_intuition.remember.check(leaves)
    assert entry(file, name="remember").tries == 2
    rnn_intuition.remember.results.clear()


SESSION = """
import sys
from workshop_utils.exercises.rnn_intuition import door_weights
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
from workshop_utils.exercises.rnn_intuition import door_weights
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
from workshop_utils import progress
print("ready", flush=True)
while not pathlib.Path(sys.argv[2]).exists():
    time.sleep(0.001)
for number in range(25):
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
    assert found.exercises["one", "shared"].tries == 100
    assert len(found.exercises) == records.MAX_ENTRIES
    assert [found.quizzes["one", number].tries for number in range(25)] == [4] * 25
    assert [path.name for path in file.parent.iterdir()] == [file.name]


# --- quiz questions ---------------------------------------------------------------------


def test_the_last_answer_to_a_quiz_question_counts(file):
    progress.record_quiz("01_rnn_intuition", 2, "A", False)
    progress.record_quiz("rnn_intuition", 2, "C", True)
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
        ({progress.PROGRESS_VARIABLE: "0"}, []),
        ({"CI": "false"}, ["progress.json"]),
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
    progress.record_exercise(NOTEBOOK, NAME, correct=True)
    assert progress.exercise(NOTEBOOK, NAME).tries == 1
    assert progress.look().not_written == "this is continuous integration: CI is set"
    assert progress.reset() is None
    assert not file.parent.exists()


def test_switched_off_not_even_the_memory_keeps_it(file, monkeypatch):
    monkeypatch.setenv(progress.PROGRESS_VARIABLE, " off ")
    progress.record_exercise(NOTEBOOK, NAME, correct=True)
    assert progress.exercise(NOTEBOOK, NAME) is None
    monkeypatch.setenv(progress.PROGRESS_VARIABLE, "1")
    progress.record_quiz(NOTEBOOK, 1, "A", True)
    assert kept(file).exercises == {}


CELLS = (
    "def remember(unlocked, scene):\n    return scene == 'unlock'",
    "from workshop_utils.exercises import rnn_intuition as exercises\n"
    "exercises.remember.check(remember)",
)


@pytest.mark.parametrize("by_the_course", [True, False])
def test_a_rerun_by_the_course_records_nothing_and_a_learners_does(file, by_the_course):
    from tiny_course import code_cell, notebook_of

    from workshop_tools.execute import execute, kernel_environment

    environment = kernel_environment(ROOT, file.parent)
    file.parent.mkdir()
    if not by_the_course:
        for name in (progress.PROGRESS_VARIABLE, "PYTEST_CURRENT_TEST"):
            del environment[name]
    done = execute(notebook_of(*map(code_cell, CELLS)), file.parent, environment)
    assert done.notebook["cells"][1]["outputs"][0]["text"].startswith("Not yet: ")
    assert file.exists() != by_the_course
    if not by_the_course:
        assert entry(file, name="remember").answer == CELLS[0]


def test_a_folder_that_cannot_be_made_changes_nothing(monkeypatch, tmp_path, capsys):
    (tmp_path / "in the way").write_text("")
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path / "in the way" / "below"))
    EXERCISE.check(*WRONG)
    assert capsys.readouterr().out.startswith("Not yet: ")
    assert progress.exercise(NOTEBOOK, NAME).tries == 1
    assert progress.look().record == Record()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_is_read_only_for_the_user(file, capsys):
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    file.parent.chmod(0o500)
    try:
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
        assert progress.exercise(NOTEBOOK, NAME).tries == 2
    finally:
        file.parent.chmod(0o700)
    assert entry(file).tries == 1


def test_what_a_full_disk_refused_is_written_with_the_next_try(file, monkeypatch):
    progress.record_exercise(NOTEBOOK, NAME, correct=False)

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as change:
        change.setattr(os, "fsync", full)
        for _ in range(3):
            progress.record_exercise(NOTEBOOK, NAME, correct=False)
        assert entry(file).tries == 1
        assert progress.exercise(NOTEBOOK, NAME).tries == 4
    progress.record_quiz(NOTEBOOK, 1, "A", True)
    assert (entry(file).tries, len(kept(file).quizzes)) == (4, 1)


def test_a_disk_that_hangs_holds_up_one_check_for_a_moment(file, monkeypatch):
    answers = threading.Event()
    real = on_disk.read

    def hang(path):
        answers.wait(30)
        return real(path)

    monkeypatch.setattr(on_disk, "read", hang)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.2)
    started = time.perf_counter()
    for _ in range(20):
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert time.perf_counter() - started < 20 * 0.2
    answers.set()
    progress._at_work[0].join(10)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 10)
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert entry(file).tries == 21


def test_another_program_that_holds_the_lock_costs_a_bounded_wait(file, monkeypatch):
    monkeypatch.setattr(on_disk, "LOCK_SECONDS", 0.1)
    file.parent.mkdir()
    with on_disk.locked():
        started = time.perf_counter()
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
        assert time.perf_counter() - started < progress.PATIENCE_SECONDS
        assert not file.exists()
        with pytest.raises(locks.InUse, match=r"progress\.json is being written by process"):
            on_disk.locked().__enter__()
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert entry(file).tries == 2


@pytest.mark.skipif(sys.platform == "win32", reason="the locks of Unix")
def test_a_drive_without_locks_is_written_all_the_same(file, monkeypatch):
    import fcntl

    def refuse(*_):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert entry(file).tries == 1


def test_clearing_the_cache_leaves_the_record(file):
    progress.record_exercise(NOTEBOOK, NAME, correct=True)
    storage.write_text(file.with_name("model.txt"), "x")
    storage.clear()
    assert entry(file).tries == 1
    assert not file.with_name("model.txt").exists()


# --- Google Drive -----------------------------------------------------------------------


@pytest.fixture
def colab(monkeypatch, tmp_path):
    """Colab with a stub of its package and a Drive that can be mounted."""
    monkeypatch.syspath_prepend(str(STUBS))
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "colab")
    monkeypatch.setattr(drive, "MOUNTPOINT", tmp_path / "drive")
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    yield tmp_path / "drive" / "MyDrive" / "lstm-workshop" / "artifacts" / "progress.json"
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


def test_a_mounted_drive_gets_the_record_and_what_was_done_before(colab):
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    local = storage.cache_dir() / "artifacts" / "progress.json"
    assert entry(local).tries == 1
    assert storage.mount_drive()
    assert progress.exercise(NOTEBOOK, NAME).tries == 1
    for _ in range(2):
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert (entry(colab).tries, local.exists()) == (3, False)
    with on_disk.locked():
        assert list(colab.parent.glob("*.lock")) == []
    assert (progress.look().file, progress.look().record) == (colab, kept(colab))


def test_one_backup_holds_what_lay_on_drive_and_before_it(colab):
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    storage.mount_drive()
    backup = progress.reset()
    assert (entry(backup).tries, backup.parent) == (1, colab.parent)
    assert progress.look().record == Record()


# --- damaged files ----------------------------------------------------------------------


def whole():
    moment = records.now()
    exercise = ExerciseRecord(CORRECT, 2, 1, "45", moment, moment)
    quiz = QuizRecord("A", True, 1, moment, moment)
    return Record({(NOTEBOOK, NAME): exercise}, {(NOTEBOOK, 1): quiz})


def changed(table, key, value):
    """The text of a whole record with one entry replaced or, by ``KeyError``, removed."""
    known = json.loads(whole().as_text())
    inner = {
        "top": known,
        "tables": known["exercises"],
        "exercise": known["exercises"][NOTEBOOK][NAME],
        "quizzes": known["quizzes"][NOTEBOOK],
        "quiz": known["quizzes"][NOTEBOOK]["1"],
    }[table]
    if value is KeyError:
        del inner[key]
    else:
        inner[key] = value
    return json.dumps(known)


DAMAGE = {
    "cut": whole().as_text()[:-20],
    "empty": "",
    "no JSON": "progress = {}",
    "a list": "[]",
    "deep": "[" * 100_000,
    "bytes": b"\xff\xfe\x00",
    "newer": changed("top", "version", 3),
    "version as text": changed("top", "version", "1"),
    "no version": changed("top", "version", KeyError),
    "no exercises": changed("top", "exercises", KeyError),
    "quizzes a list": changed("top", "quizzes", []),
    "notebook a number": changed("tables", NOTEBOOK, 1),
    "exercise a text": changed("tables", NOTEBOOK, {NAME: "correct"}),
    "outcome": changed("exercise", "outcome", "perfect"),
    "tries a bool": changed("exercise", "tries", True),
    "tries negative": changed("exercise", "tries", -1),
    "answer missing": changed("exercise", "answer", KeyError),
    "date": changed("exercise", "last", "yesterday"),
    "date without zone": changed("exercise", "last", "2026-01-01T00:00:00"),
    "date of the year 9999": changed("exercise", "last", "9999-12-31T23:59:59-12:00"),
    "right": changed("quiz", "right", 1),
    "question": changed("quizzes", "first", {}),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_set_aside_and_a_fresh_one_begins(file, kind):
    content = DAMAGE[kind]
    content = content if isinstance(content, bytes) else content.encode()
    file.parent.mkdir()
    file.write_bytes(content)
    assert progress.exercise(NOTEBOOK, NAME) is None
    EXERCISE.check(*RIGHT)
    assert entry(file).tries == 1
    (aside,) = on_disk.damaged_files()
    assert re.fullmatch(r"progress\.damaged-[\d-]+\.json", aside.name)
    assert aside.read_bytes() == content


# --- size, sums, texts ------------------------------------------------------------------


def test_a_long_answer_is_cut_and_the_oldest_entries_go(file):
    moments = [f"2026-01-01T00:{n // 60:02}:{n % 60:02}+00:00" for n in range(101)]
    assert len(moments) == records.MAX_ENTRIES + 1
    entries = {
        ("n", f"{number}"): ExerciseRecord(CORRECT, 1, 0, "", moment, moment)
        for number, moment in enumerate(moments)
    }
    kept_ones = records.parse(Record(entries).as_text()).exercises
    assert len(kept_ones) == records.MAX_ENTRIES
    assert ("n", "0") not in kept_ones
    progress.record_exercise(NOTEBOOK, NAME, correct=True, answer="x" * 10_000)
    assert len(entry(file).answer) == records.MAX_ANSWER


moments = st.integers(0, 59).map(lambda second: f"2026-01-01T00:00:{second:02d}+00:00")
names = st.sampled_from(["a", "b"])
exercises = st.builds(
    lambda outcome, tries, wrong, answer, moment, mistakes: ExerciseRecord(
        outcome, tries, wrong, answer, moment, moment, mistakes
    ),
    st.sampled_from([NOT_YET, CORRECT]),
    st.integers(0, 9),
    st.integers(0, 9),
    st.text(max_size=5),
    moments,
    st.dictionaries(names, st.integers(0, 9)),
)
quizzes = st.builds(
    lambda letter, right, tries, moment: QuizRecord(letter, right, tries, moment, moment),
    st.text(max_size=2),
    st.booleans(),
    st.integers(0, 9),
    moments,
)
some = st.builds(
    Record,
    st.dictionaries(st.tuples(names, names), exercises, max_size=3),
    st.dictionaries(st.tuples(names, st.integers(0, 3)), quizzes, max_size=3),
)


@given(some, some, some)
def test_records_can_be_put_together_in_any_grouping(one, two, three):
    left, right = together([one, two]), together([two, three])
    assert together([left, three]) == together([one, right]) == together([one, two, three])
    assert together([one, Record()]) == together([Record(), one]) == one
    back, forth = left, together([two, one])
    assert {
        name: (each.outcome, each.tries, each.wrong, each.first, each.last)
        for name, each in back.exercises.items()
    } == {
        name: (each.outcome, each.tries, each.wrong, each.first, each.last)
        for name, each in forth.exercises.items()
    }


@given(some)
def test_a_record_comes_back_from_its_text(record):
    assert records.parse(record.as_text()) == record


def test_named_mistakes_are_counted(file):
    for name in ("gate_order", "gate_order", "no_bias", ""):
        progress.record_exercise(NOTEBOOK, NAME, correct=False, mistake=name)
    progress.record_exercise(NOTEBOOK, NAME, correct=True, mistake="ignored")
    assert entry(file).mistakes == {"gate_order": 2, "no_bias": 1}


def test_a_record_of_version_1_is_read_and_written_as_version_2(file):
    moment = "2026-01-01T00:00:00+00:00"
    old = {"outcome": NOT_YET, "tries": 2, "wrong": 2, "answer": "7", "first": moment}
    table = {"version": 1, "exercises": {NOTEBOOK: {NAME: {**old, "last": moment}}}, "quizzes": {}}
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(table))
    progress.record_exercise(NOTEBOOK, NAME, correct=False, mistake="gate_order")
    assert json.loads(file.read_text())["version"] == 2
    assert (entry(file).tries, entry(file).mistakes) == (3, {"gate_order": 1})


class Endless:
    def __repr__(self):
        while True:
            pass


class Fails:
    def __repr__(self):
        sys.exit(1)


def test_answers_as_text(monkeypatch):
    monkeypatch.setattr("workshop_utils.exercises.answers.TIME_LIMIT", 0.2)
    assert written((45, (3, 4))) == "45\n\n(3, 4)"
    assert "lambda n: n + 7" in written((lambda n: n + 7,))
    assert written((eval("lambda n: n"),)) == ""
    assert written((len,)) == ""
    assert " at 0x" not in written((object(),))
    for huge in ("x" * 10**6, list(range(10**6)), [["y" * 1000] * 50] * 50):
        assert 0 < len(written((huge,))) <= VALUE_LENGTH
    assert written((Endless(), 1)) == "1"
    assert written((Fails(), 1)) == "1"
