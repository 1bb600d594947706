"""The classifier on a small model, trained once on invented tweets."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import artifact, evaluation, models, prepared, runtime, vectoriser
from workshop_utils.classifier import SentimentClassifier

TEXTS = ["what a great night", "great answer", "a terrible debate", "terrible terrible lies"] * 8
LABELS = [1, 1, 0, 0] * 8


def record(**changes):
    return {
        "labels": ["negative", "positive"],
        "threshold": 0.5,
        "is_real": False,
        "metrics": {},
        "versions": {},
        **changes,
    }


@pytest.fixture(scope="module")
def small_model():
    keras = runtime.load_keras()
    runtime.set_seed()
    layer = vectoriser.fit_vectoriser(TEXTS, 32)
    network = models.quick_lstm(32, units=8, embedding_size=8, dropout=0.0)
    network.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    tokens = vectoriser.encode(layer, TEXTS)
    network.fit(tokens, np.array(LABELS, "float32"), epochs=12, verbose=0)
    return models.text_to_sentiment(layer, network)


@pytest.fixture
def classifier(small_model):
    return SentimentClassifier(small_model, record())


def test_it_learnt_its_two_words(classifier):
    assert classifier.predict("great").label == "positive"
    assert classifier.predict("terrible").label == "negative"


def test_one_text_and_many_agree(classifier):
    one = classifier.predict("a great debate")
    many = classifier.predict_many(["terrible", "a great debate"])[1]
    assert many.label == one.label
    assert many.positive == pytest.approx(one.positive, abs=1e-6)


def test_the_threshold_of_the_record_decides(small_model):
    positive = SentimentClassifier(small_model, record()).predict("great").positive
    strict = SentimentClassifier(small_model, record(threshold=positive + 1e-4))
    assert strict.predict("great").label == "negative"


def test_notes_say_what_could_not_be_read(classifier):
    assert classifier.predict("").notes == ("no word to read",)
    unknown = classifier.predict("great flibbertigibbet")
    assert unknown.unknown_share == 0.5
    assert unknown.notes == ("50% of the words unknown",)
    long = classifier.predict("great " * 100)
    assert long.cut_off
    assert long.tokens == models.LONGEST_TEXT
    assert classifier.predict("great").notes == ()


def test_any_iterable_of_texts_will_do(classifier):
    for texts in (["great"], pd.Series(["great"]), (t for t in ["great"]), np.array(["great"])):
        assert [p.label for p in classifier.predict_many(texts)] == ["positive"]
    assert classifier.predict_many([]) == []


@pytest.mark.parametrize("wrong", [None, float("nan"), 3, b"great", ["great"]])
def test_what_is_no_text_is_refused_with_its_row(classifier, wrong):
    with pytest.raises(TypeError, match="row 1"):
        classifier.predict_many(["great", wrong])


@pytest.mark.parametrize("wrong", ["great", b"great"])
def test_one_text_where_many_are_expected_is_refused(classifier, wrong):
    with pytest.raises(TypeError, match=r"predict\(text\)"):
        classifier.predict_many(wrong)


@settings(max_examples=40, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_any_text_gets_an_answer(small_model, text):
    answer = SentimentClassifier(small_model, record()).predict(text)
    assert 0 <= answer.positive <= 1
    assert answer.empty == (answer.tokens == 0)


def test_saved_and_loaded_it_says_the_same(classifier, tmp_path):
    path = artifact.save(classifier.model, classifier.record, tmp_path / "m.keras")
    loaded = SentimentClassifier.load(path)
    for text in ("great", "terrible", ""):
        assert loaded.predict(text).positive == pytest.approx(
            classifier.predict(text).positive, abs=1e-6
        )


def test_another_order_of_labels_is_refused(small_model):
    with pytest.raises(artifact.ArtifactError, match="in this order"):
        SentimentClassifier(small_model, record(labels=["positive", "negative"]))


def test_it_loads_what_is_there_and_trains_where_nothing_is(small_model, monkeypatch, capsys):
    from workshop_utils import classifier as module

    monkeypatch.setattr(module, "train_quick", lambda data, show: (small_model, record()))
    monkeypatch.setattr(prepared, "load_or_prepare", lambda: None)
    SentimentClassifier.load_or_train_quick()
    assert "no saved model, so the quick one is trained" in capsys.readouterr().out
    SentimentClassifier.load_or_train_quick()
    assert "is loaded" in capsys.readouterr().out


def test_a_damaged_file_is_said_and_replaced(small_model, monkeypatch, capsys):
    from workshop_utils import classifier as module

    path = artifact.default_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not a model")
    monkeypatch.setattr(module, "train_quick", lambda data, show: (small_model, record()))
    monkeypatch.setattr(prepared, "load_or_prepare", lambda: None)
    SentimentClassifier.load_or_train_quick()
    assert "cannot be used" in capsys.readouterr().out
    assert json.loads(path.with_suffix(".json").read_text())["threshold"] == 0.5


def test_its_scores_are_those_of_the_model(classifier):
    answers = [p.positive for p in classifier.predict_many(TEXTS)]
    np.testing.assert_allclose(answers, evaluation.predict(classifier.model, TEXTS), atol=1e-6)
