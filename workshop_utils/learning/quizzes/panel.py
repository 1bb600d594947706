"""A quiz as buttons; on a page without a kernel, as answers to open.

Only what ipywidgets 7 (Colab) and 8 (JupyterLab) both have is used. The whole answer
is the button, because a learner clicks on what they read.
"""

import textwrap
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from workshop_utils.learning.quizzes.markup import as_html as marked
from workshop_utils.learning.quizzes.markup import as_plain
from workshop_utils.learning.quizzes.questions import Option, Question, load
from workshop_utils.learning.record import record_quiz

Quiz: TypeAlias = tuple[Question, ...]
_WIDTH = 96
# Buttons of ipywidgets cut a long text; in this box they wrap it.
_STYLE = (
    "<style>.workshop-quiz button{white-space:normal;height:auto;min-height:2.2em;"
    "text-align:left;line-height:1.4;padding:.4em .8em}</style>"
)


def show(name: str) -> None:
    """Show the quiz of a notebook; each answer goes into the learner's own file of progress.

    Where no widget can run (no ipywidgets, a page without a kernel), the same output
    shows a list of answers to open: :func:`as_html`.

    Args:
        name: The notebook's name without its number, for example ``"inference"``.

    Raises:
        ValueError: There is no quiz of this name.
    """
    # Here and not above: the lint reads the questions and needs no Matplotlib.
    from workshop_utils.learning.widgets.output import publish

    quiz = load(name)
    publish(as_html(quiz), as_text(quiz), lambda ipywidgets: build(ipywidgets, quiz, name))


def build(ipywidgets: Any, quiz: Quiz, name: str) -> Any:
    """Make the widget of a quiz.

    Args:
        ipywidgets: The module.
        quiz: The questions.
        name: The notebook under which answers are recorded.

    Returns:
        A box with one box a question, and at the end a line that counts.
    """
    solved: set[int] = set()
    count = ipywidgets.HTML(_count(0, len(quiz)))

    def answered(question: Question, option: Option) -> None:
        if option.right:
            # It stays solved when a reader opens the other explanations afterwards.
            solved.add(question.number)
        count.value = _count(len(solved), len(quiz))
        record_quiz(name, question.number, option.letter, option.right)

    parts = [_question(ipywidgets, question, partial(answered, question)) for question in quiz]
    box = ipywidgets.VBox([ipywidgets.HTML(_STYLE), *parts, count])
    box.add_class("workshop-quiz")
    return box


def _question(ipywidgets: Any, question: Question, answered: Callable[[Option], None]) -> Any:
    """Make one question: its text, a button for each option, and room for an explanation."""
    asked = ipywidgets.HTMLMath(f"<p><b>{question.number}. {marked(question.text)}</b></p>")
    explanation = ipywidgets.HTMLMath()

    def choose(option: Option, chosen: Any) -> None:
        # Right and wrong differ by a sign, a word and a colour.
        chosen.description = f"{_sign(option)} {_words(option)}"
        chosen.button_style = "success" if option.right else "danger"
        # A screen reader reads a status when it changes.
        explanation.value = f'<div role="status"><p>{_sign(option)} {marked(option.why)}</p></div>'
        answered(option)

    buttons = []
    for option in question.options:
        layout = ipywidgets.Layout(width="auto", height="auto")
        buttons.append(ipywidgets.Button(description=_words(option), layout=layout))
        buttons[-1].on_click(partial(choose, option))
    return ipywidgets.VBox([asked, *buttons, explanation])


def _words(option: Option) -> str:
    return f"{option.letter}. {as_plain(option.text)}"


def _sign(option: Option) -> str:
    return "✓" if option.right else "✗"


def _count(solved: int, of: int) -> str:
    done = " That is all of them." if solved == of else ""
    return f'<div role="status"><p>Right so far: {solved} of {of} questions.{done}</p></div>'


def as_html(questions: Quiz) -> str:
    """Return a quiz as HTML in which a reader opens an answer to see whether it is right.

    Each option is a closed ``<details>``. Formulas stay between their dollar signs. There is
    no script.
    """
    parts = ["<p>Open an answer to see whether it is right.</p>"]
    for question in questions:
        asked = f"<b>{question.number}. {marked(question.text)}</b>"
        parts.append(f'<p style="margin-top:1em">{asked}</p>')
        parts += [
            f"<details><summary>{option.letter}. {marked(option.text)}</summary>"
            f"<p>{_sign(option)} {marked(option.why)}</p></details>"
            for option in question.options
        ]
    return "<div>\n" + "\n".join(parts) + "\n</div>"


def as_text(questions: Quiz) -> str:
    """Return a quiz as lines of at most 96 characters: the questions, then all explanations."""
    asked = []
    answers = ["Answers"]
    for question in questions:
        asked.append(_paragraph(f"{question.number}. ", question.text))
        asked += [_paragraph(f"   {each.letter}. ", each.text) for each in question.options]
        asked.append("")
        answers += [
            _paragraph(f"{question.number}{each.letter}. ", each.why) for each in question.options
        ]
    return "\n".join(asked + answers)


def _paragraph(label: str, text: str) -> str:
    return textwrap.fill(
        as_plain(text), _WIDTH, initial_indent=label, subsequent_indent=" " * len(label)
    )
