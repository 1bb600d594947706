"""The build on a course of one notebook: what is built, when cells run again, what is checked."""

import json
import shutil

import pytest
from tiny_course import PROJECT, README, code_cell, edit, make_course, notebook_of, picture, stream

from workshop_tools import build, editions, minutes, readme, source_hash
from workshop_tools.editions import code_cells
from workshop_tools.execute import Execution
from workshop_tools.lesson_files import full_path, learner_path
from workshop_tools.tweets_at_hand import Finding
from workshop_utils.learning.lessons import EVERY, FURTHER, LESSONS, CourseError, select

LESSON = LESSONS[0]


@pytest.fixture
def course(tmp_path, monkeypatch):
    root = make_course(tmp_path / "course")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def built(course, fake_run):
    assert build.build(only=["01"]) == 0
    fake_run.clear()
    return course


@pytest.fixture
def fake_run(monkeypatch):
    """Replace the kernel: each cell prints the length of its source. Returns the runs so far."""
    runs = []

    def fake(notebook, folder, environment, *, on_cell, **_):
        runs.append(environment)
        copy = json.loads(json.dumps(notebook))
        for number, cell in enumerate(code_cells(copy), start=1):
            cell["outputs"] = [stream(f"{len(cell['source'])}\n")]
            cell["execution_count"] = number
            on_cell(number, 9)
        return Execution(copy, seconds=1.0)

    monkeypatch.setattr(build, "execute", fake)
    return runs


def editions_of(course):
    return full_path(LESSON, course).read_bytes(), learner_path(LESSON, course).read_bytes()


# --- the catalogue


@pytest.mark.parametrize("word", ["04", "4", "preprocessing", "04_preprocessing"])
def test_a_lesson_is_found_by_number_and_by_name(word):
    assert [lesson.name for lesson in select([word])] == ["04_preprocessing"]


def test_nothing_means_what_the_command_wants_and_an_unknown_word_is_named():
    assert select() == select([]) == LESSONS
    assert select(None, EVERY) == EVERY == select(["all"])
    assert select(["further", "papers"]) == FURTHER
    with pytest.raises(CourseError, match=r"'seven'.*01_rnn_intuition"):
        select(["seven"])


# --- the minutes


def test_minutes_are_counted_from_what_a_learner_meets():
    cells = notebook_of(
        {"cell_type": "markdown", "metadata": {}, "source": "# T\n\n*About 9 minutes: no words.*"},
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": "## A\nOne two `x + 1` $a$.\n\n*8 minutes.* **Predict.** Three?",
        },
        code_cell("a\n\nb", [stream("1\n2\n3\n4\n"), *picture()]),
        code_cell("c\nd", [stream("1\n2\n3\n")]),
        code_cell("hidden\nhidden", [stream("1\n2\n3\n4\n")], ["test"]),
        code_cell('quizzes.show("inference")', [stream("1\n2\n3\n4\n")]),
        code_cell("one\ntwo", tags=["setup"]),
    )["cells"]
    whole = minutes.count(cells)
    questions = len(minutes.quizzes.load("inference"))
    met = {"words": 10, "lines": 5, "pictures": 2, "predictions": 1, "exercises": 8}
    assert whole == {**met, "questions": questions}
    by_section = minutes.count_sections(cells)
    assert list(by_section) == ["", "A"]
    assert by_section["A"]["words"] == 9
    expected = 10 / 130 + 5 / 6 + 2 * 0.75 + 0.5 + 8 + 0.5 * questions
    assert whole.minutes == pytest.approx(expected)


# --- what outputs depend on


