"""The tweets: as named, in the cache, beside the notebook, at the mirrors; else synthetic ones."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workshop_utils import storage
from workshop_utils.tweets import fetching
from workshop_utils.tweets.reading import (
    COLUMNS,
    LABELS,
    TweetsUnavailable,
    TweetsUnreadable,
    read,
    require_usable,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "LABELS", "Original", "Tweets", "load", "load_or_synthetic", "mask_handles"]
__all__ += ["REAL", "TWEETS_VARIABLE", "TweetsUnavailable", "TweetsUnreadable", "require_usable"]

TWEETS_VARIABLE = "LSTM_WORKSHOP_TWEETS"
OFFLINE_VARIABLE = "LSTM_WORKSHOP_OFFLINE"
_ADVICE = f"Set {TWEETS_VARIABLE} to the path of a Sentiment.csv, or go on with synthetic tweets."
_HANDLE = re.compile(r"@\w+")
_COPY_1 = "adhok/First-GOP-Debate-Twitter-SEntiment/ab1358ecf828265638d8ce8dd7958b5cf1b59b5d"
_COPY_2 = "christellemg/2016-GOP-Debate-Sentiment-Analysis/fc98e60c442ba2e3f96d93bc8fcb21e0d8db80fc"


@dataclass(frozen=True)
class Original:
    """A published file: its name, the digest and number of its bytes, and who serves them."""

    name: str
    sha256: str
    size: int
    mirrors: tuple[str, ...]

    def is_same(self, content: bytes) -> bool:
        """Return whether some bytes are those of the published file."""
        return hashlib.sha256(content).hexdigest() == self.sha256


# "First GOP Debate Twitter Sentiment", CrowdFlower (2015), Data for Everyone library. Both
# addresses name a commit, so that what they serve cannot change.
REAL = Original(
    name="Sentiment.csv",
    sha256="83beb7691f876f9a762613e7c262f7a777a529cccfb96478089e912f1292c61c",
    size=3_967_244,
    mirrors=tuple(
        f"https://raw.githubusercontent.com/{copy}/Sentiment.csv" for copy in (_COPY_1, _COPY_2)
    ),
)


@dataclass(frozen=True)
class Tweets:
    """Labelled tweets, and where they come from.

    Attributes:
        frame: One row a tweet, with the columns of ``tweets.COLUMNS``.
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


def load(path: str | os.PathLike[str] | None = None, *, original: Original = REAL) -> Tweets:
    """Find the tweets: a given path, the setting, the cache, a file nearby, the public copies.

    Nearby means a ``Sentiment.csv`` in the current folder, in ``/content`` (Colab) or in the
    workshop's folder on Drive. Only the published bytes are taken from there and from the
    cache; for another file, give its path.

    Args:
        path: A CSV file of labelled tweets; by default the one that
            ``LSTM_WORKSHOP_TWEETS`` names, if it names one.
        original: The published file; tests give a small one.

    Raises:
        TweetsUnreadable: A file was named, and it is missing or no CSV of tweets.
        TweetsUnavailable: Nothing was named, and the tweets are nowhere to be had.
    """
    named = path if path is not None else os.environ.get(TWEETS_VARIABLE, "").strip()
    if named:
        source = "argument" if path is not None else "setting"
        return _load_own(Path(named).expanduser(), source, original)
    reason = ""
    for place, source in _places(original.name):
        with contextlib.suppress(OSError):
            content = place.read_bytes()
            if original.is_same(content):
                return _published(content, source, original)
            where = "in the cache is damaged" if source == "cache" else f"{place} is another file"
            reason += f"The copy {where}. "
    if os.environ.get(OFFLINE_VARIABLE, "").strip() not in {"", "0"}:
        reason += f"{OFFLINE_VARIABLE} is set, and there is no good copy of the tweets here."
        raise TweetsUnavailable(reason, f"Unset it to fetch them. {_ADVICE}")
    fetched, faults = fetching.fetch(original.mirrors, original.sha256, original.size)
    if fetched is None:
        reason += f"The tweets could not be fetched. {faults}"
        advice = f"Look at the internet connection, then run this again. {_ADVICE}"
        raise TweetsUnavailable(reason, advice)
    return _published(fetched, "mirror", original, _keep(fetched, original.name))


def _places(name: str) -> Iterator[tuple[Path, str]]:
    """Yield where a copy may lie, and what the place is called."""
    yield storage.cache_path() / name, "cache"
    artifacts = storage.artifacts_path()  # in Colab on Drive, where Drive is mounted
    for folder in (Path(), Path("/content"), artifacts.parent, artifacts):
        yield folder / name, "beside"


def load_or_synthetic(
    path: str | os.PathLike[str] | None = None, *, original: Original = REAL
) -> Tweets:
    """Find the tweets as :func:`load` does, or make synthetic ones; print which.

    Raises:
        TweetsUnreadable: A file was named, and it cannot be read or learnt from. A mistake
            in the setting must not be hidden behind invented tweets.
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
        return _published(content, source, original)
    frame, encoding, left_out = read(content, where)
    sentence = (
        f"Your own file: {len(frame):,} tweets, read as {encoding}. It is not the published file, "
        "so checks that speak of the real tweets are skipped."
    )
    if left_out:
        sentence += f" Rows left out, because they lack a text or a label: {left_out:,}."
    return Tweets(frame, source, False, sentence, hashlib.sha256(content).hexdigest(), where)


def _published(content: bytes, source: str, original: Original, not_kept: str = "") -> Tweets:
    """Read bytes whose hash is right. The sentence is the same wherever they came from."""
    frame, _, _ = read(content, original.name)
    sentence = f"The real tweets: {len(frame):,} rows, the published file byte for byte."
    return Tweets(frame, source, True, f"{sentence} {not_kept}".strip(), original.sha256)


def _keep(content: bytes, name: str) -> str:
    """Put the bytes into the cache in one step; return a sentence if that is not possible."""
    try:
        with storage.atomic_path(storage.cache_path() / name) as part:
            part.write_bytes(content)
    except OSError as error:
        return f"They could not be kept for next time: {error}"
    return ""


def _synthetic(reason: str) -> Tweets:
    """Make synthetic tweets and say plainly what they are."""
    from workshop_utils import synthetic_tweets

    frame = synthetic_tweets.make()
    sentence = (
        f"Synthetic tweets: {len(frame):,} invented ones of the same shape as the real tweets. "
        f"No number measured on them says anything about the real tweets. Why: {reason}"
    )
    return Tweets(frame, "synthetic", False, sentence)
