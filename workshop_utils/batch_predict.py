"""A file of texts in, a file of answers out: in bounded memory, and whole or not at all.

The answers grow in ``<target>.part``; ``<target>.state`` says how far they go and what
they are made from. After each piece of rows both are on the disk. A call that was
interrupted, even killed, is continued by the same call. The last step renames the
``.part`` file, so the target is never half written. One process at a time writes a target.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workshop_utils import locks, storage
from workshop_utils.classifier.texts import Row, rows_of

if TYPE_CHECKING:
    from workshop_utils.classifier import Answers, DomainReport, SentimentClassifier

ROWS_AT_ONCE = 10_000
"""Rows in memory at a time."""

CHARACTERS_AT_ONCE = 20_000_000
"""Characters in memory at a time; few rows, where the texts are very long."""

REPORTED = 100
"""Bad rows that are kept by number; all are counted, and marked in the answers."""

HEADER = ("row", "label", "positive", "unknown_share", "cut_off", "problem")
"""The columns of the answers; ``row`` counts the rows below the source's header from 1."""

Answering = Callable[[Iterator[list[str]]], Iterable["Answers"]]
"""Pieces of texts in, their answers out, in the same order."""


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
    bad_rows: tuple[tuple[int, str], ...]
    continued_at: int
    domain: DomainReport | None


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
    with source.open("rb") as file:
        about = os.fstat(file.fileno())
        made_from: list[str | int | None] = [str(source.resolve()), about.st_size]
        made_from += [about.st_mtime_ns, column, classifier.fingerprint]
        # The header is read before any file is made: a wrong column leaves nothing behind.
        rows = rows_of(file, column)
        first = list(itertools.islice(rows, 1))
        target.parent.mkdir(parents=True, exist_ok=True)
        with locks.held(target):
            work = _Work(classifier, file, target, made_from, show)
            return work.run(itertools.chain(first, rows), rows_at_once, answering)


class _Work:
    """One file on its way to the target."""

    def __init__(
        self,
        classifier: SentimentClassifier,
        source: BinaryIO,
        target: Path,
        made_from: list[str | int | None],
        show: bool,
    ) -> None:
        self.classifier, self.source, self.target, self.show = classifier, source, target, show
        self.part, self.kept = (
            target.with_name(f"{target.name}.{end}") for end in ("part", "state")
        )
        self.state = self._begun(made_from)
        self.domain: DomainReport | None = None

    def run(self, rows: Iterator[Row], rows_at_once: int, answering: Answering | None) -> Scored:
        """Answer all rows that are not done yet, then put the file in place."""
        done = self.state.rows
        todo = pieces(itertools.islice(rows, done, None), rows_at_once)
        answer = answering or (lambda texts: map(self.classifier.answers, texts))
        with self.part.open("r+b" if done else "wb") as answers:
            answers.seek(self.state.size)
            answers.truncate()
            if not self.state.size:
                answers.write(_as_csv([HEADER]))
            self._answer_all(todo, answer, answers)
        self.part.replace(self.target)
        self.kept.unlink(missing_ok=True)
        state = self.state
        return Scored(self.target, state.rows, state.bad, state.bad_rows, done, self.domain)

    def _answer_all(self, todo: Iterator[list[Row]], answer: Answering, answers: BinaryIO) -> None:
        from tqdm import tqdm

        for_rows, for_texts = itertools.tee(todo)
        total = os.fstat(self.source.fileno()).st_size
        with tqdm(total=total, unit="B", unit_scale=True, disable=not self.show) as bar:
            found = answer(map(self._readable, for_texts))
            for piece, read in zip(for_rows, found, strict=True):
                answers.write(_as_csv(_answered(piece, read)))
                self._keep(answers, piece)
                bar.update(self.source.tell() - bar.n)
        self._keep(answers, [])

    def _readable(self, piece: list[Row]) -> list[str]:
        texts = [row.text for row in piece if not row.problem]
        if self.domain is None:
            self.domain = self.classifier.domain(texts)
        return texts

    def _begun(self, made_from: list[str | int | None]) -> _State:
        """Return where an earlier call stopped; the beginning, if it cannot be continued."""
        try:
            found = _State(**json.loads(self.kept.read_text(encoding="utf-8")))
            found.bad_rows = tuple((int(number), str(why)) for number, why in found.bad_rows)
            counts = (found.size, found.rows, found.bad)
            whole = all(type(each) is int and each >= 0 for each in counts)
            if whole and found.made_from == made_from and self._answers_in(found) == found.rows:
                return found
        except (OSError, ValueError, TypeError):
            pass  # there is none, or somebody has edited it
        return _State(made_from)

    def _answers_in(self, state: _State) -> int:
        """Count the rows of the ``.part`` file up to the place where it is continued."""
        with self.part.open("rb") as file:
            file.seek(max(0, state.size - 10_000))
            end = file.read(min(state.size, 10_000))
            if file.tell() < state.size:
                raise ValueError("the file is shorter than the state says")
            last = end.rpartition(b"\n")[0].rpartition(b"\n")[2]
        return int(last.partition(b",")[0]) if state.rows else 0

    def _keep(self, answers: BinaryIO, piece: list[Row]) -> None:
        """Bring the answers to the disk, then the note that says how many they are."""
        answers.flush()
        os.fsync(answers.fileno())
        bad = [(row.number, row.problem) for row in piece if row.problem]
        self.state.size = answers.tell()
        self.state.rows += len(piece)
        self.state.bad += len(bad)
        self.state.bad_rows = (*self.state.bad_rows, *bad)[:REPORTED]
        storage.write_text(self.kept, json.dumps(asdict(self.state)))


def pieces(rows: Iterator[Row], rows_at_once: int = ROWS_AT_ONCE) -> Iterator[list[Row]]:
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


def _answered(piece: list[Row], found: Answers) -> Iterator[tuple[object, ...]]:
    read = zip(
        found.labels,
        (f"{each:.6f}" for each in found.positive.tolist()),
        (f"{each:.3f}" for each in found.unknown_share.tolist()),
        found.cut_off.tolist(),
        strict=True,
    )
    for row in piece:
        if row.problem:
            yield (row.number, "", "", "", "", row.problem)
        else:
            yield (row.number, *next(read), "")


def _as_csv(rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")
