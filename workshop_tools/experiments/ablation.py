"""The ablation of notebook ``ablation``: one change at a time, on five draws of the grouped split.

Each arm differs from the start in one thing, and each training chooses its learning rate on
its own validation part. The seed draws the split and the training. Results lie in
``workshop_utils/training/experiments/ablation.json``; ``workshop experiment ablation`` computes
what is missing there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_tools.experiments.runner import Finding, Job
from workshop_utils import tweets
from workshop_utils.runtime import environment
from workshop_utils.sentiment import vectoriser
from workshop_utils.training import evaluation, experiments
from workshop_utils.tweets import dataset

FILE = experiments.FOLDER / "ablation.json"
SEEDS = (141, 142, 143, 144, 145)
LEARNING_RATES = (1e-3, 3e-3, 1e-2)
VOCABULARY_SIZE = 4000
EMBEDDING_SIZE = 32
UNITS = 32
BATCH_SIZE = 128
EPOCHS = 4
TIMESTEPS = 32
GROUPS = "linked by equal key or equal cleaned text"
"""What the split keeps together; with another rule, every job is done again."""
LINEAR = "linear classifier"
LINEAR_PART = "linear part alone"

PACE = 10
"""How many times faster the linear part learns than the rest. Adam's steps do not depend on
the size of the gradient, so to multiply the columns' values is to multiply the rate."""

START = {
    "best_epoch": False,  # keep the epoch with the lowest validation loss, not the last one
    "cosine": False,  # let the learning rate fall to 0 along a cosine
    "dropout": 0.2,  # share of the embedding's numbers that training sets to 0
    "class_weights": False,  # both classes count the same in the loss
    "linear_part": False,  # add the answer of a linear model over TF-IDF, trained with the LSTM
    "lstm": True,  # without it the linear part is alone
}
"""How the first arm's LSTM is built and trained: notebook 05's network for four epochs."""
ARMS = {
    "start": START,
    "+ best epoch": START | {"best_epoch": True},
    "+ cosine schedule": START | {"cosine": True},
    "+ dropout 0.5": START | {"dropout": 0.5},
    "+ class weights": START | {"class_weights": True},
    "+ linear part": START | {"linear_part": True},
    LINEAR_PART: START | {"linear_part": True, "lstm": False},
    "all but class weights": START
    | {"best_epoch": True, "cosine": True, "dropout": 0.5, "linear_part": True},
}
ROWS = (LINEAR, *ARMS)

Arm = dict[str, float]
Rows = NDArray[np.int64]
Judge = Callable[[Rows], NDArray[np.float64]]
"""Gives P(positive) of some rows of the tweets."""


def jobs() -> Iterator[Job]:
    """Yield every job, seed by seed, so that a run that is stopped has whole seeds."""
    shared = (GROUPS, LEARNING_RATES, VOCABULARY_SIZE, EMBEDDING_SIZE, UNITS, BATCH_SIZE, EPOCHS)
    for seed in SEEDS:
        for row in ROWS:
            settings = ARMS.get(row, "TF-IDF, logistic regression")
            yield Job(row, seed, f"{row} | {settings} | {shared}")


