"""The live drawings of single steps in a real browser: the gate explorer and the player."""

import re

import numpy as np
import pytest
from lab_page import look
from live_page import CAPTION, FRAME, LARGEST_PAGE, Shell

from workshop_utils import figures
from workshop_utils.cells import LSTMCell
from workshop_utils.figures.live import script

pytestmark = pytest.mark.browser


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
        x = rng.normal(size=features)
        h = rng.uniform(-1, 1, units)
        c = 3 * rng.normal(size=units)
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


def test_boxes_do_not_touch_and_numbers_stay_inside(page, explorer):
    """Pixels between a box and all of another column, and between a number and its box."""
    page.set_content(explorer.page())
    page.get_by_role("slider", name="gender, cell state before").fill("-2")
    between, inside = look(page, "roomInDrawing()")
    assert len(inside) == 12 * 2
    assert min(between) >= 2
    assert min(inside) >= 1


def test_one_sentence_explains_and_the_buttons_come_first(page, explorer):
    page.set_content(explorer.page())
    said = "Units are called gender and count: a gate's bar fills its box at 1, any other"
    sentence = page.get_by_text(said).bounding_box()
    drawing = page.locator(".lstm-workshop-live svg").bounding_box()
    button = page.get_by_role("button", name="Open the forget gate").bounding_box()
    assert button["y"] < sentence["y"] < drawing["y"]


@pytest.mark.parametrize(("motion", "count"), [("no-preference", 1), ("reduce", 0)])
def test_what_changed_flashes_unless_less_motion_is_asked_for(page, explorer, motion, count):
    flashing = "document.getAnimations().filter((one) => one.effect.target.tagName === 'rect')"
    page.emulate_media(reduced_motion=motion)
    page.set_content(explorer.page())
    assert page.evaluate(f"{flashing}.length") == 0
    page.get_by_role("slider", name="gender, hidden state before").press("ArrowRight")
    # The rest of the drawing has as many decimals as before, whatever moved behind them.
    assert min(page.evaluate(f"{flashing}.length"), 1) == count
    page.wait_for_function(f"{flashing}.length === 0", timeout=3000)
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
    assert look(page, "smallestLetters()") >= 9


def test_an_output_is_small_whole_and_always_the_same(explorer):
    html = explorer.html
    assert len(html.encode()) <= LARGEST_PAGE
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<link|@import|\ssrc=", html)
    assert html.count("</script>") == 1


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
    assert look(page, "smallestLetters()") >= 9
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    seen = page.locator("svg:visible text").all_text_contents()
    drawn = [text.get_text() for text in chain["step 1 “not”"].figure.axes[0].texts]
    assert len(seen) == len(drawn) - 1
    assert page.get_by_text("The loop, unrolled").is_visible()
    assert "The loop, unrolled" in set(drawn) - set(seen)
    assert {"step 1", "“good”", "0.50"} <= set(seen) & set(drawn)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_on_a_phone_what_is_lit_first_is_on_screen_and_no_text_jumps(page, monkeypatch, motion):
    words = ["the", "queen", "spoke", "to", "us"]
    states = np.linspace(-0.9, 0.9, 10).reshape(5, 2)
    steps = dict(list(figures.unrolled_step_by_step(words, states).items())[:5])
    shell = Shell(monkeypatch)
    figures.play(steps, CAPTION)
    page.emulate_media(reduced_motion=motion)
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_content(shell.page())
    heights = set()
    window = page.locator(".window")
    for name in (f"step {t}" for t in range(1, 6)):
        page.wait_for_timeout(800 if motion == "no-preference" else 50)
        seen = window.bounding_box()
        box = window.locator("svg:visible text").filter(has_text=name).first.bounding_box()
        assert seen["x"] <= box["x"], name
        assert box["x"] + box["width"] <= seen["x"] + seen["width"], name
        heights.add(page.locator(".lstm-workshop-live").bounding_box()["height"])
        following = page.get_by_role("button", name="Next")
        if following.is_enabled():
            following.click()
    assert len(heights) == 1
    assert page.problems == []
