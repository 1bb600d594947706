"""The climb: which steps bring an LSTM past the classifiers that count words.

Each row is one classifier on one split; a job is one row with one seed. On the grouped
split the seed also draws the split, on the split of 2019 it decides the training alone.
Choices were made on validation parts; each job reads its test part once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import (
    baselines,
    dataset,
    environment,
    evaluation,
    models,
    training,
    tweets,
    wide_deep,
)
from workshop_utils.experiments.runner import Finding, Job
from workshop_utils.text import Split, group_ids, grouped_split
from workshop_utils.wide_deep import network, pretraining
from workshop_utils.wide_deep.settings import BEST, DEEP, START, Settings

FILE = Path(__file__).with_name("climb.json")
SEEDS = (141, 142, 143, 144, 145)
GROUPED, SPLIT_2019 = "grouped", "2019"
AVERAGED = 3
LINEAR = "words and characters"
START_ROW = "start: LSTM(64), cleaned words"
AIMS = {
    GROUPED: {"macro_f1_at_share": 0.76, "average_precision": 0.68},
    SPLIT_2019: {"macro_f1_at_share": 0.80, "average_precision": 0.74, "accuracy": 0.88},
}
"""What the workshop wanted an LSTM to reach before the study was run."""
FIGURES = ("accuracy", "macro_f1", "roc_auc", "average_precision")

Probabilities = NDArray[np.float64]

STEPS: dict[str, Settings] = {
    START_ROW: START,
    "+ early stopping": replace(START, epochs=8, patience=2),
    "+ cosine schedule": replace(START, schedule="cosine"),
    "+ more dropout": replace(START, dropout=0.5, whole_dimensions=True),
    "+ weight decay": replace(START, weight_decay=0.05),
    "+ soft labels": replace(START, smoothing=0.2),
    "+ both directions, pooling": replace(START, both_directions=True),
    "+ words as written": replace(START, as_written=True),
    "+ pieces of words": replace(START, buckets=20_000),
    "+ more pieces, less dropout": replace(START, buckets=100_000, dropout=0.1),
    "+ class weights": replace(START, balanced=True),
    "+ labellers' confidence": replace(START, confident=True),
    "+ language model first": replace(START, pretrained=True),
    "+ linear part": replace(START, wide=True, learning_rate=1e-3),
    "together": DEEP,
    "linear part alone": replace(BEST, units=0),
    "together + linear part": BEST,
}
"""The readers of the study; those with a plus are the start with one step alone."""

AVERAGES = {
    "+ average of 3": START,
    "together, average of 3": DEEP,
    "together + linear part, average of 3": BEST,
}
OLD = ("2019, ten epochs", "2019, stopped early", "2019, stopped early, mask")
COUNTING = (LINEAR, "words and characters, balanced")
ROWS = (*COUNTING, *OLD, *STEPS, *AVERAGES)


def jobs() -> Iterator[Job]:
    """Yield every job of the study, in the order of the table."""
    for split in (GROUPED, SPLIT_2019):
        for row in ROWS:
            yield from (Job(f"{split}: {row}", seed, _described(row)) for seed in SEEDS)


def _described(row: str) -> str:
    settings = STEPS.get(row) or AVERAGES.get(row)
    parts = [row, str(settings and asdict(settings)), str(AVERAGED), str(network.WIDE_PACE)]
    if settings and settings.pretrained:
        parts += [str(pretraining.EPOCHS), str(pretraining.GUESSED), str(pretraining.LEARNING_RATE)]
        parts += ["no copies of validation or test tweets"]
    return " | ".join(parts)


def measure(row: str, seed: int) -> Finding:
    """Train one row with one seed, and score its test part.

    Args:
        row: A split and a row, as :func:`jobs` joins them.
        seed: Of the training; of the grouped split too.

    Returns:
        The test figures of the classifier ``alone``; for a reader also those ``with
        linear``, with the weight of the reader that suits the validation part best.

    Raises:
        ValueError: There is no such row, or no real tweets.
    """
    where, _, name = row.partition(": ")
    data = _tweets()
    split = _split(where, seed)
    rows = np.concatenate([split.validation, split.test])
    judged = _classify(name, seed, data, split)(rows)
    finding: Finding = {"alone": _figures(data, split, judged)}
    if name in STEPS or name in AVERAGES:
        linear = _linear_answers(where, 0 if where == SPLIT_2019 else seed)[rows]
        share = _share_for(data.labels[split.validation], split, judged, linear)
        finding["reader_share"] = share
        finding["with_linear"] = _figures(data, split, _mixed(judged, linear, share))
    return finding


Judge = Callable[[NDArray[np.int64]], Probabilities]


def _classify(name: str, seed: int, data: dataset.Dataset, split: Split) -> Judge:
    """Train the classifier of a row; return what judges rows of the tweets."""
    if name in COUNTING:
        return _linear(data, split.train, balanced=name != LINEAR)
    if name in OLD:
        return _network_of_2019(name, seed, data, split)
    if name in STEPS:
        return _read(STEPS[name], (seed,), data, split)
    if name in AVERAGES:
        several = tuple(1000 * seed + number for number in range(AVERAGED))
        return _read(AVERAGES[name], several, data, split)
    raise ValueError(f"The study has no row {name!r}.")


@cache
def _tweets() -> dataset.Dataset:
    return dataset.prepare(tweets.load())


def _neutral(data: dataset.Dataset, split: Split) -> list[str]:
    """Return the neutral tweets, but for the copies of tweets that training must not see."""
    frame = tweets.load().frame
    texts = list(frame.loc[frame["sentiment"] == "Neutral", "text"])
    groups = group_ids([*data.raw_texts, *texts])
    hidden = groups[np.concatenate([split.validation, split.test])]
    seen = ~np.isin(groups[len(data) :], hidden)
    return [text for text, kept in zip(texts, seen, strict=True) if kept]


def _split(where: str, seed: int) -> Split:
    data = _tweets()
    return data.split_2019 if where == SPLIT_2019 else grouped_split(data.groups, seed)


@cache
def _linear_answers(where: str, seed: int) -> Probabilities:
    """Return P(positive) of all rows, by the linear classifier that most jobs need."""
    data = _tweets()
    return _linear(data, _split(where, seed).train)(np.arange(len(data)))


def _linear(data: dataset.Dataset, learnt: NDArray[np.int64], *, balanced: bool = False) -> Judge:
    classifier = baselines.logistic_words_and_characters(balanced=balanced)
    texts, labels = data.raw_texts, data.labels
    return lambda rows: baselines.predict(classifier, texts[learnt], labels[learnt], texts[rows])


def _network_of_2019(name: str, seed: int, data: dataset.Dataset, split: Split) -> Judge:
    keras = environment.load_keras()
    environment.set_seed(seed)
    tokens = data.sequences_2019
    one_hot = keras.utils.to_categorical(data.labels, 2)
    model = models.lstm_2019(timesteps=tokens.shape[1], mask_padding=name.endswith("mask"))
    training.fit(
        training.compile_model(model),
        tokens[split.train],
        one_hot[split.train],
        epochs=10,
        validation=(tokens[split.validation], one_hot[split.validation]),
        patience=None if name == OLD[0] else 1,
        seed=seed,
        show=False,
    )
    return lambda rows: evaluation.predict(model, tokens[rows])


def _read(
    settings: Settings,
    seeds: tuple[int, ...],
    data: dataset.Dataset,
    split: Split,
) -> Judge:
    texts, labels, learnt = data.raw_texts, data.labels, split.train
    trained = wide_deep.train_several(
        texts[learnt],
        labels[learnt],
        settings=settings,
        seeds=seeds,
        validation=(texts[split.validation], labels[split.validation]),
        confidence=data.confidence[learnt],
        more_texts=_neutral(data, split) if settings.pretrained else (),
        show=False,
    )
    return lambda rows: wide_deep.mean_log_odds([each.predict(texts[rows]) for each in trained])


def _mixed(judged: Probabilities, linear: Probabilities, share: float) -> Probabilities:
    """Mix two classifiers' log odds; ``share`` is the weight of the first."""
    return wide_deep.mean_log_odds([judged, linear], weights=[share, 1 - share])


