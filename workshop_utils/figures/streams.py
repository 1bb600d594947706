"""The cell state as a stream: what each word wrote, and what later words left of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import word_ticks

Array: TypeAlias = NDArray[np.float64]

#: A write whose part never reaches this share of the picture's height stays grey.
SEEN = 0.06


@style.house_style()
def cell_stream(
    words: Sequence[str],
    forget: ArrayLike,
    written: ArrayLike,
    *,
    title: str,
    unit: str = "cell state",
) -> Drawing:
    """Draw the cell state of one unit as the sum of everything that was written.

    After word t the cell state is the sum over the words j up to t of what word j wrote,
    times the forget gates after j. Each word keeps a colour of its own and its name.

    Args:
        words: The words read, length T.
        forget: Forget gate at each word, shape (T,).
        written: Input gate times candidate at each word, shape (T,).
        title: Title of the figure.
        unit: Name of the unit, for the axis.

    Returns:
        The drawing; its description tells what is left of each write at the end.

    Raises:
        ValueError: Lengths that differ.
    """
    gates = np.asarray(forget, dtype=float)
    writes = np.asarray(written, dtype=float)
    if not (len(words),) == gates.shape == writes.shape:
        raise ValueError(
            f"There are {len(words)} words, {gates.shape} forget gates and {writes.shape} writes; "
            "give one number a word, of one unit."
        )
    left = what_is_left(gates, writes)
    figure, axes = style.new_axes(7.5, 3.4)
    _draw_parts(axes, words, left)
    steps = np.arange(float(len(words)))
    axes.plot(steps, left.sum(axis=1), color=style.INK, marker="o", markersize=4, zorder=4)
    axes.axhline(0, color=style.INK, linewidth=1, zorder=3)
    axes.set(xlim=(-0.5, len(words) - 0.5), ylabel=unit, title=title)
    axes.grid(visible=False)
    axes.use_sticky_edges = False
    axes.margins(y=0.04)
    word_ticks(axes, words, steps.tolist())
    last = [(word, round(part, 2)) for word, part in zip(words, left[-1], strict=True)]
    shares = [f"{word} {describe.number(part)}" for word, part in last if part]
    alt = describe.sentences(
        describe.about("The cell state as stacked writes, one column a word", title, "", unit),
        f"Read: {' '.join(words)}",
        f"At the end it is {left[-1].sum():.2f}, made of {describe.join(shares)}" if shares else "",
    )
    return Drawing(figure, alt)


def what_is_left(forget: Array, written: Array) -> Array:
    """Return what is left of each write after each word: (T, T), a row after each word."""
    left = np.diag(written)
    for t in range(1, len(written)):
        left[t] += left[t - 1] * forget[t]
    return left


def _draw_parts(axes: Axes, words: Sequence[str], left: Array) -> None:
    """Stack the parts of each column: positive ones upwards, negative ones downwards."""
    height = np.clip(left, 0, None).sum(axis=1).max() + np.clip(-left, 0, None).sum(axis=1).max()
    seen = [j for j in range(len(words)) if np.abs(left[:, j]).max() > SEEN * height]
    ends = np.zeros((2, len(words)))
    for j, word in enumerate(words):
        part = left[:, j]
        colour = style.TINTS[seen.index(j) % len(style.TINTS)] if j in seen else style.FAINT
        base = np.where(part > 0, ends[0], ends[1])
        drawn = axes.bar(range(len(words)), part, 1.0, base, color=colour)
        if j in seen:
            for cell in drawn.patches:
                cell.set(edgecolor=style.MUTED, linewidth=0.6)
            # Named where it is high enough for letters first, else where it is highest.
            size = np.abs(part) / height
            first = int(np.argmax(size > 0.09)) if (size > 0.09).any() else int(size.argmax())
            label = axes.text(first - 0.42, base[first] + part[first] / 2, word, va="center")
            label.set(size=style.SMALL_SIZE, weight="bold", zorder=5, path_effects=[style.HALO])
        ends[0] += np.clip(part, 0, None)
        ends[1] += np.clip(part, None, 0)
