"""The file of the record: what is kept of it, whatever happens to the disk, Drive or the file."""

import errno
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learner_record import EXERCISE, NAME, NOTEBOOK, RIGHT, WRONG, entry, kept

from workshop_utils.learning import record as progress
from workshop_utils.learning.record import CORRECT, Record, lines
from workshop_utils.learning.record import file as on_disk
from workshop_utils.runtime import storage
from workshop_utils.runtime.storage import drive

STUBS = Path(__file__).resolve().parents[1] / "stubs"
pytestmark = pytest.mark.usefixtures("a_learner_at_work")


def test_a_folder_that_cannot_be_made_changes_nothing(monkeypatch, tmp_path, capsys):
    (tmp_path / "in the way").write_text("")
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path / "in the way" / "below"))
    EXERCISE.check(*WRONG)
    assert capsys.readouterr().out.startswith("Not yet: ")
    assert progress.exercise(NOTEBOOK, NAME).tries == 1
    assert progress.look().record.exercises[NOTEBOOK, NAME].tries == 1


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

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as change:
        change.setattr(on_disk, "_add", full)
        for _ in range(3):
            progress.record_exercise(NOTEBOOK, NAME, correct=False)
        assert entry(file).tries == 1
        assert progress.exercise(NOTEBOOK, NAME).tries == 4
    progress.record_quiz(NOTEBOOK, 1, "A", True)
    assert (entry(file).tries, len(kept(file).quizzes)) == (4, 1)


@pytest.fixture
def sentences(monkeypatch):
    """Whatever was said before, this test may hear it."""
    on_disk._say_once.cache_clear()
    monkeypatch.setattr(on_disk, "LOCK_SECONDS", 0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="the locks of Unix")
@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOTSUP, "has no locks"), (errno.EAGAIN, "Another program holds")]
)
def test_where_a_lock_is_refused_it_appends_and_says_so_once(
    file, monkeypatch, capsys, sentences, number, words
):
    import fcntl

    def refuse(*_):
        raise OSError(number, "refused")

    monkeypatch.setattr(fcntl, "flock", refuse)
    for _ in range(2):
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert entry(file).tries == 2
    (line,) = capsys.readouterr().out.splitlines()
    assert words in line


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
    monkeypatch.setattr(drive, "_seen", set())
    monkeypatch.setattr(drive.os.path, "ismount", lambda path: path.is_dir())
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    yield tmp_path / "drive" / "MyDrive" / "lstm-workshop" / "artifacts" / "progress.jsonl"
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


def test_a_mounted_drive_gets_the_record_and_what_was_done_before(colab):
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    local = storage.cache_dir() / "artifacts" / "progress.jsonl"
    assert entry(local).tries == 1
    assert storage.mount_drive()
    assert progress.exercise(NOTEBOOK, NAME).tries == 1
    for _ in range(2):
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert (entry(colab).tries, local.exists()) == (3, False)
    assert (progress.look().file, progress.look().record) == (colab, kept(colab))


def test_forgetting_deletes_what_lies_on_drive_and_before_it(colab):
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    local = storage.cache_dir() / "artifacts" / "progress.jsonl"
    storage.mount_drive()
    assert progress.forget() == [local]
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert progress.forget() == [colab]
    assert progress.look().record == Record()


# --- damaged, newer and older lines -----------------------------------------------------

GOOD = lines.as_line(lines.Tried(NOTEBOOK, NAME, False, "7", "shapes", "2026-01-01T00:00:00+00:00"))
QUIZ = lines.as_line(lines.Chosen(NOTEBOOK, 1, "A", True, "2026-01-01T00:00:00+00:00"))


def changed(line, name, value=KeyError):
    """A line with one value replaced or, without one, removed."""
    table = json.loads(line)
    table[name] = value
    if value is KeyError:
        del table[name]
    return json.dumps(table)


