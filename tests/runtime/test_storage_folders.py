"""Where the workshop keeps files: the folders that settings choose, and Google Drive."""

import errno
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from workshop_utils.runtime import storage
from workshop_utils.runtime.storage import StorageError, drive, folders, write_text

STUBS = Path(__file__).resolve().parents[1] / "stubs"


# --- folders ----------------------------------------------------------------------------


def test_the_settings_choose_the_folders(private_folders):
    assert storage.cache_dir() == private_folders / "cache"
    assert storage.artifacts_dir() == private_folders / "artifacts"
    assert storage.cache_dir().is_dir()
    assert storage.artifacts_dir().is_dir()


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_setting_counts_as_unset(monkeypatch, tmp_path, empty):
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", empty)
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", empty)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(folders, "_user_cache", lambda: tmp_path / "lstm-workshop")
    assert storage.cache_dir() == tmp_path / "lstm-workshop"
    assert storage.artifacts_dir() == tmp_path / "lstm-workshop" / "artifacts"


def test_a_relative_setting_and_a_tilde(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", "here")
    assert storage.cache_dir() == tmp_path / "here"
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", "~/there")
    assert storage.cache_path() == Path.home() / "there"


def test_kaggle_keeps_what_is_saved_in_its_working_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "kaggle")
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    monkeypatch.setattr(folders, "KAGGLE_WORKING", tmp_path)
    assert storage.artifacts_dir() == tmp_path / "lstm-workshop"


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("LSTM_WORKSHOP_CACHE", storage.cache_dir),
        ("LSTM_WORKSHOP_ARTIFACTS", storage.artifacts_dir),
    ],
)
def test_a_folder_that_cannot_be_made_says_what_to_do(monkeypatch, tmp_path, variable, place):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(variable, str(tmp_path / "file" / "below"))
    with pytest.raises(StorageError, match=rf"cannot be made.*Set {variable} to a folder"):
        place()


# --- Google Drive -----------------------------------------------------------------------


@pytest.fixture
def colab(monkeypatch, tmp_path):
    """Colab with a stub of its package; the returned function sets how mounting ends."""
    monkeypatch.syspath_prepend(str(STUBS))
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "colab")
    monkeypatch.setattr(drive, "MOUNTPOINT", tmp_path / "drive")
    monkeypatch.setattr(drive, "_seen", set())
    # The stub makes a folder where Google's code mounts a file system.
    monkeypatch.setattr(drive.os.path, "ismount", lambda path: Path(path).is_dir())
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    yield lambda outcome: monkeypatch.setenv("COLAB_STUB_DRIVE", outcome)
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


@pytest.mark.parametrize(("outcome", "name"), [("granted", "MyDrive"), ("spaced", "My Drive")])
def test_a_granted_mount_keeps_the_artifacts_on_drive(colab, capsys, tmp_path, outcome, name):
    colab(outcome)
    assert storage.mount_drive()
    own = tmp_path / "drive" / name
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"Google Drive is mounted; the workshop keeps what it saves in {own}."
    ]
    assert storage.artifacts_dir() == own / "lstm-workshop" / "artifacts"
    assert not storage.cache_dir().is_relative_to(own)
    assert storage.mount_drive()
    from google.colab import drive as stub

    # The second call did not ask for permission again.
    assert [(str(tmp_path / "drive"), 120_000)] == stub.CALLS


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("denied", "credential propagation was unsuccessful"),
        ("headless", "is not supported in this environment"),
        ("timeout", "mount failed: timed out"),
        ("vscode", "(mount failed)"),
        ("unprepared", "CLOUDSDK_CONFIG"),
        ("hanging", "it did not answer within 120 seconds"),
        ("never", "it did not answer within 120 seconds"),
        ("stopped", "(you stopped it)"),
        ("policy", "Mountpoint must be in a directory that exists"),
        ("nothing", "no folder of yours appeared on it"),
    ],
)
def test_a_mount_that_fails_is_one_sentence_and_local_storage(colab, capsys, outcome, words):
    colab(outcome)
    assert storage.mount_drive() is False
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert words in out
    assert out.startswith("Google Drive was not mounted (")
    assert ".)" not in out
    assert storage.artifacts_dir() == storage.cache_dir() / "artifacts"


def test_colab_enterprise_is_not_asked(colab, capsys, monkeypatch):
    monkeypatch.setenv("VERTEX_PRODUCT", "COLAB_ENTERPRISE")
    assert storage.mount_drive() is False
    assert "Colab Enterprise does not offer it" in capsys.readouterr().out


def test_outside_colab_nothing_is_mounted(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "jupyterlab")
    assert storage.mount_drive() is False
    assert capsys.readouterr().out.count("\n") == 1
    # A folder of that name on another machine is no Drive.
    monkeypatch.delenv("LSTM_WORKSHOP_ARTIFACTS")
    monkeypatch.setattr(drive, "MOUNTPOINT", tmp_path)
    (tmp_path / "MyDrive").mkdir()
    assert storage.artifacts_dir() == storage.cache_dir() / "artifacts"


def test_colab_without_its_package(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "colab")
    monkeypatch.setitem(sys.modules, "google.colab", None)
    monkeypatch.setattr(drive, "MOUNTPOINT", tmp_path / "nowhere")
    assert storage.mount_drive() is False
    assert "Google Drive was not mounted (" in capsys.readouterr().out


def _dead(path):
    raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")


def _hanging(path):
    time.sleep(30)


