"""One file: saved and loaded again it answers the same; anything else is refused with advice."""

import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from workshop_utils import environment, evaluation, model_io, models, vectoriser

TEXTS = ["What a great debate tonight", "terrible lies", "great great great"]
RECORD = {
    "labels": ["negative", "positive"],
    "threshold": 0.3,
    "is_real": False,
    "metrics": {"accuracy": 0.8},
    "versions": {"keras": "3"},
}


@pytest.fixture(scope="module")
def model():
    environment.load_keras()
    environment.set_seed()
    layer = vectoriser.fit_vectoriser(TEXTS, 20)
    return models.text_to_sentiment(layer, models.quick_lstm(20, units=4, embedding_size=3))


def test_saved_and_loaded_it_answers_the_same(model):
    path = model_io.save(model, RECORD)
    assert path == model_io.default_path()
    assert path.name == "sentiment.keras"
    loaded, record = model_io.load()
    assert record == RECORD
    texts = [*TEXTS, "", "RT @someone: don\u2019t &amp; won't \U0001f602"]
    np.testing.assert_array_equal(
        evaluation.predict(loaded, texts), evaluation.predict(model, texts)
    )


def test_the_record_lies_inside_and_beside(model, tmp_path):
    path = model_io.save(model, RECORD, tmp_path / "mine.keras")
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) == RECORD
    assert model_io.read_record(path) == RECORD
    names = zipfile.ZipFile(path).namelist()
    assert model_io.RECORD_NAME in names
    assert len(names) == len(set(names))


def test_a_fresh_process_needs_only_the_file(model, tmp_path):
    path = model_io.save(model, RECORD, tmp_path / "mine.keras")
    code = (
        "import sys; from workshop_utils import artifact, evaluation; "
        f"model, record = model_io.load({str(path)!r}); "
        f"print(record['threshold'], evaluation.predict(model, {TEXTS!r}).tolist())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    threshold, _, numbers = answer.stdout.partition(" ")
    assert float(threshold) == 0.3
    np.testing.assert_allclose(json.loads(numbers), evaluation.predict(model, TEXTS), atol=1e-6)


def test_reading_the_record_loads_no_keras(model, tmp_path):
    path = model_io.save(model, RECORD, tmp_path / "mine.keras")
    code = (
        "import sys; from workshop_utils import artifact; "
        f"model_io.read_record({str(path)!r}); print('keras' in sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert answer.stdout.strip() == "False"


def test_the_temperature_is_read_and_is_1_in_older_records():
    assert model_io.temperature(RECORD) == 1.0
    assert model_io.temperature({**RECORD, "calibration": None}) == 1.0
    assert model_io.temperature({**RECORD, "calibration": {"temperature": 1.7}}) == 1.7


@pytest.mark.parametrize("stored", [0, -1.0, "warm", None, float("inf"), float("nan")])
def test_an_impossible_temperature_is_refused(stored):
    with pytest.raises(model_io.ArtifactError, match="temperature"):
        model_io.temperature({**RECORD, "calibration": {"temperature": stored}})


def test_the_file_holds_no_pickle_and_no_lambda(model, tmp_path):
    path = model_io.save(model, RECORD, tmp_path / "mine.keras")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        layers = json.loads(archive.read("config.json"))["config"]["layers"]
    allowed = (".json", ".h5", ".txt")
    assert all(name.endswith((*allowed, "/")) for name in names), names
    assert "Lambda" not in {layer["class_name"] for layer in layers}


def test_a_file_that_brings_code_of_its_own_is_refused(tmp_path):
    keras = environment.load_keras()
    with_code = keras.Sequential([keras.Input((1,)), keras.layers.Lambda(lambda x: x * 2)])
    path = model_io.save(with_code, RECORD, tmp_path / "code.keras")
    with pytest.raises(model_io.ArtifactError, match="not a model that this workshop saved"):
        model_io.load(path)


def test_without_a_file_it_says_what_to_run():
    with pytest.raises(FileNotFoundError, match="Run notebook 05"):
        model_io.load()


def test_other_and_damaged_files_are_refused(model, tmp_path):
    path = model_io.save(model, RECORD, tmp_path / "mine.keras")
    whole = path.read_bytes()
    plain = tmp_path / "plain.keras"
    model.save(plain)
    for name, content in {"cut": whole[: len(whole) // 2], "text": b"no model"}.items():
        (tmp_path / f"{name}.keras").write_bytes(content)
    for name in ("cut", "text", "plain"):
        with pytest.raises(model_io.ArtifactError, match="run notebook 05 again"):
            model_io.load(tmp_path / f"{name}.keras")


def test_a_model_that_keras_cannot_read_is_refused(tmp_path):
    path = tmp_path / "hollow.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(model_io.RECORD_NAME, json.dumps(RECORD))
    with pytest.raises(model_io.ArtifactError, match="damaged"):
        model_io.load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(model_io.RECORD_NAME, json.dumps({"labels": []}))
    with pytest.raises(model_io.ArtifactError, match="record lacks"):
        model_io.read_record(path)


def test_a_model_is_not_saved_without_its_record_or_under_another_suffix(model, tmp_path):
    with pytest.raises(ValueError, match="lacks threshold"):
        model_io.save(model, {k: v for k, v in RECORD.items() if k != "threshold"})
    with pytest.raises(ValueError, match=r"\.keras"):
        model_io.save(model, RECORD, tmp_path / "mine.h5")
    assert not model_io.default_path().exists()
