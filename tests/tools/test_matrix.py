"""The matrix of versions, with uv and the checks replaced; and the page that it wrote."""

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement

from workshop_tools import matrix
from workshop_utils.learning.lessons import CourseError

pytestmark = pytest.mark.quick
ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ROWS = tomllib.loads((ROOT / "workshop_tools/matrix.toml").read_text(encoding="utf-8"))["row"]


def table(root):
    """Return the cells of the page's table."""
    lines = (root / matrix.PAGE).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[9:]][2:]


def test_a_stopped_matrix_goes_on_and_what_is_missing_is_not_run(tmp_path, monkeypatch):
    asked = []

    def uv(*words, seconds=None):
        asked.append(words)
        if "3.14" in words:
            raise CourseError(f"uv venv failed:\nno Python 3.14 below {tmp_path} or https://x/y")
        if words[0] == "venv":
            Path(words[-1]).mkdir(parents=True, exist_ok=True)
        return "numpy==2.1\n"

    def run(call, *, stdout, **_):
        stdout.write("much\n7 passed\n")
        stdout.flush()
        return SimpleNamespace(returncode=0)

    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setattr(matrix, "find_root", lambda: tmp_path)
    monkeypatch.setattr(matrix, "uv", uv)
    monkeypatch.setattr(matrix.subprocess, "run", run)
    kept = tmp_path / matrix.FOLDER / "lowest.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"tests": "t", "notebooks": "n", "failed": true, "versions": {}, "day": "d"}')
    assert matrix.matrix() == 1
    assert not any("3.11" in words for words in asked)
    first, lock, colab, *_, last = table(tmp_path)
    assert first[7:10] == ["t", "n", "d"]
    assert lock[1:2] + lock[4:5] + lock[7:9] == ["3.12", "2.1", "7 passed", "7 passed"]
    assert "Colab's list of packages is not at" in colab[7]
    assert last[7:9] == ["not run: uv venv failed: no Python 3.14 below . or PyPI", "not run"]
    assert matrix.matrix() == 0  # anew, since all rows were done
    assert any("3.11" in words for words in asked)


def test_the_page_has_each_set_of_versions_and_the_ranges_say_what_it_shows():
    rows = table(ROOT)
    assert [cells[:2] for cells in rows] == [[row["says"], row["python"]] for row in ROWS]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", cells[9]) for cells in rows)
    for line in map(Requirement, PROJECT["dependencies"]):
        if line.name in matrix.SHOWN:
            column = 2 + matrix.SHOWN.index(line.name)
            bound = next(each.version for each in line.specifier if each.operator == ">=")
            assert f"{rows[0][column]}.".startswith(f"{bound}.")
            assert rows[3][column] in line.specifier
