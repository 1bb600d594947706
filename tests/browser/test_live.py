"""The live drawings in a real browser: right numbers, quick redraws, a picture without scripts."""

import json
import re

import numpy as np
import pytest

from workshop_utils import environment, figures, pronouns
from workshop_utils.cells import LSTMCell
from workshop_utils.figures.live import WITHOUT_SCRIPTS, script

pytestmark = pytest.mark.browser

#: The most that one output may take of a notebook, in bytes, without its picture.
LARGEST_PAGE = 20_000
CAPTION = "At king the first unit forgets and writes; the second one only adds."
FRAME = (
    "<!DOCTYPE html><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    "<body style='margin:0 16px'>{}</body>"
)


class Shell:
    """Stands in for a notebook: keeps what is published, and makes a page of it."""

    kernel = 1

    def __init__(self, monkeypatch):
        import IPython
        import IPython.display

        self.outputs = []
        monkeypatch.setattr(IPython, "get_ipython", lambda: self)
        monkeypatch.setattr(IPython.display, "display", self.display)

    def display(self, data, metadata=None, raw=False):
        self.outputs.append((data, metadata))

    @property
    def html(self):
        return self.outputs[-1][0]["text/html"]

    def page(self):
        png, metadata = self.outputs[0][0]["image/png"], self.outputs[0][1]["image/png"]
        picture = f"<img src='data:image/png;base64,{png}' alt='{metadata['alt']}' width=700>"
        return FRAME.format(f"{picture}<p>{metadata['alt']}</p>{self.html}")


@pytest.fixture
def explorer(monkeypatch):
    shell = Shell(monkeypatch)
    figures.gate_explorer(
        LSTMCell.random(2, 2, seed=3),
        {"x": [0, 1], "hidden_previous": [0.52, 0.49], "cell_previous": [0.9, 0.92]},
        CAPTION,
        features=("queen", "king"),
        units=("gender", "count"),
        tries={"Open the forget gate": {"forget": 6}},
    )
    return shell


def test_the_step_is_the_step_of_the_package(page):
    rng = np.random.default_rng(141)
    page.set_content(FRAME.format(""))
    page.evaluate(f"() => {{ {script('lstm')}; window.lstmStep = lstmStep; }}")
    for _ in range(200):
        features, units = rng.integers(1, 6, size=2)
        cell = LSTMCell(
            3 * rng.normal(size=(features, 4 * units)),
            3 * rng.normal(size=(units, 4 * units)),
            3 * rng.normal(size=4 * units),
        )
        x, h, c = rng.normal(size=features), rng.uniform(-1, 1, units), 3 * rng.normal(size=units)
        weights = {
            "kernel": cell.kernel.tolist(),
            "recurrent": cell.recurrent_kernel.tolist(),
            "bias": cell.bias.tolist(),
        }
        given = [weights, x.tolist(), h.tolist(), c.tolist()]
        ours = page.evaluate("given => window.lstmStep(...given)", given)
        theirs = cell.trace(x, h, c)
        for name in ("input_gate", "forget_gate", "output_gate", "candidate"):
            found = ours[name.removesuffix("_gate")]
            np.testing.assert_allclose(found, getattr(theirs, name), rtol=0, atol=1e-12)
        np.testing.assert_allclose(ours["cell"], theirs.cell_state, rtol=0, atol=1e-12)
        np.testing.assert_allclose(ours["hidden"], theirs.hidden_state, rtol=0, atol=1e-12)


def test_the_explorer_takes_the_pictures_place_and_answers_keys_and_hands(page, explorer):
    page.set_content(explorer.page())
    assert not page.locator("body > img").is_visible()
    sliders = page.get_by_role("slider")
    names = sliders.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert names[:3] == ["queen, the word", "king, the word", "gender, cell state before"]
    assert len(names) == 9
    equations = page.get_by_role("group", name="Equations of this step")
    before = equations.inner_text()
    forget = page.get_by_role("slider", name="forget gate, added to its bias")
    forget.focus()
    page.keyboard.press("End")
    assert forget.get_attribute("aria-valuetext") == "6.00"
    assert equations.inner_text() != before
    moved = equations.inner_text()
    page.get_by_role("button", name="Start again").press("Enter")
    assert equations.inner_text() == before
    page.get_by_role("button", name="Open the forget gate").click()
    assert equations.inner_text() == moved
    page.get_by_role("status").get_by_text(re.compile("gender: cell state")).wait_for()
    assert page.problems == []


