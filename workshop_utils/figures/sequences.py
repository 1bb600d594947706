"""What a network holds while it reads: gates and states along the tokens of a sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain, word_ticks, written
from workshop_utils.figures.matrices import WRITTEN_COLUMNS, Matrix, draw_matrix, shade, text_colour
from workshop_utils.figures.style import SMALL_SIZE, new_figure, styled

#: More tokens than this, and only every second or third is named.
MOST_TOKENS = 32
#: A description names the units of a panel one by one up to this many.
NAMED_UNITS = 2
#: Characters in a line of coloured text, and how many the whole may have.
LINE_LENGTH, LONGEST_TEXT = 80, 800


@styled
def gates_along(
    tokens: Sequence[str],
    gates: Mapping[str, ArrayLike],
    *,
    units: Sequence[str] | None = None,
    title: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw gate openings and states along a sequence, one panel each.

    Args:
        tokens: The words or symbols read, length T.
        gates: Name to values of shape (T, units) or (T,). A panel with negative
            values is shaded around zero, any other from 0 to at least 1.
        units: Name of each unit; else "unit 0", "unit 1", ...
        title: What is read.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing, numbers written in where they fit; its description says for
        each panel where each unit, or the mean of more than two units, is lowest and highest.

    Raises:
        ValueError: There are no gates, more than six, or a shape does not fit
            the tokens or the names of the units.
    """
    panels = {name: _by_token(name, values, len(tokens)) for name, values in gates.items()}
    if not 1 <= len(panels) <= 6:
        raise ValueError(f"Expected 1 to 6 gates or states, got {len(panels)}.")
    rows = [panel.shape[1] for panel in panels.values()]
    if units is not None and any(count != len(units) for count in rows):
        raise ValueError(f"There are {len(units)} names of units, but panels with {rows} units.")
    heights = [min(0.34 * count, 1.6) for count in rows]
    figure = new_figure(8.6, 1.3 + sum(heights) + 0.42 * len(panels))
    grid = figure.subplots(len(panels), 1, sharex=True, squeeze=False, height_ratios=heights)
    for axes, (name, panel) in zip(grid.ravel(), panels.items(), strict=True):
        scale, colours = shade(panel, None if panel.min() < 0 else (0.0, max(1.0, panel.max())))
        fits = len(tokens) <= WRITTEN_COLUMNS and panel.shape[1] <= 4
        texts = np.vectorize(lambda v: written(v, 2))(panel.T) if fits else None
        image = draw_matrix(axes, panel.T, scale, colours, texts)
        names = units or [f"unit {k}" for k in range(panel.shape[1])]
        step = -(-len(names) // 4)
        axes.set_yticks(np.arange(len(names))[::step] + 0.5, names[::step])
        axes.set_title(name, size="medium", pad=4)
        axes.tick_params(axis="x", labelbottom=False)
        figure.colorbar(image, ax=axes, pad=0.01, aspect=8).outline.set_visible(False)
    last = grid.ravel()[-1]
    every = -(-len(tokens) // MOST_TOKENS)
    word_ticks(last, tokens[::every], [place + 0.5 for place in range(0, len(tokens), every)])
    last.tick_params(axis="x", labelbottom=True)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    named = [list(units or [f"unit {k}" for k in range(count)]) for count in rows]
    told = [
        _told_panel(name, panel, tokens, own)
        for (name, panel), own in zip(panels.items(), named, strict=True)
    ]
    opening = f"{title + ': ' if title else ''}shaded values along “{' '.join(tokens)}”"
    return Drawing(figure, describe.finish(describe.sentences(opening, *told), alt, prefix))


def _by_token(name: str, values: ArrayLike, timesteps: int) -> Matrix:
    """Return values as (T, units)."""
    panel = np.asarray(values, dtype=float)
    panel = panel[:, None] if panel.ndim == 1 else panel
    if panel.ndim != 2 or panel.shape[0] != timesteps or panel.size == 0:
        raise ValueError(
            f"{name!r} has shape {np.shape(values)}; expected ({timesteps}, units), one row for "
            "each token."
        )
    return panel


def _told_panel(name: str, panel: Matrix, tokens: Sequence[str], units: Sequence[str]) -> str:
    """Say where each unit is lowest and highest; of many units where their mean is."""
    if panel.shape[1] > NAMED_UNITS:
        panel, units = panel.mean(axis=1, keepdims=True), ["on average over its units"]
    told = []
    for unit, values in zip(units, panel.T, strict=True):
        low, high = int(values.argmin()), int(values.argmax())
        ends = describe.number(values[low]), describe.number(values[high])
        if ends[0] == ends[1]:
            told.append(f"{unit} stays at {ends[0]}".strip())
            continue
        span = f"from {ends[0]} at {_token(tokens, low)} to {ends[1]} at {_token(tokens, high)}"
        told.append(f"{unit} {span}".strip())
    return f"{name}: {', '.join(told)}"


def _token(tokens: Sequence[str], place: int) -> str:
    """Name a token, with its place where the word stands there more than once."""
    which = f" (token {place + 1})" if list(tokens).count(tokens[place]) > 1 else ""
    return f"“{tokens[place]}”{which}"


@styled
def coloured_text(
    tokens: Sequence[str],
    values: ArrayLike,
    *,
    title: str = "",
    limits: tuple[float, float] | None = None,
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Write a text on a ground that shows one value for each token, for example a unit's state.

    Args:
        tokens: Words or single characters, length T; spaces are written as they are.
        values: Shape (T,).
        title: What the colour means.
        limits: Values of the darkest and lightest shade; else from the data,
            symmetric around zero when both signs occur.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing, in lines of at most 80 characters; its description names the
        tokens with the highest and the lowest values.

    Raises:
        ValueError: The lengths differ, or the text has over 800 characters.
    """
    shown = [token.replace("\n", "↵") for token in tokens]
    numbers = np.asarray(values, dtype=float)
    if numbers.shape != (len(shown),) or not shown or sum(map(len, shown)) > LONGEST_TEXT:
        raise ValueError(
            f"Expected one value for each of {len(shown)} tokens with at most {LONGEST_TEXT} "
            f"characters in all; got values of shape {numbers.shape} and "
            f"{sum(map(len, shown))} characters."
        )
    gap = 0 if all(len(token) == 1 for token in shown) else 1
    places = _in_lines(shown, gap)
    scale, colours = shade(numbers, limits)
    figure = new_figure(9.0, 0.9 + 0.32 * (places[-1][0] + 1))
    axes = figure.add_subplot()
    axes.set(xlim=(0, LINE_LENGTH), ylim=(places[-1][0] + 1, 0), title=title)
    axes.set_axis_off()
    for token, number, (line, column) in zip(shown, numbers, places, strict=True):
        ground = to_hex(colours(scale(number)))
        axes.add_patch(Rectangle((column, line + 0.06), len(token), 0.88, facecolor=ground))
        axes.text(
            column + len(token) / 2,
            line + 0.5,
            plain(token),
            ha="center",
            va="center_baseline",
            family="DejaVu Sans Mono",
            size=SMALL_SIZE,
            color=text_colour(ground),
        )
    mapped = ScalarMappable(scale, colours)
    figure.colorbar(mapped, ax=axes, pad=0.01, aspect=8).outline.set_visible(False)
    top, bottom = int(numbers.argmax()), int(numbers.argmin())
    joint = "" if gap == 0 else " "
    generated = describe.sentences(
        f"{title + ': ' if title else ''}the text “{joint.join(shown)}”, each token on a ground "
        "that shows its value",
        f"Highest at “{shown[top]}” ({describe.number(numbers[top])}), token {top + 1} of "
        f"{len(shown)}; lowest at “{shown[bottom]}” ({describe.number(numbers[bottom])}), "
        f"token {bottom + 1}",
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))


def _in_lines(tokens: Sequence[str], gap: int) -> list[tuple[int, int]]:
    """Return line and column of each token's first character; words stay whole."""
    places, line, column = [], 0, 0
    for k, token in enumerate(tokens):
        reach = len(token)
        if gap == 0 and k and tokens[k - 1] == " ":
            word = "".join(tokens[k:]).split(" ", maxsplit=1)[0]
            reach = max(len(word), 1)
        if column + min(reach, LINE_LENGTH) > LINE_LENGTH and column:
            line, column = line + 1, 0
        places.append((line, column))
        column += len(token) + gap
    return places
