"""The live padded batch in a real browser: a typed tweet is cleaned, padded and masked."""

import pytest
from lab_page import look
from live_page import CAPTION, FRAME, LARGEST_PAGE, Shell

from workshop_tools import outputs
from workshop_utils import figures, tweets
from workshop_utils.figures.live import script

pytestmark = pytest.mark.browser

TWEET = (
    "RT @user: If he'll win, who'll lose? A smart start...so I stayed &amp; watched "
    "http://t.co/aB3 #GOPDeba\u2026"
)
KNOWN = ["", "[UNK]", "great", "debate", "if", "win", "lose", "a", "smart", "start", "so", "i"]
OPENING = ["if", "[UNK]", "win", "[UNK]", "lose", "a", "smart", "start", "so", "i"] + 2 * ["[UNK]"]
TITLE = "A usual tweet has 13 zeros"
HEBREW = "\u05e9\u05dc\u05d5\u05dd"
TWEETS = [
    TWEET,
    *("", " ", "great debate", "GREAT!!! Debate???", "a  b   c", "a\nb\tc", "\x00a\x00", "0"),
    *("RT @a: RT @b: so it is", "rt @a so", "RT @a:x", "so RT @a: x", "support RT", "RT", "rt @"),
    *("http://t.co/x", "https:", "see http://t.co/x and https://t.co/y!", "(http://t.co/x)"),
    *("&amp;&lt;b&gt;", "&AMP x", "can&#039;t", "don\u2019t", "\u2018quoted\u2019", "&nbsp;x"),
    *("it's'", "''", "'a' 'b'", "' ' '", "rock 'n' roll", "the Republicans' debate", "'tis"),
    *("#GOPDeba\u2026", "a \u2026 b", "cut wor\u2026 ", "\u2026", "a_b", "#tag@handle", "3.5%"),
    *("\U0001f44d\U0001f44d win", "\u2764\ufe0f", "\U0001f1fa\U0001f1f8", "\U0001f468\u200d"),
    *(HEBREW, f"a {HEBREW} b", "\u202eabc\u202c", "\u4e2d\u6587\u3002", "caf\xe9", "cafe\u0301"),
    *("\u0130stanbul", "\u03a3\u03a3", "\xdf", "a\u3000b", "\ufeffa", "a\x85b", "\u200bx", "$1"),
    *("<b>x</b>", "<script>alert(1)</script>", "__proto__ constructor", "[UNK]", "x" * 300),
]  # fmt: skip


@pytest.fixture
def batch(page, monkeypatch):
    shell = Shell(monkeypatch)
    rows = {"short": ["great", "debate"], "yours": OPENING}
    figures.tweet_batch(
        rows, TWEET, tweets.page_steps(), CAPTION, vocabulary=KNOWN, places=12, title=TITLE
    )
    page.shell = shell
    page.set_content(shell.page())
    return page


def row(page, name):
    line = page.locator(".places", has=page.get_by_text(name, exact=True))
    return line.locator("bdi").all_inner_texts()


def python_trace(text):
    """Return name and text, with one space between words, of each step that changes a word."""
    trace = []
    left = text
    before = " ".join(filter(None, text.split(" ")))
    for step in tweets.STEPS:
        left = step(left)
        now = " ".join(filter(None, left.split(" ")))
        if now != before:
            trace.append({"name": step.name, "left": now})
        before = now
    return trace


def test_a_typed_tweet_is_cleaned_as_the_package_cleans_it(page):
    page.set_content(FRAME.format(""))
    page.evaluate(f"() => {{ {script('lstm', 'sentiment', 'batch')}; window.f = cleanerTrace; }}")
    ours = page.evaluate(
        """([steps, texts]) => {
            const made = steps.map(step =>
                ({...step, pattern: step.pattern && new RegExp(step.pattern, step.flags)}));
            return texts.map(text => f(made, text));
        }""",
        [tweets.page_steps(), TWEETS],
    )
    for text, trace in zip(TWEETS, ours, strict=True):
        assert trace == python_trace(text), text
        if trace:
            assert trace[-1]["left"] == tweets.clean(text), text
    changed = {step["name"] for trace in ours for step in trace}
    assert changed >= {step.name for step in tweets.STEPS} - {"one space"}


def test_what_is_shown_is_the_trace_and_the_tokens_of_the_package(batch):
    field = batch.get_by_label("Your tweet")
    for text in TWEETS:
        field.fill(text)
        typed = field.input_value()  # a field keeps no zero and no carriage return
        shown = batch.locator(".trace li").evaluate_all(
            "items => items.map(item => [...item.children].map(part => part.textContent))"
        )
        expected = [[each["name"], each["left"] or "(nothing)"] for each in python_trace(typed)]
        assert shown == (expected or [[]]), text
        words = tweets.clean(typed).split()
        tokens = [word if word in KNOWN else "[UNK]" for word in words][:12]
        assert row(batch, "yours") == tokens + ["0"] * (12 - len(tokens)), text
        assert f"yours: {len(words)} word" in batch.locator(".told").inner_text()
    assert batch.problems == []


