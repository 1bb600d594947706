"""The weights of a saved model, read without Keras: an HDF5 file inside the archive.

HDF5 can point into other files of the disk, and can declare arrays that fill any memory.
Both are refused before anything is read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

FILE_NAME = "model.weights.h5"
MOST_PARTS = 10_000
"""Groups and arrays that a file may hold; a group that holds itself would have no end."""

Weights = dict[str, list[NDArray[np.float32]]]
"""Name of a layer to its arrays."""


class WeightsError(ValueError):
    """The file of weights holds what no file of the workshop holds."""


def check(content: bytes, largest: int) -> None:
    """Look at the list of arrays; read none.

    Args:
        content: The HDF5 file.
        largest: Bytes that all arrays together may have.

    Raises:
        WeightsError: There is a link, an array of something else than numbers, or too much.
        OSError: It is no HDF5 file.
    """
    with _opened(content) as file:
        total = 0
        for name, array in _arrays(file):
            total += array.size * array.dtype.itemsize
            if array.external or array.is_virtual:
                raise WeightsError(f"its weights {name} lie in another file")
            if array.dtype.kind not in "fiu":
                raise WeightsError(f"its weights {name} are no numbers")
        if total > largest:
            raise WeightsError(f"its weights declare {total:,} bytes")


def read(content: bytes) -> Weights:
    """Read all weights, but not the optimizer's memory of them.

    Args:
        content: An HDF5 file that :func:`check` let pass.

    Returns:
        Name of a layer to its arrays, in the order of ``layer.get_weights()``. The layer
        names are those of the building plan; a recurrent layer has those of its cell.

    Raises:
        OSError: The file is damaged.
        WeightsError: Two layers have one name.
    """
    found: Weights = {}
    with _opened(content) as file:
        for place, group in _groups(file):
            steps = place.split("/")
            if steps[-1] != "vars" or not len(group) or "optimizer" in steps:
                continue
            # The cell of a recurrent layer has no name of its own.
            owner = file["/".join([*steps[:-2], "vars"])] if steps[-2] == "cell" else group
            name = str(owner.attrs.get("name", place))
            if name in found:
                raise WeightsError(f"two of its layers are called {name}")
            arrays = (group[key] for key in sorted(group, key=int))
            found[name] = [np.asarray(array[()], np.float32) for array in arrays]
    return found


def _opened(content: bytes) -> Any:
    import h5py

    file: BinaryIO = io.BytesIO(content)
    return h5py.File(file, "r")


def _arrays(file: Any) -> Iterator[tuple[str, Any]]:
    """Walk through all groups and give their arrays."""
    import h5py

    for place, group in _groups(file):
        for name, part in group.items():
            if isinstance(part, h5py.Dataset):
                yield f"{place}/{name}", part


def _groups(file: Any) -> Iterator[tuple[str, Any]]:
    """Give all groups; links are refused before they are followed."""
    import h5py

    left, seen = [("", file)], 0
    while left:
        place, group = left.pop()
        for name in group:
            seen += 1
            path = f"{place}/{name}".lstrip("/")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise WeightsError(f"its weights {path} are a link")
            if seen > MOST_PARTS:
                raise WeightsError(f"its weights have more than {MOST_PARTS:,} parts")
            if isinstance(group[name], h5py.Group):
                left.append((path, group[name]))
        yield place, group
