"""Labels that stand where the eye is: at line ends, on reference lines, under words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from workshop_utils.figures import style

#: The minus sign, as long as a plus; a hyphen is too short to read from afar.
MINUS = "\N{MINUS SIGN}"
#: From where to where the piece of a line before its name goes, in widths of the axes.
SAMPLE = (1.02, 1.095)
#: Words longer than this many characters in sum are written slanted.
UPRIGHT_CHARACTERS = 60
DASHED: dict[str, Any] = {"color": style.MUTED, "lw": 1.3, "ls": (0, (6, 3)), "zorder": 1.5}


def written(value: float, digits: int) -> str:
    """Write a number for a picture: fixed decimals, thousands, a true minus sign."""
    # Adding zero turns a rounded -0.0 into 0.0: no picture shows a negative zero.
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", MINUS)


def plain(text: str) -> str:
    """Return text that Matplotlib draws as it is, dollar signs included."""
    return text.replace("$", r"\$")


def _spread_out(heights: list[float], gap: float) -> list[float]:
    """Move heights (ascending) apart until each is at least ``gap`` above the one below."""
    moved = list(heights)
    for _ in range(200):
        for k in range(len(moved) - 1):
            lacking = gap - (moved[k + 1] - moved[k])
            if lacking > 1e-6:
                moved[k] -= lacking / 2
                moved[k + 1] += lacking / 2
    return moved


def label_line_ends(axes: Axes) -> None:
    """Write each line's name, after a piece of the line, to the right of its last point.

    A single line keeps its name out of the picture: the title says it.

    Args:
        axes: Axes with scales and limits already set, and with labelled lines.
    """
    axes.set_ylim(*axes.get_ylim())  # else the labels' heights would go stale
    drawn = axes.get_lines()
    ends = [(float(np.nan_to_num(line.get_ydata())[-1]), line) for line in drawn]
    ends = sorted(ends, key=lambda end: end[0]) if len(drawn) > 1 else []
    gap = 1.35 * style.TEXT_SIZE / 72 / (axes.get_window_extent().height / style.SHOWN_DPI)
    share = axes.transData - axes.transAxes  # 0 at the bottom of the axes and 1 at the top
    heights = [share.transform((axes.get_xlim()[0], end[0]))[1] for end in ends]
    places = _spread_out(np.clip(heights, 0, 1).tolist(), gap)
    for place, (_, line) in zip(places, ends, strict=True):
        name = str(line.get_label())
        # Where lines end together, the dash of this piece tells them apart.
        sample = Line2D(SAMPLE, (place, place))
        sample.update_from(line)
        sample.set(transform=axes.transAxes, clip_on=False, marker="none", label="_sample")
        sample.set_gid(f"sample: {name}")
        axes.add_artist(sample)
        left = SAMPLE[1] + 0.015
        on = axes.transAxes
        label = axes.text(left, place, plain(name), transform=on, va="center", weight="bold")
        label.set_color(style.LETTERS[style.SERIES.index(str(line.get_color()))])


def draw_references(axes: Axes, levels: Mapping[str, float], places: Mapping[str, float]) -> None:
    """Draw dashed lines at heights and at places, each with its name on it.

    Args:
        axes: Axes with scales and limits already set.
        levels: Name to height of a line across the picture.
        places: Name to place of a line upwards.
    """
    look: dict[str, Any] = {"color": style.MUTED, "size": style.SMALL_SIZE, "zorder": 4}
    look |= {"path_effects": [style.HALO]}
    for name, height in levels.items():
        axes.axhline(height, **DASHED)
        look["transform"] = axes.get_yaxis_transform()
        axes.text(0.99, height, plain(name), ha="right", va="bottom", **look)
    for name, place in places.items():
        axes.axvline(place, **DASHED)
        look["transform"] = axes.get_xaxis_transform()
        right = place > np.mean(axes.get_xlim())
        words = f"{plain(name)} " if right else f" {plain(name)}"
        axes.text(place, 0.96, words, ha="right" if right else "left", va="top", **look)


def word_ticks(axes: Axes, words: Sequence[str], places: Sequence[float]) -> None:
    """Write one word under each place of the horizontal axis, slanted where they need room."""
    slanted = sum(len(word) + 2 for word in words) > UPRIGHT_CHARACTERS
    axes.set_xticks(
        places,
        [plain(word) for word in words],
        rotation=40 if slanted else 0,
        ha="right" if slanted else "center",
        rotation_mode="anchor" if slanted else "default",
        size=style.SMALL_SIZE,
    )


def separate_thousands(axis: Axis) -> None:
    """Write 8,000 instead of 8000 on a linear axis that goes that far."""
    if axis.get_view_interval()[1] >= 1000:
        axis.set_major_formatter(FuncFormatter(lambda value, _: written(value, 0)))
