"""The exercises of notebook 06: inside a decision, and from a probability to a decision."""

from collections.abc import Callable

import numpy as np

from workshop_utils.exercises.core import Exercise, Mistake

Decide = Callable[[float, float], str]
FromCosts = Callable[[float, float], float]
WithoutEach = Callable[[list[str]], list[str]]

CASES = ((0.10, 0.5), (0.50, 0.5), (0.90, 0.5), (0.30, 0.2), (0.20, 0.2), (0.60, 0.8))
TOKENS = (("so", "good", "so", "far"), ("no", "no"), ("a", "great", "night", "for", "us"))
COSTS = ((1.0, 1.0), (3.0, 1.0), (1.0, 4.0), (2.0, 5.0))


def solution_decide(positive: float, threshold: float) -> str:
    """The label of a text, from P(positive) and the threshold."""
    return "positive" if positive >= threshold else "negative"


def solution_threshold_from_costs(false_alarm: float, miss: float) -> float:
    """The threshold at which both answers cost the same on average."""
    return false_alarm / (false_alarm + miss)


def solution_without_each(tokens: list[str]) -> list[str]:
    """The text without its first word, without its second word, and so on."""
    return [" ".join(tokens[:t] + tokens[t + 1 :]) for t in range(len(tokens))]


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


def _without_all_copies(tokens: list[str]) -> list[str]:
    return [" ".join(other for other in tokens if other != token) for token in tokens]


def _prefixes(tokens: list[str]) -> list[str]:
    return [" ".join(tokens[: t + 1]) for t in range(len(tokens))]


def _lists(tokens: list[str]) -> list[list[str]]:
    return [tokens[:t] + tokens[t + 1 :] for t in range(len(tokens))]


def _each_alone(tokens: list[str]) -> list[str]:
    return list(tokens)


def _deletes_for_good(tokens: list[str]) -> list[str]:
    return [" ".join(tokens[t + 1 :]) for t in range(len(tokens))]


def _writes(mistake: Callable[[list[str]], object]) -> Callable[[WithoutEach], bool]:
    """Recognise an answer that makes of all examples what this mistake makes."""
    return lambda function: all(function(list(each)) == mistake(list(each)) for each in TOKENS)


def _makes(mistake: Decide) -> Callable[[Decide], bool]:
    """Recognise an answer that decides all cases as this mistake does."""
    return lambda decide: _answers(decide) == _answers(mistake)


def _computes(mistake: FromCosts) -> Callable[[FromCosts], bool]:
    return lambda function: _close(function, mistake)


without_each = Exercise(
    name="without_each",
    accepts=_writes(solution_without_each),
    hints=(
        "The words before word t are tokens[:t]. Which words come after it?",
        "For each t, join tokens[:t] + tokens[t + 1:] with a space, and put the texts in a list.",
    ),
    solved_by=solution_without_each,
    mistakes=(
        Mistake(
            _writes(_without_all_copies),
            "a word that stands twice is gone twice: leave out one place, not all equal words.",
            (_without_all_copies,),
        ),
        Mistake(
            _writes(_lists),
            "these are lists of words: join each with a space, because the model reads texts.",
            (_lists,),
        ),
        Mistake(
            _writes(_prefixes),
            "these are the beginnings of the text: keep the words after the left-out one too.",
            (_prefixes,),
        ),
        Mistake(
            _writes(_deletes_for_good),
            "the words before are lost too: each text lacks one word and no more.",
            (_deletes_for_good,),
        ),
        Mistake(
            _writes(_each_alone),
            "these are the words alone: each text must hold all words but one.",
            (_each_alone,),
        ),
    ),
    otherwise="return a list with one text for each word: the whole text without that word.",
    after="The model reads these texts and the whole one in a single call.",
)

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
