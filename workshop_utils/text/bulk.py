"""Cleaning many tweets at once: the same steps, on thousands of tweets joined into one text.

A step that is called once for each tweet spends most of its time on being called.
So the tweets are joined, each step of :data:`~workshop_utils.text.cleaning.STEPS` goes
over the joined text once, and the result is taken apart. Tests hold the outcome equal
to cleaning one tweet at a time, for any Unicode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from workshop_utils.text import cleaning

_AT_ONCE = 1_000
"""Tweets in one joined text: some hundred thousand characters, which the processor keeps near."""

_MOSTLY_NEW = 0.8
"""From this share of distinct tweets on, remembering them costs more than cleaning them again."""

_BETWEEN = "xendofatweetx"
"""A word that passes every step as it is, and that no tweet holds; see :func:`_clean_joined`."""


def clean_all(texts: Iterable[str]) -> list[str]:
    """Clean many tweets, each as :func:`~workshop_utils.text.clean` does.

    Args:
        texts: A list, an array or a Series of tweets, length n.

    Returns:
        The cleaned texts, length n, in the same order.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    tweets = as_list(texts)
    # Apart, because Python handles a text several times faster when all of it is ASCII.
    plain = iter(_clean_distinct([tweet for tweet in tweets if tweet.isascii()]))
    other = iter(_clean_distinct([tweet for tweet in tweets if not tweet.isascii()]))
    return [next(plain if tweet.isascii() else other) for tweet in tweets]


def clean_2019_all(texts: Iterable[str]) -> list[str]:
    """Clean many tweets with :func:`~workshop_utils.text.clean_2019`.

    Args:
        texts: A list, an array or a Series of tweets, length n.

    Returns:
        The cleaned texts, length n, in the same order.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    return each_once(cleaning.clean_2019, texts)


def each_once(change: Callable[[str], str], texts: Iterable[str]) -> list[str]:
    """Apply a function to many texts, working out each distinct text once.

    Args:
        change: From one text to one text, always the same for the same text.
        texts: A list, an array or a Series of texts, length n.

    Returns:
        The changed texts, length n.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    given = as_list(texts)
    known = {text: change(text) for text in dict.fromkeys(given)}
    return [known[text] for text in given]


def as_list(texts: Iterable[str]) -> list[str]:
    """Return texts as a list, and refuse what is no list of texts.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    if isinstance(texts, str):
        raise TypeError("A list of texts is expected, but one text was given; put it in [ ].")
    # NumPy's and pandas' own way is several times faster than walking through them.
    given = list(texts.tolist() if hasattr(texts, "tolist") else texts)
    for place, text in enumerate(given):
        if not isinstance(text, str):
            raise TypeError(
                f"Each element must be a text, but element {place} is "
                f"{type(text).__name__}; drop the empty ones or convert them with str()."
            )
    return given


def _clean_distinct(tweets: list[str]) -> list[str]:
    """Clean each distinct tweet once, where many are repeated: retweets are."""
    distinct = list(dict.fromkeys(tweets))
    if len(distinct) > _MOSTLY_NEW * len(tweets):
        return _clean_in_parts(tweets)
    known = dict(zip(distinct, _clean_in_parts(distinct), strict=True))
    return [known[tweet] for tweet in tweets]


def _clean_in_parts(tweets: list[str]) -> list[str]:
    """Clean tweets, :data:`_AT_ONCE` of them in one joined text."""
    cleaned: list[str] = []
    for start in range(0, len(tweets), _AT_ONCE):
        cleaned += _clean_joined(tweets[start : start + _AT_ONCE])
    return cleaned


def _clean_joined(tweets: list[str]) -> list[str]:
    """Clean some tweets as one text.

    Between two tweets stands a word on a line of its own. The line ends keep every
    pattern on its side: a link ends at a line end, and "rt" at the end of one tweet
    finds this word, not the handle with which the next tweet begins.
    """
    joined = f"\n{_BETWEEN}\n".join(tweets)
    for step in cleaning.STEPS:
        joined = _FASTER.get(step, step)(joined)
    parts = joined.split(_BETWEEN)
    if len(parts) != len(tweets):  # a tweet does hold the word, or there is no tweet
        return [cleaning.clean(tweet) for tweet in tweets]
    return [part.strip(" ") for part in parts]


def _shorten_stretched(text: str) -> str:
    return _shorten_runs(text, "abcdefghijklmnopqrstuvwxyz", longest=3)


def _one_line(text: str) -> str:
    """Drop repeated spaces; the step before has made spaces of all that separates words."""
    return _shorten_runs(text, " ", longest=1)


def _shorten_runs(text: str, characters: str, longest: int) -> str:
    """Cut repetitions of one ASCII character down to a length, for all places at once.

    Args:
        text: Any text.
        characters: Neighbours in ASCII, in their order; all others are left alone.
        longest: As often a character may stand in a row.
    """
    # Parts of characters beyond ASCII are bytes from 128 on, so they are never meant.
    codes = np.frombuffer(text.encode("utf-8", "surrogatepass"), dtype=np.uint8)
    same = codes[1:] == codes[:-1]
    # A byte goes when the one before is the same, and the one before that, and so on.
    excess = codes[longest:] - np.uint8(ord(characters[0])) < len(characters)
    for back in range(longest):
        excess &= same[longest - 1 - back : same.size - back]
    kept = np.ones(codes.size, dtype=np.bool_)
    kept[longest:] = ~excess
    return codes[kept].tobytes().decode("utf-8", "surrogatepass")


_FASTER: dict[Callable[[str], str], Callable[[str], str]] = {
    cleaning.shorten_stretched: _shorten_stretched,
    cleaning.one_line: _one_line,
}
"""Steps that have a faster form for a long text."""
