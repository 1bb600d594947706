"""The exercises of notebook 06: question a trained model, and decide with what it answers."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, texts

Predict = Callable[[str], str]
Test = Callable[[Predict], object]

MOST_TEXTS = 6
"""Distinct texts of a test whose answers are all tried."""
TEXTS = texts(__name__)


def _swap_name(templates: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    """Return one row for each template, with one text for each name."""
    return [[template.replace("NAME", name) for name in names] for template in templates]


def _swap_trials() -> Iterator[tuple[Any, ...]]:
    yield ["NAME won", "I like NAME"], ["Ada", "Kurt"]
    yield ["NAME against NAME", "no name here", "NAME"], ["Ada"]
    yield ["So, NAME?"], ["Ada", "Kurt", "Grace", "Alan"]


def _one_row_a_name(templates: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    return [[template.replace("NAME", name) for template in templates] for name in names]


def _first_only(templates: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    return [[template.replace("NAME", name, 1) for name in names] for template in templates]


swap_name = Exercise(
    **TEXTS["swap_name"],
    solved_by=_swap_name,
    trials=_swap_trials,
    wrong={
        "one_row_a_name": _one_row_a_name,
        "one_long_list": lambda *given: list(itertools.chain(*_swap_name(*given))),
        "first_name_only": _first_only,
    },
)


def _calibration_error(labels: Any, p: Any, bin_of: Any) -> float:
    """Return the mean over texts of the distance of P(positive) from the share of their bin."""
    bins = [bin_of == k for k in np.unique(bin_of)]
    return float(sum(abs(p[each].sum() - labels[each].sum()) for each in bins) / len(p))


def _error_trials() -> Iterator[tuple[Any, ...]]:
    generator = np.random.default_rng(141)
    for rows, bins in ((200, 3), (50, 10), (7, 3)):
        p = generator.random(rows) ** 2
        yield (generator.random(rows) < p).astype(int), p, (bins * p).astype(int)


def _mean_over_bins(labels: Any, p: Any, bin_of: Any) -> float:
    bins = [bin_of == k for k in np.unique(bin_of)]
    return float(np.mean([abs(p[each].mean() - labels[each].mean()) for each in bins]))


calibration_error = Exercise(
    **TEXTS["calibration_error"],
    solved_by=_calibration_error,
    trials=_error_trials,
    wrong={
        "mean_over_bins": _mean_over_bins,
        "bins_cancel": lambda labels, p, _bin_of: abs(p.mean() - labels.mean()),
        "single_texts": lambda labels, p, _bin_of: np.abs(p - labels).mean(),
    },
)


def _threshold_from_costs(false_alarm: float, miss: float) -> float:
    """Return the probability at which both answers cost the same on average."""
    return false_alarm / (false_alarm + miss)


threshold_from_costs = Exercise(
    **TEXTS["threshold_from_costs"],
    solved_by=_threshold_from_costs,
    trials=lambda: [(1.0, 1.0), (3.0, 1.0), (1.0, 4.0), (2.0, 5.0)],
    wrong={
        "miss_over_sum": lambda false_alarm, miss: miss / (false_alarm + miss),
        "ratio_of_costs": lambda false_alarm, miss: false_alarm / miss,
        "always_half": lambda _false_alarm, _miss: 0.5,
    },
)


def _my_test(predict: Predict) -> bool:
    """Return whether a word that turns the meaning round turns the label round."""
    return predict("The debate was terrible") != predict("The debate was not terrible")


@cache
def trained_model() -> Predict:
    """Return the saved model; where none is saved, a counter of words of praise and blame."""
    from workshop_utils.sentiment.classifier import SentimentClassifier
    from workshop_utils.sentiment.model_guard import ModelFileError

    try:
        classifier = SentimentClassifier.load()
    except (OSError, ModelFileError):
        return _counts_words
    return lambda text: classifier.predict(text).label


def _counts_words(text: str) -> str:
    words = text.lower().split()
    praise, blame = ({"good", "great", "win"}, {"bad", "terrible", "lies"})
    balance = sum((word in praise) - (word in blame) for word in words)
    return "positive" if balance > 0 else "negative"


def _nobody_passes(test: Test) -> bool:
    """Return whether no answers to the texts that the test asks for would let a model pass."""
    asked: dict[str, str] = {}
    test(lambda text: asked.setdefault(text, "negative"))
    texts = list(asked)[:MOST_TEXTS]
    for labels in itertools.product(("negative", "positive"), repeat=len(texts)):
        said = dict(zip(texts, labels, strict=True))
        if test(lambda text, said=said: said.get(text, "negative")):  # type: ignore[misc]
            return False
    return True


my_test = Exercise(
    **TEXTS["my_test"],
    solved_by=_my_test,
    wrong={
        "not_true_or_false": (
            lambda test: not isinstance(test(trained_model()), bool | np.bool_),
            lambda predict: predict("The debate was terrible"),
        ),
        "model_passes": (
            lambda test: bool(test(trained_model())),
            lambda predict: predict("What a great night") == "positive",
        ),
        "nobody_passes": (_nobody_passes, lambda _predict: False),
    },
    time_limit=10.0,
)
