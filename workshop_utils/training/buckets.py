"""Train faster: batches of texts of like length, cut to the longest of each; and every GPU.

Padding is work without a result: of the tweets, padded to 28 words as in 2019, it is half. A
network that masks its padding computes the same from a batch whose common padding is cut off.
The batches stay random: rows are shuffled, sorted by length only among those of a few batches,
and the batches are shuffled again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.runtime import environment

SORTED_TOGETHER = 16
"""Batches whose rows are sorted by length together. More would cut more padding, but then
texts of one length would meet each other in every epoch."""


def length_buckets(
    tokens: NDArray[Any],
    labels: NDArray[Any],
    batch_size: int,
    *,
    seed: int = environment.DEFAULT_SEED,
) -> Any:
    """Return a ``tf.data.Dataset`` for ``fit`` whose batches hold texts of like length.

    Each epoch has another order; the seed decides all of them. The network must mask its
    padding (``mask_zero=True``) and take texts of any length (``keras.Input((None,))``).

    Args:
        tokens: Integers with zeros on the right as padding, shape (rows, timesteps).
        labels: Shape (rows,) or (rows, classes).
        batch_size: Rows in a gradient step.
        seed: Of the order.

    Raises:
        ValueError: A text is not padded on the right, or there is not one label for each.
    """
    lengths = (tokens != 0).sum(axis=1)
    if np.any(tokens[np.arange(tokens.shape[1]) >= lengths[:, None]]):
        raise ValueError("The zeros must stand on the right, behind the words of a text.")
    if len(labels) != len(tokens):
        raise ValueError(f"Expected {len(tokens)} labels, one for each text, not {len(labels)}.")
    tf = environment.load_tensorflow()
    epochs = iter(range(2**31))

    def epoch() -> Iterator[tuple[Any, NDArray[np.int64]]]:
        rows = batches_of_like_length(lengths, batch_size, [seed, next(epochs)])
        # Even a batch of empty texts keeps one column, since a network needs a step.
        yield tf.ragged.constant(rows), np.array([max(lengths[each].max(), 1) for each in rows])

    signature = (tf.RaggedTensorSpec((None, None), tf.int32), tf.TensorSpec((None,), tf.int64))
    x = tf.constant(tokens)
    y = tf.constant(labels)
    dataset = tf.data.Dataset.from_generator(epoch, output_signature=signature).unbatch()
    dataset = dataset.map(lambda rows, most: (tf.gather(x, rows)[:, :most], tf.gather(y, rows)))
    # TensorFlow 2.21 tunes the pipeline in a thread that can sleep through the end of an epoch.
    options = tf.data.Options()
    options.autotune.enabled = False
    steps = tf.data.experimental.assert_cardinality(-(-len(tokens) // batch_size))
    return dataset.apply(steps).with_options(options)


def batches_of_like_length(
    lengths: NDArray[Any], batch_size: int, seed: list[int]
) -> list[NDArray[Any]]:
    """Return the rows of each batch of an epoch; lengths, shape (rows,), are in tokens."""
    random = np.random.default_rng(seed)
    rows = random.permutation(len(lengths))
    together = SORTED_TOGETHER * batch_size
    batches = []
    for start in range(0, len(rows), together):
        some = rows[start : start + together]
        some = some[np.argsort(lengths[some], kind="stable")]
        batches += [some[at : at + batch_size] for at in range(0, len(some), batch_size)]
    return [batches[k] for k in random.permutation(len(batches))]


def every_gpu() -> Any:
    """Return a scope, for ``with``, whose models are trained on all GPUs of this machine.

    Build and compile the network inside it, and call ``fit`` as always. The batch size stays
    the size of the whole batch: with two GPUs each gets half. With one GPU or none the scope
    changes nothing.
    """
    tf = environment.load_tensorflow()
    if len(tf.config.list_logical_devices("GPU")) < 2:
        return tf.distribute.get_strategy().scope()
    return tf.distribute.MirroredStrategy().scope()
