"""The tweets: fetched, checked, read, or replaced by synthetic ones when they cannot be had."""

from workshop_utils.tweets.loading import (
    TWEETS_VARIABLE,
    Tweets,
    load,
    load_or_synthetic,
    mask_handles,
)
from workshop_utils.tweets.original import REAL, Original
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
