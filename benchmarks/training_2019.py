"""Training the network of 2019: as it is, with a mask and length buckets, and by PyTorch."""

import contextlib
import functools
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from measure import Measure, side_by_side
from sklearn.metrics import f1_score

from workshop_utils import dataset, environment, models, training, tweets, vectoriser

BATCH = 64
PLAIN, BUCKETS = "as it is", "mask and length buckets"
GOOD_QUICK = 0.732
"""Macro-F1 on the test part of 2019 that the quick recipe reaches at least."""


def training_of_2019(rounds: int) -> Iterator[Measure]:
    """Epochs of the 2019 network, ours against Keras and PyTorch; then the quick recipe."""
    data = dataset.prepare(tweets.load_or_synthetic())
    yield from epochs(data, rounds)
    yield from quick_recipe(data)


def ways_to_train() -> dict[str, Callable[[np.ndarray, np.ndarray], object]]:
    """Make the 2019 network for each of our ways; a call trains it for one epoch.

    A call takes integers (rows, timesteps), zeros on the left, and labels (rows, 2).
    """
    plain, masked = network_of_2019(), network_of_2019(mask=True)

    def in_buckets(x: np.ndarray, y: np.ndarray) -> object:
        return masked.fit(training.length_buckets(padding_last(x), y, BATCH), verbose=0)

    return {PLAIN: lambda x, y: plain.fit(x, y, batch_size=BATCH, verbose=0), BUCKETS: in_buckets}


def padding_last(tokens: np.ndarray) -> np.ndarray:
    """Move the zeros of each row behind its words."""
    order = np.argsort(tokens == 0, axis=1, kind="stable")
    return np.take_along_axis(tokens, order, axis=1)


def epochs(data: dataset.Dataset, rounds: int) -> Iterator[Measure]:
    """One epoch of the same tweets: as in 2019, then in cut batches with a mask."""
    train = data.split_2019.train
    x, labels = data.sequences_2019[train], data.labels[train]
    y = np.eye(2, dtype="float32")[labels]
    ours_by_name = ways_to_train()
    default = network_of_2019()

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
    tracing counts. What the recipe reaches on the test part is promised for the real tweets
    only.

    Raises:
        RuntimeError: It does not become as good, so that its time means nothing.
    """
    split, labels = data.split_2019, data.labels
    goal, long = ten_epochs_of_2019(data)
    keras, tensorflow = environment.load_keras(), environment.load_tensorflow()
    started = time.perf_counter()
    texts = {part: tensorflow.constant(data.raw_texts[getattr(split, part)].tolist())
             for part in ("train", "validation", "test")}  # fmt: skip
    layer = keras.layers.TextVectorization(4000, standardize=vectoriser.standardise)
    layer.adapt(texts["train"])
    environment.set_seed()
    quick = models.quick_lstm()
    quick.compile(keras.optimizers.Adam(5e-3), "binary_crossentropy")
    quick.fit(layer(texts["train"]), labels[split.train], batch_size=128, epochs=2, verbose=0)
    short = time.perf_counter() - started

    def macro_f1(part: str) -> float:
        scored = quick(layer(texts[part])).numpy()[:, 0]
        return float(f1_score(labels[getattr(split, part)], scored >= 0.5, average="macro"))

    reached = macro_f1("validation")
    if reached < goal:
        raise RuntimeError(
            f"The quick recipe ends with macro-F1 {reached:.3f}, 2019 with {goal:.3f}."
        )
    name = f"quick recipe, macro-F1 {reached:.3f} of {goal:.3f}"
    yield Measure(name, short, long, "ten epochs of 2019", "s", promise=10)
    yield Measure(
        "quick recipe, macro-F1 on the test part of 2019",
        macro_f1("test"),
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
    network = network_of_2019()
    y = np.eye(2, dtype="float32")[labels[split.train]]
    network.fit(x[split.train], y, epochs=10, batch_size=BATCH, verbose=0)
    taken = time.perf_counter() - started
    scored = network(x[split.validation]).numpy()[:, 1]
    return float(f1_score(labels[split.validation], scored >= 0.5, average="macro")), taken


def network_of_2019(*, mask: bool = False) -> Any:
    """Build and compile the network of 2019; with a mask it takes texts of any length."""
    keras = environment.load_keras()
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((None if mask else 28,)),
            layers.Embedding(2000, 100, mask_zero=mask),
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
