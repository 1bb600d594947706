"""Training the network of 2019: with a mask and length buckets, as it was, and by PyTorch."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from measure import Measure, alone, compare
from sklearn.metrics import f1_score
from texts import prepared

from workshop_utils import environment, models, training

BATCH = 64
PLAIN, BUCKETS = "as it was", "with a mask and length buckets"
GOOD_QUICK = 0.732
"""Macro-F1 on the test part of 2019 that the quick recipe reaches at least."""


def training_rows() -> tuple[np.ndarray, np.ndarray]:
    """Return integers, zeros on the left, and labels of the training part.

    All batches are full, so that none is traced later.
    """
    data = prepared()
    train = data.split_2019.train
    train = train[: max(len(train) // BATCH, 1) * BATCH]
    return data.sequences_2019[train], data.labels[train]


def in_buckets(x: np.ndarray, labels: np.ndarray) -> object:
    """Return the rows as batches of like length, zeros on the right and cut off."""
    order = np.argsort(x == 0, axis=1, kind="stable")
    one_hot = np.eye(2, dtype="float32")[labels]
    return training.length_buckets(np.take_along_axis(x, order, axis=1), one_hot, BATCH)


def keras_epoch(how: str) -> Callable[[], object]:
    """Make an epoch of the 2019 network by Keras' fit, :data:`PLAIN` or with :data:`BUCKETS`."""
    x, labels = training_rows()
    network, given = models.lstm_2019(timesteps=x.shape[1]), (x, np.eye(2)[labels])
    if how == BUCKETS:
        keras = environment.load_keras()
        masked = keras.layers.Embedding(2000, 100, mask_zero=True)
        network = keras.Sequential([keras.Input((None,)), masked, *network.layers[1:]])
        given = (in_buckets(x, labels),)
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return partial(network.fit, *given, batch_size=None if how == BUCKETS else BATCH, verbose=0)


def pytorch_network() -> tuple[Any, Callable[[Any], Any]]:
    """Return the layers of 2019 in PyTorch, and the function that goes through them."""
    from torch import nn

    lstm = nn.LSTM(100, 128, batch_first=True)
    layers = nn.ModuleList([nn.Embedding(2000, 100), lstm, nn.Linear(128, 256), nn.Linear(256, 2)])
    return layers, lambda tokens: layers[3](layers[2](lstm(layers[0](tokens))[0][:, -1]))


def pytorch_epoch() -> Callable[[], object]:
    """Make an epoch of the same architecture, batch size and optimiser in PyTorch."""
    import torch

    x, labels = training_rows()
    (layers, forward), loss = pytorch_network(), torch.nn.CrossEntropyLoss()
    optimiser = torch.optim.Adam(layers.parameters())
    tokens, targets = torch.from_numpy(x).long(), torch.from_numpy(labels).long()

    def epoch() -> None:
        for batch in torch.randperm(len(tokens)).split(BATCH):
            optimiser.zero_grad()
            loss(forward(tokens[batch]), targets[batch]).backward()
            optimiser.step()

    return epoch


def quick_or_ten_epochs(quick: bool) -> tuple[float, float, float]:
    """Learn the training part of 2019, tracing included.

    Returns:
        Seconds, and macro-F1 on the validation part and on the test part.
    """
    data = prepared()
    environment.load_keras()
    environment.set_seed()
    split, inputs = data.split_2019, data.raw_texts if quick else data.sequences_2019
    started = time.perf_counter()
    if quick:
        network = training.train_quick(replace(data, split_grouped=split))
    else:
        network = models.lstm_2019(timesteps=inputs.shape[1])
        network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
        y = np.eye(2)[data.labels[split.train]]
        network.fit(inputs[split.train], y, epochs=10, batch_size=BATCH, verbose=0)
    seconds = time.perf_counter() - started

    def macro_f1(part: np.ndarray) -> float:
        given = environment.load_tensorflow().constant(inputs[part].tolist())
        positive = network(given).numpy()[:, -1] >= 0.5
        return float(f1_score(data.labels[part], positive, average="macro"))

    return seconds, macro_f1(split.validation), macro_f1(split.test)


def training_of_2019(rounds: int) -> Iterator[Measure]:
    """Compare epochs of the 2019 network; then the quick recipe with ten epochs of 2019.

    What the recipe reaches on the test part is promised for the real tweets only.
    """
    ours = {BUCKETS: partial(keras_epoch, BUCKETS)}
    others = {
        "Keras' own fit": partial(keras_epoch, PLAIN),
        "PyTorch, padded": pytorch_epoch,
    }
    name, size = f"train, batch {BATCH}", len(training_rows()[0])
    yield from compare(name, ours, others, rounds, rows=size, promise=1)
    quick, ten = (alone(quick_or_ten_epochs, each) for each in (True, False))
    for name, place, unit, promise in (
        ("quick recipe", 0, "s", 10),
        ("quick recipe, validation part", 1, "macro-F1", 1),
    ):
        yield Measure(name, [quick[place]], [ten[place]], "ten epochs of 2019", unit, promise)
    promise = 1 if prepared().is_real else None
    name, against = "quick recipe, test part", "what it promises"
    yield Measure(name, [quick[2]], [GOOD_QUICK], against, "macro-F1", promise)
