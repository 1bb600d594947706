"""A reader as one file: the network as Keras writes it, and the words and columns beside it.

The file is opened without Keras, too (:mod:`workshop_utils.classifier.reader_engine`), so it
also holds what the reader answered to some hard texts when it was saved.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workshop_utils import environment, model_io, reference_outputs, storage
from workshop_utils.wide_deep import network
from workshop_utils.wide_deep.encoder import Encoder
from workshop_utils.wide_deep.learning import Reader
from workshop_utils.wide_deep.settings import Settings
from workshop_utils.wide_deep.wide import Description

FILE_NAME = "best.keras"
READER_NAME = "reader.json"
FORMAT = 1
_PROBED, _TOGETHER = 240, 12


@dataclass(frozen=True, eq=False)
class Saved:
    """What lies beside the network in the file of a reader.

    Attributes:
        settings: How the reader was built and trained.
        words: Those that the encoder numbers, in this order.
        linear: Columns of the linear part; None without one.
        probes: Text to P(positive), as the Keras model answered.
    """

    settings: Settings
    words: list[str]
    linear: Description | None
    probes: dict[str, float]

    @property
    def encoder(self) -> Encoder:
        """What numbers the words."""
        numbers = {word: number for number, word in enumerate(self.words, start=2)}
        return Encoder(numbers, self.settings.buckets, self.settings.as_written)


def default_path() -> Path:
    """Return where notebook 05 saves its best reader."""
    return storage.artifacts_dir() / FILE_NAME


def save(
    reader: Reader, record: model_io.Record, path: str | os.PathLike[str] | None = None
) -> Path:
    """Save a reader and its record as one ``.keras`` file, whole or not at all.

    Args:
        reader: A trained reader.
        record: What is known about it, see :data:`workshop_utils.model_io.Record`.
        path: Target; :func:`default_path` if none is given.

    Returns:
        The path written.

    Raises:
        ValueError: The record lacks something, or the path does not end in ``.keras``.
        StorageError: The file cannot be written.
    """
    words = list(reader.encoder.numbers)
    starts = range(0, min(len(words), _PROBED), _TOGETHER)
    texts = [*reference_outputs.HARD, *(" ".join(words[at : at + _TOGETHER]) for at in starts)]
    saved = Saved(
        settings=reader.settings,
        words=words,
        linear=reader.wide.described() if reader.wide else None,
        probes=dict(zip(texts, reader.predict(texts).tolist(), strict=True)),
    )
    text = json.dumps({"format": FORMAT, **asdict(saved)})
    target = default_path() if path is None else path
    return model_io.save(_as_trained(reader), record, target, more={READER_NAME: text})


def _as_trained(reader: Reader) -> Any:
    """Copy the network without its optimizer, which would make the file three times as large."""
    environment.load_keras()
    columns = reader.wide.size if reader.wide else 0
    copy = network.build(reader.settings, reader.encoder.vocabulary_size, columns)
    copy.set_weights(reader.model.get_weights())
    return copy


def read(path: str | os.PathLike[str]) -> Saved | None:
    """Read what lies beside the network, without Keras.

    Returns:
        What :func:`save` wrote; None where the file holds no reader.

    Raises:
        ArtifactError: The file is damaged, or was written by another version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if READER_NAME not in archive.namelist():
                return None
            found = json.loads(archive.read(READER_NAME))
        if found.pop("format") != FORMAT:
            raise ValueError("it was written by another version")
        return Saved(settings=Settings(**found.pop("settings")), **found)
    except (OSError, AttributeError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise model_io.ArtifactError(
            f"{path} is no reader that this workshop saved, or it is damaged ({error}). Remove it "
            "and run notebook 05 again."
        ) from error


def log_odds_per_column(embedding: Any) -> Any:
    """Return what one unit of each column adds to the log odds.

    Args:
        embedding: The weights of the layer ``wide``, (columns, 1).
    """
    return np.asarray(embedding, np.float64)[:, 0] * network.WIDE_PACE