def measure(row: str, seed: int) -> Finding:
    """Train one row with one seed, and score its test part once.

    An LSTM is trained with each learning rate; the one with the best average precision on the
    validation part is kept.

    Returns:
        Average precision and macro-F1 on the test part, the latter at the threshold 0.5 and at
        the one chosen on the validation part; of an LSTM also the learning rate.

    Raises:
        KeyError: There is no such row.
        TweetsUnavailable: The real tweets cannot be had.
    """
    from sklearn.metrics import average_precision_score, f1_score

    data = _tweets()
    split = tweets.grouped_split(data.groups, seed)
    true = data.labels[split.test]
    wanted = data.labels[split.validation]
    judges: dict[float, Judge]
    if row == LINEAR:
        model = linear_classifier().fit(data.raw_texts[split.train], data.labels[split.train])
        judges = {0.0: lambda rows: model.predict_proba(data.raw_texts[rows])[:, 1]}
    else:
        judges = {rate: train(ARMS[row], data, split, seed, rate) for rate in LEARNING_RATES}
    validated = {rate: judge(split.validation) for rate, judge in judges.items()}
    best = max(validated, key=lambda rate: average_precision_score(wanted, validated[rate]))
    threshold = evaluation.best_threshold(wanted, validated[best])
    tested = judges[best](split.test)
    figures = {
        "average_precision": average_precision_score(true, tested),
        "macro_f1": f1_score(true, tested >= 0.5, average="macro"),
        "macro_f1_at_threshold": f1_score(true, tested >= threshold, average="macro"),
        "threshold": threshold,
        "learning_rate": best,
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


@cache
def _tweets() -> dataset.Dataset:
    return dataset.prepare(tweets.load())


def train(arm: Arm, data: dataset.Dataset, split: tweets.Split, seed: int, rate: float) -> Judge:
    """Train an arm with one learning rate on the training part."""
    from sklearn.utils.class_weight import compute_class_weight

    keras = environment.load_keras()
    environment.set_seed(seed)
    learnt = split.train
    labels = data.labels.astype(np.float32)
    texts = data.raw_texts
    words = keras.layers.TextVectorization(
        VOCABULARY_SIZE, standardize=vectoriser.standardise, output_sequence_length=TIMESTEPS
    )
    words.adapt(texts[learnt].tolist())
    tokens = words(texts.tolist()).numpy().astype(np.int32)
    columns = tf_idf().fit(texts[learnt]) if arm["linear_part"] else None
    network = build(arm, len(columns.get_feature_names_out()) if columns else 0)
    steps = -(-len(learnt) // BATCH_SIZE) * EPOCHS
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps) if arm["cosine"] else rate
    network.compile(keras.optimizers.Adam(schedule), "binary_crossentropy")

    def inputs(rows: Rows) -> list[Any]:
        read = [tokens[rows]] if arm["lstm"] else []
        return [*read, *encode(columns, texts[rows])] if columns else read

    balanced = compute_class_weight("balanced", classes=np.array([0, 1]), y=data.labels[learnt])
    best = keras.callbacks.EarlyStopping(patience=EPOCHS, restore_best_weights=True)
    network.fit(
        inputs(learnt),
        labels[learnt],
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        validation_data=(inputs(split.validation), labels[split.validation]),
        validation_batch_size=1024,
        class_weight=dict(enumerate(balanced)) if arm["class_weights"] else None,
        callbacks=[best] if arm["best_epoch"] else [],
        verbose=0,
    )
    return lambda rows: np.asarray(
        network.predict(inputs(rows), batch_size=1024, verbose=0), np.float64
    )[:, 0]


def build(arm: Arm, columns: int = 0) -> Any:
    """Build the uncompiled network of an arm with Keras' own layers.

    A linear part makes it a wide-and-deep model, which adds the log odds of both and trains
    them together (H.-T. Cheng et al. 2016, Wide and deep learning for recommender systems,
    arXiv 1606.07792).

    Returns:
        A model. In: integers (batch, any length) for the LSTM; and what :func:`encode` gives
        for a linear part over so many columns. Out: P(positive), (batch, 1).
    """
    keras = environment.load_keras()
    layers = keras.layers
    ops = keras.ops
    inputs = []
    odds = []
    if arm["lstm"]:
        inputs.append(keras.Input((None,), dtype="int32"))
        words = layers.Embedding(VOCABULARY_SIZE, EMBEDDING_SIZE, mask_zero=True)(*inputs)
        words = layers.Dropout(arm["dropout"])(words)
        read = layers.LSTM(UNITS, use_cudnn=False)(words)
        odds.append(layers.Dense(1)(read))
    if arm["linear_part"]:
        which = keras.Input((None,), dtype="int32")
        values = keras.Input((None,))
        weights = layers.Embedding(columns, 1, "zeros")(which)
        inputs += [which, values]
        odds.append(ops.sum(weights[:, :, 0] * values * PACE, axis=1, keepdims=True))
    return keras.Model(inputs, ops.sigmoid(sum(odds)))


def tf_idf() -> Any:
    """Return the untrained columns of notebook 05's linear baseline: words, pairs, characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    word = r"(?u)\b\w+\b"  # scikit-learn's own pattern drops words of one letter, such as "i"
    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=word),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )


def linear_classifier() -> Any:
    """Return notebook 05's linear baseline, untrained."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    regression = LogisticRegression(
        C=10, solver="liblinear", dual=True, max_iter=1000, random_state=environment.DEFAULT_SEED
    )
    return make_pipeline(tf_idf(), regression)


def encode(columns: Any, texts: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return which columns of a fitted TF-IDF each text has, and their values.

    Returns:
        Two arrays (texts, most columns of a text), filled up with column 0, value 0.
    """
    found = columns.transform(texts).tocsr()
    found.sort_indices()
    lengths = np.diff(found.indptr)
    filled = np.arange(max(lengths.max(initial=1), 1)) < lengths[:, None]
    which = np.zeros(filled.shape, np.int32)
    values = np.zeros(filled.shape, np.float32)
    which[filled] = found.indices
    values[filled] = found.data
    return which, values
