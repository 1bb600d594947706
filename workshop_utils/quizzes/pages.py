"""A quiz for pages on which no widget can run: to open on a web page, or to read as text."""

import textwrap
from collections.abc import Iterable

from workshop_utils.quizzes.markup import as_html as marked
from workshop_utils.quizzes.markup import as_plain
from workshop_utils.quizzes.questions import Question

_WIDTH = 96


def as_html(questions: Iterable[Question]) -> str:
    """Write a quiz as HTML in which a reader opens an answer to see whether it is right.

    Args:
        questions: The quiz.

    Returns:
        Paragraphs, and a closed ``<details>`` for each option. Formulas stay between
        their dollar signs. There is no script.
    """
    parts = ["<p>Open an answer to see whether it is right.</p>"]
    for question in questions:
        asked = f"<b>{question.number}. {marked(question.text)}</b>"
        parts.append(f'<p style="margin-top:1em">{asked}</p>')
        parts += [
            f"<details><summary>{option.letter}. {marked(option.text)}</summary>"
            f"<p>{marked(option.why)}</p></details>"
            for option in question.options
        ]
    return "<div>\n" + "\n".join(parts) + "\n</div>"


def as_text(questions: Iterable[Question]) -> str:
    """Write a quiz as plain text: the questions with their options, then all explanations.

    Args:
        questions: The quiz.

    Returns:
        Lines of at most 96 characters.
    """
    asked, answers = [], ["Answers"]
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
