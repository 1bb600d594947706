"""The exercises of the further notebook on a model in use."""

from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, Mistake


def solution_logit_parts(C, kept, o, w):
    return np.diff(np.tanh(C * kept), axis=0, prepend=0) @ (o * w)


def _part_trials() -> Iterator[tuple[Any, ...]]:
    generator = np.random.default_rng(141)
    for words, units in ((5, 3), (1, 4), (12, 2)):
        C = generator.normal(size=(words, units))
        kept = generator.random((words, units))
        yield C, kept, generator.random(units), generator.normal(size=units)


logit_parts = Exercise(
    __name__,
    "logit_parts",
    solved_by=solution_logit_parts,
    trials=_part_trials,
    hints=(
        "First squash what is kept: np.tanh(C * kept). Then take its steps over the words.",
        "Multiply each step by o * w and add over the units: steps @ (o * w).",
    ),
    after="With kept all ones this is beta, with the later forget gates it is gamma.",
    mistakes=(
        Mistake(
            "tanh_of_steps",
            "take the steps after the tanh: the tanh of a step is not the step of the tanh.",
            lambda C, k, o, w: np.tanh(np.diff(C * k, axis=0, prepend=0)) @ (o * w),
        ),
        Mistake(
            "kept_outside",
            "multiply by kept inside of the tanh: the gates shrink the cell state itself.",
            lambda C, k, o, w: (np.diff(np.tanh(C), axis=0, prepend=0) * k) @ (o * w),
        ),
        Mistake(
            "states_not_steps",
            "these are the states: take the step from each word to the next.",
            lambda C, kept, o, w: np.tanh(C * kept) @ (o * w),
        ),
    ),
)


def solution_batches(lengths, size):
    order = np.argsort(lengths, kind="stable")
    return [order[at : at + size] for at in range(0, len(order), size)]


Batches = list[list[int]]
Tables = list[tuple[Any, int, Batches]]


def _tables(function: Callable[..., Any]) -> Tables:
    """Return tables of lengths with a size each, and the batches of a function as row numbers.

    No size divides the rows of its table, and lengths occur more and less often than it.
    """
    generator = np.random.default_rng(141)
    tables = []
    for rows, longest, size in ((190, 24, 8), (100, 40, 7), (65, 3, 64)):
        lengths = generator.integers(1, longest + 1, rows)
        batches = [np.asarray(each).tolist() for each in function(lengths.copy(), size)]
        tables.append((lengths, size, batches))
    return tables


def _has_each_row_once(tables: Tables) -> bool:
    return all(
        sorted(chain.from_iterable(batches)) == list(range(len(lengths)))
        for lengths, _, batches in tables
    )


def _has_sizes(tables: Tables) -> bool:
    return all(1 <= len(rows) <= size for _, size, batches in tables for rows in batches)


def _has_few_batches(tables: Tables) -> bool:
    return all(len(batches) <= -(-len(lengths) // size) for lengths, size, batches in tables)


def _goes_by_length(tables: Tables) -> bool:
    """Return whether no text of a batch is longer than one of the next batch, or shorter."""
    for lengths, _, batches in tables:
        spans = sorted((lengths[rows].min(), lengths[rows].max()) for rows in batches)
        if any(one[1] > two[0] for one, two in pairwise(spans)):
            return False
    return True


batches = Exercise(
    __name__,
    "batches",
    solved_by=solution_batches,
    gives=[np.arange(2)],
    hints=(
        "np.argsort(lengths) gives the row numbers in the order of their lengths.",
        "Cut this order into pieces: order[at:at + size] for at in range(0, len(order), size).",
    ),
    after="Texts of similar length stand together, so hardly a step is wasted.",
    mistakes=(
        Mistake(
            "not_each_row_once",
            "each row number must stand in one batch: return numbers of rows, not lengths.",
            lambda lengths, size: [np.sort(lengths)[:size]],
            seen=lambda function: not _has_each_row_once(_tables(function)),
        ),
        Mistake(
            "batch_too_large",
            "no batch may have more than size rows, and none may be empty.",
            lambda lengths, _size: [np.argsort(lengths)],
            seen=lambda function: not _has_sizes(_tables(function)),
        ),
        Mistake(
            "not_by_length",
            "too much padding: put texts of similar length into one batch.",
            lambda lengths, size: np.array_split(
                np.arange(len(lengths)), np.ceil(len(lengths) / size)
            ),
            seen=lambda function: not _goes_by_length(_tables(function)),
        ),
        Mistake(
            "too_many",
            "these are more batches than needed: fill each one up to size rows.",
            lambda lengths, _size: [[row] for row in np.argsort(lengths)],
            seen=lambda function: not _has_few_batches(_tables(function)),
        ),
    ),
)
