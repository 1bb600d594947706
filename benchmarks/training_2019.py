"""Training the network of 2019: our way, Keras' own fit, and PyTorch where it is at hand."""

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from measure import Measure, side_by_side

from workshop_utils import dataset, environment, evaluation, models, training, tweets

BATCH = 64
LONG = training.loop.XLA_PAYS_FROM
XLA, BUCKETS = "as it is, XLA", "mask and length buckets"
GOOD_QUICK = 0.732
"""Macro-F1 on the test part of 2019 that the quick recipe reaches at least."""


def training_of_2019(rounds: int) -> Iterator[Measure]:
    """Epochs of the 2019 network, ours against Keras and PyTorch; then the quick recipe."""
    data = dataset.prepare(tweets.load_or_synthetic())
    yield from epochs(data, rounds)
    yield from quick_recipe(data)


def ways_to_train() -> dict[str, Callable[[np.ndarray, np.ndarray], object]]:
    """Make the 2019 network for each of our ways; a call trains it for one epoch.

    A call takes integers (rows, timesteps) and labels (rows, 2).
    """
    same = training.compile_model(models.lstm_2019(), steps=LONG)
    masked = training.compile_model(models.lstm_2019(timesteps=None, mask_padding=True))
    options = {"epochs": 1, "batch_size": BATCH, "show": False}
    return {
        XLA: lambda x, y: training.fit(same, x, y, **options),
        BUCKETS: lambda x, y: training.fit(masked, x, y, buckets=True, **options),
    }


def epochs(data: dataset.Dataset, rounds: int) -> Iterator[Measure]:
    """One epoch of the same tweets: as in 2019, then in cut batches with a mask."""
    train = data.split_2019.train
    x, labels = data.sequences_2019[train], data.labels[train]
    y = np.eye(2, dtype="float32")[labels]
    ours_by_name = ways_to_train()
    default = network_as_written_in_2019()

    def keras() -> object:
        return default.fit(x, y, batch_size=BATCH, verbose=0)

    rivals: list[tuple[str, str, Callable[[], object]]] = [
        (how, "Keras' own fit", keras) for how in ours_by_name
    ]
    with contextlib.suppress(ImportError):
        torch = pytorch_epoch(x, labels)
        rivals.append((BUCKETS, "PyTorch nn.LSTM, padded", torch))
    for how, against, other in rivals:
        yield side_by_side(
            f"train the 2019 network, batch {BATCH}, {how}",
            functools.partial(ours_by_name[how], x, y),
            other,
            against=against,
            items=len(x),
            per="sequences",
            rounds=rounds,
            promise=1,
        )


def quick_recipe(data: dataset.Dataset) -> Iterator[Measure]:
    """Seconds until the quick recipe is as good as ten epochs of 2019 end; its macro-F1.

    Good means macro-F1 on the validation part. Both learn the training part of 2019, and
    tracing counts. The recipe is tried with one epoch, then with two, and so on, each time
    from the beginning; its learning rate is constant, so its first epochs stay the same.
    What the whole recipe reaches on the test part is promised for the real tweets only.

    Raises:
        RuntimeError: It does not become as good, so that its time means nothing.
    """
    split, labels = data.split_2019, data.labels
    goal, long = ten_epochs_of_2019(data)
    true, scored = labels[split.validation], list(data.raw_texts[split.validation])
    for epochs in range(1, training.QUICK.epochs + 1):
        recipe = replace(training.QUICK, epochs=epochs)
        started = time.perf_counter()
        quick, _ = training.train_recipe(
            data.raw_texts[split.train], labels[split.train], recipe=recipe, show=False
        )
        short = time.perf_counter() - started
        reached = evaluation.scores(true, evaluation.predict(quick, scored)).macro_f1
        if reached >= goal:
            name = f"quick recipe, {epochs} of its epochs, macro-F1 {reached:.3f} of {goal:.3f}"
            yield Measure(name, short, long, "ten epochs of 2019", "s", promise=10)
            break
    else:
        raise RuntimeError(
            f"The quick recipe ends with macro-F1 {reached:.3f} on the validation part, and the "
            f"2019 network with {goal:.3f}."
        )
    quick, _ = training.train_recipe(data.raw_texts[split.train], labels[split.train], show=False)
    tested = evaluation.predict(quick, list(data.raw_texts[split.test]))
    yield Measure(
        "quick recipe, macro-F1 on the test part of 2019",
        evaluation.scores(labels[split.test], tested).macro_f1,
        GOOD_QUICK,
        "what it promises",
        "macro-F1",
        promise=1 if data.is_real else None,
    )


def ten_epochs_of_2019(data: dataset.Dataset) -> tuple[float, float]:
    """Train as in 2019, for ten epochs; return the validation macro-F1, and the seconds."""
    split, labels, x = data.split_2019, data.labels, data.sequences_2019
    environment.load_keras()
    environment.set_seed()
    started = time.perf_counter()
    network = network_as_written_in_2019()
    y = np.eye(2, dtype="float32")[labels[split.train]]
    network.fit(x[split.train], y, epochs=10, batch_size=BATCH, verbose=0)
    taken = time.perf_counter() - started
    scored = evaluation.predict(network, x[split.validation])
    return evaluation.scores(labels[split.validation], scored).macro_f1, taken


def network_as_written_in_2019() -> Any:
    """Build and compile the network of 2019 with Keras alone, nothing of the workshop in it."""
    keras = environment.load_keras()
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28,)),
            layers.Embedding(2000, 100),
            layers.LSTM(128),
            layers.Dense(256),
            layers.Dense(2, activation="softmax"),
        ]
    )
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return network


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

    torch.manual_seed(environment.DEFAULT_SEED)
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
