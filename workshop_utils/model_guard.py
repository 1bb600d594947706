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

import io
import json
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
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

MOST_PARTS, DEEPEST = 1_000, 60
_LAYERS = "InputLayer TextVectorization Embedding Dropout SpatialDropout1D LSTM Dense"
_MODELS = "Functional Sequential Adam"
_OPERATIONS = "GetItem Pad Maximum Concatenate NotEqual Cast"
_SETTINGS = "DTypePolicy __keras_tensor__ __slice__ function"
_STARTS = "RandomUniform GlorotUniform Orthogonal OrthogonalInitializer Zeros Ones"
KINDS = frozenset(" ".join((_LAYERS, _MODELS, _OPERATIONS, _SETTINGS, _STARTS)).split())
"""What a plan may consist of."""

CLEANER = "workshop_utils>standardise"
"""The only function that a plan may name."""

Weights = dict[str, list[NDArray[np.float32]]]
"""Name of a layer to its arrays, in the order of ``layer.get_weights()``."""


class ModelFileError(ValueError):
    """A file is not a model of this workshop, or is damaged; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Contents:
    """What a model file holds, read and found harmless.

    Attributes:
        plan: How Keras would build the model.
        record: The workshop's own part as JSON; None in a file that is still being saved.
        vocabulary: The words of the vectoriser, padding and unknown word first.
        weights: Name of a layer to its arrays.
    """

    plan: dict[str, Any]
    record: Any
    vocabulary: list[str]
    weights: Weights


def refused(path: Path, why: str) -> ModelFileError:
    """Return the error that refuses a file and says what to do, in characters that are safe."""
    shown = "".join(each if each.isprintable() else "?" for each in why[:300])
    return ModelFileError(
        f"{path} cannot be used as a model: {shown}. Remove it and run notebook 05 again."
    )


def inspect(path: Path) -> Contents:
    """Read a model file without Keras, and run nothing that lies in it.

    Raises:
        FileNotFoundError: There is no such file.
        ModelFileError: It holds what no file of the workshop holds.
    """
    if not path.is_file():
        raise FileNotFoundError(f"There is no trained model at {path}. Run notebook 05 to the end.")
    try:
        if not zipfile.is_zipfile(path):
            raise _Refused("it is not a file that Keras saved")
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive.infolist())
            plan = _json(archive, "config.json")
            _check_plan(plan)
            named = RECORD_NAME in archive.namelist()
            record = _json(archive, RECORD_NAME) if named else None
            return Contents(plan, record, _vocabulary(archive, plan), _weights(archive))
    except _Refused as error:
        raise refused(path, str(error)) from error
    except Exception as error:  # a damaged archive raises a dozen kinds
        raise refused(path, f"it is damaged ({type(error).__name__})") from error


class _Refused(Exception):  # noqa: N818 - never leaves this module
    """Why a file is refused."""


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [each.filename for each in parts]
    size = sum(each.file_size for each in parts)
    if len(set(names)) < len(names) or len(names) > MOST_PARTS or size > 2 * LARGEST[WEIGHTS_NAME]:
        raise _Refused("it has two parts of one name, or too many parts")
    for each in parts:
        folder, _, name = each.filename.rpartition("/")
        plain = ".." not in each.filename and not set("\\:\0") & set(each.filename)
        expected = folder.startswith("assets") and name in {"", VOCABULARY_NAME}
        if not plain or not (expected or each.filename in LARGEST):
            raise _Refused(f"its part {each.filename!r} does not belong in a model")
        if stat.S_ISLNK(each.external_attr >> 16):
            raise _Refused(f"its part {each.filename!r} is a link")
        if name and each.file_size > LARGEST[name]:
            raise _Refused(f"its part {each.filename!r} unpacks to {each.file_size:,} bytes")


def _json(archive: zipfile.ZipFile, name: str) -> Any:
    try:
        found = json.loads(archive.read(name))
    except RecursionError:
        raise _Refused(f"{name} is nested too deeply") from None
    except ValueError as error:
        raise _Refused(f"{name} is not JSON") from error
    _entries(found, name)
    return found


def _entries(found: Any, name: str) -> list[dict[str, Any]]:
    """Return all tables of a JSON value; refuse one that Keras' recursion could not walk."""
    left, tables = [(found, 0)], []
    while left:
        each, depth = left.pop()
        if depth > DEEPEST:
            raise _Refused(f"{name} is nested too deeply")
        if isinstance(each, dict):
            tables.append(each)
            left.extend((value, depth + 1) for value in each.values())
        elif isinstance(each, list):
            left.extend((value, depth + 1) for value in each)
    return tables


