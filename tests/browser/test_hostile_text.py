"""Hostile texts go through everything that makes HTML: no script runs, no element is made."""

import ipywidgets
import pandas as pd
import pytest
from tiny_course import code_cell, markdown_cell, notebook_of, picture, stream

from workshop_tools.execute import Execution
from workshop_tools.pages import notebook_page
from workshop_tools.report import make_report, notebook_run, report_page
from workshop_tools.tweets_at_hand import Finding
from workshop_utils.figures.drawing import caption_markdown
from workshop_utils.figures.live import page as live_page
from workshop_utils.learning import quizzes
from workshop_utils.learning.quizzes.panel import build

pytestmark = pytest.mark.browser

RUN = "window.hostile=1"
HOSTILE = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"<!-- <script>{RUN} -->",
    "<!-- <script ",
    f'<img class="hostile" src="x:" onerror="{RUN}">',
    f'" onmouseover="{RUN}" onfocus="{RUN}" autofocus class="hostile',
    f"' onload='{RUN}' class='hostile",
    f'</pre></td></table></title></style></textarea><svg class="hostile" onload="{RUN}">',
    f'<iframe class="hostile" srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'[a link](javascript:{RUN}) <a class="hostile" href="javascript:{RUN}">x</a>',
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;b class=hostile&#62;",
    '<b class="hostile">bold</b> <x-hostile>made</x-hostile> <style class="hostile">',
    "${" + RUN + "} {{" + RUN + "}} $$\\href{javascript:" + RUN + "}{x}$$",
    "\u202e<b class=hostile>\u202c\x00<\x00b class=hostile>",
)
MADE = ".hostile, x-hostile, [onerror], [onload], [onmouseover], [onfocus], [autofocus], [srcdoc]"
EVERYTHING = " ".join(HOSTILE)
FRAME = "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{}<p id='end'>e</p></body>"


def as_report(text):
    bad = Execution(notebook_of(code_cell(text)), 1.0, {1: 1.0}, failed_cell=1, failure=text)
    claim = {"kind": "claim", "cell": 1, "outcome": "fails", "sentence": text}
    more = {"parameters": {text: text}, "reported_only": True}
    entry = {**notebook_run(text, bad, [claim]), **more}
    report = make_report(Finding("real", text), [entry])
    report["machine"][text] = text
    return report_page({**report, "comparison": [text]})


def as_notebook(text):
    shown, described = picture(alt=text)
    described["data"]["text/markdown"] = caption_markdown(text, text)
    cells = [
        markdown_cell("# A notebook"),
        code_cell(f"print({text!r})", [stream(text), stream(text, "stderr")]),
        code_cell("show()", [shown, described]),
    ]
    return notebook_page(notebook_of(*cells), "Title")


def as_player(text):
    words = ["text", 1, 1, text, 12, text, 0, text]
    film = {
        "caption": text,
        "shown": [1, 1],
        "size": [2, 2],
        "frames": [[words]],
        "milliseconds": 9,
        "middles": [1],
        "title": text,
    }
    return FRAME.format(
        live_page("player", ["pieces", "player"], {**film, "names": [text], "notes": [text]})
    )


def as_explorer(text):
    cell = {"kernel": [[0.0] * 4], "recurrent": [[0.0] * 4], "bias": [0.0] * 4}
    data = {
        "cell": cell,
        "start": {"x": [0], "h": [0], "c": [0]},
        "features": [text],
        "units": [text],
        "tries": {text: {}},
        "fills": {},
        "pieces": [["text", 1, 1, text, 12, text, 0, text]],
        "height": 2,
        "view": [0, 0, 2, 2],
        "caption": text,
        "shown": [1, 1],
    }
    return FRAME.format(live_page("explorer", ["pieces", "explorer"], data))


def as_batch(text):
    step = {"name": text, "pattern": "a", "flags": "gu", "replacement": text, "needs": ""}
    data = {
        "rows": [[text, [text]], [text, [text]]],
        "tweet": f"a {text}",
        "steps": [step],
        "places": 2,
        "title": text,
        "look": {"--rows": 2, "--places": 2},
        "caption": text,
        "shown": [1, 1],
    }
    return FRAME.format(live_page("batch", ["sentiment", "batch"], data, [text]))


def as_quiz(text):
    options = (quizzes.Option("A", text, False, text), quizzes.Option("B", text, True, text))
    quiz = (quizzes.Question(1, text, options),)
    asked, first, *_, explanation = build(ipywidgets, quiz, "hostile").children[1].children
    first.click()
    widget = asked.value + explanation.value
    return FRAME.format(quizzes.as_html(quiz) + widget)


def as_table(text):
    return FRAME.format(pd.DataFrame({"text": [text], "label": ["negative"]})._repr_html_())


def look(page, html):
    """Show a page, touch everything in it, and return what went wrong."""
    page.set_content(html, wait_until="domcontentloaded")
    page.evaluate(
        """for (const each of document.querySelectorAll("*"))
               for (const kind of ["mouseover", "focus", "load", "error"])
                   each.dispatchEvent(new Event(kind))"""
    )
    page.wait_for_timeout(50)
    return {
        "ran": page.evaluate("window.hostile === undefined ? null : window.hostile"),
        "made": page.evaluate(
            f"[...document.querySelectorAll({MADE!r})].map(each => each.outerHTML.slice(0, 90))"
        ),
        "links": page.evaluate(
            "[...document.querySelectorAll('[href]')].map(each => each.getAttribute('href'))"
            ".filter(each => /^\\s*javascript:/i.test(each))"
        ),
    }


CLEAN = {"ran": None, "made": [], "links": []}


@pytest.mark.parametrize("text", [*HOSTILE, EVERYTHING], ids=range(len(HOSTILE) + 1))
@pytest.mark.parametrize("shown", [as_report, as_player, as_explorer, as_batch, as_quiz, as_table])
def test_a_hostile_text_is_only_text(page, shown, text):
    assert look(page, shown(text)) == CLEAN


@pytest.mark.parametrize("text", [*HOSTILE, EVERYTHING], ids=range(len(HOSTILE) + 1))
def test_a_hostile_text_in_a_notebook_is_only_text(page, text):
    assert look(page, as_notebook(text)) == CLEAN


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_follows_a_hostile_text_is_still_there(page, text):
    for shown in (as_player, as_explorer, as_batch, as_quiz, as_table):
        page.set_content(shown(text), wait_until="domcontentloaded")
        assert page.evaluate("document.getElementById('end')?.textContent") == "e", shown.__name__


def test_the_test_would_notice(page):
    for text in (HOSTILE[0], HOSTILE[3]):
        assert look(page, FRAME.format(text)) != CLEAN
