"""Can the probabilities be trusted? Predicted against observed shares, bin by bin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain, separate_thousands


@style.house_style()
def reliability(diagrams: Mapping[str, Any]) -> Drawing:
    """Draw reliability diagrams side by side, each above a count of its texts.

    A bin whose point lies on the dashed diagonal keeps what it promises. Below the
    diagonal P(positive) is too high, above it too low.

    Args:
        diagrams: Name of each of one or two diagrams to its bins, as
            :func:`workshop_utils.sentiment.calibration.reliability` gives them: ``edges``, and for
            each bin ``predicted``, ``observed`` and ``counts``; their ``error`` in all.

    Returns:
        The drawing; its description gives the error, and the two shares of every bin
        that is not empty.
    """
    columns = len(diagrams)
    figure = style.new_figure(1.2 + 3.7 * columns, 5.2)
    grid = figure.subplots(
        2, columns, sharex=True, sharey="row", squeeze=False, height_ratios=[3.4, 1]
    )
    for (above, below), (name, bins) in zip(grid.T, diagrams.items(), strict=True):
        _draw_shares(above, name, bins)
        steps = below.stairs(bins.counts, bins.edges, fill=True)
        steps.set(facecolor=style.SERIES[0], edgecolor=style.PAPER)
        below.set(xlabel="P(positive)")
        below.grid(axis="x", visible=False)
    grid[0, 0].set_ylabel("share that is positive")
    grid[1, 0].set_ylabel("texts")
    separate_thousands(grid[1, 0].yaxis)
    figure.align_ylabels(list(grid[:, 0]))
    in_words = [f"{name}: {_told(bins)}" for name, bins in diagrams.items()]
    return Drawing(figure, describe.sentences("Reliability of P(positive)", *in_words))


def _draw_shares(axes: Axes, name: str, bins: Any) -> None:
    """Draw a bar up to the observed share of each bin, and a point at its mean prediction."""
    full = bins.counts > 0
    left = bins.edges[:-1][full]
    width = np.diff(bins.edges)[full]
    look: dict[str, Any] = {"color": style.FAINT, "edgecolor": style.PAPER}
    axes.bar(left, bins.observed[full], width, align="edge", **look)
    axes.plot([0, 1], [0, 1], color=style.INK, linewidth=1.4, linestyle=(0, (5, 3)))
    axes.text(0.03, 0.93, "dashed: promise kept", color=style.INK, size=style.SMALL_SIZE)
    (points,) = axes.plot(bins.predicted[full], bins.observed[full], marker="o", markersize=7)
    points.set(color=style.SERIES[1], markeredgecolor=style.PAPER)
    points.set(linewidth=1.6, clip_on=False, zorder=3)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[0, 0.25, 0.5, 0.75, 1])
    axes.set_title(plain(f"{name}: error {describe.number(bins.error)}"), size="medium")


def _told(bins: Any) -> str:
    """Say how far off the whole is, and what each bin promises and keeps."""
    pairs = [
        f"{describe.number(round(promised, 2))} against {describe.number(round(observed, 2))}"
        for promised, observed, count in zip(
            bins.predicted, bins.observed, bins.counts, strict=True
        )
        if count
    ]
    return (
        f"calibration error {describe.number(bins.error)} over "
        f"{describe.number(bins.counts.sum())} texts; mean P(positive) against the share that "
        f"is positive, bin by bin: {', '.join(pairs)}"
    )