def described(plan: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield kind and settings of each object in a plan, however deep it lies."""
    for each in _entries(plan, "config.json"):
        if "class_name" in each:
            yield str(each["class_name"]), each


def _check_plan(plan: Any) -> None:
    if not isinstance(plan, dict) or "class_name" not in plan:
        raise _Refused("its plan describes no model")
    for kind, entry in described(plan):
        module, name = str(entry.get("module", "keras")), entry.get("registered_name")
        settings: Any = entry.get("config")
        if kind not in KINDS or module.partition(".")[0] not in {"keras", "builtins", "None"}:
            raise _Refused(f"its plan asks for {module}.{kind}, which no model here has")
        if kind == "function" and settings != CLEANER:
            raise _Refused(f"its plan asks for the function {settings!r}")
        if name not in {None, kind} or (kind != "function" and not isinstance(settings, dict)):
            raise _Refused(f"its plan describes {kind} in a way that Keras does not write")
        if kind == "TextVectorization" and isinstance(settings.get("vocabulary"), str):
            raise _Refused("its plan reads the vocabulary from another file of this machine")


def _vocabulary(archive: zipfile.ZipFile, plan: Any) -> list[str]:
    """The words stand in a part of the file, or in the plan when they were given as a list."""
    stored = [each for each in archive.namelist() if each.endswith(f"/{VOCABULARY_NAME}")]
    given = [each["config"] for kind, each in described(plan) if kind == "TextVectorization"]
    if len(given) != 1:
        raise _Refused("its plan must have one TextVectorization layer, so that it reads texts")
    words: Any = given[0].get("vocabulary")
    if stored:
        words = archive.read(min(stored, key=len)).decode("utf-8").split("\n")
    if not (isinstance(words, list) and all(isinstance(each, str) for each in words)):
        raise _Refused("it has no vocabulary")
    return words if words[:2] == ["", "[UNK]"] else ["", "[UNK]", *words]


def _weights(archive: zipfile.ZipFile) -> Weights:
    """Read all arrays of layers; links are refused before they are followed."""
    import h5py

    found: Weights = {}
    with h5py.File(io.BytesIO(archive.read(WEIGHTS_NAME)), "r") as file:
        arrays = list(_arrays(file))
        if sum(each.size * each.dtype.itemsize for _, each in arrays) > LARGEST[WEIGHTS_NAME]:
            raise _Refused("its weights declare more bytes than a model here has")
        for steps, array in arrays:
            if "optimizer" in steps or "seed_generator" in steps:
                continue
            # The cell of a recurrent layer has no name of its own.
            owner = steps[: -2 - (steps[-3] == "cell")] if len(steps) > 2 else ()
            named = file["/".join([*owner, "vars"])].attrs.get("name", "/".join(owner))
            found.setdefault(str(named), []).append(np.asarray(array[()], np.float32))
    return found


def _arrays(file: Any) -> Iterator[tuple[list[str], Any]]:
    """Yield the place and the array of each, in the order of their numbers."""
    import h5py

    left: list[tuple[list[str], Any]] = [([], file)]
    seen = 0
    while left:
        steps, group = left.pop()
        for name in sorted(group, key=lambda each: (len(each), each)):
            seen += 1
            place = [*steps, name]
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise _Refused(f"its weights {'/'.join(place)} are a link")
            if seen > MOST_PARTS:
                raise _Refused(f"its weights have more than {MOST_PARTS:,} parts")
            part = group[name]
            if isinstance(part, h5py.Group):
                left.append((place, part))
            elif part.external or part.is_virtual or part.chunks or part.dtype.kind not in "fiu":
                raise _Refused(f"its weights {'/'.join(place)} are not plain numbers in the file")
            else:
                yield place, part
