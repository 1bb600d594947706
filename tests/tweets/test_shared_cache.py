"""Many learners read one cache that they cannot write, as on a JupyterHub."""

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from workshop_utils.cli import doctor
from workshop_utils.learning.record import file as on_disk
from workshop_utils.runtime import storage

REPOSITORY = Path(__file__).parents[2]
CONTENT = b"text,sentiment\nGood day,Positive\nBad day,Negative\n"
NOBODY = 65534
# The modules are loaded before root becomes nobody, who may not be able to read them.
LEARNER = """
import os, sys
from workshop_utils import tweets
from workshop_utils.runtime import storage
tweets.fetching.SHA256 = sys.argv[1]
tweets.load()
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
found = tweets.load()
print(found.source, found.is_real, len(found.frame))
try:
    storage.check_writable(storage.cache_dir())
except storage.StorageError:
    print("the cache takes no file")
saved = storage.artifacts_dir() / "model.txt"
storage.write_text(saved, "x")
print(saved)
"""


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """A cache with the tweets in it, and the artifacts where no setting puts them."""
    cache = tmp_path / "shared"
    cache.mkdir()
    (cache / "Sentiment.csv").write_bytes(CONTENT)
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", str(cache))
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / ".cache"))
    return cache


@pytest.fixture
def sealed(shared, monkeypatch):
    """The same where the operating system says that nothing below it can be written."""
    access = os.access

    def answer(path, mode, **more):
        below = Path(path).is_relative_to(shared)
        return access(path, mode, **more) and not (below and mode & os.W_OK)

    monkeypatch.setattr(storage.folders.os, "access", answer)
    return shared


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are of another kind there")
def test_a_learner_uses_a_cache_that_the_system_protects():
    """In earnest: a process without the right to write; root gives its rights up for it."""
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch, "shared")
        home = Path(scratch, "home")
        cache.mkdir()
        home.mkdir()
        (cache / "Sentiment.csv").write_bytes(CONTENT)
        Path(scratch).chmod(0o755)
        home.chmod(0o777)
        cache.chmod(0o555)
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LSTM_WORKSHOP_", "XDG_"))
        }
        environment |= {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "LSTM_WORKSHOP_CACHE": str(cache),
            "LSTM_WORKSHOP_OFFLINE": "1",
            "LSTM_WORKSHOP_PLATFORM": "jupyterlab",
            "PYTHONPATH": str(REPOSITORY),
        }
        about = [hashlib.sha256(CONTENT).hexdigest(), str(len(CONTENT)), str(NOBODY)]
        done = subprocess.run(
            [sys.executable, "-c", LEARNER, *about],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        left = sorted(path.name for path in cache.iterdir())
        with contextlib.suppress(OSError):
            cache.chmod(0o755)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "cache True 2",
            "the cache takes no file",
            str(home / ".cache" / "lstm-workshop" / "artifacts" / "model.txt"),
        ]
        assert left == ["Sentiment.csv"]


def test_artifacts_stay_in_a_cache_that_can_be_written(shared):
    assert storage.artifacts_dir() == shared / "artifacts"
    assert storage.local_artifacts_path() == shared / "artifacts"


def test_artifacts_and_progress_leave_a_cache_that_cannot_be_written(sealed, tmp_path):
    own = tmp_path / "home" / ".cache" / "lstm-workshop" / "artifacts"
    assert storage.artifacts_dir() == own
    assert storage.local_artifacts_path() == own
    assert on_disk.path() == own / "progress.jsonl"
    storage.write_text(own / "model.txt", "x")
    _, saved = storage.usage()
    assert [path.name for path in saved.files] == ["model.txt"]
    # A folder of artifacts that the instructor left there serves no learner either.
    (sealed / "artifacts").mkdir()
    assert storage.artifacts_dir() == own


def test_the_setting_for_artifacts_comes_first(sealed, monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path / "mine"))
    assert storage.artifacts_dir() == tmp_path / "mine"


def test_doctor_calls_such_a_cache_a_warning_and_no_failure(sealed, monkeypatch):
    check = storage.check_writable

    def refused(folder):
        if folder.is_relative_to(sealed):
            raise storage.StorageError("It cannot be written.")
        check(folder)

    monkeypatch.setattr(storage, "check_writable", refused)
    cache, artifacts = doctor._folders()
    assert (cache.status, artifacts.status) == (doctor.WARNING, doctor.OK)
    assert "can be read and not written" in cache.sentence
