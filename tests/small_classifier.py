"""A small model that knows two words, trained in a second, for the tests that need one."""

import numpy as np

from workshop_utils import environment, models, vectoriser

TEXTS = ["what a great night", "great answer", "a terrible debate", "terrible terrible lies"] * 8
LABELS = [1, 1, 0, 0] * 8


def record(**changes):
    return {
        "labels": ["negative", "positive"],
        "threshold": 0.5,
        "is_real": False,
        "metrics": {},
        "versions": {},
        **changes,
    }


def train():
    keras = environment.load_keras()
    environment.set_seed()
    layer = vectoriser.fit_vectoriser(TEXTS, 32)
    network = models.quick_lstm(32, units=8, embedding_size=8, dropout=0.0)
    network.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    tokens = vectoriser.encode(layer, TEXTS)
    network.fit(tokens, np.array(LABELS, "float32"), epochs=12, verbose=0)
    return models.text_to_sentiment(layer, network)
