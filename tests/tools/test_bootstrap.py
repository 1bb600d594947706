"""The set-up script: what it says of a Python that cannot serve, and how it finds one."""

import builtins
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import bootstrap  # noqa: E402

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("version", "serves"), [((3, 10), False), ((3, 11), True), ((3, 15), True)]
)
def test_a_python_that_is_too_old_gets_a_sentence(version, serves):
    assert (bootstrap.why_not(version) is None) == serves


def test_a_missing_venv_module_gets_one_sentence(monkeypatch):
    real_import = builtins.__import__

    def without_ensurepip(name, *arguments, **named):
        if name == "ensurepip":
            raise ImportError(name)
        return real_import(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    answer = bootstrap.why_not((3, 13))
    assert "apt install python3.13-venv" in answer
    assert "\n" not in answer


def test_uv_is_cut_out_of_the_lock_with_its_hashes():
    lines = bootstrap.entry_of("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all("--hash=sha256:" in line for line in lines[1:])


def test_a_changed_lock_is_noticed(tmp_path, monkeypatch):
    python = bootstrap.python_of(tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n")
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp.txt")
    monkeypatch.setattr(bootstrap, "LOCK", lock)
    assert not bootstrap.is_current()
    (tmp_path / "stamp.txt").write_text(bootstrap.fingerprint())
    assert bootstrap.is_current()
    lock.write_text("a==2\n")
    assert not bootstrap.is_current()


def test_the_settings_of_a_classroom_mirror_reach_uv(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://localhost/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert bootstrap.installer_settings()["UV_DEFAULT_INDEX"] == "http://localhost/simple"


@pytest.mark.skipif(sys.platform == "win32", reason="the finder is a POSIX shell script")
def test_the_finder_names_this_python_and_refuses_a_wrong_one(tmp_path):
    finder = SCRIPTS / "find-python"
    found = subprocess.run([finder, sys.executable], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == sys.executable
    missing = subprocess.run([finder, str(tmp_path / "no")], capture_output=True, text=True)
    assert missing.returncode == 1
    assert "Python" in missing.stderr
