"""Drawings that answer while they are touched, as pieces of HTML that need nothing else.

An output is a picture, its caption, and HTML that holds one sentence. Where its script
runs, it makes every control and takes the picture's place; everywhere else the picture
stays and nothing looks as if it could be pressed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from workshop_utils.figures.drawing import (
    Drawing,
    checked_caption,
    in_notebook,
    show,
    shown_size,
)

#: What stands in an output where no script runs.
WITHOUT_SCRIPTS = (
    "This picture can be touched where scripts run: in JupyterLab and Colab after you run the "
    "cell, and on the workshop's HTML pages."
)


def script(*names: str) -> str:
    """Return scripts of this folder, named without their ending, as one without comments."""
    lines = "\n".join(_read(f"{name}.js") for name in names).splitlines()
    kept = (line.strip() for line in lines if not line.lstrip().startswith("//"))
    return "\n".join(line for line in kept if line)


def page(
    start: str,
    scripts: Sequence[str],
    data: Mapping[str, Any],
    weights: Any = None,
    *,
    stored: bool = True,
) -> str:
    """Return a live drawing as a piece of HTML.

    Args:
        start: The function of the scripts that begins, called with the element and the data.
        scripts: Names of scripts in the order in which they are needed, after ``lstm``.
        data: What it shows.
        weights: Trained numbers, kept apart in one block that a comparison of outputs can
            pass over; the script finds them as ``data.weights``.
        stored: Whether a stored notebook may keep the weights; the build empties the block
            where it may not.
    """
    told = _json(data)
    kind = 'type="application/json" class="lstm-workshop-weights"'
    own = f"{start}.css"  # what one drawing alone needs
    styles = ["live.css", *([own] if (files(__package__) / own).is_file() else [])]
    kind = kind if stored else f"data-model {kind}"
    parts = {
        "key": hashlib.sha256(f"{start}{told}".encode()).hexdigest()[:8],
        "look": re.sub(r"/\*.*?\*/|(?<=[{}:;,])\s+", "", "".join(map(_read, styles))),
        "sentence": WITHOUT_SCRIPTS,
        "weights": "" if weights is None else f"<script {kind}>{_json(weights)}</script>\n",
        "scripts": script("lstm", *scripts),
        "data": told,
        "start": start,
    }
    # In one pass, so that nothing in the data is taken for a place to fill.
    return re.sub(r"@(\w+)@", lambda place: parts[place[1]], _read("page.html"))


def show_live(
    drawing: Drawing,
    caption: str,
    start: str,
    scripts: Sequence[str],
    data: Mapping[str, Any],
    weights: Any = None,
    *,
    stored: bool = True,
) -> None:
    """Show a picture with its caption, and the live drawing that takes its place.

    Args:
        drawing: What is seen before anything is touched, and where no script runs.
        caption: One sentence of at most 25 words that says what to notice.
        start: As for :func:`page`, like the arguments after it.
        scripts: Names of scripts.
        data: What the live drawing shows.
        weights: Trained numbers.
        stored: As for :func:`page`.
    """
    show(drawing, caption)
    if in_notebook():
        from IPython.display import display

        # The script knows its picture by its size, or by the caption where a page keeps that.
        place = {"caption": checked_caption(caption), "shown": shown_size(drawing.figure)}
        html = page(start, scripts, {**data, **place}, weights, stored=stored)
        display({"text/html": html, "text/plain": "Controls of the figure above"}, raw=True)


def short(value: Any) -> Any:
    """Return coordinates, in lists as deep as they come, with three decimals."""
    if isinstance(value, list | tuple):
        return [short(item) for item in value]
    return round(float(value), 3) if isinstance(value, float) else value


def _json(data: Any) -> str:
    """Write data so that no text in it can end the script or open a comment in it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
