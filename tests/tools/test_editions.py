"""What editions are made of: the address, the README's blocks, the text's cells, their outputs."""

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_course import (
    PROJECT,
    README,
    TEXT,
    code_cell,
    edit,
    first_lesson,
    make_course,
    notebook_of,
    picture,
    result,
    stream,
)

from workshop_tools import editions, outputs, readme
from workshop_tools.editions import code_cells, tags
from workshop_tools.lesson_files import full_path, learner_path, text_path
from workshop_tools.repository_url import Slug, read_slug, write_slug
from workshop_utils.learning.lessons import EVERY, FURTHER, LESSONS, CourseError

REPOSITORY = Path(__file__).parents[2]
HERE = Slug("owner/name", "main")
LESSON = first_lesson()


@pytest.fixture
def course(tmp_path, monkeypatch):
    root = make_course(tmp_path / "course")
    monkeypatch.chdir(root)
    return root


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


def test_the_address_stands_in_one_place_of_this_repository():
    """Outside of the table only files that the build makes may hold it."""
    here = read_slug(REPOSITORY)
    made = {full_path(lesson, REPOSITORY) for lesson in EVERY}
    made |= {learner_path(lesson, REPOSITORY) for lesson in EVERY}
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
        if path.name in ("pyproject.toml", "CITATION.cff"):
            text = re.sub(r"^(url|repository.*?)[:=] .*$", "", text, flags=re.M | re.I)
        if here.repository in text:
            by_hand.append(str(path.relative_to(REPOSITORY)))
    assert by_hand == []


# --- the README


def test_the_blocks_are_made_and_the_rest_is_left(course):
    made = readme.filled(README, course)
    assert "[See one thing](notebooks/01_rnn_intuition.ipynb)" in made
    assert "git clone https://github.com/owner/name.git\ncd name" in made
    assert "[issues]: https://github.com/owner/name/issues" in made
    assert made.count("\n| 0") == 1
    assert readme.filled(made, course) == made
    assert readme.without_blocks(made) == readme.without_blocks(README)
    assert "owner/name" not in readme.without_blocks(made)


def test_an_unknown_or_open_block_is_refused(course):
    with pytest.raises(CourseError, match="no block 'weather'"):
        readme.filled("<!-- workshop:weather -->\n<!-- /workshop:weather -->", course)
    with pytest.raises(CourseError, match="not closed"):
        readme.filled("<!-- workshop:links -->\n", course)


# --- the editions


def test_the_full_edition_has_navigation_bootstrap_and_hidden_solutions(course):
    cells = editions.full_edition(LESSON)["cells"]
    assert cells[0]["source"].startswith("# See one thing\n\n[Index](../README.md) · Next: [02 ")
    assert re.search(r"\*About \d+ minutes: \d+ to read, \d+ to try\.\*", cells[0]["source"])
    assert HERE.badge(LESSON) in cells[0]["source"]
    assert cells[1]["source"].startswith("## What you will do")
    (setup,) = [cell for cell in cells if "setup" in tags(cell)]
    assert re.search(r'%pip install .*--no-deps .*"{address}"', setup["source"])
    assert '"https://github.com/owner/name/archive/main.zip"' in setup["source"]
    assert setup["source"].endswith('workshop_utils.start("01")')
    assert tags(setup) == {"setup", "nbval-ignore-output"}
    folded = [c for c in cells if c["metadata"].get("jupyter") == {"source_hidden": True}]
    assert [tags(cell) for cell in folded] == [{"solution"}]
    assert any("instructor" in tags(cell) for cell in cells)


def test_a_lesson_in_the_middle_links_both_ways(course):
    for lesson in LESSONS[1:3]:
        shutil.copy(text_path(LESSON, course), text_path(lesson, course))
    first = editions.full_edition(LESSONS[1])["cells"][0]["source"]
    assert "Previous: [01 See one thing](01_rnn_intuition.ipynb)" in first
    assert "Next: [03 See one thing](03_gate_walkthrough.ipynb)" in first


