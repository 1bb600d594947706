"""A model file is looked at before Keras opens it: what is in it, and what it would build.

Keras' safe mode already refuses pickled code. Here stands the shorter list, of what a
file of the workshop holds, so that a file from elsewhere is refused in one sentence.
"""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workshop_utils import lstm_custom_gradient, model_io, vectoriser, weights
from workshop_utils.wide_deep import saved

LARGEST = 2 * 1024**3
"""Bytes that a file may hold when unpacked."""

_FILES = frozenset(
    {
        "metadata.json",
        "config.json",
        weights.FILE_NAME,
        model_io.RECORD_NAME,
        model_io.WITNESS_NAME,
        saved.READER_NAME,
    }
)
_FOLDER = "assets/"
_OURS = (f"{vectoriser.PACKAGE}>", f"{lstm_custom_gradient.PACKAGE}>")
_RUNS_CODE = frozenset({"Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer"})


def inspect(path: Path) -> None:
    """Read the list of what a model file holds and its building plan; run nothing.

    Args:
        path: The ``.keras`` file.

    Raises:
        FileNotFoundError: There is no such file.
        ArtifactError: It holds something that no file of the workshop holds.
    """
    model_io.read_record(path)  # refuses what is no archive, is cut, or has no record
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path, members)
            plan = json.loads(archive.read("config.json"))
            if not isinstance(plan, dict) or "class_name" not in plan:
                raise ValueError("config.json describes no model")
            about = json.loads(archive.read("metadata.json"))
            weights.check(archive.read(weights.FILE_NAME), LARGEST)
    except weights.WeightsError as error:
        raise _refused(path, str(error)) from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise _refused(path, f"it is damaged ({error})") from error
    version = about.get("keras_version") if isinstance(about, dict) else None
    if not str(version).startswith("3."):
        raise _refused(path, f"it was saved by Keras {version}, and Keras 3 is expected")
    for entry in _entries(plan):
        _check_entry(path, entry)


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [each.filename for each in members]
    if len(set(names)) < len(names):
        raise _refused(path, "two of its parts have one name")
    if sum(each.file_size for each in members) > LARGEST:
        raise _refused(path, f"unpacked it is larger than {LARGEST // 1024**3} GiB")
    for each in members:
        steps = each.filename.removesuffix("/").split("/")
        plain = not {"", ".", ".."} & set(steps) and not set("\\:\0") & set(each.filename)
        expected = each.filename in _FILES or each.filename.startswith(_FOLDER)
        if not (plain and expected) or stat.S_ISLNK(each.external_attr >> 16):
            raise _refused(
                path, f"it holds the part {each.filename!r}, which does not belong there"
            )


def _entries(plan: Any) -> Iterator[dict[str, Any]]:
    """Every description of an object in the building plan, however deep it lies."""
    left = [plan]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            if "class_name" in each:
                yield each
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)


def _check_entry(path: Path, entry: dict[str, Any]) -> None:
    kind, module, registered = (
        entry.get(name) for name in ("class_name", "module", "registered_name")
    )
    name = entry.get("config") if kind == "function" else registered
    ours = str(name).startswith(_OURS)
    foreign = ">" in str(name) and not ours
    known = module is None or module == "builtins" or str(module).split(".")[0] == "keras"
    if kind in _RUNS_CODE or foreign or not (known or ours):
        shown = name if foreign else f"{module}.{kind}"
        raise _refused(path, f"it asks for {shown}, code that is not the workshop's")
    settings = entry.get("config")
    vocabulary = settings.get("vocabulary") if isinstance(settings, dict) else None
    if isinstance(vocabulary, str):
        raise _refused(path, "its vocabulary stands in a file outside of it")


def _refused(path: Path, why: str) -> model_io.ArtifactError:
    return model_io.ArtifactError(
        f"{path} is refused: {why}. Use a file that notebook 05 saved, or run it again."
    )
