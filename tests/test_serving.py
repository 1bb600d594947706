"""The SavedModel: the classifier's own probabilities, in a process that has only TensorFlow."""

import json
import subprocess
import sys

import numpy as np
import pytest
import small_classifier

from workshop_utils import environment, model_io, models, savedmodel_export
from workshop_utils.classifier import SentimentClassifier

TEXTS = [
    "great",
    "What a TERRIBLE debate!!! http://t.co/abc",
    "RT @someone: don\u2019t say soooooo &amp; much \U0001f602",
    "",
    "\x00",
    "\u0627\u0644\u064a\u0648\u0645",
    "great " * 99,
]
# Without the package: its name leads nowhere in this process.
FRESH = """
import json, sys
sys.modules["workshop_utils"] = None
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
texts = tf.constant(json.load(sys.stdin))
by_signature = model.signatures["serving_default"](texts=texts)
answers = [model.serve(texts), *by_signature.values()]
print(json.dumps([each.numpy().tolist() for each in answers]))
"""


@pytest.fixture(scope="module")
def model():
    return small_classifier.train()


@pytest.fixture(scope="module")
def classifier(model):
    about = small_classifier.record(threshold=0.3, calibration={"temperature": 2.5})
    return SentimentClassifier.of_model(model, about)


def test_a_fresh_process_without_the_package_gives_the_same_probabilities(classifier, tmp_path):
    folder = savedmodel_export.export(classifier, tmp_path / "new" / "1")
    done = subprocess.run(
        [sys.executable, "-c", FRESH, str(folder)],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = np.array(json.loads(done.stdout.splitlines()[-1]))
    assert answers.shape == (2, len(TEXTS), 1)
    expected = classifier.score(TEXTS)
    assert expected.max() - expected.min() > 0.2, "the texts tell the answers apart"
    np.testing.assert_allclose(answers[0, :, 0], expected, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(answers[0], answers[1])
    about = json.loads((folder / savedmodel_export.RECORD_NAME).read_text(encoding="utf-8"))
    assert about["labels"] == ["negative", "positive"]
    assert (about["threshold"], about["temperature"]) == (0.3, 2.5)
    assert about["fingerprint"] == classifier.fingerprint


def test_the_classifier_itself_stays_as_it_was(classifier, model, tmp_path):
    weights = [each.copy() for each in model.get_weights()]
    savedmodel_export.export(classifier, tmp_path / "1")
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_model_file_will_do_and_no_folder_is_written_over(classifier, tmp_path):
    path = model_io.save(classifier.model, classifier.record, tmp_path / "m.keras")
    folder = savedmodel_export.export(path, tmp_path / "served")
    saved = environment.load_tensorflow().saved_model.load(str(folder))
    answers = saved.serve(environment.load_tensorflow().constant(TEXTS)).numpy()[:, 0]
    np.testing.assert_allclose(answers, classifier.score(TEXTS), rtol=0, atol=1e-6)
    with pytest.raises(FileExistsError, match="Name a new folder"):
        savedmodel_export.export(path, folder)


def test_an_interrupted_export_leaves_nothing_behind(classifier, tmp_path, monkeypatch):
    def fills_the_disk(model, folder, **options):
        (folder / "saved_model.pb").write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(environment.load_keras().Model, "export", fills_the_disk)
    with pytest.raises(OSError, match="no space"):
        savedmodel_export.export(classifier, tmp_path / "1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("both_directions", [False, True])
def test_other_networks_are_served_too(model, both_directions, tmp_path):
    keras = environment.load_keras()
    tokens = keras.Input((None,), dtype="int32")
    lstm = keras.layers.LSTM(4, use_cudnn=False)
    layer = keras.layers.Bidirectional(lstm) if both_directions else lstm
    embedding = keras.layers.Embedding(32, 4, mask_zero=True)
    hidden = layer(embedding(models._never_empty(tokens)))
    logit = keras.layers.Dense(1)(hidden)
    ends_with_dense = keras.layers.Dense(1, activation="sigmoid")(hidden)
    ends_otherwise = keras.layers.Activation("sigmoid")(logit)
    vectoriser = model.layers[1]

    def served(output, temperature):
        joined = models.text_to_sentiment(vectoriser, keras.Model(tokens, output))
        about = small_classifier.record(calibration={"temperature": temperature})
        other = SentimentClassifier.of_model(joined, about)
        folder = tmp_path / f"{other.fingerprint}"
        saved = environment.load_tensorflow().saved_model.load(
            str(savedmodel_export.export(other, folder))
        )
        answers = saved.serve(environment.load_tensorflow().constant(TEXTS)).numpy()[:, 0]
        np.testing.assert_allclose(answers, other.score(TEXTS), rtol=0, atol=1e-6)

    served(ends_with_dense, 1.7)
    served(ends_otherwise, 1.0)
    with pytest.raises(model_io.ArtifactError, match="here it is Activation"):
        served(ends_otherwise, 1.7)
