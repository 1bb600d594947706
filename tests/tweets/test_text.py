"""Cleaning, grouping, splitting, numbering: on examples and any Unicode."""

import random
import re
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workshop_utils import tweets as text
from workshop_utils.tweets.synthetic import make

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=80)
WORDS = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=12)
PRECIOUS = ["party", "support", "abortion", "smart", "start", "part", "important", "https", "rt"]


# --- cleaning --------------------------------------------------------------------------------


def test_the_cleaner_of_2019_keeps_its_mistakes():
    assert text.clean_2019("RT @a_B: The Party, smart!") == " a_b the pay sma"
    assert text.clean_2019("keeps [ \\ ] ^ _ `") == "keeps [ \\ ] ^ _ `"


@given(ANY_TEXT)
def test_the_cleaner_of_2019_is_its_recipe(tweet):
    kept = "".join(re.findall(r"[a-zA-z0-9\s]", tweet.lower()))
    assert text.clean_2019(tweet) == "".join(kept.split("rt"))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("decode apostrophes", "don&rsquo;t don&#39;t", "don't don't"),
        ("straighten apostrophes", "don\u2019t", "don't"),
        ("drop entities", "a &amp; b &GT; c", "a   b   c"),
        ("lower case", "GOPDebate \u00c9", "gopdebate \u00e9"),
        ("drop links", "see https://t.co/aB3 now", "see   now"),
        ("drop links", "the http protocol", "the http protocol"),
        ("drop the cut word", "i agree #GOPDeba\u2026", "i agree  "),
        ("drop the cut word", "so\u2026 it goes", "so\u2026 it goes"),
        ("drop retweet marks", "rt @user_1: hello @you", "  hello @you"),
        ("drop retweet marks", "start @user: hello", "start @user: hello"),
        ("space out emoji", "go\U0001f602go", "go \U0001f602 go"),
        ("drop punctuation", "#tag,@you.2016", " tag you 2016"),
        ("drop quotes", "'he'll' say 'yes", "he'll say yes"),
        ("one space", " a  b ", "a b"),
    ],
)
def test_each_step_does_one_thing(name, before, after):
    step = next(step for step in text.STEPS if step.name == name)
    assert " ".join(step(before).split()) == " ".join(after.split())


def test_cleaning_is_all_the_steps():
    tweet = (
        "RT @Some_One: I DON'T\n\nsupport this party!!! #GOPDebate &amp; http://t.co/x1 \U0001f602"
    )
    assert text.clean(tweet) == "i don't support this party gopdebate \U0001f602"
    assert text.clean("http://t.co/x1 !!!") == ""


@pytest.mark.parametrize("word", ["who're", "he'll", "we're", "i'll", "can't", "o'clock"])
def test_no_contraction_becomes_another_word(word):
    assert text.clean(f"'{word}' {word}!") == f"{word} {word}"
    assert text.clean(word.replace("'", "\u2019").upper()) == word


@given(ANY_TEXT)
@example("r't @x: &amp;amp; h'ttp://a htttp://")
@example("_rt @a _http:… aa\ufe0faa")
@example("\u0130 \u0391\u03a3 \u017f \u1e9e")
def test_cleaning_takes_any_unicode_and_cleaning_twice_changes_nothing(tweet):
    once = text.clean(tweet)
    assert text.clean(once) == once
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
    assert text.clean_all(pd.Series(tweets, dtype=object)) == text.clean_all(tweets)


LETTERS = [
    "rt",
    "RT",
    "@",
    "@a",
    "a",
    "s",
    "_",
    "-",
    "#",
    "\u0391\u03a3",
    "http://",
    "https:",
    "&amp;",
]
MARKS = ["&#39;", "&", ":", "'", "\u2019", "\u2018", "\u2026", "\U0001f602", "\u200b"]
SPACES = [" ", "  ", "\n", "\x00", "\x1f"]


def test_a_hundred_thousand_texts_are_cleaned_together_as_one_by_one():
    draw = random.Random(1)
    pieces = LETTERS + MARKS + SPACES
    tweets = ["".join(draw.choices(pieces, k=draw.randint(0, 18))) for _ in range(100_000)]
    assert text.clean_all(tweets) == [text.clean(tweet) for tweet in tweets]


def test_every_block_of_unicode_is_cleaned_together_as_one_by_one():
    blocks = ["".join(map(chr, range(k, k + 16))) for k in range(0, sys.maxunicode, 16)]
    tweets = [f"a{block} b rt @{block[0]}" for block in blocks]
    assert text.clean_all(tweets) == [text.clean(tweet) for tweet in tweets]


def test_what_is_no_list_of_texts_is_refused():
    with pytest.raises(TypeError, match="one text was given"):
        text.clean_all("a tweet")
    with pytest.raises(TypeError, match="element 1 is float"):
        text.clean_all(["a", float("nan")])


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
    cut = ["RT @a: Vote for change htt\u2026", "RT @abc: Vote for change h\u2026", "Vote for"]
    assert text.group_ids(cut).tolist() == [0, 0, 1]
    assert text.group_ids([]).tolist() == []


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing_and_keeps_letters_and_digits_only(tweet):
    once = text.normalise(tweet)
    assert re.fullmatch(r"[a-z0-9]*( [a-z0-9]+)*", once)
    assert text.normalise(once) == once


