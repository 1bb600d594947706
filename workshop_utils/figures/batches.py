"""A padded batch: what stands in each of its places, and which places a mask skips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.patches import Rectangle

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain

UNKNOWN = "[UNK]"
#: More places than this, and words in them would be too small to read.
MOST_PLACES = 12
#: More letters than this are cut, for the width of a place.
MOST_LETTERS = 10


@style.house_style()
def padded_batch(
    rows: Mapping[str, Sequence[str]], *, places: int | None = None, title: str = ""
) -> Drawing:
    """Draw texts of different lengths as the rows of one array, padded on the right.

    A word fills its place, an unknown one in another colour and framed by dashes; padding
    is an empty place with a zero, which a mask skips.

    Args:
        rows: Name of each text to its tokens, in order.
        places: Length of the array, by default that of the longest text.
        title: What the picture is about.

    Returns:
        The drawing; its description gives each row.

    Raises:
        ValueError: No text, a text longer than ``places``, or more than 12 places.
    """
    longest = max(map(len, rows.values()), default=0)
    places = longest if places is None else places
    if not rows or not longest <= places <= MOST_PLACES:
        raise ValueError(
            f"The longest of {len(rows)} texts has {longest} tokens and the array {places} "
            f"places; expected one text or more, and at most {MOST_PLACES} places."
        )
    figure, axes = style.new_axes(8.8, 1.25 + 0.46 * len(rows))
    rows_in_words = []
    for row, (name, tokens) in enumerate(rows.items()):
        for place in range(places):
            token = tokens[place] if place < len(tokens) else ""
            unknown = token == UNKNOWN
            frame = Rectangle((place + 0.04, row + 0.08), 0.92, 0.84)
            fill = style.NEGATIVE_BAR if unknown else style.POSITIVE_BAR
            frame.set(facecolor=fill if token else style.PAPER, edgecolor=style.MUTED)
            frame.set(linewidth=0.8, linestyle="--" if unknown else "-")
            axes.add_patch(frame)
            short = token if len(token) <= MOST_LETTERS else token[: MOST_LETTERS - 1] + "…"
            label = axes.text(place + 0.5, row + 0.5, plain(short or "0"), ha="center", va="center")
            label.set(size=style.SMALL_SIZE - 1, color=style.INK if token else style.MUTED)
        zeros = places - len(tokens)
        words = f"“{' '.join(tokens)}”" if tokens else "no word"
        rows_in_words.append(f"{name}: {words}, then {zeros} {'zero' if zeros == 1 else 'zeros'}")
    axes.set_yticks([row + 0.5 for row in range(len(rows))], [plain(name) for name in rows])
    axes.set_xticks(
        [place + 0.5 for place in range(places)], [str(place + 1) for place in range(places)]
    )
    axes.set(xlim=(0, places), ylim=(len(rows), 0), title=title, xlabel="place")
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    kind = f"Padded batch of {len(rows)} rows and {places} places"
    return Drawing(figure, describe.sentences(describe.about(kind, title), *rows_in_words))
