"""One recurrent unit, live: what it keeps under its weights, and where it rests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.backward import resting_points
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.live import show_live

SCENES = ("lock", "unlock", "push")
#: Weights that keep a bit, and whose keys are too weak to change it.
OPENING: Mapping[str, Any] = {"W": [-1.0, 1.0, 0.0], "U": 2.0, "b": 0.0}
#: The same dashes as Matplotlib's, for a drawing of the page.
_DASHES = ("", "8 3", "3 3")
_STEPS = 24


def one_unit(inputs: ArrayLike, names: Sequence[str], caption: str) -> None:
    """Let the reader turn the weights of one unit, and see its step, its notes and two tests.

    The tests are those of the exercise: all 243 films, and a key with 599 pushes behind it.

    Args:
        inputs: What is added at each scene, shape (3, scenes): a first input, then noise.
        names: What to call each of the three rows.
        caption: One sentence of at most 25 words that says what to notice.
    """
    rows = np.asarray(inputs, dtype=float).round(3)
    if rows.ndim != 2 or len(rows) != len(names) or len(names) != len(SCENES):
        raise ValueError(f"Expected 3 rows and 3 names, not shape {rows.shape} and {len(names)}.")
    data = {
        "rows": rows.tolist(),
        "names": list(names),
        "weights": OPENING,
        "colours": list(style.LETTERS[:3]),
        "dashes": list(_DASHES),
    }
    show_live(_unit_still(rows, names), caption, "unit", ("chart", "rests", "unit"), data)


@style.house_style()
def _unit_still(rows: NDArray[Any], names: Sequence[str]) -> Drawing:
    figure = style.new_figure(8.8, 3.6)
    steps, course = figure.subplots(1, 2)
    before = np.linspace(-1, 1, 121)
    _diagonal(steps, 1.0)
    for k in (1, 0, 2):
        after = np.tanh(OPENING["W"][k] + OPENING["U"] * before + OPENING["b"])
        _line(steps, before, after, k)
        at = (-0.55, 0.15, 0.3)[k]
        height = float(np.tanh(OPENING["W"][k] + OPENING["U"] * at))
        _name(steps, at, height, SCENES[k], k)
    for rest in (rests := resting_points(OPENING["U"])):
        _rest(steps, rest, holds=rest != 0)
    steps.set(xlabel="the note before", ylabel="the next note", xlim=(-1, 1), ylim=(-1.05, 1.05))
    steps.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    told = []
    for k, (name, row) in enumerate(zip(names, rows, strict=True)):
        notes = notes_of(row)
        _line(course, np.arange(row.size), notes, k)
        at = min(3 + 11 * k, row.size - 1)
        _name(course, at, notes[at] + 0.04, name, k)
        told.append(f"{name} ends at {describe.number(float(notes[-1]))}")
    course.set(xlabel="scenes", ylabel="note", ylim=(-1.05, 1.05), yticks=(-1, 0, 1))
    alt = describe.sentences(
        "Two charts of one unit with U = 2",
        "Left: the next note over the note before, a curve for each scene; under a push it rests "
        f"at {describe.join(map(describe.number, rests))}",
        f"Right: the note along {rows.shape[1]} scenes; {'; '.join(told)}",
    )
    return Drawing(figure, alt)


def notes_of(row: NDArray[Any]) -> NDArray[Any]:
    """Return the notes of the opening unit along a row of inputs."""
    note = 0.0
    notes = []
    for t, each in enumerate(row):
        push = OPENING["W"][2] if t else 0.0
        note = float(np.tanh(each + push + OPENING["U"] * note + OPENING["b"]))
        notes.append(note)
    return np.array(notes)


def unit_at_rest(other: float, weight: float, caption: str) -> None:
    """Let the reader turn the weight u of a unit, push it, and walk to where it rests.

    Args:
        other: A weight whose curve stays for comparison.
        weight: The weight to begin with.
        caption: One sentence of at most 25 words that says what to notice.
    """
    start = {"u": weight, "push": 0.0, "begin": 0.1, "bias": 1.0}
    data = {
        "start": start,
        "other": other,
        "colours": list(style.LETTERS[:2]),
        "dashes": ["8 3", ""],
    }
    drawing = _rest_still(other, weight, start["begin"])
    show_live(drawing, caption, "resting", ("chart", "rests", "resting"), data)


@style.house_style()
def _rest_still(other: float, weight: float, begin: float) -> Drawing:
    figure, axes = style.new_axes(6.6, 4.4)
    states = np.linspace(-1.2, 1.2, 121)
    _diagonal(axes, 1.2)
    axes.text(-1.08, -1.14, "next = now", color=style.MUTED)
    told = []
    for k, u in enumerate((other, weight)):
        (line,) = axes.plot(states, np.tanh(u * states), color=style.SERIES[k])
        line.set(linestyle=style.LINE_STYLES[1 - k], linewidth=2 + k)
        at, above = ((0.74, -0.2), (-1.15, 0.08))[k]
        _name(axes, at, float(np.tanh(u * at)) + above, f"u = {u:g}", k)
        rests = resting_points(u)
        told.append(f"u = {u:g} rests at {describe.join(map(describe.number, rests))}")
    for rest in rests:
        _rest(axes, rest, holds=abs(rest) > 0, colour=style.SERIES[1])
    walk = [begin]
    corners = [(begin, begin)]
    for _ in range(_STEPS):
        walk.append(float(np.tanh(weight * walk[-1])))
        corners += [(walk[-2], walk[-1]), (walk[-1], walk[-1])]
    axes.plot(*zip(*corners, strict=True), color=style.INK, linewidth=1)
    axes.plot([begin], [begin], "o", color=style.INK, markersize=4)
    axes.set(xlabel="state", ylabel="next state", xlim=(-1.2, 1.2), ylim=(-1.2, 1.2))
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    about = describe.about("Curves of one unit without input", "", "state", "next state")
    way = f"From {begin:g}, {_STEPS} steps under u = {weight:g} lead to {walk[-1]:.2f}"
    return Drawing(figure, describe.sentences(about, *told, way))


def _diagonal(axes: Axes, end: float) -> None:
    axes.plot([-end, end], [-end, end], color=style.MUTED, linewidth=1.2, linestyle=(0, (1, 1.5)))


def _line(axes: Axes, x: NDArray[Any], y: NDArray[Any], k: int) -> None:
    (line,) = axes.plot(x, y, color=style.SERIES[k], linestyle=style.LINE_STYLES[k])
    line.set_linewidth(2.2)


def _name(axes: Axes, x: float, y: float, words: str, k: int) -> None:
    made = axes.text(x, y, words, color=style.LETTERS[k], weight="bold", zorder=6)
    made.set_path_effects([style.HALO])


def _rest(axes: Axes, at: float, *, holds: bool, colour: str = style.INK) -> None:
    (dot,) = axes.plot([at], [at], "o", color=colour, markersize=8, zorder=5)
    dot.set_markerfacecolor(colour if holds else style.PAPER)
