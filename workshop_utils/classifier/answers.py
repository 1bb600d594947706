"""What the classifier says about a text, and how well it could read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop_utils.models import LABELS

if TYPE_CHECKING:
    from pandas import DataFrame, Index

CANNOT_TELL = "cannot tell"
"""The label of a text of which no word is known."""


@dataclass(frozen=True)
class Prediction:
    """What the model says about one text, and how well it could read it.

    Attributes:
        text: The text as it was given.
        label: ``"negative"``, ``"positive"``, or :data:`CANNOT_TELL`.
        positive: P(positive), in 0 to 1.
        tokens: How many words the model read.
        unknown_share: Share of them that are outside the vocabulary, in 0 to 1.
        cut_off: Whether the end of the text was not read, since it is too long.
        notes: Plain words on what makes the answer doubtful; empty when nothing does.
    """

    text: str
    label: str
    positive: float
    tokens: int
    unknown_share: float
    cut_off: bool
    notes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether no word was left to read."""
        return self.tokens == 0


@dataclass(frozen=True, eq=False)
class Answers:
    """The same for many texts, one array a column, which takes little memory.

    Attributes:
        positive: P(positive), shape (texts,), in 0 to 1.
        decided: 0 (negative) or 1 (positive), shape (texts,).
        tokens: Words that the model read, shape (texts,).
        unknown_share: Share of them outside the vocabulary, shape (texts,); 1 if there is none.
        cut_off: Whether the end was not read, shape (texts,).
    """

    positive: NDArray[np.float64]
    decided: NDArray[np.int64]
    tokens: NDArray[np.int64]
    unknown_share: NDArray[np.float64]
    cut_off: NDArray[np.bool_]

    @property
    def labels(self) -> list[str]:
        """``"negative"``, ``"positive"`` or :data:`CANNOT_TELL` for each text."""
        names = np.array([*LABELS, CANNOT_TELL], dtype=object)
        known: list[str] = names[np.where(self.unknown_share < 1, self.decided, 2)].tolist()
        return known

    def __len__(self) -> int:
        return len(self.positive)

    def table(self, index: Index | None = None) -> DataFrame:
        """Return the columns as a frame.

        Args:
            index: The rows' names; numbers from 0 if none is given.
        """
        import pandas as pd

        columns = {
            "label": self.labels,
            "positive": self.positive,
            "tokens": self.tokens,
            "unknown_share": self.unknown_share,
            "cut_off": self.cut_off,
        }
        return pd.DataFrame(columns, index=index)
