r"""Two cleaners for tweets: the one of 2019 as it was, and ours, one named step at a time.

Ours is defined once, as :data:`STEPS`, and runs in two places: in Python here, and inside a
saved model, where :func:`workshop_utils.sentiment.vectoriser.standardise` runs the same patterns
with TensorFlow's operations. Python's ``re`` and TensorFlow's RE2 read a pattern differently where
``\w``, ``\s`` or ``\b`` stand in it, so the patterns below name their characters instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

_KEPT_2019 = re.compile(r"[^a-zA-z0-9\s]")

_SPACE = "\\x00-\\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000"
"""Spaces, ends of lines and invisible control characters."""

_PUNCTUATION = (
    r"!-&(-/:-@\[-^`{-~"  # ASCII, without the apostrophe and the underscore
    "\xa1-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7"
    "\u060c\u061b\u061f\u0964\u0965"
    "\u2010-\u2027\u2030-\u205e\u2060-\u206f\u20a0-\u20ff"
    "\u3001-\u3003\u3008-\u3020\u3030\u30fb"
    "\ue000-\uf8ff\ufe00-\ufe0f\ufe30-\ufe6b\ufeff"  # with the marks that colour an emoji
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufffc\ufffd"
    "\U000f0000-\U0010ffff"  # private use
)
_NO_LETTER = f"[{_SPACE}{_PUNCTUATION}]"
_LETTER = f"[^{_SPACE}{_PUNCTUATION}']"
_EMOJI = "\u2100-\u2bff\U0001f000-\U0001faff"


@dataclass(frozen=True)
class Step:
    r"""One step of the cleaner: what matches the pattern is replaced.

    Attributes:
        name: What the step does, in words.
        pattern: A regular expression that Python and RE2 understand in the same way;
            empty for the step that turns capital letters into small ones.
        replacement: What is put there; ``\1`` is what the first group has matched.
        needs: Letters or signs without which nothing changes: such a text is not searched.
        beyond_ascii: Whether a text of ASCII characters alone is not searched either.
    """

    name: str
    pattern: str
    replacement: str
    needs: str = ""
    beyond_ascii: bool = False

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def __call__(self, text: str) -> str:
        """Return the text after this step."""
        if not self.pattern:
            return text.lower()
        if self.needs not in text or (self.beyond_ascii and text.isascii()):
            return text
        return self._compiled.sub(self.replacement, text)


STEPS = (
    # The file stores some characters as HTML writes them.
    Step("decode apostrophes", "(?i)&(?:#0*39|apos|[lr]squo|#821[67]);", "'", "&"),
    Step("straighten apostrophes", "[\u2018\u2019]", "'", beyond_ascii=True),
    Step("drop entities", "(?i)&(?:amp|lt|gt|quot|nbsp);?", " ", "&"),
    Step("drop zeros", r"\x00", " ", "\x00"),
    Step("lower case", "", ""),
    Step("drop links", f"https?:[^{_SPACE}]*", " "),
    # Twitter cut long retweets: "#GOPDeba…" is no word.
    Step("drop the cut word", f"[^{_SPACE}]*\u2026[{_SPACE}]*$", " ", "\u2026"),
    Step("space out emoji", f"([{_EMOJI}])", r" \1 ", beyond_ascii=True),
    # No engine may look back here, so the character before is matched and put back.
    Step("drop retweet marks", f"(^|{_NO_LETTER}|')(?:rt[{_SPACE}]+@{_LETTER}+:?)+", r"\1 ", "rt"),
    Step("drop punctuation", f"{_NO_LETTER}+", " "),
    # "he'll" keeps its apostrophe: without it, it would be another word.
    Step("drop quotes", "'+ '*| '+|^'+|'+$", " ", "'"),
    Step("one space", "^ +| +$|( ) +", r"\1"),
)
"""The steps of :func:`clean`, in their order."""


def page_steps() -> list[dict[str, str]]:
    """Return :data:`STEPS` as plain data, in the spelling of JavaScript's regular expressions.

    Returns:
        For each step its ``name``, ``pattern`` (empty for the one that makes letters small),
        ``flags``, ``replacement`` and ``needs``, as :class:`Step` has them.
    """
    return [
        {
            "name": step.name,
            "pattern": step.pattern.removeprefix("(?i)"),
            "flags": "giu" if step.pattern.startswith("(?i)") else "gu",
            "replacement": step.replacement.replace("\\1", "$1"),
            "needs": step.needs,
        }
        for step in STEPS
    ]


_WORD_BY_WORD = 3
"""The last steps see nothing beyond a space, so each word is cleaned once in many texts."""


def clean(text: str) -> str:
    """Clean a tweet: all of :data:`STEPS`, one after the other.

    Args:
        text: A tweet.

    Returns:
        Small letters, words and emoji with one space between them. An apostrophe stays
        inside a word. Empty when the tweet holds only links and punctuation. Cleaning
        twice changes nothing more.
    """
    for step in STEPS:
        text = step(text)
    return text


def clean_all(texts: Iterable[str]) -> list[str]:
    """Clean many tweets as :func:`clean` does; copies and words that return are cleaned once.

    Args:
        texts: A list, an array or a Series of tweets, length n.

    Returns:
        The cleaned texts, length n, in the same order.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    given = as_list(texts)
    words = _Words()
    cleaned = {}
    for text in dict.fromkeys(given):
        rest = text
        for step in STEPS[:-_WORD_BY_WORD]:
            rest = step(rest)
        cleaned[text] = " ".join(filter(None, map(words.__getitem__, rest.split(" "))))
    return [cleaned[text] for text in given]


