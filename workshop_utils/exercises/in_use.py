"""The exercises of the further notebook on a model in use."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from workshop_utils.exercises.core import Exercise, Mistake


def solution_logit_parts(C: Any, kept: Any, o: Any, w: Any) -> Any:
    """One number for each word: its step of the squashed state, shown and weighted."""
    return np.diff(np.tanh(C * kept), axis=0, prepend=0) @ (o * w)


def _part_trials() -> Iterator[tuple[Any, ...]]:
    generator = np.random.default_rng(141)
    for words, units in ((5, 3), (1, 4), (12, 2)):
        C, kept = generator.normal(size=(words, units)), generator.random((words, units))
        yield C, kept, generator.random(units), generator.normal(size=units)


logit_parts = Exercise(
    name="logit_parts",
    hints=(
        "First squash what is kept: np.tanh(C * kept). Then take its steps over the words.",
        "Multiply each step by o * w and add over the units: steps @ (o * w).",
    ),
    solved_by=solution_logit_parts,
    trials=_part_trials,
    mistakes=(
        Mistake(
            None,
            "take the steps after the tanh: the tanh of a step is not the step of the tanh.",
            (lambda C, kept, o, w: np.tanh(np.diff(C * kept, axis=0, prepend=0)) @ (o * w),),
            name="tanh_of_steps",
        ),
        Mistake(
            None,
            "multiply by kept inside of the tanh: the gates shrink the cell state itself.",
            (lambda C, kept, o, w: (np.diff(np.tanh(C), axis=0, prepend=0) * kept) @ (o * w),),
            name="kept_outside",
        ),
        Mistake(
            None,
            "these are the states: take the step from each word to the next.",
            (lambda C, kept, o, w: np.tanh(C * kept) @ (o * w),),
            name="states_not_steps",
        ),
    ),
    after="With kept all ones this is beta, with the later forget gates it is gamma.",
)


def solution_batches(lengths: Any, size: int) -> Any:
    """Row numbers in the order of their lengths, cut into pieces."""
    order = np.argsort(lengths, kind="stable")
    return [order[at : at + size] for at in range(0, len(order), size)]


def _given(function: Any) -> list[Any]:
    """The batches of one table, as plain lists of row numbers."""
    return [np.asarray(rows).tolist() for rows in function(LENGTHS.copy(), 8)]


LENGTHS = np.random.default_rng(141).permutation(np.repeat(np.arange(1, 25), 8))


def _holds_each_row_once(function: Any) -> bool:
    return sorted(row for rows in _given(function) for row in rows) == list(range(len(LENGTHS)))


def _small_enough(function: Any) -> bool:
    return all(1 <= len(rows) <= 8 for rows in _given(function))


def _hardly_padded(function: Any) -> bool:
    steps = sum(len(rows) * LENGTHS[rows].max() for rows in _given(function))
    return bool(LENGTHS.sum() >= 0.9 * steps)


batches = Exercise(
    name="batches",
    hints=(
        "np.argsort(lengths) gives the row numbers in the order of their lengths.",
        "Cut this order into pieces: order[at:at + size] for at in range(0, len(order), size).",
    ),
    solved_by=solution_batches,
    accepts=lambda function: (
        _holds_each_row_once(function) and _small_enough(function) and _hardly_padded(function)
    ),
    mistakes=(
        Mistake(
            lambda function: not _holds_each_row_once(function),
            "each row number must stand in one batch: return numbers of rows, not lengths.",
            (lambda lengths, size: [np.sort(lengths)[:size]],),
            name="not_each_row_once",
        ),
        Mistake(
            lambda function: not _small_enough(function),
            "no batch may have more than size rows, and none may be empty.",
            (lambda lengths, size: [np.argsort(lengths)],),  # noqa: ARG005  # the mistake
            name="batch_too_large",
        ),
        Mistake(
            lambda function: not _hardly_padded(function),
            "too much padding: put texts of similar length into one batch.",
            (lambda lengths, size: np.split(np.arange(len(lengths)), len(lengths) // size),),
            name="not_by_length",
        ),
    ),
    after="Texts of similar length stand together, so hardly a step is wasted.",
)
