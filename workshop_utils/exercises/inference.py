"""The exercises of notebook 06: from a probability to a decision."""

from collections.abc import Callable

import numpy as np

from workshop_utils.exercises.core import Exercise, Mistake

Decide = Callable[[float, float], str]
FromCosts = Callable[[float, float], float]

CASES = ((0.10, 0.5), (0.50, 0.5), (0.90, 0.5), (0.30, 0.2), (0.20, 0.2), (0.60, 0.8))
COSTS = ((1.0, 1.0), (3.0, 1.0), (1.0, 4.0), (2.0, 5.0))


def solution_decide(positive: float, threshold: float) -> str:
    """The label of a text, from P(positive) and the threshold."""
    return "positive" if positive >= threshold else "negative"


def solution_threshold_from_costs(false_alarm: float, miss: float) -> float:
    """The threshold at which both answers cost the same on average."""
    return false_alarm / (false_alarm + miss)


def _answers(decide: Decide) -> list[str]:
    return [decide(positive, threshold) for positive, threshold in CASES]


RIGHT = _answers(solution_decide)


def _close(function: FromCosts, other: FromCosts) -> bool:
    return bool(np.allclose([function(*pair) for pair in COSTS], [other(*p) for p in COSTS]))


def _fixed_at_half(positive: float, threshold: float) -> str:  # noqa: ARG001  # the mistake
    return "positive" if positive >= 0.5 else "negative"


def _strictly_above(positive: float, threshold: float) -> str:
    return "positive" if positive > threshold else "negative"


def _swapped(positive: float, threshold: float) -> str:
    return "negative" if positive >= threshold else "positive"


def _miss_over_sum(false_alarm: float, miss: float) -> float:
    return miss / (false_alarm + miss)


def _ratio(false_alarm: float, miss: float) -> float:
    return false_alarm / miss


def _share_of_one(false_alarm: float, miss: float) -> float:  # noqa: ARG001  # the mistake
    return 0.5


def _makes(mistake: Decide) -> Callable[[Decide], bool]:
    """Recognise an answer that decides all cases as this mistake does."""
    return lambda decide: _answers(decide) == _answers(mistake)


def _computes(mistake: FromCosts) -> Callable[[FromCosts], bool]:
    return lambda function: _close(function, mistake)


decide = Exercise(
    name="decide",
    accepts=lambda function: _answers(function) == RIGHT,
    hints=(
        "Compare the probability with the threshold that you are given.",
        "Return 'positive' when positive >= threshold, and 'negative' otherwise.",
    ),
    solved_by=solution_decide,
    mistakes=(
        Mistake(
            _makes(_swapped),
            "the two labels are swapped: a high P(positive) means 'positive'.",
            (_swapped,),
        ),
        Mistake(
            _makes(_fixed_at_half),
            "0.5 is written in the function: use the threshold that it is given.",
            (_fixed_at_half,),
        ),
        Mistake(
            _makes(_strictly_above),
            "a probability equal to the threshold counts as positive: use >= in place of >.",
            (_strictly_above,),
        ),
    ),
    otherwise="return the text 'positive' or 'negative' for one probability and one threshold.",
    after="The classifier's own decision is this one line.",
)

threshold_from_costs = Exercise(
    name="threshold_from_costs",
    accepts=lambda function: _close(function, solution_threshold_from_costs),
    hints=(
        "At the threshold t, saying 'positive' costs (1 - t) * false_alarm on average. "
        "What does saying 'negative' cost?",
        "Solve (1 - t) * false_alarm = t * miss for t.",
    ),
    solved_by=solution_threshold_from_costs,
    mistakes=(
        Mistake(
            _computes(_miss_over_sum),
            "this is 1 minus the threshold: an expensive false alarm must make it higher.",
            (_miss_over_sum,),
        ),
        Mistake(
            _computes(_ratio),
            "a threshold lies in 0 to 1: divide by the sum of both costs, not by one of them.",
            (_ratio,),
        ),
        Mistake(
            _computes(_share_of_one),
            "0.5 is right only when both mistakes cost the same: use the two costs.",
            (_share_of_one,),
        ),
    ),
    after="With equal costs it gives 0.5, and only then.",
)
