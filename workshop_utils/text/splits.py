"""Which rows a model learns from, is tuned on and is tested on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.text.grouping import twin_share

Indices = NDArray[np.int64]

_PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of the rows, as indices, and how they came to be.

    Attributes:
        train: Rows that the weights are fitted on, shape (number of rows,).
        validation: Rows on which choices are made, for example when to stop.
        test: Rows that are looked at once, at the end.
        name: ``random`` or ``grouped``.
        seed: The random state with which the rows were drawn.
        groups: Number of the group of every row, all parts, shape (n,); None where
            the split was drawn without them.
    """

    train: Indices
    validation: Indices
    test: Indices
    name: str
    seed: int
    groups: Indices | None = None

    def __post_init__(self) -> None:
        """Refuse parts that share a row."""
        together = np.concatenate([self.train, self.validation, self.test])
        if np.unique(together).size != together.size:
            raise ValueError("A row may stand in one part of a split only, but one stands in two.")
        if self.groups is not None and together.max(initial=-1) >= len(self.groups):
            raise ValueError(
                f"Every row needs a group, but row {together.max()} has none: there are "
                f"{len(self.groups)} group numbers."
            )

    @property
    def learning(self) -> Indices:
        """Rows of ``train``, then of ``validation``: all that may be seen before the test.

        For the split of 2019 these are the 7,510 rows in the order in which
        scikit-learn returns them; Keras' ``validation_split=0.1`` takes the last tenth.
        """
        return np.concatenate([self.train, self.validation])

    def groups_of(self, part: str) -> Indices:
        """Return the group of each row of a part, in the order of the part.

        Args:
            part: ``"train"``, ``"validation"``, ``"test"`` or ``"learning"``.

        Returns:
            Shape (rows of the part,), as :func:`workshop_utils.evaluation.bootstrap` wants it.

        Raises:
            ValueError: The split was drawn without groups, or there is no such part.
        """
        if part not in {*_PARTS, "learning"}:
            raise ValueError(f"A split has the parts {', '.join(_PARTS)}, but no {part!r}.")
        if self.groups is None:
            raise ValueError("This split knows no groups; give them when you draw it (groups=...).")
        rows: Indices = getattr(self, part)
        return self.groups[rows]

    @property
    def provenance(self) -> dict[str, Any]:
        """What identifies the split, as plain texts and numbers for a record.

        ``sha256`` is that of the row numbers, part after part: two splits with the same
        one are the same split, whatever made them.
        """
        digest = hashlib.sha256()
        for part in _PARTS:
            rows = getattr(self, part)
            digest.update(f"{part} {rows.size}:".encode() + rows.astype("<i8").tobytes())
        known: dict[str, Any] = {
            "name": self.name,
            "seed": self.seed,
            "rows": {part: int(getattr(self, part).size) for part in _PARTS},
            "sha256": digest.hexdigest(),
        }
        if self.groups is not None:
            known["groups"] = {part: int(np.unique(self.groups_of(part)).size) for part in _PARTS}
            known["twin_share"] = twin_share(self.groups, self.learning, self.test)
        return known

    def __len__(self) -> int:
        return self.train.size + self.validation.size + self.test.size

    def __str__(self) -> str:
        """Say the sizes of the parts."""
        return (
            f"{self.name} split, seed {self.seed}: {self.train.size:,} rows to train, "
            f"{self.validation.size:,} to validate, {self.test.size:,} to test"
        )


def random_split(
    n: int,
    seed: int = 141,
    test_share: float = 0.3,
    validation_share: float = 0.1,
    groups: ArrayLike | None = None,
) -> Split:
    """Draw rows at random, as in 2019: copies of one text may fall into different parts.

    Args:
        n: Number of rows.
        seed: Random state for scikit-learn's ``train_test_split``.
        test_share: Share of the rows that are kept for the test.
        validation_share: Share of the other rows that are kept for validation; the
            last ones, as Keras' ``validation_split`` takes them.
        groups: Number of the group of each row, shape (n,). The drawing ignores them,
            but the split then knows them, for what is to be measured over groups.

    Returns:
        The split; its test rows are those that ``train_test_split`` gives.

    Raises:
        ValueError: A share is not between 0 and 1, or a part would be empty.
    """
    from sklearn.model_selection import train_test_split

    _refuse_wrong_shares(test_share, validation_share)
    learning, test = train_test_split(np.arange(n), test_size=test_share, random_state=seed)
    kept = int(learning.size * (1 - validation_share))
    return _split(learning[:kept], learning[kept:], test, "random", seed, groups)


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
    groups = np.asarray(groups)
    _refuse_wrong_shares(test_share, validation_share)
    learning, test = _draw(groups, test_share, seed)
    train, validation = _draw(groups[learning], validation_share, seed)
    return _split(learning[train], learning[validation], test, "grouped", seed, groups)


def _draw(groups: NDArray[np.int64], share: float, seed: int) -> tuple[Indices, Indices]:
    """Return the rows of most groups, and those of the share that was drawn."""
    from sklearn.model_selection import GroupShuffleSplit

    drawing = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    rest, drawn = next(drawing.split(np.zeros(groups.size), groups=groups))
    return rest, drawn


def _refuse_wrong_shares(*shares: float) -> None:
    for share in shares:
        if not 0 < share < 1:
            raise ValueError(f"A share lies between 0 and 1, but {share} was given.")


def _split(
    train: Indices,
    validation: Indices,
    test: Indices,
    name: str,
    seed: int,
    groups: ArrayLike | None,
) -> Split:
    if not (train.size and validation.size and test.size):
        sizes = f"{train.size}, {validation.size} and {test.size}"
        raise ValueError(
            f"Each part needs at least one row, but the parts would have {sizes}; "
            "give more rows or other shares."
        )
    return Split(
        train=train.astype(np.int64),
        validation=validation.astype(np.int64),
        test=test.astype(np.int64),
        name=name,
        seed=seed,
        groups=None if groups is None else np.asarray(groups, dtype=np.int64),
    )
