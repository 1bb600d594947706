"""How near training comes to what this machine's matrix products alone would allow."""

import functools
import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import numpy as np
from measure import Measure, seconds, side_by_side
from threadpoolctl import threadpool_limits
from training_2019 import BATCH, BUCKETS, padding_last, ways_to_train

from workshop_utils import dataset, environment, models, training, tweets

TRIALS = 20
"""Calls by which the fastest way to the same products is found."""


@dataclass(frozen=True)
class Shape:
    """The sizes of embedding, LSTM, linear layer and softmax, and of a batch.

    Attributes:
        batch: B, rows in a gradient step.
        timesteps: T, tokens in a row.
        embedded: e, numbers that stand for a token.
        units: u, length of the LSTM's hidden state.
        linear: h, outputs of the linear layer.
        classes: c, outputs of the softmax.
    """

    batch: int
    timesteps: int
    embedded: int
    units: int
    linear: int
    classes: int

    @classmethod
    def of_2019(cls) -> Self:
        """Read the sizes from the network of 2019 itself."""
        network = models.lstm_2019()
        lstm, linear, softmax = network.layers[-3:]
        return cls(
            batch=BATCH,
            timesteps=network.input_shape[1],
            embedded=lstm.cell.kernel.shape[0],
            units=lstm.units,
            linear=linear.units,
            classes=softmax.units,
        )


def flops(shape: Shape) -> int:
    """Count the floating-point operations of one gradient step.

    A product of (m, k) and (k, n) takes 2 m k n: one multiplication and one addition
    each. With the letters of :class:`Shape`, the forward pass of a batch takes

        2 B T 4u (e + u)    the LSTM: four gates, from the input and the hidden state
        2 B (u h + h c)     the linear layer and the softmax

    The backward pass counts twice the forward pass: each product has one gradient with
    respect to its input and one with respect to its weights, each as large as itself.
    Not counted is what is no matrix product: looking up the embedding, gates, Adam.
    """
    s = shape
    lstm = 2 * s.batch * s.timesteps * 4 * s.units * (s.embedded + s.units)
    dense = 2 * s.batch * (s.units * s.linear + s.linear * s.classes)
    return 3 * (lstm + dense)


@dataclass(frozen=True)
class Product:
    """A matrix product (rows, inner) by (inner, columns), done ``times`` times.

    ``transposed`` names the factor that lies in memory the other way round.
    """

    rows: int
    inner: int
    columns: int
    times: int = 1
    transposed: Literal["", "left", "right"] = ""


def products(shape: Shape, *, joined: bool) -> list[Product]:
    """List the matrix products of one gradient step, as few and as large as they can be.

    Only the recurrent ones wait for each other, one a time step; their gradients with
    respect to the weights need not.

    Args:
        shape: The network and its batch.
        joined: Whether input and hidden state are multiplied together, step by step; else
            the inputs of all steps at once, and the hidden states step by step.
    """
    s, gates = shape, 4 * shape.units
    layers = [(s.batch, s.units, s.linear, 1), (s.batch, s.linear, s.classes, 1)]
    if joined:
        layers.append((s.batch, s.embedded + s.units, gates, s.timesteps))
    else:
        layers.append((s.batch * s.timesteps, s.embedded, gates, 1))
        layers.append((s.batch, s.units, gates, s.timesteps))
    found = []
    for rows, inner, columns, times in layers:
        found.append(Product(rows, inner, columns, times))
        found.append(Product(rows, columns, inner, times, "right"))
        found.append(Product(inner, rows * times, columns, 1, "left"))
    return found


