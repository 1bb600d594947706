"""Noise-free and noisy sequences with long time lags: keep x or y until the end."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.sequence_tasks.base import (
    Answer,
    Baseline,
    Batch,
    Seed,
    Task,
    generator,
    one_hot,
)
from workshop_utils.sequence_tasks.symbols import SymbolTask


@dataclass(frozen=True)
class NoiseFreeLag(SymbolTask):
    """Predict every next symbol; the last one is the same as the first, ``lag`` steps ago.

    There are p + 1 symbols: a(1) to a(p-1), x and y. In experiment 2a there are only
    two sequences, (x, a(1), ..., a(p-1), x) and (y, a(1), ..., a(p-1), y), each with
    probability 0.5. A sequence is correct when at every step all outputs are off by
    less than 0.25; the paper calls a run successful when 10,000 sequences in a row
    are correct. In experiment 2b the middle is random, p - 1 symbols drawn from
    a(1) to a(p-1), and only the outputs for the last symbol are judged.

    Inputs are numbers, a(1) = 0 to a(p-1) = p - 2, then x = p - 1 and y = p. ``Trainer``
    turns them into the vectors with a single 1 that the paper uses.

    Attributes:
        lag: p, steps from the first symbol to the last.
        regular: True for 2a, False for 2b.

    Raises:
        ValueError: The lag is below 2.
    """

    lag: int = 100
    regular: bool = True

    tolerance: ClassVar[float] = 0.25
    source: ClassVar[str] = "Hochreiter and Schmidhuber 1997, experiments 2a and 2b"

    def __post_init__(self) -> None:
        if self.lag < 2:
            raise ValueError(f"NoiseFreeLag expects a lag of at least 2, not {self.lag}.")

    @property
    def timesteps(self) -> int:
        """The lag: all symbols but the last, which is only predicted."""
        return self.lag

    @property
    def features(self) -> int:
        """The number of symbols, p + 1."""
        return self.lag + 1

    @property
    def outputs(self) -> int:
        """One output for each symbol."""
        return self.lag + 1

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs and targets (size, timesteps) int32; see ``Task``."""
        rng = generator(size, seed)
        sequences = np.empty((size, self.lag + 1), dtype=np.int32)
        if self.regular:
            sequences[:, 1:-1] = np.arange(self.lag - 1)
        else:
            sequences[:, 1:-1] = rng.integers(
                0, self.lag - 1, size=(size, self.lag - 1), dtype=np.int32
            )
        ends = self.lag - 1 + rng.integers(0, 2, size=size, dtype=np.int32)
        sequences[:, 0] = sequences[:, -1] = ends
        return Batch(sequences[:, :-1], sequences[:, 1:])

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the share of sequences whose last symbol has the largest output."""
        given, wanted = self._symbols(outputs, targets)
        return float(np.mean(given[:, -1].argmax(axis=1) == wanted[:, -1]))

    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Say whether all outputs are within ``tolerance``: everywhere (2a), or at the end (2b)."""
        given, wanted = self._symbols(outputs, targets)
        judged = slice(None) if self.regular else slice(-1, None)
        off = np.abs(given[:, judged] - one_hot(wanted[:, judged], self.outputs))
        close: npt.NDArray[np.bool_] = np.all(off < self.tolerance, axis=(1, 2))
        return close

    def baseline(self) -> Baseline:
        """Both last symbols come equally often."""
        return Baseline("always say x at the end", "accuracy", 0.5)


@dataclass(frozen=True)
class DistractorLag(Task):
    """Say after many random symbols whether x or y came at the beginning (experiment 2c).

    A sequence is b, then x or y, then q + k distractors, then the trigger e; the answer
    is the symbol that follows, x or y again. k is how often a coin that shows "stop"
    with probability 1/10 shows something else first: 9 on average. The lag is q + k + 1,
    so a network never meets a short one. A sequence is correct when both outputs are off
    by less than 0.2; the paper calls a run successful when 10,000 in a row are correct.

    Two slips of the paper: it draws distractors from the first q symbols, though there
    are p of them, and sums the expected length to q + 14, though its own formula gives
    q + 13. Here all p are drawn. Arrays must end, so a k above ``longest_extra`` does not
    come; that leaves out a share of 0.9 ** (longest_extra + 1) of all sequences.

    Inputs are numbers, distractors 0 to p - 1, then e = p, b = p + 1, x = p + 2 and
    y = p + 3, and -1 in front of a shorter sequence. ``Trainer`` turns them into the
    vectors with a single 1 (or none) that the paper uses.

    Attributes:
        lag: q, the least number of distractors in a sequence.
        distractors: p, how many different ones there are.
        longest_extra: The largest k.

    Raises:
        ValueError: A number is too small.
    """

    lag: int = 100
    distractors: int = 100
    longest_extra: int = 50

    answer: ClassVar[Answer] = "class"
    tolerance: ClassVar[float] = 0.2
    source: ClassVar[str] = "Hochreiter and Schmidhuber 1997, experiment 2c"
    stop: ClassVar[float] = 0.1

    def __post_init__(self) -> None:
        if min(self.lag, self.longest_extra) < 0 or self.distractors < 1:
            raise ValueError(
                "DistractorLag expects lag >= 0, distractors >= 1 and longest_extra >= 0, not "
                f"lag={self.lag}, distractors={self.distractors}, "
                f"longest_extra={self.longest_extra}."
            )

    @property
    def timesteps(self) -> int:
        """Length of the arrays: b, x or y, the most distractors, e."""
        return self.lag + self.longest_extra + 3

    @property
    def features(self) -> int:
        """The number of symbols, p + 4."""
        return self.distractors + 4

    @property
    def outputs(self) -> int:
        """One output for x, one for y."""
        return 2

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps) int32, targets (size, 2)."""
        rng = generator(size, seed)
        rows = np.arange(size)
        inputs = rng.integers(0, self.distractors, (size, self.timesteps), dtype=np.int32)
        is_y = rng.integers(0, 2, size=size)
        starts = self.longest_extra - self._extra(rng.random(size))
        inputs[np.arange(self.timesteps) < starts[:, None]] = -1
        e, b, x = self.distractors + np.arange(3)
        inputs[rows, starts], inputs[rows, starts + 1], inputs[:, -1] = b, x + is_y, e
        return Batch(inputs, one_hot(is_y, 2))

    def _extra(self, chance: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Turn numbers from U[0, 1) into k, geometric up to ``longest_extra``."""
        kept = 1 - (1 - self.stop) ** (self.longest_extra + 1)
        extra = np.log1p(-chance * kept) / math.log1p(-self.stop)
        # The largest numbers below 1 round up to one more than there may be.
        return np.minimum(extra.astype(np.int64), self.longest_extra)

    def baseline(self) -> Baseline:
        """Both last symbols come equally often, and distractors tell nothing."""
        return Baseline("always say the same symbol", "accuracy", 0.5)
