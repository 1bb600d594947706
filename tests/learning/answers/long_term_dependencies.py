"""Answers to the exercises of notebook 02."""

import numpy as np


def terms_backwards(states, delta, U):
    terms = []
    for t in range(len(states) - 1, 0, -1):
        inside = delta * (1 - states[t] ** 2)
        terms.append(np.einsum("bi,bj->ij", states[t - 1], inside))
        delta = inside @ U.T
    return np.stack(terms)


def clip_one_by_one(gradients, threshold):
    norm = sum(float((each**2).sum()) for each in gradients) ** 0.5
    return [each if norm <= threshold else each / norm * threshold for each in gradients]


RIGHT = {
    "first_weight": [np.float32(5), 10, [6.0], (6.0,), np.array([6.0])],
    "terms_by_lag": [terms_backwards],
    "clip_by_norm": [clip_one_by_one],
    "first_biases": [lambda n, forget, enter: np.array([enter] * n + [forget] * n + [0.0] * 2 * n)],
    "failing_gap": [(90, 0.31), (np.array([90]), np.array([0.31]))],
}
WRONG = {
    "first_weight": {"": ["3", float("nan"), None]},
    "terms_by_lag": {"": [lambda states, delta, U: states[0]]},
    "clip_by_norm": {"": [lambda _gradients, threshold: threshold]},
    "first_biases": {"": [lambda n, forget, enter: np.zeros(4 * n)]},
    "failing_gap": {"still_right": [(100, 0.9)], "": [("far", 0.1)]},
}
