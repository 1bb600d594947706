"""The exercises of the further notebook on a model in use."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, texts

TEXTS = texts(__name__)


def _logit_parts(C: Any, kept: Any, o: Any, w: Any) -> Any:
    """Return one number for each word: its step of the squashed state, shown and weighted."""
    return np.diff(np.tanh(C * kept), axis=0, prepend=0) @ (o * w)


def _part_trials() -> Iterator[tuple[Any, ...]]:
    generator = np.random.default_rng(141)
    for words, units in ((5, 3), (1, 4), (12, 2)):
        C, kept = generator.normal(size=(words, units)), generator.random((words, units))
        yield C, kept, generator.random(units), generator.normal(size=units)


def _kept_outside(C: Any, kept: Any, o: Any, w: Any) -> Any:
    return (np.diff(np.tanh(C), axis=0, prepend=0) * kept) @ (o * w)


logit_parts = Exercise(
    **TEXTS["logit_parts"],
    solved_by=_logit_parts,
    trials=_part_trials,
    wrong={
        "tanh_of_steps": lambda C, k, o, w: np.tanh(np.diff(C * k, axis=0, prepend=0)) @ (o * w),
        "kept_outside": _kept_outside,
        "states_not_steps": lambda C, kept, o, w: np.tanh(C * kept) @ (o * w),
    },
)


def _batches(lengths: Any, size: int) -> Any:
    """Return the row numbers in the order of their lengths, cut into pieces."""
    order = np.argsort(lengths, kind="stable")
    return [order[at : at + size] for at in range(0, len(order), size)]


LENGTHS = np.random.default_rng(141).permutation(np.repeat(np.arange(1, 25), 8))


def _given(function: Any) -> list[Any]:
    """Return the batches of one table as lists of row numbers."""
    return [np.asarray(rows).tolist() for rows in function(LENGTHS.copy(), 8)]


def _much_padding(function: Any) -> bool:
    steps = sum(len(rows) * LENGTHS[rows].max() for rows in _given(function))
    return bool(LENGTHS.sum() < 0.9 * steps)


batches = Exercise(
    **TEXTS["batches"],
    solved_by=_batches,
    wrong={
        "not_each_row_once": (
            lambda function: (
                sorted(chain.from_iterable(_given(function))) != list(range(len(LENGTHS)))
            ),
            lambda lengths, size: [np.sort(lengths)[:size]],
        ),
        "batch_too_large": (
            lambda function: any(not 1 <= len(rows) <= 8 for rows in _given(function)),
            lambda lengths, _size: [np.argsort(lengths)],
        ),
        "not_by_length": (
            _much_padding,
            lambda lengths, size: np.split(np.arange(len(lengths)), len(lengths) // size),
        ),
    },
)
