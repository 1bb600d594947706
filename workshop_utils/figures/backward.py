"""One unit of a plain RNN: where it rests, and what two steps back do to a derivative."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from workshop_utils.figures import alt as describe
from workshop_utils.figures import style
from workshop_utils.figures.canvas import Canvas
from workshop_utils.figures.drawing import Drawing
from workshop_utils.figures.labels import written
from workshop_utils.figures.parts import STATE, Wire
from workshop_utils.figures.style import house_style

TIMES = " \N{MULTIPLICATION SIGN} "

#: The way back: dashed, so that grey is enough.
BACK = Wire(1.8, (0, (4, 2)), "#a8440a")


def resting_points(weight: float) -> list[float]:
    """Return the states that h = tanh(weight * h) leaves as they are, from low to high."""
    if abs(weight) <= 1:
        return [0.0]
    high = 1.0
    for _ in range(200):
        high = float(np.tanh(abs(weight) * high))
    return [-high, 0.0, high] if weight > 0 else [0.0]


@house_style()
def two_steps_back(weight: float, first: float) -> Drawing:
    """Draw a unit that makes two steps, and the way of the derivative back through both.

    Args:
        weight: The recurrent weight u.
        first: The state before the two steps.

    Returns:
        The drawing: states on the way there, and below them the factors of the way back.
    """
    states = [first]
    for _ in range(2):
        states.append(float(np.tanh(weight * states[-1])))
    slopes = [1 - state**2 for state in states]
    by_sum = [slopes[2], slopes[2] * weight * slopes[1]]
    canvas = Canvas(9.0, 3.5)
    canvas.title("Two steps there, two steps back")
    canvas.key(8.85, "the way back", BACK)
    places = [1.0, 4.1, 7.2]
    for k, (x, state) in enumerate(zip(places, states, strict=True), start=1):
        canvas.box((x, 2.4), (1.3, 0.66), [f"$h_{k}$ = {written(state, 2)}"], "")
    factors: list[str] = []
    for k, (left, right) in reversed(list(enumerate(pairwise(places)))):
        middle = (left + right) / 2
        canvas.wire([(left + 0.65, 2.5), (right - 0.65, 2.5)], "", STATE)
        canvas.text((middle, 2.74), f"times {weight:g}, then tanh", "", size=style.SMALL_SIZE)
        canvas.wire([(right - 0.65, 2.2), (left + 0.65, 2.2)], "", BACK)
        # First the slope, on the right; what goes down is taken before the weight, on the left.
        slope = written(slopes[k + 1], 2)
        canvas.text((middle + 0.5, 1.98), f"slope {slope}", "", size=style.SMALL_SIZE)
        canvas.text((middle - 0.5, 1.98), f"times {weight:g}", "", size=style.SMALL_SIZE)
        lag = 1 - k
        term = written(by_sum[lag] * states[k], 2)
        canvas.wire([(middle, 2.2), (middle, 1.12)], "", BACK)
        factors.append(slope)
        product = TIMES.join([*factors, written(states[k], 2)])
        factors.append(f"{weight:g}")
        canvas.text((middle, 0.92), f"lag {lag}: {product} = {term}", "", bold=True)
    whole = sum(by_sum[lag] * states[1 - lag] for lag in (0, 1))
    canvas.text((4.1, 0.42), f"derivative of $h_3$ by u: the sum, {written(whole, 2)}", "")
    alt = describe.sentences(
        "One unit makes two steps",
        "; ".join(f"state {k} is {describe.number(state)}" for k, state in enumerate(states, 1)),
        f"Going back, step 3 has the slope {describe.number(slopes[2])} and step 2 "
        f"{describe.number(slopes[1])}; a term leaves after the slope, and what goes on to the "
        f"state before is multiplied by u = {weight:g}",
        f"The term of lag 0 is {describe.number(by_sum[0] * states[1])}, that of lag 1 "
        f"{describe.number(by_sum[1] * states[0])}, their sum {describe.number(whole)}",
    )
    return Drawing(canvas.figure, alt, canvas.pieces)