def test_the_live_drawing_opens_with_what_the_picture_says(batch):
    described = batch.shell.outputs[1][0]["text/markdown"].replace("\\", "")
    assert row(batch, "yours") == OPENING
    assert f"“{' '.join(OPENING)}”, then 0 zeros" in described
    assert row(batch, "short") == ["great", "debate"] + 10 * ["0"]
    label = batch.locator(".batch").get_attribute("aria-label")
    assert f"yours: {' '.join(OPENING)}, then 0 zeros" in label
    assert batch.get_by_text(TITLE).is_visible()


def test_the_mask_greys_the_zeros_and_says_how_many_places_are_read(batch):
    told = batch.locator(".told")
    batch.get_by_label("Your tweet").fill("a great win")
    assert "all 24 places, among them 19 zeros" in told.inner_text()
    mask = batch.get_by_role("button", name="Mask")
    zero = batch.locator(".zero").first
    paper = "element => getComputedStyle(element).backgroundColor"
    white = zero.evaluate(paper)
    mask.focus()
    batch.keyboard.press("Space")
    assert mask.get_attribute("aria-pressed") == "true"
    assert "reads 5 of 24 places and skips 19 zeros" in told.inner_text()
    assert batch.locator(".masked").count() == batch.locator(".zero").count() == 19
    assert zero.evaluate(paper) != white
    assert "The mask skips" in batch.locator(".batch").get_attribute("aria-label")
    batch.get_by_role("status").get_by_text("reads 5 of 24").wait_for()
    batch.get_by_role("button", name="Start again").click()
    assert mask.get_attribute("aria-pressed") == "false"
    assert batch.locator(".masked").count() == 0
    assert row(batch, "yours") == OPENING


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_and_its_words_can_be_read(batch, width):
    assert len(batch.shell.html.encode()) <= LARGEST_PAGE
    batch.set_viewport_size({"width": width, "height": 844})
    assert not batch.locator("body > img").is_visible()
    for text in (TWEET, "x" * 900, f"{HEBREW} " * 40):
        batch.get_by_label("Your tweet").fill(text)
        assert batch.evaluate("document.documentElement.scrollWidth") <= width
    batch.get_by_role("button", name="Start again").click()
    cut = ".places > *"
    assert not any(
        batch.locator(cut).evaluate_all("all => all.map(one => one.scrollWidth > one.clientWidth)")
    )
    size = "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize)))"
    assert batch.locator(f"{cut}, .trace li").evaluate_all(size) >= 12
    assert look(batch, "smallestLetters()") >= 9
    great, debate = (batch.locator(".word").nth(place).bounding_box() for place in (0, 1))
    along = "x" if width == 390 else "y"  # a row goes down where the page is narrow
    assert great[along] == debate[along]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "yours: 0 words"),
        ("http://t.co/x", "(nothing)"),
        ("<img src=x onerror=alert(1)><script>window.hostile=1</script>", "img src x onerror"),
        (f"\u202e{HEBREW}\u202c <b>\U0001f44d</b>", "[UNK]"),
        ("x" * 10_000, "At most 1000 characters are read."),
        ("so " * 300, "yours: 300 words, 12 of them shown"),
        ("\u2026 x " * 250, "words"),
        ("' " * 500, "yours: 0 words"),
    ],
)
def test_any_text_is_read_or_refused_in_one_sentence(batch, text, said):
    batch.get_by_label("Your tweet").fill(text)
    batch.get_by_text(said).first.wait_for()
    assert batch.evaluate("window.hostile") is None
    assert batch.locator(".lstm-workshop-live").locator("img, script").count() == 0
    assert batch.problems == []
    assert batch.outside == []


def test_a_stored_output_has_no_vocabulary_and_says_what_it_cannot_mark(batch):
    (stored,) = outputs.normalised([{"data": {"text/html": batch.shell.html}}])
    html = stored["data"]["text/html"]
    assert '"debate","if","win"' in batch.shell.html
    assert '"debate","if","win"' not in html
    batch.set_content(FRAME.format(html))
    assert row(batch, "yours") == OPENING
    assert f"{OPENING.count('[UNK]')} unknown" in batch.locator(".told").inner_text()
    batch.get_by_label("Your tweet").fill("zebra")
    assert row(batch, "yours")[0] == "zebra"
    assert "marked once you run the cell" in batch.locator(".told").inner_text()
