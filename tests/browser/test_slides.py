"""The slides in a real browser: every slide of every deck, opened as a file, without internet."""

from pathlib import Path

import pytest

from workshop_tools import slides
from workshop_tools.lesson_files import full_path
from workshop_utils.lessons import EVERY

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PRESENT = [lesson for lesson in EVERY if full_path(lesson, ROOT).is_file()]
FACTS = """() => {
  const slide = Reveal.getCurrentSlide();
  const images = [...slide.querySelectorAll('img')];
  return {
    shown: slide.innerText.trim().length,
    high: slide.getBoundingClientRect().height,
    undescribed: images.filter(image => !image.alt || !image.naturalWidth).length,
  };
}"""


@pytest.mark.parametrize("lesson", PRESENT, ids=lambda lesson: lesson.number)
def test_every_slide_can_be_shown(page, lesson):
    path, count = slides.make_deck(lesson, ROOT)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(path.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    for number in range(count):
        page.evaluate(f"Reveal.slide({number})")
        facts = page.evaluate(FACTS)
        assert facts["shown"], f"slide {number + 1} is empty"
        assert facts["high"] <= 722, f"slide {number + 1} does not fit"
        assert facts["undescribed"] == 0, f"slide {number + 1}: a picture without alt text"
    assert page.evaluate("Reveal.getTotalSlides()") == count
    assert page.problems == []
    assert page.outside == []
