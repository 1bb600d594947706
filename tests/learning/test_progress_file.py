"""The file of the record: what is kept of it, whatever happens to the disk, Drive or the file."""

import errno
import json
import os
import re
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learner_record import DAMAGE, EXERCISE, NAME, NOTEBOOK, RIGHT, WRONG, entry, kept

from workshop_utils.learning import record as progress
from workshop_utils.learning.record import (
    CORRECT,
    NOT_YET,
    ExerciseRecord,
    QuizRecord,
    Record,
    records,
)
from workshop_utils.learning.record import file as on_disk
from workshop_utils.learning.record.records import together
from workshop_utils.runtime import locks, storage
from workshop_utils.runtime.storage import drive

STUBS = Path(__file__).resolve().parents[1] / "stubs"
pytestmark = pytest.mark.usefixtures("a_learner_at_work")


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


# --- sums and versions ------------------------------------------------------------------


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


def test_a_record_of_version_1_is_read_and_written_as_version_2(file):
    moment = "2026-01-01T00:00:00+00:00"
    old = {"outcome": NOT_YET, "tries": 2, "wrong": 2, "answer": "7", "first": moment}
    table = {"version": 1, "exercises": {NOTEBOOK: {NAME: {**old, "last": moment}}}, "quizzes": {}}
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(table))
    progress.record_exercise(NOTEBOOK, NAME, correct=False, mistake="gate_order")
    assert json.loads(file.read_text())["version"] == 2
    assert (entry(file).tries, entry(file).mistakes) == (3, {"gate_order": 1})
