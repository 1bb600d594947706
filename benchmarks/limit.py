"""How near training comes to what this machine's matrix products alone would allow."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from measure import Measure, compare
from training_2019 import BATCH, BUCKETS, PLAIN, in_buckets, keras_epoch, training_rows

from workshop_utils.runtime import environment

EMBEDDED, UNITS, LINEAR, CLASSES = 100, 128, 256, 2
"""Sizes of the network of 2019: embedding, LSTM, linear layer and softmax."""


def products(steps: int) -> list[tuple[int, int, int, int]]:
    """List the matrix products of one gradient step, as few and as large as they can be.

    Only the recurrent ones wait for each other, one a time step. Each product has a gradient
    with respect to its input and one with respect to its weights. Not counted is what is no
    matrix product: looking up the embedding, gates, Adam.

    Returns:
        Rows m, inner length k and columns n of each, and how often it is done.
    """
    found = []
    for m, k, n, times in (
        (BATCH * steps, EMBEDDED, 4 * UNITS, 1),
        (BATCH, UNITS, 4 * UNITS, steps),
        (BATCH, UNITS, LINEAR, 1),
        (BATCH, LINEAR, CLASSES, 1),
    ):
        found += [(m, k, n, times), (m, n, k, times), (k, m * times, n, 1)]
    return found


def megaflops(steps: int) -> float:
    """Return the MFLOP of one gradient step: 2 m k n for a product of (m, k) and (k, n)."""
    return sum(2e-6 * m * k * n * times for m, k, n, times in products(steps))


def products_alone(library: str, steps: int, batches: int) -> Callable[[], object]:
    """Do the products of an epoch in ``"NumPy"`` or a graph of ``"TensorFlow"``, in order."""
    tf, rng, pairs = environment.load_tensorflow(), np.random.default_rng(0), []
    for m, k, n, times in products(steps):
        right = rng.normal(size=(k, n)).astype("float32")  # weights stay the same
        lefts = rng.normal(size=(times, m, k)).astype("float32")
        pairs += [(left, right) for left in lefts]

    def in_numpy() -> None:
        for left, right in pairs:
            np.matmul(left, right)

    # Given as arguments: TensorFlow would work out constants once and for all.
    @tf.function(autograph=False)
    def graph(given: Any) -> Any:
        results: list[Any] = []
        for left, right in given:
            with tf.control_dependencies(results[-1:]):
                results.append(tf.matmul(left, right))
        return results  # all, since TensorFlow leaves out what nobody gets

    tensors = [tuple(map(tf.constant, pair)) for pair in pairs]
    step = in_numpy if library == "NumPy" else partial(graph, tensors)
    return lambda: [step() for _ in range(batches)]


def share_of_limit(rounds: int) -> Iterator[Measure]:
    """Compare training with its matrix products alone: the ratio is the share of the limit.

    With length buckets the steps are fewer; their limit has as many as the cut batches have
    on average. The better library is the limit.
    """
    x, labels = training_rows()
    cut = [tokens.shape[1] for tokens, _ in in_buckets(x, labels)]
    for how, steps in ((PLAIN, x.shape[1]), (BUCKETS, round(float(np.mean(cut))))):
        name = f"share of the limit, {steps} steps, {megaflops(steps) / BATCH:.1f} MFLOP a row"
        others = {
            f"{library}'s products alone": partial(products_alone, library, steps, len(cut))
            for library in ("NumPy", "TensorFlow")
        }
        ours = {how: partial(keras_epoch, how)}
        yield from compare(name, ours, others, rounds, rows=len(x))
