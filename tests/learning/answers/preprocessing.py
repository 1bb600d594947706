"""Answers to the exercises of notebook 04."""

import re

import numpy as np
import pandas as pd

from workshop_utils.tweets import normalise


def last_words(learnt, labels, asked):
    table = {}
    for group, label in zip(learnt, labels, strict=True):
        table.setdefault(group, []).append(label)
    return np.array([sum(table.get(each, [0])) * 2 > len(table.get(each, [0])) for each in asked])


def counted_by_pandas(texts, size):
    counts = pd.Series(" ".join(texts).split()).value_counts()
    return ["", "[UNK]", *counts.index[: size - 2]]


RIGHT = {
    "strip_quotes": [
        lambda text: re.sub(r"\B'|'\B", " ", text),
        lambda text: re.sub(r"'* '*|^'+|'+$", " ", text),
    ],
    "group_key": [
        lambda tweet: normalise(tweet).replace(" ", "-"),
        lambda tweet: tuple(normalise(tweet).split()),
    ],
    "memorise": [last_words],
    "vocabulary": [counted_by_pandas, lambda *given: iter(counted_by_pandas(*given))],
    "near_copy": ["not one question about schools tonight. Not one!"],
}
WRONG = {
    "strip_quotes": {"": ["support", lambda text: text.split()]},
    "group_key": {"": [lambda tweet: 1, lambda tweet: tweet.split()]},
    "memorise": {"": [lambda learnt, labels, asked: labels]},
    "vocabulary": {"": [lambda texts, size: texts, lambda *given: dict.fromkeys("abc")]},
    "near_copy": {"": [7]},
}
