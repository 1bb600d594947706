"""The saved network as arrays: the LSTM cell of notebook 03 reads texts, without TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import model_guard, text
from workshop_utils.cells import LSTMCell

UNKNOWN = 1
"""The number of every word outside the vocabulary; 0 is padding."""

LONGEST_TEXT = 64
"""Words after which a text is cut off; the longest tweet of the workshop has 49."""

TOGETHER = 1024
"""Texts of one length that are read in one run."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network made of texts, one entry a text.

    Attributes:
        logits: Before the temperature, shape (texts,).
        words: Words that were read, shape (texts,).
        known: How many of them are in the vocabulary, shape (texts,).
        cut_off: Whether the end was not read, shape (texts,).
    """

    logits: NDArray[np.float64]
    words: NDArray[np.int64]
    known: NDArray[np.int64]
    cut_off: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Network:
    """Embedding, LSTM and one logistic output, as NumPy arrays.

    Attributes:
        vocabulary: Word to its row in the embedding.
        embedding: Shape (vocabulary, features).
        cell: The trained cell.
        readout: Shape (units,), the weights that read the last hidden state.
        bias: What is added to the logit.
    """

    vocabulary: Mapping[str, int]
    embedding: NDArray[np.float32]
    cell: LSTMCell
    readout: NDArray[np.float32]
    bias: float

    @classmethod
    def of(cls, contents: model_guard.Contents) -> Network:
        """Build it from the parts of a model file.

        Raises:
            ValueError: Plan and arrays do not fit each other; the message says where.
        """
        settings = {kind: each["config"] for kind, each in model_guard.described(contents.plan)}
        kinds = ("Embedding", "LSTM", "Dense")
        if set(contents.weights) != {settings.get(kind, {}).get("name") for kind in kinds}:
            raise ValueError("it is not one Embedding, one LSTM and one Dense layer")
        (table,), recurrent, dense = (contents.weights[settings[kind]["name"]] for kind in kinds)
        (kernel, recurrent_kernel, offset), (readout, bias) = recurrent, dense
        cell = LSTMCell(kernel, recurrent_kernel, offset)
        planned = [settings["Embedding"]["input_dim"], settings["Embedding"]["output_dim"]]
        planned += [settings["LSTM"]["units"], settings["Dense"]["units"]]
        if planned != [*table.shape, cell.units, 1] or readout.shape != (cell.units, 1):
            raise ValueError("its plan and its arrays have different sizes")
        if table.shape[1] != cell.features or len(contents.vocabulary) > len(table):
            raise ValueError("its vocabulary and its network were not trained together")
        if not all(np.isfinite(each).all() for each in (table, *recurrent, *dense)):
            raise ValueError("some of its weights are not finite numbers")
        numbers = {word: number for number, word in enumerate(contents.vocabulary)}
        return cls(numbers, table, cell, readout[:, 0], float(bias[0]))

    def numbers(self, words: Sequence[str]) -> list[int]:
        """Return the row of each word in the embedding; unknown words share one."""
        return [self.vocabulary.get(word, UNKNOWN) for word in words[:LONGEST_TEXT]]

    def read(self, texts: Sequence[str]) -> Reading:
        """Read texts from left to right, each to its last word."""
        cleaned = text.clean_all(texts) if len(texts) > 1 else [text.clean(each) for each in texts]
        words = [each.split() for each in cleaned]
        numbered = [self.numbers(each) for each in words]
        return Reading(
            logits=self._logits(numbered),
            words=np.array([len(each) for each in numbered], np.int64),
            known=np.array([len(each) - each.count(UNKNOWN) for each in numbered], np.int64),
            cut_off=np.array([len(each) > LONGEST_TEXT for each in words], np.bool_),
        )

    def _logits(self, numbered: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        """Run texts of one length together, so that no step is spent on padding."""
        if len(numbered) == 1:
            return self._run(numbered[0] or [UNKNOWN])[None]
        lengths = np.array([len(each) or 1 for each in numbered], np.int64)
        logits = np.empty(len(numbered))
        with _one_thread():
            for length in np.unique(lengths):
                rows = np.flatnonzero(lengths == length)
                for part in np.split(rows, range(TOGETHER, len(rows), TOGETHER)):
                    logits[part] = self._run([numbered[row] or [UNKNOWN] for row in part])
        return logits

    def _run(self, numbers: Iterable[Any]) -> NDArray[np.float64]:
        state = self.cell.run(self.embedding[np.asarray(numbers)]).hidden_state
        return np.asarray(state @ self.readout, np.float64) + self.bias


def _one_thread() -> AbstractContextManager[Any]:
    """Let NumPy multiply on one thread: the products of a step are too small to share."""
    limited: AbstractContextManager[Any] = _libraries().limit(limits=1, user_api="blas")
    return limited


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
