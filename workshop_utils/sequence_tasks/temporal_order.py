"""The temporal order problem: keep symbols that stand far apart, and their order."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from workshop_utils.sequence_tasks.base import (
    Answer,
    Batch,
    Seed,
    Task,
    generator,
    one_hot,
    random_starts,
)

#: First and last position of each relevant symbol when the shortest length is 100.
WINDOWS = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}


@dataclass(frozen=True)
class TemporalOrder(Task):
    """Say which of X and Y came at two (6a) or three (6b) places, in order.

    A sequence starts with E, ends with B, and holds distractors a, b, c, d, but for
    the relevant symbols, each X or Y. At full length (100 to 110) they stand at the
    positions 10 to 20 and 50 to 60, or 10 to 20, 33 to 43 and 66 to 76. Symbols and
    the 4 or 8 classes are one-hot; an answer is correct when all outputs are off by
    less than 0.3. Shorter versions keep the proportions.

    Attributes:
        length: The shortest length; 100 in the paper. The longest is a tenth more.
        relevant: 2 for experiment 6a, 3 for 6b.

    Raises:
        ValueError: ``relevant`` is neither 2 nor 3, or the length is below 20.
    """

    length: int = 100
    relevant: int = 2

    answer: ClassVar[Answer] = "class"
    tolerance: ClassVar[float] = 0.3
    symbols: ClassVar[str] = "EBabcdXY"

    def __post_init__(self) -> None:
        if self.relevant not in WINDOWS or self.length < 20:
            raise ValueError(
                "TemporalOrder expects relevant=2 or 3 and a length of at least 20, not "
                f"relevant={self.relevant}, length={self.length}."
            )

    @property
    def timesteps(self) -> int:
        """Length of the arrays: the longest sequence."""
        return self.length + self.length // 10

    @property
    def features(self) -> int:
        """Eight symbols, one-hot."""
        return len(self.symbols)

    @property
    def outputs(self) -> int:
        """4 classes for two relevant symbols, 8 for three."""
        return int(2**self.relevant)

    @property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """First and last position of each relevant symbol, counted from 0 at E."""
        return tuple(
            (first * self.length // 100, last * self.length // 100)
            for first, last in WINDOWS[self.relevant]
        )

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 8), targets (size, 4 or 8)."""
        rng = generator(size, seed)
        rows = np.arange(size)
        symbols = rng.integers(2, 6, size=(size, self.timesteps), dtype=np.int8)
        starts = random_starts(rng, size, self.length, self.timesteps)
        symbols[np.arange(self.timesteps) < starts[:, None]] = -1
        symbols[rows, starts] = self.symbols.index("E")
        symbols[:, -1] = self.symbols.index("B")
        is_y = rng.integers(0, 2, size=(size, self.relevant))
        for place, (first, last) in enumerate(self.windows):
            position = starts + rng.integers(first, last, size=size, endpoint=True)
            symbols[rows, position] = self.symbols.index("X") + is_y[:, place]
        classes = is_y @ (2 ** np.arange(self.relevant)[::-1])
        return Batch(one_hot(symbols, self.features), one_hot(classes, self.outputs))