DAMAGE = {
    "cut": GOOD[:-20],
    "no JSON": "progress = {}",
    "a list": "[]",
    "a number": "7",
    "deep": "[" * 100_000,
    "bytes": b"\xff\xfe\x00",
    "version as text": changed(GOOD, "version", "3"),
    "an older version": changed(GOOD, "version", 2),
    "no version": changed(GOOD, "version"),
    "no answer": changed(GOOD, "answer"),
    "correct a number": changed(GOOD, "correct", 1),
    "notebook a list": changed(GOOD, "notebook", [NOTEBOOK]),
    "date": changed(GOOD, "at", "yesterday"),
    "date without zone": changed(GOOD, "at", "2026-01-01T00:00:00"),
    "date of the year 9999": changed(GOOD, "at", "9999-12-31T23:59:59-12:00"),
    "right": changed(QUIZ, "right", 1),
    "question": changed(QUIZ, "question", "1"),
    "neither": changed(QUIZ, "question"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_line_is_skipped_and_counted_and_stays(file, kind):
    damaged = DAMAGE[kind] if isinstance(DAMAGE[kind], bytes) else DAMAGE[kind].encode()
    content = GOOD.encode() + damaged + b"\n" + QUIZ.encode()
    file.parent.mkdir()
    file.write_bytes(content)
    EXERCISE.check(*RIGHT)
    assert file.read_bytes().startswith(content)
    known = progress.look().record
    assert (known.damaged, known.newer, len(known.quizzes)) == (1, 0, 1)
    assert known.exercises[NOTEBOOK, NAME].tries == 2


def test_a_line_that_a_killed_process_left_half_damages_no_other(file):
    file.parent.mkdir()
    file.write_text(GOOD + GOOD[:30])
    progress.record_exercise(NOTEBOOK, NAME, correct=True)
    known = progress.look().record
    assert (known.damaged, known.exercises[NOTEBOOK, NAME].tries) == (1, 2)


def test_lines_of_a_newer_version_are_kept_and_counted(file):
    newer = json.dumps({"version": 4, "whatever": {}}) + "\n"
    file.parent.mkdir()
    file.write_text(newer)
    progress.record_exercise(NOTEBOOK, NAME, correct=True)
    known = progress.look().record
    assert (known.newer, known.damaged, known.exercises[NOTEBOOK, NAME].tries) == (1, 0, 1)
    assert file.read_text().startswith(newer)


def older(version, **changes):
    """The text of a record as versions 1 and 2 wrote it."""
    moment = "2026-01-01T00:00:00+00:00"
    entry = {"outcome": CORRECT, "tries": 3, "wrong": 2, "answer": "7", "last": moment}
    named = {"mistakes": {"gate_order": 1}} if version == 2 else {}
    quiz = {"letter": "B", "right": True, "tries": 2, "first": moment, "last": moment}
    exercises = {NOTEBOOK: {NAME: {**entry, **named, "first": moment, **changes}}}
    quizzes = {NOTEBOOK: {"1": quiz}}
    return json.dumps({"version": version, "exercises": exercises, "quizzes": quizzes})


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_record_is_read_at_once_and_taken_over_once(file, version):
    file.parent.mkdir(parents=True)
    before = file.with_name("progress.json")
    before.write_text(older(version))
    assert progress.exercise(NOTEBOOK, NAME).tries == 3
    for _ in range(2):
        progress.record_exercise(NOTEBOOK, NAME, correct=False)
    known = entry(file)
    assert (known.outcome, known.tries, known.wrong) == (CORRECT, 5, 4)
    assert known.mistakes == ({"gate_order": 1} if version == 2 else {})
    assert (kept(file).quizzes[NOTEBOOK, 1].letter, kept(file).quizzes[NOTEBOOK, 1].tries) == (
        "B",
        2,
    )
    assert not before.exists()
    assert file.with_name(on_disk.TAKEN_OVER).read_text() == older(version)


@pytest.mark.parametrize("text", [older(3), older(2, last="yesterday"), older(2, tries="x"), "{"])
def test_an_older_record_that_cannot_be_read_stays_and_is_counted(file, text):
    file.parent.mkdir(parents=True)
    file.with_name("progress.json").write_text(text)
    progress.record_exercise(NOTEBOOK, NAME, correct=False)
    assert file.with_name("progress.json").read_text() == text
    assert (entry(file).tries, progress.look().record.damaged) == (1, 1)


names = st.sampled_from(["a", "b"])
moments = st.integers(0, 59).map(lambda second: f"2026-01-01T00:00:{second:02d}+00:00")
tries = st.builds(lines.Tried, names, names, st.booleans(), st.text(), names, moments)
choices = st.builds(lines.Chosen, names, st.integers(0, 3), st.text(), st.booleans(), moments)


@given(st.lists(tries | choices))
def test_events_come_back_from_their_lines(events):
    text = "".join(map(lines.as_line, events))
    assert lines.read(text) == (events, 0, 0)
    assert sum(each.tries for each in lines.summed(events).exercises.values()) == sum(
        isinstance(each, lines.Tried) for each in events
    )
