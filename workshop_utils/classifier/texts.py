"""What may be given to the classifier: texts in memory, or a column of a CSV file."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

TEXT_COLUMN = "text"
"""The column that is read when none is named; a file with one column needs no name."""

LONGEST_CELL = 8_000_000
"""Characters in one cell: a quotation mark that is never closed makes a cell of all that
follows, and the limit keeps memory bounded."""


class TableError(ValueError):
    """The file, or one row of it, cannot be read; the message says which and why."""


def one_text(text: object) -> str:
    """Check that this is one text.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(text, str):
        return _whole(text)
    if isinstance(text, bytes | bytearray):
        advice = "Decode it first, for example with .decode('utf-8')."
    elif isinstance(text, Iterable):
        advice = "Call predict_many for several texts."
    else:
        advice = "Give a string; an empty one stands for a missing text."
    raise TypeError(f"Expected one text, got {type(text).__name__}. {advice}")


def many_texts(texts: object) -> list[str]:
    """Check that these are texts, in an order: a list, an array, a Series, a generator.

    Raises:
        TypeError: They are not; the message names the row, counted from 0.
    """
    if isinstance(texts, str | bytes | bytearray):
        raise TypeError("Expected several texts, got one. Call predict(text) for a single text.")
    if hasattr(texts, "columns"):
        raise TypeError("Expected one column of texts, got a table. Give frame['text'].")
    if isinstance(texts, Mapping | Set) or not isinstance(texts, Iterable):
        kind = type(texts).__name__
        raise TypeError(f"Expected several texts in an order, got {kind}. Give a list of strings.")
    found = []
    for number, each in enumerate(texts):
        if not isinstance(each, str):
            raise TypeError(
                f"Expected text in row {number}, got {type(each).__name__}. Turn every row into a "
                "string first; an empty string stands for a missing text."
            )
        found.append(_whole(each))
    return found


def _whole(text: str) -> str:
    """Put a question mark for half a surrogate pair: no file and no model can hold it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file below the header.

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
        return [readable(row, path).text for row in rows_of(file, column)]


def readable(row: Row, path: Path) -> Row:
    """Return the row.

    Raises:
        TableError: It cannot be read.
    """
    if row.problem:
        raise TableError(f"Row {row.number} of {path.name}: {row.problem}.")
    return row


def rows_of(file: BinaryIO, column: str | None = None) -> Iterator[Row]:
    """Read the texts of a CSV file one after the other.

    Args:
        file: With a header, in UTF-8, with or without a byte order mark.
        column: The header of the column; :data:`TEXT_COLUMN`, or the only one, if none
            is given.

    Raises:
        TableError: There is no header, or no such column.
    """
    # Bytes that are not UTF-8 become half surrogate pairs, by which the row is found.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    before = csv.field_size_limit(LONGEST_CELL)
    try:
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
        csv.field_size_limit(before)
        with contextlib.suppress(ValueError):  # the caller closed the file already
            text.detach()


def _row(number: int, fields: list[str], place: int, expected: int) -> Row:
    fields = fields or [""]  # an empty line, where there is one column
    if len(fields) != expected:
        return Row(number, "", f"{len(fields)} fields, expected {expected}")
    try:
        fields[place].encode("utf-8")
    except UnicodeEncodeError:
        return Row(number, "", "not valid UTF-8")
    return Row(number, fields[place])


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
