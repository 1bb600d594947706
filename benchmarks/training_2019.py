"""Training the network of 2019: our way, Keras' own fit, and PyTorch where it is at hand."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from measure import Measure, side_by_side

from workshop_utils import evaluation, models, prepared, runtime, training, tweets

BATCH = 64
LONG = training.loop.XLA_PAYS_FROM


def training_of_2019(rounds: int) -> Iterator[Measure]:
    """Epochs of the 2019 network, ours against Keras and PyTorch; then the quick recipe."""
    data = prepared.prepare(tweets.load_or_twin())
    yield from epochs(data, rounds)
    yield quick_recipe(data)


def epochs(data: prepared.Prepared, rounds: int) -> Iterator[Measure]:
    """One epoch of the same tweets: as in 2019, then in cut batches with a mask."""
    train = data.split_2019.train
    x, labels = data.sequences_2019[train], data.labels[train]
    y = np.eye(2, dtype="float32")[labels]
    same = training.compile_model(models.lstm_2019(), steps=LONG)
    masked = models.lstm_2019(timesteps=None, mask_padding=True)
    training.compile_model(masked)
    default = models.lstm_2019()
    default.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    options = {"epochs": 1, "batch_size": BATCH, "show": False}

    def as_in_2019() -> object:
        return training.fit(same, x, y, **options)

    def in_buckets() -> object:
        return training.fit(masked, x, y, buckets=True, **options)

    def keras() -> object:
        return default.fit(x, y, batch_size=BATCH, verbose=0)

    rivals: list[tuple[str, Callable[[], object], str, Callable[[], object]]] = [
        ("as it is, XLA", as_in_2019, "Keras' own fit", keras),
        ("mask and length buckets", in_buckets, "Keras' own fit", keras),
    ]
    with contextlib.suppress(ImportError):
        torch = pytorch_epoch(x, labels)
        rivals.append(("mask and length buckets", in_buckets, "PyTorch nn.LSTM, padded", torch))
    for how, ours, against, other in rivals:
        yield side_by_side(
            f"train the 2019 network, batch {BATCH}, {how}",
            ours,
            other,
            against=against,
            items=len(x),
            per="sequences",
            rounds=rounds,
            promise=1,
        )


def quick_recipe(data: prepared.Prepared) -> Measure:
    """Seconds until the quick recipe ends, against a tenth of the 2019 training.

    Both learn the training part of 2019, from the untraced network on. The quick one
    has to reach the macro-F1 on the validation part with which the other ends.

    Raises:
        RuntimeError: It does not reach it, so that its time means nothing.
    """
    split, labels = data.split_2019, data.labels
    runtime.load_keras()
    runtime.set_seed()
    started = time.perf_counter()
    of_2019 = training.compile_model(models.lstm_2019())
    training.fit(
        of_2019, data.sequences_2019[split.train],
        np.eye(2, dtype="float32")[labels[split.train]],
        epochs=10, batch_size=BATCH, show=False,
    )  # fmt: skip
    long = time.perf_counter() - started
    started = time.perf_counter()
    quick, _ = training.train_recipe(data.raw_texts[split.train], labels[split.train], show=False)
    short = time.perf_counter() - started
    true = labels[split.validation]
    goal, reached = (
        evaluation.scores(true, evaluation.predict(model, inputs)).macro_f1
        for model, inputs in (
            (of_2019, data.sequences_2019[split.validation]),
            (quick, list(data.raw_texts[split.validation])),
        )
    )
    if reached < goal:
        raise RuntimeError(
            f"The quick recipe ends with macro-F1 {reached:.3f} on the validation part, and the "
            f"2019 network with {goal:.3f}."
        )
    name = f"quick recipe to validation macro-F1 {reached:.3f} (2019: {goal:.3f})"
    return Measure(name, short, long, "ten epochs of 2019", "s", promise=10)


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
