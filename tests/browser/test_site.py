"""The web site in a real browser: each page is whole, needs nothing from outside, and can be used.

The site is built as `make site` builds it, and served on loopback. The browser finds no
other host, and whatever asks for one is noted.
"""

import http.server
import re
import threading
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lab_page import alts

from workshop_tools import site as room
from workshop_tools.editions import read_notebook
from workshop_tools.lesson_files import full_path, title_of
from workshop_tools.repository_url import read_slug
from workshop_utils.lessons import EVERY

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[2]
SITE = REPOSITORY / "build" / "site"
PRESENT = [lesson for lesson in EVERY if full_path(lesson, REPOSITORY).is_file()]
PAGES = ["README.html", "docs/glossary.html", "docs/reference.html", "docs/house.html"]
PAGES += ["colab/INSTRUCTOR.html", "search.html"]
WIDE, PHONE, HIGH = 1300, 390, 900  # pixels of a window
# Texts that a reader sees, without code, in which a dollar sign is only a dollar sign.
PROSE = """() => {
    const found = [], article = document.querySelector("article");
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
        if (!walker.currentNode.parentElement.closest("code, pre, script, style, math"))
            found.push(walker.currentNode.data);
    return found.join("");
}"""
PICTURES = """() => [...document.querySelectorAll("article img")].map(each =>
    ({alt: each.alt, loaded: each.complete && each.naturalWidth > 0}))"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def site():
    pytest.importorskip("sphinx_book_theme")
    assert room.build() == 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def page_of(lesson):
    return full_path(lesson, REPOSITORY).relative_to(REPOSITORY).with_suffix(".html").as_posix()


@contextmanager
def visiting(browser, site):
    """Give a function that opens a page in a window of some width; at the end all must be well."""
    contexts, problems = [], []

    def asked(request):
        if not request.url.startswith((site, "data:", "blob:")):
            problems.append(f"asked for from outside: {request.url}")

    def answered(response):
        if response.status >= 400:
            problems.append(f"{response.status}: {response.url}")

    def open_page(path, width=WIDE, **options):
        context = browser.new_context(viewport={"width": width, "height": HIGH}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", asked)
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on("response", answered)
        page.goto(site + path, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
def visit(browser_alone, site):
    with visiting(browser_alone, site) as open_page:
        yield open_page


def assert_whole(page):
    """Everything that a reader looks for on a page is there, and it fits a phone."""
    for picture in page.evaluate(PICTURES):
        assert picture["loaded"], picture
        assert picture["alt"], picture
    assert re.findall(r"\$[^$\s][^$\n]*\$|\\[(\[][a-z]", page.evaluate(PROSE)) == []
    assert page.locator("article h1").count() == 1
    page.set_viewport_size({"width": PHONE, "height": HIGH})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("path", PAGES[:-1])
def test_a_page_is_whole(visit, path):
    assert_whole(visit(path))


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.number)
def test_a_notebook_is_whole_and_leads_to_colab(visit, lesson):
    page = visit(page_of(lesson))
    cells = read_notebook(full_path(lesson, REPOSITORY))
    # Sphinx sets a typographic apostrophe.
    shown = page.locator("article h1").inner_text().replace("\u2019", "'")
    assert title_of(lesson, REPOSITORY) in shown
    described = [picture["alt"] for picture in page.evaluate(PICTURES)]
    assert set(alts(cells)) <= set(described)
    assert "For the instructor" not in page.locator("article").inner_text()
    page.locator(".dropdown-launch-buttons button").click()
    link = page.locator(".dropdown-launch-buttons a", has_text="Colab")
    assert link.get_attribute("href") == read_slug(REPOSITORY).colab(lesson)
    page.keyboard.press("Escape")
    assert_whole(page)


def test_solutions_are_closed_and_open(visit):
    page = visit(page_of(PRESENT[0]))
    closed = page.locator("details.hide").first
    code = closed.locator("pre").first
    assert not code.is_visible()
    closed.locator("summary").click()
    assert code.is_visible()


def test_the_contents_lead_to_each_notebook_and_the_search_finds_a_word(visit):
    page = visit("README.html")
    contents = page.locator("nav.bd-links")
    for lesson in PRESENT:
        title = title_of(lesson, REPOSITORY).replace("'", "\u2019")  # as Sphinx sets it
        contents.get_by_text(title).first.wait_for()
    page = visit("search.html?q=forget+gate")
    page.locator("#search-results a").first.wait_for()


def test_the_theme_follows_the_reader(visit):
    page = visit(page_of(PRESENT[0]), color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


class Anchors(HTMLParser):
    """The places of a page that can be linked to, and what its links and scripts name."""

    def __init__(self):
        super().__init__()
        self.ids, self.links = set(), set()

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.ids |= {named["id"]} if named.get("id") else set()
        if tag == "a" and named.get("href"):
            self.links.add(named["href"])


def test_every_link_inside_the_site_leads_to_a_place_that_is_there(site):
    pages = {}
    for path in SITE.rglob("*.html"):
        if "_static" not in path.parts and "_modules" not in path.parts:
            pages[path.relative_to(SITE).as_posix()] = page = Anchors()
            page.feed(path.read_text(encoding="utf-8"))
    missing = []
    for path, page in pages.items():
        for link in page.links:
            target, anchor = urldefrag(urljoin(site + path, link))
            name = unquote(urlsplit(target).path).lstrip("/")
            if not target.startswith(site):
                continue
            ids = pages[name].ids if anchor and name in pages else {unquote(anchor)}
            if not (SITE / name).is_file() or unquote(anchor) not in ids:
                missing.append((path, link))
    assert missing == []
