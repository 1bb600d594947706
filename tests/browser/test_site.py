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
from types import SimpleNamespace
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lab_page import alts
from workshop_tools.site.api import rooms

from workshop_tools.editions import read_notebook
from workshop_tools.repository_url import read_slug
from workshop_tools.site import making
from workshop_utils.lessons import LESSONS

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).parents[2]
SITE = REPOSITORY / "build" / "site"
NOTEBOOKS = [f"notebooks/{lesson.name}.html" for lesson in LESSONS]
DOCS = sorted(
    str(place.with_suffix(".html"))
    for place in set(making.site_places(REPOSITORY).values())
    if place.suffix == ".md"
)
API = [f"api/{name}.html" for name in ("index", *rooms(REPOSITORY))]
MADE_BY_SPHINX = {
    "genindex.html": "Index",
    "py-modindex.html": "Python Module Index",
    "search.html": "Search",
}
FEWEST_WORDS = 4  # of a picture's description
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
    ({alt: each.alt, loaded: each.complete && each.naturalWidth > 0, source: each.src}))"""
SIZES = """() => [...document.querySelectorAll("article img")]
    .filter(each => !each.closest("details:not([open])"))
    .map(each => [each.width, each.height, each.naturalWidth, each.naturalHeight])"""
# A formula in a solution that is closed has no size until it is opened.
FORMULAS = """() => [...document.querySelectorAll("math")].filter(each => {
    const closed = each.closest("details:not([open])"), box = each.getBoundingClientRect();
    return !closed && (box.width === 0 || box.height === 0);
}).map(each => each.textContent)"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def site():
    pytest.importorskip("sphinx_book_theme")
    assert making.build(REPOSITORY) == 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def visiting(browser, site):
    """Give a function that opens a page in a window of some width; at the end all must be well."""
    contexts, problems = [], []

    def asked(request):
        if not request.url.startswith((site, "data:", "blob:")):
            problems.append(f"asked for from outside: {request.url}")

    def note(message):
        if message.type in {"error", "warning"}:
            problems.append(f"console: {message.text}")

    def answered(response):
        if response.status >= 400:
            problems.append(f"{response.status}: {response.url}")

    def open_page(path, width=WIDE, **options):
        context = browser.new_context(viewport={"width": width, "height": HIGH}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", asked)
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on("requestfailed", lambda request: problems.append(f"failed: {request.url[:200]}"))
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


@pytest.fixture(scope="module", params=LESSONS, ids=lambda lesson: lesson.name)
def notebook(request, browser_alone, site):
    """The page of each notebook in turn, opened once, and the notebook that it was made from."""
    lesson = request.param
    stored = read_notebook(lesson.full(REPOSITORY))
    with visiting(browser_alone, site) as open_page:
        page = open_page(f"notebooks/{lesson.name}.html")
        yield SimpleNamespace(lesson=lesson, cells=stored["cells"], alts=alts(stored), page=page)


def assert_whole(page):
    """Everything that a reader looks for on a page is there."""
    for picture in page.evaluate(PICTURES):
        assert picture["loaded"], picture
        assert len(picture["alt"].split()) >= FEWEST_WORDS, picture
    assert page.evaluate(FORMULAS) == []
    prose = page.evaluate(PROSE)
    assert re.findall(r"\$[^$\s][^$\n]*\$|\\[(\[][a-z]", prose) == []
    assert page.locator("article h1").count() == 1


@pytest.fixture(scope="module")
def reader(browser_alone, site):
    """One window in which a reader goes from page to page."""
    with visiting(browser_alone, site) as open_page:
        page = open_page("index.html")
        yield lambda path: page.goto(site + path, wait_until="load") and page


@pytest.mark.parametrize("path", [*DOCS, *API])
def test_a_page_is_whole(reader, path):
    assert_whole(reader(path))


@pytest.mark.parametrize("path", MADE_BY_SPHINX)
def test_a_page_that_sphinx_makes_opens(reader, path):
    page = reader(path)
    page.locator("main").get_by_role("heading", name=MADE_BY_SPHINX[path]).first.wait_for()


def test_a_notebook_is_whole(notebook):
    page = notebook.page
    assert_whole(page)
    assert notebook.lesson.title(REPOSITORY) in page.locator("article h1").inner_text()
    described = [picture["alt"] for picture in page.evaluate(PICTURES)]
    for alt in notebook.alts:
        assert alt in described
    text = page.locator("article").inner_text()
    assert "For the instructor" not in text
    prose = [cell["source"] for cell in notebook.cells if cell["cell_type"] == "markdown"]
    assert page.locator("div.formula math").count() == "".join(prose).count("$$") // 2
    # A progress bar that stands still says nothing.
    assert not re.search(r"0%\|", text)


def test_the_colab_button_opens_the_learners_edition(notebook):
    notebook.page.locator(".dropdown-launch-buttons button").click()
    link = notebook.page.locator(".dropdown-launch-buttons a", has_text="Colab")
    link.wait_for()
    assert link.get_attribute("href") == read_slug(REPOSITORY).colab(notebook.lesson)
    notebook.page.keyboard.press("Escape")


def test_each_solution_is_closed_and_opens(notebook):
    solutions = [
        cell["source"] for cell in notebook.cells if "solution" in cell["metadata"].get("tags", [])
    ]
    closed = notebook.page.locator("details", has=notebook.page.locator("text=Show a solution"))
    assert closed.count() == len(solutions) > 0
    code = closed.first.locator("pre").first
    assert not code.is_visible()
    closed.first.locator("summary").click()
    assert code.is_visible()
    assert code.inner_text().strip() == solutions[0].strip()


def assert_fits_a_phone(page):
    page.set_viewport_size({"width": PHONE, "height": HIGH})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    for width, height, natural_width, natural_height in page.evaluate(SIZES):
        assert width <= PHONE
        assert height / width == pytest.approx(natural_height / natural_width, rel=0.05)


def test_a_phone_shows_a_notebook_without_scrolling_sideways(notebook):
    assert_fits_a_phone(notebook.page)


@pytest.mark.parametrize("path", ["index.html", "api/cells.html", "api/evaluation.html"])
def test_a_phone_shows_a_page_without_scrolling_sideways(visit, path):
    assert_fits_a_phone(visit(path))


def follow(link, path):
    """Click a link and wait until the page that it names is there with all its files."""
    page = link.page
    link.click()
    page.wait_for_url(f"**/{path}", wait_until="load")


def test_the_index_leads_to_each_notebook_and_to_each_room(visit):
    page = visit("index.html")
    contents = page.locator("nav.bd-links")
    for lesson, path in zip(LESSONS, NOTEBOOKS, strict=True):
        title = lesson.title(REPOSITORY)
        named = page.locator("article").get_by_role("link", name=title, exact=True)
        assert named.get_attribute("href") == path
    for lesson, path in zip(LESSONS, NOTEBOOKS, strict=True):
        follow(contents.get_by_text(f"{lesson.number} {lesson.title(REPOSITORY)}"), path)
    follow(contents.get_by_role("link", name="The LSTM workshop", exact=True), "index.html")
    follow(contents.get_by_text("API reference"), "api/index.html")
    for name in rooms(REPOSITORY):
        named = page.locator("article").get_by_role("link", name=name, exact=True)
        assert named.get_attribute("href") == f"{name}.html"
    follow(page.locator("article").get_by_role("link", name="cells", exact=True), "api/cells.html")
    # The class is documented under the name by which it is imported.
    page.locator("article dt[id='workshop_utils.cells.LSTMCell']").wait_for()


def test_a_notebook_leads_to_the_next_one(visit):
    page = visit(NOTEBOOKS[0])
    follow(page.locator("a.right-next"), NOTEBOOKS[1])
    title = LESSONS[2].title(REPOSITORY)
    follow(page.locator("article").get_by_role("link", name=title).first, NOTEBOOKS[2])


def test_the_search_finds_a_word_of_a_notebook_and_a_name_of_the_package(visit):
    page = visit("index.html")
    page.keyboard.press("Control+k")
    page.locator("dialog input[type=search]").fill("forget gate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=forget*")
    page.locator("#search-results a", has_text=LESSONS[2].title(REPOSITORY)).wait_for()
    page = visit("search.html?q=LSTMCell")
    page.locator(
        "#search-results a[href*='api/cells.html#workshop_utils.cells.LSTMCell']"
    ).first.wait_for()


def test_the_theme_follows_the_reader_and_can_be_changed(visit):
    page = visit(NOTEBOOKS[0], color_scheme="dark")
    shown = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    dark = page.evaluate(shown)
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Light").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    assert page.evaluate(shown) != dark


def test_the_animation_plays_on_the_page(visit):
    page = visit(NOTEBOOKS[0])
    player = page.locator(".lstm-workshop-player")
    player.get_by_role("button", name="Back").click()
    shown = player.locator("strong").inner_text()
    player.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "before => document.querySelector('.lstm-workshop-player strong').innerText !== before",
        arg=shown,
    )


