"""Two cleaners for tweets: the one of 2019 as it was, and ours, one named step at a time.

Both take one text and give one text. :mod:`workshop_utils.text.bulk` does the same
for many.
"""

from __future__ import annotations

import html
import re
import string
import unicodedata
from collections.abc import Callable

_KEPT_2019 = re.compile(r"[^a-zA-z0-9\s]")
# The patterns begin with fixed letters, which the regex engine finds much faster than a
# place where a word may begin. What must stand before them is looked at afterwards.
# Twitter shortened long retweets, so a link may end in an ellipsis anywhere: "http:/…", "htt…".
LINK_PATTERN = r"htt(?<=\bhtt)(?:ps?:\S*|p?s?…)"
_LINK = re.compile(LINK_PATTERN)
_RETWEET = re.compile(r"rt(?<=\brt)\s+@\w+:?")
_INNER_APOSTROPHE = re.compile(r"'(?<=\w')(?=\w)")
_INNER_TYPOGRAPHIC_APOSTROPHE = re.compile("\u2019(?<=\\w\u2019)(?=\\w)")
_STRETCHED = re.compile(r"([a-z])\1{3,}")
_FOUR_EQUAL = tuple(letter * 4 for letter in string.ascii_lowercase)


def clean_2019(text: str) -> str:
    r"""Clean a tweet as the notebook of 2019 did, mistakes included.

    Lower case; delete what ``[^a-zA-z0-9\s]`` matches; delete every "rt". The
    pattern says ``A-z`` where ``A-Z`` was meant, so it keeps ``[ \ ] ^ _`` and the
    backtick too, and "rt" is deleted inside words as well. It stays available to
    reproduce the figures of 2019; use :func:`clean` for everything else.

    Args:
        text: A tweet.

    Returns:
        The cleaned text; it may hold spaces and newlines anywhere.
    """
    return _KEPT_2019.sub("", text.lower()).replace("rt", "")


def decode_entities(text: str) -> str:
    """Turn ``&amp;`` into ``&``: the file stores some characters as HTML writes them."""
    return html.unescape(text) if "&" in text else text


def lower_case(text: str) -> str:
    """Write everything small, so that "Debate" and "debate" are one word."""
    return text.lower()


def drop_links(text: str) -> str:
    """Remove web addresses, also cut ones: each is unique, so nothing is learnt from it."""
    return _LINK.sub(" ", text) if "htt" in text else text


def drop_retweet_mark(text: str) -> str:
    """Remove "rt @user:", which says who wrote a text first, and nothing about its sentiment."""
    return _RETWEET.sub(" ", text) if "@" in text else text


def join_contractions(text: str) -> str:
    """Remove apostrophes inside words: "don't" stays one word and does not become "don" and "t"."""
    text = _INNER_APOSTROPHE.sub("", text)
    return text if text.isascii() else _INNER_TYPOGRAPHIC_APOSTROPHE.sub("", text)


def shorten_stretched(text: str) -> str:
    """Cut four or more equal letters in a row to three: "sooooo" and "soooo" are one word."""
    # Most texts have none, and looking for fixed strings is faster than the pattern.
    for four in _FOUR_EQUAL:
        if four in text:
            return _STRETCHED.sub(r"\1\1\1", text)
    return text


def space_out_symbols(text: str) -> str:
    """Put a space where punctuation is, and spaces around emoji.

    A deleted full stop would glue two words together. Letters, digits and accents of
    every script stay; of handles and tags the word stays; each emoji becomes a word.
    """
    if not text.isascii():
        text = _BEYOND_ASCII.sub(lambda found: found[0].translate(_SPACING), text)
    # As bytes, because translating a text is slow as soon as it holds one character
    # beyond ASCII. Half a surrogate pair is no valid text, and must not stop us here.
    as_bytes = text.encode("utf-8", "surrogatepass").translate(_ASCII_SPACING)
    return as_bytes.decode("utf-8", "surrogatepass")


def one_line(text: str) -> str:
    """Put one space between words: newlines and double spaces carry nothing here."""
    return " ".join(text.split())


class _Spacing(dict[int, str]):
    """What each character becomes, looked up once by its Unicode category."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category[0] in "LNM" and not _is_variation_selector(code):
            becomes = character
        elif category == "So":
            becomes = f" {character} "
        else:
            becomes = " "
        self[code] = becomes
        return becomes


def _is_variation_selector(code: int) -> bool:
    """Tell the invisible marks that say how an emoji is drawn from the accents of a script."""
    return 0xFE00 <= code <= 0xFE0F


_SPACING = _Spacing()
# Written twice, since a pattern that begins with a repetition is found several times slower.
_BEYOND_ASCII = re.compile(r"[\x80-\U0010ffff][\x80-\U0010ffff]*")
# The bytes from 128 on are parts of other characters, and stay.
_ASCII_SPACING = "".join(_SPACING[code] for code in range(128)).encode() + bytes(range(128, 256))

STEPS: tuple[Callable[[str], str], ...] = (
    decode_entities,
    lower_case,
    drop_links,
    drop_retweet_mark,
    join_contractions,
    shorten_stretched,
    space_out_symbols,
    one_line,
)
"""The steps of :func:`clean`, in their order."""


def clean(text: str) -> str:
    """Clean a tweet: all of :data:`STEPS`, one after the other.

    The result is lower case, on one line, words and emoji separated by one space.
    No word is damaged, and cleaning twice changes nothing more.

    Args:
        text: A tweet.

    Returns:
        The cleaned text; empty when the tweet holds only links and punctuation.
    """
    for step in STEPS:
        text = step(text)
    return text
