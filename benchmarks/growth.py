"""How time and memory grow with the number of tweets: one, two, four and eight times as many."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pandas as pd
from measure import Measure, alone, peak_megabytes, race
from texts import distinct, encode, fit_vectoriser, prepared
from training_2019 import BUCKETS, PLAIN, keras_epoch, training_rows

from workshop_utils import dataset, text, training, tweets

FACTORS = (1, 2, 4, 8)
MOST = 1.15
"""How much more a row may cost among the most rows than among the fewest: 15 %."""
MOST_MEMORY = 3000
"""MB that the whole way from tweets to a trained network may take at most."""


def work_on_texts(how: str, times: int) -> Callable[[], object]:
    """Clean or number tweets no two of which are the same, so that none is spared."""
    data = prepared()
    raw = data.raw_texts.tolist()
    more = distinct(raw, times * len(raw))
    if how == "clean":
        return partial(text.clean_all, more)
    if how == "vectorise with the layer":
        return partial(encode, fit_vectoriser(raw), more)
    return lambda: text.pad(text.to_sequences(more, data.vocabulary_2019))


def whole_way() -> float:
    """Prepare the most rows, learn the vocabulary and train; return the peak in MB."""
    found = tweets.load_or_synthetic()
    frame = pd.concat([found.frame] * FACTORS[-1], ignore_index=True)
    frame["text"] = distinct(frame["text"].tolist(), len(frame))
    training.train_quick(dataset.prepare(replace(found, frame=frame, is_real=False)))
    return peak_megabytes()


def growth(rounds: int) -> Iterator[Measure]:
    """Compare the seconds for as many rows among more and more of them; then the memory.

    A ratio of 1 means that a row always costs the same.
    """
    texts, sequences = len(prepared()), len(training_rows()[0])
    for how in ("clean", "vectorise with the layer", "vectorise as in 2019", PLAIN, BUCKETS):
        if how in (PLAIN, BUCKETS):
            way, size, name = partial(keras_epoch, how), sequences, f"train {how}"
        else:
            way, size, name = partial(work_on_texts, how), texts, how
        taken = race({str(factor): partial(way, factor) for factor in FACTORS}, rounds)
        for factor in FACTORS[1:]:
            per_size = [seconds / factor for seconds in taken[str(factor)]]
            promise = 1 / MOST if factor == FACTORS[-1] else None
            what = f"{name}, {factor} times the rows, seconds for {size:,} of them"
            yield Measure(what, per_size, taken["1"], f"{size:,} rows", "s", promise)
    what = f"peak memory, {FACTORS[-1]} times the rows, prepared and trained"
    yield Measure(what, [alone(whole_way)], [MOST_MEMORY], "the limit", "MB", 1)
