"""Text in, sentiment out: the trained model behind an interface that people can use."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop_utils.cells import LSTMCell
from workshop_utils.runtime.progress_bars import progress_bar
from workshop_utils.sentiment import calibration, domain, model_file
from workshop_utils.sentiment.model_guard import ModelFileError
from workshop_utils.sentiment.network import Network, Reading
from workshop_utils.tweets import clean

if TYPE_CHECKING:
    from workshop_utils.tweets.dataset import Dataset

READ_AT_ONCE = 5_000
"""Texts that are read between two moves of the progress bar."""

SECONDS_BEFORE_BAR = 10.0
"""Who waits longer sees a progress bar."""

CANNOT_TELL = "cannot tell"
"""The label of a text of which no word is known."""


@dataclass(frozen=True)
class Prediction:
    """What the model says about one text, and how well it could read it.

    Attributes:
        text: The text as it was given.
        label: ``"negative"``, ``"positive"``, or :data:`CANNOT_TELL`.
        positive: P(positive), in 0 to 1.
        tokens: How many words the model read.
        unknown: How many of them are outside the vocabulary.
        cut_off: Whether the end of the text was not read, since it is too long.
        notes: Plain words on what makes the answer doubtful; empty when nothing does.
    """

    text: str
    label: str
    positive: float
    tokens: int
    unknown: int
    cut_off: bool
    notes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether no word is known, so that the answer says nothing about the text."""
        return self.label == CANNOT_TELL


