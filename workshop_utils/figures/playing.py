"""Drawings that follow one another: the first for every page, and a player where scripts run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.live import short, show_live

#: How long each diagram stays while the animation plays.
MILLISECONDS = 1500
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def play(drawings: Mapping[str, Drawing], caption: str, *, title: str = "") -> None:
    """Show diagrams as an animation with the buttons Back, Play or Pause, and Next.

    Nothing moves before the reader presses a button. Outside of IPython the
    description is printed.

    Args:
        drawings: Name to diagram, all of one size.
        caption: One sentence of at most 25 words that says what to notice.
        title: What the animation shows; by default what the first diagram says of itself.

    Raises:
        ValueError: Different sizes, or a plot, which has no pieces to draw again.
    """
    name, first = next(iter(drawings.items()))
    size = tuple(first.figure.get_size_inches().tolist())
    for drawing in drawings.values():
        if tuple(drawing.figure.get_size_inches()) != size or not drawing.pieces:
            raise ValueError("An animation needs diagrams of one size; plots cannot be played.")
    own = next(words for kind, _, _, _, words, *_ in first.pieces if kind == "text")
    film = {
        "title": title or own,
        "size": size,
        "frames": [_frame(drawing, own) for drawing in drawings.values()],
        "names": list(drawings),
        "notes": [
            (each.note or each.alt).replace(" -", " \N{MINUS SIGN}") for each in drawings.values()
        ],
        "middles": _middles(list(drawings.values())),
        "milliseconds": MILLISECONDS,
    }
    opening = f"Animation of {len(drawings)} pictures"
    alt = describe.sentences(
        f"{opening}: {title}" if title else opening,
        f"One after another: {'; '.join(drawings)}",
        f"Shown here: {name}",
        first.alt,
    )
    show_live(Drawing(first.figure, alt), caption, "player", ("pieces", "player"), film)


def _frame(drawing: Drawing, title: str) -> Any:
    """Return the pieces as the page draws them; what is lit covers what is dimmed.

    The title is left out, because it stands above the window, where it cannot be moved away.
    """
    pieces = [piece for piece in drawing.pieces if piece[0] != "text" or piece[4] != title]
    return short([_as_data(*piece) for piece in sorted(pieces, key=lambda piece: piece[1])])


def _middles(drawings: Sequence[Drawing]) -> Any:
    """Return where, from left to right, the middle is of what each drawing lights first."""
    middles: list[float | None] = []
    before = set[tuple[float, float]]()
    for drawing in drawings:
        lit = {(x, y) for kind, on, x, y, *_ in drawing.pieces if on and kind in ("box", "vector")}
        places = [x for x, _ in lit - before]
        middles.append((min(places) + max(places)) / 2 if places else None)
        before |= lit
    return short(middles)


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
