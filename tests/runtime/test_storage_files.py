"""Whole writes, the list of what was written, and clearing."""

import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_utils.runtime import storage
from workshop_utils.runtime.storage import StorageError, atomic_path, files, write_text

ROOT = Path(__file__).resolve().parents[2]
LEFTOVER = ".model.0123abcd.part.keras"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def run_python(code, *arguments, **options):
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], env=environ, **options
    )


# --- whole writes -----------------------------------------------------------------------


def test_a_file_appears_whole_and_its_folder_is_made(tmp_path):
    target = tmp_path / "new" / "folder" / "model.keras"
    with atomic_path(target) as part:
        assert part.parent == target.parent
        assert part.suffix == ".keras"
        part.write_bytes(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert names(target.parent) == ["model.keras"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "notes.txt"
    target.write_text("old")

    def fail():
        with atomic_path(target) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["notes.txt"]


@given(st.text())
def test_any_text_comes_back(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "text.txt")
        write_text(path, text)
        assert path.read_bytes().decode() == text


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_one_sentence(tmp_path, number):
    target = tmp_path / "model.keras"

    def fail():
        with atomic_path(target):
            raise OSError(number, os.strerror(number))

    with pytest.raises(StorageError, match=r"cannot be written.*LSTM_WORKSHOP_ARTIFACTS") as caught:
        fail()
    assert caught.value.errno == number
    assert os.strerror(number) in str(caught.value)
    assert names(tmp_path) == []


def test_a_disk_that_is_full_at_the_last_moment(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "notes.txt").write_text("old")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        write_text(tmp_path / "notes.txt", "new")
    assert (tmp_path / "notes.txt").read_text() == "old"
    assert names(tmp_path) == ["notes.txt"]


def test_other_errors_of_the_block_stay_themselves(tmp_path):
    def fail():
        with atomic_path(tmp_path / "text.txt"):
            raise ConnectionResetError(errno.ECONNRESET, "gone")

    with pytest.raises(ConnectionResetError):
        fail()
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="Make room there, or set LSTM_WORKSHOP_CACHE"):
        write_text(tmp_path / "file" / "text.txt", "x")
    with pytest.raises(StorageError, match="cannot be written"):
        storage.check_writable(tmp_path / "file")
    storage.check_writable(tmp_path)
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StorageError, match="Permission denied"):
            write_text(tmp_path / "text.txt", "x")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(("refusals", "succeeds"), [(3, True), (99, False)])
def test_windows_is_asked_again_while_the_file_is_read(tmp_path, monkeypatch, refusals, succeeds):
    (tmp_path / "part").write_text("new")
    waits = []
    real = Path.replace

    def refuse(self, target):
        if len(waits) < refusals:
            raise PermissionError(errno.EACCES, "in use")
        return real(self, target)

    monkeypatch.setattr(files.Path, "replace", refuse)
    monkeypatch.setattr(files.time, "sleep", waits.append)
    if succeeds:
        files._replace(tmp_path / "part", tmp_path / "target")
        assert (tmp_path / "target").read_text() == "new"
    else:
        with pytest.raises(PermissionError):
            files._replace(tmp_path / "part", tmp_path / "target")
        assert 1 < sum(waits) < 3


WRITER = """
import sys
from workshop_utils.runtime.storage import atomic_path
target, letter = sys.argv[1:]
for _ in range(30):
    with atomic_path(target) as part:
        part.write_text(letter * 200_000)
"""


def test_many_writers_and_a_reader_who_sees_only_whole_files(private_folders):
    target = storage.cache_dir() / "shared.txt"
    writers = [run_python(WRITER, target, letter) for letter in "abcdef"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        if target.exists():
            text = target.read_text()
            assert len(text) == 200_000
            assert len(set(text)) == 1
            seen.add(text[0])
    assert [writer.returncode for writer in writers] == [0] * 6
    assert seen
    assert names(target.parent) == [files.LIST_NAME, "shared.txt"]
    (used, _) = storage.usage()
    assert used.files == (target,)


KILLED = """
import sys, time
from workshop_utils.runtime.storage import atomic_path
with atomic_path(sys.argv[1]) as part:
    with part.open("w") as file:
        file.write("half")
        file.flush()
        print("written", flush=True)
        time.sleep(60)
"""


def test_a_killed_writer_leaves_the_old_file(private_folders):
    target = storage.cache_dir() / "model.keras"
    write_text(target, "old")
    writer = run_python(KILLED, target, stdout=subprocess.PIPE)
    assert writer.stdout.readline().strip() == b"written"
    writer.kill()
    writer.wait()
    writer.stdout.close()
    assert target.read_text() == "old"
    (left,) = files._parts(target.parent)
    assert left in storage.usage()[0].files
    write_text(target, "new")
    assert left.exists()  # it could still be in the making
    os.utime(left, (time.time() - 4000,) * 2)
    write_text(target, "newer")
    assert not left.exists()
    assert target.read_text() == "newer"


# --- what lies where, and clearing ------------------------------------------------------


def test_only_the_workshops_own_files_are_counted_and_cleared(private_folders):
    cache = storage.cache_dir()
    artifacts = storage.artifacts_dir()
    write_text(cache / "tweets" / "a.csv", "12345")
    write_text(artifacts / "model.keras", "123")
    write_text(cache / "a.csv", "1")
    (cache / "tweets" / "holiday.jpg").write_text("somebody else's")
    (cache / "mine.part").write_text("somebody else's too")
    (cache / LEFTOVER).write_text("half")
    used, saved = storage.usage()
    assert (used.name, saved.name) == ("cache", "artifacts")
    assert used.size_bytes == 5 + 1 + 4
    assert [path.name for path in saved.files] == ["model.keras"]
    storage.clear()
    assert names(cache) == ["mine.part", "tweets"]
    assert names(cache / "tweets") == ["holiday.jpg"]
    assert names(artifacts) == []
    assert [each.files for each in storage.usage()] == [(), ()]


def test_clearing_leaves_no_folder_of_artifacts_below_the_cache(private_folders, monkeypatch):
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    write_text(storage.cache_dir() / "a.csv", "1")
    write_text(storage.artifacts_dir() / "deep" / "er" / "model.keras", "1")
    storage.clear()
    assert names(storage.artifacts_dir()) == []


@pytest.mark.skipif(os.name == "nt", reason="making a link needs a right there")
def test_a_list_that_points_outside_removes_nothing_there(private_folders, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    cache = storage.cache_dir()
    (cache / "link").symlink_to(tmp_path, target_is_directory=True)
    away = os.path.relpath(precious, cache)
    (cache / files.LIST_NAME).write_text(f"{precious}\n{away}\nlink/precious.txt\n\n.\n")
    storage.clear()
    assert precious.read_text() == "keep"


@pytest.mark.skipif(os.name == "nt", reason="making a link needs a right there")
def test_a_noted_link_is_removed_and_its_target_kept(private_folders, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    link = storage.cache_dir() / "link.txt"
    link.symlink_to(precious)
    files._note(link)
    storage.clear()
    assert not link.is_symlink()
    assert precious.read_text() == "keep"


def test_a_file_that_cannot_be_removed_says_so(private_folders, monkeypatch):
    write_text(storage.cache_dir() / "a.csv", "1")

    def refuse(self, missing_ok=False):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(files.Path, "unlink", refuse)
    with pytest.raises(StorageError, match=r"a\.csv cannot be removed \(in use\)"):
        storage.clear()
