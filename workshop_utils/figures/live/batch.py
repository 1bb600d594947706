"""A padded batch, live: a tweet of the reader's own is cleaned, and takes its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workshop_utils.figures.batches import MOST_PLACES, padded_batch
from workshop_utils.figures.live import show_live
from workshop_utils.figures.style import NEGATIVE_BAR, POSITIVE_BAR


def tweet_batch(
    rows: Mapping[str, Sequence[str]],
    tweet: str,
    steps: Sequence[Mapping[str, str]],
    caption: str,
    *,
    vocabulary: Sequence[str],
    places: int = MOST_PLACES,
    title: str = "",
) -> None:
    """Let the reader type a tweet, and see how it is cleaned, padded and masked.

    The last row belongs to the typed tweet. Where a stored notebook keeps no vocabulary, only
    the unknown words of the first tweet are marked.

    Args:
        rows: Name of each text to its tokens, in order, as for :func:`padded_batch`.
        tweet: The tweet to begin with, whose tokens the last row holds.
        steps: The steps of the cleaner, as ``tweets.page_steps`` returns them.
        caption: One sentence of at most 25 words that says what to notice.
        vocabulary: The words that are known.
        places: Length of the array.
        title: What the picture is about.

    Raises:
        ValueError: As for :func:`padded_batch`.
    """
    drawing = padded_batch(rows, places=places, title=title)
    data = {
        "rows": [[name, list(tokens)] for name, tokens in rows.items()],
        "tweet": tweet,
        "steps": [dict(step) for step in steps],
        "places": places,
        "title": title or "The padded batch",
        "look": {
            "--rows": len(rows),
            "--places": places,
            "--word": POSITIVE_BAR,
            "--unknown": NEGATIVE_BAR,
        },
    }
    show_live(
        drawing, caption, "batch", ("sentiment", "batch"), data, list(vocabulary), stored=False
    )
