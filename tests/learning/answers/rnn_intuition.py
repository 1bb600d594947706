"""Answers to the exercises of notebook 01."""

import functools
import itertools
import math
from collections import deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

# --- rnn_step -------------------------------------------------------------------------------


def named_parts(x, h, W, U, b):
    from_scene = x @ W
    from_note = h @ U
    return np.tanh(from_scene + from_note + b)


def one_product(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h], axis=-1) @ np.concatenate([W, U]) + b)


def by_exponentials(x, h, W, U, b):
    return 1 - 2 / (np.exp(2 * (x @ W + h @ U + b)) + 1)


def by_dot(x, h, W, U, b):
    return np.tanh(np.add(np.add(np.dot(x, W), np.dot(h, U)), b))


def by_einsum(x, h, W, U, b):
    new = np.einsum("...f,fu->...u", x, W) + np.einsum("...v,vu->...u", h, U)
    return np.tanh(new + b)


def transposed_twice(x, h, W, U, b):
    return np.tanh((W.T @ x.T + U.T @ h.T).T + b)


def by_loops(x, h, W, U, b):
    if x.ndim > 1:
        return np.array([by_loops(*pair, W, U, b) for pair in zip(x, h, strict=True)])
    new = np.array(b)
    for unit in range(len(b)):
        for feature in range(len(x)):
            new[unit] += x[feature] * W[feature, unit]
        for other in range(len(h)):
            new[unit] += h[other] * U[other, unit]
    return np.tanh(new)


def by_comprehension(x, h, W, U, b):
    if x.ndim > 1:
        return [by_comprehension(one, note, W, U, b) for one, note in zip(x, h, strict=True)]
    return [
        math.tanh(sum(x * W[:, unit]) + sum(h * U[:, unit]) + b[unit]) for unit in range(len(b))
    ]


def recursive(x, h, W, U, b):
    if x.ndim == 1 or len(x) == 1:
        return named_parts(x, h, W, U, b)
    rest = recursive(x[1:], h[1:], W, U, b)
    return np.vstack([named_parts(x[:1], h[:1], W, U, b), rest])


def by_frames(x, h, W, U, b):
    if x.ndim == 1:
        return np.tanh(pd.Series(x) @ pd.DataFrame(W) + pd.Series(h) @ pd.DataFrame(U) + b)
    return np.tanh(pd.DataFrame(x) @ pd.DataFrame(W) + pd.DataFrame(h) @ pd.DataFrame(U) + b)


def in_float32(x, h, W, U, b):
    return named_parts(*(np.asarray(each, "float32") for each in (x, h, W, U, b)))


def by_broadcasting(x, h, W, U, b):
    return np.tanh((x[..., None] * W).sum(-2) + (h[..., None] * U).sum(-2) + b)


def with_function(function, x, h, W, U, b):
    return function(x @ W + h @ U + b)


def as_generator(x, h, W, U, b):
    return (each for each in named_parts(x, h, W, U, b))


class Step:
    def __call__(self, x, h, W, U, b):
        return np.tanh(np.matmul(x, W) + np.matmul(h, U) + b)


def by_the_sigmoid(x, h, W, U, b):
    return 1 / (1 + np.exp(-(x @ W + h @ U + b)))


def scene_and_note_swapped(x, h, W, U, b):
    return np.tanh(h @ W + x @ U + b)


def in_place(x, h, W, U, b):
    h *= 0
    return np.tanh(x @ W + h @ U + b)


def rounded(x, h, W, U, b):
    return np.round(np.tanh(x @ W + h @ U + b), 2)


def without_return(x, h, W, U, b):
    np.tanh(x @ W + h @ U + b)


def mean_of_the_batch(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b).mean(0)


def element_by_element(x, h, W, U, b):
    return np.tanh(x * W + h * U + b)


def note_added(x, h, W, U, b):
    return h + np.tanh(x @ W + h @ U + b)


# --- films ----------------------------------------------------------------------------------

DOOR = ([[-5], [5], [0]], [[2]], [0])


def door(lock, unlock, push=0.0, U=2.0, b=0.0):
    """Return weights as one writes them down."""
    return [[lock], [unlock], [push]], [[U]], [b]


def film(text):
    """Return a film from the first letters of its scenes."""
    return tuple({"l": "lock", "u": "unlock", "p": "push"}[letter] for letter in text)


