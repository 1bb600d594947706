"""The trained model at work: one text, and a long file."""

import itertools
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from measure import Measure, alone, compare, peak_megabytes, race
from texts import distinct, prepared
from training_2019 import pytorch_network

from workshop_utils import tweets
from workshop_utils.sentiment import models
from workshop_utils.sentiment.batch_predict import score_file
from workshop_utils.sentiment.classifier import SentimentClassifier

MANY = 1_000_000
FEW = 100_000
FIRST_ANSWER = """import sys
from workshop_utils.sentiment.classifier import SentimentClassifier
SentimentClassifier.load(sys.argv[1]).predict("what a great night")"""


def one_text(how: str, path: Path) -> Callable[[], object]:
    """Answer one text a call, another one each time: ``"now"`` or as in ``"2019"``."""
    data = prepared()
    texts = itertools.cycle(data.raw_texts[:500].tolist())
    if how == "now":
        classifier = SentimentClassifier.load(path)
        return lambda: classifier.predict(next(texts))
    network = models.lstm_2019()

    def answer() -> object:
        sequences = tweets.to_sequences([tweets.clean_2019(next(texts))], data.vocabulary_2019)
        return network.predict(tweets.pad(sequences, 28), verbose=0)

    return answer


def first_answer(path: Path) -> Callable[[], object]:
    """Start a new Python process that ends with one answer."""
    command = [sys.executable, "-c", FIRST_ANSWER, str(path)]
    return partial(subprocess.run, command, check=True)


def scoring(path: Path, source: Path) -> Callable[[], object]:
    """Score a file in this process."""
    classifier = SentimentClassifier.load(path)
    return partial(score_file, classifier, source, source.with_suffix(".out"), show=False)


def peak_of_scoring(path: Path, source: Path) -> float:
    """Score a file and return the peak memory in MB."""
    scoring(path, source)()
    return peak_megabytes()


def pytorch_forward(rows: int) -> Callable[[], object]:
    """Make the forward pass of the 2019 network on integers that lie ready."""
    import torch

    (_, forward) = pytorch_network()
    tokens = torch.randint(0, 2000, (rows, 28))

    def all_rows() -> None:
        with torch.inference_mode():
            for batch in tokens.split(1024):
                forward(batch).softmax(dim=1)

    return all_rows


def linear_scoring(source: Path) -> Callable[[], object]:
    """Let TF-IDF of words and of characters with logistic regression answer the same raw texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer()
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    data = prepared()
    model = make_pipeline(make_union(words, parts), LogisticRegression(max_iter=1000))
    model.fit(data.raw_texts, data.labels)

    def score() -> None:
        texts = pd.read_csv(source)
        texts["positive"] = model.predict_proba(texts["text"])[:, 1]
        texts.to_csv(source.with_suffix(".linear"), index=False)

    return score


def serving(rounds: int) -> Iterator[Measure]:
    """Measure one text from string to label, a new process, and long files."""
    path = SentimentClassifier.load_or_train().path
    other = "the 2019 way: tokeniser and model.predict"
    ways = {how: partial(one_text, how, path) for how in ("now", "2019")}
    taken = race(ways, rounds, calls=100)
    name = "one text, string to label"
    slowest = [float(np.percentile(taken["now"], 99))]
    yield Measure(name, taken["now"], taken["2019"], other, "s")
    yield Measure(name, taken["now"], [0.7e-3], "the limit of the median", "s", 1)
    yield Measure(f"{name}, 99th percentile", slowest, [2e-3], "the limit", "s", 1)
    first = race({"ours": partial(first_answer, path)}, rounds)["ours"]
    yield Measure("fresh process to the first answer", first, [1.5], "the limit", "s", 1)
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder, "few.csv")
        long = Path(folder, "long.csv")
        for file, rows in ((few, FEW), (long, MANY)):
            texts = distinct(prepared().raw_texts.tolist(), rows)
            pd.DataFrame({"text": texts}).to_csv(file, index=False)
        ours = {"in one process": partial(scoring, path, few)}
        others = {
            "PyTorch's forward of 2019, integers ready": partial(pytorch_forward, FEW),
            "scikit-learn's TF-IDF of words and characters": partial(linear_scoring, few),
        }
        yield from compare("file, text to answers", ours, others, rounds, rows=FEW, promise=2)
        peaks = [[alone(peak_of_scoring, path, each)] for each in (long, few)]
        # Ten times the rows in the same memory: a little more is allowed.
        name = f"peak memory, file of {MANY:,} rows"
        against = f"a file of {FEW:,} rows"
        yield Measure(name, *peaks, against, "MB", 0.9)
