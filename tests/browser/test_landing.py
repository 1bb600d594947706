"""The first page of the site in a real browser: from a plain folder, in the dark, on a phone."""

import os
import shutil
from pathlib import Path

import pytest

from workshop_tools import landing

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
VERDICT = ".verdict"
FIELD = "Your sentence"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The page, written into a folder whose name needs quoting, with what else it names."""
    folder = tmp_path_factory.mktemp("sub path") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path_factory.mktemp("artifacts")))
        landing.write(ROOT, folder)
    shutil.copy(ROOT / "docs" / "_static" / "logo.svg", folder / "_static")
    return folder


def visit(browser, site, **options):
    page = browser.new_page(viewport={"width": 1366, "height": 900}, **options)
    page.problems = []
    page.asked = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    return page


def test_a_visitors_sentence_is_read_from_a_plain_folder(browser, site):
    page = visit(browser, site)
    assert not [url for url in page.asked if url.endswith(landing.MODEL.name)]  # not before a key
    before = page.locator(VERDICT).inner_text()
    page.get_by_label(FIELD).fill("I think Rubio won the debate tonight")
    changed = "([place, before]) => document.querySelector(place).innerText !== before"
    page.wait_for_function(changed, arg=[VERDICT, before])
    assert {url.partition(":")[0] for url in page.asked} <= {"file", "data"}
    assert page.problems == []
    page.close()


def test_the_first_paint_comes_within_a_second_and_a_half(browser, site):
    page = visit(browser, site)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    took = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"first paint {took:.0f} ms")
    assert took < 1500
    page.close()


def test_without_scripts_the_picture_and_its_text_stand_there(browser, site):
    page = visit(browser, site, java_script_enabled=False)
    assert page.locator(".reader > img").is_visible()
    assert "threshold" in page.locator(".reader noscript").inner_text()
    page.close()


def test_three_ways_in_and_six_questions(browser, site):
    page = visit(browser, site)
    assert page.locator(".ways a").count() == 3
    pages = page.locator(".path a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert [path[:12] for path in pages] == [f"notebooks/0{k}" for k in range(1, 7)]
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_that_keeps_a_visitor_out(browser, site, scheme):
    if os.environ.get("CI") != "true":
        pytest.importorskip("axe_playwright_python", reason="no axe here (the extra dev has it)")
    from axe_playwright_python.sync_playwright import Axe

    page = visit(browser, site, color_scheme=scheme)
    found = Axe().run(page, options={"preload": False}).response["violations"]
    grave = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
    assert grave == []
    page.close()