def test_a_redraw_takes_less_than_a_frame(page, explorer):
    page.set_content(explorer.page())
    times = page.evaluate(
        """() => [...Array(200).keys()].map((k) => {
            const slider = document.querySelectorAll("input[type=range]")[k % 9];
            slider.value = Number(slider.min) + (slider.max - slider.min) * ((k * 37) % 100) / 100;
            const start = performance.now();
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            document.body.getBoundingClientRect();
            document.querySelector("svg").getBBox();
            return performance.now() - start;
        })"""
    )
    assert np.percentile(times, 95) <= 16, f"{np.percentile(times, 95):.1f} ms"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_drawing_sliders_and_equations_fit_on_one_screen(page, explorer, width, height):
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(explorer.page())
    root = page.locator(".lstm-workshop-live").bounding_box()
    assert root["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert smallest_type(page) >= 9


def smallest_type(page):
    """Return the size of the smallest letters shown in a live drawing, in pixels."""
    return page.evaluate(
        """() => Math.min(...[...document.querySelectorAll(
            ".lstm-workshop-live svg text, .lstm-workshop-live svg tspan")
        ].filter((text) => text.getClientRects().length).map((text) => {
            const drawing = text.closest("svg");
            const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
            return parseFloat(getComputedStyle(text).fontSize) * scale;
        }))"""
    )


def test_without_scripts_the_picture_and_a_sentence_stand_there(browser, explorer):
    quiet = browser.new_context(java_script_enabled=False)
    page = quiet.new_page()
    page.set_content(explorer.page())
    assert page.locator("body > img").is_visible()
    assert page.get_by_text(WITHOUT_SCRIPTS).is_visible()
    assert page.locator("input, button, svg, select").count() == 0
    quiet.close()


def test_an_output_is_small_whole_and_always_the_same(explorer):
    html = explorer.html
    assert len(html.encode()) <= LARGEST_PAGE
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<link|@import|\ssrc=", html)
    assert html.count("</script>") == 1


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


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("step 1", [["", "step 1"]]),
        ("$C_{t-1}$", [["", ""], ["i", "C"], ["sub", "t\N{MINUS SIGN}1"], ["", ""]]),
        (r"$\tilde{C}_t$:", [["", ""], ["i", "C\N{COMBINING TILDE}"], ["sub", "t"], ["", ":"]]),
        (r"costs \$5", [["", "costs $5"]]),
    ],
)
def test_mathematics_becomes_letters_of_three_styles(page, words, says):
    page.set_content(FRAME.format(""))
    assert page.evaluate(f"words => {{ {script('pieces')}; return runs(words); }}", words) == says


def test_players_draw_what_the_picture_shows_at_a_size_that_can_be_read(page, monkeypatch):
    shell = Shell(monkeypatch)
    chain = figures.unrolled_step_by_step(["not", "good"], [[0.5], [-0.5]])
    figures.play(chain, CAPTION)
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_content(shell.page())
    assert smallest_type(page) >= 9
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    seen = page.locator("svg:visible text").all_text_contents()
    drawn = [text.get_text() for text in chain["step 1 “not”"].figure.axes[0].texts]
    assert len(seen) == len(drawn)
    assert {"step 1", "“good”", "0.50"} <= set(seen) & set(drawn)


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


@pytest.mark.parametrize("width", [1280, 390])
def test_trained_drawings_fit_and_can_be_read(page, player, surgery, width):
    page.set_viewport_size({"width": width, "height": 844})
    for shell in (player, surgery):
        page.set_content(shell.page())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert smallest_type(page) >= 9
        without = re.sub(r"<script type.*?</script>", "", shell.html, flags=re.DOTALL)
        assert len(without.encode()) <= LARGEST_PAGE
