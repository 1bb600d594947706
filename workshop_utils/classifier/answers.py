"""What the classifier says of a text, and how well it could read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop_utils.models import LABELS

if TYPE_CHECKING:
    from pandas import DataFrame, Index


@dataclass(frozen=True)
class Prediction:
    """What the model says of one text, and how well it could read it.

    Attributes:
        text: The text as it was given; half a surrogate pair, which is no
            character, became a question mark.
        label: ``"negative"`` or ``"positive"``.
        positive: P(positive), in 0 to 1.
        tokens: How many words the model read.
        unknown_share: Share of them that are outside the vocabulary, in 0 to 1.
        cut_off: Whether the end of the text was not read, since it is too long.
        empty: Whether nothing was left to read; the answer then says nothing.
    """

    text: str
    label: str
    positive: float
    tokens: int
    unknown_share: float
    cut_off: bool
    empty: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain words on what the model could not read; empty when it read everything."""
        found = []
        if self.empty:
            found.append("no word to read")
        if self.cut_off:
            found.append(f"cut off after {self.tokens} words")
        if self.unknown_share > 0:
            found.append(f"{self.unknown_share:.0%} of the words unknown")
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Answers:
    """The same for many texts, one array a column, which takes little memory.

    Attributes:
        positive: P(positive), shape (texts,), in 0 to 1.
        decided: 0 (negative) or 1 (positive), shape (texts,).
        tokens: Words that the model read, shape (texts,).
        unknown_share: Share of them outside the vocabulary, shape (texts,).
        cut_off: Whether the end was not read, shape (texts,).
    """

    positive: NDArray[np.float64]
    decided: NDArray[np.int64]
    tokens: NDArray[np.int64]
    unknown_share: NDArray[np.float64]
    cut_off: NDArray[np.bool_]

    @property
    def labels(self) -> list[str]:
        """``"negative"`` or ``"positive"`` for each text."""
        return [LABELS[each] for each in self.decided.tolist()]

    def __len__(self) -> int:
        return len(self.positive)

    def predictions(self, texts: list[str]) -> list[Prediction]:
        """One :class:`Prediction` a text.

        Args:
            texts: The texts that were read, in the same order.
        """
        columns = (self.positive, self.tokens, self.unknown_share, self.cut_off)
        return [
            Prediction(text, label, positive, tokens, unknown, cut_off, empty=tokens == 0)
            for text, label, (positive, tokens, unknown, cut_off) in zip(
                texts, self.labels, zip(*(each.tolist() for each in columns), strict=True),
                strict=True,
            )
        ]  # fmt: skip

    def table(self, index: Index | None = None) -> DataFrame:
        """The columns as a frame.

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
            "empty": self.tokens == 0,
        }
        return pd.DataFrame(columns, index=index)
