"""A small model that knows a few words, trained once, for the tests that need one."""

import functools
import tempfile
from pathlib import Path

import numpy as np

from workshop_utils.runtime import environment
from workshop_utils.sentiment import model_file, models, vectoriser

TEXTS = ["what a great night", "great answer", "a terrible debate", "terrible terrible lies"] * 8
LABELS = [1, 1, 0, 0] * 8
VALIDATION = [f"{a} {b} {c}" for a in ("a", "what a") for b in ("great", "terrible", "odd")
              for c in ("night", "answer", "debate", "lies")]  # fmt: skip


@functools.cache
def model():
    """Return the trained Keras model: strings in, P(positive) out."""
    keras = environment.load_keras()
    environment.set_seed()
    vectoriser.register()
    layer = keras.layers.TextVectorization(
        32, standardize=vectoriser.standardise, name="vectoriser", output_sequence_length=64
    )
    layer.adapt(TEXTS)
    network = keras.Sequential(
        [
            keras.Input((None,), dtype="int64"),
            keras.layers.Embedding(32, 8, mask_zero=True, name="embedding"),
            keras.layers.LSTM(8, use_cudnn=False, name="lstm"),
            keras.layers.Dense(1, activation="sigmoid", name="positive"),
        ]
    )
    network.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    network.fit(np.asarray(layer(TEXTS)), np.array(LABELS, "float32"), epochs=12, verbose=0)
    return models.text_to_sentiment(layer, network)


def save(path, **changes):
    """Save the model; the record may be changed."""
    record = {"threshold": 0.5, "temperature": 1.5, "is_real": False, **changes}
    return model_file.save(model(), validation_texts=VALIDATION, path=path, **record)


@functools.cache
def saved():
    """Return the bytes of the saved model."""
    with tempfile.TemporaryDirectory() as folder:
        return save(Path(folder) / "small.keras").read_bytes()
