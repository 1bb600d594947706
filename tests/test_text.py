"""Cleaning, grouping, splitting, numbering: on examples, any Unicode, and the real file."""

import functools
import html
import re
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workshop_utils import text
from workshop_utils.tweets import load
from workshop_utils.twin import make_twin

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=80)
WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=12).filter(
    lambda word: not re.search(r"(.)\1{3}|^htt", word)
)
PRECIOUS = ["party", "support", "abortion", "smart", "start", "part", "important", "https", "rt"]


@functools.cache
def _real(path):
    return load(path).frame


@pytest.fixture
def real(tweets_csv):
    """The real rows without the neutral ones, as in 2019."""
    frame = _real(tweets_csv)
    return frame[frame["sentiment"] != "Neutral"]


# --- cleaning --------------------------------------------------------------------------------


def test_the_cleaner_of_2019_keeps_its_mistakes():
    assert text.clean_2019("RT @a_B: The Party, smart!") == " a_b the pay sma"
    assert text.clean_2019("keeps [ \\ ] ^ _ `") == "keeps [ \\ ] ^ _ `"


@given(ANY_TEXT)
def test_the_cleaner_of_2019_is_its_recipe(tweet):
    kept = "".join(re.findall(r"[a-zA-z0-9\s]", tweet.lower()))
    assert text.clean_2019(tweet) == "".join(kept.split("rt"))


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (text.decode_entities, "a &amp; b &gt; c", "a & b > c"),
        (text.decode_entities, "no entity", "no entity"),
        (text.lower_case, "GOPDebate É", "gopdebate é"),
        (text.drop_links, "see https://t.co/aB3 now", "see   now"),
        (text.drop_links, "cut http:/… htt… http…", "cut      "),
        (text.drop_links, "the http protocol", "the http protocol"),
        (text.drop_retweet_mark, "rt @user_1: hello @you", "  hello @you"),
        (text.drop_retweet_mark, "start @user: hello", "start @user: hello"),
        (text.join_contractions, "don't and don\u2019t 'quote'", "dont and dont 'quote'"),
        (text.shorten_stretched, "soooooo good", "sooo good"),
        (text.shorten_stretched, "sooo good 10000", "sooo good 10000"),
        (text.space_out_symbols, "#tag,@you.2016", " tag  you 2016"),
        (text.space_out_symbols, "go\U0001f602go", "go \U0001f602 go"),
        (text.one_line, " a\n\nb \t c ", "a b c"),
    ],
)
def test_each_step_does_one_thing(step, before, after):
    assert step(before) == after
    assert step.__doc__


def test_cleaning_is_all_the_steps():
    tweet = (
        "RT @Some_One: I DON'T\n\nsupport this party!!! #GOPDebate &amp; http://t.co/x1 \U0001f602"
    )
    assert text.clean(tweet) == "i dont support this party gopdebate \U0001f602"
    assert text.clean("http://t.co/x1 !!!") == ""


@given(ANY_TEXT)
@example("r't @x: &amp;amp; h'ttp://a htttp://")
@example("_rt @a _http:… aa\ufe0faa")
@example("\u0130 \u0391\u03a3 \u017f \u1e9e")
def test_cleaning_takes_any_unicode_and_cleaning_twice_changes_nothing(tweet):
    once = text.clean(tweet)
    assert text.clean(once) == once
    assert once == once.lower()
    assert once.split() == once.split(" ") or once == ""


@given(st.lists(st.sampled_from(PRECIOUS) | WORDS, max_size=20))
def test_cleaning_damages_no_word(words):
    assert text.clean(" ".join(words)) == " ".join(words)
    assert text.clean(", ".join(words).title()) == " ".join(words)


@given(st.text(st.sampled_from("कखगािीुَُِابت"), min_size=1).filter(str.strip))
def test_accents_of_other_scripts_stay_in_their_words(word):
    assert text.clean(f"a {word}! b") == f"a {word} b"


