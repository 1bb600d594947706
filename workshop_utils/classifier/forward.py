"""From integers to logits, fast: in NumPy for the quick network, compiled for all others.

For one text of 20 words a loop of NumPy calls takes about a tenth of a millisecond,
compiled TensorFlow (XLA) more than twice that, and ``model.predict`` several hundred
times that: its work around the network is made for tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment, tf_logging
from workshop_utils.classifier.parts import Parts
from workshop_utils.classifier.tokeniser import UNKNOWN
from workshop_utils.models import LONGEST_TEXT
from workshop_utils.reference_outputs import draw_probes, padded

Logits = NDArray[np.float64]
TOLERANCE = 1e-5
"""How far two ways to run one network may differ in a probability."""


class Forward(Protocol):
    """Gives the logit of each of several texts."""

    def __call__(self, numbered: Sequence[Sequence[int]]) -> Logits:
        """Return the logits, shape (n,), of n lists of word numbers, in the same order."""


def fastest(network: Any, parts: Parts | None, vocabulary_size: int) -> Forward:
    """Choose how a network is run: in NumPy where its parts are known, else compiled.

    The NumPy one is taken only when it gives the network's own probabilities.

    Args:
        network: Integers (batch, timesteps) in, P(positive) (batch, 1) out.
        parts: Its arrays; None where it is not built like the quick one.
        vocabulary_size: Numbers that a word can have, 0 and 1 among them.
    """
    compiled = Compiled(network)
    if parts is None:
        return compiled
    quick, probes = Numpy(parts), draw_probes(vocabulary_size)
    expected = np.asarray(network(padded(probes), training=False))[:, 0]
    same = np.allclose(probability(quick(probes)), expected, rtol=0, atol=TOLERANCE)
    return quick if same else compiled


def probability(logits: Logits) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-logits)), without overflow."""
    squashed: NDArray[np.float64] = 0.5 + 0.5 * np.tanh(0.5 * logits)
    return squashed


def one_thread() -> AbstractContextManager[Any]:
    """Let NumPy multiply on one thread inside of this context.

    The products of one step are small. Threads that wait for each other after each of them
    gain nothing, and where another program is at work they take up to ten times as long.
    """
    limited: AbstractContextManager[Any] = _libraries().limit(limits=1, user_api="blas")
    return limited


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


