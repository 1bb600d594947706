"""Our cleaner against the code of 2019, on the same tweets."""

import re
from collections.abc import Iterator

import pandas as pd
from measure import Measure, side_by_side

from workshop_utils import text, tweets


def clean_as_written_in_2019(frame: pd.DataFrame) -> pd.Series:
    """Clean the way the 2019 notebook was written: row after row, with apply."""
    lower = frame["text"].apply(lambda t: t.lower())
    kept = lower.apply(lambda t: re.sub(r"[^a-zA-z0-9\s]", "", t))
    return kept.apply(lambda t: t.replace("rt", ""))


def cleaning(rounds: int) -> Iterator[Measure]:
    """Our cleaner on the two-label tweets, against the 2019 code on the same rows."""
    frame = tweets.load_or_twin().frame
    frame = frame[frame["sentiment"] != "Neutral"]
    yield side_by_side(
        "clean the two-label tweets",
        lambda: text.clean_all(frame["text"]),
        lambda: clean_as_written_in_2019(frame),
        against="the 2019 code",
        items=len(frame),
        per="rows",
        rounds=rounds,
        promise=1,
    )
