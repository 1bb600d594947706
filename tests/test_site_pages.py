"""A notebook, a Markdown file and the package's docstrings as pages of the web site."""

import re
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest
from tiny_course import code_cell, first_lesson, markdown_cell, notebook_of, picture, stream
from workshop_tools.site.pages import Places, markdown_page, notebook_page

from workshop_tools.repository_url import Slug, read_slug
from workshop_tools.site import api, formulas, hooks
from workshop_utils.lessons import LESSONS, CourseError
from workshop_utils.quizzes import Option, Question, as_html

ROOT = Path(__file__).resolve().parents[1]
SLUG = Slug("owner/name", "v1")
NOTEBOOK = PurePosixPath("notebooks/01_rnn_intuition.ipynb")
GLOSSARY = PurePosixPath("docs/glossary.md")


@pytest.fixture
def places(tmp_path):
    """A repository in which the licence and the README have no page of their own."""
    (tmp_path / "LICENSE").write_text("MIT")
    (tmp_path / "README.md").write_text("# Read me")
    pages = {
        NOTEBOOK: NOTEBOOK,
        PurePosixPath("notebooks/02_long_term_dependencies.ipynb"): PurePosixPath(
            "notebooks/02_long_term_dependencies.ipynb"
        ),
        GLOSSARY: PurePosixPath("glossary.md"),
        PurePosixPath("docs/cover.png"): PurePosixPath("cover.png"),
        PurePosixPath("README.md"): PurePosixPath("index.md"),
    }
    return Places(tmp_path, SLUG, pages)


@pytest.fixture
def made(places):
    """Make the page of a notebook with these cells, and return its cells."""
    return lambda *cells: notebook_page(first_lesson(), notebook_of(*cells), places)["cells"]


