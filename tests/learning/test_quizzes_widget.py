"""The buttons of a quiz: each explains, is counted and recorded; and what a cell shows."""

from types import SimpleNamespace

import ipywidgets
import pytest
from page_elements import Elements
from sample_quizzes import FILE, HOSTILE, hostile_quiz

from workshop_utils.learning import quizzes, record
from workshop_utils.learning.lessons import EVERY
from workshop_utils.learning.quizzes import markup, panel
from workshop_utils.runtime.platforms import _CI_VARIABLES

SUBJECTS = [lesson.subject for lesson in EVERY]
VIEW = "application/vnd.jupyter.widget-view+json"


# The buttons.


def seven():
    """A stand-in for ipywidgets 7.7 that refuses what 7.7 does not know."""
    layout = {"width", "height", "min_width", "max_width", "flex", "flex_flow", "margin"}
    knows = {
        "Button": {"description", "tooltip", "icon", "button_style", "disabled", "layout"},
        "HTML": {"value", "placeholder", "description", "layout"},
        "HTMLMath": {"value", "placeholder", "description", "layout"},
        "VBox": {"children", "box_style", "layout"},
        "HBox": {"children", "box_style", "layout"},
        "Layout": layout,
    }

    def widget(name):
        def start(self, *positional, **named):
            first = {"VBox": "children", "HBox": "children"}.get(name, "value")
            named |= dict(zip([first], positional, strict=False))
            assert set(named) <= knows[name], f"ipywidgets 7.7 has no {name}({', '.join(named)})"
            self.__dict__ |= {"value": "", "handlers": [], "button_style": "", **named}

        def add_class(self, name):
            assert name

        def on_click(self, handler):
            self.handlers.append(handler)

        def click(self):
            for handler in self.handlers:
                handler(self)

        return type(
            name,
            (),
            {"__init__": start, "on_click": on_click, "click": click, "add_class": add_class},
        )

    return SimpleNamespace(**{name: widget(name) for name in knows})


class Panel:
    """A quiz's widget, taken apart."""

    def __init__(self, module, quiz):
        _, *self.questions, self.count = panel.build(module, quiz, "x").children

    def button(self, number, letter):
        return self.questions[number - 1].children[1:-1]["ABCDEFG".index(letter)]

    def choose(self, number, letter):
        self.button(number, letter).click()
        return self.explanation(number)

    def explanation(self, number):
        return self.questions[number - 1].children[-1].value

    def told(self):
        return Elements(self.count.value).text


@pytest.fixture(params=["installed", "seven"])
def module(request):
    return ipywidgets if request.param == "installed" else seven()


def test_a_wrong_and_then_a_right_choice(module):
    made = Panel(module, quizzes.parse(FILE, "x"))
    assert made.explanation(1) == ""
    assert made.told() == "Right so far: 0 of 3 questions."
    assert made.choose(1, "A") == (
        '<div role="status"><p>✗ No. It has <b>no</b> reason to grow.</p></div>'
    )
    assert made.told() == "Right so far: 0 of 3 questions."
    assert "✓ Yes: $W$ and $U$ stay." in made.choose(1, "B")
    assert made.told() == "Right so far: 1 of 3 questions."
    assert made.explanation(2) == ""


def test_the_whole_answer_is_the_button_and_has_a_sign_and_a_colour(module):
    made = Panel(module, quizzes.parse(FILE, "x"))
    first = made.button(2, "A")
    second = made.button(2, "B")
    assert first.description == "A. It grows, so there is n < 2 of it."
    made.choose(2, "A")
    made.choose(2, "B")
    assert (first.description[0], first.button_style) == ("✗", "danger")
    assert (second.description, second.button_style) == ("✓ B. It stays.", "success")
    assert made.button(1, "A").button_style == ""


def test_each_choice_is_recorded_after_the_page_has_changed(module, monkeypatch):
    calls = []

    def record(name, question, letter, right):
        calls.append((name, question, letter, right, made.told(), bool(made.explanation(question))))

    monkeypatch.setattr(panel, "record_quiz", record)
    made = Panel(module, quizzes.parse(FILE, "x"))
    made.choose(2, "A")
    made.choose(2, "B")
    assert calls == [
        ("x", 2, "A", False, "Right so far: 0 of 3 questions.", True),
        ("x", 2, "B", True, "Right so far: 1 of 3 questions.", True),
    ]


def test_a_hostile_text_is_only_text_in_the_widget(module):
    made = Panel(module, hostile_quiz())
    for value in (made.questions[0].children[0].value, made.choose(1, "A")):
        read = Elements(value)
        assert set(read.found) <= {("div", "role"), ("p",), ("b",), ("span",)}
        assert HOSTILE in read.text


@pytest.mark.parametrize("name", SUBJECTS)
def test_each_quiz_can_be_solved(name, module):
    quiz = quizzes.load(name)
    made = Panel(module, quiz)
    for question in quiz:
        for option in question.options:
            assert markup.as_html(option.why) in made.choose(question.number, option.letter)
    assert (
        made.told() == f"Right so far: {len(quiz)} of {len(quiz)} questions. That is all of them."
    )


# What a cell shows.


@pytest.fixture
def shown(monkeypatch):
    """Pretend that a kernel runs, and keep what is displayed."""
    import IPython.display

    kept = []
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(kernel=None))
    monkeypatch.setattr(IPython.display, "display", lambda data, raw=False: kept.append(data))
    return kept


def test_a_notebook_gets_widget_page_and_text_in_one_output(shown):
    quizzes.show("inference")
    (bundle,) = shown
    quiz = quizzes.load("inference")
    assert bundle["text/html"] == quizzes.as_html(quiz)
    assert bundle["text/plain"] == quizzes.as_text(quiz)
    assert bundle[VIEW]["model_id"]


def test_an_answer_goes_into_the_file_of_progress(shown, monkeypatch):
    for name in _CI_VARIABLES:  # under CI nothing is kept
        monkeypatch.delenv(name, raising=False)
    built = []
    build = panel.build
    monkeypatch.setattr(panel, "build", lambda *given: built.append(build(*given)) or built[-1])
    quizzes.show("inference")
    built[0].children[2].children[2].click()
    known = record.look().record.quizzes["inference", 2]
    assert (known.letter, known.tries) == ("B", 1)
    assert known.right == quizzes.load("inference")[1].options[1].right
