"""The classifier: Keras' answers without TensorFlow, and plain words where it cannot tell."""

import dataclasses
import functools
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import small_classifier
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils.runtime import environment
from workshop_utils.sentiment import classifier as module
from workshop_utils.sentiment.classifier import CANNOT_TELL, SentimentClassifier

WORDS = st.sampled_from(
    ["great", "terrible", "night", "lies", "odd", "don't", "\U0001f44d", "RT @a:"]
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "small.keras"
    path.write_bytes(small_classifier.saved())
    return path


@pytest.fixture(scope="module")
def classifier(path):
    return SentimentClassifier.load(path)


# --- the same answers as Keras ----------------------------------------------------------


@given(st.lists(st.one_of(st.text(max_size=40), st.lists(WORDS).map(" ".join)), min_size=20))
@settings(max_examples=10, deadline=None)
def test_any_texts_get_the_answers_of_keras(texts):
    classifier = _shared()
    texts = [text for text in texts if classifier.words(text)] or ["great"]
    given = environment.load_tensorflow().constant(
        [text.encode("utf-8", "replace").decode() for text in texts]
    )
    expected = np.asarray(small_classifier.model()(given))[:, 0]
    found = 1 / (1 + np.exp(-classifier.logits(texts)))
    np.testing.assert_allclose(found, expected, atol=2e-5)


@functools.cache  # hypothesis calls a test many times, and its fixtures once
def _shared():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "small.keras"
        path.write_bytes(small_classifier.saved())
        return SentimentClassifier.load(path)


def test_together_and_alone_is_the_same(classifier):
    texts = [
        f"{a} {b} great {c}" for a in "abc" for b in ("odd", "lies") for c in ("", "night " * 9)
    ]
    together = classifier.score(texts * 200)
    alone = [classifier.predict(text).positive for text in texts]
    np.testing.assert_allclose(together[: len(texts)], alone, atol=1e-6)


def test_a_fresh_process_answers_without_tensorflow(path):
    code = (
        "import sys; from workshop_utils.sentiment.classifier import SentimentClassifier; "
        f"print(SentimentClassifier.load({str(path)!r}).predict('a great night').label, "
        "'tensorflow' in sys.modules, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["positive", "False", "False"]


# --- what it says -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label", "note"),
    [
        ("what a great night", "positive", None),
        ("terrible lies", "negative", None),
        ("", CANNOT_TELL, "no word to read"),
        ("http://t.co/abc !!!", CANNOT_TELL, "no word to read"),
        ("xyzzy plugh", CANNOT_TELL, "2 of 2 words unknown, fewer known than in 99 %"),
        ("great " * 70, "positive", "cut off after 64 words"),
        ("a great night and a great night", "positive", "longer than any text"),
    ],
)
def test_labels_and_notes(classifier, text, label, note):
    found = classifier.predict(text)
    assert found.label == label
    assert found.empty == (label == CANNOT_TELL)
    assert note is None or any(note in each for each in found.notes)
    assert 0 <= found.positive <= 1


def test_a_series_and_a_generator_are_answered_in_their_order(classifier):
    texts = pd.Series(["great", "terrible", "great"], index=["x", "y", "z"])
    labels = [each.label for each in classifier.predict_many(texts)]
    assert labels == ["positive", "negative", "positive"]
    assert [each.label for each in classifier.predict_many(iter(texts))] == labels
    assert classifier.predict_many([]) == []


def test_half_a_surrogate_pair_is_a_question_mark(classifier):
    assert classifier.predict("great \ud83d night").text == "great ? night"


@pytest.mark.parametrize("wrong", [None, 7, b"great", ["great"]])
def test_one_text_is_a_string(classifier, wrong):
    with pytest.raises(TypeError, match="Expected text in row 0, got"):
        classifier.predict(wrong)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("great", "call predict"),
        (7, "got int"),
        ({"a": "b"}, "in an order"),
        (pd.DataFrame({"text": ["a"]}), "one column of a table"),
        (["great", None], "row 1, got NoneType"),
        (pd.Series(["great", float("nan")]), "row 1, got float"),
    ],
)
def test_many_texts_are_strings_in_an_order(classifier, wrong, words):
    with pytest.raises(TypeError, match=words):
        classifier.predict_many(wrong)


