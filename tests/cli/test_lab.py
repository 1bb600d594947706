import os
import subprocess
import sys
from pathlib import Path

import pytest

from workshop_utils.cli.lab import bring_up_to_date, open_lab

COLAB = "https://colab.research.google.com/github/owner/name/blob/main/colab"
FILE = "https://github.com/owner/name/blob/v1/x"


@pytest.fixture
def clone(tmp_path):
    colab = tmp_path / "colab"
    colab.mkdir()
    for name in ("01_a.ipynb", "02_b.ipynb"):
        (colab / name).write_text("fresh")
    return tmp_path


def test_a_notebook_with_answers_is_never_overwritten(clone):
    (clone / "work").mkdir()
    (clone / "work/01_a.ipynb").write_text("my answers")
    copied, kept = bring_up_to_date(clone, clone / "work")
    assert [path.name for path in copied] == ["02_b.ipynb"]
    assert [path.name for path in kept] == ["01_a.ipynb"]
    assert (clone / "work/01_a.ipynb").read_text() == "my answers"
    assert (clone / "work/02_b.ipynb").read_text() == "fresh"


def test_links_between_notebooks_stay_in_the_working_copy(clone):
    badge = f"[![Open]({COLAB}/badge.svg)]({COLAB}/01_a.ipynb)"
    (clone / "colab/01_a.ipynb").write_text(f"{badge} [n]({COLAB}/02_b.ipynb)")
    (clone / "colab/further").mkdir()
    (clone / "colab/further/papers.ipynb").write_text(f"[back]({COLAB}/02_b.ipynb)")
    bring_up_to_date(clone, clone / "work")
    assert (clone / "work/01_a.ipynb").read_text() == f"{badge} [n](02_b.ipynb)"
    assert (clone / "work/further/papers.ipynb").read_text() == "[back](../02_b.ipynb)"


def test_the_glossary_is_read_without_internet(clone):
    address = f"{FILE}/docs/glossary.md"
    other = f"{FILE}/docs/other.md"
    (clone / "colab/01_a.ipynb").write_text(f"[t]({address}#gate) [g]({address}) [o]({other})")
    (clone / "docs").mkdir()
    (clone / "docs/glossary.md").write_text("First in [01](../notebooks/01_a.ipynb). [c](c.md)")
    bring_up_to_date(clone, clone / "work")
    said = (clone / "work/01_a.ipynb").read_text()
    assert said == f"[t](docs/glossary.md#gate) [g](docs/glossary.md) [o]({other})"
    page = (clone / "work/docs/glossary.md").read_text()
    assert page == "First in [01](../01_a.ipynb). [c](c.md)"
    assert not (clone / "work/docs/cheat_sheet.md").exists()


def test_a_picture_is_seen_without_internet(clone):
    address = "https://github.com/owner/name/raw/main/docs/pictures/01_a.png"
    (clone / "colab/01_a.ipynb").write_text(f"![a picture]({address})")
    (clone / "docs/pictures").mkdir(parents=True)
    (clone / "docs/pictures/01_a.png").write_bytes(b"PNG")
    bring_up_to_date(clone, clone / "work")
    assert (clone / "work/01_a.ipynb").read_text() == "![a picture](docs/pictures/01_a.png)"
    assert (clone / "work/docs/pictures/01_a.png").read_bytes() == b"PNG"


def test_outside_a_clone_the_error_says_where_to_call(tmp_path):
    with pytest.raises(FileNotFoundError, match="root of a clone"):
        bring_up_to_date(tmp_path, tmp_path / "work")


def test_jupyterlab_starts_in_the_working_copy(clone, monkeypatch, capsys):
    called = []
    paths = []

    def run(command, check, env):
        called.append(command)
        paths.append(env["PATH"].split(os.pathsep)[0])
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    assert open_lab(clone, arguments=("--no-browser",)) == 3
    assert f"--ServerApp.root_dir={clone / 'work'}" in called[0]
    assert called[0][-1] == "--no-browser"
    assert "--LabApp.default_url=/lab/tree/01_a.ipynb" in called[0]
    # `!workshop` in a cell finds the command of this environment.
    assert paths == [str(Path(sys.executable).parent)]
    assert "2 notebooks new, 0 left" in capsys.readouterr().out
