"""Which rows a model learns from, is tuned on and is tested on; and which rows are copies."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.tweets.cleaning import as_list

Rows = NDArray[np.int64]

TEST_SHARE, VALIDATION_SHARE = 0.3, 0.1
"""Of all rows or groups, and of those that are then left; as in 2019."""

_LINK = re.compile(r"https?://\S+")
_RETWEET = re.compile(r"\brt @\w+:?")
_NO_LETTER_OR_DIGIT = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts of the rows, as row numbers.

    Attributes:
        train: Rows that the weights are fitted on, shape (number of rows,).
        validation: Rows on which choices are made, for example when to stop.
        test: Rows that are looked at once, at the end.
    """

    train: Rows
    validation: Rows
    test: Rows

    def __post_init__(self) -> None:
        """Refuse an empty part, and parts that share a row."""
        parts = (self.train, self.validation, self.test)
        if not all(part.size for part in parts):
            sizes = ", ".join(str(part.size) for part in parts)
            raise ValueError(f"Each part of a split needs a row, but the parts have {sizes} rows.")
        together = np.concatenate(parts)
        if np.unique(together).size != together.size:
            raise ValueError("A row may stand in one part of a split only, but one stands in two.")


def random_split(n: int, seed: int = 141) -> Split:
    """Draw rows at random, as in 2019: copies of one text may fall into different parts.

    Args:
        n: Number of rows.
        seed: Random state for scikit-learn's ``train_test_split``.

    Returns:
        The split; its test rows are those that ``train_test_split`` gives, its validation
        rows the last of the others, as Keras' ``validation_split`` takes them.

    Raises:
        ValueError: There are too few rows, and a part would be empty.
    """
    from sklearn.model_selection import train_test_split

    learning, test = train_test_split(np.arange(n), test_size=TEST_SHARE, random_state=seed)
    kept = int(learning.size * (1 - VALIDATION_SHARE))
    return Split(learning[:kept], learning[kept:], test)


def grouped_split(groups: ArrayLike, seed: int = 141) -> Split:
    """Draw whole groups, so that no copy of a text crosses from one part to another.

    Args:
        groups: Number of the group of each row, shape (n,), as :func:`group_ids` gives it.
        seed: Random state for scikit-learn's ``GroupShuffleSplit``.

    Returns:
        The split; rows of a part stand in the order of the file.

    Raises:
        ValueError: There are too few groups, and a part would be empty.
    """
    from sklearn.model_selection import GroupShuffleSplit

    def draw(rows: Rows, share: float) -> tuple[Rows, Rows]:
        drawing = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
        rest, drawn = next(drawing.split(rows, groups=numbers[rows]))
        return rows[rest], rows[drawn]

    numbers = np.asarray(groups)
    learning, test = draw(np.arange(numbers.size), TEST_SHARE)
    train, validation = draw(learning, VALIDATION_SHARE)
    return Split(train, validation, test)


def normalise(text: str) -> str:
    """Reduce a tweet to what it says, so that copies become equal.

    Links and "rt @user:" go; the words of handles and tags stay; small letters a to z and
    digits only, with one space between words. On the real tweets without the neutral ones
    this gives 7,318 distinct texts in 10,729 rows.

    Args:
        text: A tweet.

    Returns:
        The normalised text; it may be empty.
    """
    text = html.unescape(text.lower())
    text = _RETWEET.sub(" ", _LINK.sub(" ", text))
    return _NO_LETTER_OR_DIGIT.sub(" ", text).strip()


def group_ids(texts: Iterable[str]) -> NDArray[np.int64]:
    """Number the groups of tweets that say the same after :func:`normalise`.

    Args:
        texts: Tweets, length n.

    Returns:
        Shape (n,): 0 for the first text and its copies, 1 for the next new one, and so on,
        as ``pandas.factorize`` numbers them. A split depends on these numbers, since
        scikit-learn sorts the groups before it draws.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    numbers: dict[str, int] = {}
    ids = [numbers.setdefault(normalise(text), len(numbers)) for text in as_list(texts)]
    return np.array(ids, dtype=np.int64)
