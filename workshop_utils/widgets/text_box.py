"""Try it: a box for a text of your own, and a bar that shows P(positive) while you type.

The answer is made of escaped text only, so nothing that is typed can become an
element of the page.
"""

from __future__ import annotations

import html
import textwrap
from typing import Any, Protocol

from workshop_utils.figures import Drawing, probability_bar
from workshop_utils.figures.style import FAINT, INK, PAPER, SERIES
from workshop_utils.widgets.output import publish

LONGEST_SHOWN = 60
"""Characters of a text that are repeated beside its answer."""

LONGEST_TITLE = 40
"""Characters of it that fit above the picture."""


class Answer(Protocol):
    """What is shown: :class:`workshop_utils.classifier.Prediction` is one."""

    @property
    def label(self) -> str:
        """``"negative"`` or ``"positive"``."""

    @property
    def positive(self) -> float:
        """P(positive), in 0 to 1."""

    @property
    def tokens(self) -> int:
        """How many words were read."""

    @property
    def empty(self) -> bool:
        """Whether nothing was left to read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be read, in plain words."""


class Reader(Protocol):
    """Who answers: :class:`workshop_utils.classifier.SentimentClassifier` is one."""

    @property
    def threshold(self) -> float:
        """P(positive) from which on a text is called positive."""

    def predict(self, text: str, /) -> Answer:
        """Answer one text."""


def text_box(classifier: Reader, text: str = "") -> None:
    """Show a box to write in, and below it what the model says of the text in it.

    Where no widget can run (no ipywidgets, no notebook), a picture of the answer to
    the first text is shown alone; ``classifier.predict`` gives the same answers.

    Args:
        classifier: Gives the answers, and names its threshold.
        text: What stands in the box at first.
    """
    answer = classifier.predict(text)
    caption = f"The text box before you write in it: {_verdict(answer)}, as the bar shows."
    drawing = draw_answer(classifier, text)
    publish(drawing, caption, lambda ipywidgets: _build(ipywidgets, classifier, text))


def draw_answer(classifier: Reader, text: str) -> Drawing:
    """Draw the answer to one text, for pages where no widget can run.

    Args:
        classifier: As for :func:`text_box`.
        text: The text; of a long one the beginning is repeated.

    Returns:
        The bar and its threshold; its description says the label and both numbers.
    """
    answer = classifier.predict(text)
    title = f"“{shortened(text, LONGEST_TITLE)}”: {_verdict(answer)}"
    return probability_bar(answer.positive, classifier.threshold, title=title)


def answer_as_html(text: str, answer: Answer, threshold: float) -> str:
    """Write an answer as HTML in which every character of the text is only text.

    Args:
        text: What was answered.
        answer: What the model says of it.
        threshold: From where on a text is called positive.

    Returns:
        The verdict, a bar, and what could not be read. A screen reader is told the
        verdict when it changes; the bar is for the eye alone.
    """
    read = f"{answer.tokens} word{'' if answer.tokens == 1 else 's'} read"
    numbers = "" if answer.empty else f", P(positive) = {answer.positive:.2f}"
    said = f"<b>{html.escape(_verdict(answer))}</b>{numbers}; the threshold is {threshold:.2f}"
    notes = html.escape("; ".join((read, *answer.notes)))
    return (
        f'<div role="status"><p>{said}</p>{_bar(answer, threshold)}'
        f"<p>{notes}. The text: “{html.escape(shortened(text))}”</p></div>"
    )


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return the beginning of a text on one line, cut between two words where it is long.

    Args:
        text: The text.
        longest: Characters that the result may have.
    """
    line = " ".join(text[: 8 * longest].split())
    short = textwrap.shorten(line, longest, placeholder=" …")
    # A first word that is too long is no word of a language; it is cut anywhere.
    return short if short != "…" else f"{line[: longest - 2]} …"


def _verdict(answer: Answer) -> str:
    """The label; none where nothing could be read, since it would mean nothing."""
    return "no answer" if answer.empty else answer.label


def _bar(answer: Answer, threshold: float) -> str:
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


def _build(ipywidgets: Any, classifier: Reader, text: str) -> Any:
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
