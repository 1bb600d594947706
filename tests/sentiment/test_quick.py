"""The quick recipe: a model in seconds, its seeds, its file, and its linear rival."""

import numpy as np
import pytest

from workshop_utils import tweets
from workshop_utils.runtime import environment
from workshop_utils.sentiment import model_file, quick
from workshop_utils.sentiment.quick import train_quick
from workshop_utils.tweets import dataset
from workshop_utils.tweets.synthetic import make


@pytest.fixture(autouse=True)
def artifacts(monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_ARTIFACTS", str(tmp_path))


@pytest.fixture(scope="module")
def data():
    return dataset.prepare(tweets.Tweets(make(900, seed=1), "synthetic", False, ""))


def test_the_quick_recipe_makes_a_text_model_and_depends_on_its_seed_alone(data):
    one, two = (train_quick(data) for _ in range(2))
    tensorflow = environment.load_tensorflow()
    texts = tensorflow.constant(data.raw_texts[:5].tolist())
    np.testing.assert_array_equal(one(texts), two(texts))
    assert one(texts).shape == (5, 1)


def test_quick_answers_are_those_of_the_models_that_learn_gives(data):
    split = data.split_grouped
    several = quick.answers(data, split, [141, 5])
    texts = environment.load_tensorflow().constant(data.raw_texts[split.test].tolist())
    for seed, row in zip([141, 5], several, strict=True):
        one = quick.learn(data, split, seed)(texts).numpy()[:, 0]
        np.testing.assert_allclose(row, one, atol=1e-5)


def test_quick_save_writes_the_file_of_notebook_06_with_a_threshold(data):
    path, threshold = quick.save(quick.learn(data, data.split_grouped), data)
    record = model_file.read(path)[1]
    assert path == model_file.default_path()
    assert record.threshold == threshold
    assert not record.is_real


def test_the_linear_rival_answers_any_text(data):
    p = quick.linear(data, data.split_2019.train)(["great", "", "terrible"])
    assert p.shape == (3,)
    assert ((p > 0) & (p < 1)).all()
