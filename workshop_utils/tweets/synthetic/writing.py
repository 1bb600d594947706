"""Writing one invented tweet: a stance, a candidate and a subject turned into words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

PHRASES: dict[str, Any] = tomllib.loads(
    resources.files(__package__).joinpath("phrases.toml").read_text(encoding="utf-8")
)
"""What the invented tweets are made of; in sentences, {who}, {topic}, {good}, {bad} are gaps."""

NOBODY = "No candidate mentioned"
LONGEST = 140
"""Characters that a tweet could have in 2015."""

_LINK_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SUBJECT_SHARES = (0.6, 0.214, *(0.0186,) * 10)


class Dice:
    """Random choices that depend on the seed and on nothing else.

    Only :meth:`numpy.random.Generator.random` is used, because its numbers stay the same
    from one NumPy version to the next.
    """

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)
        self._numbers: Iterator[float] = iter(())

    def roll(self) -> float:
        """Return a number from 0 (included) to 1 (excluded)."""
        for number in self._numbers:
            return number
        self._numbers = iter(self._generator.random(65_536).tolist())
        return self.roll()

    def happens(self, share: float) -> bool:
        """Return True in this share of all calls."""
        return self.roll() < share

    def pick(self, options: Sequence[T]) -> T:
        """Return one of some options, all equally often."""
        return options[int(self.roll() * len(options))]

    def place(self, shares: Sequence[float]) -> int:
        """Return a place, each as often as its share says."""
        left = self.roll() * sum(shares)
        for place, share in enumerate(shares):
            left -= share
            if left < 0:
                return place
        return len(shares) - 1


@dataclass(frozen=True)
class Original:
    """A tweet that was written once, and perhaps repeated.

    Attributes:
        stance: What its words express: Negative, Neutral or Positive.
        candidate: Whom it names, or that it names nobody.
        subject: What it is about.
        text: Its words.
    """

    stance: str
    candidate: str
    subject: str
    text: str


def write(dice: Dice, stance: str) -> Original:
    """Invent a tweet; about a quarter express their stance in no clear word, as in life."""
    named = PHRASES["named"]
    shares = [base * tilt for base, tilt in zip(named["all"], named[stance], strict=True)]
    candidate = [NOBODY, *PHRASES["candidates"]][dice.place(shares)]
    subject = PHRASES["subjects"][dice.place(_SUBJECT_SHARES)]
    return Original(stance, candidate, subject, _text(dice, stance, candidate, subject))


def handle(dice: Dice) -> str:
    """Invent a user's name: two harmless nouns and perhaps a number."""
    name = dice.pick(PHRASES["handle_parts"]) + dice.pick(PHRASES["handle_parts"])
    return f"@{name}{int(dice.roll() * 90) + 10}" if dice.happens(0.8) else f"@{name}"


def _text(dice: Dice, stance: str, candidate: str, subject: str) -> str:
    """Put sentences together until the tweet has about the length that was drawn."""
    if dice.happens(0.1):
        return _short_text(dice, stance)
    wanted = min(LONGEST - 2, 30 + 118 * dice.roll() ** 0.4)
    expressed = _sometimes_other(dice, stance, 0.66)
    opener = dice.pick(PHRASES["openers"])
    opinion = dice.pick(PHRASES["opinions"][expressed])
    parts = [_filled(dice, f"{opener} {opinion}".strip(), candidate, subject)]
    tail = _tail(dice)
    while sum(map(len, parts)) + sum(map(len, tail)) + len(parts) + len(tail) < wanted - 18:
        aside = dice.pick(PHRASES["seconds"][_sometimes_other(dice, stance, 0.38)])
        parts.append(_filled(dice, aside, candidate, subject))
    return _laid_out(dice, parts, tail)


def _short_text(dice: Dice, stance: str) -> str:
    """Write a few words to somebody."""
    asides = PHRASES["seconds"][_sometimes_other(dice, stance, 0.7)]
    words = _filled(dice, dice.pick(asides), NOBODY, PHRASES["subjects"][0]).capitalize()
    return f"{words} #MockDebate #{dice.pick(PHRASES['tag_words'])} {handle(dice)}"


def _sometimes_other(dice: Dice, stance: str, own: float) -> str:
    """Return the stance itself in the given share of cases, else mostly Neutral."""
    if dice.happens(own):
        return stance
    return "Neutral" if dice.happens(0.85) else dice.pick(("Negative", "Positive"))


def _filled(dice: Dice, sentence: str, candidate: str, subject: str) -> str:
    """Fill the gaps of a sentence."""
    if candidate == NOBODY:
        who = dice.pick(PHRASES["somebody"])
    elif dice.happens(0.3):
        who = "@" + candidate.replace(" ", "")
    else:
        who = candidate if dice.happens(0.5) else candidate.split()[1]
    topic = dice.pick(PHRASES["topics"][subject])
    if dice.happens(0.1):
        topic += " &amp; " + dice.pick(PHRASES["topics"]["None of the above"])
    while "{bad}" in sentence:
        sentence = sentence.replace("{bad}", dice.pick(PHRASES["bad"]), 1)
    while "{good}" in sentence:
        sentence = sentence.replace("{good}", dice.pick(PHRASES["good"]), 1)
    return sentence.replace("{who}", who).replace("{topic}", topic)


def _tail(dice: Dice) -> list[str]:
    """Return the tags, the handle and the link that stand at the end."""
    tail = ["#MockDebate"] if dice.happens(0.92) else []
    while dice.happens(0.41):
        tail.append("#" + dice.pick(PHRASES["tag_words"]))
    if dice.happens(0.34):
        tail.append(handle(dice))
    if dice.happens(0.09):
        tail.append(dice.pick(PHRASES["emoji"]) * (1 + int(dice.roll() * 2.2)))
    if dice.happens(0.03):
        tail.append(PHRASES["flag"])
    if dice.happens(0.32):
        tail.append("http://link.example/" + "".join(dice.pick(_LINK_LETTERS) for _ in range(10)))
    return tail


def _laid_out(dice: Dice, parts: list[str], tail: list[str]) -> str:
    """Join the parts as people do: capitals, stops, new lines, typographic quotes."""
    joint = "\n\n" if dice.happens(0.17) else dice.pick((". ", " ", "! ", ", ", "... "))
    text = joint.join(parts)
    if dice.happens(0.6):
        text = text[0].upper() + text[1:]
    if dice.happens(0.03):
        text = text.replace("so ", "sooooo ", 1)
    if dice.happens(0.05):
        text = text.replace("'", "\u2019")
        text = f"\u201c{text}\u201d"
    if dice.happens(0.03):
        text = text.upper().replace("&AMP;", "&amp;")
    return " ".join([text, *tail])
