"""A generated language in which a country, named early, decides the last word."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.sequence_tasks.base import (
    Answer,
    Batch,
    Seed,
    Task,
    generator,
    one_hot,
)

COUNTRIES = {
    "Portugal": "Portuguese",
    "Japan": "Japanese",
    "Turkey": "Turkish",
    "Poland": "Polish",
    "Greece": "Greek",
    "Sweden": "Swedish",
}
FIRST_CLUE = "from"
LAST_CLUE = "speaks"
#: Phrases of three words that say nothing about the country.
PHRASES = (
    "then by train",
    "with old friends",
    "to another town",
    "for some years",
    "without a map",
    "before the winter",
    "along the coast",
    "near a lake",
)


@dataclass(frozen=True)
class CountryLanguage(Task):
    """Name the language of a country that stands ``gap`` words before the end.

    A sentence is a row of phrases that say nothing, then a country, then ``gap``
    words, of which the last is "speaks"; what must be answered is the language.
    With a gap of 0 the answer follows from the last word alone. All sentences of
    one ``timesteps`` are equally long, so that only the gap differs.

    Attributes:
        gap: Words between the country and the answer.
        timesteps: Words in a sentence, without the answer.

    Raises:
        ValueError: The gap does not fit into the sentence.
    """

    gap: int = 10
    timesteps: int = 42

    answer: ClassVar[Answer] = "class"
    tolerance: ClassVar[float] = 0.5
    countries: ClassVar[tuple[str, ...]] = tuple(COUNTRIES)
    answers: ClassVar[tuple[str, ...]] = tuple(COUNTRIES.values())
    vocabulary: ClassVar[tuple[str, ...]] = (
        *COUNTRIES,
        FIRST_CLUE,
        LAST_CLUE,
        *sorted({word for phrase in PHRASES for word in phrase.split()}),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.gap < self.timesteps:
            raise ValueError(
                f"CountryLanguage expects 0 <= gap < timesteps, not gap={self.gap}, "
                f"timesteps={self.timesteps}."
            )

    @property
    def features(self) -> int:
        """Size of the vocabulary; inputs are word numbers below it."""
        return len(self.vocabulary)

    @property
    def outputs(self) -> int:
        """One output for each language."""
        return len(self.answers)

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sentences, inputs (size, timesteps) int32; see ``Task``."""
        rng = generator(size, seed)
        place = self.timesteps - 1 - self.gap
        # Phrases end right before the country and start anew right after it.
        from_country = np.arange(self.timesteps) - place
        steps = from_country - (from_country > 0)
        drawn = rng.integers(0, len(PHRASES), size=(size, self.timesteps // 3 + 2))
        inputs = self._phrase_numbers()[drawn[:, steps // 3 - steps.min() // 3], steps % 3]
        country = rng.integers(0, len(self.countries), size=size)
        if place:
            inputs[:, place - 1] = self.vocabulary.index(FIRST_CLUE)
        if self.gap:
            inputs[:, -1] = self.vocabulary.index(LAST_CLUE)
        inputs[:, place] = country
        return Batch(inputs, one_hot(country, self.outputs))

    def _phrase_numbers(self) -> npt.NDArray[np.int32]:
        """The phrases as word numbers, (phrases, 3)."""
        numbers = [[self.vocabulary.index(word) for word in phrase.split()] for phrase in PHRASES]
        return np.array(numbers, dtype=np.int32)

    def sentence(self, batch: Batch) -> str:
        """Return the first sentence of a batch with its answer as the last word."""
        words = [self.vocabulary[number] for number in batch.inputs[0]]
        return " ".join([*words, self.answers[int(batch.targets[0].argmax())]])
