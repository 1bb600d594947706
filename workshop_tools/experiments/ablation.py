"""The ablation of notebook ``ablation``: one change at a time, on five draws of the grouped split.

Each arm differs from the start in one thing, and each training chooses its learning rate on
its own validation part. The seed draws the split and the training. Results lie in
``workshop_utils/experiments/ablation.json``; ``workshop experiment ablation`` computes what is
missing there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_tools.experiments.runner import Finding, Job
from workshop_utils import dataset, environment, evaluation, experiments, text, tweets, vectoriser

FILE = Path(experiments.__file__).with_name("ablation.json")
SEEDS = (141, 142, 143, 144, 145)
LEARNING_RATES = (1e-3, 3e-3, 1e-2)
VOCABULARY_SIZE, EMBEDDING_SIZE, UNITS = 4000, 32, 32
BATCH_SIZE, EPOCHS, TIMESTEPS = 128, 4, 32
LINEAR, LINEAR_PART = "linear classifier", "linear part alone"

PACE = 10
"""How many times faster the linear part learns than the rest. Adam's steps do not depend on
the size of the gradient, so to multiply the columns' values is to multiply the rate."""

WORD = r"(?u)\b\w+\b"
"""A word for scikit-learn; its own pattern drops words of one letter, such as "i"."""

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Arm:
    """How one LSTM is built and trained; the defaults are the start, 05's network for four epochs.

    Attributes:
        best_epoch: Keep the epoch with the lowest validation loss, not the last one.
        cosine: Let the learning rate fall to 0 along a cosine.
        dropout: Share of the embedding's numbers that training sets to 0.
        class_weights: Both classes count the same in the loss.
        linear_part: Add the answer of a linear model over TF-IDF, trained with the LSTM.
        lstm: False leaves the LSTM out, so that the linear part is alone.
    """

    best_epoch: bool = False
    cosine: bool = False
    dropout: float = 0.2
    class_weights: bool = False
    linear_part: bool = False
    lstm: bool = True


START = Arm()
TOGETHER = Arm(best_epoch=True, cosine=True, dropout=0.5, linear_part=True)
ARMS = {
    "start": START,
    "+ best epoch": replace(START, best_epoch=True),
    "+ cosine schedule": replace(START, cosine=True),
    "+ dropout 0.5": replace(START, dropout=0.5),
    "+ class weights": replace(START, class_weights=True),
    "+ linear part": replace(START, linear_part=True),
    LINEAR_PART: replace(START, linear_part=True, lstm=False),
    "all but class weights": TOGETHER,
}
ROWS = (LINEAR, *ARMS)


def jobs() -> Iterator[Job]:
    """Yield every job, seed by seed, so that a run that is stopped has whole seeds."""
    shared = (LEARNING_RATES, VOCABULARY_SIZE, EMBEDDING_SIZE, UNITS, BATCH_SIZE, EPOCHS)
    for seed in SEEDS:
        for row in ROWS:
            settings = asdict(ARMS[row]) if row in ARMS else "TF-IDF, logistic regression"
            yield Job(row, seed, f"{row} | {settings} | {shared}")