@given(st.lists(st.sampled_from(["a", "Rt @b: c", "&lt;", "party"]), max_size=9))
def test_many_at_once_is_one_at_a_time(tweets):
    assert text.clean_all(tweets) == [text.clean(tweet) for tweet in tweets]
    assert text.clean_2019_all(pd.Series(tweets, dtype=object)) == list(
        map(text.clean_2019, tweets)
    )
    assert text.normalise_all(np.array(tweets, dtype=object)) == list(map(text.normalise, tweets))


def test_what_is_no_list_of_texts_is_refused():
    with pytest.raises(TypeError, match="one text was given"):
        text.clean_all("a tweet")
    with pytest.raises(TypeError, match="element 1 is float"):
        text.clean_all(["a", float("nan")])


@pytest.mark.slow
def test_a_hundred_thousand_tweets_are_cleaned_in_three_seconds(real):
    # Each is made distinct, so that nothing is gained by remembering.
    tweets = [f"{tweet} {k}" for k, tweet in enumerate((real["text"].tolist() * 10)[:100_000])]
    seconds = []
    for clean in (text.clean_all, text.clean_2019_all, text.normalise_all):
        start = time.process_time()
        clean(tweets)
        seconds.append(time.process_time() - start)
    assert max(seconds) < 3.0


def as_in_2019(frame):
    """The cells of 2019, a row at a time."""
    frame["text"] = frame["text"].apply(lambda tweet: tweet.lower())
    frame["text"] = frame["text"].apply(lambda tweet: re.sub(r"[^a-zA-z0-9\s]", "", tweet))
    return [row["text"].replace("rt", "") for _, row in frame.iterrows()]


def test_neither_cleaner_is_slower_than_the_code_of_2019(real):
    frame = real[["text", "sentiment"]].copy()
    start = time.process_time()
    expected = as_in_2019(frame)
    seconds_2019 = time.process_time() - start
    for clean in (text.clean_2019_all, text.clean_all):
        start = time.process_time()
        cleaned = clean(real["text"])
        assert time.process_time() - start < seconds_2019
        assert clean is text.clean_all or cleaned == expected


# --- grouping --------------------------------------------------------------------------------


def test_copies_fall_into_one_group():
    tweets = [
        "RT @a: Vote for #Change http://t.co/1",
        "Something else",
        "vote for change!",
        "RT @b: RT @a: Vote for #Change http://t.co/2 …",
        "Vote for @Change",
    ]
    assert text.group_ids(tweets).tolist() == [0, 1, 0, 0, 0]
    assert text.group_ids([]).tolist() == []


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_and_keeps_letters_and_digits_only(tweet):
    once = text.normalise(tweet)
    assert re.fullmatch(r"[a-z0-9]*( [a-z0-9]+)*", once)
    assert text.normalise(once) == once


@given(st.lists(st.sampled_from(["a", "B", "b", "rt @x: a", ""]), max_size=12))
def test_equal_texts_and_only_they_share_a_group(tweets):
    groups = text.group_ids(tweets)
    for i, one in enumerate(tweets):
        for j, other in enumerate(tweets):
            assert (groups[i] == groups[j]) == (text.normalise(one) == text.normalise(other))


def test_conflicts_are_the_groups_with_two_labels():
    found = text.conflicting_groups([0, 0, 1, 1, 2, 3, 3], [1, 0, 1, 1, 0, 0, 1])
    assert found.tolist() == [0, 3]
    assert text.conflicting_groups([5], [1]).tolist() == []
    with pytest.raises(ValueError, match="needs a group and a label"):
        text.conflicting_groups([0, 1], [1])


def test_twin_share_counts_tested_rows_with_a_copy():
    groups = [0, 0, 1, 2, 2, 3]
    assert text.twin_share(groups, [0, 2, 3], [1, 4, 5]) == pytest.approx(2 / 3)
    assert text.twin_share(groups, [2], [0, 1]) == 0


# --- splits ----------------------------------------------------------------------------------


