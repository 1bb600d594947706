"""The text box answers while one writes, escapes what it repeats, and has a picture without."""

import sys
from types import SimpleNamespace

import ipywidgets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_elements import Elements

from workshop_utils.learning import widgets
from workshop_utils.sentiment.classifier import Prediction

text_box = sys.modules["workshop_utils.learning.widgets.text_box"]
VIEW = "application/vnd.jupyter.widget-view+json"


class Reader:
    """Calls a text positive that holds "great"; knows no word longer than eight letters."""

    threshold = 0.35

    def predict(self, text):
        words = text.split()
        positive = 0.8 if "great" in words else 0.1
        unknown = sum(len(word) > 8 for word in words) / max(len(words), 1)
        label = "positive" if positive >= self.threshold else "negative"
        notes = ("half of the words are unknown",) if unknown > 0.4 else ()
        if not words:
            label = "cannot tell"
        return Prediction(text, label, positive, len(words), unknown, False, notes)


def answer(text):
    return text_box.answer_as_html(text, Reader().predict(text), Reader.threshold)


@pytest.fixture
def box():
    return text_box._build(ipywidgets, Reader(), "a great night")


def test_the_answer_follows_what_is_written(box):
    field, said, errors = box.children
    assert field.value == "a great night"
    assert "<b>positive</b>, P(positive) = 0.80; the threshold is 0.35" in said.value
    assert "3 words read." in said.value
    assert "width:80.0%" in said.value
    assert "left:35.0%" in said.value
    field.value = "incomprehensible"
    assert "<b>negative</b>, P(positive) = 0.10" in said.value
    assert "1 word read; half of the words are unknown." in said.value
    assert errors.outputs == ()


def test_where_nothing_can_be_read_there_is_no_answer(box):
    field, said, _ = box.children
    field.value = "   "
    assert "<b>cannot tell</b>; the threshold" in said.value
    assert "0 words read." in said.value
    assert "width:0.0%" in said.value
    assert "P(positive)" not in said.value


def test_a_screen_reader_is_told_the_answer_and_spared_the_bar():
    page = answer("a great night")
    assert page.startswith('<div role="status"><p><b>positive</b>')
    assert page.count('aria-hidden="true"') == 1


PLAIN = Elements(answer("great")).found


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | st.sampled_from(["<script>", "</div>", "&lt;b>", "' onx='", '"><b ']))
def test_no_text_becomes_an_element(text):
    read = Elements(answer(text))
    assert read.found == PLAIN
    assert read.text.endswith(f"The text: “{text_box.shortened(text)}”")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\n two", "one two"),
        ("", ""),
        ("word " * 50, "word " * 11 + "…"),
        ("x" * 1_000_000, "x" * 58 + " …"),
    ],
)
def test_of_a_long_text_the_beginning_is_repeated(text, shown):
    assert text_box.shortened(text) == shown
    assert len(text_box.shortened(text)) <= text_box.LONGEST_SHOWN


def test_a_notebook_gets_widget_and_page_in_one_output(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=1))
    monkeypatch.setattr(IPython.display, "display", lambda data, raw=False: shown.append(data))
    widgets.text_box(Reader(), "a great night")
    assert shown[0][VIEW]["model_id"]
    assert "threshold is 0.35" in shown[0]["text/html"]
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    widgets.text_box(Reader(), "a great night")
    assert VIEW not in shown[1]
    assert shown[1]["text/html"] == shown[0]["text/html"]


def test_outside_of_a_notebook_the_answer_is_printed(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "IPython", None)
    widgets.text_box(Reader(), "a great night")
    assert capsys.readouterr().out.startswith("“a great night”: ")
