"""The quizzes: complete files, buttons that explain, and a page for places without a kernel."""

import html.parser
import re
from pathlib import Path
from types import SimpleNamespace

import ipywidgets
import pytest

from workshop_tools.lesson_files import text_path
from workshop_utils import progress, quizzes
from workshop_utils.lessons import EVERY
from workshop_utils.platforms import _CI_VARIABLES
from workshop_utils.quizzes import markup, panel
from workshop_utils.quizzes.questions import FEWEST_QUESTIONS

REPOSITORY = Path(__file__).parents[1]
SUBJECTS = [lesson.subject for lesson in EVERY]
VIEW = "application/vnd.jupyter.widget-view+json"
HOSTILE = "<script>x</script> \"' onx='1 <b &lt; </p></details> $5 and \\(6\\) ![a](b)"

OPTIONS = """
[[question.option]]
text = 'It `grows`, *so* there is n < 2 of it.'
right = false
why = 'No. It has **no** reason to grow.'

[[question.option]]
text = 'It stays.'
right = true
why = 'Yes: $W$ and $U$ stay.'
"""
QUESTION = f"[[question]]\nask = '''\nWhat happens\nto it?'''\n{OPTIONS}"
FILE = QUESTION * FEWEST_QUESTIONS


class Elements(html.parser.HTMLParser):
    """The elements and the attributes of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, *(name for name, _ in attributes)))

    def handle_data(self, data):
        self.text += data


# The files.


def test_each_notebook_has_a_quiz_and_each_quiz_a_notebook():
    assert quizzes.names() == sorted(SUBJECTS)


@pytest.mark.parametrize("lesson", EVERY, ids=SUBJECTS)
def test_each_text_shows_its_own_quiz_under_its_heading(lesson):
    text = text_path(lesson, REPOSITORY).read_text(encoding="utf-8")
    assert re.findall(r"^quizzes\.show\((.*)\)$", text, re.MULTILINE) == [f'"{lesson.subject}"']
    section = text.partition("\n## Quiz\n")[2].partition("\n## ")[0]
    assert f'quizzes.show("{lesson.subject}")' in section


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_letter_does_not_give_the_right_answer_away(name):
    quiz = quizzes.load(name)
    assert len(quiz) >= FEWEST_QUESTIONS
    right = [option.letter for question in quiz for option in question.options if option.right]
    assert len(right) == len(quiz)
    assert len(set(right)) > 1


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_mark_in_a_text_is_closed(name):
    for question in quizzes.load(name):
        for text in (question.text, *(t for o in question.options for t in (o.text, o.why))):
            assert not re.search(r"[`$*\n]", markup.as_plain(text)), text


def test_a_file_is_read():
    first, *others = quizzes.parse(FILE, "x")
    assert (first.number, first.text) == (1, "What happens to it?")
    assert [(each.letter, each.right) for each in first.options] == [("A", False), ("B", True)]
    assert first.options[1].why == "Yes: $W$ and $U$ stay."
    assert [question.number for question in others] == [2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question = ", "The quiz x: Invalid value"),
        ("", "an entry is missing, unknown or of another type"),
        ("question = [1]", "of another type"),
        (QUESTION * 2, "2 question.s.; expected at least 3"),
        (FILE.replace("What happens\nto it?", "", 1), "question 1 asks nothing"),
        (FILE + "[[question]]\nask = 'So?'\noption = []", "question 4 has 0 right options of 0"),
        (FILE.replace("'It stays.'", "1", 1), "of another type"),
        (FILE.replace("'It stays.'", "'$n$'", 1), "option B holds a formula"),
        (FILE.replace("'It stays.'", "' '", 1), "question 1, option B says nothing"),
        (FILE.replace("right = true", "right = 'yes'", 1), "of another type"),
        (FILE.replace("right = true", "wright = true", 1), "of another type"),
        (FILE.replace("right = true", "right = true\nhint = 1", 1), "unknown or of another type"),
        (FILE.replace("Yes: $W$ and $U$ stay.", "Yes. So.", 1), "option B has no explanation"),
        (FILE.replace("Yes: ", "Because ", 1), "option B needs an explanation that begins with 'Y"),
        (FILE.replace("No. ", "Yes. ", 1), "option A needs an explanation that begins with 'No.'"),
        (FILE.replace("right = false", "right = true", 1), "question 1 has 2 right options"),
        (FILE.replace("right = true", "right = false", 1), "question 1 has 0 right options"),
    ],
)
def test_a_file_that_is_not_complete_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        quizzes.parse(text, "x")


@pytest.mark.parametrize("name", ["nothing", "../quizzes/inference", ""])
def test_an_unknown_quiz_is_refused_with_the_names_of_the_others(name):
    with pytest.raises(ValueError, match=r"no quiz called .*; there are .*gate_walkthrough, in"):
        quizzes.show(name)


# The markup.


@pytest.mark.parametrize(
    ("text", "page", "plain"),
    [
        ("`a<b` and *so*", "<code>a&lt;b</code> and <em>so</em>", "a<b and so"),
        ("**all `$x` of it**", "<b>all <code>$x</code> of it</b>", "all $x of it"),
        ("$a < b_1 * c * d$", "$a &lt; b_1 * c * d$", "a < b_1 * c * d"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("$5 and $6", "<span>$</span>5 and <span>$</span>6", "$5 and $6"),
        ("\\(x\\)", "<span>\\</span>(x<span>\\</span>)", "\\(x\\)"),
        ("", "", ""),
    ],
)
def test_marks_become_elements_and_all_else_is_text(text, page, plain):
    assert markup.as_html(text) == page
    assert markup.as_plain(text) == plain


# The page without a kernel.


def test_the_page_hides_each_explanation_behind_its_option():
    page = quizzes.as_html(quizzes.parse(FILE, "x"))
    assert page.count("<details>") == 2 * FEWEST_QUESTIONS
    assert "<b>1. What happens to it?</b>" in page
    assert (
        "<details><summary>A. It <code>grows</code>, <em>so</em> there is n &lt; 2 of it."
        "</summary><p>✗ No. It has <b>no</b> reason to grow.</p></details>"
    ) in page


def hostile_quiz():
    options = (
        quizzes.Option("A", HOSTILE, False, f"No. {HOSTILE}"),
        quizzes.Option("B", "b", True, "Yes. It is b."),
    )
    return (quizzes.Question(1, HOSTILE, options),)


def test_a_hostile_text_is_only_text_on_the_page():
    read = Elements(quizzes.as_html(hostile_quiz()))
    allowed = {("div",), ("p",), ("p", "style"), ("b",), ("details",), ("summary",), ("span",)}
    assert set(read.found) <= allowed
    assert sum(element == ("details",) for element in read.found) == 2
    assert read.text.count(HOSTILE) == 3


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
    first, second = made.button(2, "A"), made.button(2, "B")
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
    known = progress.look().record.quizzes["inference", 2]
    assert (known.letter, known.tries) == ("B", 1)
    assert known.right == quizzes.load("inference")[1].options[1].right
