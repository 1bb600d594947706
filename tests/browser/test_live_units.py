"""The live drawings of one unit in a real browser: notes, both tests, and where it rests."""

import numpy as np
import pytest
from lab_page import look
from live_page import CAPTION, FRAME, LARGEST_PAGE, Shell

from workshop_utils import figures
from workshop_utils.figures.backward import resting_points
from workshop_utils.figures.live import script
from workshop_utils.figures.live.units import OPENING, notes_of
from workshop_utils.tasks import doors

pytestmark = pytest.mark.browser

NAMES = ("strong", "weak", "negative")
DICE = np.random.default_rng(141)
NOISE = DICE.normal(0, 0.01, (3, 40))
NOISE[:, 0] = (2, 0.1, -0.1)


def run(inputs, W, U, b):
    notes = [np.zeros((len(inputs), 1))]
    for t in range(inputs.shape[1]):
        notes.append(np.tanh(inputs[:, t] @ W + notes[-1] * U + b))
    return np.stack(notes[1:], axis=1)[:, :, 0]


@pytest.fixture
def functions(page):
    page.set_content(FRAME.format(""))
    names = "judgeUnit, notesOf, restsOf, reachOf"
    scripts = script("lstm", "chart", "rests", "unit", "resting")
    page.evaluate(f"() => {{ {scripts}; Object.assign(window, {{{names}}}); }}")
    return page


def test_both_tests_of_a_unit_are_those_of_the_package(functions):
    films, opens = doors.films()
    inputs = doors.encode(films)
    hard = doors.encode(doors.HARD_FILMS)
    solution = [([[-5.0], [5.0], [0.0]], 2.0, 0.0)]
    drawn = [(DICE.uniform(-6, 6, (3, 1)), DICE.uniform(-3, 4), DICE.uniform(-3, 3))
             for _ in range(100)]  # fmt: skip
    for W, U, b in [*solution, *drawn]:
        weights = {"W": np.ravel(W).tolist(), "U": U, "b": b}
        ours = functions.evaluate("weights => judgeUnit(weights)", weights)
        assert ours["right"] == ((run(inputs, W, U, b)[:, -1] > 0) == opens).sum()
        lock, unlock = run(hard, W, U, b)[:, -1]
        np.testing.assert_allclose([ours["lock"], ours["unlock"]], [lock, unlock], atol=1e-12)
    best = functions.evaluate("judgeUnit({W: [-5, 5, 0], U: 2, b: 0})")
    assert best["right"] == best["films"] == 243


def test_notes_and_resting_points_are_those_of_the_package(functions):
    rows = [notes_of(row) for row in NOISE.round(3)]
    given = [dict(OPENING), NOISE.round(3).tolist()]
    ours = functions.evaluate("([weights, rows]) => rows.map(row => notesOf(weights, row))", given)
    np.testing.assert_allclose(ours, rows, rtol=0, atol=1e-12)
    for u in (0.9, 1.2, 2, 3, 6, -0.5, -2):
        found = functions.evaluate(f"restsOf(now => Math.tanh({u} * now))")
        np.testing.assert_allclose([each["at"] for each in found], resting_points(u), atol=1e-9)
        holds = [each["holds"] for each in found]
        assert holds == ([True, False, True] if u > 1 else [u > -1])
    gate = 1 / (1 + np.exp(-4))
    assert functions.evaluate("reachOf(4, 0.5)") == pytest.approx(np.log(0.5) / np.log(gate))


def one_unit(shell):
    figures.one_unit(NOISE, NAMES, CAPTION)
    return shell


def at_rest(shell):
    figures.unit_at_rest(0.9, 3.0, CAPTION)
    return shell


@pytest.mark.parametrize("show", [one_unit, at_rest])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_answers_keys_and_fits(page, monkeypatch, show, width):
    shell = show(Shell(monkeypatch))
    assert len(shell.html.encode()) <= LARGEST_PAGE
    page.set_viewport_size({"width": width, "height": 844})
    page.set_content(shell.page())
    assert not page.locator("body > img").is_visible()
    told = page.locator(".told").first
    before = told.inner_text()
    page.get_by_role("slider").first.press("End")
    assert told.inner_text() != before
    page.get_by_role("button", name="Start again").click()
    assert told.inner_text() == before
    page.get_by_role("status").get_by_text(before.split(".")[0]).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert look(page, "smallestLetters()") >= 9
    assert page.problems == []


def test_the_stored_picture_says_what_the_live_drawing_opens_with(page, monkeypatch):
    shell = at_rest(Shell(monkeypatch))
    described = shell.outputs[1][0]["text/markdown"]
    page.set_content(shell.page())
    told = page.locator(".told").first.inner_text()
    assert "From 0.10, 24 steps lead to 1.00" in told or "24 steps lead to 0.99" in told
    assert told.split("lead to ")[1].rstrip(".") in described.replace("\N{MINUS SIGN}", "-")
