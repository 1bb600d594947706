"""The sentence reader in a real browser: the saved classifier, read by JavaScript."""

import json
import random
import unicodedata

import numpy as np
import pytest
from live_page import CAPTION, FRAME, Shell

from workshop_utils import figures
from workshop_utils.figures.live import script
from workshop_utils.sentiment import page_export
from workshop_utils.sentiment.classifier import SentimentClassifier
from workshop_utils.tweets import dataset

pytestmark = pytest.mark.browser

LARGEST_MODEL = 600_000  # bytes of what a page loads
ALIKE = 1e-5
CLOSE = 1e-3  # to Python on the same rounded weights; to the saved file
FIRST = "Great job tonight, but the answers were terrible lies"
PIECES = [
    *("rt @one: RT", "@someone", "#GOPDebate", "#GOPDeba\u2026", "http://t.co/abc", "https:x", "'"),
    *("don't", "\u2018\u2019", "&amp;", "&#039;", "&LSQUO;", "&nbsp", "can\u2019t", "it's'", "''"),
    *("<b>x</b>", "<script>", "\U0001f44d", "\u2764\ufe0f", "\u05e9\u05dc\u05d5\u05dd", "\u4e2d"),
    *("\x00", "\t", "\n", "\u3000", "\u200b", "\x85", "\u1680", "\ufeff", "\u0130", "\u03a3", "ss"),
    *("\u212a", "\u017f", "\xdf", "__proto__", "constructor", "[UNK]", "\ue000", "\u0301", "$1"),
    *("RT", "rt", "\u2026", "...", "!!!", "a_b", "x" * 40, "\U000f0000", "\U0001f1fa\U0001f1f8"),
]


def fuzzed(texts, number):
    """Return texts of pieces that cleaners differ on, of tweets, and of any characters."""
    dice = random.Random(141)
    # Python and the browser may know different versions of Unicode, with other small letters.
    known = unicodedata.ucd_3_2_0.category
    every = [code for code in range(0x30000) if known(chr(code)) not in ("Cn", "Cs")]
    made = []
    for _ in range(number):
        parts = []
        for _ in range(dice.randint(0, 12)):
            kind = dice.random()
            if kind < 0.4:
                parts.append(dice.choice(PIECES))
            elif kind < 0.8:
                parts.append(dice.choice(dice.choice(texts).split() or [""]))
            else:
                parts.append("".join(map(chr, dice.choices(every, k=dice.randint(1, 4)))))
        made.append(dice.choice(["", " ", " ", " "]).join(parts) * dice.choice([1, 1, 1, 9]))
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Train the classifier of notebook 06 once, on the real tweets where they are at hand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path_factory.mktemp("artifacts")))
        classifier = SentimentClassifier.load_or_train()
        data = dataset.load_or_prepare()
        return classifier, [data.raw_texts[row] for row in data.split_grouped.test]


def readings(page, classifier, texts):
    page.set_content(FRAME.format(""))
    scripts = script("lstm", "sentiment")
    page.evaluate(
        f"() => {{ {scripts}; Object.assign(window, {{openModel, cleanWords, readWords}}); }}"
    )
    page.evaluate("file => { window.model = openModel(file); }", page_export.for_page(classifier))
    one = "(text) => readWords(model, cleanWords(model, text))"
    return page.evaluate(f"texts => texts.map({one})", texts)


def test_the_page_reads_what_the_package_reads(page, home):
    """All test texts and 10,000 fuzzed ones: words, notes, labels, probabilities."""
    classifier, tweets = home
    texts = [*tweets, *fuzzed(tweets, 10_000)]
    answers = readings(page, classifier, texts)
    near = page_export.rounded(classifier).predict_many(texts)
    far = classifier.predict_many(texts)
    for text, answer, same in zip(texts, answers, near, strict=True):
        assert answer["words"] == classifier.words(text)[: len(answer["words"])], text
        assert answer["notes"] == list(same.notes), text
    ours = np.array([answer["positive"][-1] for answer in answers])
    rounded, saved = (np.array([each.positive for each in these]) for these in (near, far))
    assert np.abs(ours - rounded).max() < ALIKE
    assert np.abs(ours - saved).max() < CLOSE
    flips = [
        abs(theirs.positive - classifier.threshold)
        for answer, theirs in zip(answers, far, strict=True)
        if answer["label"] != theirs.label
    ]
    print(
        f"{len(texts)} texts: at most {np.abs(ours - rounded).max():.1e} from the rounded weights, "
        f"{np.abs(ours - saved).max():.1e} from the file; {len(flips)} labels differ"
    )
    assert all(distance < CLOSE for distance in flips)


