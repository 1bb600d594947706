"""The exercises of the further notebook ``ablation``: an honest interval, a row of one's own."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from workshop_utils.learning.exercises.core import Exercise, texts
from workshop_utils.runtime import environment

Array = NDArray[Any]
TEXTS = texts(__name__)


def _corrected_interval(differences: Array, test_share: float) -> Any:
    n = len(differences)
    factor = 1 / n + test_share / (1 - test_share)
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(factor * np.var(differences, ddof=1))
    return np.mean(differences) - half, np.mean(differences) + half


def _variance_by_n(differences: Array, test_share: float) -> Any:
    mean, n = differences.mean(), len(differences)
    return _corrected_interval(mean + (differences - mean) * np.sqrt(1 - 1 / n), test_share)


def _redraws() -> Iterator[tuple[Array, float]]:
    rng = np.random.default_rng(1)
    for n, share in ((5, 0.3), (10, 0.2), (3, 0.5)):
        yield rng.normal(0.01, 0.02, n), share


corrected_interval = Exercise(
    **TEXTS["corrected_interval"],
    trials=_redraws,
    solved_by=_corrected_interval,
    wrong={
        "plain_interval": lambda each, _share: _corrected_interval(each, 0.0),
        # The ratio of s / (1 + s) to the rest is s.
        "share_for_ratio": lambda each, s: _corrected_interval(each, s / (1 + s)),
        "variance_by_n": _variance_by_n,
    },
)


def _own_network() -> Any:
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


def _is_start(build: Callable[[], Any]) -> bool:
    def described(network: Any) -> list[Any]:
        return [(type(each).__name__, {**each.get_config(), "name": ""}) for each in network.layers]

    return str(described(build())) == str(described(_start()))


def _reads_texts(build: Callable[[], Any]) -> bool:
    # So many that scores without a sigmoid are never all between 0 and 1 by chance.
    many = np.random.default_rng(0).integers(2, 4000, (64, 3))
    answers = np.asarray(build()(np.pad(many, ((0, 0), (0, 2)))))
    return answers.shape == (64, 1) and bool(np.all((answers > 0) & (answers < 1)))


own_network = Exercise(
    **TEXTS["own_network"],
    measure=lambda build: _reads_texts(build) and not _is_start(build),
    solved_by=_own_network,
    wrong={
        "nothing_changed": (_is_start, _start),
        "not_one_number": (
            lambda build: build().output_shape[-1] != 1,
            lambda: _start("softmax", outputs=2),
        ),
        "no_probability": (
            lambda build: build().layers[-1].activation.__name__ != "sigmoid",
            lambda: _start(None),
        ),
    },
    time_limit=90.0,
    call_limit=60.0,
)
