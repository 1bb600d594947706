"""The figures of a classifier: known cases, properties, and refusals that say what to do."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workshop_utils import evaluation

LABELS = np.array([0, 0, 0, 0, 1, 1])
PROBABILITIES = np.array([0.1, 0.2, 0.6, 0.3, 0.7, 0.4])


def test_scores_of_a_case_counted_by_hand():
    scores = evaluation.scores(LABELS, PROBABILITIES)
    assert scores.accuracy == pytest.approx(4 / 6)
    assert scores.recall_negative == pytest.approx(3 / 4)
    assert scores.recall_positive == pytest.approx(1 / 2)
    assert scores.balanced_accuracy == pytest.approx(5 / 8)
    # Negative: 3 right of 4 answered and 4 true. Positive: 1 right of 2 answered and 2 true.
    assert scores.macro_f1 == pytest.approx((3 / 4 + 1 / 2) / 2)
    assert scores.roc_auc == pytest.approx(7 / 8)
    assert scores.average_precision == pytest.approx((1 / 1 + 2 / 3) / 2)


def test_the_majority_looks_good_only_in_accuracy():
    labels = np.array([0] * 79 + [1] * 21)
    scores = evaluation.scores(labels, np.full(100, 0.21))
    assert scores.accuracy == pytest.approx(0.79)
    assert scores.balanced_accuracy == scores.roc_auc == pytest.approx(0.5)
    assert scores.recall_positive == 0
    assert scores.average_precision == pytest.approx(0.21)


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.int64, 30, elements=st.integers(0, 1)),
    hnp.arrays(np.float64, 30, elements=st.floats(0, 1, width=16)),
    st.floats(0.05, 0.95),
)
def test_every_score_lies_in_0_to_1_and_agrees_with_the_confusion_matrix(labels, p, threshold):
    assume(set(labels) == {0, 1})
    scores = evaluation.scores(labels, p, threshold)
    assert all(0 <= value <= 1 for value in vars(scores).values())
    matrix = evaluation.confusion(labels, p, threshold)
    assert matrix.sum() == 30
    assert scores.accuracy == pytest.approx(np.trace(matrix) / 30)
    assert scores.recall_positive == pytest.approx(matrix[1, 1] / matrix[1].sum())
    assert scores.recall_negative == pytest.approx(matrix[0, 0] / matrix[0].sum())


def test_a_probability_equal_to_the_threshold_is_positive():
    assert evaluation.decide([0.49, 0.5, 0.51]).tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("labels", "probabilities", "words"),
    [
        ([0, 1], [0.1, 0.2, 0.3], "shapes"),
        ([0, 1], [[0.9, 0.1], [0.2, 0.8]], "not one column a class"),
        ([1, 1], [0.1, 0.2], "both present"),
        ([0, 2], [0.1, 0.2], "0 .negative. and 1 .positive."),
    ],
)
def test_what_does_not_fit_is_refused(labels, probabilities, words):
    with pytest.raises(ValueError, match=words):
        evaluation.scores(labels, probabilities)


def test_the_report_names_both_classes_and_their_support():
    lines = evaluation.report(LABELS, PROBABILITIES).splitlines()
    assert lines[2].split() == ["negative", "0.750", "0.750", "0.750", "4"]
    assert lines[3].split() == ["positive", "0.500", "0.500", "0.500", "2"]


def test_precision_at_recall_never_rises_and_ends_at_the_share_of_positives():
    recalls = np.linspace(0, 1, 21)
    precision = evaluation.precision_at_recall(LABELS, PROBABILITIES, recalls)
    assert precision[0] == 1.0
    assert (np.diff(precision) <= 0).all()
    # Both positive texts are found with 0.4 as threshold, where one of three answers is wrong.
    assert precision[-1] == pytest.approx(2 / 3)
    constant = evaluation.precision_at_recall(LABELS, np.full(6, 0.5), recalls)
    assert constant.tolist() == pytest.approx([1 / 3] * 21)


def test_the_best_threshold_separates_what_can_be_separated():
    labels = np.array([0, 0, 0, 1, 1])
    assert evaluation.best_threshold(labels, [0.02, 0.05, 0.1, 0.2, 0.3]) == 0.2
    assert evaluation.best_threshold(labels, [0.1, 0.2, 0.3, 0.8, 0.9]) == 0.5


def test_the_table_has_a_row_a_classifier_and_rounds():
    table = evaluation.table({"ours": evaluation.scores(LABELS, PROBABILITIES)}, digits=2)
    assert table.loc["ours", "accuracy"] == 0.67
    assert list(table.columns)[:3] == ["accuracy", "balanced accuracy", "macro f1"]


def test_predict_takes_one_output_or_one_for_each_class():
    def one(batch, training):
        assert not training
        return np.asarray(batch)[:, :1] / 10

    def two(batch, training):
        positive = one(batch, training)
        return np.concatenate([1 - positive, positive], axis=1)

    rows = np.arange(10).reshape(5, 2)
    for model in (one, two):
        answers = evaluation.predict(model, rows, batch_size=2)
        assert answers.tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
