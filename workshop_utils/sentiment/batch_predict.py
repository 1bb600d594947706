"""A file of texts in, a file of answers out: in bounded memory, and whole or not at all.

The answers grow in ``<target>.part``; ``<target>.state`` says how far they go and what
they are made from. After each piece of rows both are on the disk, so a call that was
stopped, even killed, is continued by the same call. One process at a time writes a target.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from workshop_utils.runtime import locks, storage
from workshop_utils.sentiment import domain
from workshop_utils.sentiment.classifier import Prediction, SentimentClassifier

ROWS_AT_ONCE, CHARACTERS_AT_ONCE = 10_000, 20_000_000
"""Rows, and characters, that are in memory at a time."""

LONGEST_CELL = 8_000_000
"""Characters in one cell: a quotation mark that is never closed makes a cell of all that
follows, and the limit keeps memory bounded."""

REPORTED = 100
"""Bad rows that are kept by number; all are counted, and marked in the answers."""

TEXT_COLUMN = "text"
"""The column that is read when none is named; a file with one column needs no name."""

HEADER = ("row", "text", "label", "positive", "words", "unknown", "cut_off", "problem")
"""The columns of the answers; ``row`` counts the rows below the source's header from 1."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a text that begins so; an apostrophe is put in front of it."""


class TableError(ValueError):
    """The file cannot be read as a table of texts; the message says why."""


class Row(NamedTuple):
    """One row of the source: its number from 1, its text, or why it cannot be read."""

    number: int
    text: str
    problem: str = ""


@dataclass(frozen=True)
class Scored:
    """What became of a file.

    Attributes:
        target: The file of answers, one row for each row of the source.
        rows: Rows below the source's header, the bad ones among them.
        bad: How many of them could not be read.
        bad_rows: The first :data:`REPORTED` of these: number and reason.
        continued_at: Rows that an earlier, interrupted call had done already.
        domain: How far the first rows of this call are from what the model was checked on.
    """

    target: Path
    rows: int
    bad: int
    bad_rows: list[list[int | str]]
    continued_at: int
    domain: domain.DomainReport | None


def score_file(
    classifier: SentimentClassifier,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    column: str | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
    show: bool = True,
) -> Scored:
    """Say what each text of a CSV file expresses.

    A row that cannot be read (another number of fields than the header, not UTF-8) is
    answered with the reason in the column ``problem``, and the work goes on after it.

    Args:
        classifier: The trained model.
        source: A CSV file with a header, UTF-8.
        target: Where the answers go: CSV with the columns :data:`HEADER`.
        column: The header of the texts' column; ``text``, or the only column, if none
            is given.
        rows_at_once: Rows in memory at a time, and between two safe points.
        show: False hides the progress bar.

    Raises:
        FileNotFoundError: There is no source.
        TableError: The source has no header, or no such column.
        ValueError: Source and target are the same or not ordinary files.
        InUse: Another process writes the same target.
        OSError: The target cannot be written.
    """
    from tqdm import tqdm

    source, target = Path(source), Path(target)
    if source.exists() and not source.is_file():
        raise ValueError(f"{source} is not an ordinary file; save the texts in a CSV file first.")
    if target.is_dir() or source.resolve() == target.resolve():
        raise ValueError(f"The answers cannot be written to {target}. Name another file.")
    # The header is read before any file is made: a wrong column leaves nothing behind.
    with _opened(source, column) as (file, rows):
        about = os.fstat(file.fileno())
        size_and_time = (about.st_size, about.st_mtime_ns)
        made_from = [str(source.resolve()), *size_and_time, column, classifier.fingerprint]
        target.parent.mkdir(parents=True, exist_ok=True)
        part, kept = (target.with_name(f"{target.name}.{end}") for end in ("part", "state"))
        with locks.held(target):
            state = _begun(part, kept, made_from)
            done, checked = state["rows"], None
            pieces = _pieces(itertools.islice(rows, done, None), rows_at_once)
            with (
                part.open("r+b" if done else "wb") as answers,
                tqdm(total=about.st_size, unit="B", unit_scale=True, disable=not show) as bar,
            ):
                answers.truncate(state["bytes"])  # what was written later, and not yet noted
                answers.seek(state["bytes"])
                if not done:
                    answers.write(_as_csv([HEADER]))
                for piece in pieces:
                    found = classifier.predict_many(_texts(piece))
                    checked = checked or classifier.domain_of(found)
                    answers.write(_as_csv(_answered(piece, found)))
                    answers.flush()
                    os.fsync(answers.fileno())
                    bad = [[row.number, row.problem] for row in piece if row.problem]
                    state["bytes"] = answers.tell()
                    state["rows"] += len(piece)
                    state["bad"] += len(bad)
                    state["bad_rows"] = [*state["bad_rows"], *bad][:REPORTED]
                    storage.write_text(kept, json.dumps(state))
                    bar.update(file.buffer.tell() - bar.n)
            part.replace(target)
            kept.unlink(missing_ok=True)
    return Scored(target, state["rows"], state["bad"], state["bad_rows"], done, checked)


def _begun(part: Path, kept: Path, made_from: list[Any]) -> dict[str, Any]:
    """Return how far an earlier call came; the beginning, if it cannot be continued."""
    start = {"made_from": made_from, "bytes": 0, "rows": 0, "bad": 0, "bad_rows": []}
    with contextlib.suppress(OSError, ValueError):
        state = json.loads(kept.read_text(encoding="utf-8"))
        same = [*state] == [*start] and state["made_from"] == made_from
        if same and part.stat().st_size >= state["bytes"]:
            return dict(state)
    return start


def _texts(piece: list[Row]) -> list[str]:
    return [row.text for row in piece if not row.problem]


def _answered(piece: list[Row], found: list[Prediction]) -> Iterator[tuple[object, ...]]:
    readable = iter(found)
    for row in piece:
        if row.problem:
            yield (row.number, *[""] * (len(HEADER) - 2), row.problem)
        else:
            one = next(readable)
            shown = f"'{row.text}" if row.text.startswith(FORMULA) else row.text
            numbers = (f"{one.positive:.6f}", one.tokens, one.unknown, one.cut_off)
            yield (row.number, shown, one.label, *numbers, "")


def _as_csv(rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


def _pieces(rows: Iterator[Row], rows_at_once: int) -> Iterator[list[Row]]:
    """Put rows together until there are enough of them, or enough characters."""
    piece, characters = list[Row](), 0
    for row in rows:
        piece.append(row)
        characters += len(row.text)
        if len(piece) >= rows_at_once or characters >= CHARACTERS_AT_ONCE:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


@contextlib.contextmanager
def _opened(source: Path, column: str | None) -> Iterator[tuple[TextIO, Iterator[Row]]]:
    """Read the header of a CSV file, UTF-8 with or without a mark; give the file and its rows.

    Raises:
        TableError: There is no header, or no such column.
    """
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        # Bytes that are not UTF-8 become half surrogate pairs, by which the row is found.
        with source.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            yield file, _rows(reader, len(header), _place_of(header, column))
    finally:
        csv.field_size_limit(before)


def _rows(reader: Iterator[list[str]], width: int, place: int) -> Iterator[Row]:
    for number in itertools.count(1):
        try:
            fields = next(reader) or [""]  # an empty line, where there is one column
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