def _share_for(
    labels: NDArray[np.int64], split: Split, judged: Probabilities, linear: Probabilities
) -> float:
    """Return the weight with the smallest cross-entropy on the validation part."""
    from sklearn.metrics import log_loss

    first = slice(None, split.validation.size)
    shares = np.round(np.linspace(0, 1, 21), 2)
    losses = [log_loss(labels, _mixed(judged[first], linear[first], share)) for share in shares]
    return float(shares[int(np.argmin(losses))])


def _figures(data: dataset.Dataset, split: Split, judged: Probabilities) -> dict[str, float]:
    """Score the test part: at the threshold 0.5, and at one chosen without its labels.

    That one calls as large a share of the validation part positive as is positive in the
    training part. A threshold with the best macro-F1 on 750 validation rows is noisier.
    """
    size = split.validation.size
    true = data.labels[split.test]
    positive = float(data.labels[split.train].mean())
    threshold = float(np.quantile(judged[:size], 1 - positive))
    scored = evaluation.scores(true, judged[size:])
    at_share = evaluation.scores(true, judged[size:], threshold)
    figures: dict[str, Any] = {name: getattr(scored, name) for name in FIGURES}
    figures |= {"macro_f1_at_share": at_share.macro_f1, "accuracy_at_share": at_share.accuracy}
    figures["calibration_error"] = scored.calibration_error
    return {name: round(value, 4) for name, value in figures.items()}
