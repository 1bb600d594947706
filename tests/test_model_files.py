"""Model files: what is saved is read back, and everything else is refused in one sentence."""

import contextlib
import io
import json
import pickle
import random
import string
import time
import tracemalloc
import zipfile

import h5py
import numpy as np
import pytest
import small_classifier

from workshop_utils import environment, model_io
from workshop_utils.classifier import SentimentClassifier
from workshop_utils.model_guard import LARGEST, ModelFileError

WEIGHTS, RECORD, PLAN = "model.weights.h5", "workshop.json", "config.json"


@pytest.fixture(scope="module")
def parts():
    """The parts of a good file, by name."""
    with zipfile.ZipFile(io.BytesIO(small_classifier.saved())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def write(tmp_path, parts):
    """Write a model file with some parts changed; None leaves one out."""

    def written(changes, compression=zipfile.ZIP_STORED):
        path = tmp_path / "changed.keras"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, content in {**parts, **changes}.items():
                if content is not None:
                    archive.writestr(name, content)
        return path

    return written


def refused(path, words):
    """Load a file that must be refused, and return the sentence."""
    with pytest.raises(ModelFileError, match=words) as error:
        SentimentClassifier.load(path)
    said = str(error.value)
    assert said.count("cannot be used as a model") == 1
    assert said.isprintable()
    assert len(said) < 600
    return said


def as_json(part, **changes):
    return json.dumps({**json.loads(part), **changes}).encode()


# --- what is saved is read back ---------------------------------------------------------


def test_a_saved_model_answers_as_keras_does(tmp_path):
    path = small_classifier.save(tmp_path / "m.keras", temperature=2.0)
    texts = ["what a great night", "terrible lies!", "great &amp; TERRIBLE", "unheard of"]
    given = environment.load_tensorflow().constant(texts)
    expected = np.asarray(small_classifier.model()(given))[:, 0]
    again = np.asarray(model_io.load_keras(path)(given))[:, 0]
    np.testing.assert_allclose(again, expected, atol=1e-6)
    classifier = SentimentClassifier.load(path)
    logits = classifier.logits(texts)
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), expected, atol=1e-5)
    np.testing.assert_allclose(classifier.score(texts), 1 / (1 + np.exp(-logits / 2)), atol=1e-9)


def test_the_record_comes_back(tmp_path):
    path = small_classifier.save(tmp_path / "m.keras", threshold=0.25, about={"seed": 3})
    _, record = model_io.read(path)
    assert (record.threshold, record.temperature, record.about) == (0.25, 1.5, {"seed": 3})
    assert record.labels == ("negative", "positive")
    assert all(len(each) == model_io.KEPT for each in record.domain.values())
    assert max(record.domain["words"]) == 4


def test_a_network_that_the_reader_does_not_know_is_not_saved(tmp_path):
    from workshop_utils import models

    keras = environment.load_keras()
    tokens = keras.Input((None,), dtype="int64")
    hidden = keras.layers.GRU(4)(keras.layers.Embedding(32, 4, mask_zero=True)(tokens))
    network = keras.Model(tokens, keras.layers.Dense(1, "sigmoid")(hidden))
    joined = models.text_to_sentiment(small_classifier.model().get_layer("vectoriser"), network)
    with pytest.raises(ModelFileError, match="GRU"):
        model_io.save(
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
        model_io.load_keras(path)


def test_a_vocabulary_in_another_order_is_refused(write, parts):
    name = min((each for each in parts if each.endswith("vocabulary.txt")), key=len)
    words = parts[name].decode().split("\n")
    refused(write({name: "\n".join([*words[:2], *words[:1:-1]])}), "do not give the answers")


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


# --- hostile files ----------------------------------------------------------------------


class Trap:
    def __reduce__(self):
        return exec, ("raise SystemExit('a pickle was run')",)


def test_a_pickle_is_never_run(tmp_path, write):
    path = tmp_path / "model.keras"
    path.write_bytes(pickle.dumps(Trap()))
    refused(path, "not a file that Keras saved")
    refused(write({"model.pkl": pickle.dumps(Trap())}), "does not belong")


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "assets/../../x", "a:b", "more.json"])
def test_a_part_that_does_not_belong_is_refused(write, name):
    refused(write({name: b"x"}), "does not belong")


