"""The exercises of notebook 06: question a trained model, and decide with what it answers."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from workshop_utils.exercises.core import Exercise, Mistake

Predict = Callable[[str], str]
Test = Callable[[Predict], object]

MOST_TEXTS = 6
"""Distinct texts of a test whose answers are all tried."""


# --- swap_name ----------------------------------------------------------------------------


def solution_swap_name(templates: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    """One row for each template, one text for each name."""
    return [[template.replace("NAME", name) for name in names] for template in templates]


def _swap_trials() -> Iterator[tuple[Any, ...]]:
    yield ["NAME won", "I like NAME"], ["Ada", "Kurt"]
    yield ["NAME against NAME", "no name here", "NAME"], ["Ada"]
    yield ["So, NAME?"], ["Ada", "Kurt", "Grace", "Alan"]


def _one_row_a_name(templates: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    return [[template.replace("NAME", name) for template in templates] for name in names]


def _flat(templates: Sequence[str], names: Sequence[str]) -> list[str]:
    return [template.replace("NAME", name) for template in templates for name in names]


def _first_only(templates: Sequence[str], names: Sequence[str]) -> list[list[str]]:
    return [[template.replace("NAME", name, 1) for name in names] for template in templates]


swap_name = Exercise(
    name="swap_name",
    hints=(
        'A text has the method replace: "NAME won".replace("NAME", "Ada") is "Ada won".',
        "Write a list of lists: the outer loop goes over the templates, the inner one over names.",
    ),
    solved_by=solution_swap_name,
    trials=_swap_trials,
    mistakes=(
        Mistake(
            None,
            "this has one row for each name: make one row for each template.",
            (_one_row_a_name,),
            name="one_row_a_name",
        ),
        Mistake(
            None,
            "this is one long list: make a list for each template, in one list.",
            (_flat,),
            name="one_long_list",
        ),
        Mistake(
            None,
            "a template may hold NAME twice: replace it everywhere.",
            (_first_only,),
            name="first_name_only",
        ),
    ),
    after="Nothing differs within a row but the name.",
)


# --- calibration_error --------------------------------------------------------------------


def solution_calibration_error(labels: Any, p: Any, edges: Sequence[float]) -> float:
    """The mean over texts of the distance between P(positive) and the share of their bin."""
    place = np.digitize(p, edges[1:-1])
    bins = [place == k for k in range(len(edges) - 1)]
    return float(sum(abs(p[each].sum() - labels[each].sum()) for each in bins) / len(p))


def _error_trials() -> Iterator[tuple[Any, ...]]:
    generator = np.random.default_rng(141)
    for rows, bins in ((200, 3), (50, 10), (7, 3)):
        p = generator.random(rows) ** 2
        yield (generator.random(rows) < p).astype(int), p, np.linspace(0, 1, bins + 1)


def _over_bins(labels: Any, p: Any, edges: Sequence[float]) -> float:
    place = np.digitize(p, edges[1:-1])
    full = [place == k for k in range(len(edges) - 1) if (place == k).any()]
    return float(np.mean([abs(p[each].mean() - labels[each].mean()) for each in full]))


def _signed(labels: Any, p: Any, edges: Sequence[float]) -> float:  # noqa: ARG001  # the mistake
    return float(abs(p.mean() - labels.mean()))


def _each_text(labels: Any, p: Any, edges: Sequence[float]) -> float:  # noqa: ARG001
    return float(np.abs(p - labels).mean())


calibration_error = Exercise(
    name="calibration_error",
    hints=(
        "np.digitize(p, edges[1:-1]) gives the bin of each text: 0 for the first bin.",
        "For each bin: abs(p[bin].sum() - labels[bin].sum()). Add them, divide by len(p).",
    ),
    solved_by=solution_calibration_error,
    trials=_error_trials,
    mistakes=(
        Mistake(
            None,
            "each bin counts the same here: weight it by its texts, so that each text counts once.",
            (_over_bins,),
            name="mean_over_bins",
        ),
        Mistake(
            None,
            "take the distance in each bin before you add: here too high and too low cancel.",
            (_signed,),
            name="bins_cancel",
        ),
        Mistake(
            None,
            "this compares single texts: compare the mean of a bin with the share of its texts.",
            (_each_text,),
            name="single_texts",
        ),
    ),
    after="Each text counts once, in whichever bin it lies.",
)


# --- threshold_from_costs -----------------------------------------------------------------


def solution_threshold_from_costs(false_alarm: float, miss: float) -> float:
    """The probability at which both answers cost the same on average."""
    return false_alarm / (false_alarm + miss)


def _cost_trials() -> Iterator[tuple[Any, ...]]:
    yield from ((1.0, 1.0), (3.0, 1.0), (1.0, 4.0), (2.0, 5.0))


threshold_from_costs = Exercise(
    name="threshold_from_costs",
    hints=(
        'At the threshold t, saying "positive" costs (1 - t) * false_alarm on average. '
        'What does saying "negative" cost?',
        "Solve (1 - t) * false_alarm = t * miss for t.",
    ),
    solved_by=solution_threshold_from_costs,
    trials=_cost_trials,
    mistakes=(
        Mistake(
            None,
            "this is 1 minus the threshold: an expensive false alarm must make it higher.",
            (lambda false_alarm, miss: miss / (false_alarm + miss),),
            name="miss_over_sum",
        ),
        Mistake(
            None,
            "a threshold lies in 0 to 1: divide by the sum of both costs, not by one of them.",
            (lambda false_alarm, miss: false_alarm / miss,),
            name="ratio_of_costs",
        ),
        Mistake(
            None,
            "0.5 is right only when both mistakes cost the same: use the two costs.",
            (lambda false_alarm, miss: 0.5,),  # noqa: ARG005  # the mistake
            name="always_half",
        ),
    ),
    after="With equal costs it gives 0.5, and only then.",
)


# --- my_test ------------------------------------------------------------------------------


def solution_my_test(predict: Predict) -> bool:
    """A word that turns the meaning round must turn the label round."""
    return predict("The debate was terrible") != predict("The debate was not terrible")


@cache
def trained_model() -> Predict:
    """The saved model; where none is saved, a reader that counts words of praise and blame."""
    from workshop_utils.classifier import SentimentClassifier
    from workshop_utils.model_guard import ModelFileError

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


def _is_bool(test: Test) -> bool:
    return isinstance(test(trained_model()), bool | np.bool_)


def _can_pass(test: Test) -> bool:
    """Whether some answers to the texts that the test asks for would let a model pass."""
    asked: dict[str, str] = {}
    test(lambda text: asked.setdefault(text, "negative"))
    texts = list(asked)[:MOST_TEXTS]
    for labels in itertools.product(("negative", "positive"), repeat=len(texts)):
        said = dict(zip(texts, labels, strict=True))
        if test(_answering(said)):
            return True
    return False


def _answering(said: dict[str, str]) -> Predict:
    return lambda text: said.get(text, "negative")


def _accepts(test: Test) -> bool:
    return _is_bool(test) and not test(trained_model()) and _can_pass(test)


my_test = Exercise(
    name="my_test",
    hints=(
        "Take two near copies of which you know how the labels must compare.",
        'For example: "not" turns the meaning round, so the two labels must differ.',
    ),
    solved_by=solution_my_test,
    accepts=_accepts,
    mistakes=(
        Mistake(
            lambda test: not _is_bool(test),
            "return True or False: compare the label with the one that you expect.",
            (lambda predict: predict("The debate was terrible"),),
            name="not_true_or_false",
        ),
        Mistake(
            lambda test: bool(test(trained_model())),
            "the model passes this test: look for a text on which it is wrong.",
            (lambda predict: predict("What a great night") == "positive",),
            name="model_passes",
        ),
        Mistake(
            lambda test: not _can_pass(test),
            "no model can pass this test: its result must depend on what predict answers.",
            (lambda predict: False,),  # noqa: ARG005  # the mistake
            name="nobody_passes",
        ),
    ),
    after="A test that fails today says what the next model must learn.",
    time_limit=10.0,
)
