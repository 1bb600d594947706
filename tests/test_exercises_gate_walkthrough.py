"""Every exercise of notebook 03: other forms of the right answer, and of a wrong one."""

import numpy as np
import pytest

from workshop_utils.cells import LSTMCell
from workshop_utils.exercises import Outcome, gate_walkthrough


def test_the_solutions_hold_for_a_real_cell():
    (bias,) = gate_walkthrough.forget_bias.solution_answers()
    still = LSTMCell(np.zeros((1, 4)), np.zeros((1, 4)), np.array([-50.0, bias, 0.0, 0.0]))
    run = still.run(np.zeros((100, 1)), initial_state=(np.zeros(1), np.ones(1)))
    assert run.cell_state[0] == pytest.approx(0.9, abs=1e-6)

    (count,) = gate_walkthrough.parameter_count.solution_answers()
    cell = LSTMCell.random(100, 128)
    arrays = (cell.kernel, cell.recurrent_kernel, cell.bias)
    assert count(100, 128) == sum(array.size for array in arrays) == 117_248

    (block,) = gate_walkthrough.forget_block.solution_answers()
    assert np.array_equal(block(cell.kernel, 128), cell.kernel[:, cell.columns("forget_gate")])


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("forget_bias", ("six",)),
        ("forget_bias", (None,)),
        ("forget_bias", (np.array([6.85, 6.85]),)),
        ("parameter_count", (117_248,)),
        ("parameter_count", (lambda features, units: features,)),
        ("parameter_count", (lambda features: features,)),
        ("forget_block", (lambda kernel, units: kernel,)),
        ("forget_block", (lambda kernel, units: kernel[:, units],)),
        ("forget_block", (np.zeros((2, 2)),)),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answers):
    result = getattr(gate_walkthrough, name).judge(*answers)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("forget_bias", (6.85,)),
        ("forget_bias", (np.float32(6.851),)),
        ("parameter_count", (lambda d, n: 4 * n * (d + n + 1),)),
        ("parameter_count", (lambda d, n: 4.0 * n * (d + n + 1),)),
        ("forget_block", (lambda kernel, units: np.split(kernel, 4, axis=1)[1],)),
        ("forget_block", (lambda kernel, units: kernel[:, units : 2 * units].tolist(),)),
    ],
)
def test_other_forms_of_the_right_answer_are_correct(name, answers):
    assert getattr(gate_walkthrough, name).judge(*answers).outcome is Outcome.CORRECT


@pytest.mark.parametrize(("bias", "word"), [(1.0, "larger"), (6.5, "larger"), (9.0, "smaller")])
def test_a_wrong_bias_is_told_which_way_to_go(bias, word):
    assert f"take a {word} bias" in gate_walkthrough.forget_bias.judge(bias).line
