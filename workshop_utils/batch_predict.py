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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workshop_utils import domain, locks, storage
from workshop_utils.classifier import Prediction, SentimentClassifier

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

Answering = Callable[[Iterator[list[str]]], Iterable[list[Prediction]]]
"""Pieces of texts in, their answers out, in the same order."""


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


@dataclass
class _State:
    """How far the ``.part`` file goes, and from what it is made."""

    made_from: list[str | int | None]
    bytes: int
    rows: int
    bad: int
    bad_rows: list[list[int | str]]


def score_file(
    classifier: SentimentClassifier,
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    column: str | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
    show: bool = True,
    answering: Answering | None = None,
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
        answering: Who answers the pieces; this process if none is given.

    Raises:
        FileNotFoundError: There is no source.
        TableError: The source has no header, or no such column.
        ValueError: Source and target are the same, or not ordinary files.
        InUse: Another process writes the same target.
        OSError: The target cannot be written.
    """
    source, target = Path(source), Path(target)
    if source.exists() and not source.is_file():
        raise ValueError(f"{source} is not an ordinary file; save the texts in a CSV file first.")
    if target.is_dir() or source.resolve() == target.resolve():
        raise ValueError(f"The answers cannot be written to {target}. Name another file.")
    answer = answering or (lambda pieces: map(classifier.predict_many, pieces))
    with source.open("rb") as file:
        about = os.fstat(file.fileno())
        made_from: list[str | int | None] = [str(source.resolve()), about.st_size]
        made_from += [about.st_mtime_ns, column, classifier.fingerprint]
        # The header is read before any file is made: a wrong column leaves nothing behind.
        rows = rows_of(file, column)
        rows = itertools.chain(list(itertools.islice(rows, 1)), rows)
        target.parent.mkdir(parents=True, exist_ok=True)
        part, kept = (target.with_name(f"{target.name}.{end}") for end in ("part", "state"))
        with locks.held(target):
            state = _begun(part, kept, made_from)
            done = state.rows
            pieces = _pieces(itertools.islice(rows, done, None), rows_at_once)
            first = next(pieces, [])
            checked = classifier.domain(_texts(first)) if first else None
            pieces = itertools.chain([first] if first else [], pieces)
            with part.open("r+b" if done else "wb") as answers:
                _answer_all(pieces, answer, answers, kept, state, file, show)
            part.replace(target)
            kept.unlink(missing_ok=True)
    return Scored(target, state.rows, state.bad, state.bad_rows, done, checked)


def _begun(part: Path, kept: Path, made_from: list[str | int | None]) -> _State:
    """Return where an earlier call stopped; the beginning, if it cannot be continued."""
    try:
        state = _State(**json.loads(kept.read_text(encoding="utf-8")))
        counts = (state.bytes, state.rows, state.bad)
        if state.made_from == made_from and all(type(each) is int and each >= 0 for each in counts):
            with part.open("r+b") as file:
                file.truncate(state.bytes)  # what was written later, and not yet noted
            with part.open(encoding="utf-8", newline="") as answers:
                if sum(1 for _ in csv.reader(answers)) == state.rows + 1:
                    return state
    except (OSError, ValueError, TypeError, csv.Error):
        pass  # there is none, or somebody has edited it
    return _State(made_from, 0, 0, 0, [])


def _answer_all(
    pieces: Iterator[list[Row]],
    answer: Answering,
    answers: BinaryIO,
    kept: Path,
    state: _State,
    source: BinaryIO,
    show: bool,
) -> None:
    """Write the answers piece by piece, and after each how far they go."""
    from tqdm import tqdm

    answers.seek(state.bytes)
    if not state.bytes:
        answers.write(_as_csv([HEADER]))
    for_rows, for_texts = itertools.tee(pieces)
    total = os.fstat(source.fileno()).st_size
    with tqdm(total=total, unit="B", unit_scale=True, disable=not show) as bar:
        for piece, found in zip(for_rows, answer(map(_texts, for_texts)), strict=True):
            answers.write(_as_csv(_answered(piece, found)))
            answers.flush()
            os.fsync(answers.fileno())
            bad: list[list[int | str]] = [[row.number, row.problem] for row in piece if row.problem]
            state.bytes = answers.tell()
            state.rows += len(piece)
            state.bad += len(bad)
            state.bad_rows = [*state.bad_rows, *bad][:REPORTED]
            storage.write_text(kept, json.dumps(asdict(state)))
            bar.update(source.tell() - bar.n)


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


def rows_of(file: BinaryIO, column: str | None = None) -> Iterator[Row]:
    """Read the texts of a CSV file one after the other.

    Args:
        file: With a header, in UTF-8, with or without a byte order mark.
        column: The header of the texts' column.

    Raises:
        TableError: There is no header, or no such column.
    """
    # Bytes that are not UTF-8 become half surrogate pairs, by which the row is found.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(text)
        header = next(reader, [])
        place = _place_of(header, column)
        for number in itertools.count(1):
            try:
                fields = next(reader) or [""]  # an empty line, where there is one column
                if len(fields) != len(header):
                    raise ValueError(f"{len(fields)} fields, expected {len(header)}")
                fields[place].encode("utf-8")
                yield Row(number, fields[place])
            except StopIteration:
                return
            except UnicodeEncodeError:
                yield Row(number, "", "not valid UTF-8")
            except (ValueError, csv.Error) as error:
                yield Row(number, "", str(error))
    finally:
        csv.field_size_limit(before)
        with contextlib.suppress(ValueError):  # the caller closed the file already
            text.detach()


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
