"""Answers to the exercises of the further notebook on a model in use."""

from functools import partial
from itertools import groupby, pairwise

import numpy as np
import pandas as pd


def word_by_word(C, kept, o, w):
    parts = []
    before = np.zeros(C.shape[1])
    for t in range(len(C)):
        now = np.tanh(C[t] * kept[t])
        parts.append(float(np.sum((now - before) * o * w)))
        before = now
    return parts


def by_comprehension(C, kept, o, w):
    shown = [np.zeros_like(o), *np.tanh(C * kept)]
    return [(two - one) @ (o * w) for one, two in pairwise(shown)]


def unit_by_unit(C, kept, o, w):
    total = np.zeros(len(C))
    for k in range(len(o)):
        total += np.diff(np.tanh(C[:, k] * kept[:, k]), prepend=0) * o[k] * w[k]
    return total


def padded(C, kept, o, w):
    states = np.vstack([np.zeros_like(o), np.tanh(C * kept)])
    return (states[1:] - states[:-1]) @ (o * w)


def of_the_sums(C, kept, o, w):
    return np.diff(np.tanh(C * kept) @ (o * w), prepend=0.0)


def by_einsum(C, kept, o, w):
    steps = np.diff(np.tanh(C * kept), axis=0, prepend=0)
    return np.einsum("tk,k,k->t", steps, o, w)


def by_pandas(C, kept, o, w):
    states = pd.DataFrame(np.tanh(C * kept))
    return (states - states.shift(1).fillna(0)).mul(o * w).sum(axis=1)


def recursive(C, kept, o, w):
    last = np.tanh(C[-1] * kept[-1]) @ (o * w)
    if len(C) == 1:
        return [last]
    before = recursive(C[:-1], kept[:-1], o, w)
    return [*before, last - sum(before)]


def yielding(C, kept, o, w):
    before = 0.0
    for state in np.tanh(C * kept) @ (o * w):
        yield state - before
        before = state


def in_float32(C, kept, o, w):
    return padded(*(each.astype("float32") for each in (C, kept, o, w)))


def with_prepend(C, kept, o, w, prepend):
    return np.diff(np.tanh(C * kept), axis=0, prepend=prepend) @ (o * w)


class Parts:
    def __call__(self, C, kept, o, w):
        return tuple(word_by_word(C, kept, o, w))


def longest_first(lengths, size):
    order = np.argsort(-lengths, kind="stable")
    return np.array_split(order, np.ceil(len(order) / size))


def by_sorted(lengths, size):
    order = sorted(range(len(lengths)), key=lambda row: lengths[row])
    return [order[at : at + size] for at in range(0, len(order), size)]


def in_a_loop(lengths, size):
    batches = []
    for row in np.argsort(lengths):
        if not batches or len(batches[-1]) == size:
            batches.append([])
        batches[-1].append(row)
    return batches


def pieces(lengths, size):
    order = [*np.argsort(lengths)]
    while order:
        yield order[:size]
        order = order[size:]


def called_again(lengths, size, order=None):
    order = np.argsort(lengths) if order is None else order
    return [order[:size], *called_again(lengths, size, order[size:])] if len(order) else []


def by_series(lengths, size):
    order = pd.Series(lengths).sort_values().index
    return [order[at : at + size] for at in range(0, len(order), size)]


def grouped(lengths, size):
    numbered = enumerate(np.argsort(lengths, kind="stable"))
    return [[row for _, row in rows] for _, rows in groupby(numbered, lambda each: each[0] // size)]


def by_split(lengths, size):
    order = np.argsort(lengths)
    return np.split(order, range(size, len(order), size))


class Batches:
    def __call__(self, lengths, size):
        return tuple(map(tuple, by_sorted(lengths, size)))


def with_kind(lengths, size, kind):
    order = np.argsort(lengths, kind=kind)
    return [order[at : at + size] for at in range(0, len(order), size)]


def with_size(number):
    return lambda lengths, _size: by_sorted(lengths, number)


RIGHT = {
    "logit_parts": [
        word_by_word,
        by_comprehension,
        unit_by_unit,
        padded,
        of_the_sums,
        by_einsum,
        by_pandas,
        recursive,
        yielding,
        in_float32,
        partial(with_prepend, prepend=0),
        Parts(),
        lambda C, k, o, w: np.diff(np.tanh(C * k), axis=0, prepend=0) @ np.diag(o) @ w,
    ],
    "batches": [
        longest_first,
        by_sorted,
        in_a_loop,
        pieces,
        called_again,
        by_series,
        grouped,
        by_split,
        Batches(),
        partial(with_kind, kind="mergesort"),
        lambda lengths, size: by_sorted(lengths, size)[::-1],
        lambda lengths, size: map(np.array, by_sorted(lengths, size)),
        lambda lengths, size: np.array_split(
            np.argsort(lengths).astype(float), np.ceil(len(lengths) / size)
        ),
    ],
}
WRONG = {
    "logit_parts": {
        "tanh_of_steps": [
            lambda C, k, o, w: np.tanh(np.diff(C * k, axis=0, prepend=0)) @ (o * w),
            lambda C, k, o, w: [np.tanh(x) @ (o * w) for x in np.diff(C * k, axis=0, prepend=0)],
        ],
        "kept_outside": [lambda C, k, o, w: (np.diff(np.tanh(C), axis=0, prepend=0) * k) @ (o * w)],
        "states_not_steps": [lambda C, k, o, w: np.tanh(C * k) @ (w * o)],
        "": [
            lambda C, k, o, w: np.diff(np.tanh(C * k), axis=0) @ (o * w),
            lambda C, k, o, w: np.diff(np.tanh(C * k), axis=0, prepend=0) @ w,
            lambda C, k, o, w: np.diff(np.tanh(C * k), axis=0, prepend=0) * (o * w),
            lambda C, k, o, w: np.diff(C * k, axis=0, prepend=0) @ (o * w),
            lambda C, k, o, w: np.diff(np.tanh(C), axis=0, prepend=0) @ (o * w),
            lambda C, k, o, w: np.diff(np.tanh(C * k), prepend=0) @ (o * w),
            lambda C, k, o, w: padded(C, k, o, w).sum(),
            lambda C, k, o, w: padded(C, k, o, w).round(1),
        ],
    },
    "batches": {
        "not_each_row_once": [
            lambda lengths, size: [np.sort(lengths)[:size]],
            lambda lengths, size: [np.sort(lengths)[a : a + size] for a in range(len(lengths))],
            lambda lengths, size: by_sorted(lengths, size)[:-1],
            lambda lengths, size: np.argsort(lengths)[: len(lengths) // size * size].reshape(
                -1, size
            ),
        ],
        "batch_too_large": [
            lambda lengths, _size: [np.argsort(lengths)],
            with_size(65),
            lambda lengths, _size: [np.flatnonzero(lengths == n) for n in np.unique(lengths)],
            lambda lengths, size: [[], *by_sorted(lengths, size)],
        ],
        "not_by_length": [
            lambda lengths, size: np.split(np.arange(len(lengths)), range(size, len(lengths), size))
        ],
        "too_many": [lambda lengths, _size: [[row] for row in np.argsort(lengths)], with_size(5)],
        "": [
            with_size(8),
            with_size(24),
            lambda lengths, size: dict(enumerate(by_sorted(lengths, size))),
            lambda lengths, size: np.argsort(lengths),
            lambda lengths, size: len(lengths) / size,
        ],
    },
}
