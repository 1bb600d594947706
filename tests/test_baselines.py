"""The baselines: all of them learn, all take texts, and none knows the order of the words."""

import numpy as np
import pytest

from workshop_utils import baselines, dataset, evaluation, tweets
from workshop_utils.synthetic_tweets import make

TEXTS = np.array(
    ["what a great night", "great answer", "i love this", "terrible lies", "so bad", "bad answer"]
    * 10
    + ["terrible night", "bad bad lies"] * 10,
    dtype=object,
)
LABELS = np.array([1, 1, 1, 0, 0, 0] * 10 + [0, 0] * 10)


def test_the_majority_says_the_same_of_every_text():
    answers = baselines.predict(baselines.majority(), TEXTS, LABELS, ["great", "bad"])
    assert answers.tolist() == pytest.approx([LABELS.mean()] * 2)


@pytest.mark.parametrize("name", [n for n in baselines.all_baselines() if n != "majority"])
def test_each_baseline_learns_words_it_has_seen(name):
    great, terrible = baselines.predict(
        baselines.all_baselines()[name], TEXTS, LABELS, ["a great answer", "terrible bad night"]
    )
    assert great > 0.5 > terrible


def test_characters_see_a_word_that_was_never_spelt_so():
    texts = ["greaaat", "terribleness"]
    by_words = baselines.predict(baselines.logistic_words(), TEXTS, LABELS, texts)
    assert by_words[0] == pytest.approx(by_words[1])
    both = baselines.predict(baselines.logistic_words_and_characters(), TEXTS, LABELS, texts)
    assert both[0] > both[1]


def test_balancing_raises_the_probability_of_the_rare_class():
    plain, balanced = (
        baselines.predict(
            baselines.logistic_words(balanced=balanced), TEXTS, LABELS, ["never seen before"]
        )[0]
        for balanced in (False, True)
    )
    assert plain < balanced


def test_one_letter_words_count():
    words = baselines.logistic_words().fit(TEXTS, LABELS)[0].get_feature_names_out()
    assert "i" in words
    assert "i love" in words


def test_predict_all_learns_from_the_training_rows_alone():
    rows = np.arange(len(TEXTS))
    texts, labels = TEXTS.copy(), LABELS.copy()
    texts[60:], labels[60:] = "great lies", 1
    found = baselines.predict_all(
        {"majority": baselines.majority(), "words": baselines.logistic_words()},
        *(texts, labels, rows[:60], rows[60:]),
    )
    assert list(found) == ["majority", "words"]
    assert found["majority"].tolist() == pytest.approx([0.5] * 20)
    assert np.ptp(found["words"]) == 0
    assert 0.1 < found["words"][0] < 0.9


def test_the_svm_answers_as_its_border_says_and_ranks_by_distance():
    svm = baselines.linear_svm()
    texts = ["great great answer", "great", "bad", "terrible bad lies"]
    answers = baselines.predict(svm, TEXTS, LABELS, texts)
    distance = svm.decision_function(texts)
    assert (np.argsort(answers) == np.argsort(distance)).all()
    assert ((answers > 0.5) == (distance > 0)).all()
    assert ((answers > 0) & (answers < 1)).all()


def test_on_the_twin_counting_words_beats_the_majority():
    frame = make(3000)
    twin = dataset.prepare(
        tweets.Tweets(frame=frame, source="twin", is_real=False, sentence="the offline twin")
    )
    split = twin.split_grouped
    answers = baselines.predict_all(
        {"majority": baselines.majority(), "words": baselines.logistic_words()},
        *(twin.raw_texts, twin.labels, split.train, split.test),
    )
    found = evaluation.score_all(twin.labels[split.test], answers)
    assert found["majority"].balanced_accuracy == 0.5
    assert found["words"].average_precision > found["majority"].average_precision + 0.1


@pytest.mark.slow
def test_on_the_real_tweets_the_bands_of_the_curriculum_hold(tweets_csv):
    real = dataset.prepare(tweets.load(tweets_csv))
    split = real.split_2019
    both = baselines.predict(
        baselines.logistic_words_and_characters(),
        real.raw_texts[split.learning],
        real.labels[split.learning],
        real.raw_texts[split.test],
    )
    scores = evaluation.scores(real.labels[split.test], both)
    assert 0.865 < scores.accuracy < 0.880
    assert 0.77 < scores.macro_f1 < 0.80
    assert 0.71 < scores.average_precision < 0.74
