"""Answers to the exercises of notebook 01."""

import numpy as np


def through_a_table(logits, temperature, generator):
    shares = np.cumsum(np.exp(logits / temperature))
    return int(np.searchsorted(shares, generator.random() * shares[-1]))


def gumbel(logits, temperature, generator):
    return np.argmax(logits / temperature + generator.gumbel(size=len(logits)))


def joined(read, choose, text, h, length):
    written = [*text]
    while len(written) < len(text) + length:
        logits, h = read(written[-1], h)
        written.append(choose(logits))
    return "".join(written)


RIGHT = {
    "remember": [
        lambda n, scene: {"lock": 0, "unlock": 1}.get(scene, n),
        lambda n, scene: scene == "unlock" or (n and scene != "lock"),
    ],
    "rnn_step": [
        lambda x, h, W, U, b: np.tanh(np.concatenate([x, h], -1) @ np.concatenate([W, U]) + b),
        lambda x, h, W, U, b: 1 - 2 / (np.exp(2 * (x @ W + h @ U + b)) + 1),
    ],
    "door_weights": [
        ([[-9.0], [9.0], [0.1]], [[3.0]], [-1.0]),
        (np.array([[-4], [4], [0]]), np.array([[2]]), np.array([0])),
    ],
    "sample": [gumbel, through_a_table],
    "write": [joined],
    "failing_film": [(("unlock", "push", "push"), False), (["lock", "unlock", "push"], np.False_)],
}
WRONG = {
    "remember": {"": [lambda *_: True]},
    "rnn_step": {"": [lambda x, h, W, U, b: np.tanh(x @ W + h * np.diag(U) + b)]},
    "door_weights": {
        "fades": [([[-5], [5], [2]], [[2]], [0]), ([[-5], [5], [0]], [[1]], [0])],
        "shapes": [(-5, 5, 0)],
    },
    "sample": {"": [lambda logits, *_: logits / logits.sum()]},
    "write": {"": [lambda *_: "the end"]},
    "failing_film": {
        "not_a_film": [(("open", "push"), False)],
        "": [((), True), ("push", False)],
    },
}
