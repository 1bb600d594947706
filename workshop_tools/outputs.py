"""What cells print, brought to one form.

Stored outputs must not change from build to build unless what they say changes:
execution times, widget models and the split of a stream into chunks are noise.
"""

import base64
import io
import json
import re
from typing import Any

from workshop_tools.editions import Cell, Notebook, code_cells

Output = dict[str, Any]

_WIDGET = "application/vnd.jupyter.widget-view+json"
_OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)
#: A picture inside HTML, as the frames of an animation are: its bytes are the processor's.
PICTURE_IN_HTML = r"data:image/png;base64,([A-Za-z0-9+/=]+)"
_PICTURE_IN_JSON = re.compile(rf'{PICTURE_IN_HTML}|"image/png": "([^"]+)"')
_SMALL_DIFFERENCE = 8 / 255  # of a pixel's channel: the rounding of smoothed edges


def joined(value: Any) -> Any:
    """Return a text that may be stored as a list of lines as one string."""
    return "".join(value) if isinstance(value, list) else value


def normalised(outputs: list[Output]) -> list[Output]:
    """Return outputs in the one form in which they are stored.

    Streams of one name become one, as nbval merges them; of a line that was
    overwritten the last state stays; widget models, whose numbers are random, go.

    Args:
        outputs: The outputs of one cell, as Jupyter's format 4.5 has them.

    Returns:
        New outputs; the given ones are not changed.
    """
    kept: list[Output] = []
    streams: dict[str, Output] = {}
    for output in outputs:
        if output["output_type"] == "stream":
            name = output["name"]
            if name not in streams:
                streams[name] = {**output, "text": ""}
                kept.append(streams[name])
            streams[name]["text"] += joined(output["text"])
        elif "data" in output:
            data = {kind: joined(it) for kind, it in output["data"].items() if kind != _WIDGET}
            kept.append({**output, "data": data})
        else:
            kept.append(dict(output))
    for stream in streams.values():
        stream["text"] = _OVERWRITTEN.sub("", stream["text"])
    return [output for output in kept if output.get("data", True) and output.get("text", True)]


def normalise_cells(notebook: Notebook) -> None:
    """Bring the code cells of an executed notebook to the one form, in place.

    Cells are numbered in order, and times of execution removed.
    """
    for number, cell in enumerate(code_cells(notebook), start=1):
        cell["metadata"].pop("execution", None)
        cell["execution_count"] = number
        cell["outputs"] = normalised(cell["outputs"])
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number


def same_to_see(one: list[Output], other: list[Output]) -> bool:
    """Return whether two runs of a cell show the same.

    An old picture may stay only if the new one has the same size and no pixel that differs by
    more than rounding.
    """
    (said, old), (says, new) = _parted(one), _parted(other)
    return said == says and all(map(_same_picture, old, new))


def _parted(outputs: list[Output]) -> tuple[str, list[str]]:
    """Return outputs as JSON with gaps where PNGs were, and these (base64)."""
    pictures: list[str] = []

    def take(found: re.Match[str]) -> str:
        pictures.append((found[1] or found[2]).replace("\\n", ""))
        return "PICTURE"

    plain = [{k: v for k, v in each.items() if k != "execution_count"} for each in outputs]
    return _PICTURE_IN_JSON.sub(take, json.dumps(normalised(plain), sort_keys=True)), pictures


def _same_picture(one: str, other: str) -> bool:
    from matplotlib.image import imread

    if one == other:
        return True
    a, b = (imread(io.BytesIO(base64.b64decode(each)), format="png") for each in (one, other))
    return bool(a.shape == b.shape and (abs(a - b) <= _SMALL_DIFFERENCE).all())


def keep_what_is_the_same(old: Notebook, new: Notebook) -> None:
    """Give the cells of a fresh run their old outputs where these show the same, in place.

    Cells are paired by their id, which is made from their source.
    """
    before: dict[str, Cell] = {cell["id"]: cell for cell in code_cells(old)}
    for cell in code_cells(new):
        known = before.get(cell["id"])
        if known is not None and same_to_see(known["outputs"], cell["outputs"]):
            count = cell["execution_count"]
            cell["outputs"] = [
                {**output, "execution_count": count} if "execution_count" in output else output
                for output in known["outputs"]
            ]
