"""Which tweets the notebooks will find here, decided once before any of them runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workshop_utils.lessons import CourseError


@dataclass(frozen=True)
class Finding:
    """The answer.

    Attributes:
        kind: ``real`` (the published tweets, byte for byte), ``own`` (another file, which the
            setting names) or ``synthetic`` (the invented ones).
        sentence: Where they come from, or why synthetic tweets are used.
        fetched: Whether they were fetched just now.
        path: The file, where one was asked for.
    """

    kind: Literal["real", "own", "synthetic"]
    sentence: str
    fetched: bool = False
    path: Path | None = None

    @property
    def real(self) -> bool:
        """Whether these are the published tweets."""
        return self.kind == "real"

    @property
    def name(self) -> str:
        """What these tweets are called in a sentence."""
        names = {"real": "the real tweets", "own": "a file of your own"}
        return names.get(self.kind, "synthetic tweets (invented ones)")

    def settings(self, empty: Path) -> dict[str, str]:
        """Return the environment variables that hold a kernel to this decision.

        Args:
            empty: A folder without tweets, to serve as the cache where they are synthetic.
        """
        if self.kind == "synthetic":
            return {"LSTM_WORKSHOP_TWEETS": "", "LSTM_WORKSHOP_CACHE": str(empty)}
        if self.path is not None:
            return {"LSTM_WORKSHOP_TWEETS": str(self.path.expanduser().resolve())}
        # The cache may be one that cannot be written.
        return {"LSTM_WORKSHOP_OFFLINE": "0"} if self.fetched else {}


SYNTHETIC = Finding("synthetic", "Synthetic tweets were asked for.")


def look_for_tweets(path: Path | None = None) -> Finding:
    """Try to get the real tweets, so that notebooks started afterwards find them in the cache.

    Args:
        path: A file of tweets that was asked for; it comes before the setting.

    Returns:
        What was found; that the tweets cannot be fetched is an answer and not an error.

    Raises:
        CourseError: A file was asked for, or set, and cannot be read. That must not be
            hidden behind invented tweets.
    """
    from workshop_utils import tweets

    try:
        found = tweets.load(path) if path else tweets.load()
    except tweets.TweetsUnreadable as error:
        raise CourseError(str(error)) from error
    except tweets.TweetsUnavailable as error:
        return Finding("synthetic", str(error))
    return Finding(
        "real" if found.is_real else "own", found.sentence, found.source == "mirror", path
    )
