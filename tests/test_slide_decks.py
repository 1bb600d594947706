"""Slides from the stored editions: what stands on them, what the speaker sees, what is left out."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tiny_course import (
    ALT,
    code_cell,
    first_lesson,
    make_course,
    markdown_cell,
    notebook_of,
    png,
    stream,
)
from tiny_course import picture as pictured

from workshop_tools import slide_page, slides
from workshop_tools.editions import as_text, read_notebook, tags
from workshop_tools.slide_plan import LONGEST_CODE, ROOM, deck
from workshop_tools.slide_plan import slides as plan
from workshop_tools.slide_text import Block, blocks, height, on_slide, sentences
from workshop_utils.lessons import LESSONS, CourseError

ROOT = Path(__file__).resolve().parent.parent


def titles(made):
    return [(slide.section, slide.title) for slide in made]


def sources(slide):
    return [cell["source"] for cell in slide.cells]


def printed(slide):
    return [output["text"] for cell in slide.cells for output in cell.get("outputs", [])]


# --- the text ---------------------------------------------------------------------------


def test_markdown_is_cut_into_blocks():
    source = "# T\nText\n\n- a\n  b\n- c\n\n| x |\n|---|\n\n> box\n\n$$y$$\n\n```sh\n# no\n\nb\n```"
    assert [block.kind for block in blocks(source)] == [
        *("heading", "paragraph", "list", "table", "box", "formula", "code")
    ]
    assert blocks("## A title")[0] == Block("heading", "## A title")
    assert (blocks("## A title")[0].level, blocks("## A title")[0].title) == (2, "A title")


def test_what_an_html_element_holds_is_one_block():
    (one, two) = blocks("<details><summary>Answers</summary>\n\n1. Yes.\n\n</details>\n\nAfter.")
    assert one.kind == "html"
    assert "1. Yes." in one.text
    assert two.text == "After."


def test_sentences_end_at_a_full_stop_but_not_inside_code_or_a_formula():
    assert sentences("One `a. B` is. Two\n$x. Y$ is.  **Three. Four** is. 0.5 is five.") == [
        *("One `a. B` is.", "Two $x. Y$ is.", "**Three. Four** is. 0.5 is five.")
    ]
    assert sentences("**A claim.** Then more.") == ["**A claim.**", "Then more."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("First. Second.", "First."),
        ("First. A **term** is. Third.", "A **term** is."),
        (
            "You keep it. This is called **memory**. More.",
            "You keep it. This is called **memory**.",
        ),
        ("The next cell prints it. It is small.", "It is small."),
        ("In the next two cells it runs.", ""),
        ("**Predict.** What? How much?", "**Predict.** What? How much?"),
        ("Help: `exercises.clip.hint()`.", ""),
        ("> **Note.** For the curious.", ""),
        ("> **Common pitfall.** Short.", "> **Common pitfall.** Short."),
        ("$$x$$", "$$x$$"),
        ("<details>x</details>", ""),
        ("- one\n- two", "- one\n- two"),
    ],
)
def test_what_stands_on_a_slide(source, expected):
    (block,) = blocks(source)
    assert on_slide(block) == expected


def test_a_task_is_kept_whole_and_long_things_are_shortened():
    (task,) = blocks("Write it. Use `np`. Return a number.")
    assert on_slide(task, whole=True) == task.text
    (box,) = blocks("> **Common pitfall.** " + "A sentence of some length. " * 40)
    assert len(on_slide(box)) < 500
    assert on_slide(box).startswith("> **Common pitfall.**")
    (items,) = blocks("- " + "Long words stand here. " * 20)
    assert on_slide(items) == "- Long words stand here."


def test_more_text_is_higher():
    assert height("word " * 100) > height("word") > 0
    assert height("| a |\n|---|\n| b |") > height("| a |\n|---|")


# --- the plan ---------------------------------------------------------------------------


def test_sections_and_subsections_begin_slides():
    made = plan(notebook_of(markdown_cell("# T\n\nA.\n\n## S\n\nB.\n\n### U\n\nC.")))
    assert titles(made) == [(True, "T"), (True, "S"), (False, "U")]
    assert [sources(slide) for slide in made] == [["A."], ["B."], ["C."]]


def test_an_empty_section_hands_its_place_to_the_next_slide():
    made = plan(notebook_of(markdown_cell("# T\n\nA.\n\n## S\n\n### U\n\nC.")))
    assert titles(made) == [(True, "T"), (True, "U")]


def test_the_shortened_prose_and_the_boxes_are_notes():
    box = markdown_cell("> **For the instructor.** Wait.", ["instructor"])
    (slide,) = plan(notebook_of(markdown_cell("# T\n\nFirst. Second."), box))
    assert sources(slide) == ["First."]
    assert slide.notes == ["First. Second.", "> **For the instructor.** Wait."]


def test_stubs_solutions_checks_quiz_and_set_up_are_left_out():
    made = plan(
        notebook_of(
            markdown_cell("# T\n\nA."),
            markdown_cell("## Set up\n\nNothing."),
            code_cell("print(1)", [stream("set up")]),
            markdown_cell("## S\n\nB.\n\n### Exercise: do it\n\nDo it. Then stop."),
            code_cell("x = ...", [stream("stub")], ["exercise"]),
            code_cell("exercises.one.check(x)", [stream("not attempted")]),
            code_cell("x = 1", [stream("solved")], ["solution"]),
            markdown_cell("What follows."),
            markdown_cell("## Quiz\n\nAsk."),
            code_cell('quizzes.show("s")', [stream("asked")]),
        )
    )
    assert titles(made) == [(True, "T"), (True, "S"), (False, "Exercise: do it"), (False, "S")]
    assert sources(made[2]) == ["Do it. Then stop."]
    assert sources(made[3]) == ["What follows."]
    assert [printed(slide) for slide in made] == [[], [], [], []]


def test_short_code_is_shown_and_long_code_leaves_its_output():
    long = "\n".join(f"a{n} = {n}" for n in range(LONGEST_CODE + 1))
    (slide,) = plan(
        notebook_of(
            markdown_cell("# T"), code_cell("b = 1\nprint(b)", [stream("1\n")]),
            code_cell(long, [stream("all\n")]),
        )
    )  # fmt: skip
    assert sources(slide) == ["b = 1\nprint(b)", "", ""]
    assert printed(slide) == ["1\n", "all\n"]


def test_a_picture_has_a_slide_its_description_and_no_code():
    made = plan(
        notebook_of(
            markdown_cell("# T\n\nA."), code_cell("figures.show(x)", pictured(size=(4, 8))),
            markdown_cell("You see it."),
        )
    )  # fmt: skip
    assert titles(made) == [(True, "T"), (False, "T")]
    assert sources(made[1]) == ["", "You see it."]
    (output,) = made[1].cells[0]["outputs"]
    assert output["metadata"]["image/png"]["alt"] == ALT
    assert made[1].notes == [f"**Figure.** {ALT}"]


def test_a_tall_picture_stands_alone():
    tall = [{**pictured()[0], "data": {"image/png": png(size=(90, 100))}}]
    made = plan(
        notebook_of(
            markdown_cell("# T\n\nA."), code_cell("figures.show(x)", tall), markdown_cell("More.")
        )
    )
    assert [sources(slide) for slide in made] == [["A."], [""], ["More."]]
    assert tags(made[1].cells[0]) == {"picture", "tall"}


def test_the_result_of_a_prediction_comes_on_the_next_slide():
    made = plan(
        notebook_of(
            markdown_cell("# T\n\n**Predict.** How many?"), code_cell("print(3)", [stream("3\n")])
        )
    )
    assert [printed(slide) for slide in made] == [[], ["3\n"]]


def test_what_does_not_fit_is_cut_and_nothing_is_lost():
    rows = [f"row {n}" for n in range(70)]
    made = plan(notebook_of(markdown_cell("# T"), code_cell("show()", [stream("\n".join(rows))])))
    assert len(made) > 2
    assert "".join(text for slide in made for text in printed(slide)).split("\n")[:-1] == rows
    assert all(slide.used <= ROOM for slide in made)
    table = "\n".join(["| a | b |", "|---|---|", *(f"| {n} | x |" for n in range(40))])
    made = plan(notebook_of(markdown_cell(f"# T\n\n{table}")))
    kept = [line for slide in made for source in sources(slide) for line in source.splitlines()]
    assert [line for line in kept if line[2].isdigit()] == table.splitlines()[2:]
    assert kept.count("| a | b |") == len(made) > 1


def test_wide_output_is_set_in_small_letters():
    (slide,) = plan(notebook_of(markdown_cell("# T"), code_cell("x()", [stream("x" * 120)])))
    assert [tags(cell) for cell in slide.cells][-1] == {"small"}


def test_links_to_notebooks_lead_to_their_decks_and_others_are_words():
    text = "# T\n\nSee [03](03_gate_walkthrough.ipynb#a), [it](../README.md) and [a](https://a.b)."
    made = deck(notebook_of(markdown_cell(text)))
    assert made["cells"][1]["source"] == (
        "See [03](03_gate_walkthrough.html), it and [a](https://a.b)."
    )


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.number)
def test_the_decks_of_the_course(lesson):
    notebook = read_notebook(lesson.full(ROOT))
    made = plan(notebook)
    sections = [slide.title for slide in made if slide.section]
    assert sections[0] == lesson.title(ROOT)
    assert {"What you will learn", "What you learnt"} <= set(sections)
    shown = "\n".join(source for slide in made for source in sources(slide))
    hidden = [cell for cell in notebook["cells"] if {"exercise", "solution"} & tags(cell)]
    boxes = [cell for cell in notebook["cells"] if "instructor" in tags(cell)]
    assert hidden
    assert boxes
    assert not any(cell["source"] in shown for cell in hidden)
    assert "For the instructor" not in shown
    notes = "\n".join(note for slide in made for note in slide.notes)
    assert all(box["source"] in notes for box in boxes)
    assert all(slide.used <= ROOM for slide in made if len(slide.cells) > 1)


# --- the page ---------------------------------------------------------------------------


class Asked(HTMLParser):
    """What a page loads by itself, and its pictures' descriptions."""

    def __init__(self):
        super().__init__()
        self.loaded = []
        self.alts = []
        self.notes = 0

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag in {"script", "img", "iframe"} and "src" in found:
            self.loaded.append(found["src"])
        if tag == "link":
            self.loaded.append(found["href"])
        if tag == "img":
            self.alts.append(found["alt"])
        self.notes += (tag, found.get("class")) == ("aside", "notes")


