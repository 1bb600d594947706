"""Cleaning inside a saved model equals cleaning in Python, for any text."""

import unicodedata

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workshop_utils import tweets
from workshop_utils.runtime import environment
from workshop_utils.sentiment import vectoriser

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
    assert cleaned_inside(list(TRICKY)) == [tweets.clean(each) for each in TRICKY]


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


@settings(max_examples=25, deadline=None)
@given(st.lists(_TEXTS, min_size=20, max_size=20))
@example([*TRICKY])
def test_any_text_is_cleaned_as_outside(texts):
    assert cleaned_inside(texts) == [tweets.clean(each) for each in texts]


def test_the_real_tweets_are_cleaned_as_outside(tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"].tolist()
    assert cleaned_inside(raw) == tweets.clean_all(raw)


def test_the_saved_file_cleans_and_numbers(tmp_path):
    vectoriser.register()
    keras = environment.load_keras()
    layer = keras.layers.TextVectorization(
        standardize=vectoriser.standardise, vocabulary=["good", "he'll"]
    )
    path = tmp_path / "words.keras"
    keras.Sequential([keras.Input((), dtype="string"), layer]).save(path)
    loaded = keras.models.load_model(path)
    constant = environment.load_tensorflow().constant
    numbers = loaded(constant(["RT @you: GOOD! He\u2019ll win", ""]))
    assert np.asarray(numbers).tolist() == [[2, 3, 1], [0, 0, 0]]
