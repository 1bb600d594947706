"""Answers to the exercises of notebook 03."""

import math
from functools import partial, reduce
from itertools import accumulate
from operator import mul

import numpy as np
import pandas as pd

from workshop_utils.cells import LSTMCell, sigmoid

# --- a step -----------------------------------------------------------------------------


def one_gate_a_line(x, h, C, W, U, b):
    n = U.shape[0]
    sums = x @ W + h @ U + b
    i, f, o = (sigmoid(sums[..., k * n : (k + 1) * n]) for k in (0, 1, 3))
    candidate = np.tanh(sums[..., 2 * n : 3 * n])
    new = f * C + i * candidate
    return [o * np.tanh(new), new, i, f, candidate, o]


def by_the_formula(x, h, C, W, U, b):
    sum_i, sum_f, sum_c, sum_o = np.split(x @ W + h @ U + b, 4, axis=-1)

    def gate(z):
        return 1 / (1 + np.exp(-z))

    i, f, o = map(gate, (sum_i, sum_f, sum_o))
    candidate = np.tanh(sum_c)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def sigmoid_by_tanh(x, h, C, W, U, b):
    i, f, c, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i, f, o = (0.5 + 0.5 * np.tanh(gate / 2) for gate in (i, f, o))
    c = np.tanh(c)
    C = f * C + i * c
    return o * np.tanh(C), C, i, f, c, o


def joined_weights(x, h, C, W, U, b):
    sums = np.concatenate([x, h], axis=-1) @ np.concatenate([W, U]) + b
    i, f, c, o = np.array_split(sums, 4, axis=sums.ndim - 1)
    i = sigmoid(i)
    f = sigmoid(f)
    c = np.tanh(c)
    o = sigmoid(o)
    C = np.add(np.multiply(f, C), np.multiply(i, c))
    return np.multiply(o, np.tanh(C)), C, i, f, c, o


def one_text_after_the_other(x, h, C, W, U, b):
    if x.ndim == 1:
        return by_the_formula(x, h, C, W, U, b)
    rows = [by_the_formula(*each, W, U, b) for each in zip(x, h, C, strict=True)]
    return tuple(np.array(part) for part in zip(*rows, strict=True))


def number_by_number(x, h, C, W, U, b):
    if x.ndim == 2:
        return one_text_after_the_other(x, h, C, W, U, b)
    n = len(h)
    parts = [[], [], [], [], [], []]
    for k in range(n):
        sums = []
        for block in range(4):
            column = block * n + k
            total = b[column]
            total += sum(x[j] * W[j, column] for j in range(len(x)))
            total += sum(h[j] * U[j, column] for j in range(n))
            sums.append(float(total))
        i, f, o = (1 / (1 + math.exp(-sums[block])) for block in (0, 1, 3))
        candidate = math.tanh(sums[2])
        new = f * C[k] + i * candidate
        for part, value in zip(parts, (o * math.tanh(new), new, i, f, candidate, o), strict=True):
            part.append(value)
    return tuple(parts)


def from_the_package(x, h, C, W, U, b):
    i, f, candidate, o, new, shown = LSTMCell(W, U, b).trace(x, h, C)
    return shown, new, i, f, candidate, o


def blocks_as_an_axis(x, h, C, W, U, b):
    sums = (x @ W + h @ U + b).reshape(*h.shape[:-1], 4, h.shape[-1])
    i, f, candidate, o = (sums[..., block, :] for block in range(4))
    i = sigmoid(i)
    f = sigmoid(f)
    o = sigmoid(o)
    candidate = np.tanh(candidate)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def einsum_step(x, h, C, W, U, b):
    sums = np.einsum("...j,jk->...k", x, W) + np.einsum("...j,jk->...k", h, U) + b
    n = C.shape[-1]
    i = sigmoid(sums[..., :n])
    f = sigmoid(sums[..., n : 2 * n])
    o = sigmoid(sums[..., -n:])
    candidate = np.tanh(sums[..., 2 * n : -n])
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def in_float32(x, h, C, W, U, b):
    return by_the_formula(*(np.asarray(each, np.float32) for each in (x, h, C, W, U, b)))