RIGHT = {
    "twin_films": [
        (film("lup"), film("ulp")),
        (list(film("lup")), list(film("ulp"))),
        (film("lupp"), film("pulp")),
        (film("llupup"), film("ululpp")),
        (film("pluppp"), film("ulpppp")),
        (("lock", *["unlock"], "push"), tuple(reversed(["push", "lock", "unlock"]))),
        (["lock", "unlock", "push"], ["unlock", "lock", "push"]),
        (pd.Series(film("lup")), pd.Series(film("ulp"), index=[3, 1, 2])),
        (np.array(film("lup")), np.array(film("ulp"))),
        (deque(film("lplup")), deque(film("luplp"))),
        (film("l") + film("u") + film("p"), [*film("ul"), "push"]),
        ((scene for scene in film("lup")), (scene for scene in film("ulp"))),
        (film("uluup"), film("uuulp")),
        (["lock", "unlock"] + 4 * ["push"], ["unlock", "lock"] + ["push"] * 4),
    ],
    "rnn_step": [
        named_parts,
        one_product,
        by_exponentials,
        by_dot,
        by_einsum,
        transposed_twice,
        by_loops,
        by_comprehension,
        recursive,
        by_frames,
        in_float32,
        by_broadcasting,
        functools.partial(with_function, np.tanh),
        as_generator,
        Step(),
        lambda x, h, W, U, b: np.tanh(b + h @ U + x @ W),
    ],
    "door_weights": [
        DOOR,
        door(-9.0, 9.0, 0.1, 3.0, -1.0),
        tuple(np.array(part) for part in DOOR),
        tuple(np.array(part, "float32") for part in door(-6, 6)),
        (np.asmatrix([[-5.0], [5.0], [0.0]]), np.asmatrix([[2.0]]), np.array([0.0])),
        (pd.DataFrame([[-5.0], [5.0], [0.0]]), pd.DataFrame([[2.0]]), pd.Series([0.0])),
        (((-5,), (5,), (0,)), ((2,),), (0,)),
        door(-100, 100, U=50),
        door(-3, 3, U=1.5),
        door(-4, 4, push=-0.05),
        door(-2.5, 2.5),
        door(-7, 5, U=Fraction(3, 2)),
        ([[Decimal(-5)], [Decimal(5)], [Decimal(0)]], [[Decimal(2)]], [Decimal(0)]),
        (np.reshape([-5, 5, 0], (3, 1)), np.eye(1) * 2, np.zeros(1)),
        (5 * np.array([[-1], [1], [0]]), 2 * np.ones((1, 1)), [0.0]),
        ([[number] for number in (-8, 8, 0)], [[4]], [-0.5]),
    ],
    "failing_film": [
        film("upp"),
        list(film("upp")),
        ("unlock", "push", "push"),
        ("unlock", *["push"] * 2),
        ["unlock"] + 2 * ["push"],
        np.array(film("upp")),
        pd.Series(film("upp")),
        pd.Series(film("upp"), index=[7, 8, 9]),
        deque(film("upp")),
        (scene for scene in film("upp")),
        ["unlock", "push", "push"],
        tuple(film("up") + film("p")),
        itertools.chain(["unlock"], itertools.repeat("push", 2)),
        [*map(str, film("upp"))],
    ],
    "own_text": [
        ("a robot ", 0.5, 0.7),
        ("The Moon", 1, 1),
        ("the moon is", 0.1, 0),
        ("x", 3, 0.5),
        ("once, there was a door.", np.float32(0.5), np.float64(0.9)),
        ("wer läuft da", 0.8, 0.3),
        ("2 robots", 1.0, 0.2),
        ("a robot", [0.5], (0.7,)),
        ("a robot", np.array([0.5]), np.array(0.7)),
        ("a robot", Fraction(1, 2), Fraction(7, 10)),
        ("a robot", Decimal("0.5"), Decimal("0.7")),
        ("a robot", pd.Series([0.5]), pd.Series([0.7])),
        (np.str_("a robot"), 2, True),
        ("a " * 100, 0.25, 0.99),
    ],
}
WRONG = {
    "twin_films": {
        "not_a_film": [
            (film("up"), ("open", "push")),
            (("Lock", "Unlock", "push"), ("Unlock", "Lock", "push")),
            (("lock ", "unlock", "push"), ("unlock", "lock ", "push")),
        ],
        "length": [
            (("push",), ("push",)),
            ((), ()),
            (film("lpppuppp"), film("upppLppp".lower())),
        ],
        "no_push": [
            (film("lu"), film("ul")),
            (film("lpu"), film("upl")),
            (film("plu"), film("pul")),
        ],
        "swapped": [(film("ulp"), film("lup")), (film("ulpp"), film("plup"))],
        "same_end": [
            (film("lup"), film("lup")),
            (film("lpup"), film("plup")),
            (film("up"), film("up")),
            (film("pp"), film("pp")),
        ],
        "other_counts": [
            (film("up"), film("lp")),
            (film("lup"), film("ulpp")),
            (film("up"), film("pp")),
        ],
        "": [
            ("lock, unlock, push", "unlock, lock, push"),
            (set(film("lup")), 7),
            (dict.fromkeys(film("lup")), film("ulp")),
            (None, film("ulp")),
            ((0, 1, 2), (1, 0, 2)),
        ],
    },
    "rnn_step": {
        "no_tanh": [
            lambda x, h, W, U, b: x @ W + h @ U + b,
            functools.partial(with_function, lambda total: total),
        ],
        "no_old_note": [
            lambda x, h, W, U, b: np.tanh(x @ W + b),
            in_place,
            lambda x, h, W, U, b: np.tanh(np.dot(x, W) + 0 * h + b),
        ],
        "no_bias": [
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U),
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U + 0 * b),
        ],
        "unit_by_unit": [
            lambda x, h, W, U, b: np.tanh(x @ W + h * np.diag(U) + b),
            lambda x, h, W, U, b: np.tanh(x @ W + np.diag(U) * h + b),
        ],
        "too_little_in_tanh": [
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U) + b,
            lambda x, h, W, U, b: b + np.tanh(h @ U + x @ W),
        ],
        "transposed": [lambda x, h, W, U, b: np.tanh(x @ W + h @ U.T + b)],
        "": [
            by_the_sigmoid,
            scene_and_note_swapped,
            rounded,
            without_return,
            mean_of_the_batch,
            element_by_element,
            note_added,
            lambda x, h, W, U, b: np.tanh(x @ W) + np.tanh(h @ U) + b,
            lambda x, h, W, U, b: np.tan(x @ W + h @ U + b),
            lambda x, h, W, U, b: np.tanh(x @ W + h @ U - b),
            lambda x: x,
        ],
    },
    "door_weights": {
        "shapes": [
            (-5, 5, 0),
            ([-5, 5, 0], [2], 0),
            ([[-5, 5, 0]], [[2]], [0]),
            ([[-5], [5]], [[2]], [0]),
            ([[-5], [5], [0]], [2], [0]),
        ],
        "keys_swapped": [door(5, -5), door(5, 5), door(0, 5)],
        "stuck": [door(-2, 2, U=5), door(-1, 1), door(-1.5, 1.5, U=3)],
        "fades": [door(-5, 5, U=1), door(-5, 5, push=2), door(-5, 5, U=0.5), door(-9, 9, b=1)],
        "": [
            door(-4, 4, push=0.05),
            door(-5, 5, push=0.3),
            door(-5, 5, b=0.2),
            door(-5, 5, U=-2),
            door(-5, 5, U=float("nan")),
            ("W", "U", "b"),
        ],
    },
    "failing_film": {
        "not_a_film": [
            ("open", "push"),
            ("Unlock", "push", "push"),
            ("unlocked", "pushed", "pushed"),
        ],
        "no_push": [film("ul"), film("upu"), film("ppl")],
        "length": [(), film("p"), ("unlock", *["push"] * 39), film("u" + 10 * "p")],
        "network_is_right": [film("up"), film("lp"), film("pp"), film("lup")],
        "": [
            "unlock push push",
            3,
            {"unlock": 1, "push": 2},
            None,
            (1, 2, 2),
            [("unlock", "push", "push")],
        ],
    },
    "own_text": {
        "no_letters": [("1984", 0.5, 0.5), ("", 0.5, 0.5), ("!?", 0.5, 0.5), ("море", 1, 1)],
        "temperature": [
            ("a robot", 0, 0.5),
            ("a robot", -1, 0.5),
            ("a robot", 5, 0.5),
            ("a robot", float("nan"), 0.5),
            ("a robot", 0.01, 0.5),
        ],
        "guess": [("a robot", 0.5, 70), ("a robot", 0.5, -0.1), ("a robot", 0.5, float("nan"))],
        "": [
            (7, 0.5, 0.5),
            (["a", "robot"], 0.5, 0.5),
            ("a robot", "0.5", 0.7),
            ("a robot", 0.5, "70 %"),
            ("a robot", None, 0.7),
        ],
    },
}
