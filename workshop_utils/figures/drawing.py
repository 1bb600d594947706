"""A figure with its caption and its description, and how all three reach the reader.

JupyterLab and nbconvert drop an alternative text that stands only in the
metadata of a PNG output. So ``show`` publishes two outputs: the picture, with the
caption as its alternative text, and the same caption for everybody to read. The
long description, made from the values drawn, is folded under it.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from workshop_utils.figures.style import SCALE, SHOWN_DPI, house_style

#: A caption is one sentence that says what to notice: at least so many characters,
#: and at most so many words.
SHORTEST_CAPTION = 20
LONGEST_CAPTION = 25


@dataclass(frozen=True, repr=False)
class Drawing:
    """A figure and the description that is made from the same values.

    Attributes:
        figure: The Matplotlib figure.
        alt: What the picture shows, in plain sentences.
        pieces: Of a diagram, what was drawn, as plain data; of a plot nothing.
        note: Of a diagram among others, what it adds to the one before, in a sentence.
    """

    figure: Figure
    alt: str
    pieces: Sequence[tuple[Any, ...]] = ()
    note: str = ""

    def __repr__(self) -> str:
        return f"Drawing({self.alt.split('. ')[0]!r})"


def checked_caption(words: str) -> str:
    """Return a caption on one line.

    Raises:
        ValueError: Fewer than :data:`SHORTEST_CAPTION` characters or more than
            :data:`LONGEST_CAPTION` words.
    """
    line = " ".join(words.split())
    count = len(line.split())
    if len(line) < SHORTEST_CAPTION or count > LONGEST_CAPTION:
        raise ValueError(
            f"The caption has {len(line)} characters and {count} words: {line!r}. Write one "
            f"sentence of {SHORTEST_CAPTION} characters or more and {LONGEST_CAPTION} words or "
            "fewer that says what to notice."
        )
    return line


def png_bytes(figure: Figure, caption: str = "") -> bytes:
    """Render a figure as PNG; the same figure gives the same bytes.

    A file has :data:`SCALE` pixels to each shown pixel, neither date nor software version,
    and at most 256 colours to keep notebooks small; it carries its caption.
    """
    from PIL import Image, PngImagePlugin

    raw = io.BytesIO()
    packed = io.BytesIO()
    metadata = PngImagePlugin.PngInfo()
    metadata.add_text("Description", caption)
    with house_style():
        # Read again at once, so hardly packed.
        figure.savefig(raw, format="png", dpi=SHOWN_DPI * SCALE, pil_kwargs={"compress_level": 1})
    raw.seek(0)
    small = Image.open(raw).convert("RGB").quantize(256, Image.Quantize.MEDIANCUT)
    small.save(packed, format="PNG", optimize=True, pnginfo=metadata)
    return packed.getvalue()


def shown_size(figure: Figure) -> tuple[int, int]:
    """Return the width and height, in CSS pixels, at which a figure is shown."""
    width, height = figure.get_size_inches()
    return round(width * SHOWN_DPI), round(height * SHOWN_DPI)


def escaped(text: str) -> str:
    """Return a text as Markdown that renders to exactly that text, without MathJax."""
    return re.sub(r"([\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w))", r"\\\1", text)


def caption_markdown(caption: str, description: str) -> str:
    """Return what stands below a picture: its caption, and its description folded."""
    return (
        f"**Figure.** {escaped(caption)}\n\n"
        "<details><summary>Description of the figure</summary>\n\n"
        f"{escaped(' '.join(description.split()))}\n\n</details>"
    )


def in_notebook() -> bool:
    """Whether IPython runs this, so that there is somewhere to show a picture."""
    shell = sys.modules.get("IPython")
    return shell is not None and shell.get_ipython() is not None


def show(drawing: Drawing, caption: str) -> None:
    """Show a figure, below it a caption, and folded under that a description.

    In a notebook this publishes a PNG with the shown width, height and the caption as
    its alternative text, then the caption and the description as Markdown. Outside of
    IPython the words are printed.

    Args:
        drawing: What a function of this package returned.
        caption: One sentence of at most 25 words that says what to notice.

    Raises:
        ValueError: The caption is too short or too long.
    """
    words = checked_caption(caption)
    if not in_notebook():
        print(f"Figure: {words} {drawing.alt}")
        return
    from IPython.display import display

    png = base64.b64encode(png_bytes(drawing.figure, words)).decode("ascii")
    width, height = shown_size(drawing.figure)
    metadata = {"image/png": {"width": width, "height": height, "alt": words}}
    display({"image/png": png, "text/plain": f"Figure: {words}"}, metadata=metadata, raw=True)
    below = {"text/markdown": caption_markdown(words, drawing.alt), "text/plain": words}
    display(below, raw=True)
