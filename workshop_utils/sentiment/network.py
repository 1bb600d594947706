"""The saved network as arrays: the LSTM cell of notebook 03 reads texts, without TensorFlow."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from workshop_utils import tweets
from workshop_utils.cells import LSTMCell
from workshop_utils.sentiment import model_guard
from workshop_utils.sentiment.model_guard import ModelFileError
from workshop_utils.sentiment.models import LONGEST_TEXT

UNKNOWN = 1
"""The number of every word outside the vocabulary; 0 is padding."""

TOGETHER = 128
"""Texts of similar length that are read in one run; more would not fit into the cache."""


AS_PLANNED: dict[str, dict[str, Any]] = {
    "TextVectorization": {
        "standardize": model_guard.CLEANER,
        "split": "whitespace",
        "ngrams": None,
        "output_mode": "int",
        "output_sequence_length": LONGEST_TEXT,
        "ragged": False,
    },
    "Embedding": {"mask_zero": True},
    "LSTM": {
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "use_bias": True,
        "go_backwards": False,
        "return_sequences": False,
        "return_state": False,
        "stateful": False,
    },
    "Dense": {"units": 1, "activation": "sigmoid", "use_bias": True},
    "DTypePolicy": {"name": "float32"},
}
"""What a plan must say where the arithmetic below follows it: Keras would follow another plan."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network made of texts; every array has one entry a text.

    Attributes:
        logits: Before the temperature.
        words: Words that were read.
        known: How many of them are in the vocabulary.
        cut_off: Whether the end was not read.
    """

    logits: NDArray[np.float64]
    words: NDArray[np.int64]
    known: NDArray[np.int64]
    cut_off: NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence[Reading]) -> Reading:
        """Put what was made of several lists of texts behind one another."""
        names = (each.name for each in fields(cls))
        return cls(*(np.concatenate([getattr(each, name) for each in parts]) for name in names))


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
    def of(cls, plan: Any, vocabulary: Sequence[str], weights: model_guard.Weights) -> Network:
        """Build it from what :func:`workshop_utils.sentiment.model_guard.inspect` found in a file.

        Raises:
            ModelFileError: Plan and arrays do not fit each other; the message says where.
        """
        plans = _as_planned(plan)
        kinds = ("Embedding", "LSTM", "Dense")
        if set(weights) != {plans.get(kind, {}).get("name") for kind in kinds}:
            raise ModelFileError("it is not one Embedding, one LSTM and one Dense layer")
        (table,), lstm, (readout, bias) = (weights[plans[kind]["name"]] for kind in kinds)
        cell = LSTMCell(*lstm)
        planned = [plans["Embedding"]["input_dim"], plans["Embedding"]["output_dim"]]
        planned += [plans["LSTM"]["units"], plans["Dense"]["units"]]
        if planned != [*table.shape, cell.units, 1] or readout.shape != (cell.units, 1):
            raise ModelFileError("its plan and its arrays have different sizes")
        if table.shape[1] != cell.features or len(vocabulary) > len(table):
            raise ModelFileError("its vocabulary and its network were not trained together")
        if not all(np.isfinite(each).all() for each in (table, *lstm, readout, bias)):
            raise ModelFileError("some of its weights are not finite numbers")
        numbers = {word: number for number, word in enumerate(vocabulary)}
        return cls(numbers, table, cell, readout[:, 0], float(bias[0]))

    @cached_property
    def digest(self) -> str:
        """A name for exactly these words and weights: another number gives another one."""
        words = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        digest = hashlib.sha256("\n".join(words).encode("utf-8"))
        cell = (self.cell.kernel, self.cell.recurrent_kernel, self.cell.bias)
        for each in (self.embedding, *cell, self.readout, np.float64(self.bias)):
            digest.update(np.ascontiguousarray(each).tobytes())
        return digest.hexdigest()

    def numbers(self, words: Sequence[str]) -> list[int]:
        """Return the row of each word in the embedding; unknown words share one."""
        return [self.vocabulary.get(word, UNKNOWN) for word in words[:LONGEST_TEXT]]

    def read(self, texts: Sequence[str]) -> Reading:
        """Read texts from left to right; one without a word as one unknown word."""
        words = [each.split() for each in tweets.clean_all(texts)]
        numbered = [self.numbers(each) for each in words]
        hidden_state = self._last_hidden_states([each or [UNKNOWN] for each in numbered])
        return Reading(
            logits=np.asarray(hidden_state @ self.readout, np.float64) + self.bias,
            words=np.array([len(each) for each in numbered], np.int64),
            known=np.array([len(each) - each.count(UNKNOWN) for each in numbered], np.int64),
            cut_off=np.array([len(each) > LONGEST_TEXT for each in words], np.bool_),
        )

    def _last_hidden_states(self, numbered: Sequence[list[int]]) -> NDArray[np.floating[Any]]:
        if len(numbered) == 1:
            return self.cell.last_hidden_state(self.embedding[numbered[0]])[None]
        lengths = np.array([len(each) for each in numbered], np.int64)
        states = np.empty((len(numbered), self.cell.units), np.float32)
        shortest_first = np.argsort(lengths, kind="stable")
        # One thread: the products of a step are too small to be shared out.
        with threadpool_limits(limits=1, user_api="blas"):
            for at in range(0, len(numbered), TOGETHER):
                rows = shortest_first[at : at + TOGETHER]
                padded = np.zeros((len(rows), lengths[rows[-1]]), np.int64)
                for place, row in enumerate(rows):
                    padded[place, : lengths[row]] = numbered[row]
                states[rows] = self.cell.last_hidden_state(self.embedding[padded], lengths[rows])
        return states


def _as_planned(plan: Any) -> dict[str, dict[str, Any]]:
    """Return the settings of each kind of layer; refuse a plan that Keras would read otherwise.

    Raises:
        ModelFileError: A layer is there twice, or works in another way than here.
    """
    plans: dict[str, dict[str, Any]] = {}
    for kind, entry in model_guard.described(plan):
        settings = entry["config"]
        for name, expected in AS_PLANNED.get(kind, {}).items():
            value = settings.get(name)
            if isinstance(value, dict):  # a function
                value = value.get("config")
            if value != expected or isinstance(value, bool) is not isinstance(expected, bool):
                raise ModelFileError(f"its plan gives {kind} {name} = {value!r}, not {expected!r}")
        if kind in plans and kind in AS_PLANNED and kind != "DTypePolicy":
            raise ModelFileError(f"its plan has two layers of the kind {kind}")
        plans[kind] = settings
    if lacking := AS_PLANNED.keys() - plans.keys() - {"DTypePolicy"}:
        raise ModelFileError(f"its plan has no layer of the kind {min(lacking)}")
    return plans