def as_a_mapping(x, h, C, W, U, b):
    part = dict(zip("ifco", np.split(x @ W + h @ U + b, 4, axis=-1), strict=True))
    part = {name: np.tanh(z) if name == "c" else sigmoid(z) for name, z in part.items()}
    C = part["f"] * C + part["i"] * part["c"]
    return part["o"] * np.tanh(C), C, *(part[name] for name in "ifco")


class Step:
    """A step that is an object."""

    def __init__(self, squash):
        self.squash = squash

    def __call__(self, x, h, C, W, U, b):
        i, f, c, o = np.split(x @ W + h @ U + b, 4, axis=-1)
        i = sigmoid(i)
        f = sigmoid(f)
        o = sigmoid(o)
        c = self.squash(c)
        C = f * C + i * c
        return self.squash(C) * o, C, i, f, c, o


def with_options(squash, x, h, C, W, U, b):
    return Step(squash)(x, h, C, W, U, b)


def no_candidate(x, h, C, W, U, b):
    _, C, i, f, candidate, o = by_the_formula(x, h, C, W, U, b)
    return o * np.tanh(f * C + i), C, i, f, candidate, o


def old_cell_shown(x, h, C, W, U, b):
    _, new, i, f, candidate, o = by_the_formula(x, h, C, W, U, b)
    return o * np.tanh(C), new, i, f, candidate, o


def gates_not_shared(x, h, C, W, U, b):
    _, _, i, f, candidate, o = by_the_formula(x, h, C, W, U, b)
    new = f * C + (1 - f) * candidate
    return o * np.tanh(new), new, i, f, candidate, o


def without_bias(x, h, C, W, U, b):
    return by_the_formula(x, h, C, W, U, 0 * b)


def without_h(x, h, C, W, U, b):
    return by_the_formula(x, 0 * h, C, W, U, b)


# --- what is left -----------------------------------------------------------------------


def from_the_end(forget_gates):
    shares = np.ones_like(forget_gates)
    for j in range(len(forget_gates) - 2, -1, -1):
        shares[j] = shares[j + 1] * forget_gates[j + 1]
    return shares


def turned_products(forget_gates):
    later = np.cumprod(forget_gates[:0:-1], axis=0)[::-1]
    return np.concatenate([later, np.ones_like(forget_gates[:1])])


def by_stack(forget_gates):
    rows = [np.prod(forget_gates[j + 1 :], axis=0) for j in range(forget_gates.shape[0])]
    return np.stack(rows)


def by_vstack(forget_gates):
    ones = np.ones((1, *forget_gates.shape[1:]))
    return np.vstack([np.cumprod(forget_gates[::-1], axis=0)[-2::-1], ones])


def by_reduce(forget_gates):
    one = np.ones_like(forget_gates[0])
    return [reduce(mul, forget_gates[j + 1 :], one) for j in range(len(forget_gates))]


def by_recursion(forget_gates):
    if len(forget_gates) == 1:
        return np.ones_like(forget_gates)
    rest = by_recursion(forget_gates[1:])
    return np.concatenate([[rest[0] * forget_gates[1]], rest])


def by_accumulate(forget_gates):
    backwards = accumulate(forget_gates[:0:-1], mul, initial=np.ones_like(forget_gates[0]))
    return list(backwards)[::-1]


def by_logarithms(forget_gates):
    logs = np.log(forget_gates)
    return np.exp(logs.sum(axis=0) - np.cumsum(logs, axis=0))


def by_division(forget_gates):
    upto = np.cumprod(forget_gates, axis=0)
    return upto[-1] / upto


def every_pair(forget_gates):
    shares = np.ones(forget_gates.shape)
    for j in range(len(forget_gates)):
        for later in range(j + 1, len(forget_gates)):
            shares[j] = shares[j] * forget_gates[later]
    return shares


def by_pandas(forget_gates):
    flat = pd.DataFrame(forget_gates.reshape(len(forget_gates), -1))
    shifted = flat.shift(-1, fill_value=1.0)
    return shifted[::-1].cumprod()[::-1].to_numpy().reshape(forget_gates.shape)


def row_by_row(forget_gates):
    for j in range(len(forget_gates)):
        yield forget_gates[j + 1 :].prod(axis=0)


def with_options_for_axis(forget_gates, axis):
    return np.array([forget_gates[j + 1 :].prod(axis=axis) for j in range(len(forget_gates))])


