"""A figure with its description, and how both reach the reader.

JupyterLab and nbconvert drop an alternative text that stands only in the
metadata of a PNG output. So ``show`` publishes two outputs: the picture, with
the description in its metadata, and the same description as a visible caption.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from workshop_utils.figures.style import SCALE, SHOWN_DPI, house_style

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

#: A description shorter than this says nothing that the heading does not say.
SHORTEST_ALT = 20


@dataclass(frozen=True, repr=False)
class Drawing:
    """A figure and the description that is made from the same values.

    Attributes:
        figure: The Matplotlib figure.
        alt: What the picture shows, in plain sentences.
    """

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return f"Drawing({first_sentence(self.alt)!r})"


def first_sentence(text: str) -> str:
    """Return the first sentence of a description, for places with room for one line.

    Args:
        text: One or more sentences.

    Returns:
        The text up to its first full stop that ends a sentence.
    """
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def _split(drawing: Drawing | Figure, alt: str | None) -> tuple[Figure, str]:
    """Return the figure and its description, or say what is missing."""
    if isinstance(drawing, Drawing):
        figure, description = drawing.figure, drawing.alt if alt is None else alt
    elif isinstance(drawing, Figure):
        figure, description = drawing, alt or ""
    else:
        raise TypeError(
            f"Expected a Drawing or a Matplotlib figure, not {type(drawing).__name__}; "
            "give what a function of workshop_utils.figures returned."
        )
    description = " ".join(description.split())
    if len(description) < SHORTEST_ALT:
        raise ValueError(
            f"The alternative text has {len(description)} characters and needs at least "
            f"{SHORTEST_ALT}; say what the picture shows, for a reader who cannot see it."
        )
    return figure, description


def rendered(figure: Figure) -> Picture:
    """Render a figure as pixels; the same figure gives the same pixels.

    Args:
        figure: A figure of any origin.

    Returns:
        A picture with red, green and blue, :data:`SCALE` pixels to each shown pixel.
    """
    from PIL import Image

    raw = io.BytesIO()
    with house_style():
        # Read again at once, so hardly packed.
        figure.savefig(raw, format="png", dpi=SHOWN_DPI * SCALE, pil_kwargs={"compress_level": 1})
    raw.seek(0)
    return Image.open(raw).convert("RGB")


def png_bytes(figure: Figure) -> bytes:
    """Render a figure as PNG; the same figure gives the same bytes.

    Args:
        figure: A figure of any origin.

    Returns:
        The file's bytes, :data:`SCALE` pixels to each shown pixel, without
        date or software version, in at most 256 colours to keep notebooks small.
    """
    from PIL import Image

    small = rendered(figure).quantize(
        colors=256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    packed = io.BytesIO()
    small.save(packed, format="PNG", optimize=True)
    return packed.getvalue()


def shown_size(figure: Figure) -> tuple[int, int]:
    """Return the width and height, in CSS pixels, at which a figure is shown.

    Args:
        figure: A figure of any origin.

    Returns:
        Width and height; the stored PNG has :data:`SCALE` times as many pixels.
    """
    width, height = figure.get_size_inches()
    return round(width * SHOWN_DPI), round(height * SHOWN_DPI)


def caption(alt: str) -> str:
    r"""Return a description as Markdown that renders to exactly that text.

    Args:
        alt: A plain-text description.

    Returns:
        Markdown that starts with a bold "Figure."; characters that Markdown or
        MathJax would act on are escaped.
    """
    return "**Figure.** " + re.sub(r"([\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w))", r"\\\1", alt)


def show(drawing: Drawing | Figure, alt: str | None = None) -> None:
    """Show a figure and, below it, its description.

    In a notebook this publishes a PNG with the shown width, height and the
    description in its metadata, then the description as a caption. Outside of
    IPython there is nowhere to show a picture: the description is printed.

    Args:
        drawing: What a function of this package returned, or any figure.
        alt: A description that replaces the drawing's own; needed for a figure.

    Raises:
        TypeError: The first argument is neither a Drawing nor a figure.
        ValueError: The description has fewer than 20 characters.
    """
    figure, description = _split(drawing, alt)
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        print(f"Figure: {description}")
    else:
        publish(png_bytes(figure), shown_size(figure), description)
    _close(figure)


def publish(
    png: bytes,
    size: tuple[int, int],
    description: str,
    richer: Mapping[str, Any] | None = None,
) -> None:
    """Send a picture and its caption to the notebook, as two outputs.

    Args:
        png: The picture, as a file.
        size: Width and height at which it is shown, in CSS pixels.
        description: What it shows.
        richer: MIME type to data that pages may show instead of the picture.
    """
    from IPython.display import display

    words = " ".join(description.split())
    picture: dict[str, Any] = {
        "image/png": base64.b64encode(png).decode("ascii"),
        "text/plain": f"Figure: {first_sentence(words)}",
        **(richer or {}),
    }
    metadata = {"image/png": {"width": size[0], "height": size[1], "alt": words}}
    display(picture, metadata=metadata, raw=True)
    display({"text/markdown": caption(words), "text/plain": words}, raw=True)


def _close(figure: Figure) -> None:
    """Take a figure that came from pyplot off pyplot's list; ours never are on it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)


def save(drawing: Drawing, path: str | Path) -> Path:
    """Write a drawing to a file.

    Args:
        drawing: What a function of this package returned.
        path: Target that ends in ``.png`` or ``.svg``; its folder is made.

    Returns:
        The path written. The SVG carries the description as its ``Description``.

    Raises:
        ValueError: The path ends in something else.
    """
    target = Path(path)
    if target.suffix not in {".png", ".svg"}:
        raise ValueError(f"A drawing is saved as .png or .svg, not as {target.name!r}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".png":
        target.write_bytes(png_bytes(drawing.figure))
        return target
    about = {"Date": None, "Creator": None, "Description": drawing.alt}
    with house_style():
        drawing.figure.savefig(target, format="svg", metadata=about)
    return target