def test_each_part_of_a_reading_is_the_packages_and_the_pushes_add_up(page, home):
    classifier = page_export.rounded(home[0])
    for text in (FIRST, "", "xyzzy", "good " * 70):
        theirs = page_export.reading(classifier, text)
        (ours,) = readings(page, home[0], [text])
        for name in ("words", "known", "label", "notes"):
            assert ours[name] == theirs[name]
        for name in ("positive", "pushes"):
            np.testing.assert_allclose(ours[name], theirs[name], atol=2e-5)
        for gate, values in theirs["gates"].items():
            np.testing.assert_allclose(ours["gates"][gate], values, atol=2e-5)
        logit = sum(ours["pushes"]) + home[0].network.bias / classifier.temperature
        assert 1 / (1 + np.exp(-logit)) == pytest.approx(ours["positive"][-1], abs=1e-9)


def test_half_a_pair_of_surrogates_is_a_question_mark(page, home):
    readings(page, home[0], [])
    words = page.evaluate(r"cleanWords(model, 'good\ud83d night \udc4dx')")
    assert words == home[0].words("good\ud83d night \udc4dx")


def test_what_a_page_loads_is_small(home):
    file = page_export.for_page(home[0])
    assert len(json.dumps(file, ensure_ascii=False).encode()) < LARGEST_MODEL


@pytest.fixture
def reader(page, home, monkeypatch):
    shell = Shell(monkeypatch)
    classifier = home[0]
    first = page_export.reading(page_export.rounded(classifier), FIRST)
    figures.sentence_reader(
        page_export.for_page(classifier), first, CAPTION, examples=["I think Rubio won"]
    )
    page.set_content(shell.page())
    return page


def test_a_word_is_left_out_and_taken_in_again(reader):
    verdict = reader.locator(".verdict")
    words = reader.locator(".chips button")
    before = verdict.inner_text()
    assert words.all_inner_texts()[:3] == ["great", "job", "tonight"]
    words.nth(7).click()
    assert "Without \u201cterrible\u201d" in verdict.inner_text()
    assert words.nth(7).get_attribute("aria-pressed") == "true"
    assert reader.evaluate("document.activeElement.textContent") == "terrible"
    reader.keyboard.press("Enter")
    assert verdict.inner_text() == before
    assert reader.problems == []


def test_another_name_is_put_into_the_text(reader, home):
    swaps = page_export.for_page(home[0])["swaps"]
    group = next((words for words in swaps if len(words) > 1), None)
    if group is None:
        pytest.skip("the synthetic tweets name nobody of the debate")
    reader.get_by_label("Your sentence").fill(f"I think {group[0].title()} won")
    names = reader.locator(".swaps button")
    names.first.wait_for()
    told = names.first.inner_text().split()
    names.first.click()
    assert reader.get_by_label("Your sentence").input_value() == f"I think {told[0].title()} won"
    assert f"P(positive) = {told[1]}" in reader.locator(".verdict").inner_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no word to read"),
        ("xyzzy plugh", "2 of 2 words unknown"),
        ("\u05e9\u05dc\u05d5\u05dd <img src=x onerror=alert(1)> \U0001f44d", "words unknown"),
        ("word " * 2000, "cut off after 64 words"),
        ("x" * 10_001, "At most 10000 characters"),
    ],
)
def test_any_text_is_read_or_refused_in_one_sentence(reader, text, said):
    reader.get_by_label("Your sentence").fill(text)
    reader.get_by_text(said).first.wait_for()
    assert reader.locator(".lstm-workshop-live img").count() == 0
    assert reader.evaluate("document.documentElement.scrollWidth") <= 1300
    assert reader.problems == []
    assert reader.outside == []


def test_a_key_press_shows_its_curve_within_50_milliseconds(reader):
    field = reader.get_by_label("Your sentence")
    field.fill("I think Rubio won")
    took = reader.evaluate(
        """() => {
            const field = document.querySelector("textarea"), took = [];
            for (const letter of " the debate tonight, and Carson lost it all") {
                const start = performance.now();
                field.value += letter;
                field.dispatchEvent(new Event("input"));
                document.querySelector(".lstm-workshop-live svg").getBoundingClientRect();
                took.push(performance.now() - start);
            }
            return took;
        }"""
    )
    print(f"key press to curve: median {np.median(took):.1f} ms, longest {max(took):.1f} ms")
    assert np.median(took) < 50