def test_another_vocabulary_answers_everything_and_is_refused(classifier):
    assert classifier.refusal == ""
    sorted_words = classifier.with_vocabulary(sorted(classifier.network.vocabulary))
    assert sorted_words.network.vocabulary.keys() == classifier.network.vocabulary.keys()
    assert 0 <= sorted_words.score(["great"])[0] <= 1
    assert "do not give the answers" in sorted_words.refusal
    assert sorted_words.fingerprint != classifier.fingerprint


def test_words_with_one_vector_are_one_word(classifier):
    before = classifier.network.embedding.copy()
    one = classifier.with_one_vector(["Great", "terrible"])
    assert one.score(["great night"])[0] == pytest.approx(one.score(["terrible night"])[0])
    assert one.score(["night"])[0] == classifier.score(["night"])[0]
    assert np.array_equal(classifier.network.embedding, before)
    assert one.fingerprint != classifier.fingerprint


# --- with the real tweets ---------------------------------------------------------------


@pytest.fixture(scope="module")
def reviews():
    """Sentences in the forms of product reviews, none of them about politics."""
    from itertools import product

    things = ("The soup", "My new phone", "This blender", "The hotel", "Our waiter", "The film")
    verdicts = ("broke after two weeks", "was worth every penny", "smelled of old carpet",
                "made my kids happy", "is too heavy for my wrist", "had no ending")  # fmt: skip
    ends = ("and I sent it back.", "so I would buy again.", "but shipping was quick.",
            "as the manual promised.", "which nobody told us.", "for the money.")  # fmt: skip
    return [" ".join(each) for each in product(things, verdicts, ends)]


@pytest.mark.slow
def test_draws_of_another_topic_are_flagged_and_draws_of_the_test_part_are_not(
    tweets_csv, monkeypatch, tmp_path, reviews
):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tweets_csv))
    from workshop_utils.tweets import dataset

    classifier = SentimentClassifier.load_or_train()
    data = dataset.load_or_prepare()
    tests = [data.raw_texts[row] for row in data.split_grouped.test]
    generator = np.random.default_rng(141)

    def flagged(texts):
        different = list(dict.fromkeys(texts))
        draws = (generator.choice(len(different), 200, replace=False) for _ in range(100))
        return sum(classifier.domain([different[row] for row in draw]).far for draw in draws)

    assert flagged(reviews) >= 90
    assert flagged(tests) <= 5


MANY = [f"{'great' if n % 3 else 'terrible'} night number {n % 700}" for n in range(1000)]


@pytest.mark.parametrize(
    "given",
    [
        lambda: MANY,
        lambda: tuple(MANY),
        lambda: np.array(MANY),
        lambda: np.array(MANY, dtype=object),
        lambda: pd.Series(MANY, index=range(1000, 0, -1)),
        lambda: iter(MANY),
        lambda: (each for each in MANY),
        lambda: dict(enumerate(MANY)).values(),
    ],
)
def test_a_thousand_texts_are_answered_in_order_whatever_holds_them(classifier, given):
    one_by_one = [classifier.predict(each).positive for each in MANY]
    scores = classifier.score(given())
    assert scores.shape == (1000,)
    assert np.abs(scores - one_by_one).max() < 1e-6
    assert [each.text for each in classifier.predict_many(given())] == MANY


def test_many_texts_are_read_in_pieces_with_the_same_answers(classifier, monkeypatch):
    whole = classifier.predict_many(MANY)
    sizes = []
    read = type(classifier.network).read

    def watched(network, texts):
        sizes.append(len(texts))
        return read(network, texts)

    monkeypatch.setattr(type(classifier.network), "read", watched)
    monkeypatch.setattr(module, "READ_AT_ONCE", 256)
    for one, other in zip(classifier.predict_many(MANY), whole, strict=True):
        assert one == dataclasses.replace(other, positive=one.positive)
        assert one.positive == pytest.approx(other.positive, abs=1e-6)
    assert max(sizes) == 256
    assert sum(sizes) == len(set(MANY))


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, True), (10.0, False)])
def test_only_who_waits_sees_a_bar(classifier, monkeypatch, capsys, seconds, shown):
    monkeypatch.setattr(module, "READ_AT_ONCE", 100)
    monkeypatch.setattr(module, "SECONDS_BEFORE_BAR", seconds)
    classifier.score(MANY)
    assert ("texts:" in capsys.readouterr().err) is shown