@pytest.fixture
def need_packages():
    for name in ("latex2mathml", "nbconvert", "sphinx_revealjs"):
        pytest.importorskip(name)


def page_of(*cells):
    page = slide_page.page(deck(notebook_of(*cells)), "T & U")
    asked = Asked()
    asked.feed(page)
    return page, asked


def test_a_page_asks_for_nothing_from_outside(need_packages):
    box = markdown_cell("> **For the instructor.** Wait.", ["instructor"])
    page, asked = page_of(markdown_cell("# T\n\nA."), box, code_cell("x", pictured()))
    near = [src for src in asked.loaded if not src.startswith("data:image/png")]
    assert all(src.startswith("reveal.js/") for src in near)
    assert len(near) == 4
    assert not re.search(r"https?://[^\s\"']*(?:unpkg|cdn|mathjax)", page)
    assert "import mermaid" not in page
    assert asked.alts == [ALT]
    assert asked.notes == 2  # the box and the picture's description
    assert "<title>T &amp; U slides</title>" in page


def test_formulas_are_mathml_and_code_is_not_a_formula(need_packages):
    page, _ = page_of(markdown_cell("# T\n\nThe $h_{t-1} < 1$ and `a $b$ c`.\n\n$$x^2$$"))
    assert page.count("<math") == 2
    assert 'display="block"' in page
    assert "a $b$ c" in page


