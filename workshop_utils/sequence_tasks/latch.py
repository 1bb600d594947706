"""The two-sequence problem: keep one bit while noise goes by."""

import math
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
class Latch(Task):
    """Two classes of sequences that differ only in their first elements.

    The first ``informative`` elements are +1 (class 1) or -1 (class 2). All later
    ones are Gaussian noise with mean 0 and variance 0.2. The target is 1 or 0; an
    answer is correct when it is off by less than 0.2. Experiment 3 of the 1997
    paper draws the length from T to 1.1 T; ``stretch=0`` keeps it at T.

    The paper adds an honest footnote: guessing weights at random solves this task
    faster than any of the methods compared.

    Attributes:
        length: T, the shortest length.
        informative: N, how many elements tell the class.
        stretch: Share of T by which a sequence may be longer.

    Raises:
        ValueError: The length cannot hold the informative elements.
    """

    length: int = 100
    informative: int = 1
    stretch: float = 0.1

    answer: ClassVar[Answer] = "probability"
    tolerance: ClassVar[float] = 0.2
    noise_variance: ClassVar[float] = 0.2

    def __post_init__(self) -> None:
        if not 1 <= self.informative <= self.length or self.stretch < 0:
            raise ValueError(
                "Latch expects 1 <= informative <= length and stretch >= 0, not "
                f"informative={self.informative}, length={self.length}, stretch={self.stretch}."
            )

    @property
    def timesteps(self) -> int:
        """Length of the arrays: T with its stretch."""
        return self.length + math.floor(self.length * self.stretch)

    @property
    def features(self) -> int:
        """One number at each step."""
        return 1

    @property
    def outputs(self) -> int:
        """One probability."""
        return 1

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 1), targets (size, 1); see ``Task``."""
        rng = generator(size, seed)
        signs = rng.choice(np.array([-1.0, 1.0], dtype=np.float32), size=size)
        noise: Floats = rng.standard_normal((size, self.timesteps), dtype=np.float32)
        noise *= np.float32(math.sqrt(self.noise_variance))
        starts = random_starts(rng, size, self.length, self.timesteps)
        since_start = np.arange(self.timesteps) - starts[:, None]
        tells = (since_start >= 0) & (since_start < self.informative)
        values = np.where(tells, signs[:, None], noise)
        values[since_start < 0] = 0.0
        targets = (signs[:, None] > 0).astype(np.float32)
        return Batch(values[:, :, None], targets)
