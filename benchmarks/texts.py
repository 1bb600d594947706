"""Our cleaner and our vectoriser against the code of 2019, on the same tweets."""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from measure import Measure, compare

from workshop_utils import tweets
from workshop_utils.runtime import environment
from workshop_utils.sentiment import vectoriser
from workshop_utils.tweets import dataset

WORDS = 4000
OURS = ("with the layer", "as the classifier does")
OTHERS = ("the 2019 code, Tokenizer and pad_sequences",)


@cache
def prepared() -> dataset.Dataset:
    """Prepare the tweets; neutral ones are dropped."""
    return dataset.prepare(tweets.load_or_synthetic())


def distinct(texts: list[str], rows: int) -> list[str]:
    """Return tweets with a number behind each, so that no text comes twice and none is spared."""
    return [f"{texts[n % len(texts)]} {n}" for n in range(rows)]


def fit_vectoriser(raw: list[str]) -> Any:
    """Return a layer that cleans and numbers, with the most frequent words of some texts."""
    layers = environment.load_keras().layers
    layer = layers.TextVectorization(max_tokens=WORDS, standardize=vectoriser.standardise)
    layer.adapt(raw)
    return layer


def encode(layer: Any, raw: list[str]) -> np.ndarray:
    """Return the numbers of all words, with zeros on the right."""
    return layer(environment.load_tensorflow().constant(raw)).numpy()


def clean_as_written_in_2019(raw: pd.Series) -> pd.Series:
    """Clean the way the 2019 notebook was written: row after row, with apply."""
    lower = raw.apply(lambda t: t.lower())
    letters = lower.apply(lambda t: re.sub(r"[^a-zA-z0-9\s]", "", t))
    return letters.apply(lambda t: t.replace("rt", ""))


def cleaner(clean: Callable[[pd.Series], object]) -> Callable[[], object]:
    """Clean the tweets."""
    return partial(clean, pd.Series(prepared().raw_texts))


def cleaning(rounds: int) -> Iterator[Measure]:
    """Compare our cleaner with the 2019 code on the same tweets."""
    ours = {"as we do": partial(cleaner, tweets.clean_all)}
    others = {"the 2019 code": partial(cleaner, clean_as_written_in_2019)}
    yield from compare("clean", ours, others, rounds, rows=len(prepared()))


def numbering(how: str) -> Callable[[], object]:
    """Clean and number the tweets in one of the ways of :func:`vectorising`."""
    data = prepared()
    raw = data.raw_texts.tolist()
    layer = fit_vectoriser(data.raw_texts.tolist())
    if how == OURS[0]:
        return partial(encode, layer, raw)
    if how == OURS[1]:
        numbers = {word: number for number, word in enumerate(layer.get_vocabulary())}
        return lambda: [[numbers.get(word, 1) for word in t.split()] for t in tweets.clean_all(raw)]
    old = clean_as_written_in_2019
    words = data.vocabulary_2019
    return lambda: tweets.pad(tweets.to_sequences(old(pd.Series(raw)), words))


def vectorising(rounds: int) -> Iterator[Measure]:
    """Compare ways from the tweets as they were written to integers, cleaning included.

    Our two give the same numbers, which ``tests/sentiment/test_vectoriser.py`` holds.
    """
    ours, others = ({how: partial(numbering, how) for how in ways} for ways in (OURS, OTHERS))
    yield from compare("vectorise", ours, others, rounds, rows=len(prepared()))
