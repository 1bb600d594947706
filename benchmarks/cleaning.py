"""Our cleaner and our vectoriser against the code of 2019, on the same tweets."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from measure import Measure, side_by_side
from sklearn.feature_extraction.text import CountVectorizer

from workshop_utils import dataset, environment, text, tweets, vectoriser


def fit_vectoriser(raw: list[str], size: int) -> Any:
    """Return a layer that cleans and numbers, with the most frequent words of some texts."""
    layers = environment.load_keras().layers
    layer = layers.TextVectorization(max_tokens=size, standardize=vectoriser.standardise)
    layer.adapt([str(each) for each in raw])
    return layer


def encode(layer: Any, raw: list[str]) -> np.ndarray:
    """Return the numbers of all words, with zeros on the right."""
    constant = environment.load_tensorflow().constant
    return np.asarray(layer(constant([str(each) for each in raw]))).astype(np.int32)


def clean_as_written_in_2019(frame: pd.DataFrame) -> pd.Series:
    """Clean the way the 2019 notebook was written: row after row, with apply."""
    lower = frame["text"].apply(lambda t: t.lower())
    kept = lower.apply(lambda t: re.sub(r"[^a-zA-z0-9\s]", "", t))
    return kept.apply(lambda t: t.replace("rt", ""))


def two_label_tweets() -> pd.DataFrame:
    """Load the tweets that are not neutral."""
    frame = tweets.load_or_synthetic().frame
    return frame[frame["sentiment"] != "Neutral"]


def cleaning(rounds: int) -> Iterator[Measure]:
    """Our cleaner on the two-label tweets, against the 2019 code on the same rows."""
    frame = two_label_tweets()
    yield side_by_side(
        "clean the two-label tweets",
        lambda: text.clean_all(frame["text"]),
        lambda: clean_as_written_in_2019(frame),
        against="the 2019 code",
        items=len(frame),
        per="rows",
        rounds=rounds,
        promise=1,
    )


def vectorising(rounds: int) -> Iterator[Measure]:
    """From the tweets as they were written to integers, cleaning included, 2019 against ours.

    Ours in two forms that give the same numbers: the layer that travels in the model, and
    what the classifier does in Python. scikit-learn's vectoriser counts words and keeps
    no order; it is there to compare, since no LSTM could read what it returns.
    """
    frame = two_label_tweets()
    raw = frame["text"].tolist()
    size = 4000
    layer = fit_vectoriser(raw, size)
    known = {word: number for number, word in enumerate(layer.get_vocabulary())}
    of_2019 = text.fit_vocabulary(clean_as_written_in_2019(frame), dataset.SIZE_2019)
    counter = CountVectorizer(max_features=size).fit(raw)

    def by_layer() -> np.ndarray:
        return encode(layer, raw)

    def in_python() -> list[list[int]]:
        return [[known.get(word, 1) for word in each.split()] for each in text.clean_all(raw)]

    def as_in_2019() -> np.ndarray:
        return text.pad(text.to_sequences(clean_as_written_in_2019(frame), of_2019))

    # Two ways are compared only when they do the same.
    if [row[row > 0].tolist() for row in by_layer()] != in_python():
        raise RuntimeError("The layer and the cleaner number the words differently.")
    for how, ours in (("with the layer", by_layer), ("as the classifier does", in_python)):
        for against, other in (
            ("the 2019 code, then Tokenizer and pad_sequences", as_in_2019),
            ("scikit-learn's CountVectorizer, words counted", lambda: counter.transform(raw)),
        ):
            yield side_by_side(
                f"vectorise the two-label tweets {how}",
                ours,
                other,
                against=against,
                items=len(raw),
                per="rows",
                rounds=rounds,
            )
