"""The quick recipe: an LSTM that learns the tweets in seconds, from raw text to one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import calibration, environment, evaluation, models, vectoriser
from workshop_utils.dataset import Dataset
from workshop_utils.text import Split
from workshop_utils.training.history import History
from workshop_utils.training.loop import compile_model, fit


@dataclass(frozen=True)
class Recipe:
    """How a small LSTM is built and trained.

    Attributes:
        vocabulary_size: Rows of the embedding, padding and unknown word among them.
        embedding_size: Numbers that stand for one token.
        units: Length of the LSTM's hidden state.
        dropout: Share of the embedding's numbers that training sets to zero.
        learning_rate: Adam's step size.
        batch_size: Texts in a gradient step.
        epochs: How often to go through the training texts.
        timesteps: Tokens of a training text that are used; one tweet has more.
    """

    vocabulary_size: int = 4000
    embedding_size: int = 32
    units: int = 32
    dropout: float = 0.2
    learning_rate: float = 5e-3
    batch_size: int = 128
    epochs: int = 2
    timesteps: int = 32


QUICK = Recipe()
"""A high learning rate and two epochs: most of what these tweets can teach, in seconds."""


def train_recipe(
    texts: NDArray[Any],
    labels: NDArray[Any],
    *,
    recipe: Recipe = QUICK,
    seed: int = environment.DEFAULT_SEED,
    show: bool = True,
) -> tuple[Any, History]:
    """Train a model that takes raw texts, vocabulary included, from these texts alone.

    Args:
        texts: Training texts as people wrote them, shape (rows,).
        labels: 0 negative, 1 positive, shape (rows,).
        recipe: How.
        seed: Of the first weights, the dropout and the order of the texts.
        show: False hides the progress bar.

    Returns:
        The model (strings (batch,) in, P(positive) (batch, 1) out) and the record
        of its training.
    """
    environment.load_keras()
    environment.set_seed(seed)
    layer = vectoriser.fit_vectoriser(texts, recipe.vocabulary_size)
    network = models.quick_lstm(
        recipe.vocabulary_size,
        units=recipe.units,
        embedding_size=recipe.embedding_size,
        dropout=recipe.dropout,
    )
    compile_model(network, learning_rate=recipe.learning_rate)
    history = fit(
        network,
        vectoriser.encode(layer, texts, recipe.timesteps),
        np.asarray(labels, dtype=np.float32),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        seed=seed,
        show=show,
    )
    return models.text_to_sentiment(layer, network), history


def train_quick(
    prepared: Dataset, seed: int = environment.DEFAULT_SEED, *, show: bool = True
) -> tuple[Any, dict[str, Any]]:
    """Train the quick model on the grouped split, and measure it.

    The training part teaches, the validation part chooses the threshold, and
    the test part is read once.

    Args:
        prepared: What notebook 04 prepared.
        seed: Of everything random in the training.
        show: False hides the progress bar.

    Returns:
        The model (strings in, P(positive) out) and its record, ready for
        :func:`workshop_utils.model_io.save`.
    """
    split = prepared.split_grouped
    texts, labels = np.asarray(prepared.raw_texts), np.asarray(prepared.labels)
    model, history = train_recipe(texts[split.train], labels[split.train], seed=seed, show=show)

    def judge(some: list[str]) -> NDArray[np.float64]:
        return evaluation.predict(model, some)

    return model, record_of(judge, prepared, split, history, asdict(QUICK), seed)


def record_of(
    judge: Callable[[list[str]], NDArray[np.float64]],
    prepared: Dataset,
    split: Split,
    history: History,
    recipe: dict[str, Any],
    seed: int,
) -> dict[str, Any]:
    """Write down how good a trained model is, and how it came to be.

    Args:
        judge: Texts in, P(positive) out, shape (texts,).
        prepared: The texts and labels that it learnt from.
        split: Whose training part taught it; the validation part chooses temperature
            and threshold. The threshold is one for probabilities after scaling.
        history: The record of its training.
        recipe: How it was built and trained.
        seed: Of everything random in the training.

    Returns:
        A record for :func:`workshop_utils.model_io.save`.
    """
    texts, labels = np.asarray(prepared.raw_texts), np.asarray(prepared.labels)
    validated = judge(list(texts[split.validation]))
    tested = judge(list(texts[split.test]))
    calibrated = calibration.summary(
        (labels[split.validation], validated), (labels[split.test], tested)
    )
    temperature = calibrated["temperature"]
    threshold = evaluation.best_threshold(
        labels[split.validation], calibration.scale(validated, temperature)
    )
    scaled = calibration.scale(tested, temperature)
    groups = prepared.groups[split.test]
    return {
        "labels": list(models.LABELS),
        "threshold": threshold,
        "is_real": bool(prepared.is_real),
        "split": split.name,
        "split_seed": split.seed,
        "seed": seed,
        "recipe": recipe,
        "epochs": history.epochs,
        "seconds": round(history.seconds, 1),
        "metrics": asdict(evaluation.scores(labels[split.test], tested)),
        "metrics_at_threshold": asdict(evaluation.scores(labels[split.test], scaled, threshold)),
        "intervals": evaluation.bootstrap(labels[split.test], tested, groups).intervals(),
        "calibration": calibrated,
        "data": dict(prepared.provenance),
        "versions": dict(environment.describe().versions),
    }
