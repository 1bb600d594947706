"""Which rows a model learns from, is tuned on and is tested on; and which rows are copies."""

from __future__ import annotations

import html
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.tweets.cleaning import as_list, clean_all

Rows = NDArray[np.int64]

TEST_SHARE = 0.3
VALIDATION_SHARE = 0.1
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
    learning_size = int(learning.size * (1 - VALIDATION_SHARE))
    return Split(learning[:learning_size], learning[learning_size:], test)


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
    digits only, with one space between words.

    Args:
        text: A tweet.

    Returns:
        The normalised text; it may be empty.
    """
    text = html.unescape(text.lower())
    text = _RETWEET.sub(" ", _LINK.sub(" ", text))
    return _NO_LETTER_OR_DIGIT.sub(" ", text).strip()


def connected_groups(*keys: Iterable[Hashable]) -> NDArray[np.int64]:
    """Number the groups of rows that are linked by an equal key, directly or through others.

    Row 0 may share its first key with row 1, and row 1 its second key with row 2: then all
    three are one group, a connected component of the graph of equal keys.

    Args:
        keys: One or more columns of keys, each of length n.

    Returns:
        Shape (n,): 0 for the group of the first row, 1 for the next new one, and so on, as
        ``pandas.factorize`` numbers them. A split depends on these numbers, since
        scikit-learn sorts the groups before it draws.

    Raises:
        ValueError: The columns differ in length.
    """
    columns = [list(column) for column in keys]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("Each column needs one key for each row, but their lengths differ.")
    rows = range(len(columns[0])) if columns else range(0)
    # Union-find: a row points to an earlier row of its group, the first one to itself.
    parent = list(rows)

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for column in columns:
        first_row: dict[Hashable, int] = {}
        for row, key in enumerate(column):
            own = root(row)
            earlier = root(first_row.setdefault(key, row))
            parent[max(own, earlier)] = min(own, earlier)
    numbers: dict[int, int] = {}
    ids = [numbers.setdefault(root(row), len(numbers)) for row in rows]
    return np.array(ids, dtype=np.int64)


def group_ids(texts: Iterable[str]) -> NDArray[np.int64]:
    """Number the groups of tweets that say the same.

    Two tweets are linked when :func:`normalise` makes them equal, or when
    :func:`~workshop_utils.tweets.cleaning.clean` does: a model reads the cleaned text, so
    equal ones may not stand on two sides of a split, even where the keys differ (in a word
    that Twitter cut, which the cleaner drops). On the real tweets without the neutral ones
    this gives 7,284 groups of 10,729 rows.

    Args:
        texts: Tweets, length n.

    Returns:
        Shape (n,), as :func:`connected_groups` numbers them.

    Raises:
        TypeError: ``texts`` is one text, or an element is not a text.
    """
    given = as_list(texts)
    return connected_groups(map(normalise, given), clean_all(given))
