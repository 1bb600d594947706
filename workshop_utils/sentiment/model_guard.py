"""Look at a model file before anything reads it; every rule stops one attack.

A ``.keras`` file is a zip archive, and such files are sent around. Nothing in it is run or
unpacked until its list of parts and its plan hold only what a file of the workshop holds:

- parts by name, and each no larger than it may be: no pickle, no path out of the folder,
  no link, no archive of some kilobytes that unpacks to gigabytes;
- a plan made of a dozen kinds of layers: no ``Lambda``, no foreign function, no vocabulary
  that names a file of this machine, no nesting without end;
- weights that are plain arrays inside the file: no link to another file of the disk, no
  array that is declared larger than the memory.
"""

from __future__ import annotations

import contextlib
import io
import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RECORD_NAME = "workshop.json"
WEIGHTS_NAME = "model.weights.h5"
VOCABULARY_NAME = "vocabulary.txt"
LARGEST = {
    "metadata.json": 1 << 16,
    "config.json": 1 << 24,
    RECORD_NAME: 1 << 22,
    VOCABULARY_NAME: 1 << 24,
    WEIGHTS_NAME: 1 << 28,
}
"""Bytes that each part may have when unpacked."""

MOST_PARTS = 1_000
DEEPEST = 60
_LAYERS = "InputLayer TextVectorization Embedding Dropout SpatialDropout1D LSTM Dense"
_MODELS = "Functional Sequential Adam"
_SETTINGS = "DTypePolicy __keras_tensor__ function"
_STARTS = "RandomUniform GlorotUniform Orthogonal OrthogonalInitializer Zeros Ones"
KINDS = frozenset(" ".join((_LAYERS, _MODELS, _SETTINGS, _STARTS)).split())
"""What a plan may consist of."""

CLEANER = "workshop_utils>standardise"
"""The only function that a plan may name."""

Weights = dict[str, list[NDArray[np.float32]]]
"""Name of a layer to its arrays, in the order of ``layer.get_weights()``."""


class ModelFileError(ValueError):
    """A file is no model of this workshop, or is damaged; see :func:`refusing`."""


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn whatever reading a model raises into one sentence that says what to do.

    Raises:
        FileNotFoundError: This was raised, so there is no such file.
        ModelFileError: Anything else was raised.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except Exception as error:  # a damaged archive raises a dozen kinds
        damaged = f"it is damaged, or described wrongly ({type(error).__name__})"
        why = str(error) if isinstance(error, ModelFileError) else damaged
        shown = "".join(each if each.isprintable() else "?" for each in why[:300])
        raise ModelFileError(
            f"{path} cannot be used as a model: {shown}. Remove it and run notebook 05 again."
        ) from error


def inspect(path: Path) -> tuple[dict[str, Any], list[str], Weights, Any]:
    """Read a model file without Keras, and run nothing that lies in it.

    Returns:
        How Keras would build the model, the words of the vectoriser (padding and unknown word
        first), the arrays of the layers, and the workshop's own part, if the file has it yet.

    Raises:
        FileNotFoundError: There is no such file.
        ModelFileError: It holds what no file of the workshop holds.
    """
    if not path.is_file():
        raise FileNotFoundError(f"There is no trained model at {path}. Run notebook 05 to the end.")
    if not zipfile.is_zipfile(path):
        raise ModelFileError("it is not a file that Keras saved")
    with zipfile.ZipFile(path) as archive:
        _check_parts(archive.infolist())
        plan = _json(archive, "config.json")
        _check_plan(plan)
        record = _json(archive, RECORD_NAME) if RECORD_NAME in archive.namelist() else None
        return plan, _vocabulary(archive), _weights(archive), record


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [each.filename for each in parts]
    size = sum(each.file_size for each in parts)
    if len(set(names)) < len(names) or len(names) > MOST_PARTS or size > 2 * LARGEST[WEIGHTS_NAME]:
        raise ModelFileError("it has two parts of one name, or too many parts")
    for each in parts:
        folder, _, name = each.filename.rpartition("/")
        plain = ".." not in each.filename and not set("\\:\0") & set(each.filename)
        expected = folder.startswith("assets") and name in {"", VOCABULARY_NAME}
        if not plain or not (expected or each.filename in LARGEST):
            raise ModelFileError(f"its part {each.filename!r} does not belong in a model")
        if stat.S_ISLNK(each.external_attr >> 16):
            raise ModelFileError(f"its part {each.filename!r} is a link")
        if name and each.file_size > LARGEST[name]:
            raise ModelFileError(f"its part {each.filename!r} unpacks to {each.file_size:,} bytes")


