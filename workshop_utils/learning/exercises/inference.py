"""The exercises of notebook 06: question a trained model, and decide with what it answers."""

import itertools
import re
from collections.abc import Callable, Sequence
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
MENDS = ("equal names", "no copies")
"""What can be mended before a list is made."""
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
        '"NAME is terrible",\n "NAME did not answer the question"]'
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


def _joins_both(mends: Sequence[str]) -> bool:
    return any(all(mend in each.lower() for mend in MENDS) for each in mends)


def _is_written_otherwise(mends: Sequence[str]) -> bool:
    return any(_letters(each) in map(_letters, MENDS) and each not in MENDS for each in mends)


def _letters(mend: str) -> str:
    return re.sub(r"[\W_]", "", mend.lower())


my_mends = Exercise(
    __name__,
    "my_mends",
    solved_by='["no copies"]',
    measure=lambda mends: set(mends) <= set(MENDS) and len(set(mends)) == len(mends),
    hints=(
        "Look at the table: what does each mend cost in praise, and what does she get for it?",
        'For example ["no copies"]: some praise less, and 300 texts that differ.',
    ),
    otherwise='only "equal names" and "no copies" can be mended here; an empty list mends nothing.',
    after="You chose before you saw tonight's tweets.",
    mistakes=(
        Mistake(
            "joined",
            "each mend is a text of its own in the list, with a comma between the two.",
            ["equal names, no copies"],
            _joins_both,
        ),
        Mistake(
            "written_otherwise",
            'write the mends as in the table, "equal names" and "no copies", in small letters and '
            "with a space.",
            ["No copies"],
            _is_written_otherwise,
        ),
        Mistake(
            "twice",
            "one mend stands there twice: once is enough.",
            ["no copies", "no copies"],
            lambda mends: len(set(mends)) < len(mends),
        ),
    ),
)


def solution_would_use(praise, different, gap):
    return praise >= 150 and different >= 240 and gap <= 0.3


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