def test_a_further_lesson_lies_one_folder_deeper(course):
    lesson = FURTHER[0]
    text_path(lesson, course).parent.mkdir()
    text = TEXT.replace("(02_long", "(../02_long").replace("GLOSSARY", "../../docs/glossary")
    text_path(lesson, course).write_text(text, encoding="utf-8")
    first, second = editions.full_edition(lesson)["cells"][:2]
    assert "[Index](../../README.md)" in first["source"]
    assert "colab/further/papers.ipynb" in first["source"]
    learner = editions.learner_edition(lesson)["cells"]
    assert f"[the next]({HERE.colab(LESSONS[1])})" in learner[1]["source"]
    assert f"({HERE.home}/blob/main/docs/glossary.md#term)" in learner[1]["source"]
    assert second["source"] != learner[1]["source"]


def test_the_solved_edition_has_the_solution_in_the_stubs_place(course):
    edit(course, "\n```{code-cell} ipython3\nsolution_answer\n```\n", "")
    sources = [cell["source"] for cell in code_cells(editions.solved_edition(LESSON))]
    assert "answer = 1 + 1\nprint(answer)" in sources
    assert not any("..." in source or "solution_" in source for source in sources)
    edit(course, ":tags: [solution]", ":tags: [test]")
    with pytest.raises(CourseError, match="no solution"):
        editions.solved_edition(LESSON)


def test_the_learners_edition_hides_what_it_must_and_links_outside(course):
    notebook = editions.learner_edition(LESSON)
    everything = json.dumps(notebook)
    assert "solution_answer = 1 + 1" not in everything
    assert "For the instructor" not in everything
    assert all(not cell["outputs"] for cell in code_cells(notebook))
    assert all(cell["execution_count"] is None for cell in code_cells(notebook))
    text = notebook["cells"][1]["source"]
    assert f"[the next]({HERE.colab(LESSONS[1])})" in text
    assert "[a term](https://github.com/owner/name/blob/main/notebooks/GLOSSARY.md#term)" in text
    assert "![a square](https://github.com/owner/name/raw/main/docs/pictures/a.png)" in text
    assert "[above](#set-up) and [far away](https://example.org/x)" in text
    assert (
        "[Index](https://github.com/owner/name/blob/main/README.md)"
        in (notebook["cells"][0]["source"])
    )
    assert {tag for cell in notebook["cells"] for tag in tags(cell)} == {"setup", "exercise"}


def test_ids_are_derived_from_content_and_occurrence(course):
    once, again = (editions.full_edition(LESSON)["cells"] for _ in range(2))
    ids = [cell["id"] for cell in once]
    assert ids == [cell["id"] for cell in again]
    assert len(set(ids)) == len(ids)
    twice = [cell["id"] for cell in once if cell["source"] == 'print("ready")']
    assert twice[1] == f"{twice[0]}-2"
    edit(course, "Add. Then", "Add first. Then")
    changed = [cell["id"] for cell in editions.full_edition(LESSON)["cells"]]
    assert sum(a != b for a, b in zip(ids, changed, strict=True)) == 1


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
        editions.full_edition(LESSON)


# --- outputs


def test_widget_models_are_taken_out():
    bar = "application/vnd.jupyter.widget-view+json"
    raw = [
        result("2"),
        {"output_type": "display_data", "metadata": {}, "data": {bar: {"model_id": "x"}}},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {bar: {"model_id": "y"}, "text/plain": "0%"},
        },
    ]
    first, second = outputs.normalised(raw)
    assert first == raw[0]
    assert second["data"] == {"text/plain": "0%"}


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
    assert outputs.same_to_see(raw, once)


def test_an_old_picture_stays_only_if_it_shows_the_same():
    assert outputs.same_to_see(picture(level=0.5), picture(level=0.502))
    assert not outputs.same_to_see(picture(level=0.5), picture(level=0.6))
    assert not outputs.same_to_see(picture(size=(4, 4)), picture(size=(4, 5)))
    assert not outputs.same_to_see(picture(), picture(alt="Another description of it."))
    assert not outputs.same_to_see(picture(), picture(told="A caption in the file."))
    assert not outputs.same_to_see(picture(), [*picture(), *picture()])


def test_after_a_new_run_a_cell_keeps_the_old_picture():
    old = notebook_of(code_cell("a", picture(level=0.5)), code_cell("b", [result("1")]))
    new = notebook_of(code_cell("a", picture(level=0.502)), code_cell("b", [result("2")]))
    kept = old["cells"][0]["outputs"]
    outputs.keep_what_is_the_same(old, new)
    assert new["cells"][0]["outputs"] == kept
    assert new["cells"][1]["outputs"] == [result("2")]
