"""What cells print: brought to one form, and compared as nbval compares.

Stored outputs must not change from build to build unless what they say changes:
execution times, widget models and the split of a stream into chunks are noise.
"""

import io
import re
from collections import defaultdict
from typing import Any

from workshop_tools.editions import Cell, Notebook, code_cells

Output = dict[str, Any]

# nbval 0.11.0 leaves these keys out of its comparison (plugin.py, IPyNbFile.skip_compare).
_NOT_COMPARED = frozenset(
    {
        "metadata",
        "traceback",
        "prompt_number",
        "output_type",
        "name",
        "execution_count",
        "application/vnd.jupyter.widget-view+json",
        "image/png",
        "image/jpeg",
    }
)
_WIDGET = "application/vnd.jupyter.widget-view+json"
_OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)
#: A picture inside HTML, as the frames of an animation are: its bytes are the processor's.
PICTURE_IN_HTML = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
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
            if name in streams:
                streams[name]["text"] += joined(output["text"])
                continue
            streams[name] = {**output, "text": joined(output["text"])}
            kept.append(streams[name])
        elif "data" in output:
            data = {kind: joined(value) for kind, value in output["data"].items()}
            data.pop(_WIDGET, None)
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


def equal_for_nbval(one: list[Output], other: list[Output]) -> bool:
    """Return whether nbval would call the outputs of two runs of a cell the same."""
    return _compared(one) == _compared(other)


def _compared(outputs: list[Output]) -> dict[str, list[Any]]:
    """Return what nbval compares, by kind: a stream's name, a MIME type, or another key."""
    kinds: dict[str, list[Any]] = defaultdict(list)
    for output in normalised(outputs):
        if output["output_type"] == "stream":
            kinds[output["name"]].append(output["text"])
            continue
        for key, value in output.items():
            for kind, entry in value.items() if key == "data" else [(key, value)]:
                if kind == "text/html":
                    kinds[kind].append(PICTURE_IN_HTML.sub("PICTURE", joined(entry)))
                elif kind not in _NOT_COMPARED:
                    kinds[kind].append(entry)
    return dict(kinds)


def same_to_see(one: list[Output], other: list[Output]) -> bool:
    """Return whether two runs of a cell show the same: nbval's texts, and the pictures too.

    nbval does not look at pictures. An old picture may stay only if the new one
    has the same size and no pixel that differs by more than rounding.
    """
    old, new = _pictures(one), _pictures(other)
    return (
        equal_for_nbval(one, other)
        and [about for _, about in old] == [about for _, about in new]
        and all(_same_picture(a, b) for (a, _), (b, _) in zip(old, new, strict=True))
    )


def _pictures(outputs: list[Output]) -> list[tuple[str, Any]]:
    """Return each PNG (base64) with its metadata: width and alt text; those in HTML too."""
    found: list[tuple[str, Any]] = []
    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data:
            about = output.get("metadata", {}).get("image/png")
            found.append((joined(data["image/png"]), about))
        inside = PICTURE_IN_HTML.findall(joined(data.get("text/html", "")))
        found.extend((encoded, None) for encoded in inside)
    return found


def _same_picture(one: str, other: str) -> bool:
    import base64

    from matplotlib.image import imread

    if one.strip() == other.strip():
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