# --- links ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "link", "leads_to"),
    [
        (NOTEBOOK, "02_long_term_dependencies.ipynb#x", "02_long_term_dependencies.ipynb#x"),
        (NOTEBOOK, "../docs/glossary.md#gate", "../glossary.md#gate"),
        # Headings have other names in JupyterLab and Colab.
        (GLOSSARY, "../notebooks/01_rnn_intuition.ipynb#Who-wins,-b'%3F", f"{NOTEBOOK}#who-wins-b"),
        (NOTEBOOK, "#Set-up", "#set-up"),
        (NOTEBOOK, "../README.md", "../index.md"),
        # The index has not the README's headings.
        (NOTEBOOK, "../README.md#in-colab", f"{SLUG.home}/blob/v1/README.md#in-colab"),
        (NOTEBOOK, "../LICENSE", f"{SLUG.home}/blob/v1/LICENSE"),
        (GLOSSARY, "../notebooks/01_rnn_intuition.ipynb", "notebooks/01_rnn_intuition.ipynb"),
        (GLOSSARY, "cover.png", "cover.png"),
        (GLOSSARY, "#gate", "#gate"),
        (GLOSSARY, "https://example.org/a.md", "https://example.org/a.md"),
        (GLOSSARY, "mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_to_the_page_or_to_the_repository(places, here, link, leads_to):
    text = 'Read [this]({0}), ![that]({0} "a title") and [more].\n\n[more]: {0}\n'
    text, expected = text.format(link), text.format(leads_to)
    assert markdown_page(text, here, places) == expected


def test_a_link_that_leads_nowhere_is_an_error(places):
    with pytest.raises(CourseError, match=r"docs/glossary.md links to missing.md, but there is no"):
        markdown_page("[x](missing.md)", GLOSSARY, places)


def test_a_badge_from_outside_becomes_a_plain_link(places):
    text = f"[Index](../README.md) · {SLUG.badge(first_lesson())}"
    expected = f"[Index](../index.md) · [Open 01 in Colab]({SLUG.colab(first_lesson())})"
    assert markdown_page(text, NOTEBOOK, places) == expected


def test_the_line_that_opens_a_hint_has_its_formulas(places):
    text = "<details><summary>Only $U$ grows.</summary>\n\nSee $U$.\n\n</details>"
    shown = markdown_page(text, NOTEBOOK, places)
    assert shown.startswith("<details><summary>Only <math")
    assert shown.endswith("</math> grows.</summary>\n\nSee $U$.\n\n</details>")


def test_links_in_a_notebook_count_from_its_folder(made):
    (cell,) = made(markdown_cell("[g](../docs/glossary.md)"))
    assert cell["source"] == "[g](../glossary.md)"


# --- cells ------------------------------------------------------------------------------


def test_cells_for_instructors_are_left_out(made):
    cells = made(markdown_cell("Kept."), markdown_cell("Not kept.", tags=["instructor"]))
    assert [cell["source"] for cell in cells] == ["Kept."]


def test_a_solution_is_closed_until_somebody_opens_it(made):
    plain, solution = made(code_cell("1"), code_cell("2", [stream("2")], tags=["solution"]))
    assert plain["metadata"] == {"tags": [], "mystnb": {}}
    assert solution["metadata"]["tags"] == ["hide-cell"]
    assert solution["metadata"]["mystnb"]["code_prompt_show"] == "Show a solution"
    assert solution["outputs"] == [stream("2")]


def test_each_picture_has_its_description_and_a_free_height(made):
    shown = picture(alt='The "first" & only.')
    shown[0]["metadata"]["image/png"]["height"] = 4
    (cell,) = made(code_cell("show()", shown))
    assert cell["metadata"]["mystnb"] == {"image": {"alt": 'The "first" & only.'}}
    assert cell["outputs"][0]["metadata"]["image/png"] == {"alt": 'The "first" & only.', "width": 4}
    assert cell["outputs"][1] == shown[1]


def test_several_pictures_of_a_cell_are_described_one_by_one(made):
    outputs = [stream("before"), *picture("The first."), *picture("The second."), stream("after")]
    first, second = made(code_cell("show()", outputs, tags=["solution"]))
    assert first["metadata"]["mystnb"]["image"] == {"alt": "The first."}
    assert second["metadata"]["mystnb"]["image"] == {"alt": "The second."}
    assert (first["source"], second["source"]) == ("show()", "")
    assert second["metadata"]["tags"] == ["hide-cell", "remove-input"]
    assert first["id"] != second["id"]
    texts = [output.get("text") for output in first["outputs"] + second["outputs"]]
    assert texts == ["before", None, None, None, None, "after"]


def test_a_picture_without_a_description_is_an_error(made):
    shown = picture()
    shown[0]["metadata"] = {}
    with pytest.raises(CourseError, match="no description in its metadata: Figure: a square"):
        made(code_cell("show()", shown))


def test_a_progress_bar_that_stands_still_is_left_out(made):
    bar = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/plain": "epoch 1/10:   0%|          | 0/106 [00:00<?, ?batch/s]"},
    }
    said = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "100% right"}}
    (cell,) = made(code_cell("fit()", [bar, said, stream("accuracy 0.8")]))
    assert cell["outputs"] == [said, stream("accuracy 0.8")]


def test_the_description_of_a_page_is_its_first_paragraph(places):
    text = (
        "## What you will do\n\nYou **read** a\n[paper](https://example.org), with $h_t$.\n\nMore."
    )
    page = notebook_page(first_lesson(), notebook_of(markdown_cell(text)), places)
    about = page["metadata"]["myst"]["html_meta"]
    assert about == {"description": "You read a paper, with h_t."}


def test_the_given_notebook_is_not_changed(places):
    shown = picture()
    shown[0]["metadata"]["image/png"]["height"] = 4
    notebook = notebook_of(markdown_cell("[i](../README.md)"), code_cell("x", shown))
    before = repr(notebook)
    notebook_page(first_lesson(), notebook, places)
    assert repr(notebook) == before


# --- formulas ---------------------------------------------------------------------------


def test_a_formula_is_mathml():
    pytest.importorskip("latex2mathml")
    inside = formulas.as_mathml(r"h_t = \tanh(C_t)")
    assert inside.startswith("<math")
    assert 'display="inline"' in inside
    assert 'display="block"' in formulas.as_mathml(r"f_1 \odot \dots \odot f_T", block=True)


@pytest.mark.parametrize("tex", [r"\tilde{C}_t", r"{\tilde C}_t", r"\tilde C_t"])
def test_an_index_stands_beside_a_letter_with_an_accent(tex):
    pytest.importorskip("latex2mathml")
    shown = re.sub(r"</?(mrow|math)[^>]*>", "", formulas.as_mathml(tex))
    letter = '<mover><mi>C</mi><mo stretchy="false">&#x0007E;</mo></mover>'
    assert shown == f"<msub>{letter}<mi>t</mi></msub>"


