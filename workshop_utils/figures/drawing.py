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
SHORTEST_CAPTION, LONGEST_CAPTION = 20, 25


@dataclass(frozen=True, repr=False)
class Drawing:
    """A figure and the description that is made from the same values.

    Attributes:
        figure: The Matplotlib figure.
        alt: What the picture shows, in plain sentences.
        pieces: Of a diagram, what was drawn, as plain data; of a plot nothing.
    """

    figure: Figure
    alt: str
    pieces: Sequence[tuple[Any, ...]] = ()

    def __repr__(self) -> str:
        return f"Drawing({self.alt.split('. ')[0]!r})"


def checked_caption(words: str) -> str:
    """Return a caption on one line, or say what is wrong with it.

    Args:
        words: One sentence that says what to notice.

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


def png_bytes(figure: Figure) -> bytes:
    """Render a figure as PNG; the same figure gives the same bytes.

    Args:
        figure: A figure of any origin.

    Returns:
        The file's bytes, :data:`SCALE` pixels to each shown pixel, without
        date or software version, in at most 256 colours to keep notebooks small.
    """
    from PIL import Image

    raw = io.BytesIO()
    with house_style():
        # Read again at once, so hardly packed.
        figure.savefig(raw, format="png", dpi=SHOWN_DPI * SCALE, pil_kwargs={"compress_level": 1})
    raw.seek(0)
    small = (
        Image.open(raw)
        .convert("RGB")
        .quantize(colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    packed = io.BytesIO()
    small.save(packed, format="PNG", optimize=True)
    return packed.getvalue()


def shown_size(figure: Figure) -> tuple[int, int]:
    """Return the width and height, in CSS pixels, at which a figure is shown."""
    width, height = figure.get_size_inches()
    return round(width * SHOWN_DPI), round(height * SHOWN_DPI)


def escaped(text: str) -> str:
    """Return a text as Markdown that renders to exactly that text, without MathJax."""
    return re.sub(r"([\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w))", r"\\\1", text)


def caption_markdown(caption: str, description: str = "") -> str:
    """Return what stands below a picture: its caption, and its description folded.

    Args:
        caption: One sentence.
        description: What the picture shows, in as many sentences as that takes; empty
            for none.
    """
    line = f"**Figure.** {escaped(caption)}"
    if not description:
        return line
    summary = "<details><summary>Description of the figure</summary>"
    return f"{line}\n\n{summary}\n\n{escaped(' '.join(description.split()))}\n\n</details>"


def show(drawing: Drawing | Figure, caption: str) -> None:
    """Show a figure, below it a caption, and folded under that a description.

    In a notebook this publishes a PNG with the shown width, height and the caption as
    its alternative text, then the caption and the description as Markdown. Outside of
    IPython there is nowhere to show a picture: the words are printed.

    Args:
        drawing: What a function of this package returned, or any figure.
        caption: One sentence of at most 25 words that says what to notice.

    Raises:
        TypeError: The first argument is neither a Drawing nor a figure.
        ValueError: The caption is too short or too long.
    """
    if not isinstance(drawing, Drawing | Figure):
        raise TypeError(
            f"Expected a Drawing or a Matplotlib figure, not {type(drawing).__name__}; "
            "give what a function of workshop_utils.figures returned."
        )
    figure, description = (
        (drawing.figure, drawing.alt) if isinstance(drawing, Drawing) else (drawing, "")
    )
    words = checked_caption(caption)
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        print(f"Figure: {words} {description}".rstrip())
    else:
        publish(png_bytes(figure), shown_size(figure), words, description)
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        # Take a figure that came from pyplot off pyplot's list; ours never are on it.
        pyplot.close(figure)


def publish(png: bytes, size: tuple[int, int], caption: str, description: str) -> None:
    """Send a picture and what stands below it to the notebook, as two outputs.

    Args:
        png: The picture, as a file.
        size: Width and height at which it is shown, in CSS pixels.
        caption: One sentence; it is the alternative text too.
        description: What the picture shows at length, or empty.
    """
    from IPython.display import display

    picture = {
        "image/png": base64.b64encode(png).decode("ascii"),
        "text/plain": f"Figure: {caption}",
    }
    metadata = {"image/png": {"width": size[0], "height": size[1], "alt": caption}}
    display(picture, metadata=metadata, raw=True)
    below = {"text/markdown": caption_markdown(caption, description), "text/plain": caption}
    display(below, raw=True)