class Shares:
    """What is left, as an object."""

    def __call__(self, forget_gates):
        return from_the_end(forget_gates)


# --- an exchange ------------------------------------------------------------------------


def by_copies(h, C, twin_h, twin_C, units):
    new_h = h.copy()
    new_C = C.copy()
    new_h[..., units] = twin_h[..., units]
    new_C[..., units] = twin_C[..., units]
    return new_h, new_C


def unit_by_unit(h, C, twin_h, twin_C, units):
    h = np.array(h)
    C = np.array(C)
    for unit in units:
        h[..., unit] = twin_h[..., unit]
        C[..., unit] = twin_C[..., unit]
    return [h, C]


def by_a_mask(h, C, twin_h, twin_C, units):
    mask = np.zeros(h.shape[-1])
    mask[units] = 1
    return mask * twin_h + (1 - mask) * h, mask * twin_C + (1 - mask) * C


def by_columns(h, C, twin_h, twin_C, units):
    def mixed(own, twin):
        columns = [(twin if k in units else own)[..., k] for k in range(own.shape[-1])]
        return np.stack(columns, axis=-1)

    return mixed(h, twin_h), mixed(C, twin_C)


def by_transposing(h, C, twin_h, twin_C, units):
    def mixed(own, twin):
        turned = own.T.copy()
        turned[units] = twin.T[units]
        return turned.T

    return mixed(h, twin_h), mixed(C, twin_C)


def by_take_along(h, C, twin_h, twin_C, units):
    both = [np.stack(pair) for pair in ((h, twin_h), (C, twin_C))]
    which = np.isin(np.arange(h.shape[-1]), units).astype(int)
    which = np.broadcast_to(which, h.shape)[None]
    return tuple(np.take_along_axis(each, which, axis=0)[0] for each in both)


def by_choose(h, C, twin_h, twin_C, units):
    which = np.isin(np.arange(h.shape[-1]), units).astype(int)
    return np.choose(which, [h, twin_h]), np.choose(which, [C, twin_C])


def both_at_once(h, C, twin_h, twin_C, units):
    states = np.array([h, C])
    states[..., units] = np.array([twin_h, twin_C])[..., units]
    return states


def by_recursion_over_units(h, C, twin_h, twin_C, units):
    if not units:
        return h.copy(), C.copy()
    first, *rest = units
    return by_recursion_over_units(*by_copies(h, C, twin_h, twin_C, [first]), twin_h, twin_C, rest)


def as_lists(h, C, twin_h, twin_C, units):
    new_h, new_C = by_copies(h, C, twin_h, twin_C, units)
    return new_h.tolist(), new_C.tolist()


def differences(h, C, twin_h, twin_C, units):
    step = np.isin(np.arange(h.shape[-1]), units)
    return h + step * (twin_h - h), C + step * (twin_C - C)


class Exchange:
    """An exchange, as an object."""

    def __call__(self, *states):
        return by_copies(*states)


def exchange_with(copy, h, C, twin_h, twin_C, units):
    h = copy(h)
    C = copy(C)
    h[..., units] = twin_h[..., units]
    C[..., units] = twin_C[..., units]
    return h, C


def first_units(h, C, twin_h, twin_C, units):
    n = len(units)
    new_h = np.concatenate([twin_h[..., :n], h[..., n:]], axis=-1)
    new_C = np.concatenate([twin_C[..., :n], C[..., n:]], axis=-1)
    return new_h, new_C


def zeros_instead(h, C, twin_h, twin_C, units):
    keep = ~np.isin(np.arange(h.shape[-1]), units)
    return h * keep, C * keep


def swapped_states(h, C, twin_h, twin_C, units):
    return by_copies(C, h, twin_C, twin_h, units)


def twin_left_in_place(h, C, twin_h, twin_C, units):
    h[..., units] = twin_h[..., units]
    C[..., units] = twin_C[..., units]
    return h, C


# --- silence ----------------------------------------------------------------------------


def text_by_text(her_h, his_h):
    message = np.empty_like(her_h)
    for place in np.ndindex(her_h.shape):
        message[place] = 0.5 * her_h[place] + 0.5 * his_h[place]
    return message


class Silence:
    """A message that says nothing, as an object."""

    def __call__(self, her_h, his_h):
        return np.mean([her_h, his_h], axis=0)


def weighted(share, her_h, his_h):
    return share * her_h + (1 - share) * his_h


