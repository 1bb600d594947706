"""Calibration: as scikit-learn has it, where it does; and one number that changes no order."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from workshop_utils.sentiment import calibration

PROBABILITIES = hnp.arrays(np.float64, 40, elements=st.floats(0, 1))


def made(temperature, rows=20_000, seed=5):
    """Labels drawn from true probabilities, and the answers of a model that is off by a factor."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(-1, 1.5, rows)
    labels = (generator.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
    return labels, 1 / (1 + np.exp(-odds * temperature))


def test_a_case_counted_by_hand():
    found = calibration.reliability([0, 1, 1, 0], [0.1, 0.2, 0.9, 1.0], bins=2)
    assert found.edges.tolist() == [0, 0.5, 1]
    assert found.counts.tolist() == [2, 2]
    assert found.predicted.tolist() == pytest.approx([0.15, 0.95])
    assert found.observed.tolist() == [0.5, 0.5]
    assert found.error == pytest.approx((0.35 + 0.45) / 2)


@given(PROBABILITIES, st.integers(1, 15), st.integers(0, 2**32 - 1))
@example(np.linspace(0, 1, 40), 10, 0)
def test_the_bins_are_those_of_scikit_learn(probabilities, bins, seed):
    labels = np.random.default_rng(seed).integers(0, 2, 40)
    labels[:2] = 0, 1
    found = calibration.reliability(labels, probabilities, bins)
    full = found.counts > 0
    observed, predicted = calibration_curve(labels, probabilities, n_bins=bins)
    np.testing.assert_allclose(found.observed[full], observed)
    np.testing.assert_allclose(found.predicted[full], predicted)
    assert found.counts.sum() == 40
    assert np.isnan(found.predicted[~full]).all()
    expected = sum(found.counts[full] / 40 * np.abs(observed - predicted))
    assert found.error == pytest.approx(expected)


@given(PROBABILITIES, st.floats(0.5, 20))
@example(np.array([0.0, 1e-300, 1e-9, 0.5, 1 - 1e-16, 1.0] * 7)[:40], 3.0)
def test_a_temperature_changes_no_order_and_no_answer_at_one_half(probabilities, temperature):
    scaled = calibration.scale(probabilities, temperature)
    assert ((scaled >= 0) & (scaled <= 1)).all()
    order = np.argsort(probabilities, kind="stable")
    assert (np.diff(scaled[order]) >= 0).all()
    assert ((probabilities > 0.5) >= (scaled > 0.5)).all()
    assert ((probabilities < 0.5) >= (scaled < 0.5)).all()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_factor_by_which_a_model_is_off_is_found_and_mended(temperature):
    labels, answers = made(temperature)
    found = calibration.fit_temperature(labels, answers)
    assert found == pytest.approx(temperature, rel=0.05)
    mended = calibration.scale(answers, found)
    assert calibration.reliability(labels, mended).error < 0.015
    assert roc_auc_score(labels, mended) == roc_auc_score(labels, answers)
    assert average_precision_score(labels, mended) == average_precision_score(labels, answers)


def test_no_other_temperature_has_a_smaller_loss():
    labels, answers = made(1.8, rows=500)
    found = calibration.fit_temperature(labels, answers)
    loss = log_loss(labels, calibration.scale(answers, found))
    for other in found * np.array([0.5, 0.9, 0.99, 1.01, 1.1, 2]):
        assert log_loss(labels, calibration.scale(answers, other)) > loss


def test_certain_answers_are_no_error():
    assert calibration.fit_temperature([0, 1, 1, 0], [0.0, 1.0, 0.0, 1.0]) == pytest.approx(
        calibration.HOTTEST, rel=0.01
    )
    assert calibration.fit_temperature([0, 1], [0.4, 0.6]) == pytest.approx(
        calibration.COLDEST, rel=0.01
    )


@pytest.mark.parametrize(
    ("labels", "probabilities", "words"),
    [
        ([0, 1], [0.1], "one label and one probability"),
        ([], [], "at least one row"),
        ([0, 2], [0.1, 0.2], "0 .negative. and 1 .positive. only"),
        ([0, 1], [0.1, 1.2], "in 0 to 1"),
        ([0, 1], [0.1, float("nan")], "in 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused(labels, probabilities, words):
    with pytest.raises(ValueError, match=words):
        calibration.reliability(labels, probabilities)
