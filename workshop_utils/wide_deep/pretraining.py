"""Let a reader learn a language model first: which word comes next, and which came before.

The recipe of Dai and Le 2015 (Semi-supervised sequence learning): the LSTM that later reads
for sentiment begins with weights that predict words, learnt from texts without labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workshop_utils import environment, training
from workshop_utils.wide_deep.encoder import UNKNOWN, Encoder
from workshop_utils.wide_deep.network import embed
from workshop_utils.wide_deep.settings import Settings

EPOCHS = 2
GUESSED = 2000
"""Words that can be guessed; each rarer one counts as the unknown word."""
BATCH = 64
LEARNING_RATE = 2e-3


def pretrain(
    model: Any, settings: Settings, encoder: Encoder, texts: Sequence[str], seed: int
) -> None:
    """Train a reader's embeddings and LSTM as a language model, in place.

    Args:
        model: An untrained reader, from :func:`workshop_utils.wide_deep.network.build`.
        settings: How the reader is built.
        encoder: Numbers the words.
        texts: Of the training part, and others that are not of the test part.
        seed: Of the order of the texts.
    """
    tokens = encoder.encode(texts)
    words = tokens[:, :, 0]
    guessed = np.where(words < GUESSED, words, UNKNOWN)
    # At step t the forward direction knows the words up to t and guesses t + 1; the backward
    # one knows those from t on and guesses t - 1.
    following, before = np.zeros_like(guessed), np.zeros_like(guessed)
    following[:, :-1], before[:, 1:] = guessed[:, 1:], guessed[:, :-1]
    guesses = [following, before] if settings.both_directions else [following]
    language_model = _language_model(model, settings)
    training.fit(
        language_model,
        tokens,
        np.stack([np.where(words != 0, each, 0) for each in guesses], axis=-1),
        epochs=EPOCHS,
        batch_size=BATCH,
        seed=seed,
        show=False,
    )


def _language_model(model: Any, settings: Settings) -> Any:
    """Build a network that guesses words with the reader's own layers."""
    keras = environment.load_keras()
    layers, ops = keras.layers, keras.ops
    tokens = keras.Input((None, None), dtype="int32", name="tokens")
    mask = ops.not_equal(tokens[:, :, 0], 0)
    pieces = model.get_layer("pieces") if settings.buckets else None
    words = embed(tokens, model.get_layer("words"), pieces)
    if settings.both_directions:
        both = model.get_layer("both_directions")
        backward = both.backward_layer(words, mask=mask)
        hidden = [both.forward_layer(words, mask=mask), ops.flip(backward, axis=1)]
    else:
        hidden = [model.get_layer("lstm")(words, mask=mask)]
    guesses = ops.stack([layers.Dense(GUESSED)(each) for each in hidden], axis=2)
    language_model = keras.Model(tokens, guesses, name="language_model")
    language_model.compile(
        optimizer=keras.optimizers.Adam(LEARNING_RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0),
    )
    return language_model
