"""What all tasks have in common: batches by seed, a score, a criterion."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
Seed = int | Sequence[int]
Answer = Literal["class", "probability", "value", "symbols"]


class Batch(NamedTuple):
    """Sequences and what must be answered, at their end or at every step.

    Attributes:
        inputs: (batch, timesteps, features) float32, or (batch, timesteps) int32
            where each number stands for a word or a symbol; -1 stands for nothing,
            where a sequence is shorter.
        targets: (batch, outputs) float32; where a task wants an answer at every step,
            (batch, timesteps) int32, the number of the wanted symbol.
    """

    inputs: npt.NDArray[Any]
    targets: npt.NDArray[Any]


@dataclass(frozen=True)
class Task(ABC):
    """A task: sequences without end, and what counts as a right answer.

    Class attributes:
        answer: ``"class"`` (a softmax over one-hot targets), ``"probability"``
            (one sigmoid output), ``"value"`` (one number), or ``"symbols"`` (a
            softmax over symbols at every step).
        tolerance: Where the source's criterion is a distance: an answer is correct
            when every output is within this distance of its target.
    """

    answer: ClassVar[Answer]
    tolerance: ClassVar[float]

    @property
    @abstractmethod
    def timesteps(self) -> int:
        """Length of the arrays; shorter sequences have zeros in front."""

    @property
    @abstractmethod
    def features(self) -> int:
        """Length of one input vector; for a language, the vocabulary's size."""

    @property
    @abstractmethod
    def outputs(self) -> int:
        """Number of outputs that answer."""

    @abstractmethod
    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate ``size`` sequences; the same seed, one number or several, gives the same."""

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Score answers: the share of right ones, or the mean squared error for values.

        A class is right when its output is the largest, a probability when it
        lies on the target's side of one half.

        Args:
            outputs: (batch, outputs), after softmax or sigmoid.
            targets: (batch, outputs).

        Raises:
            ValueError: Another shape.
        """
        given, wanted = self._pair(outputs, targets)
        if self.answer == "value":
            return float(np.mean((given - wanted) ** 2))
        if self.answer == "probability":
            return float(np.mean((given > 0.5) == (wanted > 0.5)))
        return float(np.mean(given.argmax(axis=1) == wanted.argmax(axis=1)))

    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> Bools:
        """Say for each sequence, (batch,), whether it is correct by the source's own criterion.

        Arguments and errors as in :meth:`score`.
        """
        given, wanted = self._pair(outputs, targets)
        return np.asarray(np.all(np.abs(given - wanted) < self.tolerance, axis=1))

    def _pair(
        self, outputs: npt.ArrayLike, targets: npt.ArrayLike
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        given = np.asarray(outputs, dtype=np.float64)
        wanted = np.asarray(targets, dtype=np.float64)
        if given.shape != wanted.shape or given.ndim != 2 or given.shape[1] != self.outputs:
            raise ValueError(
                f"{type(self).__name__} expects outputs and targets of the shape "
                f"(batch, {self.outputs}), not {given.shape} and {wanted.shape}."
            )
        return given, wanted


def one_hot(indices: npt.NDArray[np.integer[Any]], classes: int) -> Floats:
    """Turn class numbers into rows, (..., classes), with a single 1; -1 gives only zeros."""
    # One row more than there are classes: -1 takes the last one, which is empty.
    rows: Floats = np.eye(classes + 1, classes, dtype=np.float32)[indices]
    return rows
