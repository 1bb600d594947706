"""Answers to the exercises of notebook 02."""

import functools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd


def one_line(by_state, state, state_before, U):
    return state_before.T @ (by_state * (1 - state**2)), (by_state * (1 - state**2)) @ U.T


def by_einsum(by_state, state, state_before, U):
    delta = by_state * (1 - state * state)
    return np.einsum("bi,bj->ij", state_before, delta), np.einsum("bj,ij->bi", delta, U)


def by_loops(by_state, state, state_before, U):
    batch, units = state.shape
    term = np.zeros((units, units))
    back = np.zeros((batch, units))
    for b in range(batch):
        for j in range(units):
            delta = by_state[b, j] * (1 - state[b, j] ** 2)
            for i in range(units):
                term[i, j] += state_before[b, i] * delta
                back[b, i] += delta * U[i, j]
    return term, back


def by_comprehensions(by_state, state, state_before, U):
    delta = [
        [d * (1 - h**2) for d, h in zip(*rows, strict=True)]
        for rows in zip(by_state, state, strict=True)
    ]
    term = [
        [sum(h[i] * d[j] for h, d in zip(state_before, delta, strict=True)) for j in range(len(U))]
        for i in range(len(U))
    ]
    return term, [[sum(d * u for d, u in zip(row, to, strict=True)) for to in U] for row in delta]


def one_sentence_at_a_time(by_state, state, state_before, U):
    delta = by_state * (1 - np.power(state, 2))
    outer = [np.outer(h, d) for h, d in zip(state_before, delta, strict=True)]
    return np.sum(outer, axis=0), np.array([U @ d for d in delta])


def by_tensordot(by_state, state, state_before, U):
    delta = np.multiply(by_state, 1.0 - np.square(state))
    return np.tensordot(state_before, delta, axes=(0, 0)), np.dot(delta, np.transpose(U))


def by_frames(by_state, state, state_before, U):
    delta = pd.DataFrame(by_state) * (1 - pd.DataFrame(state) ** 2)
    return pd.DataFrame(state_before).T @ delta, delta @ pd.DataFrame(U).T


def in_float32(by_state, state, state_before, U):
    by_state, state, state_before, U = (
        np.asarray(each, np.float32) for each in (by_state, state, state_before, U)
    )
    return one_line(by_state, state, state_before, U)


def as_list(by_state, state, state_before, U):
    return list(one_line(by_state, state, state_before, U))


def by_broadcasting(by_state, state, state_before, U):
    delta = by_state * (1 - state) * (1 + state)
    term = (state_before[:, :, None] * delta[:, None, :]).sum(axis=0)
    return term, (delta[:, None, :] * U[None]).sum(axis=2)


def as_generator(by_state, state, state_before, U):
    return (each for each in one_line(by_state, state, state_before, U))


def recursive(by_state, state, state_before, U):
    if len(state) == 1:
        return one_line(by_state, state, state_before, U)
    first = recursive(by_state[:1], state[:1], state_before[:1], U)
    rest = recursive(by_state[1:], state[1:], state_before[1:], U)
    return first[0] + rest[0], np.vstack([first[1], rest[1]])


def with_slope(slope, by_state, state, state_before, U):
    delta = by_state * slope(state)
    return state_before.T @ delta, delta @ U.T


class StepBack:
    def __call__(self, by_state, state, state_before, U):
        return by_einsum(by_state, state, state_before, U)


def transposed_term(by_state, state, state_before, U):
    delta = by_state * (1 - state**2)
    return delta.T @ state_before, delta @ U.T


def mean_term(by_state, state, state_before, U):
    term, back = one_line(by_state, state, state_before, U)
    return term / len(state), back


def slope_of_the_sigmoid(by_state, state, state_before, U):
    return with_slope(lambda h: h * (1 - h), by_state, state, state_before, U)


def changes_its_argument(by_state, state, state_before, U):
    by_state *= 1 - state**2
    return state_before.T @ by_state, by_state @ U.T


def leaves(share):
    def rule(gap):
        gate = share ** (1 / gap)
        return np.log(gate / (1 - gate))

    return rule


def by_search(gap):
    bias = 0.0
    while (1 / (1 + math.exp(-bias))) ** gap < 0.5:
        bias += 0.01
    return bias


def by_bisection(gap, low=0.0, high=20.0):
    middle = (low + high) / 2
    if high - low < 1e-9:
        return middle
    left = (1 / (1 + math.exp(-middle))) ** gap
    return by_bisection(gap, middle, high) if left < 0.4 else by_bisection(gap, low, middle)


def from_a_grid(gap):
    biases = np.linspace(0, 12, 2401)
    return biases[np.argmin(np.abs((1 / (1 + np.exp(-biases))) ** gap - 0.6))]


