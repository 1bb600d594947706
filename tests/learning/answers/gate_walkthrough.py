"""Answers to the exercises of notebook 03."""

from itertools import chain, combinations

import numpy as np

from workshop_utils.cells import sigmoid


def one_gate_a_line(x, h, C, W, U, b):
    n = U.shape[0]
    sums = x @ W + h @ U + b
    i, f, o = (sigmoid(sums[..., k * n : (k + 1) * n]) for k in (0, 1, 3))
    candidate = np.tanh(sums[..., 2 * n : 3 * n])
    new = f * C + i * candidate
    return [o * np.tanh(new), new, i, f, candidate, o]


def from_the_end(forget_gates):
    shares = np.ones_like(forget_gates)
    for j in range(len(forget_gates) - 2, -1, -1):
        shares[j] = shares[j + 1] * forget_gates[j + 1]
    return shares


def as_frozen_sets(flips, units):
    numbers = range(units)
    every = chain.from_iterable(combinations(numbers, size) for size in range(units, 0, -1))
    return [frozenset(chosen) for chosen in every if flips(chosen) >= 0.96]


RIGHT = {
    "lstm_step": [one_gate_a_line],
    "share_left": [from_the_end],
    "flipping_sets": [as_frozen_sets],
    "my_text": ["then the aunt sang then"],
}
WRONG = {
    "lstm_step": {"": [lambda x, h, C, W, U, b: (h, C)]},
    "share_left": {"": [lambda gates: np.cumprod(gates, axis=0)]},
    "flipping_sets": {"": [lambda flips, units: [(0,)] * 7, lambda flips, units: 4]},
    "my_text": {"": [""]},
}
