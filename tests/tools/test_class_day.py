"""What `workshop doctor --class 30` says of a machine, and the table for a hub."""

import pytest
from typer.testing import CliRunner

from workshop_tools import class_day
from workshop_utils.cli import main
from workshop_utils.cli.doctor import OK, WARNING, Finding
from workshop_utils.learning.lessons import find_root

ROOT = find_root()


@pytest.fixture
def machine(monkeypatch):
    """A machine of a given size, cut off from GitHub; nothing is started."""

    def of(gibibytes, cores):
        monkeypatch.setattr(class_day.accelerator, "memory_bytes", lambda: gibibytes * 1024**3)
        monkeypatch.setattr(class_day.accelerator, "cpu_count", lambda: cores)
        monkeypatch.setattr(class_day.urllib.request, "urlopen", refuse)
        monkeypatch.setattr(class_day.subprocess, "run", lambda *_, **__: Done())
        return {each.name: each for each in class_day.findings(ROOT, 30)}

    def refuse(address, timeout):
        raise OSError("no network")

    class Done:
        returncode = 0

    return of


def test_a_small_machine_is_warned_of_and_a_large_one_is_not(machine):
    small = machine(4, 1)
    large = machine(1_000, 500)
    for name in ("class: memory", "class: cores"):
        assert (small[name].status, large[name].status) == (WARNING, OK)
    assert "make wheel" in large["class: package"].sentence
    assert large["class: first cell"].status == OK


def test_what_a_learner_needs_is_plausible():
    mebibytes, busy = class_day.need(ROOT)
    assert 0 < busy < 1
    assert 500 < mebibytes < 5_000


def test_the_doctor_asks_here(monkeypatch):
    main.add_commands()
    monkeypatch.setattr(
        class_day, "findings", lambda root, learners: [Finding("class", OK, f"{learners}, {root}")]
    )
    assert "│ 30, /" in CliRunner().invoke(main.app, ["doctor", "--class", "30"]).output