@pytest.mark.parametrize("name", [RECORD, PLAN, "metadata.json", WEIGHTS])
def test_a_part_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(write, name):
    bomb = bytes(LARGEST[name] + 1) if name == WEIGHTS else b" " * (LARGEST[name] + 1)
    path = write({name: bomb}, zipfile.ZIP_DEFLATED)
    del bomb
    tracemalloc.start()
    started = time.perf_counter()
    refused(path, "unpacks to")
    assert time.perf_counter() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_size_that_lies_unpacks_no_more_than_it_says(write, parts):
    path = write({RECORD: parts[RECORD] + b" " * 3_000_000}, zipfile.ZIP_DEFLATED)
    content = path.read_bytes()
    true = (len(parts[RECORD]) + 3_000_000).to_bytes(4, "little")
    path.write_bytes(content.replace(true, len(parts[RECORD]).to_bytes(4, "little")))
    refused(path, "damaged|not JSON|not a file")


@pytest.mark.parametrize("name", [RECORD, PLAN])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_json_without_end_is_refused(write, name, opening):
    closing = b"]" if opening == b"[" else b"}"
    refused(write({name: opening * 200_000 + b"1" + closing * 200_000}), "nested too deeply")


def layer(kind, module="keras.layers", **more):
    return {"module": module, "class_name": kind, "config": {}, "registered_name": None, **more}


@pytest.mark.parametrize(
    "entry",
    [
        layer("Lambda"),
        layer("TFSMLayer"),
        layer("Dense", module="os"),
        layer("Dense", registered_name="my>Dense"),
        layer("function", module="builtins", config="eval", registered_name="function"),
        layer("function", module="keras.utils", config="get_file", registered_name="function"),
        layer("StringLookup", config={"vocabulary": "/etc/passwd"}),
        layer("TextVectorization", config={"vocabulary": "/etc/passwd"}),
        layer(["Dense"]),
        layer("Dense", config=7),
        layer("Dense\x1b[31m" + "x" * 100_000),
    ],
    ids=lambda entry: str(entry["class_name"])[:5],
)
def test_a_plan_that_asks_for_more_than_the_known_layers_is_refused(write, parts, entry):
    plan = json.loads(parts[PLAN])
    plan["config"]["layers"].append(entry)
    refused(write({PLAN: json.dumps(plan).encode()}), "its plan")


def test_a_plan_of_another_size_than_its_arrays_is_refused(write, parts):
    plan = parts[PLAN].replace(b'"input_dim": 32', b'"input_dim": 1000000000')
    assert plan != parts[PLAN]
    refused(write({PLAN: plan}), "different sizes")


def hostile_h5(tmp_path, content, change):
    path = tmp_path / "w.h5"
    path.write_bytes(content)
    with h5py.File(path, "r+") as file:
        change(file)
    return path.read_bytes()


def external_link(file):
    file["elsewhere"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file):
    file["loop"] = h5py.SoftLink("/")


