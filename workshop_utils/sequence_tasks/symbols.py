"""Tasks that want an answer at every step: which symbol is right there."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.sequence_tasks.base import Answer, Task

Outputs = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SymbolTask(Task):
    """A task with an answer at every step: a distribution over symbols.

    Targets are (batch, timesteps), the number of the wanted symbol at each step, or
    -1 where no answer counts: after the end of a shorter sequence, which here has its
    zeros behind it. A network for such a task gives (batch, timesteps, outputs). It
    learns from the mean cross-entropy of all steps that count.
    """

    answer: ClassVar[Answer] = "symbols"

    @abstractmethod
    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Score answers by the measure that :meth:`baseline` names.

        Args:
            outputs: (batch, timesteps, outputs), after softmax.
            targets: (batch, timesteps).

        Raises:
            ValueError: The shapes do not fit.
        """

    @abstractmethod
    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Say for each sequence whether it is correct by the source's own criterion.

        Args:
            outputs: (batch, timesteps, outputs), after softmax.
            targets: (batch, timesteps).

        Returns:
            (batch,).

        Raises:
            ValueError: The shapes do not fit.
        """

    def _symbols(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> tuple[Outputs, Numbers]:
        given = np.asarray(outputs, dtype=np.float64)
        wanted = np.asarray(targets, dtype=np.int64)
        if wanted.ndim != 2 or given.shape != (*wanted.shape, self.outputs):
            raise ValueError(
                f"{type(self).__name__} expects outputs (batch, timesteps, {self.outputs}) and "
                f"targets (batch, timesteps), not {given.shape} and {wanted.shape}."
            )
        return given, wanted
