"""Synthetic tweets: the same everywhere, in the real file's shape, harmless, and learnable."""

import re

import numpy as np
import pytest

from workshop_utils import tweets
from workshop_utils.tweets.synthetic import make
from workshop_utils.tweets.synthetic.writing import PHRASES

# Share of rows (or mean, for the last two): in the real file, and how far ours may be from it.
SHAPE = {
    "negative": (0.612, 0.03),
    "positive": (0.161, 0.03),
    "retweets": (0.556, 0.06),
    "distinct texts": (0.750, 0.08),
    "tags": (0.970, 0.05),
    "links": (0.259, 0.03),
    "&amp;": (0.071, 0.03),
    "new lines": (0.092, 0.03),
    "cut": (0.196, 0.03),
    "full confidence": (0.387, 0.04),
    "characters": (114.5, 12),
    "words": (16.9, 2),
}


def shape_of(frame):
    tweets_ = frame["text"]
    return {
        "negative": (frame["sentiment"] == "Negative").mean(),
        "positive": (frame["sentiment"] == "Positive").mean(),
        "retweets": tweets_.str.startswith("RT ").mean(),
        "distinct texts": tweets_.nunique() / len(frame),
        "tags": tweets_.str.contains("#").mean(),
        "links": tweets_.str.contains("http").mean(),
        "&amp;": tweets_.str.contains("&amp;").mean(),
        "new lines": tweets_.str.contains("\n").mean(),
        "cut": tweets_.str.endswith("\u2026").mean(),
        "full confidence": (frame["sentiment_confidence"] == 1).mean(),
        "characters": tweets_.str.len().mean(),
        "words": tweets_.str.split().str.len().mean(),
    }


@pytest.fixture(scope="module")
def frame():
    return make()


def test_they_have_the_shape_of_the_real_file(frame):
    measured = shape_of(frame)
    far = {n: measured[n] for n, (real, most) in SHAPE.items() if abs(measured[n] - real) > most}
    assert not far


def test_the_shape_is_that_of_the_real_file(tweets_csv):
    measured = shape_of(tweets.load(tweets_csv).frame)
    assert measured == pytest.approx({name: real for name, (real, _) in SHAPE.items()}, rel=0.02)


def test_the_same_seed_gives_the_same_rows_and_another_does_not(frame):
    assert make().equals(frame)
    assert not make(seed=142)["text"].equals(frame["text"])


@pytest.mark.parametrize("rows", [1, 2, 99, 1_000])
def test_any_size_can_be_made(rows):
    made = make(rows)
    assert len(made) == rows
    assert tuple(made.columns) == tweets.reading.COLUMNS
    assert made["id"].tolist() == list(range(1, rows + 1))
    assert set(made["sentiment"]) <= set(tweets.reading.LABELS)
    assert made["text"].str.strip().ne("").all()
    assert made["sentiment_confidence"].between(0, 1).all()


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        make(0)


def test_it_has_the_types_of_the_real_file(frame, tweets_csv):
    real = tweets.load(tweets_csv).frame
    for column in tweets.reading.COLUMNS:
        assert frame[column].dtype == real[column].dtype, column


def test_nobody_real_is_in_it(frame):
    everything = "\n".join(frame["text"]).lower()
    people = ("trump", "bush", "cruz", "rubio", "carson", "clinton", "obama", "kelly", "fox")
    assert not any(name in everything for name in people)
    assert set(frame["candidate"]) == {*PHRASES["candidates"], "No candidate mentioned"}
    # The name under ".example" is reserved, so no link can lead anywhere.
    links = re.findall(r"https?://(\S+)", everything)
    assert links
    assert all(
        link.startswith("link.example/") or link.rstrip("…") in "link.example/" or "…" in link
        for link in links
    )


def test_all_that_the_lessons_show_is_in_it(frame):
    tweets_ = frame["text"]
    for piece in ("party", "support", "smart", "&amp;", "\n", "RT @", "#", "http", "…", "\u2019"):
        assert tweets_.str.contains(piece, regex=False).any(), piece
    for symbol in PHRASES["emoji"]:
        assert tweets_.str.contains(symbol, regex=False).any()
    assert tweets_.str.len().max() <= 140


def test_there_is_something_to_learn_and_it_is_not_easy(frame):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.pipeline import make_pipeline

    kept = frame[frame["sentiment"] != "Neutral"]
    labels = (kept["sentiment"] == "Positive").to_numpy()
    words = np.array(tweets.clean_all(kept["text"]), dtype=object)
    split = tweets.grouped_split(tweets.group_ids(kept["text"]))
    model = make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression(C=10, max_iter=500))
    model.fit(words[split.train], labels[split.train])
    score = f1_score(labels[split.test], model.predict(words[split.test]), average="macro")
    majority = f1_score(labels[split.test], np.zeros(split.test.size, bool), average="macro")
    assert majority < 0.5 < 0.65 < score < 0.85
