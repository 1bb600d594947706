"""The quick model from its file without Keras: the first answer in a second, not in ten.

The file is an archive: the vocabulary is text, the weights are arrays, and the network is
the one of :func:`workshop_utils.models.quick_lstm`. Whether that is so is not taken on
trust: the file also holds what the model itself answered when it was saved
(:mod:`workshop_utils.reference_outputs`). Where one number differs, Keras opens the file.
"""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from workshop_utils import model_io, weights
from workshop_utils.cells import LSTMCell
from workshop_utils.classifier import forward
from workshop_utils.classifier.engines import WordEngine, fits, vectoriser_of
from workshop_utils.classifier.parts import Parts
from workshop_utils.classifier.tokeniser import Stored, Tokeniser
from workshop_utils.reference_outputs import Witness, digest

_VOCABULARY = "assets/layers/text_vectorization/vocabulary.txt"
_LAYERS = ("embedding", "lstm", "positive")
"""The layers of the quick network that have weights, in their order."""


def engine_of(path: Path) -> WordEngine | None:
    """Make the engine of a model file that was looked at, without Keras.

    Args:
        path: A file that :func:`workshop_utils.classifier.archive.inspect` let pass.

    Returns:
        The engine; None where only Keras can say what the file means: it holds another
        network, has no witness, or the witness says something else or speaks of another plan.

    Raises:
        ArtifactError: The vocabulary is larger than the embedding.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            said = Witness.from_json(archive.read(model_io.WITNESS_NAME))
            plan = archive.read("config.json").decode("utf-8")
            vocabulary = archive.read(_VOCABULARY).decode("utf-8").split("\n")
            found = weights.read(archive.read(weights.FILE_NAME))
        arrays = [array for name in _LAYERS for array in found.pop(name)]
        embedding, kernel, recurrent, bias, readout, logit_bias = arrays
        if found or said.plan != digest(plan):
            return None  # more layers than the quick network has, or another plan
        parts = Parts(
            embedding, LSTMCell(kernel, recurrent, bias), readout[:, 0], float(logit_bias[0])
        )
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile):
        return None
    fits(len(vocabulary), len(parts.embedding))
    return _checked(path, parts, vocabulary, said, arrays)


def _checked(
    path: Path, parts: Parts, vocabulary: list[str], said: Witness, arrays: list[Any]
) -> WordEngine | None:
    @cache
    def load() -> Any:
        return model_io.load(path)[0]

    try:
        run = forward.Numpy(parts)
        answers = forward.probability(run(said.probes))
        if not np.allclose(answers, said.positive, rtol=0, atol=forward.TOLERANCE):
            return None
        tokeniser = Tokeniser(Stored(vocabulary, said, lambda: vectoriser_of(load())))
    except (ValueError, TypeError, IndexError):
        return None
    return WordEngine(tokeniser, run, arrays, load, parts) if tokeniser.in_python else None