RIGHT = {
    "lstm_step": [
        one_gate_a_line,
        by_the_formula,
        sigmoid_by_tanh,
        joined_weights,
        one_text_after_the_other,
        number_by_number,
        from_the_package,
        blocks_as_an_axis,
        einsum_step,
        in_float32,
        as_a_mapping,
        Step(np.tanh),
        partial(with_options, np.tanh),
    ],
    "output_gate": [
        (-4, 8),
        (-3.0, 6.0),
        (-3, 100),
        (-10.0, 20.0),
        (-4.0, 7.0),
        (np.float32(-4), np.float32(8)),
        (np.array([-4.0]), np.array([8.0])),
        (np.array(-5), np.array(10)),
        ([-4], [8]),
        ((-4.0,), (8.0,)),
        (pd.Series([-4.0]), pd.Series([8.0])),
        (-2.95, 5.9),
        (-30, 60),
    ],
    "share_left": [
        from_the_end,
        turned_products,
        by_stack,
        by_vstack,
        by_reduce,
        by_recursion,
        by_accumulate,
        by_logarithms,
        by_division,
        every_pair,
        by_pandas,
        row_by_row,
        partial(with_options_for_axis, axis=0),
        Shares(),
    ],
    "exchange": [
        by_copies,
        unit_by_unit,
        by_a_mask,
        by_columns,
        by_transposing,
        by_take_along,
        by_choose,
        both_at_once,
        by_recursion_over_units,
        as_lists,
        differences,
        Exchange(),
        partial(exchange_with, np.copy),
    ],
    "silence": [
        lambda her_h, his_h: 0.5 * (her_h + his_h),
        lambda her_h, his_h: np.mean([her_h, his_h], axis=0),
        lambda her_h, his_h: np.zeros_like(her_h),
        lambda her_h, his_h: her_h * 0,
        np.maximum,
        np.minimum,
        lambda her_h, his_h: her_h + his_h,
        lambda her_h, his_h: her_h * his_h,
        lambda her_h, his_h: np.abs(her_h - his_h),
        lambda her_h, his_h: np.full(her_h.shape, 0.1),
        lambda her_h, his_h: ((her_h + his_h) / 2).tolist(),
        lambda her_h, his_h: np.float32(her_h / 2) + np.float32(his_h / 2),
        text_by_text,
        Silence(),
        partial(weighted, 0.5),
    ],
    "fooling_text": [
        ("then the aunt sang then", 0),
        ("the king then", 1),
        ("the king the the the then", 4),
        ("king then", np.int64(2)),
        ("the queen the the the the then", np.array([3])),
        ("the mother . . . . then", [5]),
        ("the  uncle   sang . then", 2.0),
        ("the father then then then then", np.float32(1)),
        (np.str_("the sister danced the then"), 2),
        ("\nthe brother\nsang . then\n", 2),
        ("aunt the then", (4,)),
        ("quietly today alone there the king then", 3),
        ("the king " + "the " * 200 + "then", 5),
    ],
}


def by_tanh_only(x, h, C, W, U, b):
    i, f, candidate, o = np.tanh(np.array(np.split(x @ W + h @ U + b, 4, axis=-1)))
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def one_by_tanh(place, x, h, C, W, U, b):
    sums = np.split(x @ W + h @ U + b, 4, axis=-1)
    ways = [sigmoid, sigmoid, np.tanh, sigmoid]
    ways[place] = np.tanh
    i, f, candidate, o = (way(part) for way, part in zip(ways, sums, strict=True))
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def by_sigmoid_only(x, h, C, W, U, b):
    i, f, candidate, o = sigmoid(np.array(np.split(x @ W + h @ U + b, 4, axis=-1)))
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def forget_first(x, h, C, W, U, b):
    f, i, c, o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i = sigmoid(i)
    f = sigmoid(f)
    o = sigmoid(o)
    candidate = np.tanh(c)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def cut_along_the_texts(x, h, C, W, U, b):
    i, f, c, o = np.split(x @ W + h @ U + b, 4)
    i = sigmoid(i)
    f = sigmoid(f)
    o = sigmoid(o)
    candidate = np.tanh(c)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def belt_shown_plainly(x, h, C, W, U, b):
    _, C, i, f, candidate, o = by_the_formula(x, h, C, W, U, b)
    return o * C, C, i, f, candidate, o


