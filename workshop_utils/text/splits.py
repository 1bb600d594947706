"""Which rows a model learns from, is tuned on and is tested on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of the rows, as row numbers.

    Attributes:
        train: Rows that the weights are fitted on, shape (number of rows,).
        validation: Rows on which choices are made, for example when to stop.
        test: Rows that are looked at once, at the end.
        name: ``random`` or ``grouped``.
        seed: The random state with which the rows were drawn.
    """

    train: Rows
    validation: Rows
    test: Rows
    name: str
    seed: int

    def __post_init__(self) -> None:
        """Refuse an empty part, and parts that share a row."""
        parts = (self.train, self.validation, self.test)
        if not all(part.size for part in parts):
            sizes = ", ".join(str(part.size) for part in parts)
            raise ValueError(
                f"Each part of a split needs a row, but the parts would have {sizes} rows; "
                "give more tweets or other shares."
            )
        together = np.concatenate(parts)
        if np.unique(together).size != together.size:
            raise ValueError("A row may stand in one part of a split only, but one stands in two.")

    @property
    def learning(self) -> Rows:
        """Rows of ``train``, then of ``validation``: all that may be seen before the test.

        For the split of 2019 these are the 7,510 rows in the order in which scikit-learn
        returns them; Keras' ``validation_split=0.1`` takes the last tenth.
        """
        return np.concatenate([self.train, self.validation])

    def __len__(self) -> int:
        return self.train.size + self.validation.size + self.test.size

    def __str__(self) -> str:
        """Say the sizes of the parts."""
        return (
            f"{self.name} split, seed {self.seed}: {self.train.size:,} rows to train, "
            f"{self.validation.size:,} to validate, {self.test.size:,} to test"
        )


def random_split(
    n: int, seed: int = 141, test_share: float = 0.3, validation_share: float = 0.1
) -> Split:
    """Draw rows at random, as in 2019: copies of one text may fall into different parts.

    Args:
        n: Number of rows.
        seed: Random state for scikit-learn's ``train_test_split``.
        test_share: Share of the rows that are kept for the test.
        validation_share: Share of the other rows that are kept for validation; the
            last ones, as Keras' ``validation_split`` takes them.

    Returns:
        The split; its test rows are those that ``train_test_split`` gives.

    Raises:
        ValueError: A share is not between 0 and 1, or a part would be empty.
    """
    from sklearn.model_selection import train_test_split

    _refuse_wrong_shares(n, test_share, validation_share)
    learning, test = train_test_split(np.arange(n), test_size=test_share, random_state=seed)
    kept = int(learning.size * (1 - validation_share))
    return Split(learning[:kept], learning[kept:], test, "random", seed)


def grouped_split(
    groups: ArrayLike, seed: int = 141, test_share: float = 0.3, validation_share: float = 0.1
) -> Split:
    """Draw whole groups, so that no copy of a text crosses from one part to another.

    Args:
        groups: Number of the group of each row, shape (n,).
        seed: Random state for scikit-learn's ``GroupShuffleSplit``.
        test_share: Share of the groups that are kept for the test.
        validation_share: Share of the other groups that are kept for validation.

    Returns:
        The split; rows of a part stand in the order of the file.

    Raises:
        ValueError: A share is not between 0 and 1, or a part would be empty.
    """
    from sklearn.model_selection import GroupShuffleSplit

    def draw(rows: Rows, share: float) -> tuple[Rows, Rows]:
        drawing = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
        rest, drawn = next(drawing.split(rows, groups=numbers[rows]))
        return rows[rest], rows[drawn]

    numbers = np.asarray(groups)
    _refuse_wrong_shares(np.unique(numbers).size, test_share, validation_share)
    learning, test = draw(np.arange(numbers.size), test_share)
    train, validation = draw(learning, validation_share)
    return Split(train, validation, test, "grouped", seed)


def _refuse_wrong_shares(n: int, *shares: float) -> None:
    for share in shares:
        if not 0 < share < 1:
            raise ValueError(f"A share lies between 0 and 1, but {share} was given.")
    if n < 3:
        raise ValueError(f"Three parts need three different texts or more, but there are {n}.")
