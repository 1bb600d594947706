"""Every exercise of notebook 06: answers that nobody expected."""

from workshop_utils.exercises import Outcome, inference


def test_an_unexpected_answer_gets_a_repair_and_no_traceback():
    assert inference.decide.judge(lambda p, t: p / 0).outcome is Outcome.NOT_YET
    assert inference.threshold_from_costs.judge(lambda a, b: a - b).outcome is Outcome.NOT_YET
