"""The sentence reader for a classifier: figures draw it, and know no classifier."""

from __future__ import annotations

from workshop_utils.figures import sentence_reader
from workshop_utils.sentiment import page_export
from workshop_utils.sentiment.classifier import SentimentClassifier

CAPTION = "Each word moves P(positive); press a word to leave it out, or type a text of your own."


def read_sentence(classifier: SentimentClassifier, text: str, *, caption: str = CAPTION) -> None:
    """Let a learner type texts, and show how the classifier reads each one word by word.

    The model goes into the output while the cell runs; a stored notebook keeps the picture.

    Args:
        classifier: The saved model.
        text: What is read first.
        caption: One sentence of at most 25 words that says what to notice.
    """
    first = page_export.reading(page_export.rounded(classifier), text)
    sentence_reader(page_export.for_page(classifier), first, caption)
