"""Thresholds and bootstrap: known cases, properties, and refusals that say what to do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from workshop_utils.training import evaluation


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
        evaluation.best_threshold(labels, probabilities)


def test_the_best_threshold_separates_what_can_be_separated():
    labels = np.array([0, 0, 0, 1, 1])
    assert evaluation.best_threshold(labels, [0.02, 0.05, 0.1, 0.2, 0.3]) == 0.2
    assert evaluation.best_threshold(labels, [0.1, 0.2, 0.3, 0.8, 0.9]) == 0.5


# --- intervals -------------------------------------------------------------------------------


def answers_in_groups(rows=3219, groups=2300, seed=1):
    """Labels, P(positive) and groups of the size of the real test part, all invented."""
    generator = np.random.default_rng(seed)
    group = np.sort(generator.integers(0, groups, rows))
    labels = (generator.random(groups) < 0.21).astype(int)[group]
    return labels, np.clip(0.3 * labels + generator.normal(0.3, 0.2, rows), 0, 1), group


def scored(labels, p, weights=None):
    """What scikit-learn makes of it."""
    return {
        "macro_f1": f1_score(labels, p >= 0.5, average="macro", sample_weight=weights),
        "average_precision": average_precision_score(labels, p, sample_weight=weights),
    }


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_weighted_scores_are_scikit_learns(seed, levels):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, 40)
    labels[:2] = 0, 1
    p = generator.integers(0, levels + 1, 40) / levels
    weights = generator.integers(0, 4, (5, 40)).astype(float)
    weights[:, :2] += 1  # both classes are there
    macro_f1, average_precision = evaluation._weighted_scores(labels == 1, p, weights)
    for row, weight in enumerate(weights):
        found = {"macro_f1": macro_f1[row], "average_precision": average_precision[row]}
        assert found == pytest.approx(scored(labels, p, weight))


def test_each_resample_draws_whole_groups():
    # One group is always right and one always wrong, so the F1 says how often each was drawn.
    labels = [0, 1, 0, 1]
    p = [0.1, 0.9, 0.9, 0.1]
    groups = [7, 7, 2, 2]
    draws = evaluation.bootstrap(labels, p, groups, resamples=300).draws["macro_f1"]
    assert set(draws) == {0.0, 0.5, 1.0}
    assert np.mean(draws == 0.5) == pytest.approx(0.5, abs=0.1)


def test_the_intervals_depend_on_the_seed_alone_and_hold_the_score():
    labels, p, groups = answers_in_groups(800)
    found = evaluation.bootstrap(labels, p, groups, resamples=250, seed=4)
    again = evaluation.bootstrap(labels, p, groups, resamples=250, seed=4)
    other = evaluation.bootstrap(labels, p, groups, resamples=250, seed=5)
    assert found.interval("macro_f1") == again.interval("macro_f1") != other.interval("macro_f1")
    for name, value in scored(labels, p).items():
        low, high = found.interval(name)
        assert np.mean((low < found.draws[name]) & (found.draws[name] < high)) == pytest.approx(
            0.95, abs=0.01
        )
        assert low < value < high


def test_copies_make_the_intervals_of_groups_wider_than_those_of_rows():
    labels, p, groups = (np.repeat(each, 10) for each in answers_in_groups(200, groups=200))
    by_group = evaluation.bootstrap(labels, p, groups).interval("macro_f1")
    by_row = evaluation.bootstrap(labels, p, np.arange(labels.size)).interval("macro_f1")
    assert np.diff(by_group) > 2 * np.diff(by_row)


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    covered = []
    for seed in range(100):
        generator = np.random.default_rng(seed)
        labels = generator.integers(0, 2, 300)
        p = np.where(generator.random(300) < 0.7, labels, 1 - labels).astype(float)
        interval = evaluation.bootstrap(labels, p, np.arange(300), resamples=200, seed=seed)
        low, high = interval.interval("macro_f1")
        covered.append(low <= 0.7 <= high)
    assert 88 <= sum(covered) <= 99  # 95 of 100 are expected


def test_a_difference_on_the_same_resamples_is_sharper_than_two_intervals():
    labels, p, groups = answers_in_groups(1500)
    better = np.clip(p + 0.02 * (2 * labels - 1), 0, 1)
    one, two = (evaluation.bootstrap(labels, each, groups) for each in (better, p))
    assert one.interval("average_precision")[0] < two.interval("average_precision")[1]
    assert one.minus(two).interval("average_precision")[0] > 0
    assert one.minus(one).interval("macro_f1") == (0, 0)


def test_a_resample_without_a_class_is_left_out_where_it_counts():
    found = evaluation.bootstrap([0, 1, 0], [0.2, 0.8, 0.9], [0, 1, 2], resamples=200)
    missing = np.isnan(found.draws["average_precision"])
    assert 0 < missing.sum() < 200
    assert not np.isnan(found.draws["macro_f1"]).any()
    assert not np.isnan(found.interval("average_precision")).any()


@pytest.mark.parametrize("groups", [[0, 1], [3, 3, 3]])
def test_impossible_groups_are_refused(groups):
    with pytest.raises(ValueError, match="at least two groups"):
        evaluation.bootstrap([0, 1, 0], [0.2, 0.8, 0.9], groups)


# --- several seeds --------------------------------------------------------------------------


def test_seeds_that_agree_add_no_width_and_seeds_that_differ_do():
    labels, p, groups = answers_in_groups(800)
    noise = np.random.default_rng(2).normal(0, 0.1, (5, len(p)))
    alike = evaluation.bootstrap(labels, np.tile(p, (5, 1)), groups, resamples=400)
    one = evaluation.bootstrap(labels, p, groups, resamples=400)
    np.testing.assert_allclose(alike.draws["macro_f1"], one.draws["macro_f1"])
    scale = np.array([0, 1, 2, 3, 4])[:, None]
    other = evaluation.bootstrap(labels, np.clip(p + noise * scale, 0, 1), groups, resamples=400)
    width = [np.ptp(each.interval("average_precision")) for each in (one, other)]
    assert width[1] > 1.2 * width[0]


def test_the_mean_over_seeds_is_the_mean_of_their_scores():
    labels, p, groups = answers_in_groups(800)
    several = np.stack([p, 1 - p])
    found = evaluation.bootstrap(labels, several, groups, resamples=4000)
    each = [average_precision_score(labels, one) for one in several]
    assert found.draws["average_precision"].mean() == pytest.approx(np.mean(each), abs=0.02)


def test_differences_of_other_draws_are_refused():
    labels, p, groups = answers_in_groups(300)
    one = evaluation.bootstrap(labels, p, groups, resamples=20, seed=1)
    for options in ({"seed": 2, "resamples": 20}, {"seed": 1, "resamples": 10}):
        with pytest.raises(ValueError, match="drawn differently"):
            one.minus(evaluation.bootstrap(labels, p, groups, **options))


def test_wrong_for_all_returns_one_row_of_each_group():
    labels = [1, 0, 1, 1, 0, 1]
    one = [0.2, 0.9, 0.1, 0.4, 0.1, 0.3]
    two = [0.1, 0.8, 0.4, 0.6, 0.2, 0.0]
    groups = [7, 3, 7, 1, 2, 5]
    assert evaluation.wrong_for_all(labels, [one, two], groups).tolist() == [0, 1, 5]
    assert evaluation.wrong_for_all(labels, [one], groups).tolist() == [0, 1, 3, 5]
    with pytest.raises(ValueError, match="one probability a row"):
        evaluation.wrong_for_all(labels, [one[:3]], groups)
