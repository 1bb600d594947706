"""Train a compiled network again from other first weights, without compiling it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workshop_utils.runtime import environment


def restart(network: Any, build: Callable[[], Any], seed: int = environment.DEFAULT_SEED) -> None:
    """Give a compiled network the first values that a seed gives to a new one.

    TensorFlow compiles a network's training step at its first batch, which takes longer
    than a short training. The next ``fit`` of this network ends with the weights with
    which a ``fit`` of a new one, built with this seed and compiled alike, would end.

    Args:
        network: A compiled Keras model, trained or not. Its weights, the states of its
            random layers and the memory of its optimiser are replaced.
        build: Returns a new Keras model of the same layers.
        seed: Given to ``runtime.set_seed`` before the new model is built.

    Raises:
        ValueError: The two do not have the same layers.
    """
    environment.set_seed(seed)
    fresh = build()
    shapes = [[each.shape for each in model.variables] for model in (network, fresh)]
    if shapes[0] != shapes[1]:
        raise ValueError("The two networks must have the same layers, of the same sizes.")
    for old, new in zip(network.variables, fresh.variables, strict=True):
        old.assign(new)
    optimizer = type(network.optimizer).from_config(network.optimizer.get_config())
    network.optimizer.build(network.trainable_variables)
    optimizer.build(network.trainable_variables)
    for old, new in zip(network.optimizer.variables, optimizer.variables, strict=True):
        old.assign(new)
