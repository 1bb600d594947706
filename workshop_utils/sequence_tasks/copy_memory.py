"""The copy memory problem: ten symbols, a long wait, and the same ten symbols again."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.sequence_tasks.base import Baseline, Batch, Seed, generator, one_hot
from workshop_utils.sequence_tasks.symbols import SymbolTask


@dataclass(frozen=True)
class CopyMemory(SymbolTask):
    """Repeat ten symbols after ``wait`` steps, when a delimiter asks for them.

    A sequence has T + 20 steps: ten symbols drawn from eight, T - 1 blanks, a delimiter,
    ten blanks. The target is blank for T + 10 steps and then the ten symbols in their
    order. The paper scores the mean cross-entropy of all steps, in nats, and so does
    ``score``; low is good. It has no criterion for one sequence: here one is correct when
    the wanted symbol has the largest output at every step. Of the ten kinds of input
    the delimiter is never a target, so there are nine outputs, as in the code of the
    paper's authors.

    Attributes:
        wait: T.

    Raises:
        ValueError: ``wait`` is below 1.
    """

    wait: int = 100

    source: ClassVar[str] = "Arjovsky, Shah and Bengio 2016"
    recalled: ClassVar[int] = 10
    kinds: ClassVar[int] = 8

    def __post_init__(self) -> None:
        if self.wait < 1:
            raise ValueError(f"CopyMemory expects a wait of at least 1, not {self.wait}.")

    @property
    def timesteps(self) -> int:
        """Twice the symbols, and the wait."""
        return self.wait + 2 * self.recalled

    @property
    def features(self) -> int:
        """Eight symbols, blank and delimiter, one-hot in this order."""
        return self.kinds + 2

    @property
    def outputs(self) -> int:
        """Eight symbols and blank."""
        return self.kinds + 1

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps, 10), targets (size, timesteps) int32."""
        rng = generator(size, seed)
        blank, delimiter = self.kinds, self.kinds + 1
        inputs = np.full((size, self.timesteps), blank, dtype=np.int32)
        targets = inputs.copy()
        symbols = rng.integers(0, self.kinds, (size, self.recalled), dtype=np.int32)
        inputs[:, : self.recalled] = targets[:, -self.recalled :] = symbols
        inputs[:, -self.recalled - 1] = delimiter
        return Batch(one_hot(inputs, self.features), targets)

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the mean cross-entropy of all steps, in nats."""
        given, wanted = self._symbols(outputs, targets)
        chances = np.take_along_axis(given, wanted[..., None], axis=2)
        # The least positive number: a symbol that was ruled out costs much, not infinitely much.
        return float(-np.log(np.maximum(chances, np.finfo(np.float64).tiny)).mean())

    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Say whether the wanted symbol has the largest output at every step."""
        given, wanted = self._symbols(outputs, targets)
        return np.asarray((given.argmax(axis=2) == wanted).all(axis=1))

    def baseline(self) -> Baseline:
        """Ten of T + 20 steps, each with one chance in eight."""
        value = self.recalled * math.log(self.kinds) / self.timesteps
        rule = "know when to answer, and guess one of eight symbols"
        return Baseline(rule, "cross-entropy", value)
