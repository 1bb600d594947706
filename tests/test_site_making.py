"""Laying the site out, and a small site built by Sphinx itself."""

import shutil
import time
from pathlib import Path, PurePosixPath

import pytest
from tiny_course import code_cell, first_lesson, make_course, markdown_cell, notebook_of, picture

from workshop_tools.editions import as_text, read_notebook
from workshop_tools.repository_url import read_slug
from workshop_tools.site import making
from workshop_utils.cli.extras import require
from workshop_utils.lessons import LESSONS, CourseError

ROOT = Path(__file__).resolve().parents[1]
INDEX = "# Tiny\n\nRead.\n\n<!-- notebooks -->\n\n<!-- contents -->\n"
GLOSSARY = "# Glossary\n\n## Gate\n\nSee [01](../notebooks/01_rnn_intuition.ipynb).\n"
ALT = "A grey square that is the same everywhere."


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one notebook with a site of its own; the reference has one room."""
    pytest.importorskip("myst_nb")
    root = make_course(tmp_path)
    monkeypatch.setattr(making, "LESSONS", (first_lesson(),))
    page = (
        "API reference\n=============\n\n.. automodule:: workshop_utils.tf_logging\n   :members:\n"
    )
    monkeypatch.setattr(making, "api_pages", lambda root: {PurePosixPath("api/index.rst"): page})
    shutil.copytree(ROOT / "docs", root / "docs", ignore=shutil.ignore_patterns("*.md"))
    (root / "workshop_utils").symlink_to(ROOT / "workshop_utils")
    (root / "docs/index.md").write_text(INDEX, encoding="utf-8")
    (root / "docs/glossary.md").write_text(GLOSSARY, encoding="utf-8")
    write_notebook(root, "A [gate](../docs/glossary.md#gate) and $h_t$.")
    return root


def write_notebook(root, text):
    cells = [markdown_cell(f"# See one thing\n\n{text}"), code_cell("show()", picture(ALT))]
    lesson = first_lesson()
    notebook = notebook_of(*cells)
    notebook["metadata"] = read_notebook(lesson.full(ROOT))["metadata"]
    lesson.full(root).write_text(as_text(notebook), encoding="utf-8")


def test_the_pages_are_those_of_the_repository(course):
    files = {
        str(path): content.decode("latin-1") for path, content in making.sources(course).items()
    }
    assert sorted(files) == [
        "api/index.rst",
        "cover.png",
        "glossary.md",
        "index.md",
        "notebooks/01_rnn_intuition.ipynb",
    ]
    assert "](notebooks/01_rnn_intuition.ipynb)" in files["glossary.md"]
    assert "](../glossary.md#gate)" in files["notebooks/01_rnn_intuition.ipynb"]
    assert files["cover.png"].encode("latin-1") == (course / "docs/cover.png").read_bytes()


def test_the_index_lists_notebooks_and_whatever_else_has_a_page(course):
    (course / "colab").mkdir()
    (course / "colab/INSTRUCTOR.md").write_text("# Teach\n\n[i](../README.md)\n", encoding="utf-8")
    files = {
        str(path): content.decode("latin-1") for path, content in making.sources(course).items()
    }
    index = files["index.md"]
    assert "| 01 | [See one thing](notebooks/01_rnn_intuition.ipynb) | 30 min | 15 min |" in index
    assert read_slug(course).colab(first_lesson()) in index
    assert "01 See one thing </notebooks/01_rnn_intuition>\n" in index
    assert ":caption: Beside the notebooks\n:hidden:\n\n/glossary\n/instructor\n```" in index
    assert "<!--" not in index
    assert files["instructor.md"] == "# Teach\n\n[i](index.md)\n"


def test_without_further_pages_there_is_no_list_of_them(course):
    (course / "docs/glossary.md").unlink()
    write_notebook(course, "Nothing.")
    index = making.sources(course)[PurePosixPath("index.md")].decode()
    assert "Beside" not in index


def test_only_what_changed_is_written_and_what_nobody_makes_goes(tmp_path):
    same, other, gone = (PurePosixPath(name) for name in ("a/same.md", "other.md", "gone.md"))
    assert making.write_sources(tmp_path, {same: b"1", other: b"1", gone: b"1"}) == []
    before = (tmp_path / same).stat().st_mtime_ns
    time.sleep(0.01)
    assert making.write_sources(tmp_path, {same: b"1", other: b"2"}) == [tmp_path / gone]
    assert (tmp_path / same).stat().st_mtime_ns == before
    assert (tmp_path / other).read_bytes() == b"2"
    assert not (tmp_path / gone).exists()


def test_the_site_names_the_extra_that_it_needs():
    with pytest.raises(CourseError, match=r'no_such_module.*"lstm-workshop\[site\]"$'):
        require("no_such_module", extras="site")


@pytest.mark.slow
def test_sphinx_builds_it_and_a_warning_is_an_error_every_time(course, capfd):
    assert making.build(course) == 0
    site = course / "build/site"
    page = (site / "notebooks/01_rnn_intuition.html").read_text(encoding="utf-8")
    assert f'alt="{ALT}"' in page
    assert 'href="../glossary.html#gate"' in page
    assert "<msub>" in page
    assert 'id="module-workshop_utils.tf_logging"' in (site / "api/index.html").read_text("utf-8")
    assert f"open {site / 'index.html'}." in capfd.readouterr().out
    started = time.perf_counter()
    assert making.build(course) == 0
    assert time.perf_counter() - started < 1
    assert "Nothing has changed" in capfd.readouterr().out
    write_notebook(course, "A [gate](../docs/glossary.md#no-such-heading).")
    # The second time Sphinx would find the page as it was, and be content.
    for _ in range(2):
        capfd.readouterr()
        assert making.build(course) == 1
        assert "no-such-heading" in capfd.readouterr().err


def test_the_lessons_of_the_course_have_titles_for_the_contents():
    places = making.Places(ROOT, read_slug(ROOT), making.site_places(ROOT))
    contents = making._contents(places)
    for lesson in LESSONS:
        assert f"{lesson.number} {lesson.title(ROOT)} </notebooks/{lesson.name}>" in contents
