"""The live drawings of a trained network in a real browser: sentences and exchanged units."""

import json
import re

import numpy as np
import pytest
from lab_page import look
from live_page import CAPTION, FRAME, LARGEST_PAGE, Shell

from workshop_utils import figures
from workshop_utils.cells import LSTMCell
from workshop_utils.figures.live import script
from workshop_utils.runtime import environment
from workshop_utils.tasks import pronouns

pytestmark = pytest.mark.browser


def a_network(seed):
    """A network of the language's sizes with random weights, large enough to say both words."""
    rng = np.random.default_rng(seed)
    cell = LSTMCell(*(2 * rng.normal(size=size) for size in ((4, 16), (4, 16), 16)))
    vectors = rng.normal(size=(len(pronouns.VOCABULARY), 4))
    return vectors, cell, 2 * rng.normal(size=4), 0.1


SENTENCE = "the queen sang quietly . then she slept . the king read . then"


@pytest.fixture
def player(monkeypatch):
    shell = Shell(monkeypatch)
    networks = {"first": a_network(1), "second": a_network(2)}
    figures.sentence_player(networks, [SENTENCE], CAPTION, vocabulary=pronouns.VOCABULARY)
    return shell


@pytest.fixture
def surgery(monkeypatch):
    shell = Shell(monkeypatch)
    pair = ("the queen sang . then", "the king sang . then")
    networks = {"first": a_network(1), "second": a_network(2)}
    figures.pronoun_surgery(networks, pair, CAPTION, vocabulary=pronouns.VOCABULARY)
    return shell


def test_a_gate_shut_at_one_word_changes_everything_after_it(page, player):
    page.set_content(player.page())
    told = page.locator(".told")
    at_the_end = told.inner_text()
    scrub = page.get_by_role("slider", name="Word")
    assert scrub.get_attribute("aria-valuetext") == "14 of 14: then"
    scrub.focus()
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    after = told.inner_text()
    page.keyboard.press("ArrowLeft")
    assert scrub.get_attribute("aria-valuetext") == "4 of 14: quietly"
    page.get_by_label("forget gate").select_option("shut")
    assert "C = 0.00" in told.inner_text()
    scrub.press("ArrowRight")
    assert told.inner_text() != after
    page.get_by_role("button", name="Start again").click()
    assert told.inner_text() == after
    scrub.press("End")
    assert told.inner_text() == at_the_end
    assert page.problems == []


def test_a_sentence_can_be_typed_and_an_unknown_word_is_named(page, player):
    page.set_content(player.page())
    field = page.get_by_label("Sentence")
    field.fill("the aunt flew . then")
    assert page.get_by_role("alert").inner_text() == "Not in the language: flew."
    field.fill("the aunt read . then")
    assert page.get_by_role("alert").inner_text() == ""
    assert "(5 of 5)" in page.locator("strong").inner_text()


def test_the_stream_adds_up_to_the_cell_state(page, player):
    page.set_content(FRAME.format(""))
    page.evaluate(f"() => {{ {script('lstm', 'language')}; window.live = {{ read, parts }}; }}")
    network = weights_in(player.html)["first"]
    numbers = [pronouns.VOCABULARY.index(word) for word in SENTENCE.split()]
    for unit in range(4):
        sums, states = page.evaluate(
            """([network, numbers, unit]) => {
                const steps = live.read(network, numbers);
                const sums = live.parts(steps, unit).map((own) => own.reduce((a, b) => a + b, 0));
                return [sums, steps.map((step) => step.cell[unit])];
            }""",
            [network, numbers, unit],
        )
        np.testing.assert_allclose(sums, states, rtol=0, atol=1e-12)


def weights_in(html):
    block = re.search(r'class="lstm-workshop-weights">(.*?)</script>', html, re.DOTALL)[1]
    return json.loads(block)


