"""Try it: a box for a text of your own, and a bar that shows P(positive) while you type.

The answer is made of escaped text only, so nothing that is typed can become an
element of the page.
"""

from __future__ import annotations

import html
import textwrap
from typing import Any

from workshop_utils.figures.style import FAINT, INK, PAPER, SERIES
from workshop_utils.learning.widgets.output import publish

LONGEST_SHOWN = 60
"""Characters of a text that are repeated beside its answer."""


def text_box(classifier: Any, text: str = "") -> None:
    """Show a box to write in, and below it what the model says of the text in it.

    Where no widget can run (no ipywidgets, no notebook), the answer to the first text is
    shown alone; ``classifier.predict`` gives the same answers.

    Args:
        classifier: Gives the answers and names its threshold, as
            :class:`workshop_utils.sentiment.classifier.SentimentClassifier` does.
        text: What stands in the box at first.
    """
    answer, threshold = classifier.predict(text), classifier.threshold
    said = f"{answer.label}, P(positive) = {answer.positive:.2f}; threshold {threshold:.2f}"
    publish(
        answer_as_html(text, answer, threshold),
        f"“{shortened(text)}”: {said}",
        lambda ipywidgets: _build(ipywidgets, classifier, text),
    )


def answer_as_html(text: str, answer: Any, threshold: float) -> str:
    """Write an answer as HTML in which every character of the text is only text.

    Args:
        text: What was answered.
        answer: What the model says of it, a
            :class:`~workshop_utils.sentiment.classifier.Prediction`.
        threshold: From where on a text is called positive.

    Returns:
        The verdict, a bar, and what could not be read. A screen reader is told the
        verdict when it changes; the bar is for the eye alone.
    """
    read = f"{answer.tokens} word{'' if answer.tokens == 1 else 's'} read"
    numbers = "" if answer.empty else f", P(positive) = {answer.positive:.2f}"
    said = f"<b>{html.escape(answer.label)}</b>{numbers}; the threshold is {threshold:.2f}"
    notes = html.escape("; ".join((read, *answer.notes)))
    return (
        f'<div role="status"><p>{said}</p>{_bar(answer, threshold)}'
        f"<p>{notes}. The text: “{html.escape(shortened(text))}”</p></div>"
    )


def shortened(text: str) -> str:
    """Return the beginning of a text on one line, cut between two words where it is long."""
    line = " ".join(text[: 8 * LONGEST_SHOWN].split())
    short = textwrap.shorten(line, LONGEST_SHOWN, placeholder=" …")
    # A first word that is too long is no word of a language; it is cut anywhere.
    return short if short != "…" else f"{line[: LONGEST_SHOWN - 2]} …"


def _bar(answer: Any, threshold: float) -> str:
    """A bar from 0 to 1 with a mark at the threshold."""
    filled = 0.0 if answer.empty else 100 * answer.positive
    ground = f"position:relative;height:1.4em;max-width:40em;background:{FAINT}"
    mark = (
        f"position:absolute;top:-4px;bottom:-4px;left:{100 * threshold:.1f}%;width:3px;"
        f"background:{INK};border:1px solid {PAPER}"
    )
    return (
        f'<div aria-hidden="true" style="{ground}">'
        f'<div style="width:{filled:.1f}%;height:100%;background:{SERIES[0]}"></div>'
        f'<div style="{mark}"></div></div>'
    )


def _build(ipywidgets: Any, classifier: Any, text: str) -> Any:
    """Make the box and what follows it."""
    box = ipywidgets.Textarea(
        value=text,
        description="Your text",
        placeholder="Write a sentence in English.",
        continuous_update=True,
        rows=3,
        layout=ipywidgets.Layout(width="40em", max_width="100%"),
    )
    answer = ipywidgets.HTML()

    def follow(text: str) -> None:
        answer.value = answer_as_html(text, classifier.predict(text), classifier.threshold)

    # The output stays empty; it is there to show an error, should one occur.
    errors = ipywidgets.interactive_output(follow, {"text": box})
    return ipywidgets.VBox([box, answer, errors])