def test_a_prime_belongs_to_its_letter():
    pytest.importorskip("latex2mathml")
    shown = "<msubsup><mi>b</mi><mi>h</mi><mi>&#x02032;</mi></msubsup>"
    assert shown in formulas.as_mathml("b'_h")


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        (r"\unknown x", r"\\unknown is not known"),
        (r"\left( x", "ExtraLeftOrMissingRightError"),
        (r"a & b", "ParseError"),
    ],
)
def test_a_formula_that_cannot_be_shown_is_an_error(tex, why):
    pytest.importorskip("latex2mathml")
    with pytest.raises(CourseError, match=rf"\({why}\)\. Write it another way"):
        formulas.as_mathml(tex)


def test_every_formula_of_the_texts_and_the_quizzes_can_be_shown():
    pytest.importorskip("latex2mathml")
    found = 0
    patterns = ("notebooks/text/*.md", "docs/*.md", "colab/*.md", "workshop_utils/quizzes/*.toml")
    for path in (path for pattern in patterns for path in ROOT.glob(pattern)):
        text = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.S)
        for block, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", text, flags=re.S):
            formulas.as_mathml(block or inline, block=bool(block))
            found += 1
    assert found > 200


def test_a_quiz_keeps_its_words_and_its_code():
    pytest.importorskip("latex2mathml")
    asked = "Is `a$b$c` $h_t < 1$ or $5 and $6?"
    quiz = (Question(1, asked, (Option("A", "$x$", True, "Yes. $x$"),)),)
    page = formulas.with_formulas(as_html(quiz))
    assert "<code>a$b$c</code>" in page
    assert page.count("<math") == 3
    assert "<mo>&#x0003C;</mo>" in page
    assert re.sub(r"<[^>]+>", "", page.split("</math>")[1]).startswith(" or $5 and $6?")


def test_a_script_keeps_its_dollars():
    page = "<p>$x$</p><script>const a = `${b}`, c = '$d$';</script><pre>$e$</pre><p>f</p>"
    shown = formulas.with_formulas(page)
    assert shown.endswith("</p><script>const a = `${b}`, c = '$d$';</script><pre>$e$</pre><p>f</p>")
    assert "$x$" not in shown


def test_an_output_gets_its_formulas(made):
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": ["<p>$", "x$"]}}
    (cell,) = made(code_cell("show()", [output]))
    assert cell["outputs"][0]["data"]["text/html"].startswith("<p><math")


# --- the reference ----------------------------------------------------------------------


@pytest.fixture
def package(tmp_path):
    """A package with a module, a room that exports names, and a room of modules."""
    files = {
        "__init__.py": '"""All."""',
        "course.py": '"""Not for readers."""',
        "cells/__init__.py": '"""Cells.\n\nMore."""\n__all__ = ["Cell"]',
        "cells/lstm.py": "class Cell: ...",
        "storage.py": '"""Where files\nare kept."""\n__all__ = ["Cell"]',
        "studies/__init__.py": '"""Studies."""',
        "studies/runner.py": '"""Runs."""',
        "studies/_private.py": '"""Hidden."""',
    }
    for name, text in files.items():
        path = tmp_path / "workshop_utils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_each_room_has_a_page_in_the_list(package):
    pages = {str(path): text for path, text in api.api_pages(package).items()}
    names = ["cells", "index", "storage", "studies"]
    assert sorted(pages) == [f"api/{name}.rst" for name in names]
    index = pages["api/index.rst"]
    assert "   * - :doc:`storage <storage>`\n     - Where files are kept.\n" in index
    assert index.endswith("   cells <cells>\n   storage <storage>\n   studies <studies>\n")


def test_a_room_shows_what_it_exports_or_its_modules(package):
    pages = {path.stem: text for path, text in api.api_pages(package).items()}
    assert ":imported-members:" in pages["cells"]
    assert pages["cells"].count("automodule") == 1
    # It passes on what another room documents.
    assert ":imported-members:" not in pages["storage"]
    assert ":ignore-module-all:" in pages["storage"]
    assert ".. automodule:: workshop_utils.experiments.runner\n" in pages["studies"]
    assert "_private" not in pages["studies"]