def _full(path):
    return shutil._ntuple_diskusage(10, 10, 0)


@pytest.mark.parametrize(
    ("way", "words"),
    [(_dead, "is not usable"), (_hanging, "does not answer"), (_full, "is full")],
)
def test_a_drive_that_fails_is_named_and_the_machine_serves(
    colab, capsys, monkeypatch, tmp_path, way, words
):
    assert storage.mount_drive()
    folders._say_once.cache_clear()
    with monkeypatch.context() as change:
        change.setattr(drive, "PATIENCE_SECONDS", 0.2)
        change.setattr(drive.shutil, "disk_usage", way)
        local = storage.cache_dir() / "artifacts"
        capsys.readouterr()
        assert storage.artifacts_dir() == local
        assert storage.artifacts_path() == local
        said = capsys.readouterr().out
        assert words in said
        assert str(local) in said
        storage.artifacts_dir()
        assert capsys.readouterr().out == ""  # said once
        write_text(local / "models" / "saved.txt", "trained while Drive was away")
    # Drive is back: what was saved meanwhile is taken over, once.
    on_drive = storage.artifacts_dir()
    assert on_drive.is_relative_to(tmp_path / "drive")
    assert (on_drive / "models" / "saved.txt").read_text() == "trained while Drive was away"
    assert "took over 1 file from this machine" in capsys.readouterr().out
    assert storage.artifacts_dir() == on_drive
    assert capsys.readouterr().out == ""


def test_a_newer_file_on_drive_is_not_overwritten(colab, tmp_path):
    local = storage.cache_dir() / "artifacts"
    write_text(local / "saved.txt", "old")
    os.utime(local / "saved.txt", (1, 1))
    storage.mount_drive()
    on_drive = tmp_path / "drive" / "MyDrive" / "lstm-workshop" / "artifacts"
    write_text(on_drive / "saved.txt", "new")
    assert storage.artifacts_dir() == on_drive
    assert (on_drive / "saved.txt").read_text() == "new"


def test_a_model_of_this_machine_never_replaces_the_one_on_drive(colab, capsys, tmp_path):
    on_drive = tmp_path / "drive" / "MyDrive" / "lstm-workshop" / "artifacts"
    write_text(on_drive / "sentiment.keras", "the learner's own")
    os.utime(on_drive / "sentiment.keras", (1000, 1000))
    shutil.move(tmp_path / "drive", tmp_path / "away")
    # The stock model is trained while Drive is not mounted.
    write_text(storage.artifacts_dir() / "sentiment.keras", "stock")
    write_text(storage.artifacts_dir() / "same.txt", "same")
    write_text(tmp_path / "away" / "MyDrive" / "lstm-workshop" / "artifacts" / "same.txt", "same")
    os.utime(tmp_path / "away" / "MyDrive" / "lstm-workshop" / "artifacts" / "same.txt", (1, 1))
    shutil.move(tmp_path / "away", tmp_path / "drive")
    capsys.readouterr()
    for _ in range(2):
        assert storage.artifacts_dir() == on_drive
    assert {path.name: path.read_text() for path in on_drive.glob("[!.]*")} == {
        "sentiment.keras": "the learner's own",
        "sentiment (from this machine).keras": "stock",
        "same.txt": "same",
    }
    said = capsys.readouterr().out
    assert said.count("lie beside them: sentiment (from this machine).keras.") == 1


def test_a_plain_folder_is_no_drive(colab, capsys, monkeypatch, tmp_path):
    (tmp_path / "drive" / "MyDrive").mkdir(parents=True)
    monkeypatch.setattr(drive.os.path, "ismount", lambda path: False)
    folders._say_once.cache_clear()
    local = storage.cache_dir() / "artifacts"
    assert storage.artifacts_dir() == local
    said = capsys.readouterr().out
    assert "is not mounted, and" in said
    assert "MyDrive is a folder of this machine; what is saved goes into" in said
    assert storage.mount_drive() is False
    assert capsys.readouterr().out.count("\n") == 1


def test_a_drive_that_is_unmounted_between_cells_is_said_and_can_come_back(colab, capsys, tmp_path):
    assert storage.mount_drive()
    folders._say_once.cache_clear()
    shutil.rmtree(tmp_path / "drive")
    capsys.readouterr()
    assert storage.artifacts_dir() == storage.cache_dir() / "artifacts"
    assert "Google Drive is no longer mounted; what is saved" in capsys.readouterr().out
    assert storage.mount_drive()
    assert storage.artifacts_dir().is_relative_to(tmp_path / "drive")


def test_a_folder_on_drive_that_can_only_be_read(colab, capsys, monkeypatch, tmp_path):
    own = tmp_path / "drive" / "MyDrive"
    (own / "lstm-workshop" / "artifacts").mkdir(parents=True)
    real = os.access

    def read_only(path, mode, **options):
        return real(path, mode, **options) and not (
            mode & os.W_OK and Path(path).name == "artifacts" and "drive" in Path(path).parts
        )

    monkeypatch.setattr(os, "access", read_only)
    local = storage.cache_dir() / "artifacts"
    assert storage.artifacts_dir() == storage.artifacts_path() == local
    assert str(local) in capsys.readouterr().out


def test_a_drive_that_refuses_does_not_stop_the_lesson(colab, tmp_path):
    own = tmp_path / "drive" / "MyDrive"
    own.mkdir(parents=True)
    (own / "lstm-workshop").write_text("a file in the way")
    assert storage.artifacts_dir() == storage.cache_dir() / "artifacts"