def external_storage(file):
    file.create_dataset("raw", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def virtual(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/tmp/other.h5", "x", (4,))
    file.create_virtual_dataset("virtual", layout)


def packed_bomb(file):
    file.create_dataset("bomb", (40_000, 40_000), "f4", compression="gzip", fillvalue=0)


def declared_bomb(file):
    file.create_dataset("bomb", (400_000, 40_000), "f4")


def strings(file):
    file["words"] = "not a number"


def many_groups(file):
    for number in range(1_100):
        file.create_group(f"g{number}")


HOSTILE = (external_link, soft_link, external_storage, virtual, packed_bomb, declared_bomb, strings)


@pytest.mark.parametrize("change", [*HOSTILE, many_groups])
def test_weights_that_are_not_plain_arrays_are_refused(tmp_path, write, parts, change):
    tracemalloc.start()
    refused(write({WEIGHTS: hostile_h5(tmp_path, parts[WEIGHTS], change)}), "its weights")
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_a_link_and_a_doubled_part_are_refused(tmp_path, parts):
    path = tmp_path / "link.keras"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            if name == RECORD:
                info.external_attr = 0o120777 << 16
            archive.writestr(info, content)
    refused(path, "is a link")
    with zipfile.ZipFile(path, "w") as archive:
        for name in parts:
            archive.writestr(name, parts[name])
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(RECORD, parts[RECORD])
    refused(path, "two parts of one name")


# --- every field of the record ----------------------------------------------------------

WRONG = [
    None, True, -1, 2, 1e-320, 10**400, float("nan"), float("inf"), "0.5", "", [], [1], {},
    {"a": 1}, [[]], [None], ["positive", "negative"], [True, False], [0.5, 0.1],
    "\x1b[31m", [1e308] * 3,
]  # fmt: skip


def variants(record, count=500):
    """Yield the record with one field, at any depth, made wrong or left out."""
    generator = random.Random(141)
    places = [("format",), *((name,) for name in record)]
    places += [(name, inner) for name in ("reference", "domain") for inner in record[name]]
    places += [(*place, 0) for place in places if len(place) == 2]
    for _ in range(count):
        changed = json.loads(json.dumps(record))
        *outer, last = generator.choice(places)
        holder = changed
        for step in outer:
            holder = holder[step]
        if generator.random() < 0.1 and isinstance(holder, dict):
            del holder[last]
        else:
            holder[last] = generator.choice(WRONG)
        yield changed


def test_each_malformed_field_is_one_clear_sentence(write, parts):
    record = json.loads(parts[RECORD])
    accepted = 0
    for changed in variants(record):
        path = write({RECORD: json.dumps(changed).encode()})
        try:
            found = SentimentClassifier.load(path)
        except ModelFileError as error:
            said = str(error)
            assert "\n" not in said
            assert "damaged" not in said, said
            assert set(said) <= set(string.printable), said
        else:
            accepted += 1
            assert 0 <= found.predict("great").positive <= 1
    assert accepted < 100, "only what is harmless passes, such as another table in about"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 1}, "another version of the workshop"),
        ({"labels": ["positive", "negative"]}, "in this order"),
        ({"threshold": 10**400}, "threshold must be a number from 0 to 1"),
        ({"temperature": True}, "temperature must be a number from 0.05"),
        ({"temperature": 1e-320}, "temperature must be a number from 0.05"),
        ({"domain": []}, "domain must be a table"),
        ({"reference": {"texts": ["a"], "positive": []}}, "reference answers"),
    ],
)
def test_the_sentence_names_the_field(write, parts, changes, words):
    refused(write({RECORD: as_json(parts[RECORD], **changes)}), words)


def test_a_file_without_the_workshops_part_is_refused(write):
    refused(write({RECORD: None}), "another version of the workshop, or not by it at all")


def test_a_refused_model_in_the_default_place_is_trained_again(write, parts, monkeypatch, capsys):
    from workshop_utils import classifier as module

    path = write({RECORD: b"[" * 200_000})
    model_io.default_path().parent.mkdir(parents=True, exist_ok=True)
    path.replace(model_io.default_path())
    monkeypatch.setattr(module, "_train", lambda target: small_classifier.save(target))
    assert SentimentClassifier.load_or_train().predict("great night").label == "positive"
    assert "The saved model cannot be used, so it is trained now" in capsys.readouterr().out
    SentimentClassifier.load_or_train()
    assert "is loaded" in capsys.readouterr().out
