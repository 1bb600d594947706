"""The slides in a real browser: every slide of every deck, opened as a file, without internet."""

from pathlib import Path

import pytest
from lab_page import look

from workshop_tools import slides
from workshop_tools.lesson_files import full_path
from workshop_utils.learning.lessons import EVERY

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PRESENT = [lesson for lesson in EVERY if full_path(lesson, ROOT).is_file()]


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.number)
def test_every_slide_can_be_shown(page, lesson):
    path, count = slides.make_deck(lesson, ROOT)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(path.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    for number in range(count):
        look(page, f"toSlide({number})")
        facts = look(page, "slideFacts()")
        assert facts["shown"], f"slide {number + 1} is empty"
        assert facts["high"] <= 722, f"slide {number + 1} does not fit"
        assert facts["undescribed"] == 0, f"slide {number + 1}: a picture without alt text"
        assert facts["smallest"] >= 9, f"slide {number + 1}: letters of {facts['smallest']} pixels"
    assert page.evaluate("Reveal.getTotalSlides()") == count
    assert page.problems == []
    assert page.outside == []


def test_keys_and_hands_stay_with_a_live_drawing(page):
    path, _ = slides.make_deck(PRESENT[0], ROOT)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(path.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    look(page, "toThePlayer()")
    here = page.evaluate("Reveal.getIndices()")
    players = page.locator(".lstm-workshop-live")
    player = players.filter(has=page.get_by_role("button", name="Next")).first
    place = player.locator("strong")
    assert place.inner_text().startswith("1 of ")
    player.get_by_role("button", name="Next").click()
    assert place.inner_text().startswith("2 of ")
    player.get_by_role("button", name="Next").press("Space")
    assert place.inner_text().startswith("3 of ")
    player.get_by_role("button", name="Next").press("ArrowRight")
    assert page.evaluate("Reveal.getIndices()") == here
