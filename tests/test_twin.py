"""The offline twin: the same everywhere, in the real file's shape, harmless, and learnable."""

import re
import time

import numpy as np
import pytest

from workshop_utils import synthetic_tweets, text, tweets
from workshop_utils.synthetic_tweets import make, phrases, shape_of

# How far the twin may be from the real file; the others by a tenth of the value or 0.03.
TOLERANCES = {"groups with both labels": 0.005, "words, most": 3}


def table():
    """The table in the docstring: measure to (real, twin), as printed."""
    rows = re.findall(
        r"^\| (.+?) +\| +([\d.]+) \| +([\d.]+) \|$", synthetic_tweets.__doc__, re.MULTILINE
    )
    return {name: (real, ours) for name, real, ours in rows}


@pytest.fixture(scope="module")
def frame():
    return make()


def agrees(printed, measured):
    digits = len(printed.partition(".")[2])
    return abs(float(printed) - measured) <= 0.5001 * 10**-digits


def test_the_table_tells_the_truth_about_the_twin(frame):
    measured = shape_of(frame)
    assert list(measured) == list(table())
    wrong = {n: v for n, v in measured.items() if not agrees(table()[n][1], v)}
    assert not wrong


def test_the_table_tells_the_truth_about_the_real_file(tweets_csv):
    measured = shape_of(tweets.load(tweets_csv).frame)
    wrong = {n: v for n, v in measured.items() if not agrees(table()[n][0], v)}
    assert not wrong


@pytest.mark.parametrize("name", table())
def test_the_twin_has_the_shape_of_the_real_file(name):
    real, ours = map(float, table()[name])
    assert abs(real - ours) <= TOLERANCES.get(name, max(0.03, 0.1 * real))


def test_the_same_seed_gives_the_same_rows_and_another_does_not(frame):
    assert make().equals(frame)
    assert not make(seed=142)["text"].equals(frame["text"])


@pytest.mark.parametrize("rows", [1, 2, 99, 1_000, 30_000])
def test_any_size_can_be_made(rows):
    made = make(rows)
    assert len(made) == rows
    assert tuple(made.columns) == tweets.COLUMNS
    assert made["id"].tolist() == list(range(1, rows + 1))
    assert set(made["sentiment"]) <= set(tweets.LABELS)
    assert made["text"].str.strip().ne("").all()
    assert made["sentiment_confidence"].between(0, 1).all()


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        make(0)


@pytest.mark.parametrize("rows", [2_000, 30_000])
def test_the_shape_does_not_depend_on_the_size(frame, rows):
    small, full = shape_of(make(rows)), shape_of(frame)
    for name in ("negative", "positive", "begins with RT", "tags per tweet", "with a link"):
        assert small[name] == pytest.approx(full[name], abs=0.06), name


def test_it_has_the_types_of_the_real_file(frame, tweets_csv):
    real = tweets.load(tweets_csv).frame
    for column in tweets.COLUMNS:
        assert frame[column].dtype == real[column].dtype, column


def test_it_is_made_in_two_seconds():
    start = time.process_time()
    make()
    assert time.process_time() - start < 2


def test_nobody_real_is_in_it(frame):
    everything = "\n".join(frame["text"]).lower()
    people = ("trump", "bush", "cruz", "rubio", "carson", "clinton", "obama", "kelly", "fox")
    assert not any(name in everything for name in people)
    assert set(frame["candidate"]) == {*phrases.CANDIDATES, "No candidate mentioned"}
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
    for symbol in phrases.EMOJI:
        assert tweets_.str.contains(symbol, regex=False).any()
    assert tweets_.str.len().max() <= 140


def test_there_is_something_to_learn_and_it_is_not_easy(frame):
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.pipeline import make_pipeline

    kept = frame[frame["sentiment"] != "Neutral"]
    labels = (kept["sentiment"] == "Positive").to_numpy()
    words = np.array(text.clean_all(kept["text"]), dtype=object)
    split = text.grouped_split(text.group_ids(kept["text"]))
    model = make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression(C=10, max_iter=500))
    model.fit(words[split.train], labels[split.train])
    score = f1_score(labels[split.test], model.predict(words[split.test]), average="macro")
    majority = f1_score(labels[split.test], np.zeros(split.test.size, bool), average="macro")
    assert majority < 0.5 < 0.65 < score < 0.85
