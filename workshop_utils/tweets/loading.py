"""The tweets: found in the setting, the cache or the mirrors, or replaced by synthetic ones."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workshop_utils import run_events, storage
from workshop_utils.storage import cache_path
from workshop_utils.tweets.mirrors import MirrorsError, fetch
from workshop_utils.tweets.original import REAL, Original
from workshop_utils.tweets.reading import TweetsUnavailable, TweetsUnreadable, read, require_usable

if TYPE_CHECKING:
    import pandas as pd

TWEETS_VARIABLE = "LSTM_WORKSHOP_TWEETS"
OFFLINE_VARIABLE = "LSTM_WORKSHOP_OFFLINE"
_ADVICE = f"Set {TWEETS_VARIABLE} to the path of a Sentiment.csv, or go on with synthetic tweets."
_HANDLE = re.compile(r"@\w+")


@dataclass(frozen=True)
class Tweets:
    """Labelled tweets, and where they come from.

    Attributes:
        frame: One row a tweet, with the columns of ``tweets.COLUMNS``.
        source: ``argument``, ``setting``, ``cache``, ``mirror`` or ``synthetic``.
        is_real: Whether these are the published tweets, byte for byte. Checks that speak
            of the real tweets are skipped where this is False.
        sentence: What these tweets are, in words.
        sha256: Digest of the file's bytes; empty for synthetic tweets, which have no file.
        name: What the file is called in an error message.
    """

    frame: pd.DataFrame
    source: str
    is_real: bool
    sentence: str
    sha256: str = ""
    name: str = "The file"


def load(path: str | os.PathLike[str] | None = None, *, original: Original = REAL) -> Tweets:
    """Find the tweets: a given path, the setting, the cache, then the public copies.

    What is fetched is checked against the pinned sha256 before it is used or kept.
    The cached copy is checked each time, and fetched again when it was damaged. When the
    cache cannot be written, the tweets are used all the same and fetched again next time.

    Args:
        path: A CSV file of labelled tweets; by default the one that
            ``LSTM_WORKSHOP_TWEETS`` names, if it names one.
        original: The published file; tests give a small one.

    Returns:
        The tweets. A file of the user's own is accepted, but is then not "real".

    Raises:
        TweetsUnreadable: A file was named, and it is missing or no CSV of tweets.
        TweetsUnavailable: Nothing was named, and neither cache nor mirrors have them.
    """
    named = path if path is not None else os.environ.get(TWEETS_VARIABLE, "").strip()
    if named:
        source = "argument" if path is not None else "setting"
        return _load_own(Path(named).expanduser(), source, original)
    # What this notebook costs a machine whose cache is empty, for the table of sizes.
    run_events.note("wanted", name=original.name, bytes=original.size)
    cached = cache_path() / original.name
    content, damaged = _from_cache(cached, original)
    if content is not None:
        return _published(content, "cache", original)
    if os.environ.get(OFFLINE_VARIABLE, "").strip() not in {"", "0"}:
        raise TweetsUnavailable(
            f"{damaged}{OFFLINE_VARIABLE} is set, and the cache holds no good copy of the tweets.",
            f"Unset it to fetch them. {_ADVICE}",
        )
    try:
        content = fetch(original)
    except MirrorsError as failed:
        raise TweetsUnavailable(
            f"{damaged}The tweets could not be fetched. {failed}",
            f"Look at the internet connection, then run this again. {_ADVICE}",
        ) from failed
    tweets = _published(content, "mirror", original)
    not_kept = _keep(content, cached)
    return replace(tweets, sentence=f"{tweets.sentence} {not_kept}") if not_kept else tweets


def load_or_synthetic(
    path: str | os.PathLike[str] | None = None, *, original: Original = REAL
) -> Tweets:
    """Find the tweets, or make synthetic tweets; print one sentence that says which.

    Args:
        path: As in :func:`load`.
        original: As in :func:`load`.

    Returns:
        The tweets, real or invented.

    Raises:
        TweetsUnreadable: A file was named, and it cannot be read. A mistake in the
            setting must not be hidden behind invented tweets.
    """
    try:
        tweets = load(path, original=original)
        if not tweets.is_real:
            require_usable(tweets.frame, tweets.name)
    except TweetsUnreadable:
        raise
    except TweetsUnavailable as unavailable:
        tweets = _synthetic(unavailable.reason)
    print(tweets.sentence)
    return tweets


def mask_handles(text: str) -> str:
    """Replace each handle by "@user", for showing: nobody agreed to stand in a lesson."""
    return _HANDLE.sub("@user", text)


def _load_own(path: Path, source: str, original: Original) -> Tweets:
    """Read a file that the user named."""
    where = f"{path} ({'given as path' if source == 'argument' else TWEETS_VARIABLE})"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TweetsUnreadable(
            f"{where} cannot be read ({error.strerror or error}). Give the path of a CSV file "
            f"of tweets, or unset {TWEETS_VARIABLE} to fetch the published one."
        ) from error
    if original.is_same(content):
        run_events.note("wanted", name=original.name, bytes=original.size)
        return _published(content, source, original)
    reading = read(content, where)
    sentence = (
        f"Your own file: {len(reading.frame):,} tweets, read as {reading.encoding}. It is not the "
        "published file, so checks that speak of the real tweets are skipped."
    )
    if reading.left_out:
        sentence += f" Rows left out, because they lack a text or a label: {reading.left_out:,}."
    digest = hashlib.sha256(content).hexdigest()
    return Tweets(reading.frame, source, False, sentence, digest, where)


def _published(content: bytes, source: str, original: Original) -> Tweets:
    """Read bytes whose hash is right. The sentence is the same wherever they came from."""
    frame = read(content, original.name).frame
    sentence = f"The real tweets: {len(frame):,} rows, the published file byte for byte."
    return Tweets(frame, source, True, sentence, original.sha256)


def _from_cache(cached: Path, original: Original) -> tuple[bytes | None, str]:
    """Return the cached bytes if they are right, and a sentence if they are damaged."""
    try:
        content = cached.read_bytes()
    except OSError:
        return None, ""
    if original.is_same(content):
        return content, ""
    return None, "The copy in the cache is damaged. "


def _keep(content: bytes, cached: Path) -> str:
    """Put the bytes into the cache in one step; return a sentence if that is not possible."""
    try:
        with storage.atomic_path(cached) as part:
            part.write_bytes(content)
    except OSError as error:
        return f"They could not be kept for next time: {error}"
    return ""


def _synthetic(reason: str) -> Tweets:
    """Make synthetic tweets and say plainly what it is."""
    from workshop_utils import synthetic_tweets

    frame = synthetic_tweets.make()
    sentence = (
        f"Synthetic tweets: {len(frame):,} invented ones of the same shape as the real tweets. "
        f"No number measured on them says anything about the real tweets. Why: {reason}"
    )
    return Tweets(frame, "synthetic", False, sentence)