class Anchors(HTMLParser):
    """The places of a page that can be linked to, and what its links, scripts and pictures name."""

    def __init__(self):
        super().__init__()
        self.ids, self.links, self.files = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.ids |= {named["id"]} if named.get("id") else set()
        if tag == "a" and named.get("href"):
            self.links.add(named["href"])
        elif named.get("src") or (tag == "link" and named.get("href")):
            self.files.add(named.get("src") or named["href"])


@pytest.fixture(scope="module")
def parsed(site):
    pages = {}
    for path in SITE.rglob("*.html"):
        if "_static" not in path.parts:
            pages[path.relative_to(SITE).as_posix()] = page = Anchors()
            page.feed(path.read_text(encoding="utf-8"))
    return SimpleNamespace(pages=pages, base=site)


def test_every_page_of_the_site_is_in_one_of_the_tests(parsed):
    assert set(parsed.pages) == {*DOCS, *API, *NOTEBOOKS, *MADE_BY_SPHINX}


def test_every_link_inside_the_site_leads_to_a_place_that_is_there(parsed):
    missing = []
    for path, page in parsed.pages.items():
        for link in page.links | page.files:
            target, anchor = urldefrag(urljoin(parsed.base + path, link))
            if not target.startswith(parsed.base):
                continue
            name = unquote(urlsplit(target).path).lstrip("/")
            ids = parsed.pages[name].ids if anchor and name in parsed.pages else {unquote(anchor)}
            if not (SITE / name).is_file() or unquote(anchor) not in ids:
                missing.append((path, link))
    assert missing == []


def test_no_page_names_a_file_outside(parsed):
    outside = {
        (path, file)
        for path, page in parsed.pages.items()
        for file in page.files
        if re.match(r"(https?:)?//", file)
    }
    assert outside == set()


def test_the_tests_would_notice(browser_alone, site):
    """A page that asks for something from outside, or lacks a file, is not called whole."""

    def show(element):
        with visiting(browser_alone, site) as open_page:
            page = open_page("index.html")
            page.set_content(element)
            page.wait_for_load_state("networkidle")

    with pytest.raises(AssertionError, match=r"from outside: https://example\.org/x\.js"):
        show('<script src="https://example.org/x.js"></script>')
    with pytest.raises(AssertionError, match=r"404: .*none\.png"):
        show(f'<img src="{site}none.png">')
