"""Whole files: every row answered, bad ones named, and no trace of an interruption."""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import small_classifier

from workshop_utils import batch_predict, model_io
from workshop_utils.batch_predict import HEADER, score_file
from workshop_utils.classifier import Answers, SentimentClassifier, TableError
from workshop_utils.classifier.columns import LONGEST_CELL
from workshop_utils.cli import predict as command


@pytest.fixture(scope="module")
def model():
    return small_classifier.train()


@pytest.fixture(scope="module")
def classifier(model):
    return SentimentClassifier.of_model(model, small_classifier.record())


@pytest.fixture
def place(tmp_path):
    return SimpleNamespace(source=tmp_path / "in.csv", target=tmp_path / "out.csv", folder=tmp_path)


def write(path, texts, header="text"):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[header], *([text] for text in texts)])


def answers(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == HEADER
    return [dict(zip(HEADER, row, strict=True)) for row in rows[1:]]


def left(place):
    return sorted(path.name for path in place.folder.iterdir())


def many(count):
    return [f"a {'great' if n % 3 else 'terrible'} night {n}" for n in range(count)]


def test_every_row_is_answered_as_one_by_one(classifier, place):
    texts = [
        "great",
        "terrible, \u201clies\u201d\r\nand\nlines",
        "",
        "  ",
        "\x00",
        "=1+1",
        "great " * 99,
    ]
    write(place.source, texts)
    done = score_file(classifier, place.source, place.target, rows_at_once=2, show=False)
    assert (done.rows, done.bad, done.continued_at) == (7, 0, 0)
    found = answers(place.target)
    assert [row["text"] for row in found] == texts
    assert [int(row["row"]) for row in found] == list(range(1, 8))
    for row, one in zip(found, classifier.predict_many(texts), strict=True):
        assert row["label"] == one.label
        assert float(row["positive"]) == pytest.approx(one.positive, abs=1e-6)
        assert (row["cut_off"], row["empty"]) == (str(one.cut_off), str(one.empty))
    assert left(place) == ["in.csv", "out.csv"]


def test_bad_rows_are_named_and_the_others_answered(classifier, place):
    place.source.write_bytes(
        b"id,text\n1,great\n2\n3,a,b\n4,caf\xe9\n5,terrible\n\n6,"
        + "\u2019\U0001f602".encode()
        + b"\n"
    )
    done = score_file(classifier, place.source, place.target, show=False)
    assert (done.rows, done.bad) == (7, 4)
    assert dict(done.bad_rows) == {
        2: "1 fields, expected 2",
        3: "3 fields, expected 2",
        4: "not valid UTF-8",
        6: "1 fields, expected 2",
    }
    found = answers(place.target)
    assert [row["label"] for row in found if row["problem"]] == [""] * 4
    assert [found[n]["label"] for n in (0, 4)] == ["positive", "negative"]


def test_a_quotation_mark_without_an_end_costs_one_row_and_little_memory(classifier, place):
    place.source.write_text('text\ngreat\n"' + "x" * (LONGEST_CELL + 5) + "\nterrible\n")
    done = score_file(classifier, place.source, place.target, show=False)
    assert [number for number, _ in done.bad_rows] == [2]
    assert answers(place.target)[0]["label"] == "positive"
    assert csv.field_size_limit() < LONGEST_CELL, "the setting of others stays as it was"


@pytest.mark.parametrize(
    ("content", "column", "words"),
    [
        ("", None, "empty"),
        ("a,b\n1,2\n", None, "no column 'text'; the header names a, b"),
        ("a,text\n1,2\n", "tweet", "no column 'tweet'"),
        ("text,text\n1,2\n", None, "more than one column 'text'"),
    ],
)
def test_a_table_without_the_column_is_refused_and_leaves_no_file(
    classifier, place, content, column, words
):
    place.source.write_text(content)
    with pytest.raises(TableError, match=words):
        score_file(classifier, place.source, place.target, column=column, show=False)
    assert left(place) == ["in.csv"]


def test_the_only_column_needs_no_name_and_a_byte_order_mark_does_not_count(classifier, place):
    place.source.write_bytes(b"\xef\xbb\xbftweet\ngreat\n")
    assert score_file(classifier, place.source, place.target, show=False).rows == 1
    assert classifier.predict_many(place.source)[0].label == "positive"


def test_the_source_is_never_its_own_target(classifier, place):
    write(place.source, ["great"])
    with pytest.raises(ValueError, match="Name another"):
        score_file(classifier, place.source, place.source, show=False)


class Interrupting:
    """Answers like the classifier, until it is stopped before the third piece."""

    def __init__(self, classifier, pieces=2):
        self.inner, self.left, self.fingerprint = classifier, pieces, classifier.fingerprint
        self.read = 0

    def answers(self, texts):
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        self.read += len(texts)
        return self.inner.answers(texts)


def test_an_interrupted_file_is_continued_and_comes_out_the_same(classifier, place):
    write(place.source, many(50))
    whole = place.folder / "whole.csv"
    score_file(classifier, place.source, whole, rows_at_once=10, show=False)
    with pytest.raises(KeyboardInterrupt):
        score_file(
            Interrupting(classifier), place.source, place.target, rows_at_once=10, show=False
        )
    assert not place.target.exists()
    assert {"out.csv.part", "out.csv.state"} < set(left(place))
    with (place.folder / "out.csv.part").open("ab") as part:
        part.write(b"21,half a ro")  # written, but not yet noted
    rest = Interrupting(classifier, pieces=99)
    done = score_file(rest, place.source, place.target, rows_at_once=10, show=False)
    assert (done.continued_at, done.rows, rest.read) == (20, 50, 30)
    assert place.target.read_bytes() == whole.read_bytes()
    assert left(place) == ["in.csv", "out.csv", "whole.csv"]


def change_the_source(place, model):
    with place.source.open("a", encoding="utf-8") as file:
        file.write("great\n")
    return SentimentClassifier.of_model(model, small_classifier.record())


def change_the_model(place, model):
    return SentimentClassifier.of_model(model, small_classifier.record(threshold=0.25))


def lose_the_part(place, model):
    (place.folder / "out.csv.part").write_bytes(b"")
    return SentimentClassifier.of_model(model, small_classifier.record())


def spoil_the_state(place, model):
    (place.folder / "out.csv.state").write_text('{"rows": 7}')
    return SentimentClassifier.of_model(model, small_classifier.record())


@pytest.mark.parametrize(
    "change", [change_the_source, change_the_model, lose_the_part, spoil_the_state]
)
def test_what_does_not_fit_any_more_is_begun_anew(classifier, model, place, change):
    write(place.source, many(30))
    with pytest.raises(KeyboardInterrupt):
        score_file(
            Interrupting(classifier), place.source, place.target, rows_at_once=10, show=False
        )
    other = change(place, model)
    assert score_file(other, place.source, place.target, show=False).continued_at == 0
    assert len(answers(place.target)) >= 30


class Measuring:
    """Answers by the length of a text, so that a second process needs no TensorFlow."""

    fingerprint = "by length"

    def __init__(self, seconds=0.0):
        self.seconds = seconds

    def answers(self, texts):
        time.sleep(self.seconds)
        lengths = np.array([len(each) for each in texts])
        none = np.zeros(len(texts))
        return Answers(lengths / 100, lengths % 2, lengths, none, none > 0)


KILLED = """
import sys
from test_scoring import Measuring, score_file
score_file(Measuring(0.02), *sys.argv[1:], rows_at_once=20, show=False)
"""


def test_a_killed_process_leaves_no_half_file_and_is_continued(place):
    write(place.source, many(2000))
    arguments = [sys.executable, "-c", KILLED, str(place.source), str(place.target)]
    here = str(Path(__file__).parent)
    path = os.pathsep.join([here, str(Path(here).parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(arguments, env={**os.environ, "PYTHONPATH": path})
    state = place.folder / "out.csv.state"
    end = time.monotonic() + 120
    while not (state.exists() and json.loads(state.read_text())["rows"] >= 40):
        assert process.poll() is None, "the process ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not place.target.exists()
    done = score_file(Measuring(), place.source, place.target, show=False)
    assert 40 <= done.continued_at < 2000
    assert [int(row["row"]) for row in answers(place.target)] == list(range(1, 2001))
    whole = place.folder / "whole.csv"
    score_file(Measuring(), place.source, whole, show=False)
    assert place.target.read_bytes() == whole.read_bytes()


def test_no_more_rows_are_in_memory_than_asked_for(classifier, place, monkeypatch):
    write(place.source, [*many(95), *["x" * 60] * 5])
    sizes = []

    class Watching(Interrupting):
        def answers(self, texts):
            sizes.append(len(texts))
            return super().answers(texts)

    watching = Watching(classifier, pieces=99)
    monkeypatch.setattr(batch_predict, "CHARACTERS_AT_ONCE", 200)
    score_file(watching, place.source, place.target, rows_at_once=10, show=False)
    assert max(sizes) == 10
    assert min(sizes[-2:]) < 5, "long texts come in smaller pieces"
    assert sum(sizes) == 100


def test_the_progress_bar_counts_the_bytes_of_the_source(classifier, place, capsys):
    write(place.source, many(30))
    score_file(classifier, place.source, place.target, rows_at_once=10)
    assert "100%" in capsys.readouterr().err


def test_the_command_answers_a_file_and_says_so(classifier, place, capsys, monkeypatch):
    monkeypatch.setattr(command, "_classifier", lambda *_: classifier)
    bad = "".join(f"{n}\n" for n in range(12))
    place.source.write_text(f"id,text\n1,great\n{bad}")
    assert command.file(str(place.source), str(place.target), None, None, best=False) == 0
    said = capsys.readouterr()
    assert said.out == f"1 of 13 rows are answered in {place.target}.\n"
    assert "Row 2 could not be read: 1 fields, expected 2." in said.err
    assert "So could 2 more" not in said.err
    assert "2 more could not be read; see the column problem." in said.err


def test_the_command_says_how_to_go_on(classifier, place, capsys, monkeypatch):
    write(place.source, many(30))
    monkeypatch.setattr(batch_predict, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(command, "_classifier", lambda *_: Interrupting(classifier, pieces=0))
    assert (
        command.file(str(place.source), str(place.target), None, None, best=False)
        == command.INTERRUPTED
    )
    assert "goes on where it stopped" in capsys.readouterr().err
    with pytest.raises(command.CourseError, match="--out"):
        command.file(str(place.source), None, None, None, best=False)


def test_equal_models_have_equal_fingerprints(classifier, model, place):
    path = model_io.save(model, classifier.record, place.folder / "m.keras")
    assert SentimentClassifier.load(path).fingerprint == classifier.fingerprint
    other = SentimentClassifier.of_model(model, small_classifier.record(threshold=0.4))
    assert other.fingerprint != classifier.fingerprint


def test_numbers_do_not_depend_on_the_pieces(classifier):
    texts = many(300)
    together = classifier.score(texts)
    apart = np.concatenate([classifier.score(texts[n : n + 7]) for n in range(0, 300, 7)])
    np.testing.assert_allclose(together, apart, atol=1e-6)
