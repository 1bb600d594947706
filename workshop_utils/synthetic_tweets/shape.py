"""The shape of a file of tweets in numbers: what the twin has in common with the real file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workshop_utils.text import group_ids

if TYPE_CHECKING:
    import pandas as pd


def shape_of(frame: pd.DataFrame) -> dict[str, float]:
    """Measure a file of labelled tweets.

    Args:
        frame: With the columns ``text``, ``sentiment``, ``sentiment_confidence`` and
            ``candidate``.

    Returns:
        Name of a measure to its value: shares of rows from 0 to 1, means per tweet, and
        the groups of copies among the rows that are not neutral.
    """
    text, sentiment = frame["text"], frame["sentiment"]
    confidence = frame["sentiment_confidence"]
    kept = frame[sentiment != "Neutral"]
    groups = group_ids(kept["text"])
    labels_of_group = kept["sentiment"].groupby(groups).nunique()
    characters = np.array([len(words) for words in text])
    words = np.array([len(words.split()) for words in text])
    non_ascii = np.array([not words.isascii() for words in text])
    measured = {
        "negative": (sentiment == "Negative").mean(),
        "neutral": (sentiment == "Neutral").mean(),
        "positive": (sentiment == "Positive").mean(),
        "begins with RT": text.str.startswith("RT ").mean(),
        "distinct texts": text.nunique() / len(text),
        "distinct groups, without neutral": (groups.max() + 1) / len(kept),
        "groups with both labels": (labels_of_group > 1).mean(),
        "handles per tweet": text.str.count(r"@\w").mean(),
        "tags per tweet": text.str.count(r"#\w").mean(),
        "with a link": text.str.contains("http", regex=False).mean(),
        "with &amp;": text.str.contains("&amp;", regex=False).mean(),
        "with a new line": text.str.contains("\n", regex=False).mean(),
        "with a non-ASCII sign": non_ascii.mean(),
        "cut, ends in an ellipsis": text.str.endswith("…").mean(),
        "characters, mean": characters.mean(),
        "characters, spread": characters.std(),
        "words, mean": words.mean(),
        "words, most": words.max(),
        "confidence, mean": confidence.mean(),
        "confidence 1": (confidence == 1).mean(),
        "confidence below 0.5": (confidence < 0.5).mean(),
        "names no candidate": (frame["candidate"] == "No candidate mentioned").mean(),
    }
    return {name: float(value) for name, value in measured.items()}
