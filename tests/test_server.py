"""What one JupyterLab server costs, measured on a real one and on those that do not start."""

import os
import subprocess
import sys

import pytest

from workshop_tools import server


def test_a_server_is_started_measured_and_stopped(monkeypatch):
    pytest.importorskip("jupyterlab")
    started = []
    popen = subprocess.Popen

    def noting(*arguments, **options):
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(server.subprocess, "Popen", noting)
    mebibytes = server.server_mebibytes(120.0)
    # Python alone takes ten or so, and a notebook with TensorFlow hundreds.
    assert 30 < mebibytes < 600
    (process,) = started
    assert process.poll() is not None


def test_without_jupyterlab_nothing_is_known(monkeypatch):
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    assert server.server_mebibytes() is None


def test_a_server_that_never_answers_is_given_up(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as silent:
        (tmp_path / "jpserver-1.json").write_text("{", encoding="utf-8")
        (tmp_path / "jpserver-2.json").write_text('{"url": "http://127.0.0.1:9/"}')
        assert server._measured(silent, tmp_path, "t", 0.3) is None
        silent.kill()


def test_a_server_that_ends_at_once_is_not_waited_for(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ""], env=dict(os.environ)) as ended:
        ended.wait()
        assert server._measured(ended, tmp_path, "t", 60.0) is None
