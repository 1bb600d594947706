"""Small line charts side by side, over the same axes, so that they can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.drawing import Drawing

MOST_PANELS = 4


@style.house_style()
def line_panels(
    x: Sequence[float] | NDArray[Any],
    panels: Mapping[str, Mapping[str, ArrayLike]],
    *,
    xlabel: str = "",
    ylabel: str = "",
) -> Drawing:
    """Draw up to four line charts side by side that share both axes and the names of their lines.

    Args:
        x: Places on the horizontal axis, shape (n,).
        panels: Title to lines, each a name with values of shape (n,).
        xlabel: Label of the horizontal axes.
        ylabel: Label of the vertical axis.

    Raises:
        ValueError: No panel or too many, or too many lines in one.
    """
    most = max(map(len, panels.values()), default=0)
    if not 1 <= len(panels) <= MOST_PANELS or not 1 <= most <= len(style.SERIES):
        raise ValueError(
            f"There are {len(panels)} panels of up to {most} lines; draw 1 to {MOST_PANELS} of 1 "
            f"to {len(style.SERIES)} each."
        )
    figure = style.new_figure(9.0, 3.4)
    row = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (title, series) in zip(row, panels.items(), strict=True):
        for k, (name, values) in enumerate(series.items()):
            (line,) = axes.plot(np.asarray(x, dtype=float), values, label=name)
            line.set(color=style.SERIES[k], linestyle=style.LINE_STYLES[k], linewidth=2.2)
        axes.set(title=title, xlabel=xlabel)
    row[0].set_ylabel(ylabel)
    figure.legend(*row[0].get_legend_handles_labels(), loc="outside lower center", ncols=most)
    places = np.asarray(x, dtype=float).tolist()
    panels_in_words = [
        f"{title}: " + "; ".join(f"{name} {describe.course(places, y)}" for name, y in of.items())
        for title, of in panels.items()
    ]
    kind = f"{len(panels)} line charts side by side"
    return Drawing(
        figure, describe.sentences(describe.about(kind, "", xlabel, ylabel), *panels_in_words)
    )
