"""The tokeniser in Python gives the numbers of the model's own vectoriser, for any text."""

import unicodedata

import pytest
import small_classifier
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workshop_utils import environment, tweets, vectoriser
from workshop_utils.classifier.tokeniser import Tokeniser, words

# The words hold what cleaning has to do with, so that a difference shows in the numbers.
WORDS = (
    "great caf\u00e9 dont abc ooo a b c x 5 \u0661 rt http q "
    "\u03c3 \u03c2 \u03c3\u03b1\u03c2 \U0001f602"
)


@pytest.fixture(scope="module")
def tokeniser():
    return Tokeniser.of_layer(vectoriser.fit_vectoriser([WORDS, *small_classifier.TEXTS], 60))


def test_it_works_in_python(tokeniser):
    assert tokeniser.in_python
    assert tokeniser(["Great!! http://x.y DON'T"]) == tokeniser.by_layer(["great dont"])


PIECES = st.sampled_from(
    ["rt ", "RT @", "@me:", "http://t.co/x", "https:", "htt\u2026", "'", "\u2019", "oooo", " ",
     "\n", "&amp;", "&lt", "&copy;", "_", "\u2026", "a", "\u00e9", "5", "\U0001f602", "\ufe0f",
     "\u03a3", "\u0130", "\x00", "\x1c", "\u0301", "great", "dont", "rt", "@", ":"]
)  # fmt: skip
ANY = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(PIECES | st.text(ANY, max_size=3), max_size=14).map("".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=20, max_size=20))
@example(
    ["&hellip;", "&#8217;", "a&nbsp;b", "\u03a3\u0391\u03a3 a\u03a3", "htt\u2026http:x rt @a:rt @b"]
)
@example(["\U0001fae8 new emoji", "\U0001e4d0 new letter", "\u1c89\ua7cb\U000105c0 newer"])
def test_any_text_is_numbered_as_by_the_model(tokeniser, texts):
    assert tokeniser(texts) == tokeniser.by_layer(texts)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=20, max_size=20))
def test_any_text_is_split_into_the_words_of_the_model(tokeniser, texts):
    sure = [text for text in texts if tokeniser._is_sure(text)]
    given_ = environment.load_tensorflow().constant(sure, shape=(len(sure),), dtype="string")
    cleaned = vectoriser.standardise(given_).numpy()
    assert [" ".join(words(text)) for text in sure] == [each.decode() for each in cleaned]


def test_the_real_tweets_are_numbered_as_by_the_model(tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"].tolist()
    tokeniser = Tokeniser.of_layer(vectoriser.fit_vectoriser(raw, 4000))
    assert tokeniser.in_python
    assert tokeniser(raw) == tokeniser.by_layer(raw)


def test_most_texts_need_no_tensorflow(tokeniser, monkeypatch):
    usual = [
        "plain",
        "caf\u00e9 \u2019tis \U0001f602\u2764\ufe0f",
        "\u0645\u0646\u0627",
        "\u6f22\u5b57",
    ]
    tokeniser(usual)  # each character is compared once

    def refuse(*_):
        raise AssertionError("the vectoriser was asked again")

    monkeypatch.setattr(tokeniser, "by_layer", refuse)
    monkeypatch.setattr(tokeniser, "_compare", refuse)
    assert len(tokeniser(usual)) == 4


def test_characters_that_the_two_treat_differently_go_to_the_model(tokeniser, monkeypatch):
    asked = []
    inner = tokeniser.by_layer
    monkeypatch.setattr(tokeniser, "by_layer", lambda texts: asked.extend(texts) or inner(texts))
    assert unicodedata.lookup("GREEK CAPITAL LETTER SIGMA") in tokeniser._different
    tokeniser(["plain", "\u03a3\u0391\u03a3"])
    assert asked == ["\u03a3\u0391\u03a3"]


@pytest.mark.parametrize(
    "options",
    [
        {"standardize": "lower_and_strip_punctuation"},
        {"standardize": None},
        {"split": "character"},
        {"ngrams": 2},
    ],
)
def test_a_vectoriser_of_another_kind_does_the_work_itself(options):
    keras = environment.load_keras()
    layer = keras.layers.TextVectorization(max_tokens=50, **options)
    layer.adapt(small_classifier.TEXTS)
    tokeniser = Tokeniser.of_layer(layer)
    assert not tokeniser.in_python
    assert tokeniser(["Great, http://x.y", ""]) == tokeniser.by_layer(["Great, http://x.y", ""])


def test_a_standardise_that_differs_only_in_links_is_found_out():
    keras = environment.load_keras()

    @keras.saving.register_keras_serializable(package="tests")
    def keeps_links(texts):
        tensorflow = environment.load_tensorflow()
        return vectoriser.standardise(tensorflow.strings.regex_replace(texts, "http", "link"))

    layer = keras.layers.TextVectorization(max_tokens=50, standardize=keeps_links)
    layer.adapt(small_classifier.TEXTS)
    assert Tokeniser.of_layer(layer)(["great http://x.y"]) == Tokeniser.of_layer(layer).by_layer(
        ["great http://x.y"]
    )
