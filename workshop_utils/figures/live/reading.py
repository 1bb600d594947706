"""The sentence reader: a text of the reader's own, and the trained classifier that reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.lines import lines
from workshop_utils.figures.live import page, show_live
from workshop_utils.figures.parts import LOOKS
from workshop_utils.figures.style import NEGATIVE_BAR, POSITIVE_BAR

SCRIPTS = ("sentiment", "reader")
_GATES = ("forget", "input", "output")


def sentence_reader(
    model: Mapping[str, Any],
    first: Mapping[str, Any],
    caption: str,
    *,
    examples: Sequence[str] = (),
) -> None:
    """Let the reader type a text, and show how a trained classifier reads it word by word.

    Args:
        model: What ``sentiment.page_export.for_page`` returns.
        first: What ``sentiment.page_export.reading`` returns for the text to begin with.
        caption: One sentence of at most 25 words that says what to notice.
        examples: Other texts to choose from.
    """
    drawing = reading_still(first, model["threshold"])
    data = reader_data(first, model["threshold"], examples)
    show_live(drawing, caption, "reader", SCRIPTS, data, dict(model), stored=False)


def reading_still(first: Mapping[str, Any], threshold: float) -> Drawing:
    """Draw P(positive) after each word of a text, with the threshold."""
    words = list(first["words"]) or ["(no word)"]
    return lines(
        words,
        {"P(positive)": first["positive"]},
        title="P(positive) after each word",
        limits=(0, 1),
        levels={f"threshold {threshold:.2f}": threshold},
    )


def reader_data(
    first: Mapping[str, Any], threshold: float, examples: Sequence[str]
) -> dict[str, Any]:
    """Return what the script needs before the model itself is there."""
    return {
        "first": dict(first),
        "threshold": threshold,
        "examples": list(examples),
        "fills": {gate: LOOKS[gate].fill for gate in _GATES},
        "positive": POSITIVE_BAR,
        "negative": NEGATIVE_BAR,
    }


def reader_page(
    first: Mapping[str, Any], threshold: float, examples: Sequence[str], place: Mapping[str, Any]
) -> str:
    """Return the reader as a piece of a page that keeps the model in a script of its own.

    Args:
        first: As for :func:`sentence_reader`.
        threshold: P(positive) from which on a text is called positive.
        examples: Other texts to choose from.
        place: ``caption`` and ``shown`` of the picture whose place it takes.
    """
    data = {**reader_data(first, threshold, examples), **place}
    return page("reader", SCRIPTS, data)
