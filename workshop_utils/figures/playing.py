"""Pictures that follow one another: a still for every page, and a player where scripts run.

A cell that plays has three outputs. The still picture and its caption show
everywhere, on GitHub too, which takes scripts and inlined pictures out of HTML.
The third output is the player; where it runs, it takes the place of the still one.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import (
    Drawing,
    checked_caption,
    first_words,
    publish,
    rendered,
    shown_size,
)
from workshop_utils.figures.live import page

Pixels = NDArray[np.uint8]

#: A notebook must stay small: the still picture and the player together, in bytes as stored.
LARGEST_ANIMATION = 400_000
#: Colours of all pictures of one animation; one more means "as in the still picture".
_COLOURS = 63
#: What changes is stored in squares of this many pixels.
_SQUARE = 16
#: How far from an edge of its square a change must stay, in pixels.
_EDGE = 3


def play(
    drawings: Mapping[str, Drawing] | Sequence[Drawing],
    caption: str = "",
    *,
    title: str = "",
    seconds: float = 1.5,
) -> None:
    """Show pictures as an animation with the buttons Back, Play or Pause, and Next.

    Nothing moves before the reader presses a button. Outside of IPython the
    description is printed.

    Args:
        drawings: Two or more drawings of one size, or name to drawing; without names
            the pictures are called "picture 1", "picture 2", ...
        caption: One sentence of at most 25 words that says what to notice.
        title: What the animation shows.
        seconds: How long each picture stays while it plays.

    Raises:
        ValueError: Fewer than two drawings, different sizes, or an animation that
            would need more than 400 kB in the notebook.
    """
    named = (
        dict(drawings)
        if isinstance(drawings, Mapping)
        else {f"picture {k}": drawing for k, drawing in enumerate(drawings, start=1)}
    )
    shown = list(named.values())
    sizes = {shown_size(drawing.figure) for drawing in shown}
    if len(shown) < 2 or len(sizes) > 1:
        raise ValueError(
            f"An animation needs two or more drawings of one size, not {len(shown)} drawings "
            f"with {len(sizes)} sizes."
        )
    description = _describe(named, title)
    words = checked_caption(caption) if caption else first_words(description)
    shell = sys.modules.get("IPython")
    if shell is None or shell.get_ipython() is None:
        print(f"Figure: {words} {description}")
        return
    picture, film = make_film(named, words, seconds=seconds)
    html = page("player", ["player"], film)
    size = len(html) + len(film["still"])
    if size > LARGEST_ANIMATION:
        raise ValueError(
            f"The animation would take {size / 1000:.0f} kB of the notebook, and "
            f"{LARGEST_ANIMATION / 1000:.0f} kB is the limit; show fewer pictures."
        )
    publish(picture, sizes.pop(), words, description)
    from IPython.display import display

    display({"text/html": html, "text/plain": _buttons(list(named))}, raw=True)


def make_film(
    drawings: Mapping[str, Drawing], caption: str, *, seconds: float
) -> tuple[bytes, dict[str, Any]]:
    """Render the drawings as one picture and the patches that turn it into the others.

    Args:
        drawings: Name to drawing, all of one size.
        caption: The alternative text of the first picture, which is the whole one.
        seconds: How long each one stays.

    Returns:
        The whole picture as a PNG file, and what the player needs.
    """
    from PIL import Image

    raw = [rendered(drawing.figure) for drawing in drawings.values()]
    # One palette for all: a colour that differs by a shade would count as a change.
    sample = np.concatenate([np.asarray(image)[::2, ::2] for image in raw])
    palette = Image.fromarray(sample).quantize(
        _COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    flat = [np.asarray(image.quantize(palette=palette, dither=Image.Dither.NONE)) for image in raw]
    colours = (palette.getpalette() or [])[: 3 * _COLOURS]
    # A median of near-white shades is not white, and would show on a white page.
    ground = int(flat[0][0, 0])
    colours[3 * ground : 3 * ground + 3] = np.asarray(raw[0])[0, 0].tolist()
    whole = _png(flat[0], colours)
    patches = [
        None if np.array_equal(pixels, flat[0]) else _address(_patch(pixels, flat[0], colours))
        for pixels in flat
    ]
    alts = [drawing.alt for drawing in drawings.values()]
    alts[0] = caption
    still = _address(whole)
    film = {
        "caption": caption,
        "tail": still[-64:],
        "still": still,
        "patches": patches,
        "names": list(drawings),
        "alts": alts,
        "notes": _what_differs([drawing.alt for drawing in drawings.values()]),
        "width": shown_size(next(iter(drawings.values())).figure)[0],
        "milliseconds": round(1000 * seconds),
    }
    return whole, film


def _patch(pixels: Pixels, whole: Pixels, colours: Sequence[int]) -> bytes:
    """Return a PNG that is see-through except in the squares where two pictures differ."""
    rows, columns = (-(-length // _SQUARE) for length in pixels.shape)
    differs = np.zeros((rows * _SQUARE, columns * _SQUARE), dtype=bool)
    changed = pixels != whole
    # A page scales both pictures; a change at the very edge of a square would shine through.
    for axis in (0, 1):
        changed = changed | np.roll(changed, _EDGE, axis) | np.roll(changed, -_EDGE, axis)
    differs[: pixels.shape[0], : pixels.shape[1]] = changed
    squares = differs.reshape(rows, _SQUARE, columns, _SQUARE).any(axis=(1, 3))
    shown = squares.repeat(_SQUARE, axis=0).repeat(_SQUARE, axis=1)
    cut = shown[: pixels.shape[0], : pixels.shape[1]]
    return _png(np.where(cut, pixels, _COLOURS).astype(np.uint8), colours, see_through=True)


def _png(pixels: Pixels, colours: Sequence[int], *, see_through: bool = False) -> bytes:
    """Write palette indices as a PNG file without date or software version."""
    from PIL import Image

    image = Image.fromarray(pixels)
    image.putpalette([*colours, *[255] * (3 * (_COLOURS + 1) - len(colours))])
    packed = io.BytesIO()
    extra: dict[str, Any] = {"transparency": _COLOURS} if see_through else {}
    image.save(packed, format="PNG", optimize=True, **extra)
    return packed.getvalue()


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _what_differs(alts: Sequence[str]) -> list[str]:
    """Return of each description the sentences that are not in all of them."""
    parts = [re.split(r"(?<=[.!?])\s+", alt) for alt in alts]
    common = set(parts[0]).intersection(*parts[1:])
    return [" ".join(part for part in own if part not in common) for own in parts]


def _describe(drawings: Mapping[str, Drawing], title: str) -> str:
    """Say what is played, and what the picture shows that is seen where nothing plays."""
    names = list(drawings)
    opening = f"Animation of {len(names)} pictures"
    return describe.sentences(
        f"{opening}: {title}" if title else opening,
        f"One after another: {'; '.join(names)}",
        f"Shown here: {names[0]}",
        next(iter(drawings.values())).alt,
    )


def _buttons(names: Sequence[str]) -> str:
    return f"Buttons that play {len(names)} pictures: {'; '.join(names)}"
