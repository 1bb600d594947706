"""Whole files and single texts: every row answered, bad ones named."""

import csv
import errno
import os

import pytest
from batch_files import answers, invoke, left, many, score, watch, write
from typer.testing import CliRunner

from workshop_utils.cli import predict as command
from workshop_utils.cli.main import app
from workshop_utils.runtime.storage import StorageError
from workshop_utils.sentiment import batch_predict
from workshop_utils.sentiment.batch_predict import FORMULA, HEADER, score_file
from workshop_utils.sentiment.text_table import LONGEST_CELL, TableError

# --- rows, good and bad -----------------------------------------------------------------


def test_each_row_gets_the_classifiers_answer(classifier, place):
    texts = ["great", "terrible, \u201clies\u201d\r\nand\nlines", "", "  ", "\x00", "great " * 99]
    write(place.source, texts)
    done = score(classifier, place, rows_at_once=2)
    assert (done.rows, done.bad, done.continued_at) == (6, 0, 0)
    found = answers(place.target)
    assert tuple(found[0]) == HEADER
    assert [row["text"] for row in found] == texts
    assert [int(row["row"]) for row in found] == list(range(1, 7))
    for row, one in zip(found, classifier.predict_many(texts), strict=True):
        assert row["label"] == one.label
        assert float(row["positive"]) == pytest.approx(one.positive, abs=2e-6)
        assert row["cut_off"] == str(one.cut_off)
    assert left(place) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("start", FORMULA)
def test_no_text_becomes_a_formula_of_a_spreadsheet(classifier, place, start):
    write(place.source, [f"{start}cmd|' /C calc'!A0", "great"])
    score(classifier, place)
    first, second = (row["text"] for row in answers(place.target))
    assert first.startswith(f"'{start}")
    assert second == "great"


