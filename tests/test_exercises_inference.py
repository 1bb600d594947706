import pytest

from workshop_utils.exercises import inference
from workshop_utils.exercises.core import Outcome, exercises_of


@pytest.mark.parametrize("exercise", exercises_of(inference), ids=lambda e: e.name)
def test_solution_stub_and_each_usual_mistake(exercise):
    assert exercise.problems() == []
    assert len(exercise.mistakes) >= 3


def test_an_unexpected_answer_gets_a_repair_and_no_traceback():
    assert inference.decide.judge(lambda p, t: p / 0).outcome is Outcome.NOT_YET
    assert inference.threshold_from_costs.judge(lambda a, b: a - b).outcome is Outcome.NOT_YET