def _json(archive: zipfile.ZipFile, name: str) -> Any:
    try:
        found = json.loads(archive.read(name))
    except RecursionError:
        raise ModelFileError(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise ModelFileError(f"{name} is not JSON") from error
    _tables(found, name)
    return found


def _tables(found: Any, name: str) -> list[dict[str, Any]]:
    """Return all tables of a JSON value; refuse one that Keras' recursion could not walk."""
    left = [(found, 0)]
    tables = []
    while left:
        each, depth = left.pop()
        if depth > DEEPEST:
            raise ModelFileError(f"{name} is nested too deeply")
        if isinstance(each, dict):
            tables.append(each)
        if isinstance(each, dict | list):
            inside = each.values() if isinstance(each, dict) else each
            left.extend((value, depth + 1) for value in inside)
    return tables


def described(plan: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return kind and settings of each object in a plan, however deep it lies."""
    found = _tables(plan, "config.json")
    return [(str(each["class_name"]), each) for each in found if "class_name" in each]


def _check_plan(plan: Any) -> None:
    if not isinstance(plan, dict) or "class_name" not in plan:
        raise ModelFileError("its plan describes no model")
    for kind, entry in described(plan):
        module = str(entry.get("module", "keras"))
        name = entry.get("registered_name")
        settings: Any = entry.get("config")
        if kind not in KINDS or module.partition(".")[0] not in {"keras", "builtins", "None"}:
            raise ModelFileError(f"its plan asks for {module}.{kind}, which no model here has")
        if kind == "function" and settings != CLEANER:
            raise ModelFileError(f"its plan asks for the function {settings!r}")
        if name not in {None, kind} or (kind != "function" and not isinstance(settings, dict)):
            raise ModelFileError(f"its plan describes {kind} in a way that Keras does not write")
        if kind == "TextVectorization" and settings.get("vocabulary") is not None:
            raise ModelFileError("its plan names a vocabulary beside the one that was learnt")


def _vocabulary(archive: zipfile.ZipFile) -> list[str]:
    stored = [each for each in archive.namelist() if each.endswith(f"/{VOCABULARY_NAME}")]
    if not stored:
        raise ModelFileError("it has no vocabulary that a TextVectorization layer has learnt")
    first, *others = (archive.read(each) for each in stored)
    if any(each != first for each in others):  # Keras reads one, and would not compare them
        raise ModelFileError("it holds two vocabularies that differ")
    words = first.decode("utf-8").split("\n")
    if len(set(words)) < len(words):
        raise ModelFileError("its vocabulary holds a word twice")
    return words


def _weights(archive: zipfile.ZipFile) -> Weights:
    """Read all arrays of layers; links are refused before they are followed."""
    import h5py

    parts: dict[str, Any] = {}

    def look(place: str, link: Any) -> str | None:
        if not isinstance(link, h5py.HardLink):
            return f"its weights {place} are a link"
        if len(parts) >= MOST_PARTS:
            return f"its weights have more than {MOST_PARTS:,} parts"
        parts[place] = part = file[place]
        plain = isinstance(part, h5py.Group) or not (
            part.external or part.is_virtual or part.chunks or part.dtype.kind not in "fiu"
        )
        return None if plain else f"its weights {place} are not plain numbers in the file"

    found: Weights = {}
    with h5py.File(io.BytesIO(archive.read(WEIGHTS_NAME)), "r") as file:
        if why := file.visititems_links(look):  # h5py stops at the first answer
            raise ModelFileError(why)
        arrays = {place: part for place, part in parts.items() if isinstance(part, h5py.Dataset)}
        if sum(each.nbytes for each in arrays.values()) > LARGEST[WEIGHTS_NAME]:
            raise ModelFileError("its weights declare more bytes than a model here has")
        for place, array in arrays.items():
            if not {"optimizer", "seed_generator"} & set(place.split("/")):
                # The cell of a recurrent layer has no name of its own.
                owner = place.rpartition("/vars/")[0].removesuffix("/cell")
                name = str(file[f"{owner}/vars"].attrs.get("name", owner))
                found.setdefault(name, []).append(np.asarray(array[()], np.float32))
    return found