def test_no_name_is_documented_in_two_rooms():
    import importlib

    seen = {}
    for room in api.rooms(ROOT):
        module = importlib.import_module(f"workshop_utils.{room}")
        if not hasattr(module, "__path__"):
            continue
        for name in getattr(module, "__all__", ()):
            origin = getattr(getattr(module, name), "__module__", None)
            if isinstance(origin, str) and origin.startswith("workshop_utils."):
                assert origin.split(".")[1] == room, f"{room} passes {name} on"
                assert seen.setdefault((origin, name), room) == room


def test_every_room_of_the_package_is_there_but_the_course():
    rooms = set(api.rooms(ROOT))
    assert {"cells", "figures", "storage", "text", "training"} <= rooms
    assert "course" not in rooms


# --- hooks ------------------------------------------------------------------------------


def test_a_table_in_a_docstring_becomes_a_table():
    lines = ["Before.", "", "| name | job |", "|---|---|", "| ``a`` | adds |", "", "After | it."]
    hooks.write_tables(None, "module", "x", None, None, lines)
    assert lines[:4] == ["Before.", "", ".. list-table::", "   :header-rows: 1"]
    assert lines[5:9] == ["   * - name", "     - job", "   * - ``a``", "     - adds"]
    assert lines[-1] == "After | it."
    assert not any("---" in line for line in lines)


def test_a_docstring_without_a_table_stays_as_it_is():
    lines = ["| one bar", "    | indented | row |", ""]
    hooks.write_tables(None, "module", "x", None, None, lines)
    assert lines == ["| one bar", "    | indented | row |", ""]


def test_types_of_numpy_keep_their_names():
    pytest.importorskip("sphinx")
    import numpy as np
    import numpy.typing as npt
    from sphinx.util.typing import stringify_annotation

    def shown(annotation):
        written = stringify_annotation(annotation, "smart")
        return hooks.shorten_types(None, "function", "f", None, None, f"(x: {written})", written)

    given, returned = shown(npt.ArrayLike | None)
    assert (given, returned) == (
        "(x: ~numpy.typing.ArrayLike | None)",
        "~numpy.typing.ArrayLike | None",
    )
    assert shown(npt.DTypeLike)[1].startswith("~numpy.typing.DTypeLike")
    assert shown(dict[str, npt.NDArray[np.float64]])[1] == (
        "dict[str, ~numpy.typing.NDArray[~numpy.float64]]"
    )
    assert hooks.shorten_types(None, "class", "f", None, None, None, None) == (None, None)


@pytest.mark.parametrize(
    ("module", "name", "begins"),
    [
        ("cells", "LSTMCell", "class LSTMCell"),
        ("cells", "LSTMCell.step", "    def step("),
        ("evaluation", "Scores", "@dataclass"),
        ("text", "clean", "def clean("),
    ],
)
def test_the_source_is_a_link_to_its_lines(module, name, begins):
    address = hooks.source_of("py", {"module": f"workshop_utils.{module}", "fullname": name})
    page, first, last = re.fullmatch(r"(.+)#L(\d+)-L(\d+)", address).groups()
    path = page.removeprefix(read_slug(ROOT).file(PurePosixPath(".")).removesuffix("."))
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(first) - 1 : int(last)]
    assert any(line.startswith(begins) for line in lines[:4])


@pytest.mark.parametrize("name", ["COLUMNS", "no_such_name"])
def test_what_has_no_lines_has_no_source(name):
    assert hooks.source_of("py", {"module": "workshop_utils.tweets", "fullname": name}) is None


@pytest.mark.parametrize("page", [f"notebooks/{LESSONS[2].name}", "glossary"])
def test_the_colab_button_opens_the_learners_edition(tmp_path, page):
    table = '[tool.workshop]\nrepository = "owner/name"\nref = "v1"\n'
    (tmp_path / "pyproject.toml").write_text(table)
    buttons = [{"text": "Colab", "url": "before"}, {"text": "Binder", "url": "before"}]
    context = {"header_buttons": [{"buttons": buttons}, {"type": "link"}]}
    app = SimpleNamespace(confdir=tmp_path)
    hooks.open_learners_edition(app, page, "page.html", context, None)
    expected = SLUG.colab(LESSONS[2]) if page.startswith("notebooks") else "before"
    assert [button["url"] for button in buttons] == [expected, "before"]
