"""From text to the model's integers in Python, in a tenth of TensorFlow's time for one text.

The model's own vectoriser stays the judge. When a tokeniser is made it compares
itself with it, on all words of the vocabulary and on texts that are hard to clean;
every character outside of ASCII is compared when it is met for the first time.
Where the two differ (they bring tables of different Unicode versions), or where
they cannot be compared, the model's own vectoriser does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Protocol

from workshop_utils import reference_outputs
from workshop_utils.reference_outputs import Witness
from workshop_utils.text import cleaning

UNKNOWN = 1
"""The number that the vectoriser gives to every word outside its vocabulary."""

# How it is written small depends on the letters around it, so that no look at one
# character alone can tell whether two programs agree.
_DEPENDS_ON_NEIGHBOURS = frozenset("\N{GREEK CAPITAL LETTER SIGMA}")
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
    return cleaning.clean(text).split()


class Judge(Protocol):
    """Knows what the model's own vectoriser does."""

    @property
    def vocabulary(self) -> list[str]:
        """Its words; a word's place is its number."""

    @property
    def comparable(self) -> bool:
        """Whether it cleans and splits in a way that Python could follow at all."""

    def cleaned(self, characters: Sequence[str]) -> dict[str, str]:
        """Return the digests of characters in their surroundings, cleaned."""

    def agrees(self, numbered: dict[str, list[int]]) -> bool:
        """Say whether it would give some of the reference texts these numbers."""

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of texts' words, without padding."""


class Layer:
    """Asks a ``TextVectorization`` layer."""

    def __init__(self, layer: Any) -> None:
        self.vocabulary: list[str] = layer.get_vocabulary()
        self._layer = layer

    @property
    def comparable(self) -> bool:
        """Whether it cleans by a function, splits at spaces and gives numbers."""
        config = self._layer.get_config()
        plain = {"split": "whitespace", "ngrams": None, "output_mode": "int"}
        return plain.items() <= config.items() and callable(config["standardize"])

    def cleaned(self, characters: Sequence[str]) -> dict[str, str]:
        """Return the digests of characters in their surroundings, cleaned."""
        return reference_outputs.cleaned_by(self._layer, characters)

    def agrees(self, numbered: dict[str, list[int]]) -> bool:
        """Say whether it gives these texts these numbers."""
        return list(numbered.values()) == self.numbers(list(numbered))

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of texts' words, without padding."""
        numbered: list[list[int]] = [[] for _ in texts]
        short = [place for place, text in enumerate(texts) if len(text) <= _LONG]
        parts = [short[start : start + _AT_ONCE] for start in range(0, len(short), _AT_ONCE)]
        parts += [[place] for place, text in enumerate(texts) if len(text) > _LONG]
        for part in parts:
            found = reference_outputs.numbers_by(self._layer, [texts[place] for place in part])
            for place, each in zip(part, found, strict=True):
                numbered[place] = each
        return numbered


class Stored:
    """Knows what the vectoriser said when the model was saved; asks it only about the rest.

    Args:
        vocabulary: The words of the vectoriser.
        said: What the model said.
        load: Loads the layer, which takes seconds.
    """

    comparable = True

    def __init__(self, vocabulary: list[str], said: Witness, load: Callable[[], Any]) -> None:
        self.vocabulary = vocabulary
        self._said, self._load = said, load

    @cached_property
    def _layer(self) -> Layer:
        return Layer(self._load())

    def cleaned(self, characters: Sequence[str]) -> dict[str, str]:
        """Return the digests of characters in their surroundings, cleaned."""
        new = [each for each in characters if each not in self._said.cleaned]
        known = {c: self._said.cleaned[c] for c in characters if c in self._said.cleaned}
        return known | (self._layer.cleaned(new) if new else {})

    def agrees(self, numbered: dict[str, list[int]]) -> bool:
        """Say whether it gave these texts these numbers."""
        said = dict(zip(reference_outputs.texts(self.vocabulary), self._said.numbers, strict=True))
        return all(
            reference_outputs.digest(given) == said.get(text) for text, given in numbered.items()
        )

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of texts' words, without padding."""
        return self._layer.numbers(texts)


class Tokeniser:
    """The numbers of a text's words, equal to those of a vectoriser.

    Attributes:
        vocabulary: The words of the vectoriser; a word's place is its number.
        in_python: Whether Python does the work where it safely can; False when the
            comparison found that this vectoriser works in another way.
        by_layer: Let the model's own vectoriser do it; used as the tokeniser itself.
    """

    def __init__(self, judge: Judge) -> None:
        self.vocabulary = judge.vocabulary
        self.by_layer = judge.numbers
        self._judge = judge
        self._numbers = {word: n for n, word in enumerate(self.vocabulary) if n > UNKNOWN}
        self._same: set[str] = set()
        self._different: set[str] = set(_DEPENDS_ON_NEIGHBOURS)
        self._ascii = False
        self.in_python = judge.comparable and self._passes()

    @classmethod
    def of_layer(cls, layer: Any) -> Tokeniser:
        """Make the tokeniser of a ``TextVectorization`` layer."""
        return cls(Layer(layer))

    def _passes(self) -> bool:
        """Compare with the vectoriser on every word that it knows and on hard texts."""
        self._compare({chr(code) for code in range(128)})
        self._ascii = not self._different - _DEPENDS_ON_NEIGHBOURS
        texts = reference_outputs.texts(self.vocabulary)
        self._compare(set("".join(texts)))
        sure = [text for text in texts if self._is_sure(text)]
        return self._judge.agrees({text: self._in_python(text) for text in sure})

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
        """Clean each character in every surrounding that matters, and compare with the model."""
        for each, theirs in self._judge.cleaned(sorted(characters - self._different)).items():
            ours = reference_outputs.digest(" ".join(words(reference_outputs.surrounded(each))))
            (self._same if ours == theirs else self._different).add(each)
