"""Three tasks of the 1997 paper: two sequences, adding, and temporal order."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.tasks.base import Answer, Batch, Floats, Seed, Task, one_hot


@dataclass(frozen=True)
class _Stretched(Task):
    """A task whose lengths are drawn from T to a tenth more; zeros stand before the shorter ones.

    Attributes:
        length: T, the shortest length.
    """

    length: int = 100

    @property
    def timesteps(self) -> int:
        """Length of the arrays: the longest sequence."""
        return self.length + self.length // 10

    def _starts(self, rng: np.random.Generator, size: int) -> npt.NDArray[np.int64]:
        """Draw a length for each sequence; return where it starts when all end together."""
        return self.timesteps - rng.integers(self.length, self.timesteps, size=size, endpoint=True)


@dataclass(frozen=True)
class Latch(_Stretched):
    """Two classes of sequences that differ only in their first elements (experiment 3).

    The first ``informative`` elements are +1 (class 1) or -1 (class 2). All later
    ones are Gaussian noise with mean 0 and variance 0.2. The target is 1 or 0; an
    answer is correct when it is off by less than 0.2.

    The paper itself adds that guessing weights at random solves this task
    faster than any of the methods compared.

    Attributes:
        length: T, the shortest length.
        informative: N, how many elements tell the class.
        stretch: Share of T by which a sequence may be longer; with 0 all have the length T.

    Raises:
        ValueError: The length cannot hold the informative elements.
    """

    informative: int = 1
    stretch: float = 0.1

    answer: ClassVar[Answer] = "probability"
    tolerance: ClassVar[float] = 0.2
    features: ClassVar[int] = 1
    outputs: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not 1 <= self.informative <= self.length or self.stretch < 0:
            raise ValueError(f"Latch expects 1 <= informative <= length, stretch >= 0, not {self}.")

    @property
    def timesteps(self) -> int:
        """Length of the arrays: T with its stretch."""
        return self.length + math.floor(self.length * self.stretch)

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 1), targets (size, 1); see ``Task``."""
        rng = np.random.default_rng(seed)
        signs = rng.choice(np.array([-1.0, 1.0], dtype=np.float32), size=(size, 1))
        noise: Floats = rng.standard_normal((size, self.timesteps), dtype=np.float32)
        noise *= np.float32(math.sqrt(0.2))
        starts = self._starts(rng, size)
        since_start = np.arange(self.timesteps) - starts[:, None]
        values = np.where(since_start < self.informative, signs, noise)
        values[since_start < 0] = 0.0
        return Batch(values[:, :, None], (signs > 0).astype(np.float32))


@dataclass(frozen=True)
class Adding1997(_Stretched):
    """The adding problem in the definition of 1997 (experiment 4).

    Each step is a pair of a value, drawn from U[-1, 1], and a marker. One of the first
    ten pairs is marked with 1, then one of the still unmarked among the first T/2 - 1.
    The first and the last pair have the marker -1, unless the first is marked with
    1, when its value is set to 0. The target is 0.5 + (X1 + X2) / 4; an answer is
    correct when it is off by less than 0.04.

    Attributes:
        length: T, the shortest length.

    Raises:
        ValueError: The length is below 24, so that T/2 - 1 pairs leave no choice
            beside the first ten.
    """

    answer: ClassVar[Answer] = "value"
    tolerance: ClassVar[float] = 0.04
    features: ClassVar[int] = 2
    outputs: ClassVar[int] = 1
    #: The least value of a pair; the largest is 1.
    least: ClassVar[float] = -1
    #: The value of the first pair, should it be marked.
    neutral: ClassVar[float] = 0

    def __post_init__(self) -> None:
        if self.length < 24:
            raise ValueError(f"A length of at least 24 is expected, not {self}.")

    def target(self, first: Floats, second: Floats) -> Floats:
        """Compute the answer from the two marked values, each (size,)."""
        return np.asarray(0.5 + (first + second) / 4, dtype=np.float32)

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 2), targets (size, 1); see ``Task``."""
        rng = np.random.default_rng(seed)
        rows = np.arange(size)
        values = rng.uniform(self.least, 1, (size, self.timesteps)).astype(np.float32)
        starts = self._starts(rng, size)
        first = rng.integers(0, 10, size=size)
        # One of the others: the numbers from the first mark on move up by one.
        second = rng.integers(0, self.length // 2 - 2, size=size)
        second += second >= first
        markers = np.zeros_like(values)
        markers[rows, starts] = markers[:, -1] = -1.0
        markers[rows, starts + first] = markers[rows, starts + second] = 1.0
        values[np.arange(self.timesteps) < starts[:, None]] = 0.0
        marked = markers[rows, starts] > 0
        values[rows[marked], starts[marked]] = self.neutral
        targets = self.target(values[rows, starts + first], values[rows, starts + second])
        return Batch(np.stack([values, markers], axis=2), targets[:, None])


#: First and last position of each relevant symbol when the shortest length is 100.
WINDOWS = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}


@dataclass(frozen=True)
class TemporalOrder(_Stretched):
    """Say which of X and Y came at two (6a) or three (6b) places, in order.

    A sequence starts with E, ends with B, and holds distractors a, b, c, d, but for
    the relevant symbols, each X or Y. At full length (100 to 110) they stand at the
    positions 10 to 20 and 50 to 60, or 10 to 20, 33 to 43 and 66 to 76; shorter versions
    keep the proportions. Symbols and the 4 or 8 classes are one-hot; an answer is correct
    when all outputs are off by less than 0.3.

    Attributes:
        length: The shortest length; 100 in the paper.
        relevant: 2 for experiment 6a, 3 for 6b.

    Raises:
        ValueError: ``relevant`` is neither 2 nor 3, or the length is below 20.
    """

    relevant: int = 2

    answer: ClassVar[Answer] = "class"
    tolerance: ClassVar[float] = 0.3
    symbols: ClassVar[str] = "EBabcdXY"
    features: ClassVar[int] = 8

    def __post_init__(self) -> None:
        if self.relevant not in WINDOWS or self.length < 20:
            raise ValueError(f"TemporalOrder expects relevant 2 or 3, length >= 20, not {self}.")

    @property
    def outputs(self) -> int:
        """4 classes for two relevant symbols, 8 for three."""
        return int(2**self.relevant)

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 8), targets (size, 4 or 8)."""
        rng = np.random.default_rng(seed)
        rows = np.arange(size)
        symbols = rng.integers(2, 6, size=(size, self.timesteps), dtype=np.int8)
        starts = self._starts(rng, size)
        symbols[np.arange(self.timesteps) < starts[:, None]] = -1
        symbols[rows, starts] = self.symbols.index("E")
        symbols[:, -1] = self.symbols.index("B")
        is_y = rng.integers(0, 2, size=(size, self.relevant))
        for place, window in enumerate(WINDOWS[self.relevant]):
            first, last = (position * self.length // 100 for position in window)
            position = starts + rng.integers(first, last, size=size, endpoint=True)
            symbols[rows, position] = self.symbols.index("X") + is_y[:, place]
        classes = is_y @ (2 ** np.arange(self.relevant)[::-1])
        return Batch(one_hot(symbols, self.features), one_hot(classes, self.outputs))
