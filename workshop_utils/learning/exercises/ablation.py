"""The exercises of the further notebook ``ablation``: an honest interval, a row of one's own."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy import stats

from workshop_utils.learning.exercises.core import Exercise, Mistake, built, keras, layers


def solution_corrected_interval(differences, test_share):
    n = len(differences)
    factor = 1 / n + test_share / (1 - test_share)
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(factor * np.var(differences, ddof=1))
    return np.mean(differences) - half, np.mean(differences) + half


def _variance_by_n(differences: Any, test_share: float) -> Any:
    mean = differences.mean()
    n = len(differences)
    return solution_corrected_interval(mean + (differences - mean) * np.sqrt(1 - 1 / n), test_share)


def _redraws() -> Iterator[tuple[Any, float]]:
    rng = np.random.default_rng(1)
    for n, share in ((5, 0.3), (10, 0.2), (3, 0.5)):
        yield rng.normal(0.1, 0.2, n), share


corrected_interval = Exercise(
    __name__,
    "corrected_interval",
    solved_by=solution_corrected_interval,
    trials=_redraws,
    hints=(
        "Take the t-interval of the mean, and put another factor in the place of 1 / n.",
        "half = stats.t.ppf(0.975, n - 1) * np.sqrt(factor * np.var(differences, ddof=1))",
    ),
    after="Overlapping training parts count for less.",
    mistakes=(
        Mistake(
            "plain_interval",
            "this is the plain t-interval; add test_share / (1 - test_share) to 1 / n.",
            lambda each, _share: solution_corrected_interval(each, 0.0),
        ),
        Mistake(
            "share_for_ratio",
            "you add the test share itself; add its ratio to the training share.",
            # The ratio of s / (1 + s) to the rest is s.
            lambda each, s: solution_corrected_interval(each, s / (1 + s)),
        ),
        Mistake(
            "variance_by_n",
            "the variance of a sample divides by n - 1; give np.var ddof=1.",
            _variance_by_n,
        ),
    ),
)


def solution_own_network():
    return keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(4000, 32, mask_zero=True),
        layers.Dropout(0.2), layers.GRU(32), layers.Dense(1, activation="sigmoid")])  # fmt: skip


def _start(activation: str | None = "sigmoid", outputs: int = 1) -> Any:
    return keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(4000, 32, mask_zero=True),
        layers.Dropout(0.2), layers.LSTM(32), layers.Dense(outputs, activation=activation),
    ])  # fmt: skip


def _is_start(build: Callable[[], Any]) -> bool:
    def described(network: Any) -> list[Any]:
        return [(type(each).__name__, {**each.get_config(), "name": ""}) for each in network.layers]

    return str(described(built(build))) == str(described(_start()))


def _reads_texts(build: Callable[[], Any]) -> bool:
    # So many that scores without a sigmoid are never all between 0 and 1 by chance.
    many = np.random.default_rng(0).integers(2, 4000, (64, 3))
    answers = np.asarray(built(build)(np.pad(many, ((0, 0), (0, 2)))))
    return answers.shape == (64, 1) and bool(np.all((answers > 0) & (answers < 1)))


own_network = Exercise(
    __name__,
    "own_network",
    solved_by=solution_own_network,
    measure=lambda build: _reads_texts(build) and not _is_start(build),
    time_limit=60.0,
    hints=(
        "Copy the start, and change one thing: a layer, a number of units, a dropout.",
        "For example layers.GRU(32) in the place of layers.LSTM(32), everything else as it is.",
    ),
    otherwise="the network must take word numbers of any length and give P(positive).",
    after="One change; now it can be compared.",
    mistakes=(
        Mistake(
            "nothing_changed", "this is the start itself; change one thing.", _start, _is_start
        ),
        Mistake(
            "not_one_number",
            "the network must give one number a text, P(positive).",
            lambda: _start("softmax", outputs=2),
            seen=lambda build: built(build).output_shape[-1] != 1,
        ),
        Mistake(
            "no_probability",
            "the last layer needs activation='sigmoid', so that it gives a probability.",
            lambda: _start(None),
            seen=lambda build: built(build).layers[-1].activation.__name__ != "sigmoid",
        ),
    ),
)
