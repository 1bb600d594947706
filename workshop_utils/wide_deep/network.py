"""The network of a reader: words and their pieces, an LSTM, pooling, and a linear part."""

from __future__ import annotations

from typing import Any

from workshop_utils import environment, lstm_custom_gradient
from workshop_utils.wide_deep.settings import Settings

WIDE_PACE = 10
"""How many times faster the linear part learns than the rest. Adam's steps do not depend on
the size of the gradient, so to multiply the columns' values is to multiply the rate."""
_FIRST_WEIGHTS = 0.05


def build(settings: Settings, vocabulary_size: int, columns: int = 0) -> Any:
    """Build the network that the settings ask for.

    Args:
        settings: How.
        vocabulary_size: Rows of the embedding of words.
        columns: Of the linear part; needed when ``settings.wide``.

    Returns:
        An untrained, uncompiled Keras model. In: integers (batch, timesteps, 1 + pieces) as
        an encoder makes them; with a linear part also its columns and their values, both
        (batch, any number). Out: P(positive), (batch, 1).
    """
    keras = environment.load_keras()
    layers, ops = keras.layers, keras.ops
    tokens = keras.Input((None, None), dtype="int32", name="tokens")
    mask = ops.not_equal(tokens[:, :, 0], 0)
    if settings.units:
        words = embed(tokens, *_embeddings(settings, vocabulary_size))
        shape = (None, 1, settings.size) if settings.whole_dimensions else None
        words = layers.Dropout(settings.dropout, noise_shape=shape, name="word_dropout")(words)
        pooled = _read(settings, words, mask)
        pooled = layers.Dropout(settings.dropout, name="pooled_dropout")(pooled)
    else:  # nothing is read, so that of the next layer only the bias is left
        pooled = ops.zeros_like(tokens[:, 0, 0], "float32")[:, None]
    log_odds = layers.Dense(1, name="log_odds")(pooled)
    if not settings.wide:
        return keras.Model(tokens, ops.sigmoid(log_odds), name="reader")
    which, values, linear = _linear_part(columns)
    answer = ops.sigmoid(log_odds + linear)
    return keras.Model([tokens, which, values], answer, name="wide_reader")


def _linear_part(columns: int) -> tuple[Any, Any, Any]:
    """Make its two inputs, and the sum of its weights (batch, 1)."""
    keras = environment.load_keras()
    which = keras.Input((None,), dtype="int32", name="columns")
    values = keras.Input((None,), name="values")
    weights = keras.layers.Embedding(columns, 1, "zeros", name="wide")(which)
    weighted = weights[:, :, 0] * values * WIDE_PACE
    return which, values, keras.ops.sum(weighted, axis=1, keepdims=True)


def embed(tokens: Any, words: Any, pieces: Any | None) -> Any:
    """Turn word numbers, and the places of their pieces, into vectors.

    Args:
        tokens: Integers (batch, timesteps, 1 + pieces).
        words: The embedding of words.
        pieces: The embedding of pieces; None for a network without them.

    Returns:
        Shape (batch, timesteps, size): of each word its own vector, plus the mean of those
        of its pieces.
    """
    ops = environment.load_keras().ops
    own = words(tokens[:, :, 0])
    if pieces is None:
        return own
    places = tokens[:, :, 1:]
    there = ops.cast(ops.not_equal(places, 0), "float32")
    number = ops.maximum(ops.sum(there, axis=2, keepdims=True), 1.0)
    return own + ops.sum(pieces(places) * there[..., None], axis=2) / number


def _embeddings(settings: Settings, vocabulary_size: int) -> tuple[Any, Any | None]:
    keras = environment.load_keras()

    def table(rows: int, name: str, **options: Any) -> Any:
        start = keras.initializers.RandomUniform(-_FIRST_WEIGHTS, _FIRST_WEIGHTS)
        return keras.layers.Embedding(rows, settings.size, start, name=name, **options)

    words = table(vocabulary_size, "words", mask_zero=True)
    return words, table(settings.buckets, "pieces") if settings.buckets else None


def _read(settings: Settings, words: Any, mask: Any) -> Any:
    """Run the LSTM and return one vector a text."""
    keras = environment.load_keras()
    layers, ops = keras.layers, keras.ops
    cudnn: bool | str = "auto" if environment.lstm_kernel() == "cudnn" else False
    lstm = lstm_custom_gradient.layer(
        settings.units, return_sequences=True, use_cudnn=cudnn, name="lstm"
    )
    if not settings.both_directions:
        last = ops.sum(ops.cast(mask, "int32"), axis=1) - 1
        return ops.take_along_axis(lstm(words, mask=mask), last[:, None, None], axis=1)[:, 0]
    hidden = layers.Bidirectional(lstm, name="both_directions")(words, mask=mask)
    there = ops.cast(mask, "float32")[..., None]
    largest = ops.max(hidden - 1e9 * (1 - there), axis=1)
    mean = ops.sum(hidden * there, axis=1) / ops.sum(there, axis=1)
    return ops.concatenate([largest, mean], axis=1)