class Numpy:
    """The quick network as a loop over time of few, large NumPy calls.

    The equations are those of :class:`workshop_utils.cells.LSTMCell`. Three things
    make it fast: the input's part of every gate is worked out once for each word of
    the vocabulary; all four gates take one tanh, since sigmoid(x) = (1 + tanh(x / 2)) / 2;
    and texts are sorted by length, so that no time step is spent on padding.
    """

    def __init__(self, parts: Parts, batch_size: int = 512) -> None:
        self._units = units = parts.cell.units
        self._batch_size = batch_size
        blocks = ("input_gate", "forget_gate", "output_gate", "candidate")
        order = np.r_[tuple(parts.cell.columns(name) for name in blocks)]
        halves = np.repeat(np.array([0.5, 0.5, 0.5, 1], np.float32), units)
        inputs = parts.embedding @ parts.cell.kernel + parts.cell.bias
        self._inputs = np.ascontiguousarray(inputs[:, order] * halves, np.float32)
        self._recurrent = np.ascontiguousarray(
            parts.cell.recurrent_kernel[:, order] * halves, np.float32
        )
        self._readout, self._bias = parts.readout, parts.bias

    def __call__(self, numbered: Sequence[Sequence[int]]) -> Logits:
        """Return the logits, shape (n,), of n lists of word numbers, in the same order."""
        if len(numbered) == 1:
            return np.array([self._one(numbered[0])])
        lengths = np.array([len(each) or 1 for each in numbered], dtype=np.int64)
        longest_first = np.argsort(-lengths, kind="stable")
        logits = np.empty(len(numbered))
        with one_thread():
            for start in range(0, len(numbered), self._batch_size):
                rows = longest_first[start : start + self._batch_size]
                given = [numbered[row] or (UNKNOWN,) for row in rows.tolist()]
                logits[rows] = self._batch(padded(given, len(rows), int(lengths[rows[0]])))
        return logits

    def _one(self, numbers: Sequence[int]) -> float:
        """One text, without a batch axis and without a new array a step."""
        units = self._units
        hidden, cell = np.zeros(units, np.float32), np.zeros(units, np.float32)
        z = np.empty(4 * units, np.float32)
        gates, candidate = z[: 3 * units], z[3 * units :]
        write, keep, show = (z[k * units : (k + 1) * units] for k in range(3))
        for inputs in self._inputs[list(numbers) or [UNKNOWN]]:
            np.dot(hidden, self._recurrent, out=z)
            z += inputs
            np.tanh(z, out=z)
            gates *= 0.5
            gates += 0.5
            cell *= keep
            candidate *= write
            cell += candidate
            np.tanh(cell, out=hidden)
            hidden *= show
        return float(hidden @ self._readout) + self._bias

    def _batch(self, tokens: NDArray[np.int32]) -> Logits:
        """Texts in the order of their lengths, longest first, zeros on the right."""
        units = self._units
        hidden = np.zeros((len(tokens), units), np.float32)
        cell = np.zeros_like(hidden)
        for column, still_read in zip(tokens.T, (tokens > 0).sum(axis=0).tolist(), strict=True):
            h, c = hidden[:still_read], cell[:still_read]
            z = h @ self._recurrent
            z += self._inputs[column[:still_read]]
            np.tanh(z, out=z)
            gates = z[:, : 3 * units]
            gates *= 0.5
            gates += 0.5
            c *= z[:, units : 2 * units]
            c += z[:, :units] * z[:, 3 * units :]
            np.tanh(c, out=h)
            h *= z[:, 2 * units : 3 * units]
        return hidden @ self._readout + np.float64(self._bias)


class Compiled:
    """Any network, compiled by TensorFlow for a few fixed shapes.

    Each new shape is compiled anew, which takes about half a second; so batches are
    filled up to one of a few shapes.
    """

    ROWS = (1, 64, 1024)
    TIMESTEPS = (LONGEST_TEXT // 2, LONGEST_TEXT)

    def __init__(self, network: Any) -> None:
        tensorflow = environment.load_tensorflow()
        # XLA cannot take in NVIDIA's own kernel for the LSTM.
        with_xla = environment.lstm_kernel() != "cudnn"
        if with_xla:
            tf_logging.silence_first_compilation(tensorflow)
        self._run = tensorflow.function(
            lambda tokens: network(tokens, training=False), jit_compile=with_xla
        )
        self._constant = tensorflow.constant

    def __call__(self, numbered: Sequence[Sequence[int]]) -> Logits:
        """Return the logits, shape (n,), of n lists of word numbers, in the same order."""
        by_length = sorted(range(len(numbered)), key=lambda row: len(numbered[row]))
        logits = np.empty(len(numbered))
        for start in range(0, len(numbered), self.ROWS[-1]):
            rows = by_length[start : start + self.ROWS[-1]]
            height = next(size for size in self.ROWS if size >= len(rows))
            longest = len(numbered[rows[-1]])
            width = next(size for size in self.TIMESTEPS if size >= longest)
            tokens = padded([numbered[row] or (UNKNOWN,) for row in rows], height, width)
            answers = np.asarray(self._run(self._constant(tokens)))[: len(rows), 0]
            logits[rows] = _logit(answers.astype(np.float64))
        return logits


def _logit(positive: NDArray[np.float64]) -> Logits:
    """Turn probabilities back; 0 and 1, to which float32 rounds, stay finite."""
    tiny = float(np.finfo(np.float32).eps) / 2
    inside = np.clip(positive, tiny, 1 - tiny)
    logits: Logits = np.log(inside) - np.log1p(-inside)
    return logits
