"""Every exercise of notebook 02: other forms of the right answer, and of a wrong one."""

import numpy as np
import pytest

from workshop_utils.exercises import Outcome, long_term_dependencies


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("keep_one_bit", (1.1, 0.05)),
        ("keep_one_bit", (2.0, 2.0)),
        ("keep_one_bit", (3.0, 0.0)),
        ("keep_one_bit", ("3", None)),
        ("clip", (lambda _gradient, threshold: threshold,)),
        ("clip", (lambda gradient: gradient,)),
        ("clip", (lambda gradient, threshold: gradient.clip(max=threshold),)),
        (
            "clip",
            (lambda g, t: g * np.minimum(1.0, t / np.linalg.norm(g)) if g.any() else g + 1,),
        ),
        ("forget_bias", (4.0,)),
        ("forget_bias", ("many",)),
        ("forget_bias", (0.0,)),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answers):
    result = getattr(long_term_dependencies, name).judge(*answers)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("keep_one_bit", (5, 1)),
        ("keep_one_bit", (20, 0.1)),
        ("keep_one_bit", (np.float32(2.5), 0.1)),
        ("forget_bias", (np.log(100),)),
        ("forget_bias", (4.6,)),
        ("clip", (lambda g, t: [x * min(1, t / max(1e-12, np.linalg.norm(g))) for x in g],)),
    ],
)
def test_other_forms_of_the_right_answer_are_correct(name, answers):
    assert getattr(long_term_dependencies, name).judge(*answers).outcome is Outcome.CORRECT
