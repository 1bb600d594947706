"""One file that holds everything: vectoriser, network, scores and provenance.

``sentiment.keras`` is an ordinary Keras file (safe mode, no pickled code) with one
more text file inside, so that a model and what is known about it cannot part.
The same text lies beside it as ``sentiment.json``, for people to read.
"""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop_utils import environment, lstm_custom_gradient, reference_outputs, storage, vectoriser

FILE_NAME = "sentiment.keras"
RECORD_NAME = "workshop.json"
WITNESS_NAME = "reference_outputs.json"
"""What the model itself says of hard texts, see :mod:`workshop_utils.reference_outputs`."""

Record = dict[str, Any]
"""What is known about a model.

Always ``labels``, ``threshold``, ``is_real``, ``metrics`` and ``versions``. Of a model that
notebook 05 saved also ``data`` (where the tweets came from, with their sha256), ``split``,
``split_seed``, ``seed``, ``recipe`` and ``calibration``
(:func:`workshop_utils.calibration.summary`). The threshold is meant for probabilities
after the temperature, see :func:`temperature`.
"""

REQUIRED = ("labels", "threshold", "is_real", "metrics", "versions")


class ArtifactError(ValueError):
    """A file is no artifact of the workshop, or is damaged; the message says what to do."""


def default_path() -> Path:
    """Return where notebook 05 saves the model and notebook 06 looks for it."""
    return storage.artifacts_dir() / FILE_NAME


def save(
    model: Any,
    record: Record,
    path: str | os.PathLike[str] | None = None,
    *,
    more: Mapping[str, str] | None = None,
) -> Path:
    """Save a text-in model and its record as one ``.keras`` file, whole or not at all.

    Args:
        model: Strings (batch,) in, P(positive) (batch, 1) out; see
            :func:`workshop_utils.models.text_to_sentiment`.
        record: What is known about it, as plain numbers, texts, lists and dicts.
        path: Target; :func:`default_path` if none is given.
        more: Name to content of other text files that go inside.

    Returns:
        The path written.

    Raises:
        ValueError: The record lacks one of :data:`REQUIRED`, or the path does not
            end in ``.keras``.
        StorageError: The file cannot be written.
    """
    target = default_path() if path is None else Path(path)
    if target.suffix != ".keras":
        raise ValueError(f"A model is saved as .keras, not as {target.name!r}.")
    if missing := [name for name in REQUIRED if name not in record]:
        raise ValueError(f"The record lacks {', '.join(missing)}; a model is not saved without.")
    text = json.dumps(record, indent=1, ensure_ascii=False)
    with storage.atomic_path(target) as part:
        model.save(part)
        with zipfile.ZipFile(part, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(RECORD_NAME, text)
            said = reference_outputs.of(model, archive.read("config.json").decode("utf-8"))
            if said:
                archive.writestr(WITNESS_NAME, said.to_json())
            for name, content in (more or {}).items():
                archive.writestr(name, content)
    storage.write_text(target.with_suffix(".json"), f"{text}\n")
    return target


def load(path: str | os.PathLike[str] | None = None) -> tuple[Any, Record]:
    """Load the model and its record.

    Args:
        path: The file; :func:`default_path` if none is given.

    Returns:
        The model (strings in, P(positive) out) and what is known about it.

    Raises:
        FileNotFoundError: There is no such file.
        ArtifactError: The file is damaged, or was not saved by :func:`save`.
    """
    source = default_path() if path is None else Path(path)
    record = read_record(source)
    vectoriser.register()
    lstm_custom_gradient.register()
    try:
        model = environment.load_keras().saving.load_model(source, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises many kinds for a file that is not whole
        raise _unusable(source, str(error)) from error
    return model, record


def read_record(path: str | os.PathLike[str] | None = None) -> Record:
    """Read what is known about a saved model without loading it, and without Keras.

    Raises:
        FileNotFoundError: There is no such file.
        ArtifactError: The file is damaged, or was not saved by :func:`save`.
    """
    source = default_path() if path is None else Path(path)
    if not source.is_file():
        raise FileNotFoundError(
            f"There is no trained model at {source}. Run notebook 05 to the end, or let "
            "notebook 06 train the quick model."
        )
    try:
        with zipfile.ZipFile(source) as archive:
            record = json.loads(archive.read(RECORD_NAME))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _unusable(source, str(error)) from error
    if not isinstance(record, dict) or any(name not in record for name in REQUIRED):
        raise _unusable(source, f"its record lacks one of {', '.join(REQUIRED)}")
    return record


def temperature(record: Record) -> float:
    """Return the temperature that a model's probabilities are to be divided by.

    The model in the file answers as it was trained;
    :func:`workshop_utils.calibration.scale` with this number makes the answers calibrated.

    Args:
        record: What :func:`load` or :func:`read_record` returned.

    Returns:
        Above 0; 1, which changes nothing, for a model that was saved without calibration.

    Raises:
        ArtifactError: What the record says is not a number above 0.
    """
    stored = (record.get("calibration") or {}).get("temperature", 1.0)
    if not (isinstance(stored, int | float) and 0 < stored < math.inf):
        raise ArtifactError(
            f"The record of this model says that its temperature is {stored!r}, but it must be a "
            "number above 0. Run notebook 05 again."
        )
    return float(stored)


def _unusable(path: Path, why: str) -> ArtifactError:
    return ArtifactError(
        f"{path} is not a model that this workshop saved, or it is damaged ({why}). Remove it and "
        "run notebook 05 again, or let notebook 06 train the quick model."
    )
