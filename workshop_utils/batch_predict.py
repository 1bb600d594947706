"""A file of texts in, a file of answers out: in bounded memory, and whole or not at all.

The answers grow in ``<target>.part``; ``<target>.state`` says how far they go and what
they are made from. After each piece of rows both are on the disk. A call that was
interrupted, even killed, is continued there when the same call is made again. The last
step renames the ``.part`` file, so that the target is never half written.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workshop_utils import storage
from workshop_utils.classifier.columns import Row, rows_of

if TYPE_CHECKING:
    from workshop_utils.classifier import SentimentClassifier

ROWS_AT_ONCE = 10_000
"""Rows in memory at a time."""

CHARACTERS_AT_ONCE = 20_000_000
"""Characters in memory at a time; few rows, where the texts are very long."""

REPORTED = 100
"""Bad rows that are kept by number; all are counted, and marked in the answers."""

HEADER = ("row", "text", "label", "positive", "unknown_share", "cut_off", "empty", "problem")
"""The columns of the answers; ``row`` counts the rows below the source's header from 1."""


@dataclass(frozen=True)
class Scored:
    """What became of a file.

    Attributes:
        target: The file of answers, one row for each row of the source.
        rows: Rows below the source's header, the bad ones among them.
        bad: How many of them could not be read.
        bad_rows: The first :data:`REPORTED` of these: number and reason.
        continued_at: Rows that an earlier, interrupted call had done already.
    """

    target: Path
    rows: int
    bad: int
    bad_rows: tuple[tuple[int, str], ...]
    continued_at: int


@dataclass
class _State:
    """How far the ``.part`` file goes, and from what it is made.

    Attributes:
        made_from: Source, its size and time of change, column, fingerprint of the model.
        size: Bytes of the ``.part`` file that count; what follows them is cut off.
        rows: Rows that these bytes answer.
        bad: How many of them could not be read.
        bad_rows: The first of these.
    """

    made_from: list[str | int | None]
    size: int = 0
    rows: int = 0
    bad: int = 0
    bad_rows: tuple[tuple[int, str], ...] = ()


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

    A row that cannot be read (another number of fields than the header, no UTF-8) is
    answered with the reason in the column ``problem``, and the work goes on after it.

    Args:
        classifier: The trained model.
        source: A CSV file with a header, UTF-8.
        target: Where the answers go: CSV with the columns :data:`HEADER`.
        column: The header of the texts' column; ``text``, or the only column, if none
            is given.
        rows_at_once: Rows in memory at a time, and between two safe points.
        show: False hides the progress bar.

    Returns:
        How many rows were answered, and which could not be read.

    Raises:
        FileNotFoundError: There is no source.
        TableError: The source has no header, or no such column.
        ValueError: Source and target are the same file.
        OSError: The target cannot be written.
    """
    source, target = Path(source), Path(target)
    if source.resolve() == target.resolve():
        raise ValueError(f"The answers would replace their own source, {source}. Name another.")
    part, kept = (target.with_name(f"{target.name}.{end}") for end in ("part", "state"))
    with source.open("rb") as file:
        about = os.fstat(file.fileno())
        made_from: list[str | int | None] = [str(source.resolve()), about.st_size]
        made_from += [about.st_mtime_ns, column, classifier.fingerprint]
        state = _begun(part, kept, made_from)
        continued_at = state.rows
        # The header is read before any file is made: a wrong column leaves nothing behind.
        rows = _without_first(rows_of(file, column), continued_at)
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("r+b" if continued_at else "wb") as answers:
            _answer_all(classifier, pieces(rows, rows_at_once), answers, kept, state, file, show)
    part.replace(target)
    kept.unlink(missing_ok=True)
    return Scored(target, state.rows, state.bad, state.bad_rows, continued_at)


def _begun(part: Path, kept: Path, made_from: list[str | int | None]) -> _State:
    """Return where an earlier call stopped; the beginning, if it cannot be continued."""
    try:
        found = _State(**json.loads(kept.read_text(encoding="utf-8")))
        found.bad_rows = tuple((number, why) for number, why in found.bad_rows)
        if found.made_from == made_from and part.stat().st_size >= found.size > 0:
            return found
    except (OSError, ValueError, TypeError):
        pass  # there is none, or it is not one of ours
    return _State(made_from)


def _without_first(rows: Iterator[Row], done: int) -> Iterator[Row]:
    """Skip the rows that are done; the first row is read here, and with it the header."""
    first = list(itertools.islice(rows, done, done + 1))
    return itertools.chain(first, rows)


def pieces(rows: Iterator[Row], rows_at_once: int) -> Iterator[list[Row]]:
    """Put rows together until there are enough of them, or enough characters."""
    piece: list[Row] = []
    characters = 0
    for row in rows:
        piece.append(row)
        characters += len(row.text)
        if len(piece) >= rows_at_once or characters >= CHARACTERS_AT_ONCE:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


def _answer_all(
    classifier: SentimentClassifier,
    pieces: Iterator[list[Row]],
    answers: BinaryIO,
    kept: Path,
    state: _State,
    source: BinaryIO,
    show: bool,
) -> None:
    """Write the answers piece by piece, and after each how far they go."""
    from tqdm import tqdm

    answers.seek(state.size)
    answers.truncate()
    if not state.size:
        answers.write(_as_csv([HEADER]))
    total = os.fstat(source.fileno()).st_size
    with tqdm(total=total, unit="B", unit_scale=True, disable=not show) as bar:
        for piece in pieces:
            answers.write(_as_csv(_answered(classifier, piece)))
            _keep(answers, kept, state, piece)
            bar.update(source.tell() - bar.n)
            bar.set_postfix_str(f"{state.rows:,} rows", refresh=False)
    _keep(answers, kept, state, [])


def _keep(answers: BinaryIO, kept: Path, state: _State, piece: list[Row]) -> None:
    """Bring the answers to the disk, then the note that says how many they are."""
    answers.flush()
    os.fsync(answers.fileno())
    bad = [(row.number, row.problem) for row in piece if row.problem]
    state.size = answers.tell()
    state.rows += len(piece)
    state.bad += len(bad)
    state.bad_rows = (*state.bad_rows, *bad)[:REPORTED]
    storage.write_text(kept, json.dumps(asdict(state)))


def _answered(classifier: SentimentClassifier, piece: list[Row]) -> Iterator[tuple[object, ...]]:
    readable = [row.text for row in piece if not row.problem]
    found = classifier.answers(readable)
    read = zip(
        readable,
        found.labels,
        (f"{each:.6f}" for each in found.positive.tolist()),
        (f"{each:.3f}" for each in found.unknown_share.tolist()),
        found.cut_off.tolist(),
        (found.tokens == 0).tolist(),
        strict=True,
    )
    for row in piece:
        if row.problem:
            yield (row.number, "", "", "", "", "", "", row.problem)
        else:
            yield (row.number, *next(read), "")


def _as_csv(rows: Iterator[tuple[object, ...]] | list[tuple[str, ...]]) -> bytes:
    # The line ends stay csv's own: with another one, Python 3.11 puts no quotation marks
    # around a cell with a carriage return in it.
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")
