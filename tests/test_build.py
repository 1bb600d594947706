"""The texts, the address, the editions and the build, on a course of one notebook."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import (
    PROJECT,
    README,
    TEXT,
    code_cell,
    first_lesson,
    make_course,
    notebook_of,
    picture,
    result,
    stream,
)

from workshop_tools import (
    build,
    check_in_sync,
    outputs,
    readme,
    repository_url,
    source_hash,
)
from workshop_tools.editions import (
    as_text,
    code_cells,
    full_edition,
    learner_edition,
    read_notebook,
    tags,
)
from workshop_tools.execute import Execution
from workshop_tools.repository_url import Slug, read_slug, write_slug
from workshop_tools.tweets_at_hand import Finding
from workshop_utils import lessons
from workshop_utils.cli.extras import require
from workshop_utils.lessons import LESSONS, CourseError, select

REPOSITORY = Path(__file__).parents[1]
HERE = Slug("owner/name", "main")
LESSON = first_lesson()


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture
def built(course, fake_run):
    assert build.build(only=["01"], root=course) == 0
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
            on_cell(number)
        return Execution(copy, seconds=1.0)

    monkeypatch.setattr(build, "execute", fake)
    return runs


def edit(course, old, new):
    path = LESSON.text(course)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def editions_of(course):
    return LESSON.full(course).read_bytes(), LESSON.learner(course).read_bytes()


# --- the catalogue


def test_the_six_lessons_are_numbered_in_order():
    assert [lesson.number for lesson in LESSONS] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("word", ["04", "4", "preprocessing", "04_preprocessing"])
def test_a_lesson_is_found_by_number_and_by_name(word):
    assert [lesson.name for lesson in select([word])] == ["04_preprocessing"]


def test_a_path_names_a_lesson_and_the_order_is_the_courses():
    chosen = select(["notebooks/05_training_the_lstm.ipynb", "01", "05"])
    assert [lesson.number for lesson in chosen] == ["01", "05"]


def test_nothing_means_all_and_an_unknown_word_is_named():
    assert select() == select([]) == LESSONS
    with pytest.raises(CourseError, match=r"'seven'.*01_rnn_intuition"):
        select(["seven"])


def test_the_ends_of_the_course_have_one_neighbour():
    assert lessons.neighbours(LESSONS[0]) == (None, LESSONS[1])
    assert lessons.neighbours(LESSONS[5]) == (LESSONS[4], None)


def test_the_title_is_the_first_heading(course):
    assert LESSON.title(course) == "See one thing"
    edit(course, "# See one thing", "No heading")
    LESSON.text(course).write_text("## Only a section\n", encoding="utf-8")
    with pytest.raises(CourseError, match="has no title"):
        LESSON.title(course)
    with pytest.raises(CourseError, match="02_long_term_dependencies is missing"):
        LESSONS[1].title(course)


def test_the_root_is_found_from_a_folder_below(course, tmp_path):
    assert lessons.find_root(course / "notebooks" / "text") == course.resolve()
    with pytest.raises(CourseError, match="not a clone"):
        lessons.find_root(tmp_path)


def test_measured_times_are_written_merged_and_shown(course, monkeypatch):
    monkeypatch.setattr("workshop_utils.accelerator.cpu_count", lambda: 2)
    assert "running not measured yet" in lessons.minutes(LESSON, course)
    lessons.record_seconds(course, {LESSON.name: 61.0, LESSONS[1].name: 10.0})
    lessons.record_seconds(course, {LESSONS[1].name: 20.0})
    assert lessons.measured(course).seconds == {LESSON.name: 61.0, LESSONS[1].name: 20.0}
    assert lessons.minutes(LESSON, course).endswith("running 2 min (2 CPU cores)")
    monkeypatch.setattr("workshop_utils.accelerator.cpu_count", lambda: 16)
    with pytest.raises(CourseError, match=r"measured with 2 cores.*has 16"):
        lessons.record_seconds(course, {LESSON.name: 1.0})


# --- the address


def test_a_new_address_changes_two_values_and_nothing_else(course):
    assert write_slug(course, "someone/else", "v1.0") == Slug("someone/else", "v1.0")
    expected = (
        PROJECT.replace('repository = "owner/name"', 'repository = "someone/else"')
        .replace('ref = "main"', 'ref = "v1.0"')
        .replace("github.com/owner/name", "github.com/someone/else")
    )
    assert (course / "pyproject.toml").read_text(encoding="utf-8") == expected


def test_the_address_can_be_changed_in_part_or_not_at_all(course):
    before = (course / "pyproject.toml").stat().st_mtime_ns
    assert write_slug(course) == HERE
    assert (course / "pyproject.toml").stat().st_mtime_ns == before
    assert write_slug(course, ref="dev") == Slug("owner/name", "dev")


@pytest.mark.parametrize(
    ("repo", "ref"),
    [("owner", "main"), ("a/b/c", "main"), ("a b/c", "main"), ("a/b", ""), ("a/b", "../x")],
)
def test_what_cannot_be_an_address_is_refused(repo, ref):
    with pytest.raises(CourseError, match="must"):
        Slug(repo, ref)


def test_a_project_without_the_table_is_refused(course):
    (course / "pyproject.toml").write_text("[tool.workshop]\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"\[tool.workshop\]"):
        read_slug(course)


def test_links_of_a_working_copy_stay_on_this_machine_but_the_badge_does_not():
    text = f"[next]({HERE.colab(LESSONS[1])}) {HERE.badge(LESSONS[1])}"
    local = HERE.with_local_links(text)
    assert local == f"[next]({LESSONS[1].name}.ipynb) {HERE.badge(LESSONS[1])}"


def test_the_address_stands_in_one_place_of_this_repository():
    """Outside of the table only files that the build makes may hold it."""
    here = read_slug(REPOSITORY)
    made = {lesson.full(REPOSITORY) for lesson in LESSONS}
    made |= {lesson.learner(REPOSITORY) for lesson in LESSONS}
    folders = (".ci", "notebooks", "colab", "workshop_utils", "tests")
    top = [path for path in REPOSITORY.iterdir() if path.is_file()]
    below = [path for name in folders for path in (REPOSITORY / name).rglob("*") if path.is_file()]
    by_hand = []
    for path in [*top, *below]:
        if path in made or path.suffix in (".pyc", ".png"):
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if path.name in readme.PAGES:
            text = readme.without_blocks(text)
        if path.name == "pyproject.toml":
            text = re.sub(r"^(repository|Repository) = .*$", "", text, flags=re.MULTILINE)
        if here.repository in text:
            by_hand.append(str(path.relative_to(REPOSITORY)))
    assert by_hand == []


# --- the README


def test_the_blocks_are_made_and_the_rest_is_left(course):
    made = readme.filled(README, course, HERE)
    assert "[See one thing](notebooks/01_rnn_intuition.ipynb)" in made
    assert "git clone https://github.com/owner/name.git\ncd name" in made
    assert "[issues]: https://github.com/owner/name/issues" in made
    assert made.count("| 0") == 6
    assert readme.filled(made, course, HERE) == made
    assert readme.without_blocks(made) == readme.without_blocks(README)
    assert "owner/name" not in readme.without_blocks(made)


def test_an_unknown_or_open_block_is_refused(course):
    with pytest.raises(CourseError, match="no block 'weather'"):
        readme.filled("<!-- workshop:weather -->\n<!-- /workshop:weather -->", course, HERE)
    with pytest.raises(CourseError, match="not closed"):
        readme.filled("<!-- workshop:links -->\n", course, HERE)


# --- the editions


def test_the_full_edition_has_navigation_bootstrap_and_hidden_solutions(course):
    cells = full_edition(LESSON, course, HERE)["cells"]
    assert cells[0]["source"].startswith("# See one thing\n\n[Index](../README.md) · Next: [02 ")
    assert "exercises 15 min" in cells[0]["source"]
    assert HERE.badge(LESSON) in cells[0]["source"]
    assert cells[1]["source"].startswith("## What you will do")
    (setup,) = [cell for cell in cells if "setup" in tags(cell)]
    assert '%pip install --quiet --no-deps "{address}"' in setup["source"]
    assert 'github = "https://github.com/owner/name/archive/main.zip"' in setup["source"]
    assert setup["source"].endswith('workshop_utils.start("01")')
    assert tags(setup) == {"setup", "nbval-ignore-output"}
    (solution,) = [cell for cell in cells if "solution" in tags(cell)]
    assert solution["metadata"]["jupyter"] == {"source_hidden": True}
    assert any("instructor" in tags(cell) for cell in cells)


def test_the_bootstrap_is_python_once_the_magic_is_gone(course):
    (setup,) = [c for c in full_edition(LESSON, course, HERE)["cells"] if "setup" in tags(c)]
    compile(setup["source"].replace("%pip", "pass  #"), "setup", "exec")


def test_a_lesson_in_the_middle_links_both_ways(course):
    for lesson in LESSONS[1:3]:
        shutil.copy(LESSON.text(course), lesson.text(course))
    first = full_edition(LESSONS[1], course, HERE)["cells"][0]["source"]
    assert "Previous: [01 See one thing](01_rnn_intuition.ipynb)" in first
    assert "Next: [03 See one thing](03_gate_walkthrough.ipynb)" in first


def test_the_learners_edition_hides_what_it_must_and_links_outside(course):
    notebook = learner_edition(LESSON, course, HERE)
    everything = json.dumps(notebook)
    assert "solution_answer = 1 + 1" not in everything
    assert "For the instructor" not in everything
    assert all(not cell["outputs"] for cell in code_cells(notebook))
    assert all(cell["execution_count"] is None for cell in code_cells(notebook))
    text = notebook["cells"][1]["source"]
    assert f"[the next]({HERE.colab(LESSONS[1])})" in text
    assert "[a term](https://github.com/owner/name/blob/main/notebooks/GLOSSARY.md#term)" in text
    assert "[above](#set-up) and [far away](https://example.org/x)" in text
    assert (
        "[Index](https://github.com/owner/name/blob/main/README.md)"
        in (notebook["cells"][0]["source"])
    )
    assert {tag for cell in notebook["cells"] for tag in tags(cell)} == {"setup", "exercise"}


def test_ids_are_derived_from_content_and_occurrence(course):
    once, again = (full_edition(LESSON, course, HERE)["cells"] for _ in range(2))
    ids = [cell["id"] for cell in once]
    assert ids == [cell["id"] for cell in again]
    assert len(set(ids)) == len(ids)
    twice = [cell["id"] for cell in once if cell["source"] == 'print("ready")']
    assert twice[1] == f"{twice[0]}-2"
    edit(course, "Add. Then", "Add first. Then")
    changed = [cell["id"] for cell in full_edition(LESSON, course, HERE)["cells"]]
    assert sum(a != b for a, b in zip(ids, changed, strict=True)) == 1


def test_both_editions_are_valid_notebooks(course):
    import nbformat

    for edition in (full_edition, learner_edition):
        nbformat.validate(nbformat.from_dict(edition(LESSON, course, HERE)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<!-- navigation -->", "", "navigation"),
        ("## Add", "<!-- navigation -->", "navigation"),
        ("[setup]", "[set-up]", "'setup'"),
        (":tags: [setup]\n", ":tags: [setup]\n\nprint(1)\n", "must be empty"),
    ],
)
def test_a_text_without_its_fixed_parts_is_refused(course, old, new, message):
    edit(course, old, new)
    with pytest.raises(CourseError, match=message):
        full_edition(LESSON, course, HERE)


# --- outputs


def test_streams_are_merged_and_noise_is_taken_out():
    bar = "application/vnd.jupyter.widget-view+json"
    raw = [
        stream("a"),
        result("2"),
        stream("b\n10%\r20%\n"),
        {"output_type": "display_data", "metadata": {}, "data": {bar: {"model_id": "x"}}},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {bar: {"model_id": "y"}, "text/plain": ["0", "%"]},
        },
    ]
    made = outputs.normalised(raw)
    assert made[0]["text"] == "ab\n20%\n"
    assert [output["output_type"] for output in made] == [
        "stream",
        "execute_result",
        "display_data",
    ]
    assert made[2]["data"] == {"text/plain": "0%"}
    assert raw[0]["text"] == "a"


OUTPUTS = st.lists(
    st.one_of(
        st.builds(stream, st.text("ab\r\n"), st.sampled_from(["stdout", "stderr"])),
        st.builds(result, st.text("ab")),
    )
)


@given(OUTPUTS)
def test_bringing_outputs_to_the_form_twice_changes_nothing(raw):
    once = outputs.normalised(raw)
    assert outputs.normalised(once) == once
    assert outputs.equal_for_nbval(raw, once)


@given(OUTPUTS, OUTPUTS)
def test_equality_is_nbvals_own(one, other):
    """The comparison that ships with nbval is the judge."""
    import nbformat
    from nbval.plugin import IPyNbCell, coalesce_streams

    class Parent:
        skip_compare = outputs._NOT_COMPARED
        sanitize_patterns: dict[str, str] = {}  # noqa: RUF012

    judge = object.__new__(IPyNbCell)
    judge.parent = Parent()
    judge.colors = __import__("nbval.plugin").plugin.nocolors
    judge.format_output_compare = lambda *_: None
    a, b = (coalesce_streams([nbformat.from_dict(o) for o in raw]) for raw in (one, other))
    # Outputs without any text are dropped here and kept by nbval; the build never stores them.
    if all(output.get("text", "-") for output in [*a, *b]):
        assert judge.compare_outputs(a, b) == outputs.equal_for_nbval(one, other)


def test_an_old_picture_stays_only_if_it_shows_the_same():
    assert outputs.same_to_see(picture(level=0.5), picture(level=0.502))
    assert not outputs.same_to_see(picture(level=0.5), picture(level=0.6))
    assert not outputs.same_to_see(picture(size=(4, 4)), picture(size=(4, 5)))
    assert not outputs.same_to_see(picture(), picture(alt="Another description of it."))
    assert outputs.equal_for_nbval(picture(level=0.1), picture(level=0.9))
    assert not outputs.same_to_see(picture(), [*picture(), *picture()])


def in_html(outputs_of_picture):
    """The same picture, as a frame of an animation."""
    output = outputs_of_picture[0]
    frame = f'<img src="data:image/png;base64,{output["data"]["image/png"].strip()}">'
    return [{**output, "metadata": {}, "data": {"text/html": frame}}]


def test_pictures_inside_html_are_compared_as_pictures():
    one, other = in_html(picture(level=0.1)), in_html(picture(level=0.9))
    assert one != other
    assert outputs.equal_for_nbval(one, other)
    assert not outputs.same_to_see(one, other)
    assert outputs.same_to_see(one, in_html(picture(level=0.102)))
    said = [{**one[0], "data": {"text/html": one[0]["data"]["text/html"] + "<p>more</p>"}}]
    assert not outputs.equal_for_nbval(one, said)


def test_after_a_new_run_a_cell_keeps_the_old_picture():
    old = notebook_of(code_cell("a", picture(level=0.5)), code_cell("b", [result("1")]))
    new = notebook_of(code_cell("a", picture(level=0.502)), code_cell("b", [result("2")]))
    kept = old["cells"][0]["outputs"]
    outputs.keep_what_is_the_same(old, new)
    assert new["cells"][0]["outputs"] == kept
    assert new["cells"][1]["outputs"] == [result("2")]


def test_outputs_of_every_kind_are_compared_and_kept():
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]}
    assert outputs.normalised([error]) == [error]
    assert outputs.compared([error]) == {"ename": ["E"], "evalue": ["v"]}
    old = notebook_of(code_cell("1", [result("1", count=7)]))
    new = notebook_of(code_cell("1", [result("1", count=1)]))
    outputs.keep_what_is_the_same(old, new)
    assert new["cells"][0]["outputs"] == [result("1", count=1)]


# --- what outputs depend on


@pytest.fixture
def package(course):
    folder = course / "workshop_utils"
    (folder / "figures").mkdir(parents=True)
    files = {
        "__init__.py": "",
        "text.py": "def f():\n    from workshop_utils import cells\n",
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
    one = notebook_of(code_cell("%pip list\nfrom workshop_utils.text import f"), code_cell("if x:"))
    assert source_hash.modules_used(one, package) == {
        "workshop_utils",
        "workshop_utils.text",
        "workshop_utils.cells",
    }
    lazy = notebook_of(code_cell("from workshop_utils import figures"))
    assert "workshop_utils.figures.plots" in source_hash.modules_used(lazy, package)


@pytest.mark.parametrize(
    ("file", "matters"),
    [("cells.py", True), ("text.py", True), ("other.py", False), ("table.csv", True)],
)
def test_the_digest_changes_with_what_is_used_and_only_with_that(package, file, matters):
    notebook = notebook_of(code_cell("import workshop_utils.text"))
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
    (built / "README.md").write_text(
        readme.filled(README, built, HERE), encoding="utf-8", newline="\n"
    )
    assert build.build(only=["01"], check=True, root=built) == 0
    assert "agree with the texts" in capsys.readouterr().out


def test_building_twice_gives_the_same_bytes_and_runs_nothing(built, fake_run):
    before = editions_of(built)
    assert build.build(only=["01"], root=built) == 0
    assert fake_run == []
    assert editions_of(built) == before


def test_a_fresh_clone_takes_the_stored_outputs_at_their_word(built, fake_run):
    shutil.rmtree(built / "build")
    assert build.build(only=["01"], root=built) == 0
    assert fake_run == []


def test_prose_changes_leave_outputs_byte_for_byte(built, fake_run):
    old = json.dumps([cell["outputs"] for cell in code_cells(read_notebook(LESSON.full(built)))])
    edit(built, "Add. Then", "Add first. Then")
    assert build.build(only=["01"], root=built) == 0
    assert fake_run == []
    notebook = read_notebook(LESSON.full(built))
    assert json.dumps([cell["outputs"] for cell in code_cells(notebook)]) == old
    assert "Add first." in notebook["cells"][1]["source"]


def test_another_address_runs_nothing_and_rewrites_every_link(built, fake_run):
    assert build.build(repo="some/one", ref="v2", only=["01"], root=built) == 0
    assert fake_run == []
    for path in (LESSON.full(built), LESSON.learner(built), built / "README.md"):
        text = path.read_text(encoding="utf-8")
        assert "owner/name" not in text
        assert "some/one" in text
    assert check_in_sync.disagreements(built, [LESSON]) == []


@pytest.mark.parametrize("change", ["code", "module", "force"])
def test_what_outputs_depend_on_makes_it_run_again(built, fake_run, monkeypatch, change):
    if change == "code":
        edit(built, "1 + 1", "1 + 2")
    if change == "module":
        monkeypatch.setattr(source_hash, "digest", lambda *_: "another")
    assert build.build(only=["01"], force=change == "force", root=built) == 0
    assert len(fake_run) == 1


def test_a_notebook_runs_cold_quiet_and_offline(course, fake_run, monkeypatch):
    monkeypatch.chdir(course)
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", "tweets.csv")
    build.build(only=["01"], root=course)
    (environment,) = fake_run
    assert environment["LSTM_WORKSHOP_OFFLINE"] == "1"
    assert environment["PYTEST_CURRENT_TEST"] == "1"
    assert environment["TF_CPP_MIN_LOG_LEVEL"] == "3"
    assert environment["LSTM_WORKSHOP_TWEETS"] == str((course / "tweets.csv").resolve())
    assert "artifacts" in environment["LSTM_WORKSHOP_ARTIFACTS"]


def test_a_failing_cell_is_shown_and_the_old_edition_stays(built, monkeypatch, capsys):
    before = editions_of(built)
    edit(built, "1 + 1", "1 / 0")

    def fail(notebook, *_, **__):
        return Execution(notebook, failed_cell=4, failure="ZeroDivisionError: division by zero")

    monkeypatch.setattr(build, "execute", fail)
    assert build.build(only=["01"], root=built) == 1
    said = capsys.readouterr().err
    assert "01_rnn_intuition: code cell 4 failed" in said
    assert "solution_answer = 1 / 0" in said
    assert "ZeroDivisionError: division by zero" in said
    assert editions_of(built) == before
    assert (built / "build" / "failed" / "01_rnn_intuition.ipynb").is_file()


def test_a_notebook_with_tweets_needs_the_real_ones(package, fake_run, monkeypatch, capsys):
    (package / "workshop_utils" / "tweets.py").write_text("", encoding="utf-8")
    edit(package, "solution_answer = 1", "from workshop_utils import tweets\nsolution_answer = 1")
    answer = Finding("twin", "No mirror answered.")
    monkeypatch.setattr(build, "look_for_tweets", lambda: answer)
    assert build.build(only=["01"], root=package) == 1
    said = capsys.readouterr().err
    assert "real tweets" in said
    assert "No mirror answered. Set LSTM_WORKSHOP_TWEETS" in said
    assert fake_run == []
    monkeypatch.setattr(build, "look_for_tweets", lambda: Finding("real", ""))
    assert build.build(only=["01"], root=package) == 0


def test_a_text_that_is_missing_does_not_stop_the_others(course, fake_run, capsys):
    assert build.build(only=["01", "02"], root=course) == 1
    assert "02_long_term_dependencies: The text" in capsys.readouterr().err
    assert LESSON.full(course).is_file()


def test_check_goes_without_a_new_address(course):
    with pytest.raises(CourseError, match="changes nothing"):
        build.build(repo="a/b", check=True, root=course)


def test_a_missing_extra_is_one_sentence():
    require("json")
    with pytest.raises(CourseError, match=r"no_such_module.*pip install"):
        require("json", "no_such_module")


# --- check


def tamper(path, change):
    notebook = read_notebook(path)
    change(notebook)
    path.write_text(as_text(notebook), encoding="utf-8")


FULL_TAMPERS = {
    "cell 2: its source": lambda nb: nb["cells"][1].update(source="x"),
    "cell 1: its id": lambda nb: nb["cells"][0].update(id="zzz"),
    "cell 6: its metadata": lambda nb: nb["cells"][5].update(metadata={"tags": ["exercise"]}),
    "cell 3: its source": lambda nb: nb["cells"].pop(2),
    "there are 12 cells; the text gives 11": lambda nb: nb["cells"].append(code_cell("1")),
    "not run without error: 2": lambda nb: code_cells(nb)[1].update(
        execution_count=None, outputs=[]
    ),
    "not run without error: 3": lambda nb: code_cells(nb)[2].update(
        outputs=[{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}]
    ),
    "not in the form": lambda nb: nb["metadata"].update(widgets={}),
    "01_rnn_intuition.ipynb is not in the form": lambda nb: code_cells(nb)[1].update(
        outputs=[stream("a"), stream("b")]
    ),
}


@pytest.mark.parametrize("said", FULL_TAMPERS)
def test_a_tampered_full_edition_is_found(built, said, capsys):
    tamper(LESSON.full(built), FULL_TAMPERS[said])
    assert build.build(only=["01"], check=True, root=built) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("What you will do", "What you do"), "cell 2: its source"),
        (lambda text: text + "\n", "differs from its derivation"),
        (lambda _: "no notebook", "differs from its derivation"),
    ],
)
def test_a_tampered_learners_edition_is_found(built, change, said):
    path = LESSON.learner(built)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    (found,) = check_in_sync.disagreements(built, [LESSON])
    assert found.startswith("colab/01_rnn_intuition.ipynb")
    assert said in found


def test_missing_and_strange_notebooks_are_found(built):
    LESSON.full(built).unlink()
    LESSON.learner(built).unlink()
    (built / "colab" / "07_more.ipynb").write_text("{}", encoding="utf-8")
    found = check_in_sync.disagreements(built, LESSONS[:2])
    assert "notebooks/01_rnn_intuition.ipynb is missing" in found
    assert "colab/01_rnn_intuition.ipynb is missing" in found
    assert "colab/07_more.ipynb belongs to no text; remove it" in found
    assert any(sentence.startswith("02_long_term_dependencies: The text") for sentence in found)


def test_a_stale_readme_or_project_link_is_found(built):
    page = built / "README.md"
    page.write_text(page.read_text(encoding="utf-8").replace("See one", "See two"), "utf-8")
    assert check_in_sync.disagreements(built, [LESSON]) == [
        "README.md: a marked block is not what the build makes"
    ]
    build.write_pages(built, HERE)
    page.write_text(page.read_text(encoding="utf-8") + "github.com/owner/name\n", "utf-8")
    project = built / "pyproject.toml"
    project.write_text(PROJECT.replace("github.com/owner/name", "github.com/old/one"), "utf-8")
    assert check_in_sync.disagreements(built, [LESSON]) == [
        "README.md: the address owner/name stands outside the blocks",
        "pyproject.toml: [project.urls] does not follow [tool.workshop]",
    ]


# --- once, in earnest


@pytest.mark.slow
def test_a_real_build_twice_gives_the_same_bytes(course):
    """A real kernel, through the command line."""
    text = TEXT.replace("solution_answer = 1 + 1", "import time\nsolution_answer = 1 + 1")
    LESSON.text(course).write_text(text, encoding="utf-8")

    def workshop_build(*arguments):
        start = "from workshop_utils.cli.main import main; main()"
        command = [sys.executable, "-c", start, "build", "--only", "01", *arguments]
        done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "executed in" in workshop_build()
    before = editions_of(course)
    assert "executed in" in workshop_build("--force")
    assert editions_of(course) == before
    notebook = read_notebook(LESSON.full(course))
    setup, ready, _, solution, value, _ = code_cells(notebook)
    assert setup["outputs"][0]["text"].startswith("Notebook 01")
    assert ready["outputs"] == [stream("ready\n")]
    assert solution["outputs"] == [stream("2\n")]
    assert value["outputs"] == [result("2", count=5)]
    assert "agree" in workshop_build("--check")


def test_the_module_of_the_address_knows_the_badge_of_colab():
    assert repository_url.BADGE.startswith("https://colab.research.google.com/")
