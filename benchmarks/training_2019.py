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

from workshop_utils import training
from workshop_utils.runtime import environment
from workshop_utils.sentiment import models, quick
from workshop_utils.training.buckets import batches_of_like_length

BATCH = 64
PLAIN = "as it was"
BUCKETS = "with a mask and length buckets"
PADDED = "PyTorch, padded"
SAME_BUCKETS = "PyTorch, same buckets"
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


def zeros_on_the_right(x: np.ndarray) -> np.ndarray:
    """Return the same texts with their padding behind the words."""
    return np.take_along_axis(x, np.argsort(x == 0, axis=1, kind="stable"), axis=1)


def in_buckets(x: np.ndarray, labels: np.ndarray, batch: int = BATCH) -> Any:
    """Return the rows as batches of like length, zeros on the right and cut off."""
    one_hot = np.eye(2, dtype="float32")[labels]
    return training.length_buckets(zeros_on_the_right(x), one_hot, batch)


def keras_epoch(how: str, batch: int = BATCH) -> Callable[[], object]:
    """Make an epoch of the 2019 network: :data:`PLAIN` or :data:`BUCKETS`."""
    x, labels = training_rows()
    network = models.lstm_2019(timesteps=x.shape[1])
    given = (x, np.eye(2)[labels])
    if how != PLAIN:
        keras = environment.load_keras()
        masked = keras.layers.Embedding(2000, 100, mask_zero=True)
        network = keras.Sequential([keras.Input((None,)), masked, *network.layers[1:]])
        given = (in_buckets(x, labels, batch),)
    # Without the accuracy, which the loop in PyTorch does not count either.
    network.compile("adam", "categorical_crossentropy")
    options = {"batch_size": batch} if how == PLAIN else {"shuffle": False}
    return partial(network.fit, *given, **options, verbose=0)


def pytorch_network() -> tuple[Any, Callable[..., Any]]:
    """Return the layers of 2019 in PyTorch, and the function from tokens to class scores."""
    import torch

    embedding = torch.nn.Embedding(2000, 100)
    lstm = torch.nn.LSTM(100, 128, batch_first=True)
    dense = torch.nn.Linear(128, 256), torch.nn.Linear(256, 2)
    layers = torch.nn.ModuleList([embedding, lstm, *dense])

    def forward(tokens: Any, last: Any = None) -> Any:
        states = lstm(layers[0](tokens))[0]
        read = states[:, -1] if last is None else states[torch.arange(len(tokens)), last]
        return layers[3](layers[2](read))

    return layers, forward


def pytorch_epoch(buckets: bool = False, batch: int = BATCH) -> Callable[[], object]:
    """Make an epoch of the same architecture, batch size and optimiser in PyTorch."""
    import torch

    x, labels = training_rows()
    (layers, forward) = pytorch_network()
    loss = torch.nn.CrossEntropyLoss()
    optimiser = torch.optim.Adam(layers.parameters())
    epochs = iter(range(2**31))
    tokens = torch.from_numpy(zeros_on_the_right(x) if buckets else x).long()
    targets = torch.from_numpy(labels).long()
    lengths = np.maximum((x != 0).sum(axis=1), 1)
    last = torch.from_numpy(lengths - 1)

    def epoch() -> None:
        plan = torch.randperm(len(tokens)).split(batch)
        if buckets:
            alike = batches_of_like_length(lengths, batch, [next(epochs)])
            plan = tuple(map(torch.from_numpy, alike))
        for rows in plan:
            cut = (tokens[rows, : last[rows].max() + 1], last[rows]) if buckets else (tokens[rows],)
            optimiser.zero_grad()
            loss(forward(*cut), targets[rows]).backward()
            optimiser.step()

    return epoch


def learn(epochs: int) -> tuple[float, float, float]:
    """Learn the training part of 2019, tracing included; up to 2 epochs by the quick recipe.

    Returns:
        Seconds, and macro-F1 on the validation part and on the test part.
    """
    data = prepared()
    environment.load_keras()
    environment.set_seed()
    split = data.split_2019
    inputs = data.sequences_2019 if epochs > 2 else data.raw_texts
    started = time.perf_counter()
    if epochs <= 2:
        quick.EPOCHS = epochs
        network = quick.train_quick(replace(data, split_grouped=split))
    else:
        network = models.lstm_2019(timesteps=inputs.shape[1])
        network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
        y = np.eye(2)[data.labels[split.train]]
        network.fit(inputs[split.train], y, epochs=epochs, batch_size=BATCH, verbose=0)
    seconds = time.perf_counter() - started

    def macro_f1(part: np.ndarray) -> float:
        given = environment.load_tensorflow().constant(inputs[part].tolist())
        positive = network(given).numpy()[:, -1] >= 0.5
        return float(f1_score(data.labels[part], positive, average="macro"))

    return seconds, macro_f1(split.validation), macro_f1(split.test)


def training_of_2019(rounds: int) -> Iterator[Measure]:
    """Compare epochs of the 2019 network; then the quick recipe with ten epochs of 2019."""
    for batch in (BATCH, 32, 128):
        ours = {BUCKETS: partial(keras_epoch, BUCKETS, batch=batch)}
        others = {
            "Keras' own fit": partial(keras_epoch, PLAIN, batch=batch),
            PADDED: partial(pytorch_epoch, batch=batch),
            SAME_BUCKETS: partial(pytorch_epoch, buckets=True, batch=batch),
        }
        size = len(training_rows()[0])
        yield from compare(f"train, batch {batch}", ours, others, rounds, rows=size)
    first, whole, ten = map(partial(alone, learn), (1, 2, 10))
    against = "ten epochs of 2019"
    promise = 1 if prepared().is_real else None
    for name, taken, factor in (("first epoch of the", first, 10), ("the whole", whole, None)):
        yield Measure(f"{name} quick recipe", taken[:1], ten[:1], against, "s", factor)
        name = f"{name} quick recipe, validation part"
        yield Measure(name, taken[1:2], ten[1:2], against, "macro-F1", promise)
    name = "the whole quick recipe, test part"
    against = "what it promises"
    yield Measure(name, whole[2:], [GOOD_QUICK], against, "macro-F1", promise)