def test_bad_rows_are_named_and_the_others_answered(classifier, place):
    place.source.write_bytes(
        b"id,text\n1,great\n2\n3,a,b\n4,caf\xe9\n5,terrible\n\n6,\xe2\x80\x99\n"
    )
    done = score(classifier, place)
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
    done = score(classifier, place)
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
        score(classifier, place, column=column)
    assert left(place) == ["in.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("separator", ",;\t|")
def test_known_encodings_and_separators_give_the_same_answers(
    classifier, place, encoding, separator
):
    texts = ["love it", f"great{separator} no, terrible", "caf\xe9 \u201clies\u201d", "a\nb"]
    with place.source.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(
            [["text", "id"], *([each, "7"] for each in texts)]
        )
    done = score(classifier, place)
    assert (done.rows, done.bad) == (4, 0)
    assert [row["text"] for row in answers(place.target)] == texts


def test_a_column_whose_name_holds_a_semicolon_can_be_named(classifier, place):
    write(place.source, ["great; night"], column="tweet; raw")
    assert score(classifier, place, column="tweet; raw").rows == 1
    assert answers(place.target)[0]["text"] == "great; night"
    with pytest.raises(TableError, match="no column 'text'; the header names tweet,  raw"):
        score(classifier, place)


def test_utf_16_without_a_mark_is_refused(classifier, place):
    place.source.write_bytes("id,text\n1,love it\n".encode("utf-16-le"))
    with pytest.raises(TableError, match="not UTF-8"):
        score(classifier, place)
    assert left(place) == ["in.csv"]


def test_half_a_character_of_utf_16_is_a_bad_row(classifier, place):
    whole = "text\ngreat\nterr\ud800ible\ngreat\n".encode("utf-16", "surrogatepass")
    place.source.write_bytes(whole + b"x")
    done = score(classifier, place)
    assert dict(done.bad_rows) == {2: "not valid UTF-8", 4: "not valid UTF-8"}


@pytest.mark.parametrize("end", ["", "\n"])
def test_rows_behind_a_quotation_mark_that_is_never_closed_are_not_one_text(classifier, place, end):
    place.source.write_text('id,text\n1,great\n2,"terrible\n3,great\n4,great' + end)
    done = score(classifier, place)
    assert (done.rows, done.bad) == (2, 1)
    ((number, problem),) = done.bad_rows
    assert number == 2
    assert "never closed, so the last 3 lines" in problem
    place.source.write_text('id,text\n1,"great' + end + '"' + end)
    assert score(classifier, place).bad == 0


def test_a_header_of_thousands_of_names_is_shown_in_a_few_words(classifier, place):
    names = [f"column {n} \x1b[31m" for n in range(20_000)]
    write(place.source, [], column="x")
    place.source.write_text(",".join(names) + "\n")
    with pytest.raises(TableError, match="and 19,990 more") as caught:
        score(classifier, place)
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("kind", ["link", "broken link", "pipe", "device"])
@pytest.mark.parametrize("end", ["", ".part", ".state"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_answers_replace_ordinary_files_only(classifier, place, kind, end):
    write(place.source, ["great"])
    path = place.target.with_name(place.target.name + end)
    other = place.folder / "other.txt"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/null")
    else:
        path.symlink_to(other)
        if kind == "link":
            other.write_text("mine")
    with pytest.raises(ValueError, match="no ordinary file"):
        score(classifier, place)
    assert not path.is_file() or path.is_symlink()
    if kind == "link":
        assert other.read_text() == "mine"
    elif kind == "broken link":
        assert not other.exists()


def test_a_full_disk_is_one_sentence_and_the_work_goes_on(classifier, place, monkeypatch):
    write(place.source, many(40))
    pieces = []

    def full(number):
        pieces.append(number)
        if len(pieces) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(batch_predict.os, "fsync", full)
    with pytest.raises(StorageError, match=r"out\.csv cannot be written \(No space left") as caught:
        score(classifier, place, rows_at_once=10)
    assert "[Errno" not in str(caught.value)
    monkeypatch.undo()
    assert 0 < score(classifier, place, rows_at_once=10).continued_at < 40


def test_the_only_column_needs_no_name_and_a_byte_order_mark_does_not_count(classifier, place):
    place.source.write_bytes(b"\xef\xbb\xbftweet\ngreat\n")
    assert score(classifier, place).rows == 1


def test_source_and_target_are_two_ordinary_files(classifier, place):
    write(place.source, ["great"])
    with pytest.raises(ValueError, match="Name another"):
        score_file(classifier, place.source, place.source, show=False)
    place.target.mkdir()
    with pytest.raises(ValueError, match="Name another"):
        score(classifier, place)
    with pytest.raises(ValueError, match="not an ordinary file"):
        score_file(classifier, place.folder, place.folder / "a.csv", show=False)
    with pytest.raises(FileNotFoundError):
        score_file(classifier, place.folder / "none.csv", place.folder / "a.csv", show=False)
    assert left(place) == ["in.csv", "out.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(classifier, place):
    os.mkfifo(place.folder / "pipe")
    with pytest.raises(ValueError, match="save the texts in a CSV file first"):
        score_file(classifier, place.folder / "pipe", place.target, show=False)


def test_no_more_rows_are_in_memory_than_asked_for(classifier, place, monkeypatch):
    write(place.source, [*many(95), *["x" * 60] * 5])
    sizes = []
    monkeypatch.setattr(batch_predict, "CHARACTERS_AT_ONCE", 200)
    score(watch(classifier, lambda texts: sizes.append(len(texts))), place, rows_at_once=10)
    assert (max(sizes), sum(sizes)) == (10, 100)
    assert min(sizes[-2:]) < 5, "long texts come in smaller pieces"


def test_other_texts_are_reported(classifier, place):
    write(place.source, [f"waiter {n} forgot our soup, so we left hungry" for n in range(300)])
    assert score(classifier, place).domain.far
    write(place.source, many(100))
    assert not score(classifier, place).domain.far


# --- the command ------------------------------------------------------------------------


def test_texts_are_answered_one_a_line(classifier):
    said = invoke(classifier, "what a great night", "xyzzy plugh", "terrible")
    first, second, third = said.output.splitlines()
    assert first.startswith("positive 0.")
    assert second.startswith("cannot tell xyzzy plugh (2 of 2 words unknown")
    assert third.startswith("negative 0.")
    assert invoke(classifier, input="great\nterrible\n").output.count("\n") == 2


def test_nothing_that_a_terminal_would_obey_is_printed(classifier):
    said = invoke(classifier, "great \x1b]0;owned\x07\x1b[31m \x9b night\r\b")
    assert said.exit_code == 0
    assert all(each.isprintable() for each in said.output.rstrip("\n"))


def test_a_file_is_answered_and_bad_rows_are_named(classifier, place):
    place.source.write_text("id,text\n1,great\n" + "".join(f"{n}\n" for n in range(12)))
    said = invoke(classifier, "--file", str(place.source), "--out", str(place.target))
    assert said.exit_code == 0
    assert f"1 of 13 rows are answered in {place.target}." in said.output
    assert "Row 2 could not be read: 1 fields, expected 2." in said.output
    assert "2 more could not be read; see the column problem." in said.output


def test_a_table_of_other_texts_is_said(classifier, place):
    write(place.source, [f"waiter {n} forgot our soup, so we left hungry" for n in range(300)])
    said = invoke(classifier, "--file", str(place.source), "--out", str(place.target))
    assert "its scores may not hold here" in said.output


def test_an_interruption_says_how_to_go_on(classifier, place, monkeypatch, capsys):
    write(place.source, many(30))

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch_predict, "score_file", interrupted)
    path = str(classifier.path)
    assert command.file(str(place.source), str(place.target), None, path) == 130
    assert "goes on where it stopped" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--file", "in.csv"], "--out answers.csv"),
        (["--file", "none.csv", "--out", "a.csv"], "There is no file none.csv."),
        (["--file", "none\x1b[31m.csv", "--out", "a.csv"], "There is no file none?[31m.csv."),
        (["--file", ".", "--out", "a.csv"], "not an ordinary file"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(classifier, arguments, words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    said = invoke(classifier, *arguments)
    assert said.exit_code != 0
    assert words in said.output
    assert len(said.output.strip().splitlines()) == 1


def test_a_file_that_is_no_model_is_refused_once(tmp_path, classifier):
    path = tmp_path / "m.keras"
    path.write_bytes(b"no model")
    said = CliRunner().invoke(app, ["predict", "great", "--model", str(path)])
    assert said.exit_code != 0
    assert said.output.count("cannot be used as a model") == 1
    assert len(said.output.strip().splitlines()) == 1
