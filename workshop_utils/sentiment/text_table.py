"""A CSV file of texts, row by row; a row that cannot be read says why, and the next one follows."""

from __future__ import annotations

import codecs
import contextlib
import csv
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TextIO

LONGEST_CELL = 8_000_000
"""Characters in one cell: a quotation mark that is never closed makes a cell of all that
follows, and the limit keeps memory bounded."""

TEXT_COLUMN = "text"
"""The column that is read when none is named; a file with one column needs no name."""

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins as the next mark does, so it is looked for first
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""What a file may begin with, and the encoding that it stands for; without a mark it is UTF-8."""

OTHER_SEPARATORS = ";\t|"
"""What may stand between the fields of a header that has no comma."""

NAMED = 10
NAME_LENGTH = 40
"""Columns that a message names, and characters of each name."""


class TableError(ValueError):
    """The file cannot be read as a table of texts; the message says why."""


class Row(NamedTuple):
    """One row of the source: its number from 1, its text, or why it cannot be read."""

    number: int
    text: str
    problem: str = ""


def printable(text: str) -> str:
    """Put a question mark for each character that a terminal would obey instead of showing."""
    return "".join(each if each.isprintable() else "?" for each in text)


@contextlib.contextmanager
def opened(source: Path, column: str | None) -> Iterator[tuple[TextIO, Iterator[Row]]]:
    """Read the header of a CSV file; give the file and its rows.

    A mark at the beginning tells UTF-16 and UTF-32 from UTF-8, and the header whether commas,
    semicolons, tabs or bars stand between the fields.

    Raises:
        FileNotFoundError: There is no such file.
        TableError: There is no header, no such column, or the encoding is another one.
    """
    if not source.exists():
        raise FileNotFoundError(f"There is no file {printable(str(source))}.")
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        # Bytes that stand for nothing become half surrogate pairs, by which the row is found.
        with source.open(encoding=_encoding(source), errors=_HALF, newline="") as file:
            separator = ","
            header = _header(file, ",")
            if len(header) == 1 and header[0] != column and set(header[0]) & set(OTHER_SEPARATORS):
                separator = max(OTHER_SEPARATORS, key=header[0].count)
                file.seek(0)
                header = _header(file, separator)
            place = _place_of(header, column)
            yield file, _rows(_Lines(file), separator, len(header), place)
    finally:
        csv.field_size_limit(before)


_HALF = "workshop-half-a-pair"
codecs.register_error(_HALF, lambda error: ("\udcff", getattr(error, "end", 0)))


def _encoding(source: Path) -> str:
    with source.open("rb") as file:
        start = file.read(4)
    return next((name for mark, name in MARKS.items() if start.startswith(mark)), "utf-8")


def _header(file: TextIO, separator: str) -> list[str]:
    header = next(csv.reader(file, delimiter=separator), [])
    if any("\0" in each for each in header):
        raise TableError(
            "The file is not UTF-8: its header holds NUL characters, as UTF-16 without a mark "
            "does. Save it as CSV in UTF-8."
        )
    return header


class _Lines(Iterator[str]):
    """The lines of a file; ``ended`` says whether one more was asked for than there are."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.ended = False

    def __next__(self) -> str:
        try:
            return next(self._file)
        except StopIteration:
            self.ended = True
            raise


def _rows(lines: _Lines, separator: str, width: int, place: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator)
    for number in itertools.count(1):
        begun = reader.line_num
        try:
            fields = next(reader) or [""]  # an empty line, where there is one column
            if lines.ended:  # the reader looked for the end of this row, and there is none
                count = reader.line_num - begun
                raise ValueError(
                    f"a quotation mark is never closed, so the last {count:,} lines of the file "
                    "are one row"
                )
            if len(fields) != width:
                raise ValueError(f"{len(fields)} fields, expected {width}")
            fields[place].encode("utf-8")
            yield Row(number, fields[place])
        except StopIteration:
            return
        except UnicodeEncodeError:
            yield Row(number, "", "not valid UTF-8")
        except (ValueError, csv.Error) as error:
            yield Row(number, "", str(error))


def _place_of(header: Sequence[str], column: str | None) -> int:
    if not header:
        raise TableError("The file is empty: expected a header and a column of texts.")
    wanted = (header[0] if len(header) == 1 else TEXT_COLUMN) if column is None else column
    if header.count(wanted) != 1:
        how_many = "more than one" if wanted in header else "no"
        names = ", ".join(printable(each[:NAME_LENGTH]) for each in header[:NAMED])
        more = f" and {len(header) - NAMED:,} more" if len(header) > NAMED else ""
        raise TableError(
            f"There is {how_many} column {wanted[:NAME_LENGTH]!r}; the header names {names}{more}. "
            "Name the column that holds the texts."
        )
    return header.index(wanted)
