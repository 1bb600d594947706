"""Train a reader, average several, and let them judge texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils import calibration, environment, training
from workshop_utils.dataset import Dataset
from workshop_utils.text import Split
from workshop_utils.wide_deep import network, pretraining
from workshop_utils.wide_deep.encoder import Encoder, learn_encoder
from workshop_utils.wide_deep.settings import BEST, Settings
from workshop_utils.wide_deep.wide import WideColumns

Probabilities = NDArray[np.float64]
TOGETHER = 512
"""Texts that are judged in one call."""


@dataclass(frozen=True, eq=False)
class Reader:
    """A trained network with all that turns a text into its inputs.

    Attributes:
        model: Inputs of :meth:`encode` in, P(positive) (batch, 1) out.
        encoder: Numbers the words.
        wide: Makes the columns of the linear part; None without one.
        history: The record of the training.
        settings: How it was built and trained.
    """

    model: Any
    encoder: Encoder
    wide: WideColumns | None
    history: training.History
    settings: Settings

    def encode(self, texts: Sequence[str] | NDArray[Any]) -> Any:
        """Return the model's inputs for some texts: one array, or three with a linear part."""
        return _inputs(self.encoder, self.wide, texts)

    def predict(self, texts: Sequence[str] | NDArray[Any]) -> Probabilities:
        """Return P(positive) of texts as people wrote them, shape (texts,)."""
        parts = [
            np.asarray(self.model(self.encode(texts[at : at + TOGETHER]), training=False))[:, 0]
            for at in range(0, len(texts), TOGETHER)
        ]
        return np.concatenate(parts).astype(np.float64)


def train(
    texts: NDArray[Any],
    labels: NDArray[Any],
    settings: Settings = BEST,
    *,
    seed: int = environment.DEFAULT_SEED,
    validation: tuple[NDArray[Any], NDArray[Any]] | None = None,
    confidence: NDArray[Any] | None = None,
    more_texts: Sequence[str] = (),
    show: bool = True,
) -> Reader:
    """Train a reader, its vocabulary included, from these texts alone.

    Args:
        texts: Training texts as people wrote them, shape (rows,).
        labels: 0 negative, 1 positive, shape (rows,).
        settings: How.
        seed: Of the first weights, the dropout and the order of the texts.
        validation: Texts and labels that early stopping looks at.
        confidence: How sure the labellers were, from 0 to 1, shape (rows,).
        more_texts: Texts without a label, for the pre-training.
        show: False hides the progress bar.

    Returns:
        The trained reader.

    Raises:
        ValueError: The settings want validation texts or a confidence that is not given.
    """
    if settings.confident and confidence is None:
        raise ValueError("To weight by the labellers' confidence, give `confidence`.")
    if settings.patience and validation is None:
        raise ValueError("Early stopping looks at the validation loss; give `validation` too.")
    listed = [str(each) for each in texts]
    encoder = learn_encoder(
        listed, settings.vocabulary_size, buckets=settings.buckets, as_written=settings.as_written
    )
    wide, beside = WideColumns.learn(listed) if settings.wide else (None, None)
    tokens = encoder.encode(listed)
    environment.load_keras()
    environment.set_seed(seed)
    model = network.build(settings, encoder.vocabulary_size, wide.size if wide else 0)
    if settings.pretrained:
        pretraining.pretrain(model, settings, encoder, [*listed, *more_texts], seed)
    compile_reader(model, settings, -(-len(listed) // settings.batch_size))
    scored = None
    if validation is not None and settings.patience:
        scored = _inputs(encoder, wide, validation[0]), np.asarray(validation[1], np.float32)
    history = training.fit(
        model,
        (tokens, *beside) if beside else tokens,
        np.asarray(labels, np.float32),
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        validation=scored,
        patience=settings.patience or None,
        sample_weight=_weights(settings, labels, confidence),
        buckets=settings.units > 0,  # a linear part alone reads no words
        seed=seed,
        show=show,
    )
    return Reader(model, encoder, wide, history, settings)


def train_best(
    prepared: Dataset, *, seed: int = environment.DEFAULT_SEED, show: bool = True
) -> tuple[Reader, dict[str, Any]]:
    """Train the best reader on the grouped split, and measure it.

    Args:
        prepared: What notebook 04 prepared.
        seed: Of everything random in the training.
        show: False hides the progress bar.

    Returns:
        The reader and its record, ready for :func:`workshop_utils.wide_deep.save`.
    """
    split = prepared.split_grouped
    reader = train(
        prepared.raw_texts[split.train], prepared.labels[split.train], BEST, seed=seed, show=show
    )
    return reader, record_of(reader, prepared, split, seed)


def record_of(reader: Reader, prepared: Dataset, split: Split, seed: int) -> dict[str, Any]:
    """Write down how good a reader is, and how it came to be.

    Args:
        reader: A trained reader.
        prepared: The texts and labels that it learnt from.
        split: As in :func:`workshop_utils.training.record_of`.
        seed: Of everything random in the training.
    """
    recipe = asdict(reader.settings)
    return training.record_of(reader.predict, prepared, split, reader.history, recipe, seed)


def train_several(
    texts: NDArray[Any], labels: NDArray[Any], *, seeds: Sequence[int], **options: Any
) -> list[Reader]:
    """Train one reader for each seed; ``options`` are those of :func:`train`."""
    return [train(texts, labels, seed=seed, **options) for seed in seeds]


def mean_log_odds(
    probabilities: Sequence[ArrayLike], weights: Sequence[float] | None = None
) -> Probabilities:
    """Average the answers of several classifiers, as log odds.

    The log odds, log(P / (1 - P)), are what each classifier adds up; a mean of them lets a
    sure classifier say more than an unsure one.

    Args:
        probabilities: P(positive) of each classifier for the same texts, each (texts,).
        weights: How much each classifier counts; all the same by default.

    Returns:
        P(positive), shape (texts,).
    """
    from scipy.special import expit

    odds = calibration.log_odds(np.asarray(probabilities, np.float64))
    mean: Probabilities = expit(np.average(odds, axis=0, weights=weights))
    return mean


def compile_reader(model: Any, settings: Settings, steps: int) -> None:
    """Give a reader AdamW with its schedule, and the loss.

    Args:
        model: An uncompiled reader.
        settings: How it shall learn.
        steps: Gradient steps in one epoch.
    """
    keras = environment.load_keras()
    rate: Any = settings.learning_rate
    if settings.schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, steps * settings.epochs)
    model.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=settings.weight_decay),
        loss=keras.losses.BinaryCrossentropy(label_smoothing=settings.smoothing),
        weighted_metrics=["accuracy"],
    )
    model.optimizer.build(model.trainable_variables)


def _inputs(encoder: Encoder, wide: WideColumns | None, texts: Any) -> Any:
    listed = [str(each) for each in texts]
    tokens = encoder.encode(listed)
    return (tokens, *wide.encode(listed)) if wide else tokens


def _weights(
    settings: Settings, labels: NDArray[Any], confidence: NDArray[Any] | None
) -> NDArray[np.float32] | None:
    """Return how much each text counts in the loss, or None where all count the same."""
    weights = np.ones(len(labels), np.float32)
    if settings.balanced:
        classes = np.asarray(labels, np.int64)
        weights *= (len(labels) / (2 * np.bincount(classes, minlength=2)))[classes]
    if settings.confident and confidence is not None:
        weights *= np.asarray(confidence, np.float32)
    return weights if settings.balanced or settings.confident else None