def test_the_random_split_is_scikit_learns():
    from sklearn.model_selection import train_test_split

    learning, test = train_test_split(np.arange(10_729), test_size=0.3, random_state=141)
    split = text.random_split(10_729)
    assert np.array_equal(split.test, test)
    assert np.array_equal(split.learning, learning)
    # Keras' validation_split=0.1 takes what lies behind this place.
    assert split.train.size == int(7510 * 0.9)
    assert (split.learning.size, split.test.size, len(split)) == (7510, 3219, 10_729)


@given(
    groups=st.lists(st.integers(0, 30), min_size=40, max_size=120).filter(
        lambda ids: len(set(ids)) > 15
    ),
    seed=st.integers(0, 2**31 - 1),
)
def test_no_group_crosses_and_no_row_is_lost(groups, seed):
    split = text.grouped_split(groups, seed)
    ids = np.array(groups)
    parts = [set(ids[part]) for part in (split.train, split.validation, split.test)]
    assert sum(map(len, parts)) == len(set(groups))
    assert np.array_equal(
        np.sort(np.concatenate([split.learning, split.test])), np.arange(len(ids))
    )


def test_a_split_depends_on_its_seed_alone():
    groups = np.arange(300) // 2
    assert np.array_equal(text.grouped_split(groups, 1).test, text.grouped_split(groups, 1).test)
    assert not np.array_equal(
        text.grouped_split(groups, 1).test, text.grouped_split(groups, 2).test
    )
    said = str(text.grouped_split(groups, 142, test_share=0.5, validation_share=0.2))
    assert said == ("grouped split, seed 142: 120 rows to train, 30 to validate, 150 to test")


def test_impossible_splits_are_refused():
    for make in (
        lambda share: text.random_split(100, test_share=share),
        lambda share: text.grouped_split(range(100), validation_share=share),
    ):
        for share in (0.0, 1.0, 30):
            with pytest.raises(ValueError, match="between 0 and 1"):
                make(share)
    with pytest.raises(ValueError, match="Each part needs at least one row"):
        text.random_split(2, validation_share=0.1)
    with pytest.raises(ValueError, match="one part of a split only"):
        text.Split(np.array([0]), np.array([1]), np.array([0]), name="random", seed=1)


# --- vocabulary ------------------------------------------------------------------------------


def test_words_are_those_of_the_tokenizer_of_2019():
    assert text.words("The [Party]_of  2016\tand\nMore\u00a0here") == [
        "the", "party", "of", "2016", "and", "more\u00a0here"
    ]  # fmt: skip


def test_the_vocabulary_holds_the_most_frequent_words_first_seen_first():
    vocabulary = text.fit_vocabulary(["c b b", "a c", "d"], 4)
    assert vocabulary.words == ("c", "b", "a")
    assert vocabulary.index == {"c": 1, "b": 2, "a": 3}
    assert len(vocabulary) == 3
    assert "a" in vocabulary
    assert "d" not in vocabulary
    assert text.to_sequences(["d a b", "d", "C"], vocabulary) == [[3, 2], [], [1]]
    with pytest.raises(ValueError, match="size of 2 or more"):
        text.fit_vocabulary(["a"], 1)


def test_coverage_counts_occurrences():
    vocabulary = text.fit_vocabulary(["a a b"], 2)
    assert text.coverage(["a a b", "c"], vocabulary) == 0.5
    assert np.isnan(text.coverage([""], vocabulary))


@given(
    sequences=st.lists(st.lists(st.integers(1, 99), max_size=9), min_size=1, max_size=9),
    timesteps=st.none() | st.integers(1, 12),
    padding=st.sampled_from(["pre", "post"]),
    truncating=st.sampled_from(["pre", "post"]),
)
def test_padding_is_what_keras_does(sequences, timesteps, padding, truncating):
    width = timesteps or max(map(len, sequences))
    expected = []
    for sequence in sequences:
        kept = (
            sequence[max(0, len(sequence) - width) :] if truncating == "pre" else sequence[:width]
        )
        zeros = [0] * (width - len(kept))
        expected.append(zeros + kept if padding == "pre" else kept + zeros)
    padded = text.pad(sequences, timesteps, padding, truncating)
    assert padded.tolist() == expected
    assert padded.dtype == np.int32


