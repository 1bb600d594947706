"""The best reader from its file: the Keras model's own answers, without Keras."""

import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import small_classifier
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import (
    baselines,
    calibration,
    explain,
    model_io,
    savedmodel_export,
    tweets,
    wide_deep,
)
from workshop_utils.classifier import SentimentClassifier
from workshop_utils.classifier.parts import OtherNetwork
from workshop_utils.classifier.reader_engine import ReaderEngine
from workshop_utils.wide_deep import saved
from workshop_utils.wide_deep.encoder import LONGEST
from workshop_utils.wide_deep.linear import LinearSum, character_runs

TEXTS = [
    "great",
    "What a TERRIBLE debate!!! http://t.co/abc",
    "RT @someone: don\u2019t say soooooo &amp; much \U0001f602 #greatnight",
    "",
    " \x00 \u0627\u0644\u064a\u0648\u0645",
    "great " * 99,
    "a",
]
TEMPERATURE = 1.5


def train(**changes):
    few = {
        "epochs": 12,
        "learning_rate": 0.02,
        "size": 8,
        "units": 8,
        "buckets": 50,
        "vocabulary_size": 16,
        "batch_size": 8,
    }
    settings_ = wide_deep.Settings(**{**vars(wide_deep.BEST), **few, **changes})
    texts = np.array(small_classifier.TEXTS, dtype=object)
    return wide_deep.train(texts, np.array(small_classifier.LABELS), settings_, show=False)


@pytest.fixture(scope="module", params=[True, False], ids=["linear part", "LSTM alone"])
def reader(request):
    return train(wide=request.param)


@pytest.fixture(scope="module")
def path(reader, tmp_path_factory):
    about = small_classifier.record(calibration={"temperature": TEMPERATURE})
    return wide_deep.save(reader, about, tmp_path_factory.mktemp("reader") / "best.keras")


@pytest.fixture(scope="module")
def classifier(path):
    return SentimentClassifier.load(path)


def same(classifier, reader, texts):
    expected = calibration.scale(reader.predict(texts), TEMPERATURE)
    np.testing.assert_allclose(classifier.score(texts), expected, rtol=0, atol=1e-5)


def test_it_gives_the_answers_of_the_keras_model(classifier, reader):
    same(classifier, reader, TEXTS)
    for text in TEXTS:  # one text takes another way through the code than many
        same(classifier, reader, [text])
    assert np.ptp(classifier.score(TEXTS[:2])) > 0.1, "the texts tell the answers apart"


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(ANY, min_size=10, max_size=10))
def test_it_does_so_for_any_text(classifier, reader, texts):
    same(classifier, reader, texts)


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=40))
def test_any_text_gets_an_answer(classifier, text):
    answer = classifier.predict(text)
    assert 0 < answer.positive < 1
    assert answer.empty == (answer.tokens == 0)


