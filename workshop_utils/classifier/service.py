"""The trained model behind an interface that people can use."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from workshop_utils import calibration, model_io, text
from workshop_utils.cells import LSTMCell
from workshop_utils.classifier import domain, texts
from workshop_utils.classifier.answers import Answers, Prediction
from workshop_utils.network import Network, Reading

if TYPE_CHECKING:
    from pandas import DataFrame

Texts = Iterable[str] | os.PathLike[str]
"""A list, an array, a pandas Series, a generator of strings; or the path of a CSV file."""


@dataclass(frozen=True, eq=False)
class SentimentClassifier:
    """A trained model, with everything that a text goes through inside it.

    Attributes:
        network: Vocabulary, embedding, LSTM cell and output, as NumPy arrays.
        record: Labels, threshold, temperature, and what the model was checked on.
        path: The file that it was read from.
    """

    network: Network
    record: model_io.Record
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
        source = model_io.default_path() if path is None else Path(path)
        return cls(*model_io.read(source), source)

    @classmethod
    def load_or_train(cls) -> SentimentClassifier:
        """Load the saved model, or train it as notebook 05 does, and print which of the two."""
        path = model_io.default_path()
        try:
            classifier = cls.load(path)
        except (FileNotFoundError, model_io.ModelFileError) as error:
            damaged = isinstance(error, model_io.ModelFileError)
            reason = "The saved model cannot be used" if damaged else "There is no saved model"
            print(f"{reason}, so it is trained now as in notebook 05 (about ten seconds).")
            return cls.load(_train(path))
        print(f"The model that was saved at {path} is loaded.")
        return classifier

    @property
    def threshold(self) -> float:
        """P(positive) from which on a text is called positive; chosen on validation data."""
        return self.record.threshold

    @property
    def temperature(self) -> float:
        """What the logits are divided by, so that P(positive) is neither too sure nor too shy."""
        return self.record.temperature

    @property
    def vocabulary(self) -> list[str]:
        """The known words, the most frequent first, after padding and the unknown word."""
        return list(self.network.vocabulary)

    @property
    def cell(self) -> LSTMCell:
        """The trained LSTM cell."""
        return self.network.cell

    def with_cell(self, cell: LSTMCell) -> SentimentClassifier:
        """Return the same model with another LSTM cell in it."""
        return replace(self, network=replace(self.network, cell=cell))

    @cached_property
    def fingerprint(self) -> str:
        """A name for exactly this model: two files with one fingerprint answer alike."""
        network, cell = self.network, self.cell
        digest = hashlib.sha256(repr((self.threshold, self.temperature, network.bias)).encode())
        digest.update("\n".join(network.vocabulary).encode())
        arrays = (network.embedding, cell.kernel, cell.recurrent_kernel, cell.bias, network.readout)
        for each in arrays:
            digest.update(np.ascontiguousarray(each).tobytes())
        return digest.hexdigest()

    def words(self, given: str) -> list[str]:
        """Return the words of a text as the model reads them."""
        return text.clean(texts.one_text(given)).split()

    def predict(self, given: str) -> Prediction:
        """Say what one text expresses.

        Raises:
            TypeError: The text is not a string.
        """
        return self._predictions([texts.one_text(given)])[0]

    def predict_many(self, given: Texts) -> list[Prediction]:
        """Say what each of several texts expresses.

        Args:
            given: A list, a pandas Series, a generator of strings; or a ``Path``, whose
                column ``text`` is read (a string would be a text, not a path).

        Returns:
            One prediction a text, in the same order.

        Raises:
            TypeError: It is one string or a table, or holds something else than strings.
            FileNotFoundError: There is no such file.
            TableError: The file has no column of texts, or a row that cannot be read;
                :func:`workshop_utils.batch_predict.score_file` goes on after such rows.
        """
        return self._predictions(self._texts(given))

    def predict_table(self, given: Texts) -> DataFrame:
        """Return the same as a table, which keeps the index of a pandas Series."""
        # A list has an "index" too, which is something else.
        index = None if isinstance(given, list | tuple) else getattr(given, "index", None)
        return self.answers(given).table(index)

    def answers(self, given: Texts) -> Answers:
        """Return the same as arrays, for very many texts; each distinct text is read once."""
        distinct, where = _distinct(self._texts(given))
        read = self.network.read(distinct)
        positive = calibration.sigmoid(read.logits / self.temperature)
        return Answers(
            positive=positive[where],
            decided=(positive >= self.threshold).astype(np.int64)[where],
            tokens=read.words[where],
            unknown_share=(1 - _known_share(read))[where],
            cut_off=read.cut_off[where],
        )

    def score(self, given: Texts) -> NDArray[np.float64]:
        """Return P(positive) alone, after the temperature, shape (texts,)."""
        return self.answers(given).positive

    def logits(self, given: Texts) -> NDArray[np.float64]:
        """Return the network's logits, before the temperature, shape (texts,)."""
        distinct, where = _distinct(self._texts(given))
        return self.network.read(distinct).logits[where]

    def domain(self, given: Texts) -> domain.DomainReport:
        """Compare the texts of a table with those that the model was checked on.

        Args:
            given: At least 200 texts, as for :meth:`predict_many`.
        """
        distinct, where = _distinct(self._texts(given))
        read = self.network.read(distinct)
        score = calibration.sigmoid(read.logits / self.temperature)
        seen = {"score": score, "known": _known_share(read), "words": read.words}
        return domain.compare(self.record.domain, seen, len(where))

    def _texts(self, given: Texts) -> list[str]:
        if isinstance(given, os.PathLike):
            return texts.read_column(Path(given))
        return texts.many_texts(given)

    def _predictions(self, given: list[str]) -> list[Prediction]:
        found = self.answers(given)
        columns = (found.positive, found.tokens, found.unknown_share, found.cut_off)
        numbers = zip(*(each.tolist() for each in columns), strict=True)
        return [
            Prediction(one, label, p, words, unknown, cut_off, self._notes(words, unknown, cut_off))
            for one, label, (p, words, unknown, cut_off) in zip(
                given, found.labels, numbers, strict=True
            )
        ]

    def _notes(self, words: int, unknown_share: float, cut_off: bool) -> tuple[str, ...]:
        known = round(words * (1 - unknown_share))
        return tuple(domain.doubts(self.record.domain, words, known, cut_off=cut_off))


def _known_share(read: Reading) -> NDArray[np.float64]:
    return np.asarray(read.known / np.maximum(read.words, 1))


def _distinct(given: list[str]) -> tuple[list[str], list[int]]:
    """Return each text once, and for every text its place among these."""
    places: dict[str, int] = {}
    where = [places.setdefault(each, len(places)) for each in given]
    return list(places), where


def _train(path: Path) -> Path:
    """Train as notebook 05 does; temperature and threshold are chosen on validation data."""
    from workshop_utils import dataset, environment, evaluation, training

    data = dataset.load_or_prepare()
    rows = data.split_grouped.validation
    raw, labels = [data.raw_texts[row] for row in rows], data.labels[rows]
    model = training.train_quick(data)
    if isinstance(model, tuple):
        model = model[0]
    before = evaluation.predict(model, raw)
    temperature = calibration.fit_temperature(labels, before)
    threshold = evaluation.best_threshold(labels, calibration.scale(before, temperature))
    about = {"versions": dict(environment.describe().versions), "data": dict(data.provenance)}
    return model_io.save(
        model,
        threshold=threshold,
        temperature=temperature,
        validation_texts=raw,
        is_real=data.is_real,
        about=about,
        path=path,
    )
