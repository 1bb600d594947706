"""Every exercise of notebook 04: other forms of the right answer, and of a wrong one."""

import re

import numpy as np
import pytest

from workshop_utils.exercises import Outcome, exercises_of, preprocessing

EXERCISES = exercises_of(preprocessing)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("drop_rt", lambda text: re.sub(r"\brt\b", " ", text)),
        ("drop_rt", lambda text: re.sub(r"(?<!\w)rt(?!\w)", "", text)),
        ("shared_groups", lambda groups, a, b: [g for g in set(groups)
                                                if any(groups[r] == g for r in a)
                                                and any(groups[r] == g for r in b)]),
        ("shared_groups", lambda groups, a, b: np.intersect1d(np.array(groups)[a],
                                                              np.array(groups)[b])),
        ("pad_left", lambda words, steps: tuple(([0] * steps + words)[-steps:])),
        ("pad_left", lambda words, steps: np.array(([0] * steps + words)[-steps:])),
    ],
)  # fmt: skip
def test_other_forms_of_the_right_answer_are_correct(name, answer):
    assert getattr(preprocessing, name).judge(answer).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("drop_rt", "support"),
        ("drop_rt", lambda text: text),
        ("drop_rt", lambda text: text.split()),
        ("drop_rt", lambda text: text.upper()),
        ("shared_groups", {0, 1}),
        ("shared_groups", lambda groups, train, test: groups),
        ("shared_groups", lambda groups: set(groups)),
        ("pad_left", [0, 0, 5, 3, 8]),
        ("pad_left", lambda words, steps: words),
        ("pad_left", lambda words, steps: 0),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answer):
    result = getattr(preprocessing, name).judge(answer)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_a_stub_is_not_attempted(exercise):
    assert exercise.judge(lambda *_: ...).outcome is Outcome.NOT_ATTEMPTED
