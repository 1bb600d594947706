"""The quick recipes of notebook 05: an LSTM that learns in a few seconds, and its rival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.runtime import environment
from workshop_utils.sentiment import calibration, model_file, models, vectoriser
from workshop_utils.training import evaluation
from workshop_utils.training.callbacks import progress_bar
from workshop_utils.training.restart import restart
from workshop_utils.tweets import Split
from workshop_utils.tweets.dataset import Dataset

VOCABULARY_SIZE = 4000
LEARNING_RATE = 5e-3
BATCH_SIZE = 128
EPOCHS = 2
TIMESTEPS = 32
"""Words of a training text that are used."""


def learn(data: Dataset, split: Split, seed: int = environment.DEFAULT_SEED) -> Any:
    """Train the small LSTM of notebook 05 on the training part of a split.

    Args:
        data: What notebook 04 prepared.
        split: Whose training part it learns from, words and weights.
        seed: Of the first weights, the dropout and the order of the tweets.

    Returns:
        A Keras model: strings (batch,) in, P(positive) (batch, 1) out. Its layer
        ``vectoriser`` gives the word numbers.
    """
    words = _words(data, split)
    network = _compiled()
    _fit(network, _numbered(words, data, split), data.labels[split.train], seed)
    return models.text_to_sentiment(words, network)


def answers(data: Dataset, split: Split, seeds: Iterable[int]) -> NDArray[np.float32]:
    """Train the small LSTM with each seed and return what it says of the test part.

    It is what :func:`learn` gives for each seed; only the network is compiled but once, and
    serves all later calls.

    Args:
        data: What notebook 04 prepared.
        split: Whose training part it learns from and whose test part it answers.
        seeds: One for each training.

    Returns:
        P(positive), shape (seeds, test rows).
    """
    words = _words(data, split)
    network = _compiled_once()
    tokens = words(environment.load_tensorflow().constant(data.raw_texts[split.test].tolist()))
    # Beyond the longest tweet is padding, which the mask skips and which takes time.
    tokens = tokens[:, : np.count_nonzero(tokens, axis=1).max()]
    numbered = _numbered(words, data, split)
    rows = []
    for seed in seeds:
        _fit(network, numbered, data.labels[split.train], seed)
        rows.append(network(tokens).numpy()[:, 0])
    return np.array(rows)


def linear(
    data: Dataset, rows: ArrayLike, *, pieces: bool = True
) -> Callable[[Sequence[str]], NDArray[np.float64]]:
    """Train the linear model of notebook 05, the rival of the LSTM.

    Args:
        data: What notebook 04 prepared.
        rows: Of the tweets that it learns from.
        pieces: Whether it sees pieces of words beside whole words and pairs.

    Returns:
        A function: any texts, as people write them, in; P(positive), shape (texts,), out.
    """
    learnt = np.asarray(rows)
    model = models.linear(pieces=pieces).fit(data.raw_texts[learnt], data.labels[learnt])

    def probable(texts: Sequence[str]) -> NDArray[np.float64]:
        of_classes: NDArray[np.float64] = model.predict_proba(texts)
        return of_classes[:, 1]

    return probable


def save(model: Any, data: Dataset, path: Path | None = None) -> tuple[Path, float]:
    """Save a text model that learnt the grouped split for notebook 06.

    Temperature and threshold are chosen on the validation part.

    Args:
        model: What :func:`learn` returned.
        data: What notebook 04 prepared.
        path: Target; the place where notebook 06 looks if none is given.

    Returns:
        The path of the file, and the threshold: the P(positive), after the temperature, from
        which on a text is called positive, with the highest macro-F1 on the validation part.

    Raises:
        StorageError: The file cannot be written.
    """
    rows = data.split_grouped.validation
    labels = data.labels[rows]
    unseen = data.raw_texts[rows].tolist()
    answers = model(environment.load_tensorflow().constant(unseen))
    probable = np.asarray(answers, np.float64)[:, 0]
    temperature = calibration.fit_temperature(labels, probable)
    threshold = evaluation.best_threshold(labels, calibration.scale(probable, temperature))
    versions = dict(environment.describe().versions)
    target = model_file.save(
        model,
        threshold=threshold,
        temperature=temperature,
        validation_texts=unseen,
        is_real=data.is_real,
        about={"versions": versions, "data": dict(data.provenance)},
        path=path,
    )
    return target, threshold


def train_quick(data: Dataset) -> Any:
    """Train the model that notebook 05 saves, on the training part of the grouped split.

    Args:
        data: What notebook 04 prepared.

    Returns:
        A Keras model: strings (batch,) in, P(positive) (batch, 1) out.
    """
    return learn(data, data.split_grouped)


def _words(data: Dataset, split: Split) -> Any:
    """Return the layer that cleans and numbers words, learnt from a training part alone."""
    keras = environment.load_keras()
    tensorflow = environment.load_tensorflow()
    vectoriser.register()
    layer = keras.layers.TextVectorization(
        VOCABULARY_SIZE,
        standardize=vectoriser.standardise,
        output_sequence_length=models.LONGEST_TEXT,
        name="vectoriser",
    )
    layer.adapt(tensorflow.constant(data.raw_texts[split.train].tolist()))
    return layer


def _compiled() -> Any:
    network = models.quick_lstm(VOCABULARY_SIZE)
    optimizer = environment.load_keras().optimizers.Adam(LEARNING_RATE)
    network.compile(optimizer, "binary_crossentropy")
    # Else TensorFlow compiles the first step twice, without and with the optimiser's memory.
    optimizer.build(network.trainable_variables)
    return network


@cache
def _compiled_once() -> Any:
    """Return a network that nobody keeps, for trainings that each begin it anew."""
    return _compiled()


def _numbered(words: Any, data: Dataset, split: Split) -> Any:
    """Return the word numbers of a training part, as the network learns from them."""
    texts = environment.load_tensorflow().constant(data.raw_texts[split.train].tolist())
    return words(texts)[:, :TIMESTEPS]


def _fit(network: Any, numbered: Any, labels: NDArray[np.integer], seed: int) -> None:
    """Train a compiled network from the first weights of a seed."""
    restart(network, partial(models.quick_lstm, VOCABULARY_SIZE), seed)
    network.fit(
        numbered,
        labels,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        callbacks=[progress_bar()],
        verbose=0,
    )
