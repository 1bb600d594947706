"""A saved reader at work without Keras: words, their pieces and the linear part, in NumPy.

The words of a text are split and numbered by the very code that training used
(:class:`workshop_utils.wide_deep.Encoder`). When the engine is made it must give the answers
that the Keras model gave when it was saved.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import model_io, reference_outputs, weights
from workshop_utils.cells import LSTMCell
from workshop_utils.classifier import forward
from workshop_utils.classifier.engines import Reading
from workshop_utils.classifier.pooled import PooledLSTM
from workshop_utils.wide_deep import encoder
from workshop_utils.wide_deep.linear import LinearSum
from workshop_utils.wide_deep.saved import Saved, log_odds_per_column

Array = NDArray[np.float32]
_KEPT = 20_000
"""Words whose part in the gates is kept; each takes 2 KB."""


class ReaderEngine:
    """Reads texts with a reader from its file.

    Args:
        path: The file.
        saved: What lies beside the network in it.

    Raises:
        ArtifactError: The weights are damaged, or do not give the answers in the file.
    """

    def __init__(self, path: Path, saved: Saved) -> None:
        self._path, self._saved, self._encoder = path, saved, saved.encoder
        self._kept: dict[str, Array] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                self._weights = weights.read(archive.read(weights.FILE_NAME))
            self._take_apart(self._weights)
            logits = self.read(list(saved.probes)).logits
        except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
            raise self._refused(f"its parts do not fit: {error}") from error
        expected = list(saved.probes.values())
        if not np.allclose(forward.probability(logits), expected, rtol=0, atol=forward.TOLERANCE):
            raise self._refused("it does not give the answers that it gave when it was saved")

    def _take_apart(self, found: weights.Weights) -> None:
        settings, linear = self._saved.settings, self._saved.linear
        if not (settings.both_directions and settings.buckets and settings.units):
            raise ValueError("a reader of both directions and of pieces of words is expected")
        (self._words,), (self._pieces,) = found["words"], found["pieces"]
        self._lstm = PooledLSTM(*(_cell(found[f"{way}_lstm"]) for way in ("forward", "backward")))
        readout, bias = found["log_odds"]
        self._readout, self._bias = readout[:, 0], float(bias[0])
        self._linear = linear and LinearSum(linear, log_odds_per_column(found["wide"][0]))

    def _refused(self, why: str) -> model_io.ArtifactError:
        return model_io.ArtifactError(
            f"{self._path} is damaged or of another version: {why}. Remove it, and train it again "
            "with notebook 05 or with `workshop predict --best`."
        )

    @cached_property
    def model(self) -> Any:
        """The Keras model: what :meth:`Reader.encode` makes in, P(positive) out."""
        return model_io.load(self._path)[0]

    def read(self, texts: Sequence[str]) -> Reading:
        """Read texts without half surrogate pairs."""
        listed = [self._encoder.split(each) for each in texts]
        # As in training, a text without a word is one unknown word.
        read = [words[: encoder.LONGEST] or [""] for words in listed]
        logits = self._lstm(*self._numbered(read)) @ self._readout + np.float64(self._bias)
        if self._linear:
            logits = logits + self._linear(texts)
        numbers, longest = self._encoder.numbers, encoder.LONGEST
        tokens = np.minimum([len(words) for words in listed], longest).astype(np.int64)
        known = [sum(word in numbers for word in words[:longest]) for words in listed]
        return Reading(
            logits=logits,
            tokens=tokens,
            unknown=tokens - np.asarray(known, np.int64),
            cut_off=np.array([len(words) > longest for words in listed], np.bool_),
        )

    def _numbered(self, read: list[list[str]]) -> tuple[Array, list[NDArray[np.intp]]]:
        """Return what words add to the gates, and the places of each text's words in it."""
        places: dict[str, int] = {}
        rows = [[places.setdefault(word, len(places)) for word in words] for words in read]
        new = [word for word in places if word not in self._kept]
        if len(self._kept) + len(new) > _KEPT:
            self._kept, new = {}, list(places)
        if new:
            self._kept |= zip(
                new, self._lstm.inputs(self._vectors(new)).swapaxes(0, 1), strict=True
            )
        inputs = np.stack([self._kept[word] for word in places], axis=1)
        return inputs, [np.array(each) for each in rows]

    def _vectors(self, words: list[str]) -> Array:
        """Return each word's own vector plus the mean of those of its pieces."""
        numbers, listed = zip(*map(self._encoder.row, words), strict=True)
        places = reference_outputs.padded(listed, timesteps=encoder.PIECES)
        there = (places > 0)[..., None]
        pieces = (self._pieces[places] * there).sum(axis=1)
        vectors: Array = self._words[list(numbers)]
        vectors += pieces / np.maximum(there.sum(axis=1), 1)
        return vectors

    def identity(self) -> Iterator[bytes]:
        """Yield all that decides what the engine answers."""
        yield json.dumps(asdict(self._saved)).encode()
        for name in sorted(self._weights):
            for each in self._weights[name]:
                yield np.ascontiguousarray(each).tobytes()


def _cell(arrays: list[Array]) -> LSTMCell:
    kernel, recurrent_kernel, bias = arrays
    return LSTMCell(kernel, recurrent_kernel, bias)
