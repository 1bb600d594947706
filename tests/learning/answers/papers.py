"""Answers to the exercises of the further notebook on the papers."""

from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import takewhile

import numpy as np
import pandas as pd

from workshop_utils.tasks import Latch


def states(w, u, b, inputs):
    h = np.zeros(len(inputs))
    for t in range(inputs.shape[1]):
        h = np.tanh(w * inputs[:, t, 0] + u * h + b)
    return h


def one_by_one(w, u, b, inputs, bits):
    count = 0
    for sequence, bit in zip(inputs, bits, strict=True):
        h = 0.0
        for (x,) in sequence:
            h = np.tanh(w * x + u * h + b)
        if (h > 0) != (bit[0] > 0):
            return count
        count += 1
    return count


def recursive(w, u, b, inputs, bits):
    if len(inputs) == 0:
        return 0
    if (states(w, u, b, inputs[:1])[0] > 0) != (bits[0, 0] > 0):
        return 0
    return 1 + recursive(w, u, b, inputs[1:], bits[1:])


def cumulated(w, u, b, inputs, bits):
    return np.cumprod((states(w, u, b, inputs) > 0) == (bits[:, 0] > 0)).sum()


def by_pandas(w, u, b, inputs, bits):
    right = pd.Series((states(w, u, b, inputs) > 0) == (bits[:, 0] > 0))
    return right.cumprod().sum()


def taken_while(w, u, b, inputs, bits):
    pairs = zip(states(w, u, b, inputs), bits[:, 0], strict=True)
    return len(list(takewhile(lambda pair: (pair[0] > 0) == (pair[1] > 0), pairs)))


def first_wrong(w, u, b, inputs, bits):
    wrong = np.flatnonzero((states(w, u, b, inputs) > 0) != (bits[:, 0] > 0))
    return wrong[0] if len(wrong) else len(bits)


def with_next(w, u, b, inputs, bits):
    right = (states(w, u, b, inputs) > 0) == (bits[:, 0] > 0)
    return next((n for n, each in enumerate(right) if not each), len(right))


def through_products(w, u, b, inputs, bits):
    signed = np.sign(states(w, u, b, inputs)) * (2 * (bits[:, 0] > 0) - 1)
    return np.append(signed, -1).argmin()


def in_float32(w, u, b, inputs, bits):
    return first_wrong(w, u, b, inputs.astype("float32"), bits)


class Counter:
    def __call__(self, w, u, b, inputs, bits):
        return [cumulated(w, u, b, inputs, bits)]


def with_a_flag(w, u, b, inputs, bits, *, threshold):
    return np.array([np.cumprod((states(w, u, b, inputs) > threshold) == bits[:, 0]).sum()])


def counts_all(w, u, b, inputs, bits):
    return int(((states(w, u, b, inputs) > 0) == (bits[:, 0] > 0)).sum())


def no_end(w, u, b, inputs, bits):
    return np.argmin((states(w, u, b, inputs) > 0) == (bits[:, 0] > 0))


def argmax_of_wrong(w, u, b, inputs, bits):
    return np.argmax((states(w, u, b, inputs) > 0) != (bits[:, 0] > 0))


def sign_is_bit(w, u, b, inputs, bits):
    return np.append(np.sign(states(w, u, b, inputs)) == bits[:, 0], False).argmin()


def longest_run(w, u, b, inputs, bits):
    best = run = 0
    for right in (states(w, u, b, inputs) > 0) == (bits[:, 0] > 0):
        run = run + 1 if right else 0
        best = max(best, run)
    return best


RIGHT = {
    "right_in_a_row": [
        one_by_one,
        recursive,
        cumulated,
        by_pandas,
        taken_while,
        first_wrong,
        with_next,
        through_products,
        in_float32,
        Counter(),
        partial(with_a_flag, threshold=0),
        lambda *unit: np.array(one_by_one(*unit)),
        lambda *unit: Fraction(one_by_one(*unit)),
    ],
    "first_gates": [
        (4, -4),
        (3.0, -1.0),
        (8, -8),
        (5.5, -2),
        (np.float32(4), np.float32(-3)),
        (np.array([4.6]), np.array([-4.6])),
        (np.array(4.6), np.array(-4.6)),
        ([5], [-5]),
        ((5,), (-5,)),
        (np.log(100), -np.log(100)),
        (pd.Series([4.0]), pd.Series([-4.0])),
        (Fraction(9, 2), Decimal("-4.5")),
        (np.matrix([[4.0]]), -1),
    ],
}
WRONG = {
    "right_in_a_row": {
        "counts_all": [counts_all],
        "none_wrong": [no_end, argmax_of_wrong],
        "signs_as_bits": [sign_is_bit],
        "no_bias": [lambda w, u, b, inputs, bits: first_wrong(w, u, 0, inputs, bits)],
        "": [
            longest_run,
            lambda w, u, b, inputs, bits: first_wrong(w, u, b, inputs, bits) + 1,
            lambda w, u, b, inputs, bits: first_wrong(u, w, b, inputs, bits),
            lambda w, u, b, inputs, bits: first_wrong(w, u, b, inputs[:, ::-1], bits),
            lambda w, u, b, inputs, bits: len(bits),
            lambda w, u, b, inputs, bits: bits[:, 0],
            lambda *_: str(Latch),
        ],
    },
    "first_gates": {
        "swapped": [(-4, 4), (-1.0, 1.0)],
        "forgets": [(1.0, -2.0), (0, 0), (2.9, -4)],
        "stands_open": [(5, 0), (4, 3.0)],
        "stuck": [(20, -20), (9, -2), (4, -50)],
        "": [("4", "-4"), (None, -4), ([4, -4], 1), (float("nan"), -4), (np.ones(3), -4)],
    },
}