def test_reveal_lies_beside_the_decks(need_packages, tmp_path):
    slide_page.put_reveal(tmp_path)
    slide_page.put_reveal(tmp_path)  # a second time changes nothing
    for name in ("dist/reveal.js", "dist/reveal.css", "dist/theme/white.css", "LICENSE"):
        assert (tmp_path / "reveal.js" / name).stat().st_size > 0
    theme = (tmp_path / "reveal.js/dist/theme/white.css").read_text(encoding="utf-8")
    for needed in re.findall(r"url\(\./?([^)]+)\)", theme):
        assert (tmp_path / "reveal.js/dist/theme" / needed).is_file()
    assert not re.search(r"url\([\"']?https?:", theme)


def test_without_the_package_a_sentence_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(slide_page, "find_spec", lambda name: None)
    with pytest.raises(CourseError, match="install the package sphinx-revealjs"):
        slide_page.put_reveal(tmp_path)


def test_the_command_writes_the_decks(need_packages, tmp_path, capsys):
    root = make_course(tmp_path)
    with pytest.raises(CourseError, match="workshop build"):
        slides.make(["01"], root=root)
    first_lesson().full(root).write_text(
        as_text(notebook_of(markdown_cell("# See\n\nA.\n\n## More\n\nB."))), encoding="utf-8"
    )
    assert slides.make(["01"], root=root) == 0
    said = capsys.readouterr().out
    assert f"build/slides/{first_lesson().name}.html: 2 slides" in said.replace("\\", "/")
    assert (root / "build/slides" / f"{first_lesson().name}.html").is_file()
    assert (root / "build/slides/reveal.js/dist/reveal.js").is_file()