@dataclass(frozen=True, eq=False)
class SentimentClassifier:
    """A trained model, with everything that a text goes through inside it.

    Attributes:
        network: Vocabulary, embedding, LSTM cell and output, as NumPy arrays.
        record: Labels, threshold, temperature, and what the model was checked on.
        path: The file that it was read from.
    """

    network: Network
    record: model_file.Record
    path: Path

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> SentimentClassifier:
        """Load a model that notebook 05 saved, without TensorFlow.

        Args:
            path: The ``.keras`` file; the workshop's artifacts folder if none is given.

        Raises:
            FileNotFoundError: There is no such file.
            ModelFileError: The file is refused; the message says why and what to do.
        """
        source = model_file.default_path() if path is None else Path(path)
        return cls(*model_file.read(source), source)

    @classmethod
    def load_or_train(cls, data: Dataset | None = None) -> SentimentClassifier:
        """Load the saved model, or train it as notebook 05 does, and print which of the two.

        Args:
            data: The tweets to train on; those of the workshop if none are given.
        """
        path = model_file.default_path()
        try:
            classifier = cls.load(path)
        except (FileNotFoundError, ModelFileError) as error:
            missing = isinstance(error, FileNotFoundError)
            reason = "There is no saved model" if missing else "The saved model cannot be used"
            print(f"{reason}, so it is trained now as in notebook 05 (about ten seconds).")
            return cls.load(_train(path, data))
        print(f"The model that was saved at {path} is loaded.")
        return classifier

    @property
    def refusal(self) -> str:
        """Why a file with this network would be refused, or nothing if it is the one saved."""
        try:
            model_file.compare(self.network, self.record)
        except ModelFileError as error:
            return str(error)
        return ""

    @property
    def threshold(self) -> float:
        """P(positive) from which on a text is called positive; chosen on validation data."""
        return self.record.threshold

    @property
    def temperature(self) -> float:
        """What the logits are divided by, so that P(positive) is neither too sure nor too shy."""
        return self.record.temperature

    @property
    def cell(self) -> LSTMCell:
        """The trained LSTM cell."""
        return self.network.cell

    def with_vocabulary(self, words: Sequence[str]) -> SentimentClassifier:
        """Return the same weights with another vocabulary: each word has its place as number."""
        numbers = {word: number for number, word in enumerate(words)}
        return replace(self, network=replace(self.network, vocabulary=numbers))

    def with_one_vector(self, words: Sequence[str]) -> SentimentClassifier:
        """Return the same model, for which several words mean one thing: the mean of them."""
        embedding = self.network.embedding.copy()
        rows = self.network.numbers([word.lower() for word in words])
        embedding[rows] = embedding[rows].mean(axis=0)
        return replace(self, network=replace(self.network, embedding=embedding))

    @cached_property
    def fingerprint(self) -> str:
        """A name for exactly this model: two files with one fingerprint answer alike."""
        digest = hashlib.sha256(self.path.read_bytes())
        digest.update(self.network.digest.encode("ascii"))
        return digest.hexdigest()

    def words(self, given: str) -> list[str]:
        """Return the words of a text as the model reads them."""
        return clean(_whole(given)).split()

    def predict(self, given: str) -> Prediction:
        """Say what one text expresses.

        Raises:
            TypeError: The text is not a string.
        """
        return self.predict_many([given])[0]

    def predict_many(self, given: Iterable[str]) -> list[Prediction]:
        """Say what each of several texts expresses; each distinct text is read once.

        Args:
            given: A list, an array, a pandas Series or a generator of strings.

        Raises:
            TypeError: It is one string or a table, or holds something else than strings.
        """
        distinct, where = _distinct(given)
        read = self._read(distinct)
        (known_enough, longest) = self.limits
        positive = calibration.sigmoid(read.logits / self.temperature)
        found = []
        columns = (positive, read.words, read.known, read.cut_off)
        for one, (p, words, known, cut_off) in zip(
            distinct, zip(*(each.tolist() for each in columns), strict=True), strict=True
        ):
            notes = [] if words else ["no word to read"]
            if known < words:
                few = known < known_enough * words
                rare = ", fewer known than in 99 % of the texts it was checked on" if few else ""
                notes.append(f"{words - known} of {words} words unknown{rare}")
            if cut_off:
                notes.append(f"cut off after {words} words")
            elif words > longest:
                notes.append(f"{words} words, longer than any text it was checked on")
            label = self.record.labels[p >= self.threshold] if known else CANNOT_TELL
            found.append(Prediction(one, label, p, words, words - known, cut_off, tuple(notes)))
        return [found[place] for place in where]

    def score(self, given: Iterable[str]) -> NDArray[np.float64]:
        """Return P(positive) alone, after the temperature, shape (texts,), in the texts' order.

        Args:
            given: As for :meth:`predict_many`; also a million texts, which show a progress bar.

        Raises:
            TypeError: As for :meth:`predict_many`.
        """
        return calibration.sigmoid(self.logits(given) / self.temperature)

    def logits(self, given: Iterable[str]) -> NDArray[np.float64]:
        """Return the network's logits, before the temperature, shape (texts,)."""
        distinct, where = _distinct(given)
        return self._read(distinct).logits[where]

    def _read(self, texts: Sequence[str]) -> Reading:
        """Read texts, in pieces where they are many, with a bar for whoever waits long."""
        if len(texts) <= READ_AT_ONCE:
            return self.network.read(texts)
        pieces = []
        with progress_bar(total=len(texts), desc="texts", unit="", delay=SECONDS_BEFORE_BAR) as bar:
            for at in range(0, len(texts), READ_AT_ONCE):
                pieces.append(self.network.read(texts[at : at + READ_AT_ONCE]))
                bar.update(len(pieces[-1].words))
        return Reading.joined(pieces)

    def domain_of(self, answers: Sequence[Prediction]) -> domain.DomainReport:
        """Compare answers to a table, one for each distinct text, with those it was checked on."""
        distinct = {each.text: each for each in answers}.values()
        columns = [(each.positive, each.tokens, each.unknown) for each in distinct]
        seen = domain.measure(*np.array(columns, np.float64).reshape(-1, 3).T)
        return domain.compare(self.record.domain, seen)

    def domain(self, given: Iterable[str]) -> domain.DomainReport:
        """Compare a table with those that the model was checked on; 200 different texts or more."""
        return self.domain_of(self.predict_many(given))

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The share of known words that 99 % of the checked texts reach, and the longest one."""
        kept = self.record.domain
        return float(np.quantile(kept["known"], 0.01)), kept["words"][-1]


def _distinct(given: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return each text once, and for every text its place among these.

    Raises:
        TypeError: These are no texts in an order; the message names the row, from 0.
    """
    wrong = isinstance(given, str | bytes | Mapping | Set) or not isinstance(given, Iterable)
    if wrong or hasattr(given, "columns"):
        raise TypeError(
            f"Expected several texts in an order, got {type(given).__name__}. Give a list of "
            "strings or one column of a table; for a single text call predict."
        )
    places: dict[str, int] = {}
    where = []
    for row, one in enumerate(given):
        if not isinstance(one, str):
            raise TypeError(
                f"Expected text in row {row}, got {type(one).__name__}. Turn every row into a "
                "string first; an empty string stands for a missing text."
            )
        where.append(places.setdefault(_whole(one), len(places)))
    return list(places), where


def _whole(one: str) -> str:
    """Put a question mark for half a surrogate pair: no file and no model can hold it."""
    return one if one.isascii() else one.encode("utf-8", "replace").decode("utf-8")


def _train(path: Path, data: Dataset | None) -> Path:
    """Train and save as notebook 05 does."""
    from workshop_utils.sentiment import quick
    from workshop_utils.tweets import dataset

    data = dataset.load_or_prepare() if data is None else data
    return quick.save(quick.train_quick(data), data, path)[0]
