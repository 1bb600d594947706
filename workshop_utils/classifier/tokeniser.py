"""From text to the model's integers in Python, in a tenth of TensorFlow's time for one text.

The model's own vectoriser stays the judge. When a tokeniser is made it compares
itself with it, on all words of the vocabulary and on texts that are hard to clean;
every character outside of ASCII is compared when it is met for the first time.
Where the two differ (they bring tables of different Unicode versions), or where
they cannot be compared, the model's own vectoriser does the work.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from workshop_utils import runtime, vectoriser
from workshop_utils.text import cleaning

UNKNOWN = 1
"""The number that the vectoriser gives to every word outside its vocabulary."""

_ENTITIES = [(re.compile(pattern), to) for pattern, to in vectoriser.ENTITIES.items()]
# The vectoriser knows fewer entities, and the last step only joins what is split here.
_STEPS = tuple(
    step for step in cleaning.STEPS if step not in {cleaning.decode_entities, cleaning.one_line}
)
# How it is written small depends on the letters around it, so that no look at one
# character alone can tell whether two programs agree.
_DEPENDS_ON_NEIGHBOURS = frozenset("\N{GREEK CAPITAL LETTER SIGMA}")
_HARD = (
    "",
    "RT @someone: Don't stop!!! http://t.co/abc rt @a:rt @b: a'b'c'd",
    "soooooo htt\u2026http:/\u2026 https://x.y/?q=1 _rt @x xrt @y",
    "fox &amp; friends &lt;3 &gt &quot;hi&quot; &#39;s &#039;s &apos;s a&nbsp;b &amp;lt; &amp",
    "&hellip; &#8217;s &copy; &Amp; &LT; #tag",
)
_LONG = 2000
"""Characters from which on a text goes to the vectoriser alone: it pads all to the longest."""
_AT_ONCE = 512


def words(text: str) -> list[str]:
    """Clean and split one text as :func:`workshop_utils.vectoriser.standardise` does.

    Args:
        text: Any text without half surrogate pairs.

    Returns:
        Its words, all of them.
    """
    if "&" in text:
        for pattern, character in _ENTITIES:
            text = pattern.sub(character, text)
    for step in _STEPS:
        text = step(text)
    return text.split()


class Tokeniser:
    """The numbers of a text's words, equal to those of a vectoriser.

    Attributes:
        vocabulary: The words of the vectoriser; a word's place is its number.
        in_python: Whether Python does the work where it safely can; False when the
            comparison found that this vectoriser works in another way.
    """

    def __init__(self, layer: Any) -> None:
        self.vocabulary: list[str] = layer.get_vocabulary()
        self._layer = layer
        self._numbers = {word: n for n, word in enumerate(self.vocabulary) if n > UNKNOWN}
        self._same: set[str] = set()
        self._different: set[str] = set(_DEPENDS_ON_NEIGHBOURS)
        config = layer.get_config()
        self._standardise = config["standardize"]
        self._ascii = False
        plain = {"split": "whitespace", "ngrams": None, "output_mode": "int"}
        known = plain.items() <= config.items() and callable(self._standardise)
        self.in_python = known and self._passes()

    def _passes(self) -> bool:
        """Compare with the vectoriser on every word that it knows and on hard texts."""
        self._compare({chr(code) for code in range(128)})
        self._ascii = not self._different - _DEPENDS_ON_NEIGHBOURS
        # In pieces, because all words in one text would be one very wide row.
        known = self.vocabulary[UNKNOWN + 1 :]
        texts = [*_HARD, *(" ".join(known[n : n + 50]) for n in range(0, len(known), 50))]
        self._compare(set("".join(texts)))
        sure = [text for text in texts if self._is_sure(text)]
        return [self._in_python(text) for text in sure] == self.by_layer(sure)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Number the words of several texts.

        Args:
            texts: Texts without half surrogate pairs, length n.

        Returns:
            n lists, uncut and without padding; empty for a text without a word.
        """
        if not self.in_python:
            return self.by_layer(texts)
        numbered = [self._in_python(text) if self._is_sure(text) else None for text in texts]
        left = [place for place, each in enumerate(numbered) if each is None]
        if left:
            for place, each in zip(left, self.by_layer([texts[p] for p in left]), strict=True):
                numbered[place] = each
        return [each for each in numbered if each is not None]

    def _in_python(self, text: str) -> list[int]:
        number = self._numbers.get
        return [number(word, UNKNOWN) for word in words(text)]

    def by_layer(self, texts: Sequence[str]) -> list[list[int]]:
        """Let the model's own vectoriser do it; arguments and result as in calling."""
        numbered: list[list[int]] = [[] for _ in texts]
        short = [place for place, text in enumerate(texts) if len(text) <= _LONG]
        parts = [short[start : start + _AT_ONCE] for start in range(0, len(short), _AT_ONCE)]
        parts += [[place] for place, text in enumerate(texts) if len(text) > _LONG]
        for part in parts:
            padded = np.asarray(self._layer([texts[place] for place in part]))
            for place, row in zip(part, padded, strict=True):
                numbered[place] = row[row > 0].tolist()
        return numbered

    def _is_sure(self, text: str) -> bool:
        """Whether Python and the vectoriser treat every character of a text alike."""
        if (self._ascii and text.isascii()) or self._same.issuperset(text):
            return True
        found = set(text)
        new = found - self._same - self._different
        if new:
            self._compare(new)
        return found.isdisjoint(self._different)

    def _compare(self, characters: set[str]) -> None:
        """Clean each character in every surrounding that matters, here and in the model."""
        listed = sorted(characters - self._different)
        probes = [_surrounded(each) for each in listed]
        given = runtime.load_tensorflow().constant(probes, shape=(len(probes),), dtype="string")
        cleaned = self._standardise(given)
        for each, probe, theirs in zip(listed, probes, cleaned.numpy(), strict=True):
            alike = " ".join(words(probe)) == theirs.decode("utf-8")
            (self._same if alike else self._different).add(each)


def _surrounded(c: str) -> str:
    """Put a character inside a word, beside a link, in a link, beside an apostrophe, in a name."""
    return f"a{c}b {c}http:q{c}w {c}'{c} {c}rt @{c}x rt{c}@y {c * 4} {string.digits}{c}"
