"""The classifier on a small model, trained once on invented tweets."""

import json
import time

import numpy as np
import pandas as pd
import pytest
import small_classifier
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import dataset, evaluation, model_io, models
from workshop_utils.classifier import SentimentClassifier, forward
from workshop_utils.classifier.parts import OtherNetwork, network_of, take_apart
from workshop_utils.reference_outputs import padded

TEXTS = small_classifier.TEXTS
record = small_classifier.record


@pytest.fixture(scope="module")
def small_model():
    return small_classifier.train()


@pytest.fixture(scope="module")
def classifier(small_model):
    return SentimentClassifier.of_model(small_model, record())


def test_it_learnt_its_two_words(classifier):
    assert classifier.predict("great").label == "positive"
    assert classifier.predict("terrible").label == "negative"


def test_one_text_and_many_agree(classifier):
    one = classifier.predict("a great debate")
    many = classifier.predict_many(["terrible", "a great debate"])[1]
    assert many.label == one.label
    assert many.positive == pytest.approx(one.positive, abs=1e-6)


def test_the_threshold_of_the_record_decides(small_model):
    positive = SentimentClassifier.of_model(small_model, record()).predict("great").positive
    strict = SentimentClassifier.of_model(small_model, record(threshold=positive + 1e-4))
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


NO_TEXTS = [None, float("nan"), 3, 2.5, True, b"great", ["great"], [["great"]], pd.NA, pd.NaT, {}]


@pytest.mark.parametrize("wrong", NO_TEXTS, ids=repr)
def test_what_is_no_text_is_refused_with_its_row(classifier, wrong):
    with pytest.raises(TypeError, match="row 1"):
        classifier.predict_many(["great", wrong])


@pytest.mark.parametrize("wrong", NO_TEXTS, ids=repr)
def test_what_is_no_text_is_refused_alone_too(classifier, wrong):
    with pytest.raises(TypeError, match="Expected one text, got"):
        classifier.predict(wrong)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (None, "got NoneType"),
        (3, "got int"),
        ({"great": 1}, "in an order"),
        ({"great"}, "in an order"),
        (pd.DataFrame({"text": ["great"]}), "got a table"),
        (np.array("great"), "several texts"),
        (np.array([["great"]]), "row 0"),
        (pd.Series(["great", None]), "row 1"),
        (pd.Series([1.5]), "row 0"),
    ],
)
def test_what_holds_no_texts_is_refused(classifier, wrong, words):
    with pytest.raises(TypeError, match=words):
        classifier.predict_many(wrong)


@pytest.mark.parametrize("wrong", ["great", b"great"])
def test_one_text_where_many_are_expected_is_refused(classifier, wrong):
    with pytest.raises(TypeError, match=r"predict\(text\)"):
        classifier.predict_many(wrong)


STRANGE = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u2028\u3000",
    "only emoji": "\U0001f602\U0001f602\u2764\ufe0f",
    "only links": "http://t.co/x https://example.org/?q=1#y htt\u2026",
    "only unknown words": "flibbertigibbet zyzzyva",
    "right to left": "\u0645\u0646\u0627\u0638\u0631\u0647 \u202egreat\u202c \u05e9\u05dc\u05d5",
    "half a pair": "great \ud83d night \udc00",
    "zero": "great\x00terrible\x00",
    "control": "".join(map(chr, range(32))) + "\x7f\ufeff\ufffe\U0010ffff",
    "many marks": "a" + "\u0301" * 5000,
    "page": "<html><script>alert('great')</script><img src=x onerror=alert(1)>&lt;b&gt;" * 9,
    "sigma": "\u03a3\u0391\u03a3 \u039f\u0394\u039f\u03a3",
    "capital dotted i": "\u0130STANBUL",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_texts_get_an_answer_with_flags(classifier, text):
    answer = classifier.predict(text)
    assert 0 < answer.positive < 1
    assert answer.empty == (answer.tokens == 0)
    assert "\ud83d" not in answer.text
    answer.text.encode("utf-8")


def test_the_flags_of_strange_texts(classifier):
    seen = {name: classifier.predict(text) for name, text in STRANGE.items()}
    empty = [name for name, each in seen.items() if each.empty]
    assert empty == ["empty", "blank", "only links", "control"]
    assert seen["only unknown words"].unknown_share == 1
    assert seen["only emoji"].tokens == 3
    assert seen["right to left"].unknown_share == pytest.approx(2 / 3)


@pytest.mark.parametrize("text", ["great ", "x", "\u05e9 ", "\U0001f602", "http:", "rt @", "a'"])
def test_a_million_characters_are_read_in_seconds(classifier, text):
    started = time.process_time()
    answer = classifier.predict((text * 1_000_000)[:1_000_000])
    assert time.process_time() - started < 10
    assert answer.tokens <= models.LONGEST_TEXT


@settings(max_examples=500, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=40))
def test_any_text_gets_an_answer(classifier, text):
    answer = classifier.predict(text)
    assert 0 <= answer.positive <= 1
    assert answer.empty == (answer.tokens == 0)
    assert answer.label == models.LABELS[answer.positive >= classifier.threshold]


@settings(max_examples=100, deadline=None)
@given(
    thing=st.none() | st.booleans() | st.integers() | st.floats() | st.binary()
    | st.lists(st.text()) | st.tuples(st.text()) | st.dictionaries(st.text(), st.text())
)  # fmt: skip
def test_anything_else_is_a_type_error(classifier, thing):
    with pytest.raises(TypeError, match="Expected one text"):
        classifier.predict(thing)


