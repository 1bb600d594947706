"""Every exercise of notebook 02: other forms of the right answer, and of a wrong one."""

import numpy as np
import pytest

from workshop_utils.exercises import Outcome, long_term_dependencies


def _terms_backwards(states, delta, U):
    terms = []
    for t in range(len(states) - 1, 0, -1):
        inside = delta * (1 - states[t] ** 2)
        terms.append(np.einsum("bi,bj->ij", states[t - 1], inside))
        delta = inside @ U.T
    return np.stack(terms)


def _clip_one_by_one(gradients, threshold):
    norm = sum(float((each**2).sum()) for each in gradients) ** 0.5
    return [each if norm <= threshold else each / norm * threshold for each in gradients]


def _biases(units, forget, enter):
    return np.array([enter] * units + [forget] * units + [0.0] * 2 * units)


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("first_weight", ("3", None)),
        ("first_weight", (float("nan"),)),
        ("terms_by_lag", (lambda states, delta, U: states[0],)),
        ("terms_by_lag", (lambda states: states,)),
        ("clip_by_norm", (lambda _gradients, threshold: threshold,)),
        ("clip_by_norm", (lambda gradients, threshold: gradients,)),
        ("first_biases", (lambda units, forget, enter: np.zeros(4 * units),)),
        ("failing_gap", ("far", 0.1)),
        ("failing_gap", (100, 0.9)),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answers):
    result = getattr(long_term_dependencies, name).judge(*answers)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("first_weight", (np.float32(5),)),
        ("first_weight", (10,)),
        ("terms_by_lag", (_terms_backwards,)),
        ("clip_by_norm", (_clip_one_by_one,)),
        ("first_biases", (_biases,)),
        ("failing_gap", (90, 0.31)),
    ],
)
def test_other_forms_of_the_right_answer_are_correct(name, answers):
    result = getattr(long_term_dependencies, name).judge(*answers)
    assert result.outcome is Outcome.CORRECT, result.line
