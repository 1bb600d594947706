"""Drawings that answer while they are touched, as pieces of HTML that need nothing else.

An output is a picture, its caption, and HTML that holds one sentence. Where its script
runs, it makes every control and takes the picture's place; everywhere else the picture
stays and nothing looks as if it could be pressed.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from workshop_utils.figures.drawing import (
    Drawing,
    checked_caption,
    png_bytes,
    publish,
    shown_size,
)
from workshop_utils.figures.labels import MINUS

#: What stands in an output where no script runs.
WITHOUT_SCRIPTS = (
    "This picture can be touched where scripts run: in JupyterLab and Colab after you run the "
    "cell, and on the workshop's HTML pages."
)
#: The most that one output may take of a notebook, in bytes, without its picture.
LARGEST_PAGE = 20_000

_MATHEMATICS = (
    r"\\tilde\{(?P<tilde>\w)\}|\\(?P<name>\w+)|_(?P<lowered>\{[^}]*\}|\w)"
    r"|(?P<letter>[A-Za-z])|(?P<other>.)"
)


def script(*names: str) -> str:
    """Return scripts of this folder as one, without comments and indents.

    Args:
        names: File names without their ending, in the order in which they are needed.
    """
    lines = "\n".join(_read(f"{name}.js") for name in names).splitlines()
    kept = (line.strip() for line in lines if not line.lstrip().startswith("//"))
    return "\n".join(line for line in kept if line)


def page(start: str, scripts: Sequence[str], data: Mapping[str, Any], weights: Any = None) -> str:
    """Return a live drawing as a piece of HTML.

    Args:
        start: The function of the scripts that begins, called with the element and the data.
        scripts: As for :func:`script`; ``lstm`` comes first by itself.
        data: What it shows.
        weights: Trained numbers, kept apart in one block that a comparison of outputs can
            pass over; the script finds them as ``data.weights``.
    """
    told = _json(data)
    key = hashlib.sha256(f"{start}{told}".encode()).hexdigest()[:8]
    block = ""
    if weights is not None:
        kind = 'type="application/json" class="lstm-workshop-weights"'
        block = f"<script {kind}>{_json(weights)}</script>\n"
    look = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", _read("live.css"), flags=re.DOTALL))
    return (
        f'<div class="lstm-workshop-live" data-key="{key}" data-lm-suppress-shortcuts="true">\n'
        f"<style>{look}</style>\n<p>{WITHOUT_SCRIPTS}</p>\n{block}<script>\n(() => {{\n"
        f'"use strict";\n{script("lstm", *scripts)}\nconst root = ownRoot("{key}");\n'
        f"const data = {told};\n"
        'const held = root.querySelector(".lstm-workshop-weights");\n'
        "if (held) data.weights = JSON.parse(held.textContent);\n"
        f"{start}(root, data);\n}})();\n</script>\n</div>\n"
    )


def show_live(
    drawing: Drawing,
    caption: str,
    start: str,
    scripts: Sequence[str],
    data: Mapping[str, Any],
    weights: Any = None,
) -> None:
    """Show a picture with its caption, and the live drawing that takes its place.

    Outside of IPython the words are printed.

    Args:
        drawing: What is seen before anything is touched, and where no script runs.
        caption: One sentence of at most 25 words that says what to notice.
        start: As for :func:`page`.
        scripts: As for :func:`page`.
        data: As for :func:`page`.
        weights: As for :func:`page`.
    """
    words = checked_caption(caption)
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        print(f"Figure: {words} {drawing.alt}")
        return
    from IPython.display import display

    # The script knows its picture by its size, or by the caption where a page keeps that.
    size = shown_size(drawing.figure)
    place = {"caption": words, "shown": size}
    publish(png_bytes(drawing.figure), size, words, drawing.alt)
    html = page(start, scripts, {**data, **place}, weights)
    display({"text/html": html, "text/plain": "Controls of the figure above"}, raw=True)


def runs(words: str) -> list[tuple[str, str]]:
    """Split words with mathematics, such as ``$C_{t-1}$``, into pieces of one style.

    Args:
        words: Words in which ``$...$`` is mathematics.

    Returns:
        Pairs of a style, "" for upright, "i" for italic and "sub" for lowered, and a text.
    """
    found: list[tuple[str, str]] = []
    for k, part in enumerate(words.replace(r"\$", "\0").split("$")):
        for match in re.finditer(_MATHEMATICS if k % 2 else r"(?P<text>.+)", part):
            style = {"lowered": "sub", "letter": "i"}.get(str(match.lastgroup), "")
            text = match[match.lastgroup or 0].replace("\0", "$")
            if match.lastgroup == "tilde":
                style, text = "i", f"{text}\N{COMBINING TILDE}"
            found.append((style, text.strip("{}").replace("-", MINUS) if k % 2 else text))
    return found


def short(value: Any) -> Any:
    """Return coordinates, in lists as deep as they come, with three decimals."""
    if isinstance(value, list | tuple):
        return [short(item) for item in value]
    return round(float(value), 3) if isinstance(value, float) else value


def _json(data: Any) -> str:
    """Write data so that no text in it can end the script or open a comment in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _read(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
