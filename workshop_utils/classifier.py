"""Text in, sentiment out: the trained model behind an interface that people can use."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from workshop_utils import artifact, evaluation, models, prepared
from workshop_utils.training.quick import train_quick

UNKNOWN = 1
"""The number that the vectoriser gives to every word outside its vocabulary."""


@dataclass(frozen=True)
class Prediction:
    """What the model says of one text, and how well it could read it.

    Attributes:
        text: The text as it was given.
        label: ``"negative"`` or ``"positive"``.
        positive: P(positive), in 0 to 1.
        tokens: How many words the model read.
        unknown_share: Share of them that are outside the vocabulary, in 0 to 1.
        cut_off: Whether the end of the text was not read, since it is too long.
        empty: Whether nothing was left to read; the answer then says nothing.
    """

    text: str
    label: str
    positive: float
    tokens: int
    unknown_share: float
    cut_off: bool
    empty: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """Plain words on what the model could not read; empty when it read everything."""
        found = []
        if self.empty:
            found.append("no word to read")
        if self.cut_off:
            found.append(f"cut off after {models.LONGEST_TEXT} words")
        if self.unknown_share > 0:
            found.append(f"{self.unknown_share:.0%} of the words unknown")
        return tuple(found)


class SentimentClassifier:
    """A trained model, with everything that a text goes through inside it.

    Attributes:
        model: Strings (batch,) in, P(positive) (batch, 1) out.
        record: What is known about it: label order, threshold, scores, provenance.
    """

    def __init__(self, model: Any, record: artifact.Record) -> None:
        if list(record["labels"]) != list(models.LABELS):
            raise artifact.ArtifactError(
                f"This model was saved with the labels {record['labels']}; expected "
                f"{list(models.LABELS)}, in this order. Train it again with notebook 05."
            )
        self.model = model
        self.record = record
        self._vectoriser = next(
            layer for layer in model.layers if type(layer).__name__ == "TextVectorization"
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str] | None = None) -> SentimentClassifier:
        """Load a model that notebook 05 saved.

        Args:
            path: The ``.keras`` file; the workshop's artifacts folder if none is given.

        Raises:
            FileNotFoundError: There is no such file.
            ArtifactError: The file is damaged or not one of ours, or the order of its
                labels is another one.
        """
        return cls(*artifact.load(path))

    @classmethod
    def load_or_train_quick(cls, *, show: bool = True) -> SentimentClassifier:
        """Load the saved model, or train the quick one, and print which of the two.

        Args:
            show: False hides the progress bar of the training.
        """
        try:
            classifier = cls.load()
        except (FileNotFoundError, artifact.ArtifactError) as error:
            damaged = isinstance(error, artifact.ArtifactError)
            reason = "The saved model cannot be used" if damaged else "There is no saved model"
            print(f"{reason}, so the quick one is trained now (about ten seconds).")
            model, record = train_quick(prepared.load_or_prepare(), show=show)
            artifact.save(model, record)
            return cls(model, record)
        print(f"The model that was saved at {artifact.default_path()} is loaded.")
        return classifier

    @property
    def threshold(self) -> float:
        """P(positive) from which on a text is called positive; chosen on validation data."""
        return float(self.record["threshold"])

    def predict(self, text: str) -> Prediction:
        """Say what one text expresses.

        Args:
            text: Any text, as people write it.

        Raises:
            TypeError: The text is not a string.
        """
        return self.predict_many([text])[0]

    def predict_many(self, texts: Iterable[str]) -> list[Prediction]:
        """Say what each of several texts expresses; one call of the model for many.

        Args:
            texts: Strings: a list, a pandas Series, a generator.

        Returns:
            One prediction a text, in the same order.

        Raises:
            TypeError: ``texts`` is one string, or holds something else than strings.
        """
        given = _as_texts(texts)
        if not given:
            return []
        positive = evaluation.predict(self.model, given)
        return [
            self._prediction(text, float(probability), tokens)
            for text, probability, tokens in zip(given, positive, self._tokens(given), strict=True)
        ]

    def _tokens(self, texts: list[str]) -> list[np.ndarray[Any, Any]]:
        """The numbers of each text's words, without padding, before any cutting."""
        padded = np.asarray(self._vectoriser(texts))
        return [row[row > 0] for row in padded]

    def _prediction(self, text: str, positive: float, tokens: np.ndarray[Any, Any]) -> Prediction:
        read = tokens[: models.LONGEST_TEXT]
        return Prediction(
            text=text,
            label=models.LABELS[int(positive >= self.threshold)],
            positive=positive,
            tokens=len(read),
            unknown_share=float(np.mean(read == UNKNOWN)) if len(read) else 0.0,
            cut_off=len(tokens) > len(read),
            empty=len(read) == 0,
        )


def _as_texts(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str | bytes):
        raise TypeError("Expected several texts, got one. Call predict(text) for a single text.")
    given = list(texts)
    for row, text in enumerate(given):
        if not isinstance(text, str):
            raise TypeError(
                f"Expected text in row {row}, got {type(text).__name__}. Turn every row into a "
                "string first; an empty string stands for a missing text."
            )
    # Half a surrogate pair is no valid text, and TensorFlow would refuse it.
    return [text.encode("utf-8", "replace").decode("utf-8") for text in given]
