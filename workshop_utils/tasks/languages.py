"""A generated language in which a country, named early, decides the last word."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from workshop_utils.tasks.base import Answer, Batch, Seed, Task, one_hot

WORDS = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
COUNTRIES: dict[str, str] = WORDS["countries"]
PHRASES: list[str] = WORDS["phrases"]


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
    #: A country's number is its place here, and so is that of its language among the answers.
    vocabulary: ClassVar[tuple[str, ...]] = (
        *COUNTRIES,
        "from",
        "speaks",
        *sorted({word for phrase in PHRASES for word in phrase.split()}),
    )
    features: ClassVar[int] = len(vocabulary)
    outputs: ClassVar[int] = len(COUNTRIES)

    def __post_init__(self) -> None:
        if not 0 <= self.gap < self.timesteps:
            raise ValueError(
                f"CountryLanguage expects 0 <= gap < timesteps, not gap={self.gap}, "
                f"timesteps={self.timesteps}."
            )

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sentences, inputs (size, timesteps) int32; see ``Task``."""
        rng = np.random.default_rng(seed)
        number = self.vocabulary.index
        phrases = np.array([[number(word) for word in each.split()] for each in PHRASES], np.int32)
        place = self.timesteps - 1 - self.gap
        # Phrases end right before the country and start anew right after it.
        from_country = np.arange(self.timesteps) - place
        steps = from_country - (from_country > 0)
        drawn = rng.integers(0, len(PHRASES), size=(size, self.timesteps // 3 + 2))
        inputs = phrases[drawn[:, steps // 3 - steps.min() // 3], steps % 3]
        country = rng.integers(0, len(COUNTRIES), size=size)
        if place:
            inputs[:, place - 1] = number("from")
        if self.gap:
            inputs[:, -1] = number("speaks")
        inputs[:, place] = country
        return Batch(inputs, one_hot(country, self.outputs))

    def sentence(self, batch: Batch) -> str:
        """Return the first sentence of a batch with its answer as the last word."""
        words = [self.vocabulary[number] for number in batch.inputs[0]]
        return " ".join([*words, list(COUNTRIES.values())[batch.targets[0].argmax()]])
