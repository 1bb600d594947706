"""The tweets: found or fetched, checked, read, or replaced by synthetic ones."""

from workshop_utils.tweets.finding import (
    REAL,
    TWEETS_VARIABLE,
    Original,
    Tweets,
    load,
    load_or_synthetic,
    mask_handles,
)
from workshop_utils.tweets.reading import (
    COLUMNS,
    LABELS,
    TweetsUnavailable,
    TweetsUnreadable,
    require_usable,
)

__all__ = [
    "COLUMNS",
    "LABELS",
    "REAL",
    "TWEETS_VARIABLE",
    "Original",
    "Tweets",
    "TweetsUnavailable",
    "TweetsUnreadable",
    "load",
    "load_or_synthetic",
    "mask_handles",
    "require_usable",
]
