"""Every exercise of notebook 03: other forms of the right answer, and of a wrong one."""

from itertools import chain, combinations

import numpy as np
import pytest

from workshop_utils.cells import LSTMCell
from workshop_utils.exercises import Outcome, gate_walkthrough


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def one_gate_a_line(x, h, C, W, U, b):
    n = U.shape[0]
    sums = x @ W + h @ U + b
    i, f, o = (sigmoid(sums[..., k * n : (k + 1) * n]) for k in (0, 1, 3))
    candidate = np.tanh(sums[..., 2 * n : 3 * n])
    new = f * C + i * candidate
    return [o * np.tanh(new), new, i, f, candidate, o]


def from_the_end(forget_gates):
    shares = np.ones_like(forget_gates)
    for j in range(len(forget_gates) - 2, -1, -1):
        shares[j] = shares[j + 1] * forget_gates[j + 1]
    return shares


def as_frozen_sets(flips, units):
    numbers = range(units)
    every = chain.from_iterable(combinations(numbers, size) for size in range(units, 0, -1))
    return [frozenset(chosen) for chosen in every if flips(chosen) >= 0.96]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lstm_step", one_gate_a_line),
        ("share_left", from_the_end),
        ("flipping_sets", as_frozen_sets),
        ("my_text", "then the aunt sang then"),
    ],
)
def test_other_forms_of_the_right_answer_are_correct(name, answer):
    assert getattr(gate_walkthrough, name).judge(answer).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lstm_step", lambda x, h, C, W, U, b: (h, C)),
        ("lstm_step", lambda x, h: h),
        ("share_left", lambda forget_gates: np.cumprod(forget_gates, axis=0)),
        ("flipping_sets", lambda flips, units: [(0, 1), (1, 2), (0, 2), (0, 1, 2)]),
        ("flipping_sets", lambda flips, units: [(0,)] * 7),
        ("flipping_sets", lambda flips, units: 4),
        ("my_text", ""),
        ("my_text", 3),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answer):
    result = getattr(gate_walkthrough, name).judge(answer)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


def test_the_solutions_hold_for_a_real_cell():
    cell = LSTMCell.random(3, 5)
    inputs = np.random.default_rng(0).normal(size=(4, 6, 3))
    h = C = np.zeros((4, 5))
    (step,) = gate_walkthrough.lstm_step.solution_answers()
    for t in range(6):
        h, C, *_ = step(inputs[:, t], h, C, cell.kernel, cell.recurrent_kernel, cell.bias)
    run = cell.run(inputs, return_steps=True)
    np.testing.assert_allclose(h, run.hidden_state, atol=1e-14)
    np.testing.assert_allclose(C, run.cell_state, atol=1e-14)

    (share,) = gate_walkthrough.share_left.solution_answers()
    steps = [values.swapaxes(0, 1) for values in run.steps]
    left = share(steps[1]) * steps[0] * steps[2]
    np.testing.assert_allclose(left.sum(axis=0), run.cell_state, atol=1e-14)
