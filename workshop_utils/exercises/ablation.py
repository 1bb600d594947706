"""The exercises of the further notebook ``ablation``: an honest interval, a row of one's own."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from workshop_utils import environment
from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["corrected_interval", "own_network"]

Array = NDArray[Any]


def solution_corrected_interval(differences: Array, test_share: float) -> Any:
    n = len(differences)
    factor = 1 / n + test_share / (1 - test_share)
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(factor * np.var(differences, ddof=1))
    return np.mean(differences) - half, np.mean(differences) + half


def _other_interval(differences: Array, factor: float, ddof: int = 1) -> Any:
    half = stats.t.ppf(0.975, len(differences) - 1) * np.sqrt(factor * differences.var(ddof=ddof))
    return differences.mean() - half, differences.mean() + half


def _redraws() -> Iterator[tuple[Array, float]]:
    rng = np.random.default_rng(1)
    for n, share in ((5, 0.3), (10, 0.2), (3, 0.5)):
        yield rng.normal(0.01, 0.02, n), share


corrected_interval = Exercise(
    name="corrected_interval",
    trials=_redraws,
    hints=(
        "Take the t-interval of the mean, and put another factor in the place of 1 / n.",
        "half = stats.t.ppf(0.975, n - 1) * np.sqrt(factor * np.var(differences, ddof=1))",
    ),
    solved_by=solution_corrected_interval,
    mistakes=(
        Mistake(
            None,
            "this is the plain t-interval; add test_share / (1 - test_share) to 1 / n.",
            (lambda differences, test_share: _other_interval(differences, 1 / len(differences)),),  # noqa: ARG005  # the mistake
            "plain_interval",
        ),
        Mistake(
            None,
            "you add the test share itself; add its ratio to the training share.",
            (lambda each, share: _other_interval(each, 1 / len(each) + share),),
            "share_for_ratio",
        ),
        Mistake(
            None,
            "the variance of a sample divides by n - 1; give np.var ddof=1.",
            (
                lambda each, share: _other_interval(
                    each, 1 / len(each) + share / (1 - share), ddof=0
                ),
            ),
            "variance_by_n",
        ),
    ),
    after="Overlapping training parts count for less.",
)


def solution_own_network() -> Any:
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(4000, 32, mask_zero=True),
        layers.Dropout(0.2), layers.GRU(32), layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip


def _start(activation: str | None = "sigmoid", outputs: int = 1) -> Any:
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential([
        keras.Input((None,), dtype="int32"), layers.Embedding(4000, 32, mask_zero=True),
        layers.Dropout(0.2), layers.LSTM(32), layers.Dense(outputs, activation=activation),
    ])  # fmt: skip


def _differs(build: Callable[[], Any]) -> bool:
    def described(network: Any) -> list[Any]:
        return [(type(each).__name__, {**each.get_config(), "name": ""}) for each in network.layers]

    return str(described(build())) != str(described(_start()))


def _reads_texts(build: Callable[[], Any]) -> bool:
    answers = np.asarray(build()(np.array([[2, 3, 0], [4, 0, 0]])))
    return answers.shape == (2, 1) and bool(np.all((answers > 0) & (answers < 1)))


own_network = Exercise(
    name="own_network",
    accepts=lambda build: _reads_texts(build) and _differs(build),
    hints=(
        "Copy the start, and change one thing: a layer, a number of units, a dropout.",
        "For example layers.GRU(32) in the place of layers.LSTM(32), everything else as it is.",
    ),
    solved_by=solution_own_network,
    mistakes=(
        Mistake(
            lambda build: not _differs(build),
            "this is the start itself; change one thing.",
            (_start,),
            "nothing_changed",
        ),
        Mistake(
            lambda build: build().output_shape[-1] != 1,
            "the network must give one number a text, P(positive).",
            (lambda: _start("softmax", outputs=2),),
            "not_one_number",
        ),
        Mistake(
            lambda build: build().layers[-1].activation.__name__ != "sigmoid",
            "the last layer needs activation='sigmoid', so that it gives a probability.",
            (lambda: _start(None),),
            "no_probability",
        ),
    ),
    otherwise="the network must take word numbers of any length and give P(positive).",
    after="One change; now it can be compared.",
    time_limit=90.0,
    call_limit=60.0,
)
