"""The trained model behind an interface that people can use."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workshop_utils import dataset, model_io, models, wide_deep
from workshop_utils.classifier import archive, columns, forward, inputs, stored
from workshop_utils.classifier.answers import Answers, Prediction
from workshop_utils.classifier.engines import Engine, WordEngine
from workshop_utils.classifier.reader_engine import ReaderEngine
from workshop_utils.training import quick
from workshop_utils.wide_deep import saved

if TYPE_CHECKING:
    from pandas import DataFrame

Texts = Iterable[str] | os.PathLike[str]
"""A list, an array, a pandas Series, a generator of strings; or the path of a CSV file."""


class SentimentClassifier:
    """A trained model, with everything that a text goes through inside it.

    Attributes:
        engine: Text in, logit out.
        record: What is known about the model: label order, threshold, scores, provenance.
        temperature: What the logits are divided by, so that P(positive) is neither too
            sure nor too careful; 1 leaves it as the model gives it.
    """

    def __init__(self, engine: Engine, record: model_io.Record) -> None:
        _check_record(record)
        self.engine = engine
        self.record = record
        self.temperature = model_io.temperature(record)
        if not np.isfinite(engine.read(["word"]).logits).all():
            raise model_io.ArtifactError(
                "The weights of this model are no numbers. Train it again with notebook 05."
            )

    @classmethod
    def of_model(cls, model: Any, record: model_io.Record) -> SentimentClassifier:
        """Make it from a trained model in memory.

        Args:
            model: Strings (batch,) in, P(positive) before calibration (batch, 1) out; see
                :func:`workshop_utils.models.text_to_sentiment`.
            record: What is known about it.

        Raises:
            ArtifactError: The parts do not fit: the order of the labels, the threshold, the
                vocabulary.
        """
        _check_record(record)
        return cls(WordEngine.of_model(model), record)

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> SentimentClassifier:
        """Load a model that notebook 05 saved.

        Args:
            path: The ``.keras`` file; the workshop's artifacts folder if none is given.

        Raises:
            FileNotFoundError: There is no such file.
            ArtifactError: The file is damaged or not one of ours, or its parts do not
                fit: the order of the labels, the threshold, the vocabulary.
        """
        source = model_io.default_path() if path is None else Path(path)
        archive.inspect(source)
        reader = saved.read(source)
        engine = ReaderEngine(source, reader) if reader else stored.engine_of(source)
        if engine is None:  # only Keras can say what it means
            return cls.of_model(*model_io.load(source))
        return cls(engine, model_io.read_record(source))

    @classmethod
    def load_or_train_quick(cls, *, show: bool = True) -> SentimentClassifier:
        """Load the saved model, or train the quick one, and print which of the two.

        Args:
            show: False hides the progress bar of the training.
        """

        def train() -> SentimentClassifier:
            model, record = quick.train_quick(dataset.load_or_prepare(), show=show)
            model_io.save(model, record)
            return cls.of_model(model, record)

        return cls._load_or(train, model_io.default_path(), "the quick one", "ten seconds")

    @classmethod
    def load_or_train_best(cls, *, show: bool = True) -> SentimentClassifier:
        """Load the best reader, or train it, and print which of the two.

        It is the last network of notebook 05, an LSTM with a linear part: right more often
        than the quick model, and larger. :mod:`workshop_utils.explain` cannot look inside.

        Args:
            show: False hides the progress bar of the training.
        """

        def train() -> SentimentClassifier:
            path = wide_deep.save(*wide_deep.train_best(dataset.load_or_prepare(), show=show))
            return cls.load(path)

        return cls._load_or(train, saved.default_path(), "the best reader", "a minute")

    @classmethod
    def _load_or(
        cls, train: Callable[[], SentimentClassifier], path: Path, which: str, duration: str
    ) -> SentimentClassifier:
        try:
            classifier = cls.load(path)
        except (FileNotFoundError, model_io.ArtifactError) as error:
            damaged = isinstance(error, model_io.ArtifactError)
            reason = "The saved model cannot be used" if damaged else "There is no saved model"
            print(f"{reason}, so {which} is trained now (about {duration}).")
            return train()
        print(f"The model that was saved at {path} is loaded.")
        return classifier

    @property
    def model(self) -> Any:
        """The Keras model, whose answers are those before calibration.

        A classifier works without it: it is loaded when somebody asks for it.
        """
        return self.engine.model

    @property
    def threshold(self) -> float:
        """P(positive) from which on a text is called positive; chosen on validation data."""
        return float(self.record["threshold"])

    @cached_property
    def fingerprint(self) -> str:
        """A name for exactly this model: two files with one fingerprint answer alike."""
        digest = hashlib.sha256(json.dumps([self.threshold, self.temperature]).encode())
        for part in self.engine.identity():
            digest.update(part)
        return digest.hexdigest()

    def predict(self, text: str) -> Prediction:
        """Say what one text expresses.

        Args:
            text: Any text, as people write it.

        Raises:
            TypeError: The text is not a string.
        """
        given = [inputs.one_text(text)]
        return self._answers(given).predictions(given)[0]

    def predict_many(self, texts: Texts) -> list[Prediction]:
        """Say what each of several texts expresses.

        Args:
            texts: A list, a pandas Series, a generator of strings; or a ``Path``, whose
                column ``text`` is read (a string would be a text, not a path).

        Returns:
            One prediction a text, in the same order.

        Raises:
            TypeError: ``texts`` is one string or a table, or holds something else than
                strings.
            FileNotFoundError: There is no such file.
            TableError: The file has no column of texts, or a row that cannot be read;
                :func:`workshop_utils.batch_predict.score_file` goes on after such rows.
        """
        given = self._read(texts)
        return self._answers(given).predictions(given)

    def predict_table(self, texts: Texts) -> DataFrame:
        """Say the same as a table, which keeps the index of a pandas Series.

        Args:
            texts: As for :meth:`predict_many`.

        Returns:
            Columns label, positive, tokens, unknown_share, cut_off and empty.

        Raises:
            TypeError: As for :meth:`predict_many`.
        """
        # A list has an "index" too, which is something else.
        index = None if isinstance(texts, list | tuple) else getattr(texts, "index", None)
        return self.answers(texts).table(index)

    def answers(self, texts: Texts) -> Answers:
        """Say the same as arrays, for very many texts; each distinct text is read once.

        Args:
            texts: As for :meth:`predict_many`.

        Raises:
            TypeError: As for :meth:`predict_many`.
        """
        return self._answers(self._read(texts))

    def score(self, texts: Texts) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return P(positive) alone, shape (texts,): what the explanations ask for.

        Args:
            texts: As for :meth:`predict_many`.

        Raises:
            TypeError: As for :meth:`predict_many`.
        """
        return self.answers(texts).positive

    def _read(self, texts: Texts) -> list[str]:
        if isinstance(texts, os.PathLike):
            return columns.read_column(Path(texts))
        return inputs.many_texts(texts)

    def _answers(self, texts: list[str]) -> Answers:
        places: dict[str, int] = {}
        where = [places.setdefault(text, len(places)) for text in texts]
        read = self.engine.read(list(places))
        positive = forward.probability(read.logits / self.temperature)
        return Answers(
            positive=positive[where],
            decided=(positive >= self.threshold).astype(np.int64)[where],
            tokens=read.tokens[where],
            unknown_share=(read.unknown / np.maximum(read.tokens, 1))[where],
            cut_off=read.cut_off[where],
        )


def _check_record(record: model_io.Record) -> None:
    if record["labels"] != list(models.LABELS):
        raise model_io.ArtifactError(
            f"This model was saved with the labels {record['labels']}; expected "
            f"{list(models.LABELS)}, in this order. Train it again with notebook 05."
        )
    if not 0 <= _number("threshold", record["threshold"]) <= 1:
        raise model_io.ArtifactError(
            f"The threshold is {record['threshold']}; expected 0 to 1. Run notebook 05 again."
        )


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise model_io.ArtifactError(
            f"The {name} is {value!r}; expected a number. Run notebook 05 again."
        )
    return float(value)
