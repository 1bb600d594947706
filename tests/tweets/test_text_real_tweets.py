"""The figures of the curriculum: cleaning, grouping and splitting on the real file."""

import functools
import hashlib
import html
import re

import numpy as np
import pandas as pd
import pytest

from workshop_utils import tweets
from workshop_utils.tweets import load

PRECIOUS = ["party", "support", "abortion", "smart", "start", "part", "important", "https", "rt"]


@functools.cache
def _real(path):
    return load(path).frame


@pytest.fixture
def real(tweets_csv):
    """The real rows without the neutral ones, as in 2019."""
    frame = _real(tweets_csv)
    return frame[frame["sentiment"] != "Neutral"]


def test_the_published_splits_are_the_same_rows_as_ever(real):
    groups = tweets.group_ids(real["text"])
    drawn = {seed: tweets.grouped_split(groups, seed) for seed in range(141, 146)}
    assert {seed: digest(split) for seed, split in drawn.items()} == {
        141: "36c3a93ce942",
        142: "2443fbacc3cb",
        143: "95a36f992012",
        144: "530bbb800a68",
        145: "7fff2a887430",
    }
    assert digest(tweets.random_split(len(real))) == "43d011ebefea"


def digest(split):
    rows = np.concatenate([split.test, split.validation]).astype("<i8")
    return hashlib.sha256(rows.tobytes()).hexdigest()[:12]


def test_other_keys_for_the_same_groups_give_another_split(real):
    groups = tweets.group_ids(real["text"])
    first_texts = real["text"].groupby(groups).transform("first").to_numpy()
    by_number = tweets.grouped_split(groups)
    by_text = tweets.grouped_split(first_texts)
    assert (by_number.test.size, by_text.test.size) == (3185, 2941)


def test_the_real_classes(real, tweets_csv):
    assert len(_real(tweets_csv)) == 13_871
    assert len(real) == 10_729
    assert real["sentiment"].value_counts().to_dict() == {"Negative": 8_493, "Positive": 2_236}
    two_columns = real[["text", "sentiment"]]
    negative = two_columns[two_columns["sentiment"] == "Negative"]
    positive = two_columns[two_columns["sentiment"] == "Positive"]
    assert (negative.size, positive.size) == (16_986, 4_472)


def test_the_real_groups_and_the_leak(real):
    groups = tweets.group_ids(real["text"])
    assert groups.max() + 1 == 7_284
    labels_of_group = real["sentiment"].groupby(groups).nunique()
    assert (labels_of_group > 1).sum() == 83
    for split, rows in ((tweets.random_split(len(real)), 1_141), (tweets.grouped_split(groups), 0)):
        learning = np.concatenate([split.train, split.validation])
        assert np.isin(groups[split.test], groups[learning]).sum() == rows


@pytest.mark.parametrize("seed", range(141, 146))
def test_nothing_that_a_model_reads_crosses_the_grouped_split(real, seed):
    split = tweets.grouped_split(tweets.group_ids(real["text"]), seed)
    keys = pd.Series(map(tweets.normalise, real["text"]))
    for column in (keys, pd.Series(tweets.clean_all(real["text"]))):
        parts = [set(column[part]) for part in (split.train, split.validation, split.test)]
        assert sum(map(len, parts)) == column.nunique()


def test_rt_inside_words_is_damage_to_13_percent(real):
    damaged = [bool(re.search(r"\wrt|rt\w", tweet.lower())) for tweet in real["text"]]
    assert np.mean(damaged) == pytest.approx(0.13, abs=0.005)
    counts = dict.fromkeys(("party", "support", "abortion"), 0)
    for tweet in real["text"]:
        for word in tweets.words(tweet):
            if word in counts:
                counts[word] += 1
    assert min(counts.values()) > 50


def test_the_shapes_of_2019(real):
    cleaned = [tweets.clean_2019(tweet) for tweet in real["text"]]
    vocabulary = tweets.fit_vocabulary(cleaned, 2000)
    padded = tweets.pad(tweets.to_sequences(cleaned, vocabulary))
    assert padded.shape == (10_729, 28)
    assert padded.max() == 1_999
    assert len(vocabulary) == 1_999


def test_our_cleaner_empties_no_real_tweet(real):
    cleaned = tweets.clean_all(real["text"])
    assert all(cleaned)
    assert not any("http" in words and "//" in words for words in cleaned)
    for before, after in zip(real["text"], cleaned, strict=True):
        left = set(tweets.words(html.unescape(before))) & set(PRECIOUS[:-2])
        assert left <= set(after.split())
