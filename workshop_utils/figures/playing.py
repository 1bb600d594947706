"""Drawings that follow one another: the first for every page, and a player where scripts run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.live import short, show_live

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def play(
    drawings: Mapping[str, Drawing] | Sequence[Drawing],
    caption: str,
    *,
    title: str = "",
    seconds: float = 1.5,
) -> None:
    """Show diagrams as an animation with the buttons Back, Play or Pause, and Next.

    Nothing moves before the reader presses a button. Outside of IPython the
    description is printed.

    Args:
        drawings: Two or more diagrams of one size, or name to diagram; without names
            they are called "picture 1", "picture 2", ...
        caption: One sentence of at most 25 words that says what to notice.
        title: What the animation shows.
        seconds: How long each diagram stays while it plays.

    Raises:
        ValueError: Fewer than two drawings, different sizes, or a plot, which has
            no pieces to draw again.
    """
    named = (
        dict(drawings)
        if isinstance(drawings, Mapping)
        else {f"picture {k}": drawing for k, drawing in enumerate(drawings, start=1)}
    )
    shown = list(named.values())
    sizes = {tuple(drawing.figure.get_size_inches().tolist()) for drawing in shown}
    if len(shown) < 2 or len(sizes) > 1 or not all(drawing.pieces for drawing in shown):
        raise ValueError(
            f"An animation needs two or more diagrams of one size, not {len(shown)} drawings "
            f"with {len(sizes)} sizes; plots cannot be played."
        )
    film = {
        "size": sizes.pop(),
        "frames": [short([_as_data(*piece) for piece in _lit_last(drawing)]) for drawing in shown],
        "names": list(named),
        "notes": _what_differs([drawing.alt for drawing in shown]),
        "milliseconds": round(1000 * seconds),
    }
    opening = f"Animation of {len(shown)} pictures"
    told = describe.sentences(
        f"{opening}: {title}" if title else opening,
        f"One after another: {'; '.join(named)}",
        f"Shown here: {next(iter(named))}",
        shown[0].alt,
    )
    show_live(Drawing(shown[0].figure, told), caption, "player", ("pieces", "player"), film)


def _lit_last(drawing: Drawing) -> list[tuple[Any, ...]]:
    """Return the pieces so that what is lit covers what is dimmed."""
    return sorted(drawing.pieces, key=lambda piece: piece[1])


def _as_data(kind: str, lit: int, *what: Any) -> list[Any]:
    """Return a piece as the page draws it, sizes of letters in pixels."""
    del lit  # its colours say so already
    if kind == "text":
        x, y, words, size, colour, bold, align = what
        return [kind, x, y, words, round(size * 96 / 72, 1), colour, bold, _ANCHORS[align]]
    if kind == "vector":
        x, y, values, edge = what
        return [kind, x, y, "", len(values), edge]
    return [kind, *what]


def _what_differs(alts: Sequence[str]) -> list[str]:
    """Return of each description the sentences that are not in all of them."""
    parts = [re.split(r"(?<=[.!?])\s+", alt) for alt in alts]
    common = set(parts[0]).intersection(*parts[1:])
    return [" ".join(part for part in own if part not in common) for own in parts]
