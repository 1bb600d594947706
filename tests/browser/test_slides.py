"""The slides in a real browser: every slide of every deck, without internet."""

import functools
import http.server
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from workshop_tools import slide_page, slides
from workshop_utils.lessons import LESSONS

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
# What is wider or lower than the slide, with two pixels of rounding; a formula's parts
# may reach out of their boxes, so that the formula counts as a whole.
OVERFLOWING = """() => {
  const frame = document.querySelector('.reveal').getBoundingClientRect();
  const found = [];
  for (const each of Reveal.getCurrentSlide().querySelectorAll('*')) {
    if (each.closest('aside.notes') || each.parentElement.closest('math')) continue;
    const box = each.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const cut = getComputedStyle(each).display !== 'inline' && each.localName !== 'math'
      && each.clientWidth && each.scrollWidth > each.clientWidth + 2;
    if (cut || box.left < -2 || box.top < -2 || box.right > frame.right + 2
        || box.bottom > frame.bottom + 2)
      found.push(`${each.tagName} ${each.className}: ${each.textContent.slice(0, 60)}`);
  }
  return found;
}"""
FACTS = """() => {
  const slide = Reveal.getCurrentSlide();
  const heading = slide.querySelector('h2, h3');
  const images = [...slide.querySelectorAll('img')];
  return {
    title: heading && heading.innerText,
    shown: slide.innerText.trim().length,
    undescribed: images.filter(image => !image.alt || !image.naturalWidth).length,
    images: images.length,
  };
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/favicon.ico":  # the browser's own wish, not the deck's
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """Write the six decks and serve them on loopback; give the folder and the address."""
    for name in ("latex2mathml", "nbconvert", "sphinx_revealjs"):
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("slides")
    counts = {lesson.number: slides.make_deck(lesson, ROOT, folder)[1] for lesson in LESSONS}
    slide_page.put_reveal(folder)
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}", counts
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser):
    """A page of the size of a projector that notes its problems and what it asks for."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    made = context.new_page()
    made.problems, made.outside = [], []

    def note(request):
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname != "127.0.0.1":
            made.outside.append(request.url)

    context.on("request", note)
    made.on("pageerror", lambda error: made.problems.append(str(error)))
    made.on(
        "console",
        lambda said: made.problems.append(said.text) if said.type in {"error", "warning"} else None,
    )
    yield made
    context.close()


def open_deck(page, address):
    page.goto(address)
    page.wait_for_function("window.Reveal && Reveal.isReady()")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.number)
def test_every_slide_can_be_shown(page, decks, lesson):
    folder, _, counts = decks
    # As a file, as somebody opens it who was handed the folder.
    open_deck(page, (folder / f"{lesson.name}.html").as_uri())
    problems, number = [], 1
    while True:
        facts = page.evaluate(FACTS)
        problems += [(number, facts["title"], each) for each in page.evaluate(OVERFLOWING)]
        assert facts["title"], f"slide {number} has no title"
        assert facts["images"] or facts["shown"] > len(facts["title"]), f"slide {number} is empty"
        assert facts["undescribed"] == 0, f"slide {number}: a picture without a description"
        if page.evaluate("Reveal.isLastSlide()"):
            break
        page.keyboard.press("Space")
        number += 1
    assert problems == []
    assert number == counts[lesson.number]
    assert page.problems == []
    assert page.outside == []


def test_an_overflow_would_be_seen(page, decks):
    folder, _, _ = decks
    open_deck(page, (folder / f"{LESSONS[0].name}.html").as_uri())
    assert page.evaluate(OVERFLOWING) == []
    page.evaluate(
        "Reveal.getCurrentSlide().insertAdjacentHTML('beforeend', '<p>' + 'low<br>'.repeat(40))"
    )
    assert page.evaluate(OVERFLOWING) != []


def test_the_speaker_sees_the_notes(page, decks):
    _, address, _ = decks
    open_deck(page, f"{address}/{LESSONS[0].name}.html#/1")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    speaker.wait_for_function(
        "document.querySelector('.speaker-controls-notes .value')?.innerText.length > 20"
    )
    assert page.problems == []
    assert page.outside == []
