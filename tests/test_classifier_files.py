"""Broken and hostile model files: refused with a sentence, and nothing of them is executed."""

import json
import sys
import zipfile

import numpy as np
import pytest
import small_classifier

from workshop_utils import environment, model_io, models, vectoriser
from workshop_utils.classifier import SentimentClassifier

# Keras' own words for a function of Python that a Lambda layer would run.
MARK = "hostile_file_was_executed"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return model_io.save(small_classifier.train(), small_classifier.record(), folder / "m.keras")


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, parts):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def changed(saved, tmp_path, **contents):
    """The good file with some parts replaced; None leaves one out."""
    parts = parts_of(saved) | {name.replace("_", "."): value for name, value in contents.items()}
    return write(tmp_path / "changed.keras", {n: c for n, c in parts.items() if c is not None})


def refused(path, words):
    with pytest.raises(model_io.ArtifactError, match=words) as told:
        SentimentClassifier.load(path)
    assert str(path) in str(told.value) or "notebook 05" in str(told.value)
    assert "\n" not in str(told.value).strip(), "one sentence, no traceback"


def test_the_good_file_is_loaded_and_a_missing_one_is_missing(saved, tmp_path):
    assert SentimentClassifier.load(saved).predict("great").label == "positive"
    with pytest.raises(FileNotFoundError, match="notebook 05"):
        SentimentClassifier.load(tmp_path / "none.keras")


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_truncated_file(saved, tmp_path, share):
    whole = saved.read_bytes()
    path = tmp_path / "cut.keras"
    path.write_bytes(whole[: int(share * len(whole))])
    refused(path, "damaged")


@pytest.mark.parametrize(
    "content", [b"no archive", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n" + bytes(99)]
)
def test_no_archive(tmp_path, content):
    path = tmp_path / "text.keras"
    path.write_bytes(content)
    refused(path, "damaged")


def test_flipped_bytes_in_the_weights(saved, tmp_path):
    whole = bytearray(saved.read_bytes())
    place = whole.find(b"\x89HDF")
    whole[place + 8 : place + 200] = bytes(192)
    path = tmp_path / "flipped.keras"
    path.write_bytes(whole)
    refused(path, "damaged")


def test_a_part_is_missing(saved, tmp_path):
    refused(changed(saved, tmp_path, config_json=None), "config.json")
    refused(changed(saved, tmp_path, metadata_json=None), "metadata.json")
    refused(changed(saved, tmp_path, workshop_json=None), "not a model that this workshop saved")


@pytest.mark.parametrize("version", ["2.15.0", "4.0.0", None])
def test_another_version(saved, tmp_path, version):
    about = json.dumps({"keras_version": version, "date_saved": ""})
    refused(changed(saved, tmp_path, metadata_json=about), "Keras 3 is expected")


@pytest.mark.parametrize("content", ["[]", "{", "null", "\x00"])
def test_a_building_plan_that_is_none(saved, tmp_path, content):
    refused(changed(saved, tmp_path, config_json=content), "refused|damaged")


def test_a_vocabulary_of_another_training(saved, tmp_path):
    layer = vectoriser.fit_vectoriser([f"word{n}" for n in range(99)], 99)
    mixed = models.text_to_sentiment(layer, models.quick_lstm(32, units=2, embedding_size=2))
    path = model_io.save(mixed, small_classifier.record(), tmp_path / "mixed.keras")
    refused(path, "were not trained together")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"labels": ["positive", "negative"]}, "in this order"),
        ({"labels": ["negative"]}, "expected"),
        ({"labels": None}, "expected"),
        ({"threshold": "0.5"}, "expected a number"),
        ({"threshold": 1.5}, "0 to 1"),
        ({"threshold": float("nan")}, "0 to 1"),
        ({"calibration": {"temperature": 0}}, "emperature"),
        ({"calibration": {"temperature": "hot"}}, "emperature"),
    ],
)
def test_a_record_that_cannot_be_right(saved, tmp_path, record, words):
    text = json.dumps(small_classifier.record(**record))
    refused(changed(saved, tmp_path, workshop_json=text), words)


def test_a_lambda_layer(tmp_path, monkeypatch):
    keras = environment.load_keras()
    ran = []
    monkeypatch.setattr(sys, MARK, lambda: ran.append(1), raising=False)

    def hostile(x):
        import sys as system

        system.hostile_file_was_executed()
        return x

    texts = keras.Input((), dtype="string")
    layer = vectoriser.fit_vectoriser(small_classifier.TEXTS, 32)
    network = models.quick_lstm(32, units=2, embedding_size=2)
    tokens = keras.layers.Lambda(hostile, output_shape=(None,))(layer(texts))
    model = keras.Model(texts, network(tokens))
    path = model_io.save(model, small_classifier.record(), tmp_path / "lambda.keras")
    ran.clear()  # building it has run it
    refused(path, "Lambda")
    assert not ran


@pytest.mark.parametrize(
    "entry",
    [
        {
            "module": "os",
            "class_name": "function",
            "config": "system",
            "registered_name": "function",
        },
        {"module": "subprocess", "class_name": "Popen", "config": {"args": ["true"]}},
        {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/x"}},
        {"module": "builtins", "class_name": "function", "config": "other>run"},
        {"module": "evil", "class_name": "Dense", "config": {}, "registered_name": "evil>Dense"},
    ],
)
def test_code_of_others(saved, tmp_path, entry):
    plan = json.loads(parts_of(saved)["config.json"])
    plan["config"]["layers"][1]["config"]["standardize"] = entry
    refused(changed(saved, tmp_path, config_json=json.dumps(plan)), "not the workshop's")


def test_a_vocabulary_from_a_file_outside(saved, tmp_path):
    plan = json.loads(parts_of(saved)["config.json"])
    plan["config"]["layers"][1]["config"]["vocabulary"] = "/etc/hostname"
    refused(changed(saved, tmp_path, config_json=json.dumps(plan)), "outside of it")


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/outside.txt",
        "assets/../../outside.txt",
        "assets\\..\\x",
        "C:x",
        "extra.py",
    ],
)
def test_path_tricks_write_nothing(saved, tmp_path, name):
    home = tmp_path / "deep" / "home"
    home.mkdir(parents=True)
    path = write(home / "tricky.keras", {**parts_of(saved), name: b"x"})
    refused(path, "does not belong there")
    assert not list(tmp_path.rglob("outside.txt"))


def test_a_link_in_the_archive(saved, tmp_path):
    path = write(tmp_path / "link.keras", parts_of(saved))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("assets/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc")
    refused(path, "does not belong there")


def test_two_parts_of_one_name(saved, tmp_path):
    path = write(tmp_path / "twice.keras", parts_of(saved))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("config.json", "{}")
    refused(path, "one name")


def test_a_file_that_unpacks_to_gigabytes(saved, tmp_path, monkeypatch):
    from workshop_utils.classifier import archive as room

    monkeypatch.setattr(room, "LARGEST", 1000)
    refused(saved, "larger than")


def test_a_model_that_takes_integers(tmp_path):
    network = models.quick_lstm(32, units=2, embedding_size=2)
    path = model_io.save(network, small_classifier.record(), tmp_path / "tokens.keras")
    refused(path, "holds no vectoriser")


def test_weights_that_are_no_numbers(saved):
    classifier = SentimentClassifier.load(saved)
    network = classifier.model.layers[-1]
    weights = network.get_weights()
    network.set_weights([np.full_like(each, np.nan) for each in weights])
    with pytest.raises(model_io.ArtifactError, match="no numbers"):
        SentimentClassifier.of_model(classifier.model, classifier.record)