def factors(product: Product) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Make random factors as they lie in memory; the right one, the weights, stays the same."""
    rng = np.random.default_rng(environment.DEFAULT_SEED)

    def matrix(rows: int, columns: int, swapped: bool) -> np.ndarray:
        shape = (columns, rows) if swapped else (rows, columns)
        return rng.normal(size=shape).astype("float32")

    right = matrix(product.inner, product.columns, product.transposed == "right")
    for _ in range(product.times):
        yield matrix(product.rows, product.inner, product.transposed == "left"), right


def in_numpy(wanted: list[Product], threads: int) -> Callable[[], object]:
    """Do the products in NumPy, one after the other, into memory that lies ready."""
    work = []
    for product in wanted:
        for left, right in factors(product):
            a = left.T if product.transposed == "left" else left
            b = right.T if product.transposed == "right" else right
            work.append((a, b, np.empty((product.rows, product.columns), dtype="float32")))

    def run() -> None:
        with threadpool_limits(threads, user_api="blas"):
            for a, b, result in work:
                np.matmul(a, b, out=result)

    return run


def in_tensorflow(wanted: list[Product]) -> Callable[[], object]:
    """Do the products in a compiled graph of TensorFlow, one after the other."""
    tf = environment.load_tensorflow()
    kinds, tensors = [], []
    for product in wanted:
        weights = None
        for left, right in factors(product):
            weights = tf.constant(right) if weights is None else weights
            kinds.append(product.transposed)
            tensors.append((tf.constant(left), weights))

    # Given as arguments: TensorFlow would work out constants once and for all.
    @tf.function(autograph=False)
    def graph(given: Any) -> Any:
        results: list[Any] = []
        for (left, right), kind in zip(given, kinds, strict=True):
            with tf.control_dependencies(results[-1:]):
                a, b = kind == "left", kind == "right"
                results.append(tf.matmul(left, right, transpose_a=a, transpose_b=b))
        return results

    return lambda: graph(tensors)


def tensorflow_threads() -> int:
    """Return how many threads TensorFlow gives to one product, as it finds it out itself."""
    tf = environment.load_tensorflow()
    chosen = tf.config.threading.get_intra_op_parallelism_threads()
    return chosen or int(os.environ.get("TF_NUM_INTRAOP_THREADS", 0)) or environment.describe().cpus


def fastest(shape: Shape) -> Callable[[], object]:
    """Return the fastest way to do the matrix products of one gradient step here.

    NumPy or TensorFlow, input and hidden state joined or apart, all with the threads
    that the training has too.
    """
    threads = tensorflow_threads()
    ways = [
        way(products(shape, joined=joined))
        for joined in (False, True)
        for way in (functools.partial(in_numpy, threads=threads), in_tensorflow)
    ]
    for way in ways:
        way()
    taken = [statistics.median(seconds(way) for _ in range(TRIALS)) for way in ways]
    return ways[int(np.argmin(taken))]


def share_of_limit(rounds: int) -> Iterator[Measure]:
    """Sequences per second in training the 2019 network, against its matrix products alone.

    The ratio is the share of the limit. With length buckets the steps are fewer; their
    limit has as many as the cut batches have on average.
    """
    data = dataset.prepare(tweets.load_or_synthetic())
    train = data.split_2019.train
    rows = train[: len(train) // BATCH * BATCH]
    x, y = data.sequences_2019[rows], np.eye(2, dtype="float32")[data.labels[rows]]
    whole = Shape.of_2019()
    batches = training.length_buckets(padding_last(x), y, BATCH)
    cut = replace(whole, timesteps=round(float(np.mean([each.shape[1] for each, _ in batches]))))
    for how, train_once in ways_to_train().items():
        shape = cut if how == BUCKETS else whole
        limit = fastest(shape)
        per_row = flops(shape) / shape.batch / 1e6
        yield side_by_side(
            f"share of the limit, train the 2019 network, batch {BATCH}, {how}",
            functools.partial(train_once, x, y),
            functools.partial(repeat, limit, len(x) // BATCH),
            against=f"its matrix products alone, {shape.timesteps} steps, {per_row:.1f} MFLOP each",
            items=len(x),
            per="sequences",
            rounds=rounds,
        )


def repeat(work: Callable[[], object], times: int) -> None:
    """Do the same several times."""
    for _ in range(times):
        work()
