"""A tweet as it was written, word by word, and the pieces that a word is made of.

The cleaner of notebook 04 drops punctuation and the mark of a retweet. For a network that
reads words in their order these may say something, so here they stay: ``!!!``, ``@name``
and ``#tag`` are words of their own.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

LINK_PATTERN = r"htt(?<=\bhtt)(?:ps?:\S*|p?s?…)"

LINK = "<link>"
"""The word that stands for every web address."""

_WORD = re.compile(
    rf"(?P<link>{LINK_PATTERN})"
    r"|[@#]\w+"  # a name, a tag
    r"|\w+(?:['\u2019]\w+)*"  # a word, with the apostrophes inside it
    r"|[!?.…]+"  # one "!!!" says more than three "!"
    r"|[^\w\s]"  # any other sign, for example an emoji
)


def words_as_written(text: str) -> list[str]:
    """Split a text into words, names, tags, signs and links, in lower case.

    Args:
        text: A tweet.

    Returns:
        The words in their order; :data:`LINK` for each web address. Empty for a text of
        spaces only.
    """
    found = _WORD.finditer(html.unescape(text).lower())
    return [LINK if each["link"] else each[0] for each in found]


@lru_cache(maxsize=100_000)
def pieces(word: str, shortest: int = 3, longest: int = 5, most: int = 16) -> tuple[str, ...]:
    """Cut a word into all its runs of a few characters, its two ends marked.

    ``pieces("not", 3, 4)`` is ``<no``, ``not``, ``ot>``, ``<not``, ``not>``. Words that were
    never seen share pieces with words that were: "#trumpwins" has those of "trump".

    Args:
        word: One word.
        shortest: Characters in the shortest pieces.
        longest: Characters in the longest ones.
        most: Of a long word, only so many pieces are returned, the shortest first.

    Source: Bojanowski et al. 2017, Enriching word vectors with subword information.
    """
    marked = f"<{word}>"
    runs = (
        marked[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(marked) - size + 1)
    )
    return tuple(run for run, _ in zip(runs, range(most), strict=False))
