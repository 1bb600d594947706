"""What stands behind the classifier: text in, logit out, with what could be read of it.

:class:`WordEngine` numbers words and runs one network over the numbers. It is made from a
Keras model in memory, or from a file without Keras (:mod:`workshop_utils.classifier.stored`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workshop_utils import model_io, models
from workshop_utils.classifier import forward
from workshop_utils.classifier.parts import OtherNetwork, Parts, network_of, take_apart
from workshop_utils.classifier.tokeniser import UNKNOWN, Tokeniser

Logits = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model made of texts, one entry a text.

    Attributes:
        logits: Before the temperature, shape (texts,).
        tokens: Words that were read, shape (texts,).
        unknown: How many of them are outside the vocabulary, shape (texts,).
        cut_off: Whether the end was not read, shape (texts,).
    """

    logits: Logits
    tokens: NDArray[np.int64]
    unknown: NDArray[np.int64]
    cut_off: NDArray[np.bool_]


class Engine(Protocol):
    """Reads texts with one trained model."""

    @property
    def model(self) -> Any:
        """The Keras model; loaded now, if it was not yet."""

    def read(self, texts: Sequence[str]) -> Reading:
        """Read texts without half surrogate pairs."""

    def identity(self) -> Iterator[bytes]:
        """Yield all that decides what the engine answers."""


class WordEngine:
    """The numbers of words go through one network.

    Attributes:
        tokeniser: Text in, the model's integers out.
    """

    def __init__(
        self,
        tokeniser: Tokeniser,
        run: forward.Forward,
        weights: Sequence[NDArray[Any]],
        load: Callable[[], Any],
        parts: Parts | None = None,
    ) -> None:
        self.tokeniser = tokeniser
        self._run, self._weights, self._load, self._parts = run, weights, load, parts

    @classmethod
    def of_model(cls, model: Any) -> WordEngine:
        """Make it from a text-in model.

        Args:
            model: Strings (batch,) in, P(positive) (batch, 1) out.

        Raises:
            ArtifactError: The model takes no texts, or its vocabulary does not fit.
        """
        tokeniser = Tokeniser.of_layer(vectoriser_of(model))
        network = network_of(model)
        size = len(tokeniser.vocabulary)
        _check_vocabulary(network, size)
        try:
            parts = take_apart(network)
        except OtherNetwork:
            parts = None
        run = forward.fastest(network, parts, size)
        return cls(tokeniser, run, network.get_weights(), lambda: model, parts)

    @cached_property
    def model(self) -> Any:
        """The Keras model: strings in, P(positive) before the temperature out."""
        return self._load()

    @property
    def parts(self) -> Parts:
        """The arrays that the answer is made of.

        Raises:
            OtherNetwork: The network is not built like the quick one.
        """
        return self._parts or take_apart(network_of(self.model))

    def read(self, texts: Sequence[str]) -> Reading:
        """Read texts without half surrogate pairs."""
        numbered = self.tokeniser(texts)
        read = [each[: models.LONGEST_TEXT] for each in numbered]
        return Reading(
            logits=self._run(read),
            tokens=np.array([len(each) for each in read], dtype=np.int64),
            unknown=np.array([each.count(UNKNOWN) for each in read], dtype=np.int64),
            cut_off=np.array([len(each) > models.LONGEST_TEXT for each in numbered], np.bool_),
        )

    def identity(self) -> Iterator[bytes]:
        """Yield all that decides what the engine answers."""
        yield json.dumps(self.tokeniser.vocabulary).encode()
        for each in self._weights:
            yield np.ascontiguousarray(each).tobytes()


def vectoriser_of(model: Any) -> Any:
    """Return the ``TextVectorization`` layer of a text-in model.

    Raises:
        ArtifactError: The model takes no texts.
    """
    for layer in model.layers:
        if type(layer).__name__ == "TextVectorization":
            return layer
    raise model_io.ArtifactError(
        "This model takes no texts: it holds no vectoriser. Save the text-in model, as notebook "
        "05 does."
    )


def _check_vocabulary(network: Any, size: int) -> None:
    """Refuse a vocabulary whose numbers the network's embedding does not have."""
    for layer in network.layers:
        if type(layer).__name__ == "Embedding":
            fits(size, layer.input_dim)


def fits(words: int, rows: int) -> None:
    """Check that each word of a vocabulary has a row in the embedding.

    Raises:
        ArtifactError: It has not.
    """
    if rows < words:
        raise model_io.ArtifactError(
            f"The vocabulary has {words} words and the network knows {rows}: they were not "
            "trained together. Train the model again with notebook 05."
        )
