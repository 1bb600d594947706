"""Side-by-side measures, ours against what others offer: ``make bench``."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from measure import Measure, keep, side_by_side
from tqdm.auto import tqdm

from workshop_utils import cells, models, prepared, runtime, text, training, tweets

RESULTS = Path("build/bench.json")


def clean_as_written_in_2019(frame: pd.DataFrame) -> pd.Series:
    """Clean the way the 2019 notebook was written: row after row, with apply."""
    import re

    lower = frame["text"].apply(lambda t: t.lower())
    kept = lower.apply(lambda t: re.sub(r"[^a-zA-z0-9\s]", "", t))
    return kept.apply(lambda t: t.replace("rt", ""))


def cleaning() -> Iterator[Measure]:
    """Our cleaner on the two-label tweets, against the 2019 code on the same rows."""
    frame = tweets.load_or_twin().frame
    frame = frame[frame["sentiment"] != "Neutral"]
    yield side_by_side(
        "clean the two-label tweets",
        lambda: text.clean_all(frame["text"]),
        lambda: clean_as_written_in_2019(frame),
        against="the 2019 code",
        items=len(frame),
        per="rows",
    )


def numpy_cell() -> Iterator[Measure]:
    """The NumPy LSTM that reads like the equations, against Keras' layer."""
    keras = runtime.load_keras()
    tf = runtime.load_tensorflow()
    rng = np.random.default_rng(runtime.DEFAULT_SEED)
    layer = keras.layers.LSTM(64, return_sequences=True)
    batch = rng.normal(size=(64, 100, 64)).astype("float32")
    layer(batch)
    cell = cells.LSTMCell.from_keras(layer)
    compiled = tf.function(layer)
    as_tensor = tf.constant(batch)
    yield side_by_side(
        "LSTM(64), batch of 64, 100 steps",
        lambda: cell.run(batch),
        lambda: compiled(as_tensor),
        against="Keras' layer in a compiled graph",
    )
    yield side_by_side(
        "LSTM(64), one sequence, 100 steps",
        lambda: cell.run(batch[:1]),
        lambda: layer(as_tensor[:1]),
        against="Keras' layer, called as layer(x)",
    )


def training_of_2019() -> Iterator[Measure]:
    """One epoch of the 2019 network our way, against Keras' own fit and PyTorch."""
    data = prepared.prepare(tweets.load_or_twin())
    x = data.sequences_2019[data.split_2019.train]
    y = np.eye(2, dtype="float32")[data.labels[data.split_2019.train]]
    ours, default = training.compile_model(models.lstm_2019()), models.lstm_2019()
    default.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    others: dict[str, Callable[[], object]] = {
        "Keras' own fit": lambda: default.fit(x, y, batch_size=64, verbose=0),
    }
    with contextlib.suppress(ImportError):
        others["PyTorch nn.LSTM"] = pytorch_epoch(x, data.labels[data.split_2019.train])
    for against, other in others.items():
        yield side_by_side(
            "train the 2019 network, batch 64",
            lambda: training.fit(ours, x, y, epochs=1, batch_size=64, show=False),
            other,
            against=against,
            items=len(x),
            per="sequences",
            rounds=3,
        )


def pytorch_epoch(x: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    """Make one epoch of the same architecture, batch size and optimiser in PyTorch.

    Raises:
        ImportError: PyTorch is not installed; it belongs to no extra but ``bench``.
    """
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(2000, 100)
            self.lstm = nn.LSTM(100, 128, batch_first=True)
            self.head = nn.Sequential(nn.Linear(128, 256), nn.Linear(256, 2))

        def forward(self, tokens: Any) -> Any:
            return self.head(self.lstm(self.embedding(tokens))[0][:, -1])

    torch.manual_seed(runtime.DEFAULT_SEED)
    net, loss = Net(), nn.CrossEntropyLoss()
    optimiser = torch.optim.Adam(net.parameters())
    tokens, targets = torch.from_numpy(x).long(), torch.from_numpy(labels).long()

    def epoch() -> None:
        order = torch.randperm(len(tokens))
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            optimiser.zero_grad()
            loss(net(tokens[rows]), targets[rows]).backward()
            optimiser.step()

    return epoch


def main() -> int:
    """Run every measure, then print and keep them."""
    runtime.set_seed()
    measures: list[Measure] = []
    for group in tqdm([cleaning, numpy_cell, training_of_2019], desc="measuring", unit="group"):
        measures.extend(group())
    keep(measures, RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
