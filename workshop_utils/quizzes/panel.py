"""A quiz with buttons: a choice shows its explanation, and one may choose again.

Only what ipywidgets 7 (Colab) and 8 (JupyterLab) both have is used. An option is a
button beside its text, not a radio button: labels of radio buttons show no
formula, and in ipywidgets 7 a long one runs over the next.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from workshop_utils.progress import record_quiz
from workshop_utils.quizzes.markup import as_html as marked
from workshop_utils.quizzes.markup import as_plain
from workshop_utils.quizzes.pages import as_html, as_text
from workshop_utils.quizzes.questions import Option, Question, load

OnAnswer: TypeAlias = Callable[[int, str, bool], object]
"""Called with the number of a question, the letter of an option, and whether it is right."""

Quiz: TypeAlias = tuple[Question, ...]


def show(name: str, on_answer: OnAnswer | None = None) -> None:
    """Show the quiz of a notebook.

    Where no widget can run (no ipywidgets, a page without a kernel), the same output
    shows a list to open: :func:`workshop_utils.quizzes.as_html`.

    Args:
        name: The notebook's name without its number, for example ``"inference"``.
        on_answer: Called at every choice, after the page has shown it: with the number
            of the question (from 1), the letter of the option, and whether it is right.
            By default the answer goes into the learner's own file of progress.

    Raises:
        ValueError: There is no quiz of this name.
    """
    # Here and not above: the lint reads the questions and needs no Matplotlib.
    from workshop_utils.widgets.output import publish_page

    quiz, told = load(name), on_answer or partial(record_quiz, name)
    publish_page(as_html(quiz), as_text(quiz), lambda ipywidgets: build(ipywidgets, quiz, told))


def build(ipywidgets: Any, quiz: Quiz, on_answer: OnAnswer | None = None) -> Any:
    """Make the widget of a quiz.

    Args:
        ipywidgets: The module.
        quiz: The questions.
        on_answer: As for :func:`show`.

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
        if on_answer is not None:
            on_answer(question.number, option.letter, option.right)

    parts = [_question(ipywidgets, question, answered) for question in quiz]
    return ipywidgets.VBox([*parts, count])


def _question(ipywidgets: Any, question: Question, answered: Callable[..., None]) -> Any:
    """Make one question: its text, a row for each option, and room for an explanation."""
    asked = ipywidgets.HTMLMath(f"<p><b>{question.number}. {marked(question.text)}</b></p>")
    explanation = ipywidgets.HTMLMath()
    buttons = {each.letter: _button(ipywidgets, question, each) for each in question.options}

    def choose(option: Option, _: object) -> None:
        for letter, button in buttons.items():
            button.description = _label(letter, chosen=letter == option.letter)
        # A screen reader reads a status when it changes.
        explanation.value = (
            f'<div role="status"><p><b>{option.letter}.</b> {marked(option.why)}</p></div>'
        )
        answered(question, option)

    rows = []
    for option in question.options:
        buttons[option.letter].on_click(partial(choose, option))
        rows.append(_row(ipywidgets, buttons[option.letter], option))
    return ipywidgets.VBox([asked, *rows, explanation])


def _button(ipywidgets: Any, question: Question, option: Option) -> Any:
    return ipywidgets.Button(
        description=_label(option.letter, chosen=False),
        # Read after the label, so that the button makes sense without its surroundings.
        tooltip=f"Question {question.number}: {as_plain(option.text)}",
        layout=ipywidgets.Layout(width="7em", flex="0 0 auto"),
    )


def _row(ipywidgets: Any, button: Any, option: Option) -> Any:
    words = ipywidgets.HTMLMath(
        marked(option.text), layout=ipywidgets.Layout(flex="1 1 0", min_width="0")
    )
    return ipywidgets.HBox([button, words], layout=ipywidgets.Layout(align_items="center"))


def _label(letter: str, *, chosen: bool) -> str:
    return f"Chosen: {letter}" if chosen else f"Choose {letter}"


def _count(solved: int, of: int) -> str:
    done = " That is all of them." if solved == of else ""
    return f'<div role="status"><p>Right so far: {solved} of {of} questions.{done}</p></div>'
