"""How time and memory grow with the number of tweets: one, two, four and eight times as many."""

import functools
import gc
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from cleaning import encode, fit_vectoriser
from measure import Measure, seconds
from serving import distinct, fresh_process
from training_2019 import BATCH, BUCKETS, ways_to_train

from workshop_utils import dataset, text, tweets

FACTORS = (1, 2, 4, 8)
MOST = 1.15
"""How much more a row may cost among the most rows than among the fewest: 15 %."""
ENOUGH = 10
"""Seconds after which one size is not timed again."""
MOST_MEMORY = 3000
"""MB that the whole way from tweets to a trained network may take at most."""

PEAK = """
import sys
sys.path.insert(0, sys.argv[1])
import growth
growth.prepare_and_train()
print(growth.peak_megabytes())
"""


def growth(rounds: int) -> Iterator[Measure]:
    """Cleaning, vectorising and training on more and more rows; the memory for the most."""
    data = dataset.prepare(tweets.load_or_synthetic())
    yield from texts(data, rounds)
    yield from epochs(data, rounds)
    (peak,) = fresh_process(PEAK, str(Path(__file__).parent))
    name = f"peak memory, {FACTORS[-1]} times the rows, prepared, encoded, trained for an epoch"
    yield Measure(name, peak, MOST_MEMORY, "the limit", "MB", promise=1)


def texts(data: dataset.Dataset, rounds: int) -> Iterator[Measure]:
    """Clean and vectorise tweets no two of which are the same, so that none is spared."""
    raw = data.raw_texts.tolist()
    layer = fit_vectoriser(raw, 4000)

    def number(rows: list[str]) -> object:
        return text.pad(text.to_sequences(rows, data.vocabulary_2019))

    ways: dict[str, Callable[[list[str]], object]] = {
        "clean": text.clean_all,
        "vectorise as in 2019": number,
        "vectorise with the layer": functools.partial(encode, layer),
    }
    for name, way in ways.items():

        def make(rows: int, way: Callable[[list[str]], object] = way) -> Callable[[], object]:
            return functools.partial(way, list(distinct(raw, rows)))

        yield from grow(name, make, len(raw), rounds)


def epochs(data: dataset.Dataset, rounds: int) -> Iterator[Measure]:
    """Train the 2019 network for one epoch; all batches are full, so that none is traced later."""
    train = data.split_2019.train
    raw, labels = data.raw_texts[train].tolist(), data.labels[train]
    timesteps = data.sequences_2019.shape[1]

    def numbered(rows: int) -> tuple[np.ndarray, np.ndarray]:
        cleaned = [text.clean_2019(each) for each in distinct(raw, rows)]
        x = text.pad(text.to_sequences(cleaned, data.vocabulary_2019), timesteps)
        return x, np.eye(2, dtype="float32")[np.resize(labels, rows)]

    for how, train_once in ways_to_train().items():

        def make(rows: int, way: Callable[..., object] = train_once) -> Callable[[], object]:
            return functools.partial(way, *numbered(rows))

        yield from grow(f"train one epoch, {how}", make, len(raw) // BATCH * BATCH, rounds)


def grow(
    name: str, make: Callable[[int], Callable[[], object]], rows: int, rounds: int
) -> Iterator[Measure]:
    """Time the same on more and more rows; a ratio of 1 means that a row always costs the same.

    The sizes are timed in turn, after one warm-up, which takes the fixed costs such as
    tracing. A size that took long is timed fewer times.

    Args:
        name: What is done.
        make: From a number of rows to the call that is timed, data at hand.
        rows: Rows of the smallest size.
        rounds: Timed calls of each size at most.
    """
    works = {factor: make(factor * rows) for factor in FACTORS}
    works[FACTORS[0]]()
    # Else Python's collector goes through all that lies in memory, TensorFlow too, within
    # every call on many rows and within few of those on few rows. What a call makes counts.
    gc.collect()
    gc.freeze()
    taken: dict[int, list[float]] = {factor: [] for factor in FACTORS}
    for _ in range(rounds):
        for factor, work in works.items():
            if sum(taken[factor]) < ENOUGH:
                taken[factor].append(seconds(work))
    gc.unfreeze()
    first, *others = ((factor, statistics.median(each)) for factor, each in taken.items())
    for factor, median in others:
        yield Measure(
            f"{name}, {factor} times the rows, seconds for {rows:,} of them",
            median / factor,
            first[1],
            f"{rows:,} rows",
            "s",
            promise=1 / MOST if factor == FACTORS[-1] else None,
        )


def prepare_and_train() -> None:
    """Go the whole way with the most rows: prepare, learn the vocabulary, encode, train."""
    found = tweets.load_or_synthetic()
    frame = pd.concat([found.frame] * FACTORS[-1], ignore_index=True)
    frame["text"] = list(distinct(found.frame["text"].tolist(), len(frame)))
    data = dataset.prepare(replace(found, frame=frame, is_real=False))
    train = data.split_2019.train
    # As many words as the embedding of 2019 has rows.
    layer = fit_vectoriser(data.raw_texts[train], dataset.SIZE_2019)
    x = encode(layer, data.raw_texts)
    y = np.eye(2, dtype="float32")[data.labels]
    ways_to_train()[BUCKETS](x[train], y[train])


def peak_megabytes() -> float:
    """Return the most memory that this process has taken so far, in MB of 10**6 bytes."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Not resource's figure, which begins on Linux with that of the process before.
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert found is not None
        return int(found[1]) * 1024 / 1e6
    import resource

    # macOS, which counts in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