@pytest.mark.slow
def test_padding_agrees_with_keras_itself():
    from workshop_utils import runtime

    sequences = [[1, 2, 3], [], [4], [5, 6, 7, 8, 9]]
    keras = runtime.load_keras()
    for padding in ("pre", "post"):
        for timesteps in (None, 2, 7):
            ours = text.pad(sequences, timesteps, padding)
            theirs = keras.utils.pad_sequences(sequences, maxlen=timesteps, padding=padding)
            assert np.array_equal(ours, theirs)


def test_numbering_agrees_with_the_tokenizer_that_keras_keeps_for_old_code():
    module = pytest.importorskip("keras.src.legacy.preprocessing.text")
    tweets = text.clean_2019_all(make_twin(rows=2_000)["text"])
    theirs = module.Tokenizer(num_words=300, split=" ")
    theirs.fit_on_texts(tweets)
    vocabulary = text.fit_vocabulary(tweets, 300)
    assert text.to_sequences(tweets, vocabulary) == theirs.texts_to_sequences(tweets)


def test_wrong_padding_is_refused():
    with pytest.raises(ValueError, match="'left' was given"):
        text.pad([[1]], padding="left")
    with pytest.raises(ValueError, match="truncating"):
        text.pad([[1]], truncating="middle")
    with pytest.raises(ValueError, match="at least one time step"):
        text.pad([[1]], timesteps=0)
    assert text.pad([]).shape == (0, 0)


# --- the figures of the curriculum, on the real file -----------------------------------------


def test_the_real_classes(real, tweets_csv):
    assert len(_real(tweets_csv)) == 13_871
    assert len(real) == 10_729
    assert real["sentiment"].value_counts().to_dict() == {"Negative": 8_493, "Positive": 2_236}
    two_columns = real[["text", "sentiment"]]
    negative = two_columns[two_columns["sentiment"] == "Negative"]
    positive = two_columns[two_columns["sentiment"] == "Positive"]
    assert (negative.size, positive.size) == (16_986, 4_472)


def test_the_real_groups_and_the_leak(real):
    groups = text.group_ids(real["text"])
    assert groups.max() + 1 == 7_318
    assert len(text.conflicting_groups(groups, real["sentiment"] == "Positive")) == 79
    split = text.random_split(len(real))
    assert text.twin_share(groups, split.learning, split.test) == pytest.approx(0.35, abs=0.005)
    grouped = text.grouped_split(groups)
    assert text.twin_share(groups, grouped.learning, grouped.test) == 0
    assert text.twin_share(groups, grouped.train, grouped.validation) == 0


def test_rt_inside_words_is_damage_to_13_percent(real):
    damaged = [bool(re.search(r"\wrt|rt\w", tweet.lower())) for tweet in real["text"]]
    assert np.mean(damaged) == pytest.approx(0.13, abs=0.005)
    counts = dict.fromkeys(("party", "support", "abortion"), 0)
    for tweet in real["text"]:
        for word in text.words(tweet):
            if word in counts:
                counts[word] += 1
    assert min(counts.values()) > 50


def test_the_shapes_of_2019(real):
    cleaned = text.clean_2019_all(real["text"])
    vocabulary = text.fit_vocabulary(cleaned, 2000)
    padded = text.pad(text.to_sequences(cleaned, vocabulary))
    assert padded.shape == (10_729, 28)
    assert padded.max() == 1_999
    assert len(vocabulary) == 1_999


def test_our_cleaner_empties_no_real_tweet(real):
    cleaned = text.clean_all(real["text"])
    assert all(cleaned)
    assert not any("http" in words and "//" in words for words in cleaned)
    for before, after in zip(real["text"], cleaned, strict=True):
        left = set(text.words(html.unescape(before))) & set(PRECIOUS[:-2])
        assert left <= set(after.split())
