"""From a file without Keras: the same answers, and Keras wherever the file gives a reason."""

import io
import json
import os
import subprocess
import sys
import zipfile

import h5py
import numpy as np
import pytest
import small_classifier
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import model_io, tweets, weights
from workshop_utils.classifier import SentimentClassifier, stored

TEXTS = [
    "great",
    "What a TERRIBLE debate!!! http://t.co/abc",
    "RT @someone: don\u2019t say soooooo &amp; much \U0001f602",
    "",
    "\x00 \u0627\u0644\u064a\u0648\u0645",
    "great " * 99,
    "\u03a3\u0391\u03a3 great",  # the model itself must be asked
    "great \u4e2d\u56fd",  # characters of which the file says nothing
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    about = small_classifier.record(threshold=0.4, calibration={"temperature": 1.5})
    folder = tmp_path_factory.mktemp("model")
    return model_io.save(small_classifier.train(), about, folder / "m.keras")


@pytest.fixture(scope="module")
def by_keras(path):
    return SentimentClassifier.of_model(*model_io.load(path))


@pytest.fixture(scope="module")
def by_file(path):
    classifier = SentimentClassifier.load(path)
    assert classifier.engine._load.cache_info().currsize == 0, "Keras has not opened it yet"
    return classifier


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(path, tmp_path, **contents):
    parts = parts_of(path) | {name.replace("_", ".", 1): new for name, new in contents.items()}
    new = tmp_path / "changed.keras"
    with zipfile.ZipFile(new, "w") as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)
    return new


def test_it_answers_as_keras_does(by_file, by_keras):
    mine, theirs = by_file.answers(TEXTS), by_keras.answers(TEXTS)
    np.testing.assert_allclose(mine.positive, theirs.positive, rtol=0, atol=1e-6)
    for name in ("decided", "tokens", "unknown_share", "cut_off"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))
    assert by_file.fingerprint == by_keras.fingerprint


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.lists(ANY, min_size=10, max_size=10))
def test_any_text_is_answered_as_keras_does(by_file, by_keras, texts):
    np.testing.assert_allclose(by_file.score(texts), by_keras.score(texts), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(by_file.answers(texts).tokens, by_keras.answers(texts).tokens)


def test_the_real_tweets_are_answered_as_keras_does(by_file, by_keras, tweets_csv):
    raw = tweets.load(tweets_csv).frame["text"].tolist()
    np.testing.assert_allclose(by_file.score(raw), by_keras.score(raw), rtol=0, atol=1e-6)


def test_the_first_answer_needs_neither_tensorflow_nor_pandas(path):
    code = (
        "import sys; from workshop_utils.classifier import SentimentClassifier; "
        f"classifier = SentimentClassifier.load({str(path)!r}); "
        "answer = classifier.predict('great night \\u201cyes\\u201d \\U0001f602'); "
        "print(answer.label, {'tensorflow', 'keras', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.split() == ["positive", "set()"]


def test_the_model_is_there_when_somebody_asks(path, by_keras):
    classifier = SentimentClassifier.load(path)
    assert classifier.model.output_shape == (None, 1)
    assert classifier.model is classifier.model
    kernel = classifier.engine.parts.cell.kernel
    np.testing.assert_array_equal(kernel, by_keras.engine.parts.cell.kernel)


def falls_to_keras(path, by_keras):
    assert stored.engine_of(path) is None
    answers = SentimentClassifier.load(path).score(TEXTS[:2])
    np.testing.assert_allclose(answers, by_keras.score(TEXTS[:2]), rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", ["numbers", "positive", "cleaned"])
def test_a_witness_that_says_something_else_calls_for_keras(path, by_keras, tmp_path, name):
    said = json.loads(parts_of(path)["witness.json"])
    if name == "positive":
        said["positive"][-1] += 1e-3
    elif name == "numbers":
        said["numbers"][1] = "00000000"
    else:  # what was said of a letter that many words have
        said["cleaned"] = dict.fromkeys(said["cleaned"], "00000000")
    new = changed(path, tmp_path, witness_json=json.dumps(said))
    if name == "cleaned":  # no character is sure, so the vectoriser does all the work
        assert not stored.engine_of(new).tokeniser._same
        return
    falls_to_keras(new, by_keras)


@pytest.mark.parametrize("content", [None, "{}", "[]", "no json", '{"plan": 1, "other": 2}'])
def test_without_a_witness_keras_opens_the_file(path, by_keras, tmp_path, content):
    falls_to_keras(changed(path, tmp_path, witness_json=content), by_keras)


def test_another_plan_calls_for_keras(path, by_keras, tmp_path):
    plan = parts_of(path)["config.json"].decode() + " "
    falls_to_keras(changed(path, tmp_path, config_json=plan), by_keras)


def hdf5(fill):
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        fill(file)
    return content.getvalue()


def virtual(file):
    layout = h5py.VirtualLayout((2,), "f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (2,))
    file.create_virtual_dataset("x", layout)


def outside(file):
    file.create_dataset("x", (2,), "f4", external=[("/etc/hostname", 0, 8)])


def itself(file):
    file["layers"] = file["/"]


HOSTILE = {
    "a link": lambda file: file.update(x=h5py.ExternalLink("/etc/hostname", "/")),
    "are a link": lambda file: file.update(x=h5py.SoftLink("/y")),
    "in another file": virtual,
    "lie in another file": outside,
    "no numbers": lambda file: file.update(x=np.array([b"import os"])),
    "declare": lambda file: file.create_dataset("x", (2**40,), "f4", chunks=(1024,)),
    "more than": itself,
}


@pytest.mark.parametrize("words", HOSTILE)
def test_weights_that_reach_out_of_the_file_are_refused(path, tmp_path, words):
    parts = parts_of(path) | {weights.FILE_NAME: hdf5(HOSTILE[words])}
    new = tmp_path / "hostile.keras"
    with zipfile.ZipFile(new, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(model_io.ArtifactError, match=words):
        SentimentClassifier.load(new)