def measure(row: str, seed: int) -> Finding:
    """Train one row with one seed, and score its test part once.

    Returns:
        Average precision and macro-F1 on the test part, the latter at the threshold 0.5 and at
        the one chosen on the validation part; of an LSTM also the learning rate.

    Raises:
        KeyError: There is no such row.
        TweetsUnavailable: The real tweets cannot be had.
    """
    from sklearn.metrics import average_precision_score, f1_score

    data = _tweets()
    split = text.grouped_split(data.groups, seed)
    rate = 0.0
    if row == LINEAR:
        model = linear_classifier().fit(data.raw_texts[split.train], data.labels[split.train])
        validated, tested = (
            model.predict_proba(data.raw_texts[rows])[:, 1]
            for rows in (split.validation, split.test)
        )
    else:
        judge, rate = _best_rate(ARMS[row], data, split, seed)
        validated, tested = judge(split.validation), judge(split.test)
    threshold = evaluation.best_threshold(data.labels[split.validation], validated)
    true = data.labels[split.test]
    figures = {
        "average_precision": average_precision_score(true, tested),
        "macro_f1": f1_score(true, tested >= 0.5, average="macro"),
        "macro_f1_at_threshold": f1_score(true, tested >= threshold, average="macro"),
        "threshold": threshold,
        "learning_rate": rate,
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


Judge = Callable[[NDArray[np.int64]], Probabilities]


@cache
def _tweets() -> dataset.Dataset:
    return dataset.prepare(tweets.load())


def _best_rate(
    arm: Arm, data: dataset.Dataset, split: text.Split, seed: int
) -> tuple[Judge, float]:
    """Train with each learning rate; keep the one with the best validation average precision."""
    from sklearn.metrics import average_precision_score

    true, found = data.labels[split.validation], []
    for rate in LEARNING_RATES:
        judge = _train(arm, data, split, seed, rate)
        found.append((average_precision_score(true, judge(split.validation)), judge, rate))
    _, judge, rate = max(found, key=lambda each: each[0])
    return judge, rate


def _train(arm: Arm, data: dataset.Dataset, split: text.Split, seed: int, rate: float) -> Judge:
    from sklearn.utils.class_weight import compute_class_weight

    keras = environment.load_keras()
    environment.set_seed(seed)
    learnt, labels = split.train, data.labels.astype(np.float32)
    tokens = _word_numbers(data, learnt)
    columns = tf_idf().fit(data.raw_texts[learnt]) if arm.linear_part else None
    network = build(arm, len(columns.get_feature_names_out()) if columns else 0)
    steps = -(-len(learnt) // BATCH_SIZE) * EPOCHS
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps) if arm.cosine else rate
    network.compile(keras.optimizers.Adam(schedule), "binary_crossentropy")

    def inputs(rows: NDArray[np.int64]) -> list[Any]:
        read = [tokens[rows]] if arm.lstm else []
        return [*read, *encode(columns, data.raw_texts[rows])] if arm.linear_part else read

    balanced = compute_class_weight("balanced", classes=np.array([0, 1]), y=data.labels[learnt])
    best = keras.callbacks.EarlyStopping(patience=EPOCHS, restore_best_weights=True)
    network.fit(
        inputs(learnt),
        labels[learnt],
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        validation_data=(inputs(split.validation), labels[split.validation]),
        validation_batch_size=1024,
        class_weight=dict(enumerate(balanced)) if arm.class_weights else None,
        callbacks=[best] if arm.best_epoch else [],
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

    Args:
        arm: What differs from the start.
        columns: Of the linear part.

    Returns:
        A model. In: integers (batch, any length) for the LSTM; and what :func:`encode` gives
        for a linear part. Out: P(positive), (batch, 1).
    """
    keras = environment.load_keras()
    layers, ops = keras.layers, keras.ops
    tokens = keras.Input((None,), dtype="int32")
    if arm.lstm:
        words = layers.Embedding(VOCABULARY_SIZE, EMBEDDING_SIZE, mask_zero=True)(tokens)
        words = layers.Dropout(arm.dropout)(words)
        read = layers.LSTM(UNITS, use_cudnn=False)(words)
    if not arm.linear_part:
        return keras.Model([tokens], layers.Dense(1, activation="sigmoid")(read))
    which, values = keras.Input((None,), dtype="int32"), keras.Input((None,))
    weights = layers.Embedding(columns, 1, "zeros")(which)
    odds = ops.sum(weights[:, :, 0] * values * PACE, axis=1, keepdims=True)
    if not arm.lstm:
        return keras.Model([which, values], ops.sigmoid(odds))
    return keras.Model([tokens, which, values], ops.sigmoid(layers.Dense(1)(read) + odds))


def tf_idf() -> Any:
    """Return the untrained columns of notebook 05's linear baseline: words, pairs, characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    return make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD),
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

    A text has a few hundred of a hundred thousand columns, so both are short lists.

    Returns:
        Two arrays (texts, most columns of a text), filled up with column 0, value 0.
    """
    found = columns.transform(texts).tocsr()
    found.sort_indices()
    lengths = np.diff(found.indptr)
    filled = np.arange(max(lengths.max(initial=1), 1)) < lengths[:, None]
    which, values = np.zeros(filled.shape, np.int32), np.zeros(filled.shape, np.float32)
    which[filled], values[filled] = found.indices, found.data
    return which, values


def _word_numbers(data: dataset.Dataset, learnt: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the word numbers of all texts, by the vocabulary of the training part."""
    keras, tensorflow = environment.load_keras(), environment.load_tensorflow()
    layer = keras.layers.TextVectorization(
        VOCABULARY_SIZE, standardize=vectoriser.standardise, output_sequence_length=TIMESTEPS
    )
    layer.adapt(data.raw_texts[learnt].tolist())
    numbers: NDArray[np.int32] = layer(tensorflow.constant(data.raw_texts.tolist())).numpy()
    return numbers.astype(np.int32)
