"""The exercise of notebook 04 on keys: what the copies of a tweet share, and no other tweet has."""

import html
import itertools
import re
from collections.abc import Callable
from typing import Any

from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.tweets import normalise

MODULE = f"{__package__}.preprocessing"
"""The module through which notebook 04 reaches it."""


def solution_group_key(tweet):
    tweet = re.sub(r"https?://\S+|\brt @\w+:?", " ", html.unescape(tweet.lower()))
    return " ".join(re.findall("[a-z0-9]+", tweet))


TEXTS = (
    "vote for change",
    "vote for a change",
    "vote for change now",
    "vote now for change",
    "vote for for change",
    "10 reasons to vote",
    "20 reasons to vote",
    "10 20 reasons to vote",
    "no one won",
    "noone won",
    "man bites dog in ohio",
    "dog bites man in ohio",
    "rt if you agree",
    "if you agree",
    "start cnn the art of it",
    "sta the art of it",
    "http is a word here",
    "amp is a word here",
    "is a word here",
)
"""Texts that say different things, though a careless key joins some of them."""
_COPIES: tuple[Callable[[str], str], ...] = (
    lambda text: f"RT @some_one: {text}",
    lambda text: f"RT @a1 {text}",
    lambda text: f"rt @b: RT @C_2: {text} http://t.co/Aa1",
    lambda text: f"{text} https://t.co/9 http://t.co/2b",
    lambda text: f"http://x.y/z?rt=1 {text}!",
    lambda text: text.upper(),
    lambda text: f"#{text.title()} ...",
    lambda text: text.replace(" ", "\n", 1),
    lambda text: f'  "{text}" &amp; &gt; ',
    lambda text: " @".join(text.rsplit(" ", 1)) + " \U0001f600",
    lambda text: text.replace(" ", " RT @me: ", 1),
    lambda text: text.replace(" ", " &amp; ", 1),
)
_NO_RETWEET = "start @cnn: the art of it"
TWEETS = (
    *TEXTS,
    _NO_RETWEET,
    *(copied(text) for text, copied in itertools.product(TEXTS, _COPIES)),
)


def _groups(key: Callable[[str], Any]) -> list[int]:
    """Number the keys of the tweets in the order of their first appearance."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(key(tweet), len(numbers)) for tweet in TWEETS]


def _hashes(key: Callable[[str], Any]) -> bool:
    try:
        hash(key(TWEETS[0]))
    except TypeError:
        return False
    return True


def _keeping(pattern: str) -> Callable[[str], Any]:
    """Return a key that keeps what matches a pattern, as one more word."""
    return lambda tweet: (normalise(tweet), *re.findall(pattern, tweet))


def _parts_copies(key: Callable[[str], Any], *copied: Callable[[str], str]) -> bool:
    """Return whether a key tells some text from a copy of it."""
    return any(key(text) != key(each(text)) for text in TEXTS for each in copied)


group_key = Exercise(
    MODULE,
    "group_key",
    solved_by=solution_group_key,
    measure=_groups,  # any key that puts the same tweets together, whatever it looks like
    hints=(
        "Drop what differs between copies (links, retweet marks), then keep letters and digits.",
        'Small letters and html.unescape first; r"https?://\\S+" matches a link, r"\\brt @\\w+:?" '
        'a retweet mark, and " ".join(re.findall("[a-z0-9]+", tweet)) keeps the words.',
    ),
    otherwise="copies must have equal keys, and tweets with other words must not.",
    after="The keys of copies are equal, and those of other tweets are not.",
    mistakes=(
        Mistake(
            "list_as_key",
            "a list cannot be compared as a key; give back a text or a tuple.",
            lambda tweet: normalise(tweet).split(),
            lambda key: not _hashes(key),
        ),
        Mistake(
            "capitals_kept",
            '"Vote" and "vote" have different keys: begin with tweet.lower().',
            _keeping(r"\b[A-Z]{3,}"),
            lambda key: _parts_copies(key, str.upper),
        ),
        Mistake(
            "retweet_mark_kept",
            "a tweet and its retweet have different keys: drop each `RT @user:`.",
            _keeping("RT @[^ ]+"),
            lambda key: _parts_copies(key, _COPIES[0], _COPIES[1], _COPIES[10]),
        ),
        Mistake(
            "links_kept",
            "two copies with different links have different keys: drop the links.",
            _keeping("http[^ ]+"),
            lambda key: _parts_copies(key, _COPIES[3]),
        ),
        Mistake(
            "entities_kept",
            "`&amp;` has become a word of the key: decode the tweet with html.unescape.",
            lambda tweet: (normalise(tweet), "&amp;" in tweet),
            lambda key: _parts_copies(key, _COPIES[8], _COPIES[11]),
        ),
        Mistake(
            "beginnings",
            "tweets that only begin alike have one key; the key needs all words.",
            lambda tweet: normalise(tweet)[:10],
            lambda key: key(TEXTS[0]) == key(TEXTS[2]),
        ),
        Mistake(
            "order_lost",
            "two tweets with the same words in another order have one key; keep the order.",
            lambda tweet: frozenset(normalise(tweet).split()),
            lambda key: key(TEXTS[10]) == key(TEXTS[11]) or key(TEXTS[0]) == key(TEXTS[4]),
        ),
        Mistake(
            "spaces_lost",
            '"no one" and "noone" have one key; keep a space between words.',
            lambda tweet: normalise(tweet).replace(" ", ""),
            lambda key: key(TEXTS[8]) == key(TEXTS[9]),
        ),
        Mistake(
            "digits_dropped",
            '"10 reasons" and "20 reasons" have one key: digits stay.',
            lambda tweet: " ".join(re.sub("[0-9]", "", normalise(tweet)).split()),
            lambda key: key(TEXTS[5]) == key(TEXTS[6]),
        ),
        Mistake(
            "mark_inside_words",
            r'"start @cnn" holds no retweet mark: \b before rt says that a word begins there.',
            lambda tweet: normalise(re.sub(r"rt @\w+:?", " ", tweet.lower())),
            lambda key: key(_NO_RETWEET) == key(TEXTS[15]),
        ),
    ),
)
