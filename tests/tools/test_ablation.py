"""The ablation: one change a row, choices on validation data."""

import numpy as np
import pytest

from workshop_tools.experiments import ablation
from workshop_utils import tweets
from workshop_utils.training import experiments
from workshop_utils.tweets import dataset
from workshop_utils.tweets.synthetic import make


@pytest.fixture(scope="module")
def data():
    return dataset.prepare(tweets.Tweets(make(900, seed=1), "synthetic", False, ""))


def test_each_row_with_a_plus_changes_one_thing():
    for row, arm in ablation.ARMS.items():
        changed = [name for name, value in arm.items() if value != ablation.START[name]]
        assert len(changed) == 1 or not row.startswith("+")


def test_jobs_come_seed_by_seed():
    jobs = list(ablation.jobs())
    assert len(jobs) == len(ablation.ROWS) * len(ablation.SEEDS)
    assert {job.seed for job in jobs[: len(ablation.ROWS)]} == {ablation.SEEDS[0]}
    assert len({job.key[2] for job in jobs}) == len(ablation.ROWS)


@pytest.mark.parametrize("row", ["linear classifier", "+ class weights", "all but class weights"])
def test_a_row_is_scored_on_its_test_part(row, data, monkeypatch):
    monkeypatch.setattr(ablation, "_tweets", lambda: data)
    monkeypatch.setattr(ablation, "LEARNING_RATES", (1e-2,))
    monkeypatch.setattr(ablation, "EPOCHS", 2)
    found = ablation.measure(row, 141)
    assert 0.2 < found["average_precision"] <= 1
    assert found["learning_rate"] == (0 if row == ablation.LINEAR else 0.01)


def test_the_learning_rate_with_the_best_validation_score_is_kept(data, monkeypatch):
    truth = data.labels.astype(float)

    def fake(arm, data, split, seed, rate):
        return lambda rows: truth[rows] if rate == 3e-3 else 1 - truth[rows]

    monkeypatch.setattr(ablation, "_tweets", lambda: data)
    monkeypatch.setattr(ablation, "train", fake)
    assert ablation.measure("start", 1)["learning_rate"] == 3e-3


def test_the_columns_are_those_of_tf_idf():
    texts = ["a great debate", "great great night", ""]
    columns = ablation.tf_idf().fit(texts)
    expected = columns.transform(texts).toarray()
    dense = np.zeros_like(expected)
    for row, which, values in zip(dense, *ablation.encode(columns, texts), strict=True):
        np.add.at(row, which, values)
    np.testing.assert_allclose(dense, expected, atol=1e-6)


def test_the_stored_results_are_whole():
    results = experiments.ablation()
    seeds = results.groupby("row").seed.apply(set)
    assert set(seeds.index) == set(ablation.ROWS)
    assert all(each == seeds.iloc[0] and len(each) >= 3 for each in seeds)
    assert results.average_precision.between(0.3, 0.9).all()