def test_a_table_keeps_the_index_of_a_series(classifier):
    series = pd.Series(["great", "", "terrible"], index=[7, 3, 5])
    table = classifier.predict_table(series)
    assert list(table.index) == [7, 3, 5]
    assert list(table["label"]) == ["positive", classifier.predict("").label, "negative"]
    assert list(table["empty"]) == [False, True, False]
    assert list(table.columns) == [
        "label", "positive", "tokens", "unknown_share", "cut_off", "empty",
    ]  # fmt: skip


def test_a_table_of_a_list_is_numbered(classifier):
    for texts in (["great", "terrible"], ("great", "terrible")):
        assert list(classifier.predict_table(texts).index) == [0, 1]


def test_a_path_is_a_file_and_a_string_is_a_text(classifier, tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("id,text\n1,great\n2,terrible\n")
    assert [each.label for each in classifier.predict_many(path)] == ["positive", "negative"]
    assert classifier.predict(str(path)).text == str(path)
    with pytest.raises(FileNotFoundError):
        classifier.predict_many(tmp_path / "none.csv")


def test_each_distinct_text_is_read_once(classifier, monkeypatch):
    read = []
    inner = classifier.engine._run

    def watched(numbered):
        read.append(len(numbered))
        return inner(numbered)

    monkeypatch.setattr(classifier.engine, "_run", watched)
    answers = classifier.predict_many(["great", "terrible", "great"] * 100)
    assert read == [2]
    assert [each.label for each in answers[:3]] == ["positive", "negative", "positive"]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_divides_the_logit(small_model, classifier, temperature):
    calibrated = SentimentClassifier.of_model(
        small_model, record(calibration={"temperature": temperature, "fitted_on": "validation"})
    )
    raw = classifier.score(TEXTS[:4])
    expected = 1 / (1 + ((1 - raw) / raw) ** (1 / temperature))
    np.testing.assert_allclose(calibrated.score(TEXTS[:4]), expected, rtol=1e-5)


def test_numpy_and_compiled_give_the_network_s_own_answers(small_model, classifier):
    network = network_of(small_model)
    assert isinstance(classifier.engine._run, forward.Numpy)
    compiled = forward.Compiled(network)
    drawn = np.random.default_rng(3)
    numbered = [drawn.integers(1, 32, n).tolist() for n in [0, 1, 5, 40, 64, *range(64)]]
    expected = evaluation.predict(network, padded(numbered, len(numbered), 64))
    for way in (classifier.engine._run, compiled):
        got = forward.probability(way(numbered))
        np.testing.assert_allclose(got, expected, atol=1e-5)
        np.testing.assert_allclose(
            forward.probability(way(numbered[3:4])), expected[3:4], atol=1e-5
        )


def test_another_network_is_compiled_and_answers_too(classifier):
    keras = forward.runtime.load_keras()
    tokens = keras.Input((None,), dtype="int32")
    embedded = keras.layers.Embedding(32, 4, mask_zero=True)(tokens)
    pooled = keras.layers.GlobalAveragePooling1D()(embedded)
    network = keras.Model(tokens, keras.layers.Dense(1, activation="sigmoid")(pooled))
    with pytest.raises(OtherNetwork, match="GlobalAveragePooling1D"):
        take_apart(network)
    layer = next(each for each in classifier.model.layers if each.name == "vectoriser")
    other = SentimentClassifier.of_model(models.text_to_sentiment(layer, network), record())
    assert isinstance(other.engine._run, forward.Compiled)
    texts = ["great", "terrible lies", "what a great great night"]
    np.testing.assert_allclose(
        other.score(texts), evaluation.predict(other.model, texts), atol=1e-6
    )
    assert other.predict("").empty


def test_saved_and_loaded_it_says_the_same(classifier, tmp_path):
    path = model_io.save(classifier.model, classifier.record, tmp_path / "m.keras")
    loaded = SentimentClassifier.load(path)
    for text in ("great", "terrible", ""):
        assert loaded.predict(text).positive == pytest.approx(
            classifier.predict(text).positive, abs=1e-6
        )


def test_another_order_of_labels_is_refused(small_model):
    with pytest.raises(model_io.ArtifactError, match="in this order"):
        SentimentClassifier.of_model(small_model, record(labels=["positive", "negative"]))


def test_it_loads_what_is_there_and_trains_where_nothing_is(small_model, monkeypatch, capsys):
    from workshop_utils.training import quick as module

    monkeypatch.setattr(module, "train_quick", lambda data, show: (small_model, record()))
    monkeypatch.setattr(dataset, "load_or_prepare", lambda: None)
    SentimentClassifier.load_or_train_quick()
    assert "no saved model, so the quick one is trained" in capsys.readouterr().out
    SentimentClassifier.load_or_train_quick()
    assert "is loaded" in capsys.readouterr().out


def test_a_damaged_file_is_said_and_replaced(small_model, monkeypatch, capsys):
    from workshop_utils.training import quick as module

    path = model_io.default_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not a model")
    monkeypatch.setattr(module, "train_quick", lambda data, show: (small_model, record()))
    monkeypatch.setattr(dataset, "load_or_prepare", lambda: None)
    SentimentClassifier.load_or_train_quick()
    assert "cannot be used" in capsys.readouterr().out
    assert json.loads(path.with_suffix(".json").read_text())["threshold"] == 0.5


def test_its_scores_are_those_of_the_model(classifier):
    answers = [p.positive for p in classifier.predict_many(TEXTS)]
    np.testing.assert_allclose(answers, evaluation.predict(classifier.model, TEXTS), atol=1e-6)
