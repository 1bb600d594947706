"""Batches of texts of like length, cut to the longest text of each.

Padding is work without a result: of the tweets, padded to 28 words as in 2019,
it is half. A network that masks its padding computes the same from a batch
whose common padding is cut off, so the cut changes no gradient.

The batches stay random. The rows are shuffled, then sorted by length only among
the rows of a few batches, and at last the batches are shuffled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment

SORTED_TOGETHER = 16
"""Batches whose rows are sorted by length together. More would cut more padding, but
then texts of one length would meet each other in every epoch."""

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """Which rows form a batch, and which columns of it hold a token.

    Attributes:
        order: The rows in the order of the batches, shape (rows,).
        starts: Place in ``order`` where each batch begins, shape (batches,).
        stops: Place behind its last row, shape (batches,).
        first: First column that is kept, shape (batches,).
        last: Column behind the last one that is kept, shape (batches,).
    """

    order: Integers
    starts: Integers
    stops: Integers
    first: Integers
    last: Integers

    def __iter__(self) -> Iterator[tuple[Integers, slice]]:
        """Yield the rows and the columns of each batch."""
        for start, stop, first, last in zip(
            self.starts, self.stops, self.first, self.last, strict=True
        ):
            yield self.order[start:stop], slice(int(first), int(last))


def shuffled(tokens: NDArray[Any], batch_size: int, seed: int, epoch: int) -> Plan:
    """Plan one epoch of training; seed and epoch alone decide it.

    Args:
        tokens: Integers with zeros as padding on either side, shape (rows, timesteps);
            or (rows, timesteps, numbers of a token), the first of which is never 0.
        batch_size: Rows in a gradient step.
        seed: Of the order.
        epoch: Number of the epoch, counted from 0.
    """
    rng = np.random.default_rng([seed, epoch])
    begins, ends = _ends(tokens)
    rows = rng.permutation(len(tokens))
    together = SORTED_TOGETHER * batch_size
    batches = []
    for start in range(0, len(rows), together):
        some = rows[start : start + together]
        some = some[np.argsort((ends - begins)[some], kind="stable")]
        batches += [some[at : at + batch_size] for at in range(0, len(some), batch_size)]
    return _plan([batches[k] for k in rng.permutation(len(batches))], begins, ends)


def by_length(tokens: NDArray[Any], batch_size: int) -> Plan:
    """Plan the scoring of all rows, where order does not matter: shortest first."""
    begins, ends = _ends(tokens)
    rows = np.argsort(ends - begins, kind="stable")
    batches = [rows[at : at + batch_size] for at in range(0, len(rows), batch_size)]
    return _plan(batches, begins, ends)


def _ends(tokens: NDArray[Any]) -> tuple[Integers, Integers]:
    """Return the column of each row's first token, and the one behind its last token."""
    real = np.asarray(tokens) != 0
    if real.ndim == 3:
        real = real[:, :, 0]
    begins = real.argmax(axis=1)
    ends = real.shape[1] - real[:, ::-1].argmax(axis=1)
    # A row without any token asks for no column at all: it must not widen a batch.
    empty = ~real.any(axis=1)
    padded_left = real[:, -1].sum() >= real[:, 0].sum()
    begins[empty] = ends[empty] = real.shape[1] if padded_left else 0
    return begins, ends


def _plan(batches: list[Integers], begins: Integers, ends: Integers) -> Plan:
    sizes = np.array([len(batch) for batch in batches])
    first = np.array([begins[batch].min() for batch in batches])
    last = np.array([ends[batch].max() for batch in batches])
    # Even a batch of empty texts keeps one column, since a network needs a time step.
    first = np.minimum(first, np.maximum(last - 1, 0))
    stops = np.cumsum(sizes)
    return Plan(np.concatenate(batches), stops - sizes, stops, first, np.maximum(last, first + 1))


def dataset(
    inputs: tuple[NDArray[Any], ...],
    labels: NDArray[Any],
    plan: Plan,
    sample_weight: NDArray[Any] | None = None,
) -> Any:
    """Return the plan's batches as a ``tf.data.Dataset`` of (inputs, labels[, weights]).

    Of the inputs only the first, the tokens, is cut. All batches have one declared shape,
    (None, None), so that Keras traces its training step once and not for each length.
    """
    tf = environment.load_tensorflow()
    tokens, *others = (tf.constant(array[plan.order]) for array in inputs)
    beside = [labels] if sample_weight is None else [labels, sample_weight]
    targets = [tf.constant(array[plan.order]) for array in beside]

    def batch(start: Any, stop: Any, first: Any, last: Any) -> tuple[Any, ...]:
        whole = [array[start:stop] for array in others]
        cut = tokens[start:stop, first:last]
        return (cut, *whole) if whole else cut, *(array[start:stop] for array in targets)

    places = (plan.starts, plan.stops, plan.first, plan.last)
    return tf.data.Dataset.from_tensor_slices(places).map(batch)


def check_model(model: Any, tokens: NDArray[Any]) -> None:
    """Refuse what cannot be trained on cut batches.

    Raises:
        ValueError: The inputs are no rows of tokens, or the model has no mask, or it
            takes one length only, or it was compiled for fixed shapes (XLA).
    """
    if np.ndim(tokens) not in (2, 3) or not np.issubdtype(np.asarray(tokens).dtype, np.integer):
        raise ValueError("Buckets are for padded integers of shape (rows, timesteps).")
    if not any(getattr(layer, "mask_zero", False) for layer in _layers(model)):
        raise ValueError(
            "This network reads its padding as words, so to cut it off would change what the "
            "network learns. Give its Embedding `mask_zero=True`, or train without buckets."
        )
    timesteps = model.inputs[0].shape[1]
    if timesteps is not None:
        raise ValueError(
            f"This network takes texts of {timesteps} tokens only. Build it for any "
            "length (`keras.Input((None,))`; `models.lstm_2019(timesteps=None)`)."
        )
    if model.jit_compile is True:
        raise ValueError("XLA would compile the network again for each length. Compile without it.")


def _layers(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        yield layer
        yield from _layers(layer) if hasattr(layer, "layers") else ()
