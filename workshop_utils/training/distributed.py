"""Several GPUs of one machine, and several machines: each computes its share of every batch.

One machine: build and compile the model in :func:`every_gpu`, then call ``fit``.

Several machines: Keras 3's ``fit`` stops under ``MultiWorkerMirroredStrategy`` with an
error about ``PerReplica`` values, so :func:`fit_on_machines` brings its own loop.
Start the same program on each machine, with the variable ``TF_CONFIG``, which names
all of them and says which one this is::

    {"cluster": {"worker": ["10.0.0.1:5000", "10.0.0.2:5000"]},
     "task": {"type": "worker", "index": 0}}

The list is the same everywhere; ``index`` is 0 on the first machine, 1 on the second.
The machines must reach each other at these addresses and hold the same rows.
``with machines():`` must come before anything else computes with TensorFlow. A
training waits until all have started, and stops when one of them is lost.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment
from workshop_utils.training.history import History

TF_CONFIG = "TF_CONFIG"


def every_gpu() -> Any:
    """Return a scope, for ``with``, whose models are trained on all GPUs of this machine.

    The batch size stays the size of the whole batch: with two GPUs each gets half. With
    one GPU or none the scope changes nothing.
    """
    tf = environment.load_tensorflow()
    if len(tf.config.list_logical_devices("GPU")) < 2:
        return tf.distribute.get_strategy().scope()
    return tf.distribute.MirroredStrategy().scope()


def machines() -> Any:
    """Return a strategy for the machines that ``TF_CONFIG`` names.

    Build and compile the model within ``with strategy.scope():``.

    Returns:
        A ``tf.distribute.MultiWorkerMirroredStrategy``; without ``TF_CONFIG`` the
        default strategy, which computes on this machine alone.

    Raises:
        ValueError: ``TF_CONFIG`` does not say what it must.
        RuntimeError: TensorFlow has computed something already.
    """
    tf = environment.load_tensorflow()
    if TF_CONFIG not in os.environ:
        return tf.distribute.get_strategy()
    try:
        config = json.loads(os.environ[TF_CONFIG])
        workers, index = config["cluster"]["worker"], config["task"]["index"]
        understood = config["task"]["type"] == "worker" and 0 <= index < len(workers)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(_NOT_UNDERSTOOD) from error
    if not understood:
        raise ValueError(_NOT_UNDERSTOOD)
    return tf.distribute.MultiWorkerMirroredStrategy()


_NOT_UNDERSTOOD = (
    f"{TF_CONFIG} must be JSON that names all machines and says which one this is, for example "
    '{"cluster": {"worker": ["10.0.0.1:5000", "10.0.0.2:5000"]}, '
    '"task": {"type": "worker", "index": 0}}.'
)


def fit_on_machines(
    model: Any,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    epochs: int,
    batch_size: int = 64,
    seed: int = environment.DEFAULT_SEED,
) -> History:
    """Train a model on several machines that run this same program.

    Every machine draws the same batches, computes the gradient of its share of the
    rows, and adds up the gradients of all, so that all hold the same weights after
    each step: those that one machine would have reached, up to rounding and to the
    random numbers of dropout.

    Args:
        model: Built and compiled by ``compile_model`` in the scope of :func:`machines`.
        x: Inputs, the same on each machine, shape (rows, ...).
        y: Labels, shape (rows,) or (rows, classes).
        epochs: How often to go through all rows.
        batch_size: Rows in a gradient step, all machines together.
        seed: Of the order of the rows.

    Returns:
        The record, with the mean loss of each epoch over all machines.

    Raises:
        FloatingPointError: The loss is no longer a number.
    """
    step = _step(model)
    record = History(device=f"{model.distribute_strategy.num_replicas_in_sync} devices")
    for epoch in range(epochs):
        started = time.perf_counter()
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        total = 0.0
        for at in range(0, len(order), batch_size):
            rows = order[at : at + batch_size]
            total += float(step(*_shares(model.distribute_strategy, x[rows], y[rows])))
        record.seconds += time.perf_counter() - started
        record.add({"loss": total / len(order)})
    return record


def _shares(strategy: Any, x: NDArray[Any], y: NDArray[Any]) -> tuple[Any, Any, Any]:
    """Give each replica every n-th row of a batch, and the number of rows of all shares."""
    tf = environment.load_tensorflow()
    # Keras' losses need labels in columns, and return one number a row.
    labels = y.reshape(len(y), -1)

    def share(of: NDArray[Any]) -> Any:
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(
                of[context.replica_id_in_sync_group :: context.num_replicas_in_sync]
            )
        )

    return share(x), share(labels), tf.constant(float(len(x)))


def _step(model: Any) -> Any:
    """Return a compiled function: one gradient step on all replicas; the sum of the losses."""
    tf, keras = environment.load_tensorflow(), environment.load_keras()
    loss_of_rows = keras.losses.get(model.loss)
    strategy = model.distribute_strategy

    def on_replica(x: Any, y: Any, rows: Any) -> Any:
        with tf.GradientTape() as tape:
            losses = tf.reduce_sum(loss_of_rows(y, model(x, training=True)))
            # A share of the mean over the whole batch: the optimiser adds up all shares.
            part = losses / rows
        gradients = tape.gradient(part, model.trainable_variables)
        model.optimizer.apply(gradients, model.trainable_variables)
        return losses

    def step(x: Any, y: Any, rows: Any) -> Any:
        losses = strategy.run(on_replica, args=(x, y, rows))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)

    return tf.function(step, reduce_retracing=True)
