"""The trained models at work: one text, a long file, several processes."""

import contextlib
import csv
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from measure import Measure, seconds, side_by_side

from workshop_utils import cluster, environment, models, text, tweets
from workshop_utils.batch_predict import score_file
from workshop_utils.classifier import SentimentClassifier

ROWS = 1_000_000
DASK_ROWS = 200_000
BATCH = 1024

# Not resource.getrusage: its peak begins with that of the process which started this one.
SCORE_A_FILE = """
import re, sys, time
from pathlib import Path
from workshop_utils.classifier import SentimentClassifier
from workshop_utils.batch_predict import score_file
classifier = SentimentClassifier.load()
started = time.perf_counter()
score_file(classifier, *sys.argv[1:], show=False)
taken = time.perf_counter() - started
status = Path("/proc/self/status")  # on Linux alone
print(taken, *re.findall(r"VmHWM:\\s+(\\d+) kB", status.read_text() if status.exists() else ""))
"""
FIRST_ANSWER = """
import sys
from workshop_utils.classifier import SentimentClassifier
SentimentClassifier.load(sys.argv[1]).predict("what a great night")
"""


def serving(rounds: int) -> Iterator[Measure]:
    """From a string to a label; a file of a million rows; two Dask workers against one."""
    classifier = SentimentClassifier.load_or_train()
    texts = tweets.load_or_synthetic().frame["text"].tolist()
    yield from one_text(classifier, texts[:500])
    yield first_answer(classifier.path, rounds)
    with tempfile.TemporaryDirectory() as folder:
        yield from long_file(texts, Path(folder), rounds)
        with contextlib.suppress(ModuleNotFoundError):
            yield two_workers(classifier, texts, Path(folder), rounds)


def limit(name: str, ours: float, most: float) -> Measure:
    """Hold seconds against the most that is promised."""
    return Measure(name, ours, most, "the limit", "s", promise=1)


def fresh_process(code: str, *arguments: str) -> list[float]:
    """Run code in a new Python and return the numbers that it printed last."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [float(each) for each in (done.stdout.splitlines() or [""])[-1].split()]


def first_answer(path: Path, rounds: int) -> Measure:
    """A new Python process, from its start to its end with one answer."""
    each = [seconds(lambda: fresh_process(FIRST_ANSWER, str(path))) for _ in range(rounds)]
    return limit("fresh process to the first answer", float(np.median(each)), 1.5)


def one_text(classifier: SentimentClassifier, texts: list[str]) -> Iterator[Measure]:
    """One text at a time, different ones, after warm-up; the way of 2019 on some of them."""
    network = models.lstm_2019()
    vocabulary = text.fit_vocabulary([text.clean_2019(each) for each in texts], 2000)

    def way_of_2019(each: str) -> None:
        sequences = text.to_sequences([text.clean_2019(each)], vocabulary)
        network.predict(text.pad(sequences, 28), verbose=0)

    def times(answer: Callable[[str], object], some: list[str]) -> list[float]:
        for each in some[:20]:
            answer(each)
        return [seconds(lambda each=each: answer(each)) for each in some]

    ours, others = times(classifier.predict, texts), times(way_of_2019, texts[:50])
    median = float(np.median(ours))
    name = "one text, string to label, median"
    yield limit(name, median, 0.7e-3)
    yield limit(name.replace("median", "99th percentile"), float(np.percentile(ours, 99)), 2e-3)
    against = "the 2019 way: tokeniser and model.predict"
    yield Measure(name, median, float(np.median(others)), against, "s")


def distinct(texts: list[str], rows: int) -> Iterator[str]:
    """Tweets with a number behind each, so that no text comes twice and none is spared."""
    return (f"{texts[n % len(texts)]} {n}" for n in range(rows))


def write(path: Path, texts: Iterator[str]) -> str:
    """Write a file with one column of texts."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(itertools.chain([["text"]], ([each] for each in texts)))
    return str(path)


def long_file(texts: list[str], folder: Path, rounds: int) -> Iterator[Measure]:
    """A million rows from file to file, in a process of its own; its memory, and its rate."""

    def score(rows: int) -> list[float]:
        source = write(folder / f"{rows}.csv", distinct(texts, rows))
        return fresh_process(SCORE_A_FILE, source, str(folder / f"answers{rows}.csv"))

    few, many = ROWS // 10, ROWS
    (_, *memory_of_few), (taken, *memory) = score(few), score(many)
    for peak, peak_of_few in zip(memory, memory_of_few, strict=True):
        # Rows for each MB at the peak: ten times the rows in the same memory is ten times as good.
        yield Measure(
            f"peak memory, file of {many:,} rows",
            many / peak * 1024,
            few / peak_of_few * 1024,
            f"a file of {few:,} rows; 10 where memory does not grow",
            "rows/MB",
            promise=9,
        )
    with contextlib.suppress(ImportError):
        forward = pytorch_forward(few)
        forward()
        theirs = float(np.median([seconds(forward) for _ in range(rounds)]))
        yield Measure(
            f"file of {many:,} rows, text to answers",
            many / taken,
            few / theirs,
            "PyTorch nn.LSTM forward of 2019, integers ready",
            "texts/s",
            promise=1,
        )


def pytorch_forward(rows: int) -> Callable[[], object]:
    """Make the forward pass of the 2019 network on integers that lie ready.

    Raises:
        ImportError: PyTorch is not installed; it belongs to no extra but ``bench``.
    """
    import torch
    from torch import nn

    torch.manual_seed(environment.DEFAULT_SEED)
    embedding, lstm = nn.Embedding(2000, 100), nn.LSTM(100, 128, batch_first=True)
    head = nn.Sequential(nn.Linear(128, 256), nn.Linear(256, 2))
    tokens = torch.randint(0, 2000, (rows, 28))

    def forward() -> None:
        with torch.inference_mode():
            for batch in tokens.split(BATCH):
                head(lstm(embedding(batch))[0][:, -1]).softmax(dim=1)

    return forward


def two_workers(
    classifier: SentimentClassifier, texts: list[str], folder: Path, rounds: int
) -> Measure:
    """The rate of two processes that run and have loaded the model, against one.

    Raises:
        ModuleNotFoundError: Dask is not installed; it belongs to the extra ``scale``.
    """
    from distributed import LocalCluster

    source = write(folder / "shared.csv", distinct(texts, DASK_ROWS))
    with contextlib.ExitStack() as stack:

        def score(count: int) -> Callable[[], object]:
            place = stack.enter_context(
                LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None)
            )
            answering = stack.enter_context(cluster.workers(classifier, place))
            target = folder / f"by{count}.csv"
            return lambda: score_file(classifier, source, target, show=False, answering=answering)

        return side_by_side(
            "two Dask workers",
            score(2),
            score(1),
            against="one Dask worker",
            items=DASK_ROWS,
            per="texts",
            rounds=rounds,
            promise=1.5,
        )