# Pieces that the key and the cleaner read differently: cut words, quotes, entities, marks.
WORD_PIECES = [
    "a",
    "B",
    "b1",
    "don't",
    "dont",
    "'",
    "#tag",
    "@user",
    "rt @x: ",
    "RT @x ",
    "htt\u2026",
]
MARKS = ["\u2026", "http://t.co/1", "https:", "&amp;", "&#39;", "\u2019", "\U0001f600", "\n", " "]
PIECES = st.sampled_from(WORD_PIECES) | st.sampled_from(MARKS)
ADVERSARIAL = st.lists(st.lists(PIECES, max_size=5).map("".join) | ANY_TEXT, max_size=14)


@given(ADVERSARIAL)
def test_texts_share_a_group_when_a_chain_of_equal_keys_or_cleaned_texts_links_them(tweets):
    groups = text.group_ids(tweets)
    keys = [text.normalise(tweet) for tweet in tweets]
    cleaned = text.clean_all(tweets)
    pairs = [(a, b) for a in range(len(tweets)) for b in range(a)]
    linked = {(a, b) for a, b in pairs if keys[a] == keys[b] or cleaned[a] == cleaned[b]}
    # The slow way: spread over the links until nothing changes.
    reached = [{row} for row in range(len(tweets))]
    for _ in tweets:
        for a, b in linked:
            reached[a] |= reached[b]
            reached[b] |= reached[a]
    for a, b in pairs:
        assert (groups[a] == groups[b]) == (a in reached[b]), (tweets[a], tweets[b])
    assert list(dict.fromkeys(groups.tolist())) == list(range(len(set(groups))))


@settings(deadline=None)  # the first call imports scikit-learn
@given(ADVERSARIAL, st.integers(0, 2**31 - 1))
def test_no_cleaned_text_and_no_key_crosses_a_grouped_split(tweets, seed):
    tweets = [*tweets, *(f"{word} {end}" for word in "cdefghij" for end in ("htt\u2026", "", "!"))]
    split = text.grouped_split(text.group_ids(tweets), seed)
    for said in ([text.normalise(tweet) for tweet in tweets], text.clean_all(tweets)):
        parts = [
            {said[row] for row in part} for part in (split.train, split.validation, split.test)
        ]
        assert sum(map(len, parts)) == len(set(said))


def test_a_chain_of_links_makes_one_group():
    assert text.connected_groups("abbc", [1, 1, 2, 3], "xyzz").tolist() == [0, 0, 0, 0]
    assert text.connected_groups("abca", [1, 2, 3, 4]).tolist() == [0, 1, 2, 0]
    assert text.connected_groups().tolist() == []
    with pytest.raises(ValueError, match="lengths differ"):
        text.connected_groups("ab", "abc")


# --- splits ----------------------------------------------------------------------------------


def test_the_random_split_is_scikit_learns():
    from sklearn.model_selection import train_test_split

    learning, test = train_test_split(np.arange(10_729), test_size=0.3, random_state=141)
    split = text.random_split(10_729)
    assert np.array_equal(split.test, test)
    assert np.array_equal(np.concatenate([split.train, split.validation]), learning)
    # Keras' validation_split=0.1 takes what lies behind this place.
    assert split.train.size == int(7510 * 0.9)
    assert split.test.size == 3219


@settings(deadline=None)  # the first call imports scikit-learn
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
    rows = np.concatenate([split.train, split.validation, split.test])
    assert np.array_equal(np.sort(rows), np.arange(len(ids)))


def test_a_split_depends_on_its_seed_alone():
    groups = np.arange(300) // 2
    assert np.array_equal(text.grouped_split(groups, 1).test, text.grouped_split(groups, 1).test)
    assert not np.array_equal(
        text.grouped_split(groups, 1).test, text.grouped_split(groups, 2).test
    )


def test_impossible_splits_are_refused():
    for draw in (lambda: text.random_split(2), lambda: text.grouped_split([0, 0, 1, 1])):
        with pytest.raises(ValueError, match=r"needs a row|will be empty"):
            draw()
    with pytest.raises(ValueError, match="one part of a split only"):
        text.Split(np.array([0]), np.array([1]), np.array([0]))


# --- vocabulary ------------------------------------------------------------------------------


def test_words_are_those_of_the_tokenizer_of_2019():
    assert text.words("The [Party]_of  2016\tand\nMore\u00a0here") == [
        "the", "party", "of", "2016", "and", "more\u00a0here"
    ]  # fmt: skip


def test_the_vocabulary_holds_the_most_frequent_words_first_seen_first():
    vocabulary = text.fit_vocabulary(["c b b", "a c", "d"], 4)
    assert list(vocabulary.items()) == [("c", 1), ("b", 2), ("a", 3)]
    assert text.to_sequences(["d a b", "d", "C"], vocabulary) == [[3, 2], [], [1]]


def test_padding_agrees_with_keras():
    from workshop_utils.runtime import environment

    sequences = [[1, 2, 3], [], [4], [5, 6, 7, 8, 9]]
    keras = environment.load_keras()
    for timesteps in (None, 2, 7):
        theirs = keras.utils.pad_sequences(sequences, maxlen=timesteps)
        assert np.array_equal(text.pad(sequences, timesteps), theirs)
    assert text.pad([]).shape == (0, 0)


def test_numbering_agrees_with_the_tokenizer_that_keras_keeps_for_old_code():
    module = pytest.importorskip("keras.src.legacy.preprocessing.text")
    tweets = [text.clean_2019(tweet) for tweet in make(rows=2_000)["text"]]
    theirs = module.Tokenizer(num_words=300, split=" ")
    theirs.fit_on_texts(tweets)
    vocabulary = text.fit_vocabulary(tweets, 300)
    assert text.to_sequences(tweets, vocabulary) == theirs.texts_to_sequences(tweets)
