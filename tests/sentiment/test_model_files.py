"""Model files: what is saved is read back, and what is damaged is refused in one sentence."""

import contextlib
import io
import json

import h5py
import numpy as np
import pytest
import small_classifier
from model_parts import PLAN, RECORD, WEIGHTS, refused

from workshop_utils.runtime import environment
from workshop_utils.sentiment import model_file, model_guard, network
from workshop_utils.sentiment.classifier import SentimentClassifier
from workshop_utils.sentiment.model_guard import ModelFileError
from workshop_utils.sentiment.network import Network


def as_json(part, **changes):
    return json.dumps({**json.loads(part), **changes}).encode()


# --- what is saved is read back ---------------------------------------------------------


def test_a_saved_model_answers_as_keras_does(tmp_path):
    path = small_classifier.save(tmp_path / "m.keras", temperature=2.0)
    texts = ["what a great night", "terrible lies!", "great &amp; TERRIBLE", "unheard of"]
    given = environment.load_tensorflow().constant(texts)
    expected = np.asarray(small_classifier.model()(given))[:, 0]
    again = np.asarray(model_file.load_keras(path)(given))[:, 0]
    np.testing.assert_allclose(again, expected, atol=1e-6)
    classifier = SentimentClassifier.load(path)
    logits = classifier.logits(texts)
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), expected, atol=1e-5)
    np.testing.assert_allclose(classifier.score(texts), 1 / (1 + np.exp(-logits / 2)), atol=1e-9)


def test_the_record_comes_back(tmp_path):
    path = small_classifier.save(tmp_path / "m.keras", threshold=0.25, about={"seed": 3})
    _, record = model_file.read(path)
    assert (record.threshold, record.temperature, record.about) == (0.25, 1.5, {"seed": 3})
    assert record.labels == ("negative", "positive")
    assert all(len(each) == model_file.KEPT for each in record.domain.values())
    assert max(record.domain["words"]) == 4


def test_a_network_that_the_reader_does_not_know_is_not_saved(tmp_path):
    from workshop_utils.sentiment import models

    keras = environment.load_keras()
    tokens = keras.Input((None,), dtype="int64")
    hidden = keras.layers.GRU(4)(keras.layers.Embedding(32, 4, mask_zero=True)(tokens))
    network = keras.Model(tokens, keras.layers.Dense(1, "sigmoid")(hidden))
    joined = models.text_to_sentiment(small_classifier.model().get_layer("vectoriser"), network)
    with pytest.raises(ModelFileError, match="GRU"):
        model_file.save(
            joined, threshold=0.5, validation_texts=["a"], is_real=False, path=tmp_path / "m.keras"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="Run notebook 05"):
        SentimentClassifier.load(tmp_path / "none.keras")


# --- swapped and damaged weights --------------------------------------------------------


def changed_weights(content, change):
    """Apply a function to each array of the HDF5 part."""
    stream = io.BytesIO(content)
    with h5py.File(stream, "r+") as file:

        def visit(name, part):
            if isinstance(part, h5py.Dataset) and "optimizer" not in name:
                part[...] = change(name, part[()])

        file.visititems(visit)
    return stream.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        lambda name, array: array[::-1] if "dense" in name and array.ndim == 2 else array,
        lambda name, array: array[:, ::-1] if "embedding" in name else array,
        lambda name, array: np.roll(array, 8, axis=-1) if "lstm" in name else array,
        lambda name, array: array * 1.2,
    ],
    ids=["dense reversed", "embedding mirrored", "gates rolled", "all larger"],
)
def test_weights_that_disagree_with_the_reference_answers_are_refused(write, parts, change):
    path = write({WEIGHTS: changed_weights(parts[WEIGHTS], change)})
    refused(path, "do not give the answers")
    with pytest.raises(ModelFileError):
        model_file.load_keras(path)


def test_a_vocabulary_in_another_order_is_refused(write, parts):
    names = [each for each in parts if each.endswith("vocabulary.txt")]
    words = parts[names[0]].decode().split("\n")
    turned = "\n".join([*words[:2], *words[:1:-1]])
    refused(write(dict.fromkeys(names, turned)), "do not give the answers")


VOCABULARIES = "vocabulary.txt"


def exchanged(parts, first, second):
    """Return both vocabularies, as parts, with two words exchanged."""
    names = [each for each in parts if each.endswith(VOCABULARIES)]
    words = parts[names[0]].decode().split("\n")
    words[first], words[second] = words[second], words[first]
    return dict.fromkeys(names, "\n".join(words))


def test_two_vocabularies_that_differ_are_refused(write, parts):
    changed = exchanged(parts, 5, 6)
    assert len(changed) == 2
    for name, content in changed.items():
        refused(write({name: content}), "two vocabularies that differ")


