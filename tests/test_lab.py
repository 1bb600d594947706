import subprocess
from pathlib import PurePosixPath

import pytest

from workshop_utils.cli.lab import copy_missing, copy_pages, open_lab
from workshop_utils.cli.repository_url import Slug
from workshop_utils.lessons import LESSONS

SLUG = Slug("owner/name", "main")


@pytest.fixture
def clone(tmp_path):
    colab = tmp_path / "colab"
    colab.mkdir()
    for name in ("01_a.ipynb", "02_b.ipynb"):
        (colab / name).write_text("fresh")
    address = '[tool.workshop]\nrepository = "owner/name"\nref = "main"\n'
    (tmp_path / "pyproject.toml").write_text(address)
    return tmp_path


def test_a_notebook_with_answers_is_never_overwritten(clone):
    (clone / "work").mkdir()
    (clone / "work/01_a.ipynb").write_text("my answers")
    copied, kept = copy_missing(clone / "colab", clone / "work", SLUG)
    assert [path.name for path in copied] == ["02_b.ipynb"]
    assert [path.name for path in kept] == ["01_a.ipynb"]
    assert (clone / "work/01_a.ipynb").read_text() == "my answers"
    assert (clone / "work/02_b.ipynb").read_text() == "fresh"


def test_links_between_notebooks_stay_in_the_working_copy(clone):
    (clone / "colab/01_a.ipynb").write_text(f"[next]({SLUG.colab(LESSONS[1])})")
    copy_missing(clone / "colab", clone / "work", SLUG)
    assert (clone / "work/01_a.ipynb").read_text() == f"[next]({LESSONS[1].name}.ipynb)"


def test_the_glossary_is_read_without_internet(clone):
    address = SLUG.file(PurePosixPath("docs/glossary.md"))
    other = SLUG.file(PurePosixPath("docs/other.md"))
    (clone / "colab/01_a.ipynb").write_text(f"[t]({address}#gate) [g]({address}) [o]({other})")
    (clone / "docs").mkdir()
    (clone / "docs/glossary.md").write_text("First in [01](../notebooks/01_a.ipynb). [c](c.md)")
    copy_missing(clone / "colab", clone / "work", SLUG)
    copy_pages(clone, clone / "work")
    said = (clone / "work/01_a.ipynb").read_text()
    assert said == f"[t](docs/glossary.md#gate) [g](docs/glossary.md) [o]({other})"
    page = (clone / "work/docs/glossary.md").read_text()
    assert page == "First in [01](../01_a.ipynb). [c](c.md)"
    assert not (clone / "work/docs/cheat_sheet.md").exists()


def test_outside_a_clone_the_error_says_where_to_call(tmp_path):
    with pytest.raises(FileNotFoundError, match="root of a clone"):
        copy_missing(tmp_path, tmp_path / "work", SLUG)


def test_jupyterlab_starts_in_the_working_copy(clone, monkeypatch, capsys):
    called = []

    def run(command, check):
        called.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    assert open_lab(clone, arguments=("--no-browser",)) == 3
    assert f"--ServerApp.root_dir={clone / 'work'}" in called[0]
    assert called[0][-1] == "--no-browser"
    assert "2 notebooks new, 0 left" in capsys.readouterr().out
