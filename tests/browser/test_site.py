"""The web site in a real browser: each page is whole, needs nothing from outside, and can be used.

The site is built as `make site` builds it, and served on loopback. The browser finds no
other host, and whatever asks for one is noted.
"""

import http.server
import os
import re
import threading
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lab_page import alts, descriptions, look

from workshop_tools import site as room
from workshop_tools.editions import read_notebook
from workshop_tools.lesson_files import full_path, title_of
from workshop_tools.repository_url import read_slug
from workshop_utils.learning.lessons import EVERY

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[2]
SITE = REPOSITORY / "build" / "site"
PRESENT = [lesson for lesson in EVERY if full_path(lesson, REPOSITORY).is_file()]
PAGES = ["README.html", "docs/glossary.html", "docs/reference.html", "docs/house.html"]
PAGES += ["colab/INSTRUCTOR.html", "search.html"]
WIDE = 1300
PHONE = 390
HIGH = 900  # pixels of a window


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
    contexts = []
    problems = []

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
    for picture in look(page, "pictures()"):
        assert picture["loaded"], picture
        assert picture["alt"], picture
    assert re.findall(r"\$[^$\s][^$\n]*\$|\\[(\[][a-z]", look(page, "prose()")) == []
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
    pictures = look(page, "pictures()")
    assert set(alts(cells)) <= {picture["alt"] for picture in pictures}
    assert "For the instructor" not in page.locator("article").inner_text()
    link = page.locator("article a", has_text=f"Open {lesson.number} in Colab").first
    assert link.get_attribute("href") == read_slug(REPOSITORY).colab(lesson)
    told = descriptions(page)
    live = page.locator(".lstm-workshop-live").count()
    hidden = {picture["alt"] for picture in pictures if picture["hidden"]}
    assert len(hidden) == live
    assert ("Live drawing" in told) == (live > 0)
    for alt in set(alts(cells)) - hidden:
        assert len(told[alt]) > 40, alt
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


def test_figures_keep_their_white_paper_and_their_colours_in_the_dark(visit):
    page = visit(page_of(PRESENT[0]), color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    looks = page.locator("article img, .lstm-workshop-live").evaluate_all(
        "all => all.map(getComputedStyle).map(one => [one.backgroundColor, one.filter])"
    )
    assert set(map(tuple, looks)) == {("rgb(255, 255, 255)", "none")}
    # Neither a quiz nor what a drawing has left lies on a paper of its own.
    papers = page.locator("article .text_html").evaluate_all(
        "all => all.map(one => getComputedStyle(one).backgroundColor)"
    )
    assert set(papers) == {"rgba(0, 0, 0, 0)"}


def test_the_first_page_opens_with_the_living_explorer_and_three_ways_in(visit):
    page = visit("README.html", 1280)
    page.set_viewport_size({"width": 1280, "height": 720})
    slider = page.get_by_role("slider", name="forget gate, added to its bias")
    assert slider.bounding_box()["y"] < 720
    equations = page.get_by_role("group", name="Equations of this step")
    before = equations.inner_text()
    slider.press("End")
    assert equations.inner_text() != before
    assert len(descriptions(page)["Live drawing"]) > 100
    links = page.locator(".buttons a").evaluate_all("all => all.map(a => [a.innerText, a.href])")
    assert [words for words, _ in links] == ["Try it here", "Read", "Open in Colab"]
    slug = read_slug(REPOSITORY)
    assert f"/{slug.repository}/{slug.ref}?" in links[0][1]
    assert links[1][1].endswith(page_of(PRESENT[0]))
    assert links[2][1] == slug.colab(PRESENT[0])


def test_a_picture_can_be_enlarged_on_a_phone(visit):
    page = visit(page_of(PRESENT[3]), PHONE)
    picture = page.locator(".zoomed-view img").first
    small = picture.bounding_box()["width"]
    whole = picture.evaluate("one => one.naturalWidth / 2")
    page.get_by_role("button", name="Enlarge the picture").first.click()
    assert small < PHONE < picture.bounding_box()["width"] == whole
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.get_by_role("button", name="Show the whole picture").click()
    assert picture.bounding_box()["width"] == small


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["README.html", page_of(PRESENT[0]), page_of(PRESENT[2]), "docs/glossary.html"]
)
def test_axe_finds_nothing_that_keeps_a_reader_out(visit, path, scheme):
    # It is in the lock, so that it is missing only where somebody left it out.
    if os.environ.get("CI") != "true":
        pytest.importorskip("axe_playwright_python", reason="no axe here (the extra dev has it)")
    from axe_playwright_python.sync_playwright import Axe

    page = visit(path, color_scheme=scheme)
    # A colour that is still changing has the contrast of neither scheme.
    page.evaluate(
        "document.getAnimations().filter(one => one instanceof CSSTransition)"
        ".forEach(one => one.finish())"
    )
    options = {"preload": False}  # it would ask for style sheets where there are none
    found = Axe().run(page, options=options).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    said = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in grave]
    assert said == []


class Anchors(HTMLParser):
    """The places of a page that can be linked to, and what its links and scripts name."""

    def __init__(self):
        super().__init__()
        self.ids = set()
        self.links = set()

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