def test_a_word_that_stands_twice_is_refused(write, parts):
    changed = exchanged(parts, 5, 6)
    content = next(iter(changed.values())).split("\n")
    twice = "\n".join([*content[:-1], content[2]])
    refused(write(dict.fromkeys(changed, twice)), "holds a word twice")


def test_two_words_or_two_rows_exchanged_are_refused(write, parts):
    def swapped(name, array):
        if "embedding" not in name:
            return array
        array[[7, 8]] = array[[8, 7]]
        return array

    refused(write(exchanged(parts, 7, 8)), "words and weights")
    refused(write({WEIGHTS: changed_weights(parts[WEIGHTS], swapped)}), "words and weights")


def test_the_answers_to_single_words_notice_what_the_reference_texts_do_not_hold(write, parts):
    path = write(exchanged(parts, 7, 8))
    forged = Network.of(*model_guard.inspect(path)[:3])
    record = as_json(parts[RECORD], digest=forged.digest)  # whoever forges it forges this, too
    refused(write({**exchanged(parts, 7, 8), RECORD: record}), "do not give the answers")


def test_a_weight_that_no_answer_shows_is_refused(write, parts):
    def changed(name, array):
        return array + np.float32(1e-6) if "dense" in name else array

    refused(write({WEIGHTS: changed_weights(parts[WEIGHTS], changed)}), "not those that were saved")


# --- a plan that Keras would follow in another way --------------------------------------


def with_setting(part, kind, name, value):
    """Return a plan in which the layers of a kind have another setting."""
    plan = json.loads(part)
    for found, entry in model_guard.described(plan):
        if found == kind:
            entry["config"][name] = value
    return json.dumps(plan).encode()


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("Embedding", "mask_zero", False),
        ("Embedding", "mask_zero", 1),
        ("Dense", "activation", "linear"),
        ("Dense", "use_bias", False),
        ("LSTM", "activation", "relu"),
        ("LSTM", "recurrent_activation", "hard_sigmoid"),
        ("LSTM", "go_backwards", True),
        ("LSTM", "return_sequences", True),
        ("LSTM", "stateful", True),
        ("TextVectorization", "split", "character"),
        ("TextVectorization", "ngrams", 2),
        ("TextVectorization", "output_sequence_length", 2),
        ("TextVectorization", "standardize", "lower"),
        ("TextVectorization", "standardize", None),
        ("DTypePolicy", "name", "mixed_float16"),
    ],
)
def test_a_plan_that_keras_would_follow_in_another_way_is_refused(write, parts, kind, name, value):
    path = write({PLAN: with_setting(parts[PLAN], kind, name, value)})
    refused(path, f"{kind} {name}")
    with pytest.raises(ModelFileError, match=name):
        model_file.load_keras(path)


def test_keras_answers_are_compared_too(write, parts, monkeypatch):
    path = write({PLAN: with_setting(parts[PLAN], "LSTM", "go_backwards", True)})
    monkeypatch.setattr(network, "AS_PLANNED", {})
    SentimentClassifier.load(path)  # NumPy's reading does not know this setting
    with pytest.raises(ModelFileError, match="Keras reads it in another way"):
        model_file.load_keras(path)


def test_numbers_that_are_none_are_refused(write, parts):
    nan = changed_weights(parts[WEIGHTS], lambda name, array: array * np.nan)
    refused(write({WEIGHTS: nan}), "not finite")


@pytest.mark.parametrize("kept", [0, 10, 1000, 5000, -30])
def test_a_file_that_was_cut_is_refused(tmp_path, kept):
    path = tmp_path / "cut.keras"
    path.write_bytes(small_classifier.saved()[:kept])
    refused(path, "not a file that Keras saved")


def test_a_file_with_changed_bytes_is_refused_or_answers_the_same(tmp_path):
    whole = small_classifier.saved()
    path = tmp_path / "bytes.keras"
    generator = np.random.default_rng(141)
    for _ in range(60):
        changed = bytearray(whole)
        for place in generator.integers(0, len(whole), 20):
            changed[place] ^= int(generator.integers(1, 256))
        path.write_bytes(changed)
        with contextlib.suppress(ModelFileError):
            assert SentimentClassifier.load(path).predict("great night").label == "positive"


def test_a_file_without_the_workshops_part_is_refused(write):
    refused(write({RECORD: None}), "another version of the workshop, or not by it at all")


def test_a_refused_model_in_the_default_place_is_trained_again(write, parts, monkeypatch, capsys):
    from workshop_utils.sentiment import classifier as module

    path = write({RECORD: b"[" * 200_000})
    model_file.default_path().parent.mkdir(parents=True, exist_ok=True)
    path.replace(model_file.default_path())
    monkeypatch.setattr(module, "_train", lambda target, _data: small_classifier.save(target))
    assert SentimentClassifier.load_or_train().predict("great night").label == "positive"
    assert "The saved model cannot be used, so it is trained now" in capsys.readouterr().out
    SentimentClassifier.load_or_train()
    assert "is loaded" in capsys.readouterr().out
