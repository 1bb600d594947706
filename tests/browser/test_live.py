"""The live drawings in a real browser: right numbers, quick redraws, a picture without scripts."""

import re

import numpy as np
import pytest

from workshop_utils import figures
from workshop_utils.cells import LSTMCell
from workshop_utils.figures.live import LARGEST_PAGE, WITHOUT_SCRIPTS, script

pytestmark = pytest.mark.browser

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
            ".lstm-workshop-live svg text, .lstm-workshop-live svg tspan")].map((text) => {
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
