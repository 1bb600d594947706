"""The tweets are looked for, verified, read, cleaned, grouped and split here.

They are taken as named, from the cache, beside the notebook or from the mirrors; where none can
be had, synthetic ones take their place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workshop_utils.runtime import storage
from workshop_utils.tweets import fetching, reading
from workshop_utils.tweets.cleaning import (
    KINDS,
    STEPS,
    Step,
    clean,
    clean_2019,
    clean_all,
    clean_by,
    page_steps,
)
from workshop_utils.tweets.reading import TweetsUnavailable, TweetsUnreadable, require_usable
from workshop_utils.tweets.splits import (
    Split,
    connected_groups,
    group_ids,
    grouped_split,
    normalise,
    random_split,
)
from workshop_utils.tweets.vocabulary import fit_vocabulary, pad, to_sequences, words

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "KINDS",
    "STEPS",
    "TWEETS_VARIABLE",
    "Split",
    "Step",
    "Tweets",
    "TweetsUnavailable",
    "TweetsUnreadable",
    "clean",
    "clean_2019",
    "clean_all",
    "clean_by",
    "connected_groups",
    "fit_vocabulary",
    "group_ids",
    "grouped_split",
    "load",
    "load_or_synthetic",
    "mask_handles",
    "normalise",
    "pad",
    "page_steps",
    "random_split",
    "require_usable",
    "to_sequences",
    "words",
]

TWEETS_VARIABLE = "LSTM_WORKSHOP_TWEETS"
OFFLINE_VARIABLE = "LSTM_WORKSHOP_OFFLINE"
_ADVICE = f"Set {TWEETS_VARIABLE} to the path of a Sentiment.csv, or go on with synthetic tweets."


@dataclass(frozen=True)
class Tweets:
    """Labelled tweets, and where they come from.

    Attributes:
        frame: One row a tweet, with the columns of ``reading.COLUMNS``.
        source: ``argument``, ``setting``, ``cache``, ``beside``, ``mirror`` or ``synthetic``.
        is_real: Whether these are the published tweets, byte for byte.
        sentence: What these tweets are, in words.
        sha256: Digest of the file's bytes; empty for synthetic tweets.
        name: What the file is called in an error message.
    """

    frame: pd.DataFrame
    source: str
    is_real: bool
    sentence: str
    sha256: str = ""
    name: str = "The file"


def load(path: str | os.PathLike[str] | None = None) -> Tweets:
    """Find the tweets: a given path, the setting, the cache, a file nearby, the public copies.

    Nearby means a ``Sentiment.csv`` in the current folder, in ``/content`` (Colab) or in the
    workshop's folder on Drive. Only the published bytes are taken from there and from the
    cache; for another file, give its path.

    Args:
        path: A CSV file of labelled tweets; by default the one that
            ``LSTM_WORKSHOP_TWEETS`` names, if it names one.

    Raises:
        TweetsUnreadable: A file was named, and it is missing or no CSV of tweets.
        TweetsUnavailable: Nothing was named, and the tweets are nowhere to be had.
    """
    named = path if path is not None else os.environ.get(TWEETS_VARIABLE, "").strip()
    if named:
        return _load_own(Path(named).expanduser(), "setting" if path is None else "argument")
    reason = ""
    cached = storage.cache_path() / fetching.NAME
    artifacts = storage.artifacts_path()  # in Colab on Drive, where Drive is mounted
    nearby = (Path(), Path("/content"), artifacts.parent, artifacts)
    for file in (cached, *(folder / fetching.NAME for folder in nearby)):
        with contextlib.suppress(OSError):
            content = file.read_bytes()
            if fetching.is_published(content):
                return _published(content, "cache" if file == cached else "beside")
            where = "in the cache is damaged" if file == cached else f"{file} is another file"
            reason += f"The copy {where}. "
    if os.environ.get(OFFLINE_VARIABLE, "").strip() not in {"", "0"}:
        reason += f"{OFFLINE_VARIABLE} is set, and there is no good copy of the tweets here."
        raise TweetsUnavailable(reason, f"Unset it to fetch them. {_ADVICE}")
    fetched, faults = fetching.fetch()
    if fetched is None:
        reason += f"The tweets could not be fetched. {faults}"
        advice = f"Look at the internet connection, then run this again. {_ADVICE}"
        raise TweetsUnavailable(reason, advice)
    not_kept = ""
    try:
        with storage.atomic_path(cached) as part:
            part.write_bytes(fetched)
    except OSError as error:
        not_kept = f" They could not be kept for next time: {error}"
    return _published(fetched, "mirror", not_kept)


def load_or_synthetic() -> Tweets:
    """Find the tweets as :func:`load` does, or make synthetic ones; print which.

    Raises:
        TweetsUnreadable: A file was named, and it cannot be read or learnt from. A mistake
            in the setting must not be hidden behind invented tweets.
    """
    try:
        tweets = load()
        if not tweets.is_real:
            require_usable(tweets.frame, tweets.name)
    except TweetsUnreadable:
        raise
    except TweetsUnavailable as unavailable:
        from workshop_utils.tweets import synthetic

        frame = synthetic.make()
        sentence = (
            f"Synthetic tweets: {len(frame):,} invented ones of the same shape as the real tweets. "
            "No number measured on them says anything about the real tweets. "
            f"Why: {unavailable.reason}"
        )
        tweets = Tweets(frame, "synthetic", False, sentence)
    print(tweets.sentence)
    return tweets


def mask_handles(text: str) -> str:
    """Replace each handle by "@user", for showing: nobody agreed to stand in a lesson."""
    return re.sub(r"@\w+", "@user", text)


def _load_own(path: Path, source: str) -> Tweets:
    """Read a file that the user named."""
    where = f"{path} ({'given as path' if source == 'argument' else TWEETS_VARIABLE})"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TweetsUnreadable(
            f"{where} cannot be read ({error.strerror or error}). Give the path of a CSV file "
            f"of tweets, or unset {TWEETS_VARIABLE} to fetch the published one."
        ) from error
    if fetching.is_published(content):
        return _published(content, source)
    frame, encoding, left_out = reading.read(content, where)
    sentence = (
        f"Your own file: {len(frame):,} tweets, read as {encoding}. It is not the published file, "
        "so checks that speak of the real tweets are skipped."
    )
    if left_out:
        sentence += f" Rows left out, because they lack a text or a label: {left_out:,}."
    return Tweets(frame, source, False, sentence, hashlib.sha256(content).hexdigest(), where)


def _published(content: bytes, source: str, not_kept: str = "") -> Tweets:
    """Read bytes whose hash is right. The sentence is the same wherever they came from."""
    frame, _, _ = reading.read(content, fetching.NAME)
    sentence = f"The real tweets: {len(frame):,} rows, the published file byte for byte.{not_kept}"
    return Tweets(frame, source, True, sentence, fetching.SHA256)
