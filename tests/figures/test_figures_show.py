"""How a figure is published: one sentence seen, the rest folded, and how values are worded."""

import base64
import io
import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workshop_utils import figures
from workshop_utils.figures import alt as describe
from workshop_utils.figures import drawing


class Shell:
    """Records what ``display`` is asked to publish."""

    def __init__(self, monkeypatch):
        import IPython
        import IPython.display

        self.published = []
        monkeypatch.setattr(IPython, "get_ipython", lambda: self)
        monkeypatch.setattr(IPython.display, "display", self.display)

    def display(self, data, metadata=None, raw=False):
        assert raw
        self.published.append((data, metadata))


CAPTION = "Four of five tweets are negative, so guessing is right often."


def test_show_publishes_the_picture_then_one_sentence_and_the_rest_folded(monkeypatch):
    shell = Shell(monkeypatch)
    made = figures.bars(["negative", "positive"], [8493, 2236], title="Tweets", xlabel="tweets")
    assert figures.show(made, CAPTION) is None
    (picture, metadata), (below, _) = shell.published
    width = metadata["image/png"]["width"]
    height = metadata["image/png"]["height"]
    png = Image.open(io.BytesIO(base64.b64decode(picture["image/png"])))
    assert png.size == (2 * width, 2 * height)
    assert png.info["Description"] == CAPTION
    assert metadata["image/png"]["alt"] == below["text/plain"] == CAPTION
    assert picture["text/plain"] == f"Figure: {CAPTION}"
    seen, folded = below["text/markdown"].split("<details>")
    assert seen.strip() == f"**Figure.** {CAPTION}"
    assert made.alt in folded
    assert below["text/markdown"].count(made.alt) == 1


def test_show_without_a_notebook_prints_the_words(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    made = figures.bars(["a", "b"], [2, 1])
    figures.show(made, CAPTION)
    assert capsys.readouterr().out == f"Figure: {CAPTION} {made.alt}\n"


@pytest.mark.parametrize("caption", ["short", "", "word " * (drawing.LONGEST_CAPTION + 1)])
def test_a_caption_is_one_sentence_that_can_be_read_at_a_glance(caption):
    with pytest.raises(ValueError, match="25 words or fewer that says what to notice"):
        figures.show(figures.bars(["a"], [1]), caption)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_escapes_lose_nothing(text):
    escaped = drawing.escaped(text)
    plain = ""
    letters = iter(escaped)
    for letter in letters:
        plain += next(letters) if letter == "\\" else letter
    assert plain == text
    assert escaped.count("$") == escaped.count("\\$")


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_numbers_keep_three_significant_digits(value):
    read = float(describe.number(value).replace(",", ""))
    assert math.isclose(read, value, rel_tol=0.00501)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1, 2, 3], "rises from 1 at 0 to 3 at 2"),
        ([3, 0, 2], "goes from 3 at 0 to 2 at 2, between 0 and 3"),
        ([2, 2, 2], "stays at 2"),
        ([1, 3, math.nan], "goes from 1 at 0 to nan at 2, between 1 and 3"),
    ],
)
def test_course_says_what_the_eye_sees(values, says):
    assert describe.course(range(len(values)), values) == says