WRONG = {
    "lstm_step": {
        "candidate_sigmoid": [by_sigmoid_only],
        "gate_order": [forget_first],
        "first_axis": [cut_along_the_texts],
        "gates_tanh": [by_tanh_only, partial(one_by_tanh, 0), partial(one_by_tanh, 3)],
        "shown_without_tanh": [belt_shown_plainly],
        "": [
            no_candidate,
            old_cell_shown,
            gates_not_shared,
            without_bias,
            without_h,
            lambda *given: by_the_formula(*given)[::-1],
            lambda *given: by_the_formula(*given)[:2],
        ],
    },
    "output_gate": {
        "not_shut": [(0, 8), (0.0, 100.0), (-2, 6), (1.0, 4.0)],
        "always_open": [(4, -8), (10, 0)],
        "then_shuts": [(-4, -8), (-4.0, 0.0)],
        "then_too_weak": [(-4, 4), (-4, 6), (-8, 10)],
        "": [(float("nan"), 8), (float("-inf"), float("inf")), ("-4", "8"), (None, 8)],
    },
    "share_left": {
        "own_gate": [lambda gates: np.cumprod(gates[::-1], axis=0)[::-1]],
        "earlier_gates": [
            lambda gates: np.concatenate([np.ones_like(gates[:1]), np.cumprod(gates[:-1], axis=0)])
        ],
        "units_mixed": [lambda gates: [np.prod(gates[j + 1 :]) for j in range(len(gates))]],
        "next_gate_only": [lambda gates: np.concatenate([gates[1:], np.ones_like(gates[:1])])],
        "": [
            lambda gates: np.cumprod(gates, axis=0),
            lambda gates: gates.prod(axis=0),
            np.ones_like,
            lambda gates: turned_products(gates)[:-1],
            lambda gates: turned_products(gates).T,
            lambda gates: turned_products(gates).round(1),
        ],
    },
    "exchange": {
        "only_cell_state": [
            lambda h, C, twin_h, twin_C, units: (h, by_copies(h, C, twin_h, twin_C, units)[1])
        ],
        "only_hidden_state": [
            lambda h, C, twin_h, twin_C, units: (by_copies(h, C, twin_h, twin_C, units)[0], C)
        ],
        "the_others": [lambda h, C, twin_h, twin_C, units: by_copies(twin_h, twin_C, h, C, units)],
        "in_place": [twin_left_in_place],
        "all_units": [lambda _h, _C, *rest: rest[:2]],
        "": [
            first_units,
            zeros_instead,
            swapped_states,
            lambda h, C, *_: (h, C),
            lambda *states: by_copies(*states)[0],
            lambda *states: by_copies(*states)[::-1],
        ],
    },
    "silence": {
        "hers": [lambda her_h, his_h: her_h.copy(), lambda her_h, his_h: her_h + 0 * his_h],
        "his": [lambda her_h, his_h: his_h.copy()],
        "difference": [lambda her_h, his_h: his_h - her_h, lambda a, b: (a - b) / 2],
        "shape_lost": [
            lambda her_h, his_h: 0.0,
            lambda her_h, his_h: np.zeros(1),
            lambda her_h, his_h: np.stack([her_h, his_h]),
        ],
        "": [
            partial(weighted, 0.9),
            lambda her_h, his_h: her_h + his_h / 2,
            lambda her_h, his_h: np.where(np.arange(her_h.shape[-1]) == 0, her_h, his_h),
            lambda her_h, his_h: her_h / his_h,
            lambda her_h, his_h: np.full(her_h.shape, np.nan),
            lambda her_h, his_h: "nothing",
        ],
    },
    "fooling_text": {
        "unknown_word": [("the empress sang . then", 2), ("The king then", 1), ("king, then", 1)],
        "no_then": [("the king sang .", 2), ("", 0), ("   ", 1)],
        "not_one_person": [("the then", 1), ("the king the queen then", 3), ("king king then", 1)],
        "with_pronoun": [("the king she she then", 5), ("the queen then he then", 2)],
        "no_guess": [("the king then", 6), ("the king then", -1), ("the king then", 2.5)],
        "": [(7, 2), ("the king then", "two"), (["the", "king", "then"], 2)],
    },
}
