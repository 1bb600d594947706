"""One decision explained in several ways, and one probability beside its threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import plain, word_ticks, written
from workshop_utils.figures.matrices import draw_matrix, shade
from workshop_utils.figures.style import (
    FAINT,
    HATCHES,
    INK,
    MUTED,
    PAPER,
    SERIES,
    SMALL_SIZE,
    new_figure,
    styled,
)

Values: TypeAlias = NDArray[np.float64]

#: More words than this, and their names would touch.
MOST_WORDS = 30
#: More ways to split the logit than this, and a bar would be too thin.
MOST_SPLITS = 3
_PANELS = (
    "P(positive) after the word",
    "P(positive) with the word minus without it",
    "its part of the logit",
    "forget gate: mean, lowest and highest unit",
    "cell state, units sorted by what they hold at the end",
)


@styled
def decision(
    tokens: Sequence[str],
    *,
    after_each: ArrayLike,
    threshold: float,
    without_each: ArrayLike,
    parts: Mapping[str, ArrayLike],
    forget_gate: ArrayLike,
    cell_state: ArrayLike,
    title: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Lay the explanations of one decision one below the other, word under word.

    Args:
        tokens: The words that the model read, length T.
        after_each: P(positive) after each word, shape (T,).
        threshold: From where on the text is called positive.
        without_each: P(positive) of the text minus that without the word, shape (T,).
        parts: Name of a way to split the logit to its part for each word, shape (T,).
        forget_gate: The LSTM's forget gate at each word, shape (T, units).
        cell_state: Its cell state after each word, shape (T, units).
        title: What is read.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description says for each panel how it runs, or which words have
        the highest and the lowest value.

    Raises:
        ValueError: A shape does not fit the words, there are more than 30 words or none, or
            there are more than three ways to split the logit, or none.
    """
    if not 1 <= len(tokens) <= MOST_WORDS or not 1 <= len(parts) <= MOST_SPLITS:
        raise ValueError(
            f"Expected 1 to {MOST_WORDS} words and 1 to {MOST_SPLITS} ways to split the logit, got "
            f"{len(tokens)} and {len(parts)}."
        )
    after, without = (_by_word(each, tokens, 1) for each in (after_each, without_each))
    splits = {name: _by_word(each, tokens, 1) for name, each in parts.items()}
    gate, state = (_by_word(each, tokens, 2) for each in (forget_gate, cell_state))
    figure = new_figure(8.6, 9.2)
    heights = [1.5, 1.3, 1.6, 1.2, 1.4]
    panels = list(figure.subplots(5, 1, height_ratios=heights))
    _draw_trajectory(panels[0], after, threshold)
    _draw_effects(panels[1], {"": without})
    _draw_effects(panels[2], splits)
    _draw_gate(panels[3], gate)
    _draw_state(figure, panels[4], state)
    for axes, name in zip(panels, _PANELS, strict=True):
        axes.set_title(name, size="medium", pad=4)
    _name_words(panels, tokens)
    if title:
        figure.suptitle(plain(title), x=0.01, ha="left", fontweight="bold")
    told = [
        f"P(positive) after each word {describe.course(tokens, after)}",
        describe.reference_lines({"threshold": threshold}),
        f"With the word minus without it: {_extremes(tokens, without)}",
        *(f"Part of the logit, {name}: {_extremes(tokens, each)}" for name, each in splits.items()),
        f"Mean of the forget gate over {gate.shape[1]} units: "
        f"{_extremes(tokens, gate.mean(axis=1))}",
        f"Length of the cell state: {_extremes(tokens, np.linalg.norm(state, axis=1))}",
    ]
    # Not the whole text: a description must not be another place where a tweet is shown.
    span = f"{len(tokens)} words, from “{tokens[0]}” to “{tokens[-1]}”"
    opening = f"{title + ': ' if title else ''}one decision along {span}"
    return Drawing(figure, describe.finish(describe.sentences(opening, *told), alt, prefix))


def _by_word(values: ArrayLike, tokens: Sequence[str], dimensions: int) -> Values:
    array = np.asarray(values, dtype=float)
    if array.ndim != dimensions or array.shape[0] != len(tokens) or array.size == 0:
        expected = f"({len(tokens)},)" if dimensions == 1 else f"({len(tokens)}, units)"
        raise ValueError(
            f"Values of shape {array.shape} do not fit {len(tokens)} words; expected {expected}."
        )
    return array


def _centres(count: int) -> Values:
    """Where the words stand: in the middle of the columns of a shaded panel."""
    return np.arange(count, dtype=np.float64) + 0.5


def _draw_trajectory(axes: Axes, after: Values, threshold: float) -> None:
    axes.axhline(threshold, color=MUTED, linewidth=1.3, linestyle=(0, (6, 3)))
    below = threshold > 0.5
    axes.annotate(
        "threshold",
        (1, threshold),
        (-2, -3 if below else 3),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="top" if below else "bottom",
        color=MUTED,
        size=SMALL_SIZE,
    )
    axes.plot(_centres(after.size), after, color=SERIES[0], marker="o", markeredgecolor=PAPER)
    axes.set_ylim(0, 1)


