"""An LSTM that reads from both ends and pools all steps, in NumPy.

The equations are those of :class:`workshop_utils.cells.LSTMCell`; what makes them fast is
told in :mod:`workshop_utils.classifier.forward`. Both directions run in one loop: at step t
one reads the word t from the left, the other the word t from the right.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workshop_utils.cells import LSTMCell
from workshop_utils.classifier.forward import one_thread

Array = NDArray[np.float32]
Rows = NDArray[np.intp]
_TOGETHER = 256


class PooledLSTM:
    """Both directions of an LSTM, the largest and the mean of each hidden number.

    Attributes:
        units: Of each direction.
        together: Texts that are read in one loop.
    """

    def __init__(self, forwards: LSTMCell, backwards: LSTMCell) -> None:
        self.units = forwards.units
        self.together = _TOGETHER
        blocks = ("input_gate", "forget_gate", "output_gate", "candidate")
        order = np.r_[tuple(forwards.columns(name) for name in blocks)]
        # sigmoid(x) = (1 + tanh(x / 2)) / 2, so that all four blocks take one tanh.
        halves = np.repeat(np.array([0.5, 0.5, 0.5, 1], np.float32), self.units)

        def both(name: str) -> Array:
            arrays = [getattr(cell, name)[..., order] * halves for cell in (forwards, backwards)]
            return np.ascontiguousarray(np.stack(arrays), np.float32)

        self._kernel, self._recurrent = both("kernel"), both("recurrent_kernel")
        self._bias = both("bias")

    def inputs(self, vectors: Array) -> Array:
        """Work out what words add to the gates, in both directions.

        Args:
            vectors: Shape (words, features).

        Returns:
            Shape (2, words, 4 * units).
        """
        return vectors @ self._kernel + self._bias[:, None]

    def __call__(self, inputs: Array, texts: Sequence[Rows]) -> Array:
        """Read texts.

        Args:
            inputs: What :meth:`inputs` returned.
            texts: The rows of ``inputs`` of each text's words, at least one a text.

        Returns:
            Largest and mean of the hidden states of both directions, (texts, 4 * units).
        """
        if len(texts) == 1:
            return self._one(inputs[:, texts[0]])[None]
        lengths = np.array([len(each) for each in texts])
        longest_first = np.argsort(-lengths, kind="stable")
        pooled = np.empty((len(texts), 4 * self.units), np.float32)
        with one_thread():
            for start in range(0, len(texts), self.together):
                some = longest_first[start : start + self.together]
                pooled[some] = self._batch(inputs, [texts[row] for row in some], lengths[some])
        return pooled

    def _one(self, inputs: Array) -> Array:
        """One text, (2, timesteps, 4 * units), without a batch axis and new arrays."""
        units, timesteps = self.units, inputs.shape[1]
        given = np.stack([inputs[0], inputs[1, ::-1]], axis=1)
        z = np.empty((2, 4 * units), np.float32)
        gates, candidate = z[:, : 3 * units], z[:, 3 * units :]
        write, keep, show = (z[:, k * units : (k + 1) * units] for k in range(3))
        hidden = np.zeros((timesteps + 1, 2, units), np.float32)
        cell = np.zeros((2, units), np.float32)
        (from_left, from_right), (to_left, to_right) = self._recurrent, z
        for here, after, added in zip(hidden, hidden[1:], given, strict=False):
            np.dot(here[0], from_left, out=to_left)
            np.dot(here[1], from_right, out=to_right)
            z += added
            np.tanh(z, out=z)
            gates *= 0.5
            gates += 0.5
            cell *= keep
            candidate *= write
            cell += candidate
            np.tanh(cell, out=after)
            after *= show
        read = hidden[1:].reshape(timesteps, 2 * units)
        return np.concatenate([read.max(axis=0), read.mean(axis=0)])

    def _batch(self, inputs: Array, texts: list[Rows], lengths: NDArray[np.int64]) -> Array:
        """Texts in the order of their lengths, longest first."""
        units, longest = self.units, int(lengths[0])
        rows = np.zeros((2, longest, len(texts)), np.intp)
        for place, each in enumerate(texts):
            rows[0, : len(each), place], rows[1, : len(each), place] = each, each[::-1]
        hidden = np.zeros((2, len(texts), units), np.float32)
        cell, total = np.zeros_like(hidden), np.zeros_like(hidden)
        largest = np.full_like(hidden, -np.inf)
        for t in range(longest):
            left = int((lengths > t).sum())
            h, c = hidden[:, :left], cell[:, :left]
            z = h @ self._recurrent
            for way in range(2):
                z[way] += inputs[way, rows[way, t, :left]]
            np.tanh(z, out=z)
            gates = z[..., : 3 * units]
            gates *= 0.5
            gates += 0.5
            c *= z[..., units : 2 * units]
            c += z[..., :units] * z[..., 3 * units :]
            np.tanh(c, out=h)
            h *= z[..., 2 * units : 3 * units]
            total[:, :left] += h
            np.maximum(largest[:, :left], h, out=largest[:, :left])
        total /= lengths[:, None].astype(np.float32)
        return np.concatenate([*largest, *total], axis=1)
