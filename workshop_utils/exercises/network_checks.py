"""Networks and training steps that an answer of notebook 05 is compared with."""

from collections.abc import Callable
from typing import Any

import numpy as np

from workshop_utils import environment

__all__ = ["computes", "network_2019", "step", "trains_like"]


def network_2019(dense: str | None = None, last: str | None = "softmax", mask: bool = False) -> Any:
    """Build the network of 2019, or one with another activation or a mask."""
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28,), dtype="int32"),
            layers.Embedding(2000, 100, mask_zero=mask),
            layers.LSTM(128),
            layers.Dense(256, activation=dense),
            layers.Dense(2, activation=last),
        ]
    )


def computes(**changed: Any) -> Callable[[Callable[[], Any]], bool]:
    """Whether a builder's network gives the numbers of the one of 2019, or of a changed one."""

    def same(build: Callable[[], Any]) -> bool:
        tokens = np.random.default_rng(0).integers(1, 2000, (4, 28))
        tokens[:, :9] = 0  # padding, on the left as in 2019
        given, wanted = build(), network_2019(**changed)
        given.set_weights(wanted.get_weights())
        pairs = ((np.asarray(each(tokens, training=now)) for each in (given, wanted))
                 for now in (False, True))  # fmt: skip
        return all(
            one.shape == two.shape and np.allclose(one, two, atol=1e-5) for one, two in pairs
        )

    return same


def trains_like(step: Callable[..., Any], other: Callable[..., Any]) -> bool:
    """Whether six batches by two steps end with the same weights and give the same losses."""
    keras = environment.load_keras()
    layers, rng = keras.layers, np.random.default_rng(2)
    tokens, labels = rng.integers(1, 20, (6, 8, 6)), np.eye(2, dtype="float32")
    # A layer that normalises by the batch in training only shows who forgot training=True.
    first = keras.Sequential(
        [keras.Input((6,)), layers.Embedding(20, 3), layers.LSTM(4), layers.BatchNormalization(),
         layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    ends = []
    for run in (step, other):
        network, optimizer = keras.models.clone_model(first), keras.optimizers.SGD(0.1)
        network.set_weights(first.get_weights())
        losses = [float(run(network, optimizer, x, labels[x[:, 0] % 2])) for x in tokens]
        ends.append([*network.get_weights(), np.asarray(losses)])
    return all(np.allclose(one, two, atol=1e-5) for one, two in zip(*ends, strict=True))


def step(
    training: bool = True, reduction: str = "sum_over_batch_size", apply: bool = True
) -> Callable[..., Any]:
    """Return a training step, or one with a usual mistake."""

    def one(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
        keras, tf = environment.load_keras(), environment.load_tensorflow()
        with tf.GradientTape() as tape:
            probabilities = network(tokens, training=training)
            loss = keras.losses.CategoricalCrossentropy(reduction=reduction)(labels, probabilities)
        gradients = tape.gradient(loss, network.trainable_variables)
        if apply:
            optimizer.apply(gradients, network.trainable_variables)
        return loss

    return one
