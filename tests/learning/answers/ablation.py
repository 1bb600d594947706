"""Answers to the exercises of the further notebook on removing parts."""

import statistics
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from workshop_utils.learning.exercises.core import keras, layers


def half_width(differences, ratio, ddof=1, level=0.975):
    n = len(differences)
    spread = np.std(differences, ddof=ddof)
    return stats.t.ppf(level, n - 1) * spread * (1 / n + ratio) ** 0.5


def by_statistics(differences, test_share):
    middle = statistics.fmean(differences)
    n = len(differences)
    factor = 1 / n + test_share / (1 - test_share)
    half = stats.t.ppf(0.975, n - 1) * (factor * statistics.variance(differences)) ** 0.5
    return [middle - half, middle + half]


def by_scipy(differences, test_share):
    n = len(differences)
    scale = (1 / n + test_share / (1 - test_share)) ** 0.5 * np.std(differences, ddof=1)
    return stats.t.interval(0.95, n - 1, loc=np.mean(differences), scale=scale)


def by_sem(differences, test_share):
    n = len(differences)
    wider = (1 + n * test_share / (1 - test_share)) ** 0.5
    return stats.t.interval(0.95, n - 1, np.mean(differences), stats.sem(differences) * wider)


def by_pandas(differences, test_share):
    series = pd.Series(differences)
    half = half_width(series, test_share / (1 - test_share))
    return series.mean() + pd.Series([-half, half])


def in_a_loop(differences, test_share):
    total = 0.0
    for each in differences:
        total += each
    middle = total / len(differences)
    squares = 0.0
    for each in differences:
        squares += (each - middle) ** 2
    variance = squares / (len(differences) - 1)
    factor = 1 / len(differences) + test_share / (1 - test_share)
    half = stats.t.isf(0.025, len(differences) - 1) * (variance * factor) ** 0.5
    return np.array([middle - half, middle + half])


def yielding(differences, test_share):
    half = half_width(differences, test_share / (1 - test_share))
    for sign in (-1, 1):
        yield np.mean(differences) + sign * half


def in_float32(differences, test_share):
    return np.asarray(by_scipy(differences.astype("float32"), test_share), "float32")


def recursive(differences, test_share, sign=None):
    if sign is None:
        return tuple(recursive(differences, test_share, each) for each in (-1, 1))
    return np.mean(differences) + sign * half_width(differences, test_share / (1 - test_share))


def interval(differences, test_share, ddof=1, level=0.975):
    middle = np.mean(differences)
    half = half_width(differences, test_share / (1 - test_share), ddof, level)
    return middle - half, middle + half


class Interval:
    def __call__(self, differences, test_share):
        return interval(differences, test_share)


def plain(differences, _share):
    return stats.t.interval(
        0.95, len(differences) - 1, np.mean(differences), stats.sem(differences)
    )


def network(*middle, outputs=1, activation="sigmoid", mask=True, tokens=4000):
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(tokens, 32, mask_zero=mask),
            *middle,
            layers.Dense(outputs, activation=activation),
        ]
    )


def start():
    return network(layers.Dropout(0.2), layers.LSTM(32))


def functional():
    tokens = keras.Input((None,), dtype="int32")
    states = layers.LSTM(16)(layers.Embedding(4000, 32, mask_zero=True)(tokens))
    return keras.Model(tokens, layers.Dense(1, activation="sigmoid")(states))


def added_one_by_one():
    made = keras.Sequential()
    made.add(keras.Input((None,), dtype="int32"))
    made.add(layers.Embedding(4000, 16, mask_zero=True))
    made.add(layers.LSTM(32))
    made.add(layers.Dense(1, activation="sigmoid"))
    return made


def sigmoid_apart():
    made = network(layers.GRU(8), activation=None)
    made.add(layers.Activation("sigmoid"))
    return made


class Builder:
    def __call__(self):
        return network(layers.Bidirectional(layers.LSTM(16)))


RIGHT = {
    "corrected_interval": [
        by_statistics,
        by_scipy,
        by_sem,
        by_pandas,
        in_a_loop,
        yielding,
        in_float32,
        recursive,
        interval,
        partial(interval, ddof=1),
        Interval(),
        lambda d, share: {"low": interval(d, share)[0], "high": interval(d, share)[1]}.values(),
        lambda d, share: np.mean(d) + np.outer([-1, 1], half_width(d, share / (1 - share))).ravel(),
    ],
    "own_network": [
        lambda: network(layers.Dropout(0.2), layers.GRU(32)),
        lambda: network(layers.Dropout(0.2), layers.LSTM(16)),
        lambda: network(layers.LSTM(32)),
        lambda: network(layers.Dropout(0.5), layers.LSTM(32)),
        lambda: network(layers.Dropout(0.2), layers.LSTM(32), mask=False),
        lambda: network(layers.LSTM(16, return_sequences=True), layers.LSTM(8)),
        lambda: network(layers.GlobalAveragePooling1D()),
        lambda: network(layers.SimpleRNN(16)),
        lambda: network(layers.Conv1D(16, 3, padding="same"), layers.GlobalMaxPooling1D()),
        functional,
        added_one_by_one,
        sigmoid_apart,
        Builder(),
        partial(functional),
    ],
}
WRONG = {
    "corrected_interval": {
        "plain_interval": [plain, lambda d, _: interval(d, 0.0)],
        "share_for_ratio": [
            lambda d, share: (d.mean() - half_width(d, share), d.mean() + half_width(d, share))
        ],
        "variance_by_n": [partial(interval, ddof=0)],
        "": [
            partial(interval, level=0.95),
            lambda d, share: interval(d, share)[::-1],
            lambda d, share: interval(d, 1 - share),
            lambda d, share: half_width(d, share / (1 - share)),
            lambda d, share: np.mean(d),
            lambda d, share: np.round(interval(d, share), 1),
            lambda d, share: str(interval(d, share)),
            lambda d, share: np.percentile(d, [2.5, 97.5]),
        ],
    },
    "own_network": {
        "nothing_changed": [start],
        "not_one_number": [
            lambda: network(layers.GRU(32), outputs=2, activation="softmax"),
            lambda: network(layers.LSTM(32), outputs=3),
        ],
        "no_probability": [
            lambda: network(layers.GRU(32), activation=None),
            lambda: network(layers.GRU(32), activation="tanh"),
        ],
        "": [
            lambda: network(layers.LSTM(8, return_sequences=True)),
            lambda: network(layers.GRU(8), tokens=100),
            lambda: layers.GRU(32),
            lambda: [layers.GRU(32)],
            lambda: "GRU",
            network,
        ],
    },
}
