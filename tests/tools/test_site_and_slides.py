"""What is made of a notebook for the site and for slides; a browser looks at the pages."""

import json
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from PIL import Image
from tiny_course import ALT, code_cell, markdown_cell, notebook_of, picture, stream

from workshop_tools import explorer, formulas, pages, site, slides
from workshop_tools.repository_url import Slug
from workshop_utils.learning.lessons import CourseError

HERE = PurePosixPath("notebooks/01_rnn_intuition")
SLUG = Slug("owner/name", "main")
PAGES = {"README", "docs/glossary", "notebooks/02_long_term_dependencies"}


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("../docs/glossary.md#gate", "../docs/glossary.md#gate"),
        ("02_long_term_dependencies.ipynb#Who-wins?", "02_long_term_dependencies.ipynb#who-wins"),
        ("../LICENSE", "https://github.com/owner/name/blob/main/LICENSE"),
        ("#part", "#part"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_links_lead_to_pages_or_to_the_repository_and_badges_become_words(link, expected):
    assert site.with_links(f"[a]({link})", HERE, SLUG, PAGES) == f"[a]({expected})"
    badge = f"[![a](https://example.org/x.svg)]({link})"
    assert site.with_links(badge, HERE, SLUG, PAGES) == f"[a]({expected})"


def test_a_page_hides_what_it_must_and_describes_its_pictures():
    html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<p>$x_1$</p>"}}
    notebook = notebook_of(
        markdown_cell("# T"),
        markdown_cell("For teachers.", ["instructor"]),
        code_cell("show()", [*picture(), html]),
        code_cell("f.use(f)", [stream(f"Not attempted yet. {site.ELSEWHERE[0]}")]),
        code_cell("x = 1", tags=["solution"]),
        code_cell("check(a)", tags=["test"]),
    )
    cells = site.shown(notebook, HERE, SLUG, PAGES)["cells"]
    assert "teachers" not in json.dumps(cells)
    assert cells[1]["metadata"]["mystnb"]["image"]["alt"] == ALT
    assert "<math" in cells[1]["outputs"][-1]["data"]["text/html"]
    assert "in Colab" in cells[2]["outputs"][0]["text"]
    assert [cell["metadata"]["tags"] for cell in cells[3:]] == [["hide-cell"], ["hide-cell"]]
    assert cells[3]["metadata"]["mystnb"]["code_prompt_show"] == "Solution"


def test_code_is_folded_that_sets_up_or_only_draws():
    def folds(source, outputs=(), marks=()):
        notebook = notebook_of(code_cell(source, list(outputs), list(marks)))
        return site.shown(notebook, HERE, SLUG, PAGES)["cells"][0]["metadata"]["tags"]

    assert folds("import numpy", marks=["setup"]) == ["hide-input"]
    assert folds("figures.show(drawing)", picture()) == ["hide-input"]
    for more in ("print(1)", "mine = exercises.one.use(mine)", "model.fit(x)"):
        assert folds(f"{more}\nfigures.show(drawing)", picture()) == []
    assert folds("x = 1") == []


def test_the_readme_shows_the_explorer_as_it_is_now_or_still():
    root = Path(__file__).parents[2]
    shown = (root / "README.md").read_text(encoding="utf-8").partition("make run")[0]
    assert f'media="(prefers-reduced-motion: reduce)" srcset="{explorer.STILL}"' in shown
    assert f'src="{explorer.MOVING}" alt=' in shown
    assert (root / explorer.MOVING).stat().st_size <= 1_500_000
    with Image.open(root / explorer.MOVING) as moving, Image.open(root / explorer.STILL) as still:
        assert moving.size == still.size
        assert moving.n_frames > 20
        # Otherwise its scripts or its data have changed: `workshop film` makes it again.
        assert moving.info["comment"].decode() == explorer.stamp(root)


def test_formulas_become_mathml_and_code_stays():
    made = formulas.with_formulas("a $x &lt; 1$ <code>$HOME is $5</code>")
    assert made.count("<math") == 1
    assert "<code>$HOME is $5</code>" in made
    with pytest.raises(CourseError, match="not known"):
        formulas.as_mathml(r"\nosuchcommand x")


def tagged(text, kind, **more):
    cell = markdown_cell(text, **more)
    cell["metadata"]["slideshow"] = {"slide_type": kind}
    return cell


def test_a_deck_holds_what_is_tagged_and_asks_for_nothing_outside(tmp_path):
    shown = code_cell("show()", picture(), slideshow={"slide_type": "fragment"})
    below = {"text/markdown": "**Figure.** Seen.\n\n<details><summary>D</summary>Told.</details>"}
    shown["outputs"].append({"output_type": "display_data", "metadata": {}, "data": below})
    notebook = notebook_of(
        markdown_cell("# Title\n\nLinks and minutes"),
        tagged("## One idea\n\nIt has $x_1$ and eight words, or a few more.", "slide"),
        shown,
        markdown_cell("Say this aloud.", ["instructor"]),
        markdown_cell("Not on a slide."),
        code_cell("hidden()", tags=["solution"]),
    )
    deck = slides.deck(notebook)
    assert len(slides.slides(deck["cells"])) == 2
    page = slides.page(deck, "01 <Title>")
    for part in ("One idea", "<math", f'alt="{ALT}"', "Say this aloud.", "Reveal.initialize"):
        assert part in page
    assert page.count("Seen.") == 1
    for part in ("Not on a slide", "hidden()", "Links and minutes", "<Title>", ">show", "Told."):
        assert part not in page
    assert 'src="http' not in page
    assert 'href="http' not in page.replace('href="https://example', "")


def test_an_executed_copy_has_alt_texts_and_links_to_pages():
    source = "[a](02_x.ipynb#b) [b](../docs/glossary.md) [c](../README.md)"
    html = pages.notebook_page(notebook_of(markdown_cell(source), code_cell("x", picture())), "T")
    assert f'alt="{ALT}"' in html
    for target in ("02_x.html#b", "../../docs/glossary.md", "report.html"):
        assert f'href="{target}"' in html


def test_links_to_the_internet_are_sphinxs_own_check(monkeypatch, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.workshop]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    called = []

    def run(command, **_):
        called.extend(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(site.subprocess, "run", run)
    assert site.build(links=True) == 0
    assert called[called.index("--builder") + 1] == "linkcheck"
    assert called[-2:] == [str(tmp_path), str(tmp_path / "build" / "links")]
