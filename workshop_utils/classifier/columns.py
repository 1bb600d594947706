"""Texts from a CSV file, row by row: the file is never in memory as a whole."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

TEXT_COLUMN = "text"
"""The column that is read when none is named; a file with one column needs no name."""

LONGEST_CELL = 8_000_000
"""Characters in one cell. A quotation mark that is never closed makes one cell of all
that follows; the limit keeps memory bounded, and the row is reported."""


class TableError(ValueError):
    """The file, or one row of it, cannot be read; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file below the header.

    Attributes:
        number: Counted from 1.
        text: The text; empty where there is a problem.
        problem: Why the text cannot be read; empty when it can.
    """

    number: int
    text: str
    problem: str = ""


def read_column(path: Path, column: str | None = None) -> list[str]:
    """Read all texts of a file into memory.

    Raises:
        FileNotFoundError: There is no such file.
        TableError: There is no such column, or a row cannot be read.
    """
    with path.open("rb") as file:
        texts = []
        for row in rows_of(file, column):
            if row.problem:
                raise TableError(f"Row {row.number} of {path.name}: {row.problem}.")
            texts.append(row.text)
    return texts


def rows_of(file: BinaryIO, column: str | None = None) -> Iterator[Row]:
    """Read the texts one after the other.

    Args:
        file: A CSV file with a header, UTF-8, with or without a byte order mark.
        column: The header of the column; :data:`TEXT_COLUMN`, or the only one, if none
            is given.

    Yields:
        One row for each row of the file below the header.

    Raises:
        TableError: There is no header, or no such column.
    """
    # Bytes that are no UTF-8 become half surrogate pairs, by which the row is found.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        with _long_cells():
            reader = csv.reader(text)
            try:
                header = next(reader, [])
            except csv.Error as error:
                raise TableError(f"The header cannot be read: {error}.") from error
            place = _place_of(header, column)
            for number in itertools.count(1):
                try:
                    fields = next(reader, None)
                except csv.Error as error:
                    yield Row(number, "", f"not a row of a CSV file ({error})")
                    continue
                if fields is None:
                    return
                yield _row(number, fields, place, len(header))
    finally:
        with contextlib.suppress(ValueError):  # the caller closed the file already
            text.detach()


def _row(number: int, fields: list[str], place: int, expected: int) -> Row:
    # An empty line is a row whose only cell is empty, where there is one column.
    fields = fields or [""]
    if len(fields) != expected:
        return Row(number, "", f"{len(fields)} fields, expected {expected}")
    text = fields[place]
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return Row(number, "", "not valid UTF-8")
    return Row(number, text)


def _place_of(header: list[str], column: str | None) -> int:
    if not header:
        raise TableError("The file is empty: expected a header and a column of texts.")
    wanted = (header[0] if len(header) == 1 else TEXT_COLUMN) if column is None else column
    if header.count(wanted) != 1:
        how_many = "more than one" if wanted in header else "no"
        raise TableError(
            f"There is {how_many} column {wanted!r}; the header names {', '.join(header)}. Name "
            "the column that holds the texts."
        )
    return header.index(wanted)


@contextlib.contextmanager
def _long_cells() -> Iterator[None]:
    """Let a cell be longer than csv's 131,072 characters, which is one setting for all."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