def test_exchanging_units_says_what_keras_says(page, surgery):
    """2,000 texts and all 16 sets of units; answers within 1e-5 of a half are left out."""
    network = weights_in(surgery.html)["first"]
    texts = pronouns.make_texts(2000, 9, fillers=(4, 4), new_subject_share=0.0, seed=2).words
    pairs = np.stack([texts, pronouns.mirrored(texts)])
    sets = [[u for u in range(4) if k >> u & 1] for k in range(16)]
    page.set_content(FRAME.format(""))
    page.evaluate(f"() => {{ {script('lstm', 'language')}; window.exchange = exchange; }}")
    said = page.evaluate(
        """([network, pairs, sets]) => sets.map((units) => pairs[0].map((first, k) =>
            exchange(network, [first, pairs[1][k]], new Set(units)).now[0]))""",
        [network, pairs.tolist(), sets],
    )
    layer = environment.load_keras().layers.LSTM(4, return_state=True, use_cudnn=False)
    layer.build((None, None, 4))
    layer.set_weights([np.array(network[name]) for name in ("kernel", "recurrent", "bias")])
    vectors = np.array(network["vectors"], dtype="float32")[pairs]
    states = [np.array(layer(side[:, :-1])[1:]) for side in vectors]
    for units, ours in zip(sets, np.array(said), strict=True):
        state = states[0].copy()
        state[:, :, units] = states[1][:, :, units]
        last = np.asarray(layer(vectors[0][:, -1:], initial_state=list(state))[0])
        theirs = 1 / (1 + np.exp(-(last @ np.array(network["weights"]) + network["readout"])))
        clear = np.abs(theirs - 0.5) > 1e-5
        assert clear.mean() > 0.99
        assert ((ours > 0.5) == (theirs > 0.5))[clear].all()
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


def test_surgery_shows_what_changes(page, surgery):
    page.set_content(surgery.page())
    section = page.locator("section").first
    before = section.inner_text()
    for unit in range(4):
        section.get_by_role("button", name=f"exchange unit {unit}").press("Space")
    # All units exchanged: each text says what the other one said.
    shown = section.get_by_role("button", name="exchange unit 0")
    assert shown.get_attribute("aria-pressed") == "true"
    texts = before, section.inner_text()
    was, now = (re.findall(r"P\(she\) = (\d\.\d\d)", text) for text in texts)
    assert now == was[::-1]
    assert page.problems == []


@pytest.mark.parametrize("text", ["the spaceship sang", "the"])
def test_what_belongs_to_an_earlier_text_is_dimmed(page, surgery, text):
    page.set_content(surgery.page())
    heads = page.locator(".units").first.locator("span").all_inner_texts()
    assert heads == ["cell state, first text", "", "cell state, second text"]
    field = page.get_by_role("textbox", name="First text")
    panels = page.locator(".panels")
    before = panels.inner_text()
    field.fill(text)
    assert panels.evaluate("one => Number(getComputedStyle(one).opacity)") < 0.5
    problems = [said for said in page.locator(".problem").all_inner_texts() if said]
    assert problems[-1].startswith(("Below: the texts before", "Write two words"))
    # The buttons still answer for the text that was read last.
    exchange = page.get_by_role("button", name="exchange unit 0").first
    exchange.click()
    exchange.click()
    assert panels.inner_text() == before
    field.fill("the king sang . then")
    assert panels.evaluate("one => getComputedStyle(one).opacity") == "1"
    assert not "".join(page.locator(".problem").all_inner_texts())
    assert page.problems == []


@pytest.mark.parametrize("width", [1280, 390])
def test_trained_drawings_fit_and_can_be_read(page, player, surgery, width):
    page.set_viewport_size({"width": width, "height": 844})
    for shell in (player, surgery):
        page.set_content(shell.page())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert look(page, "smallestLetters()") >= 9
        without = re.sub(r"<script type.*?</script>", "", shell.html, flags=re.DOTALL)
        assert len(without.encode()) <= LARGEST_PAGE
