"""The exercises of notebook 06: question a trained model, and decide with what it answers."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, Mistake

Rule = Callable[[float, float, float], bool]
Array = np.ndarray[Any, Any]

POLITICIANS = frozenset(
    re.findall(
        r"\w+",
        "rubio marco kasich carson fiorina carly cruz ted trump donald paul walker bush jeb "
        "huckabee christie perry jindal graham santorum pataki gilmore clinton hillary sanders "
        "bernie obama reagan",
    )
)
"""Names that would be a second name beside NAME."""
FEWEST = 3
MOST = 8
BLIND = (63, 300, 0.0)
BEST = (300, 300, 0.0)
"""What a rule must refuse and accept: praise, different texts, gap."""


def _words(sentence: str) -> list[str]:
    return re.findall(r"\w+", sentence)


def _lacks_name(sentences: Sequence[str]) -> bool:
    return not all("NAME" in _words(each) for each in sentences)


def _names_somebody(sentences: Sequence[str]) -> bool:
    return any(POLITICIANS & set(_words(each.lower())) for each in sentences)


def _repeats(sentences: Sequence[str]) -> bool:
    return len({" ".join(_words(each.lower())) for each in sentences}) < len(sentences)


def _only_a_name(sentences: Sequence[str]) -> bool:
    return any(len([word for word in _words(each) if word != "NAME"]) < 2 for each in sentences)


def _wrong_number(sentences: Sequence[str]) -> bool:
    return not FEWEST <= len(sentences) <= MOST


my_sentences = Exercise(
    __name__,
    "my_sentences",
    solved_by=(
        '["NAME had a good night", "Watching NAME at the debate", "NAME speaks now", '
        '"NAME is a liar",\n "NAME did not answer the question"]'
    ),
    hints=(
        "Look for a sentence that neither praises nor blames: there one word can turn the label.",
        'For example "Watching NAME at the debate". Try one of praise, one of blame, and one of '
        "neither.",
    ),
    after="Nothing differs within a row but the name.",
    mistakes=(
        Mistake(
            "lacks_name",
            "each sentence must hold the word NAME, in capital letters, where a name will stand.",
            ["Name is late", "She won", "A good night"],
            _lacks_name,
        ),
        Mistake(
            "names_somebody",
            "a sentence mentions a politician: then two names would be at work, so let only NAME "
            "stand there.",
            ["NAME beat Trump", "NAME is here", "I saw NAME"],
            _names_somebody,
        ),
        Mistake(
            "repeats",
            "two sentences say the same: each must be another test.",
            ["NAME is here", "NAME is here", "I saw NAME"],
            _repeats,
        ),
        Mistake(
            "only_a_name",
            "a sentence has hardly a word beside NAME: say something about the person, in two "
            "words or more.",
            ["NAME", "NAME won", "I saw NAME"],
            _only_a_name,
        ),
        Mistake(
            "wrong_number",
            "give three to eight sentences in a list.",
            ["NAME is here tonight"],
            _wrong_number,
        ),
    ),
)


def solution_calibration_error(labels, p, bin_of):
    bins = [bin_of == k for k in np.unique(bin_of)]
    return sum(abs(p[each].sum() - labels[each].sum()) for each in bins) / len(p)


def _error_trials() -> Iterator[tuple[Array, Array, Array]]:
    generator = np.random.default_rng(141)
    for rows, bins in ((200, 3), (50, 10), (7, 3)):
        p = generator.random(rows) ** 2
        yield (generator.random(rows) < p).astype(int), p, (bins * p).astype(int)
    p = np.array([0.1, 0.3] + 6 * [0.7])
    yield np.array([0, 1, 1, 1, 1, 0, 0, 0]), p, np.array([0, 0] + 6 * [4])


def _distances(labels: Array, p: Array, bin_of: Array) -> list[float]:
    """Return for each bin how far its mean lies above its share of positive texts."""
    return [float(p[bin_of == k].mean() - labels[bin_of == k].mean()) for k in np.unique(bin_of)]


def _is_missing(error_of: Callable[..., Any]) -> bool:
    """Return whether the error of some trial is no number, as the mean of an empty bin."""
    return any(np.isnan(error_of(*each)) for each in _error_trials())


def _over_all_numbers(labels: Array, p: Array, bin_of: Array) -> float:
    if set(bin_of) != set(range(max(bin_of) + 1)):
        return float("nan")
    return float(solution_calibration_error(labels, p, bin_of))


calibration_error = Exercise(
    __name__,
    "calibration_error",
    solved_by=solution_calibration_error,
    trials=_error_trials,
    hints=(
        "For k in np.unique(bin_of): p[bin_of == k] are the probabilities of bin k.",
        "For each bin: abs(p[bin_of == k].sum() - labels[bin_of == k].sum()). Add them, divide by "
        "len(p).",
    ),
    after="Each text counts once, in whichever bin it lies.",
    mistakes=(
        Mistake(
            "mean_over_bins",
            "each bin counts the same here: weight it by its texts, so that each text counts once.",
            lambda *given: np.mean(np.abs(_distances(*given))),
        ),
        Mistake(
            "bins_cancel",
            "take the distance in each bin before you add: here too high and too low cancel.",
            lambda labels, p, _bin_of: abs(p.mean() - labels.mean()),
        ),
        Mistake(
            "signs_kept",
            "a bin below the line must not pay for one above it: take abs() of each difference.",
            lambda labels, p, _bin_of: p.mean() - labels.mean(),
        ),
        Mistake(
            "single_texts",
            "this compares single texts: compare the mean of a bin with the share of its texts.",
            lambda labels, p, _bin_of: np.abs(p - labels).mean(),
        ),
        Mistake(
            "largest",
            "this is the largest distance of a bin: take the mean, in which every text counts.",
            lambda *given: np.max(np.abs(_distances(*given))),
        ),
        Mistake(
            "not_divided",
            "this is the sum over texts: divide it by their number.",
            lambda labels, p, bin_of: len(p) * solution_calibration_error(labels, p, bin_of),
        ),
        Mistake(
            "empty_bin",
            "some number has no text, and its mean is missing: go through np.unique(bin_of) only.",
            _over_all_numbers,
            _is_missing,
        ),
    ),
)


def solution_threshold_from_costs(false_alarm, miss):
    return false_alarm / (false_alarm + miss)


threshold_from_costs = Exercise(
    __name__,
    "threshold_from_costs",
    solved_by=solution_threshold_from_costs,
    trials=lambda: [(1.0, 1.0), (3.0, 1.0), (1.0, 4.0), (2.0, 5.0), (1, 4), (7, 2)],
    hints=(
        "At the threshold t, reading costs (1 - t) * false_alarm on average. What does leaving "
        "the text cost?",
        "Solve (1 - t) * false_alarm = t * miss for t.",
    ),
    after="With equal costs it gives 0.5, and only then.",
    mistakes=(
        Mistake(
            "miss_over_sum",
            "this is 1 minus the threshold: an expensive false alarm must make it higher.",
            lambda false_alarm, miss: miss / (false_alarm + miss),
        ),
        Mistake(
            "ratio_of_costs",
            "a threshold lies in 0 to 1: divide by the sum of both costs, not by one of them.",
            lambda false_alarm, miss: false_alarm / miss,
        ),
        Mistake(
            "always_half",
            "0.5 is right only when both mistakes cost the same: use the two costs.",
            lambda _false_alarm, _miss: 0.5,
        ),
        Mistake(
            "whole_numbers",
            "// drops what is behind the point: divide with /.",
            lambda false_alarm, miss: false_alarm // (false_alarm + miss),
        ),
    ),
)


def solution_would_use(praise, different, gap):
    return praise >= 150 and different >= 150 and gap <= 0.3


def _answers(rule: Rule) -> Array:
    """Ask a rule on a grid that grows better along each axis: praise, different texts, gap."""
    grid = itertools.product(
        (0, 30, 63, 90, 120, 150, 180, 210, 240, 270, 285, 300),
        (1, 30, 60, 100, 150, 180, 200, 240, 270, 290, 300),
        (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05, 0.0),
    )
    return np.array([rule(*each) for each in grid]).reshape(12, 11, 9)


def _turns_down_better(rule: Rule) -> bool:
    answers = _answers(rule).astype(int)
    return any((np.diff(answers, axis=axis) < 0).any() for axis in range(3))


def _looks_at_one(rule: Rule) -> bool:
    answers = _answers(rule)
    return sum(bool((answers != answers.take([0], axis)).any()) for axis in range(3)) < 2


would_use = Exercise(
    __name__,
    "would_use",
    solved_by=solution_would_use,
    gives=True,
    hints=(
        "Which list would you refuse, although it holds much praise?",
        'Compare each number with a limit of your own, and join the comparisons with "and".',
    ),
    after="It was written before you saw the result, so it can say no.",
    mistakes=(
        Mistake(
            "never_uses",
            "the rule says no even to 300 of 300, all different and without a gap: no model could "
            "ever satisfy it.",
            lambda _praise, _different, _gap: False,
            lambda rule: not rule(*BEST),
        ),
        Mistake(
            "turns_down_better",
            "the rule says yes to one list and no to a better one: more praise, more different "
            "texts and a smaller gap must never hurt.",
            lambda praise, different, _gap: praise >= 150 and not 100 < different < 250,
            _turns_down_better,
        ),
        Mistake(
            "blind_passes",
            "the rule says yes to a blind choice (63, 300, 0): ask for more praise than chance "
            "gives.",
            lambda _praise, different, gap: different >= 150 and gap <= 0.3,
            lambda rule: rule(*BLIND),
        ),
        Mistake(
            "looks_at_one",
            "only one of the three numbers can change what the rule says: let a second one "
            "decide, too.",
            lambda praise, _different, _gap: praise >= 150,
            _looks_at_one,
        ),
    ),
)
