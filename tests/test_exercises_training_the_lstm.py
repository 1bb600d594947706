"""Every exercise of notebook 05: other forms of the right answer, and of a wrong one."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score

from workshop_utils.exercises import Outcome, training_the_lstm


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("balanced_accuracy", lambda matrix: matrix),
        ("balanced_accuracy", lambda _matrix: 0.5),
        ("fold_linear", lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2)),
        ("fold_linear", lambda W1, _b1, W2, _b2: W1 @ W2),
        ("fold_linear", lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2)),
        ("epoch_to_keep", lambda losses, _patience: len(losses)),
        ("epoch_to_keep", lambda _losses, _patience: None),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answer):
    result = getattr(training_the_lstm, name).judge(answer)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


def test_other_forms_of_the_right_answer_are_correct():
    rows = training_the_lstm.balanced_accuracy
    assert rows.judge(lambda m: (np.diag(m) / m.sum(axis=1)).mean()).outcome is Outcome.CORRECT
    fold = training_the_lstm.fold_linear
    assert fold.judge(lambda W, b, V, c: [W @ V, c + V.T @ b]).outcome is Outcome.CORRECT


def test_the_solutions_agree_with_scikit_learn_and_with_the_layers():
    true, answers = [0, 0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 1, 0, 1]
    matrix = np.array([[2, 1], [1, 3]])
    assert training_the_lstm.solution_balanced_accuracy(matrix) == pytest.approx(
        balanced_accuracy_score(true, answers)
    )
    random = np.random.default_rng(1)
    x, W1, b1 = random.normal(size=(5, 4)), random.normal(size=(4, 6)), random.normal(size=6)
    W2, b2 = random.normal(size=(6, 2)), random.normal(size=2)
    W, b = training_the_lstm.solution_fold_linear(W1, b1, W2, b2)
    np.testing.assert_allclose(x @ W + b, (x @ W1 + b1) @ W2 + b2)
