"""What cells print, brought to one form.

Stored outputs must not change from build to build unless what they say changes:
widget models, whose numbers are random, are noise. nbclient joins the chunks of a stream.
"""

import base64
import io
import json
import re
from typing import Any

from workshop_tools.editions import Cell, Notebook, code_cells

Output = dict[str, Any]

_WIDGET = "application/vnd.jupyter.widget-view+json"
#: The block of a live drawing that holds trained numbers, which are the processor's.
WEIGHTS = r'(?<=class="lstm-workshop-weights">)[^<]*'
#: The same block where it holds a whole trained model, which no repository keeps.
_MODEL = re.compile(r"(<script data-model [^>]*>)[^<]*")
_PICTURE_IN_JSON = re.compile(r'"image/png": "([^"]+)"')
_SMALL_DIFFERENCE = 8 / 255  # of a pixel's channel: the rounding of smoothed edges


def normalised(outputs: list[Output]) -> list[Output]:
    """Return the outputs of a cell without widget models, and without what is empty then."""
    copies = [dict(output) for output in outputs]
    for output in copies:
        if "data" in output:
            output["data"] = {kind: it for kind, it in output["data"].items() if kind != _WIDGET}
            if "data-model" in (page := output["data"].get("text/html", "")):
                output["data"]["text/html"] = _MODEL.sub(r"\1", page)
    return [output for output in copies if output.get("data", True)]


def normalise_cells(notebook: Notebook) -> None:
    """Bring the code cells of an executed notebook to the one form, numbered, in place."""
    for number, cell in enumerate(code_cells(notebook), start=1):
        cell |= {"execution_count": number, "outputs": normalised(cell["outputs"])}
        for output in cell["outputs"]:
            if output["output_type"] == "execute_result":
                output["execution_count"] = number


def same_to_see(one: list[Output], other: list[Output]) -> bool:
    """Return whether two runs of a cell show the same.

    An old picture may stay only if the new one has the same size and no pixel that differs by
    more than rounding.
    """
    (said, old) = _parted(one)
    (says, new) = _parted(other)
    return said == says and all(map(_same_picture, old, new))


def _parted(outputs: list[Output]) -> tuple[str, list[str]]:
    """Return outputs as JSON with gaps where PNGs were, and these (base64)."""
    pictures: list[str] = []

    def take(found: re.Match[str]) -> str:
        pictures.append(found[1].replace("\\n", ""))
        return "PICTURE"

    plain = [{k: v for k, v in each.items() if k != "execution_count"} for each in outputs]
    return _PICTURE_IN_JSON.sub(take, json.dumps(normalised(plain), sort_keys=True)), pictures


def _same_picture(one: str, other: str) -> bool:
    from matplotlib.image import imread

    if one == other:
        return True
    a, b = (imread(io.BytesIO(base64.b64decode(each)), format="png") for each in (one, other))
    same = a.shape == b.shape and described(one) == described(other)
    return bool(same and (abs(a - b) <= _SMALL_DIFFERENCE).all())


def described(picture: str) -> str | None:
    """Return the caption that a PNG (base64) carries in itself, or None."""
    from PIL import Image

    return Image.open(io.BytesIO(base64.b64decode(picture))).info.get("Description")


def keep_what_is_the_same(old: Notebook, new: Notebook) -> None:
    """Give the cells of a fresh run their old outputs where these show the same, in place.

    Cells are paired by their id, which is made from their source.
    """
    before: dict[str, Cell] = {cell["id"]: cell for cell in code_cells(old)}
    for cell in code_cells(new):
        stored = before.get(cell["id"])
        if stored is not None and same_to_see(stored["outputs"], cell["outputs"]):
            cell["outputs"] = stored["outputs"]
