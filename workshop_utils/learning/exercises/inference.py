"""The exercises of notebook 06: question a trained model, and decide with what it answers."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, texts

Rule = Callable[[float, float, float], object]

TEXTS = texts(__name__)
POLITICIANS = frozenset(
    re.findall(
        r"\w+",
        "rubio kasich carson fiorina cruz trump paul walker bush huckabee christie perry jindal "
        "graham santorum pataki gilmore clinton hillary sanders bernie obama reagan",
    )
)
"""Names that would be a second name beside NAME."""
FEWEST, MOST = 3, 8
BLIND, BEST = (63, 300, 0.0), (300, 300, 0.0)
"""What a rule must refuse and accept: praise, different texts, gap."""


def _words(sentence: str) -> list[str]:
    return re.findall(r"\w+", sentence)


def _lacks_name(sentences: Sequence[str]) -> bool:
    return not all("NAME" in each for each in sentences)


def _names_somebody(sentences: Sequence[str]) -> bool:
    return any(POLITICIANS & set(_words(each.lower())) for each in sentences)


def _repeats(sentences: Sequence[str]) -> bool:
    return len({" ".join(_words(each)) for each in sentences}) < len(sentences)


def _only_a_name(sentences: Sequence[str]) -> bool:
    return any(len([word for word in _words(each) if word != "NAME"]) < 2 for each in sentences)


def _wrong_number(sentences: Sequence[str]) -> bool:
    return not FEWEST <= len(sentences) <= MOST


my_sentences = Exercise(
    **TEXTS["my_sentences"],
    solved_by=(
        '["NAME had a good night", "Watching NAME at the debate", "NAME speaks now", '
        '"NAME is a liar", "NAME did not answer the question"]'
    ),
    wrong={
        "lacks_name": (_lacks_name, ["Name is late", "She won", "A good night"]),
        "names_somebody": (_names_somebody, ["NAME beat Trump", "NAME is here", "I saw NAME"]),
        "repeats": (_repeats, ["NAME is here", "NAME is here", "I saw NAME"]),
        "only_a_name": (_only_a_name, ["NAME", "NAME won", "I saw NAME"]),
        "wrong_number": (_wrong_number, ["NAME is here tonight"]),
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
    p = np.array([0.1, 0.3] + 6 * [0.7])
    yield np.array([0, 1, 1, 1, 1, 0, 0, 0]), p, np.array([0, 0] + 6 * [4])


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


def _would_use(praise: float, different: float, gap: float) -> bool:
    """Return whether the list holds praise enough, few copies, and everybody's praise."""
    return praise >= 150 and different >= 150 and gap <= 0.3


def _answers(rule: Rule) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Ask a rule on a grid that grows better along each axis: praise, different texts, gap."""
    grid = itertools.product(
        (0, 30, 63, 90, 120, 150, 180, 210, 240, 270, 285, 300),
        (1, 30, 60, 100, 150, 180, 200, 240, 270, 290, 300),
        (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05, 0.0),
    )
    return np.array([bool(rule(*each)) for each in grid]).reshape(12, 11, 9)


def _turns_down_better(rule: Rule) -> bool:
    answers = _answers(rule).astype(int)
    return any((np.diff(answers, axis=axis) < 0).any() for axis in range(3))


def _looks_at_one(rule: Rule) -> bool:
    answers = _answers(rule)
    return sum(bool((answers != answers.take([0], axis)).any()) for axis in range(3)) < 2


def _not_true_or_false(rule: Rule) -> bool:
    return not all(isinstance(rule(*each), bool | np.bool_) for each in (BLIND, BEST))


would_use = Exercise(
    **TEXTS["would_use"],
    solved_by=_would_use,
    wrong={
        "not_true_or_false": (
            _not_true_or_false,
            lambda praise, _different, _gap: "yes" if praise >= 150 else "no",
        ),
        "turns_down_better": (
            lambda rule: bool(rule(*BEST)) and _turns_down_better(rule),
            lambda praise, different, _gap: praise >= 150 and not 100 < different < 250,
        ),
        "never_uses": (lambda rule: not rule(*BEST), lambda _praise, _different, _gap: False),
        "blind_passes": (
            lambda rule: bool(rule(*BLIND)),
            lambda _praise, different, gap: different >= 150 and gap <= 0.3,
        ),
        "looks_at_one": (_looks_at_one, lambda praise, _different, _gap: praise >= 150),
    },
)