def by_cases(gap):
    for longest, bias in ((7, 1.9), (12, 2.3), (60, 3.9), (150, 4.8), (300, 5.4)):
        if gap <= longest:
            return bias
    return 7.0


class Rule:
    def __call__(self, gap):
        return math.log(gap - 1)


RIGHT = {
    "first_weight": [
        4, 5.5, 10, 50.0, 100, np.float32(5), np.int64(8), [6.0], (6.0,), np.array([6.0]),
        np.array([[7.0]]), pd.Series([6.0]), Fraction(13, 2), Decimal("6.5"), np.array(6.0),
    ],
    "step_back": [
        one_line, by_einsum, by_loops, by_comprehensions, one_sentence_at_a_time, by_tensordot,
        by_frames, in_float32, as_list, as_generator, by_broadcasting, recursive, StepBack(),
        functools.partial(with_slope, lambda h: 1 - h**2),
        functools.partial(with_slope, lambda h: 1 / np.cosh(np.arctanh(h)) ** 2),
        functools.partial(with_slope, lambda h: 1 - h**2 + 1e-7),
    ],
    "forget_bias": [
        np.log, math.log, leaves(0.11), leaves(0.5), leaves(0.89), by_search, by_bisection,
        from_a_grid, by_cases, Rule(), functools.partial(lambda scale, g: np.log(scale * g), 2),
        lambda gap: np.log(gap + 1),
        lambda gap: np.array([np.log(gap)]),
        lambda gap: [np.float32(math.log(gap))],
        lambda gap: -np.log(np.expm1(-np.log(0.5) / gap)),
        lambda gap: pd.Series([gap]).apply(np.log),
        lambda gap: sum(1 / k for k in range(1, gap)),
    ],
    "change": [
        (100, 1, -4.6), (100, 4.6, 0), (400, 4.6, -4.6), (5, 4.6, -4.6), [100, 1.0, -4.6],
        np.array([100, 1.0, -4.6]), (np.int64(100), np.float32(1), -4.6), (100.0, 0, 0),
        pd.Series([100, 1.0, -4.6]), (100, 20, -20), (each for each in (40, 1.0, -3.7)),
        (Fraction(100), Fraction(1), Decimal("-4.6")), ([100], [1.0], [-4.6]),
        map(float, (50, 0, 0)),
    ],
}  # fmt: skip
WRONG = {
    "first_weight": {
        "negative": [-6, -0.5],
        "fades": [1, 0, 0.99],
        "not_flat": [3, 3.0, 2.5, 1.01, 3.99],
        "": ["6", float("nan"), float("inf"), None, 1000, [4, 5], {}],
    },
    "step_back": {
        "not_transposed": [
            lambda d, h, before, U: (before.T @ (d * (1 - h**2)), d * (1 - h**2) @ U)
        ],
        "no_slope": [lambda d, h, before, U: (before.T @ d, d @ U.T)],
        "state_after": [lambda d, h, before, U: (h.T @ (d * (1 - h**2)), (d * (1 - h**2)) @ U.T)],
        "slope_before": [
            lambda d, h, before, U: (before.T @ (d * (1 - before**2)), (d * (1 - before**2)) @ U.T)
        ],
        "swapped": [lambda d, h, before, U: one_line(d, h, before, U)[::-1]],
        "": [
            transposed_term, mean_term, slope_of_the_sigmoid, changes_its_argument, 4,
            lambda d, h, before, U: before.T @ (d * (1 - h**2)),
            lambda d, h, before, U: None,
            lambda d, h, before, U: tuple(each.round(1) for each in one_line(d, h, before, U)),
        ],
    },
    "forget_bias": {
        "gate_itself": [lambda gap: 0.5 ** (1 / gap), lambda gap: gap / (gap + 1)],
        "fixed": [lambda gap: 1.0, lambda gap: np.log(40), lambda gap: 0.5],
        "too_shut": [np.log10, lambda gap: -np.log(gap), lambda gap: np.log(gap) - 2],
        "never_forgets": [lambda gap: gap, np.sqrt, lambda gap: 2 * np.log(gap) + 1],
        "": [3.7, lambda gap: "log", lambda gap: None, lambda gap: [np.log(gap)] * 2],
    },
    "change": {
        "not_three": [(100, 1.0), [100, 1.0, -4.6, 0.0], []],
        "gap": [(100.5, 1.0, -4.6), (4, 1.0, -4.6), (401, 1, -4.6), (1.0, -4.6, 100)],
        "wide": [(100, 21, -4.6), (100, 1.0, -1000)],
        "": [100, "100, 1, -4.6", {"gap": 100}, (100, "1.0", -4.6), (float("nan"), 1, 1)],
    },
}  # fmt: skip