class _Words(dict[str, str]):
    """What the last steps make of a word, found once."""

    def __missing__(self, word: str) -> str:
        rest = word
        if not (word.isascii() and word.isalnum()):
            for step in STEPS[-_WORD_BY_WORD:]:
                rest = step(rest)
        self[word] = rest
        return rest


def as_list(texts: Iterable[str]) -> list[str]:
    """Return texts as a list, and refuse what is no list of texts.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    if isinstance(texts, str):
        raise TypeError("A list of texts is expected, but one text was given; put it in [ ].")
    given = list(texts)
    for place, text in enumerate(given):
        if not isinstance(text, str):
            raise TypeError(
                f"Each element must be a text, but element {place} is "
                f"{type(text).__name__}; drop the empty ones or convert them with str()."
            )
    return given


KINDS = {
    "link": r"https?:\S*",
    "entity": r"&\w+;",
    "retweet mark": r"\brt @\w+:?",
    "cut word": r"\S*\u2026\s*$",
    "rt in a word": r"\Brt|rt\B",
    "inner apostrophe": r"\b['\u2019]\b",
    "other mark": r"[^\w\s'\u2019]",
}
"""What a cleaner must decide about: the name of each kind, and its pattern in small letters."""


def clean_by(choices: Mapping[str, str], text: str) -> str:
    """Clean a tweet as a learner decided, one kind of :data:`KINDS` after the other.

    Args:
        choices: For each kind ``keep``, ``space`` (in its place) or ``delete``.
        text: A tweet.

    Returns:
        Small letters, words with one space between them.

    Raises:
        KeyError: A choice is none of the three, or a kind lacks one.
    """
    text = text.lower()
    for kind, pattern in KINDS.items():
        replacement = {"keep": r"\g<0>", "space": " ", "delete": ""}[choices[kind]]
        text = re.sub(pattern, replacement, text)
    return " ".join(text.split())


def clean_2019(text: str) -> str:
    r"""Clean a tweet as the notebook of 2019 did, mistakes included.

    Lower case; delete what ``[^a-zA-z0-9\s]`` matches; delete every "rt". The pattern says
    ``A-z`` where ``A-Z`` was meant, so it keeps ``[ \ ] ^ _`` and the backtick too, and "rt"
    is deleted inside words as well. Use :func:`clean` for everything but the figures of 2019.

    Args:
        text: A tweet.

    Returns:
        The cleaned text; it may hold spaces and ends of lines anywhere.
    """
    return _KEPT_2019.sub("", text.lower()).replace("rt", "")