@pytest.fixture
def package(course):
    folder = course / "workshop_utils"
    (folder / "figures").mkdir(parents=True)
    files = {
        "__init__.py": "",
        "tweets.py": "def f():\n    from workshop_utils import cells\n",
        "cells.py": "import numpy\n",
        "other.py": "",
        "figures/__init__.py": "def __getattr__(name): ...\n",
        "figures/plots.py": "",
        "table.csv": "1",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return course


def test_modules_are_found_through_imports_and_magics_are_passed_over(package):
    one = notebook_of(
        code_cell("%pip list\nfrom workshop_utils.tweets import f"), code_cell("if x:")
    )
    assert source_hash.modules_used(one, package).keys() == {
        "workshop_utils",
        "workshop_utils.tweets",
        "workshop_utils.cells",
    }
    lazy = notebook_of(code_cell("from workshop_utils import figures"))
    assert "workshop_utils.figures.plots" in source_hash.modules_used(lazy, package)


@pytest.mark.parametrize(
    ("file", "matters"),
    [("cells.py", True), ("tweets.py", True), ("other.py", False), ("table.csv", True)],
)
def test_the_digest_changes_with_what_is_used_and_only_with_that(package, file, matters):
    notebook = notebook_of(code_cell("import workshop_utils.tweets"))
    before = source_hash.digest(notebook, package)
    path = package / "workshop_utils" / file
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert (source_hash.digest(notebook, package) != before) == matters


def test_the_digest_changes_with_a_librarys_version(package, monkeypatch):
    notebook = notebook_of(code_cell("1"))
    before = source_hash.digest(notebook, package)
    monkeypatch.setattr(source_hash, "version", lambda _: "99")
    assert source_hash.digest(notebook, package) != before


# --- the build


def test_a_course_is_built_and_agrees_with_its_text(built, capsys):
    (built / "README.md").write_text(readme.filled(README, built), encoding="utf-8", newline="\n")
    assert build.build(only=["01"], check=True) == 0
    assert "agree with the texts" in capsys.readouterr().out


def test_building_twice_gives_the_same_bytes_and_runs_nothing(built, fake_run):
    before = editions_of(built)
    assert build.build(only=["01"]) == 0
    assert fake_run == []
    assert editions_of(built) == before


def test_a_fresh_clone_takes_the_stored_outputs_at_their_word(built, fake_run):
    shutil.rmtree(built / "build")
    assert build.build(only=["01"]) == 0
    assert fake_run == []


def test_prose_changes_leave_outputs_byte_for_byte(built, fake_run):
    old = json.dumps(
        [cell["outputs"] for cell in code_cells(editions.read_notebook(full_path(LESSON, built)))]
    )
    edit(built, "Add. Then", "Add first. Then")
    assert build.build(only=["01"]) == 0
    assert fake_run == []
    notebook = editions.read_notebook(full_path(LESSON, built))
    assert json.dumps([cell["outputs"] for cell in code_cells(notebook)]) == old
    assert "Add first." in notebook["cells"][1]["source"]


def test_the_heros_output_is_kept_as_a_file_which_the_check_compares(built, fake_run):
    edit(built, ":tags: [exercise]", ":tags: [exercise, hero]")
    path = full_path(LESSON, built)
    notebook = editions.full_edition(LESSON)
    for cell in code_cells(notebook):
        cell["execution_count"] = 1
        cell["outputs"] = picture() if "hero" in editions.tags(cell) else []
    path.write_text(editions.as_text(notebook), encoding="utf-8")
    assert build.build(only=["01"]) == 0
    assert fake_run == []
    stored = built / "docs" / "pictures" / "01_rnn_intuition.png"
    assert stored.read_bytes().startswith(b"\x89PNG")
    stored.write_bytes(b"another")
    wrong = [each for each in build.disagreements([LESSON]) if ".png" in each]
    assert len(wrong) == 1
    assert "is not the stored output of the cell with the tag 'hero'" in wrong[0]


@pytest.mark.parametrize("change", ["code", "module", "force"])
def test_what_outputs_depend_on_makes_it_run_again(built, fake_run, monkeypatch, change):
    if change == "code":
        edit(built, "1 + 1", "1 + 2")
    if change == "module":
        monkeypatch.setattr(source_hash, "digest", lambda *_: "another")
    assert build.build(only=["01"], force=change == "force") == 0
    assert len(fake_run) == 1


def test_a_failing_cell_is_shown_and_the_old_edition_stays(built, monkeypatch, capsys):
    before = editions_of(built)
    edit(built, "1 + 1", "1 / 0")

    def fail(notebook, *_, **__):
        return Execution(notebook, failed_cell=4, failure="1 / 0\n\nZeroDivisionError")

    monkeypatch.setattr(build, "execute", fail)
    assert build.build(only=["01"]) == 1
    said = capsys.readouterr().out
    assert "01_rnn_intuition: code cell 4 failed" in said
    assert "1 / 0\n\nZeroDivisionError" in said
    assert editions_of(built) == before
    assert (built / "build" / "failed" / "01_rnn_intuition.ipynb").is_file()


def test_a_notebook_with_tweets_needs_the_real_ones(package, fake_run, monkeypatch, capsys):
    (package / "workshop_utils" / "tweets.py").write_text("", encoding="utf-8")
    edit(package, "solution_answer = 1", "from workshop_utils import tweets\nsolution_answer = 1")
    answer = Finding("synthetic", "No mirror answered.")
    monkeypatch.setattr(build, "look_for_tweets", lambda: answer)
    assert build.build(only=["01"]) == 1
    said = capsys.readouterr().out
    assert "real tweets" in said
    assert "No mirror answered. Set LSTM_WORKSHOP_TWEETS" in said
    assert fake_run == []
    monkeypatch.setattr(build, "look_for_tweets", lambda: Finding("real", ""))
    assert build.build(only=["01"]) == 0


# --- check


def tamper(path, change):
    notebook = editions.read_notebook(path)
    change(notebook)
    path.write_text(editions.as_text(notebook), encoding="utf-8")


TAMPERS = [
    lambda nb: nb["cells"][1].update(source="x"),
    lambda nb: nb["cells"][0].update(id="zzz"),
    lambda nb: nb["cells"].pop(2),
    lambda nb: nb["cells"].append(code_cell("1")),
    lambda nb: code_cells(nb)[1].update(execution_count=None, outputs=[]),
    lambda nb: nb["metadata"].update(widgets={}),
]


@pytest.mark.parametrize("change", TAMPERS)
def test_a_tampered_full_edition_is_found(built, change):
    tamper(full_path(LESSON, built), change)
    assert any("01_rnn_intuition.ipynb" in each for each in build.disagreements([LESSON]))


@pytest.mark.parametrize("change", [lambda text: text.replace("will do", "do"), lambda _: "none"])
def test_a_tampered_learners_edition_is_found(built, change):
    path = learner_path(LESSON, built)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    (found,) = build.disagreements([LESSON])
    assert found.startswith("colab/01_rnn_intuition.ipynb")


def test_missing_and_strange_notebooks_are_found(built):
    full_path(LESSON, built).unlink()
    learner_path(LESSON, built).unlink()
    (built / "colab" / "07_more.ipynb").write_text("{}", encoding="utf-8")
    found = build.disagreements(LESSONS[:2])
    assert "notebooks/01_rnn_intuition.ipynb is missing" in found
    assert "colab/01_rnn_intuition.ipynb is missing" in found
    assert "colab/07_more.ipynb belongs to no text; remove it" in found
    assert any("02_long_term_dependencies" in sentence for sentence in found)


def test_a_stale_readme_or_project_link_is_found(built):
    page = built / "README.md"
    project = built / "pyproject.toml"
    page.write_text(page.read_text(encoding="utf-8").replace("See one", "See two"), "utf-8")
    project.write_text(PROJECT.replace("github.com/owner/name", "github.com/old/one"), "utf-8")
    assert len(build.disagreements([LESSON])) == 2
    build.build(only=["01"])
    assert build.disagreements([LESSON]) == []
    page.write_text(page.read_text(encoding="utf-8") + "github.com/owner/name\n", "utf-8")
    assert any(each.startswith("README.md") for each in build.disagreements([LESSON]))
