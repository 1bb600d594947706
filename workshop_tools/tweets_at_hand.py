"""Which tweets the notebooks will find here, decided once before any of them runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from workshop_utils.learning.lessons import CourseError


@dataclass(frozen=True)
class Finding:
    """The answer.

    Attributes:
        kind: ``real`` (the published tweets, byte for byte), ``own`` (another file, which the
            setting names) or ``synthetic`` (the invented ones).
        sentence: Where they come from, or why synthetic tweets are used.
        settings: Environment variables that hold a kernel to this decision.
    """

    kind: Literal["real", "own", "synthetic"]
    sentence: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def real(self) -> bool:
        """Whether these are the published tweets."""
        return self.kind == "real"

    @property
    def name(self) -> str:
        """What these tweets are called in a sentence."""
        names = {"real": "the real tweets", "own": "a file of your own"}
        return names.get(self.kind, "synthetic tweets (invented ones)")


SYNTHETIC = Finding("synthetic", "Synthetic tweets were asked for.")


def look_for_tweets(path: Path | None = None) -> Finding:
    """Try to get the real tweets, so that notebooks started afterwards find them in the cache.

    Args:
        path: A file of tweets that was asked for; it comes before the setting.

    Returns:
        What was found; that the tweets cannot be fetched is an answer and not an error.

    Raises:
        CourseError: A file was named, and it is missing or no CSV of tweets.
    """
    from workshop_utils import tweets

    try:
        found = tweets.load(path)
    except tweets.TweetsUnreadable as error:
        raise CourseError(str(error)) from error
    except tweets.TweetsUnavailable as error:
        return Finding("synthetic", str(error))
    settings = {}
    if path is not None:
        settings = {"LSTM_WORKSHOP_TWEETS": str(path.expanduser().resolve())}
    elif found.source == "mirror":  # the cache may be one that cannot be written
        settings = {"LSTM_WORKSHOP_OFFLINE": "0"}
    return Finding("real" if found.is_real else "own", found.sentence, settings)
