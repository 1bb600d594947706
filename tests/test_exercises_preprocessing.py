"""Every exercise of notebook 04: other forms of the right answer, and of a wrong one."""

import re

import numpy as np
import pandas as pd
import pytest

from workshop_utils import text, tweets
from workshop_utils.exercises import Outcome, preprocessing


def last_words(learnt, labels, asked):
    table = {}
    for group, label in zip(learnt, labels, strict=True):
        table.setdefault(group, []).append(label)
    return np.array([sum(table.get(each, [0])) * 2 > len(table.get(each, [0])) for each in asked])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("strip_quotes", lambda text: re.sub(r"\B'|'\B", " ", text)),
        ("strip_quotes", lambda text: re.sub(r"'* '*|^'+|'+$", " ", text)),
        ("group_key", lambda tweet: text.normalise(tweet).replace(" ", "-")),
        ("group_key", lambda tweet: tuple(text.normalise(tweet).split())),
        ("memorise", last_words),
        ("vocabulary", lambda texts, size: [
            "", "[UNK]", *pd.Series(" ".join(texts).split()).value_counts().index[: size - 2]]),
        ("near_copy", "not one question about schools tonight. Not one!"),
    ],
)  # fmt: skip
def test_other_forms_of_the_right_answer_are_correct(name, answer):
    assert getattr(preprocessing, name).judge(answer).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("strip_quotes", "support"),
        ("strip_quotes", lambda text: text),
        ("strip_quotes", lambda text: text.split()),
        ("group_key", lambda tweet: tweet),
        ("group_key", lambda tweet: 1),
        ("group_key", lambda tweet: tweet.split()),
        ("memorise", lambda learnt, labels, asked: labels),
        ("memorise", lambda learnt: 0),
        ("vocabulary", ["", "[UNK]"]),
        ("vocabulary", lambda texts, size: texts),
        ("near_copy", 7),
    ],
)
def test_other_answers_are_wrong_but_answered(name, answer):
    result = getattr(preprocessing, name).judge(answer)
    assert result.outcome is Outcome.NOT_YET
    assert result.line.startswith("Not yet: ")


def test_the_learners_own_function_is_what_runs():
    key = preprocessing.group_key.use(lambda tweet: text.normalise(tweet).upper())
    assert key("RT @me: Vote now") == "VOTE NOW"
    assert preprocessing.group_key.use(lambda tweet: tweet)("RT @me: Vote now") == "vote now"


def test_the_key_of_the_solution_groups_the_real_tweets_as_published(tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"]
    key = preprocessing.group_key.solution_answers()[0]
    assert pd.factorize(raw.map(key))[0].tolist() == text.group_ids(raw).tolist()
