"""Length buckets: every row once an epoch, less padding, the same answers."""

import numpy as np
import pytest

from workshop_utils import training
from workshop_utils.sentiment import models

RNG = np.random.default_rng(0)
TOKENS = RNG.integers(1, 30, (96, 8)).astype(np.int32)
LABELS = (TOKENS[:, 0] % 2).astype(np.float32)
RAGGED = np.where(np.arange(8) < RNG.integers(1, 9, (96, 1)), TOKENS, 0)


def rows_of(batch):
    """Return the rows of a batch as padded tuples."""
    return [tuple(np.pad(row, (0, 8 - len(row)))) for row in np.asarray(batch)]


def test_buckets_hold_every_row_once_in_a_new_order_each_epoch():
    batches = training.length_buckets(RAGGED, LABELS, 32, seed=3)
    epochs = [[row for tokens, _ in batches for row in rows_of(tokens)] for _ in range(2)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == sorted(map(tuple, RAGGED))
    assert epochs[0] != epochs[1]
    again = training.length_buckets(RAGGED, LABELS, 32, seed=3)
    assert [row for tokens, _ in again for row in rows_of(tokens)] == epochs[0]


def test_buckets_cut_padding_and_change_no_answer():
    network = models.quick_lstm(30, units=3, embedding_size=3)
    widths = []
    for tokens, labels in training.length_buckets(RAGGED, LABELS, 8):
        widths.append(tokens.shape[1])
        padded = np.array(rows_of(tokens))
        np.testing.assert_allclose(network(tokens), network(padded), atol=1e-6)
        np.testing.assert_array_equal(labels, padded[:, 0] % 2)
    assert np.mean(widths) < 7


@pytest.mark.parametrize(("tokens", "labels"), [(RAGGED[:, ::-1], LABELS), (RAGGED, LABELS[:5])])
def test_what_does_not_suit_buckets_is_refused(tokens, labels):
    with pytest.raises(ValueError, match=r"zeros|Expected"):
        training.length_buckets(tokens, labels, 32)
