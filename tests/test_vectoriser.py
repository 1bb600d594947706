"""Cleaning inside the model equals cleaning outside of it, for any text; the numbers fit."""

import html
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from workshop_utils import environment, models, text, tweets, vectoriser

TRICKY = (
    "",
    "RT @someone: Don't stop!!! http://t.co/abc",
    "rt @a:rt @b: twice",
    "a'b'c'd \u2019tis o\u2019clock",
    "soooooo goooood",
    "htt\u2026http:/\u2026 cut https://x.y/\u00e9?q=1 end",
    "caf\u00e9 \u00e9http://not.a.link \u017fhttp:x _rt @x xrt @y",
    "fox &amp; friends &lt;3 &gt; &quot;hi&quot; &#39;s &nbsp; &amp;lt; &amp",
    "line\none\u2028two\u00a0three\x1cfour\x85five",
    "\U0001f1fa\U0001f1f8\U0001f602\u2764\ufe0f \u2122 a\u0301 \u0661\u0662",
    "a zero\x00 byte, and http:one\x00inside",
    "\u0130stanbul STRASSE \u03a3\u03a3",
)


def cleaned_inside(texts):
    tensorflow = environment.load_tensorflow()
    return [t.decode() for t in vectoriser.standardise(tensorflow.constant(texts)).numpy()]


def test_tricky_texts_are_cleaned_as_outside():
    assert cleaned_inside(list(TRICKY)) == [text.clean(each) for each in TRICKY]


_PIECES = st.sampled_from(
    ["rt ", "RT @", "@me:", "http://t.co/x", "https:", "htt\u2026", "'", "\u2019", "oooo", " ",
     "\n", "&amp;", "&lt;", "_", "\u2026", "a", "\u00e9", "5", "\U0001f602", "\ufe0f"]
)  # fmt: skip
# Python and TensorFlow bring tables of different Unicode versions; what has been the same for
# twenty years is the same in both.
_SETTLED = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs", "Cn", "Co"]).filter(
    lambda each: unicodedata.category(each) == unicodedata.ucd_3_2_0.category(each)
)
_TEXTS = st.lists(_PIECES | st.text(_SETTLED, max_size=4), max_size=12).map("".join)


def decodes_alike(each):
    """Whether HTML's full list of names finds no more in a text than the short one."""
    short = each
    for pattern, character in vectoriser.ENTITIES.items():
        short = re.sub(pattern, character, short)
    return short == html.unescape(each)


@settings(max_examples=25, deadline=None)
@given(st.lists(_TEXTS, min_size=20, max_size=20))
@example([*TRICKY])
def test_any_text_is_cleaned_as_outside(texts):
    texts = [each for each in texts if decodes_alike(each)]
    assume(texts)
    assert cleaned_inside(texts) == [text.clean(each) for each in texts]


def test_the_real_tweets_are_cleaned_as_outside(tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"].tolist()
    assert cleaned_inside(raw) == text.clean_all(raw)


def test_integers_stand_for_words_with_zeros_on_the_right():
    layer = vectoriser.fit_vectoriser(["Good good day", "good night"], 10)
    assert layer.get_vocabulary()[:3] == ["", "[UNK]", "good"]
    encoded = vectoriser.encode(layer, ["GOOD good!", "strange", ""])
    assert encoded.tolist() == [[2, 2], [1, 0], [0, 0]]
    assert encoded.dtype == np.int32


def test_an_array_of_texts_is_as_good_as_a_list():
    texts = ["one two", "two three"]
    from_list = vectoriser.fit_vectoriser(texts, 10)
    from_array = vectoriser.fit_vectoriser(np.array(texts, dtype=object), 10)
    assert from_list.get_vocabulary() == from_array.get_vocabulary()


def test_the_vocabulary_keeps_the_most_frequent_words():
    layer = vectoriser.fit_vectoriser(["a b c", "a b", "a"], 4)
    assert layer.get_vocabulary() == ["", "[UNK]", "a", "b"]


def test_long_texts_are_cut_on_the_right():
    layer = vectoriser.fit_vectoriser(["a a b"], 4)
    assert vectoriser.encode(layer, ["a b a"], timesteps=2).tolist() == [[2, 3]]
    assert vectoriser.encode(layer, ["a " * 500]).shape == (1, models.LONGEST_TEXT)
    assert vectoriser.encode(layer, []).shape == (0, 1)


def test_many_texts_are_numbered_in_parts(monkeypatch):
    layer = vectoriser.fit_vectoriser(["a b"], 4)
    texts = ["a", "a b", "b a b", "b", "a a"]
    at_once = vectoriser.encode(layer, texts)
    monkeypatch.setattr(vectoriser, "TOGETHER", 2)
    np.testing.assert_array_equal(vectoriser.encode(layer, texts), at_once)


@pytest.mark.parametrize(("texts", "size"), [([], 10), (["a"], 2)])
def test_no_text_and_no_room_are_refused(texts, size):
    with pytest.raises(ValueError, match="at least one text and three places"):
        vectoriser.fit_vectoriser(texts, size)
