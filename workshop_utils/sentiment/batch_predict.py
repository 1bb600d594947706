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
from typing import Any, BinaryIO

from workshop_utils.runtime import locks, storage
from workshop_utils.sentiment import domain, text_table
from workshop_utils.sentiment.classifier import Prediction, SentimentClassifier
from workshop_utils.sentiment.text_table import Row

ROWS_AT_ONCE = 10_000
CHARACTERS_AT_ONCE = 20_000_000
"""Rows, and characters, that are in memory at a time."""

REPORTED = 100
"""Bad rows that are kept by number; all are counted, and marked in the answers."""

HEADER = ("row", "text", "label", "positive", "words", "unknown", "cut_off", "problem")
"""The columns of the answers; ``row`` counts the rows below the source's header from 1."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a text that begins so; an apostrophe is put in front of it."""


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

    A row that cannot be read (another number of fields than the header, bytes that are no
    text, a quotation mark that is never closed) is answered with the reason in the column
    ``problem``, and the work goes on after it.

    Args:
        classifier: The trained model.
        source: A CSV file with a header; see :func:`workshop_utils.sentiment.text_table.opened`.
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
        StorageError: The target cannot be written.
    """
    from tqdm import tqdm

    source = Path(source)
    target = Path(target)
    part, kept = (target.with_name(f"{target.name}.{end}") for end in ("part", "state"))
    _refuse(source, target, part, kept)
    # The header is read before any file is made: a wrong column leaves nothing behind.
    with text_table.opened(source, column) as (file, rows):
        about = os.fstat(file.fileno())
        size_and_time = (about.st_size, about.st_mtime_ns)
        made_from = [str(source.resolve()), *size_and_time, column, classifier.fingerprint]
        with _explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        with locks.held(target):
            state = _begun(part, kept, made_from)
            done = state["rows"]
            checked = None
            with (
                _written(part, state["bytes"], target) as answers,
                tqdm(total=about.st_size, unit="B", unit_scale=True, disable=not show) as bar,
            ):
                for piece in _pieces(itertools.islice(rows, done, None), rows_at_once):
                    found = classifier.predict_many(_texts(piece))
                    checked = checked or classifier.domain_of(found)
                    with _explained(target):
                        _append(answers, piece, found)
                        _note(kept, state, answers.tell(), piece)
                    bar.update(file.buffer.tell() - bar.n)
            with _explained(target):
                part.replace(target)
                kept.unlink(missing_ok=True)
    return Scored(target, state["rows"], state["bad"], state["bad_rows"], done, checked)


def _refuse(source: Path, target: Path, *beside: Path) -> None:
    """Refuse what is no ordinary file: a device would be lost, a link would change its target.

    Raises:
        ValueError: One of them is not; or the answers would replace their source.
    """
    if source.exists() and not source.is_file():
        raise ValueError(f"{source} is not an ordinary file; save the texts in a CSV file first.")
    for path in (target, *beside):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise ValueError(
                f"The answers cannot be written to {path}: it is no ordinary file, but a folder, a "
                "link, a pipe or a device. Name another file."
            )
    if source.resolve() == target.resolve():
        raise ValueError(f"The answers cannot be written to {target}. Name another file.")


@contextlib.contextmanager
def _explained(target: Path) -> Iterator[None]:
    """Turn the error of a disk into one sentence.

    Raises:
        StorageError: The disk is full, or the folder cannot be written.
    """
    try:
        yield
    except OSError as error:
        # The reason of an error that was explained already is the one below it.
        below = error.__cause__ if isinstance(error.__cause__, OSError) else error
        raise storage.StorageError(
            f"{target} cannot be written ({below.strerror or below}). Make room, or name another "
            "file; where answers are kept already, the same call goes on behind them."
        ) from error


@contextlib.contextmanager
def _written(part: Path, kept_bytes: int, target: Path) -> Iterator[BinaryIO]:
    """Open the answers behind those that count: what came later was not noted yet."""
    with _explained(target):
        answers = part.open("r+b" if kept_bytes else "wb")
        answers.truncate(kept_bytes)
        answers.seek(kept_bytes)
        if not kept_bytes:
            answers.write(_as_csv([HEADER]))
    try:
        yield answers
    finally:
        with _explained(target):
            answers.close()


def _append(answers: BinaryIO, piece: list[Row], found: list[Prediction]) -> None:
    answers.write(_as_csv(_answered(piece, found)))
    answers.flush()
    os.fsync(answers.fileno())


def _note(kept: Path, state: dict[str, Any], place: int, piece: list[Row]) -> None:
    """Note on the disk that the answers go as far as this piece."""
    bad = [[row.number, row.problem] for row in piece if row.problem]
    state["bytes"] = place
    state["rows"] += len(piece)
    state["bad"] += len(bad)
    state["bad_rows"] = [*state["bad_rows"], *bad][:REPORTED]
    storage.write_text(kept, json.dumps(state))


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
    piece = list[Row]()
    characters = 0
    for row in rows:
        piece.append(row)
        characters += len(row.text)
        if len(piece) >= rows_at_once or characters >= CHARACTERS_AT_ONCE:
            yield piece
            piece = []
            characters = 0
    if piece:
        yield piece