def test_it_does_so_for_the_real_tweets(classifier, reader, tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"].tolist()[:4000]
    same(classifier, reader, raw)


def test_more_words_than_it_keeps_change_nothing(path, reader, monkeypatch):
    from workshop_utils.classifier import reader_engine

    monkeypatch.setattr(reader_engine, "_KEPT", 5)
    small = SentimentClassifier.load(path)
    for texts in (TEXTS, TEXTS[2:5], TEXTS[:1]):
        same(small, reader, texts)


def test_the_flags(classifier):
    seen = classifier.predict("great flibbertigibbet")
    assert (seen.tokens, seen.unknown_share, seen.cut_off, seen.empty) == (2, 0.5, False, False)
    long = classifier.predict("great " * 99)
    assert (long.tokens, long.cut_off) == (LONGEST, True)
    assert long.notes == (f"cut off after {LONGEST} words",)
    assert classifier.predict("  ").notes == ("no word to read",)


def test_the_first_answer_needs_neither_tensorflow_nor_scikit_learn(path):
    code = (
        "import sys; from workshop_utils.classifier import SentimentClassifier; "
        f"answer = SentimentClassifier.load({str(path)!r}).predict('great night'); "
        "print(answer.label, {'tensorflow', 'keras', 'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.split() == ["positive", "set()"]


def test_keras_opens_the_same_file(classifier, reader):
    inputs = reader.encode(TEXTS)
    np.testing.assert_allclose(
        np.asarray(classifier.model(inputs)), np.asarray(reader.model(inputs)), atol=1e-6
    )


def test_two_readers_have_two_fingerprints(classifier, path, tmp_path):
    again = SentimentClassifier.load(path)
    assert again.fingerprint == classifier.fingerprint
    other = wide_deep.save(train(epochs=1), classifier.record, tmp_path / "other.keras")
    assert SentimentClassifier.load(other).fingerprint != classifier.fingerprint


def rewritten(path, tmp_path, change):
    new = tmp_path / "changed.keras"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(new, "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            target.writestr(name, change(content) if name == saved.READER_NAME else content)
    return new


def changed(**values):
    return lambda content: json.dumps({**json.loads(content), **values})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: b"no json", "is no reader"),
        (lambda _: b"[]", "is no reader"),
        (changed(format=99), "another version"),
        (changed(settings={"unit": 1}), "is no reader"),
        (changed(words=["great"]), "does not give the answers"),
        (changed(probes={"great": 0.1}), "does not give the answers"),
        (changed(settings={"units": 8}), "both directions"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(path, tmp_path, change, words):
    with pytest.raises(model_io.ArtifactError, match=words) as told:
        SentimentClassifier.load(rewritten(path, tmp_path, change))
    assert "\n" not in str(told.value)


def test_columns_without_their_weights_are_refused(tmp_path):
    about = small_classifier.record()
    path = wide_deep.save(train(), about, tmp_path / "best.keras")
    with zipfile.ZipFile(path) as archive:
        linear = json.loads(archive.read(saved.READER_NAME))["linear"]
    linear["words"] = linear["words"][:-1]
    with pytest.raises(model_io.ArtifactError, match="weights for"):
        SentimentClassifier.load(rewritten(path, tmp_path, changed(linear=linear)))


def test_it_cannot_be_looked_into_or_served_and_says_so(classifier, tmp_path):
    assert isinstance(classifier.engine, ReaderEngine)
    with pytest.raises(OtherNetwork, match="Take the quick model"):
        explain.contributions(classifier, "great night")
    with pytest.raises(model_io.ArtifactError, match="Take the quick model"):
        savedmodel_export.export(classifier, tmp_path / "served")
    assert not (tmp_path / "served").exists()
    effect = explain.leave_one_word_out(classifier.score, "great night")
    assert effect.values.shape == (2,)


def test_it_is_trained_where_there_is_none(reader, monkeypatch, capsys):
    from workshop_utils import dataset

    monkeypatch.setattr(
        wide_deep, "train_best", lambda data, show: (reader, small_classifier.record())
    )
    monkeypatch.setattr(dataset, "load_or_prepare", lambda: None)
    SentimentClassifier.load_or_train_best()
    assert "no saved model, so the best reader is trained" in capsys.readouterr().out
    SentimentClassifier.load_or_train_best()
    assert f"saved at {saved.default_path()} is loaded" in capsys.readouterr().out


# The linear part against scikit-learn.


@pytest.fixture(scope="module")
def columns():
    vectoriser = baselines.words_and_characters()
    vectoriser.fit([*small_classifier.TEXTS, "\u0130stanbul \u00df\u1e9e x", *TEXTS])
    return wide_deep.WideColumns(vectoriser)


@pytest.fixture(scope="module")
def weights(columns):
    return np.random.default_rng(5).normal(size=columns.size)


HARD = [*TEXTS, "A b", " x  y\n\nz", "\u0130STANBUL \x1c\u3000b", "\u00df" * 50, "\ud83d great"]


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.text(max_size=20) | st.sampled_from(HARD), min_size=1, max_size=5))
def test_the_sum_is_that_of_scikit_learn(columns, weights, texts):
    expected = columns.vectoriser.transform(texts) @ weights
    found = LinearSum(columns.described(), weights)(texts)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_the_runs_of_a_word_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import CountVectorizer

    analyse = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5)).build_analyzer()
    for word in ("a", "ab", "great", "\xe9t\xe9x"):
        assert list(character_runs(word)) == analyse(word)