def _draw_effects(axes: Axes, groups: Mapping[str, Values]) -> None:
    """Draw a bar for each word, up for "positive"; several groups stand side by side."""
    thickness = 0.8 / len(groups)
    for k, (name, values) in enumerate(groups.items()):
        places = _centres(values.size) + (k - (len(groups) - 1) / 2) * thickness
        axes.bar(
            places,
            values,
            width=0.9 * thickness,
            color=SERIES[k],
            hatch=HATCHES[k],
            edgecolor=PAPER,
            linewidth=0,
            label=name,
        )
    axes.axhline(0, color=INK, linewidth=1.0)
    axes.margins(y=0.12)
    if len(groups) > 1:
        # In the line of the panel's title, at the other end.
        axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.97), ncols=len(groups))


def _draw_gate(axes: Axes, gate: Values) -> None:
    """Draw the mean over the units as a line, in a band from the lowest to the highest."""
    places = _centres(len(gate))
    low, high = gate.min(axis=1), gate.max(axis=1)
    axes.fill_between(places, low, high, color=SERIES[3], alpha=0.22, linewidth=0)
    axes.plot(places, gate.mean(axis=1), color=SERIES[3], marker="o", markeredgecolor=PAPER)
    axes.set_ylim(0, 1)


def _draw_state(figure: Figure, axes: Axes, state: Values) -> None:
    """Shade the cell state, a row for each unit, sorted by what it holds at the end."""
    rows = state.T[np.argsort(-state[-1], kind="stable")]
    scale, colours = shade(rows, None)
    image = draw_matrix(axes, rows, scale, colours, None)
    image.set_linewidth(0.2)
    axes.set_yticks([])
    axes.set_ylabel(f"{len(rows)} units")
    bar = figure.colorbar(image, ax=axes, pad=0.01, aspect=8)
    bar.outline.set_visible(False)


def _name_words(panels: Sequence[Axes], tokens: Sequence[str]) -> None:
    """Write the words under the last panel, and rule all panels in the same columns."""
    for axes in panels:
        axes.set_xlim(0, len(tokens))
        axes.set_xticks(_centres(len(tokens)))
        axes.tick_params(axis="x", labelbottom=False)
    word_ticks(panels[-1], tokens, _centres(len(tokens)).tolist())
    panels[-1].tick_params(axis="x", labelbottom=True)


def _extremes(tokens: Sequence[str], values: Values) -> str:
    """Name the words with the highest and the lowest value."""
    top, low = int(values.argmax()), int(values.argmin())
    if top == low:
        return f"{describe.number(values[top])} at “{tokens[top]}”"
    return (
        f"highest {describe.number(values[top])} at “{tokens[top]}”, lowest "
        f"{describe.number(values[low])} at “{tokens[low]}”"
    )


@styled
def probability_bar(
    positive: float,
    threshold: float,
    *,
    title: str = "",
    alt: str | None = None,
    prefix: str = "",
) -> Drawing:
    """Draw one probability as a bar from 0 to 1, with a mark where "positive" begins.

    Args:
        positive: P(positive), in 0 to 1.
        threshold: From where on the text is called positive.
        title: What was read.
        alt: A description that replaces the generated one.
        prefix: A sentence that stands before the generated description.

    Returns:
        The drawing; its description gives both numbers and the side of the mark.

    Raises:
        ValueError: A number lies outside 0 to 1.
    """
    if not (0 <= positive <= 1 and 0 <= threshold <= 1):
        raise ValueError(f"Expected two numbers in 0 to 1, got {positive} and {threshold}.")
    figure = new_figure(7.5, 1.6)
    axes = figure.add_subplot()
    axes.barh([0], [1], color=FAINT, height=0.6)
    axes.barh([0], [positive], color=SERIES[0], height=0.6)
    axes.set(xlim=(0, 1), xlabel="P(positive)")
    axes.set_yticks([])
    axes.grid(visible=False)
    axes.annotate(
        written(positive, 2),
        (1, 0.5),
        (8, 0),
        xycoords="axes fraction",
        textcoords="offset points",
        va="center",
        fontweight="bold",
    )
    axes.axvline(threshold, color=PAPER, linewidth=4.5)
    axes.axvline(threshold, color=INK, linewidth=1.8)
    axes.annotate(
        "threshold",
        (threshold, 1),
        (0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        va="bottom",
        size=SMALL_SIZE,
    )
    axes.set_title(plain(title), pad=24)
    side = "above" if positive > threshold else "at" if positive == threshold else "below"
    generated = describe.sentences(
        f"{title + ': ' if title else ''}a bar from 0 to 1, filled up to P(positive) = "
        f"{written(positive, 2)}, which is {side} the threshold, {written(threshold, 2)}"
    )
    return Drawing(figure, describe.finish(generated, alt, prefix))
