"""The adding problem in the definition of 1997, and what it shares with multiplication."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from workshop_utils.sequence_tasks.base import (
    Answer,
    Batch,
    Floats,
    Seed,
    Task,
    generator,
    random_starts,
)


@dataclass(frozen=True)
class MarkedPairs(Task):
    """What experiments 4 and 5 of the 1997 paper have in common: pairs, two of them marked.

    Attributes:
        length: T, the shortest length.

    Raises:
        ValueError: The length is below 24, so that T/2 - 1 pairs leave no choice
            beside the first ten.
    """

    length: int = 100

    answer: ClassVar[Answer] = "value"
    tolerance: ClassVar[float] = 0.04
    #: The least value of a pair; the largest is 1.
    least: ClassVar[float]
    #: The value of the first pair, should it be marked.
    neutral: ClassVar[float]

    def __post_init__(self) -> None:
        if self.length < 24:
            name = type(self).__name__
            raise ValueError(f"{name} expects a length of at least 24, not {self.length}.")

    @property
    def timesteps(self) -> int:
        """Length of the arrays: the longest sequence."""
        return self.length + self.length // 10

    @property
    def features(self) -> int:
        """Value and marker."""
        return 2

    @property
    def outputs(self) -> int:
        """One number."""
        return 1

    @property
    def _candidates(self) -> int:
        return self.length // 2 - 1

    @abstractmethod
    def _target(self, first: Floats, second: Floats) -> Floats:
        """Compute the answer from the two marked values, each (size,)."""

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 2), targets (size, 1); see ``Task``."""
        rng = generator(size, seed)
        rows = np.arange(size)
        values = rng.uniform(self.least, 1, (size, self.timesteps)).astype(np.float32)
        starts = random_starts(rng, size, self.length, self.timesteps)
        first = rng.integers(0, 10, size=size)
        # One of the others: the numbers from the first mark on move up by one.
        second = rng.integers(0, self._candidates - 1, size=size)
        second += second >= first
        markers = np.zeros_like(values)
        markers[rows, starts] = markers[:, -1] = -1.0
        markers[rows, starts + first] = markers[rows, starts + second] = 1.0
        values[np.arange(self.timesteps) < starts[:, None]] = 0.0
        marked = markers[rows, starts] > 0
        values[rows[marked], starts[marked]] = self.neutral
        targets = self._target(values[rows, starts + first], values[rows, starts + second])
        return Batch(np.stack([values, markers], axis=2), targets[:, None])


@dataclass(frozen=True)
class Adding1997(MarkedPairs):
    """The adding problem of the 1997 paper, experiment 4.

    Values come from U[-1, 1] and lengths from T to 1.1 T. One of the first ten
    pairs is marked with 1, then one of the still unmarked among the first T/2 - 1.
    The first and the last pair have the marker -1, unless the first is marked with
    1, when its value is set to 0. The target is 0.5 + (X1 + X2) / 4; an answer is
    correct when it is off by less than 0.04.
    """

    least: ClassVar[float] = -1
    neutral: ClassVar[float] = 0

    def _target(self, first: Floats, second: Floats) -> Floats:
        return np.asarray(0.5 + (first + second) / 4, dtype=np.float32)
