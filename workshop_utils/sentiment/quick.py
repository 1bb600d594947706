"""The quick recipe of notebook 05: an LSTM that learns the tweets in a few seconds."""

from __future__ import annotations

from typing import Any

from workshop_utils.runtime import environment
from workshop_utils.sentiment import models, vectoriser
from workshop_utils.training.callbacks import progress_bar
from workshop_utils.tweets.dataset import Dataset

VOCABULARY_SIZE = 4000
LEARNING_RATE = 5e-3
BATCH_SIZE = 128
EPOCHS = 2
TIMESTEPS = 32
"""Words of a training text that are used."""


def train_quick(data: Dataset) -> Any:
    """Train the network that notebook 05 saves, on the training part of the grouped split.

    Args:
        data: What notebook 04 prepared.

    Returns:
        A Keras model: strings (batch,) in, P(positive) (batch, 1) out.
    """
    keras, tensorflow = environment.load_keras(), environment.load_tensorflow()
    rows = data.split_grouped.train
    texts = tensorflow.constant(data.raw_texts[rows].tolist())
    vectoriser.register()
    layer = keras.layers.TextVectorization(
        VOCABULARY_SIZE,
        standardize=vectoriser.standardise,
        output_sequence_length=models.LONGEST_TEXT,
        name="vectoriser",
    )
    layer.adapt(texts)
    environment.set_seed()
    network = models.quick_lstm(VOCABULARY_SIZE)
    network.compile(keras.optimizers.Adam(LEARNING_RATE), "binary_crossentropy")
    network.fit(
        layer(texts)[:, :TIMESTEPS],
        data.labels[rows],
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        callbacks=[progress_bar()],
        verbose=0,
    )
    return models.text_to_sentiment(layer, network)
