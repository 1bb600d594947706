"""Defects planted one at a time in a copy: each must turn its check red. Run by `make planted`."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DEFECTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["defect"]


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A copy of the repository, without what git ignores."""
    made = tmp_path_factory.mktemp("planted") / "clone"
    left_out = shutil.ignore_patterns("build", "dist", "work", "mutants", ".[!cdg]*", ".git")
    return shutil.copytree(ROOT, made, ignore=left_out)


def run(clone, check):
    """Run a check in the copy; return its exit status and what it printed."""
    command, *words = check.split()
    words = [Path(sys.executable).with_name(command), *words]
    # A file of the same size and second would leave the old bytecode in use.
    places = {**os.environ, "PYTHONPATH": str(clone), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, cwd=clone, env=places, text=True, capture_output=True)
    return done.returncode, done.stdout + done.stderr


sound = cache(run)  # before anything is planted


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect["name"] for defect in DEFECTS])
def test_a_planted_defect_turns_its_check_red(clone, defect):
    status, said = sound(clone, defect["check"])
    assert status == 0, said
    path = clone / defect["file"]
    before = path.read_text(encoding="utf-8")
    after = re.sub(defect["old"], defect["new"], before, count=1, flags=re.DOTALL)
    assert after != before
    path.write_text(after, encoding="utf-8")
    status, said = run(clone, defect["check"])
    path.write_text(before, encoding="utf-8")
    assert status != 0, f"Nobody saw it: {said}"
    assert re.search(defect["says"], said), said
