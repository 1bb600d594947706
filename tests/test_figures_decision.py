"""One decision in five panels, and a probability beside its threshold."""

import numpy as np
import pytest
from test_figures import assert_readable

from workshop_utils import figures
from workshop_utils.figures import drawing

RNG = np.random.default_rng(141)
WORDS = ["really", "marco", "won", "last", "night", "which", "debate", "was", "i", "watching"]


def panels(tokens=WORDS, **changes):
    count = len(tokens)
    values = {
        "after_each": np.linspace(0.4, 0.8, count),
        "threshold": 0.35,
        "without_each": np.linspace(-0.05, 0.1, count),
        "parts": {"beta": np.linspace(1, -0.5, count), "gamma": np.linspace(0, 0.6, count)},
        "forget_gate": RNG.uniform(0.5, 0.9, (count, 32)),
        "cell_state": np.linspace(0, 1, count)[:, None] * RNG.normal(size=32),
        "title": "One tweet",
    }
    return figures.decision(tokens, **{**values, **changes})


def test_a_decision_is_described_panel_by_panel():
    gate = np.full((10, 2), 0.5)
    gate[3], gate[6] = [0.9, 0.7], [0.1, 0.3]
    state = np.zeros((10, 2))
    state[4] = [3, -4]
    made = panels(forget_gate=gate, cell_state=state)
    assert made.alt == (
        "One tweet: one decision along 10 words, from “really” to “watching”. "
        "P(positive) after each word rises from 0.4 at “really” to 0.8 at “watching”. "
        "Dashed line: threshold at 0.35. "
        "With the word minus without it: highest 0.1 at “watching”, lowest -0.05 at “really”. "
        "Part of the logit, beta: highest 1 at “really”, lowest -0.5 at “watching”. "
        "Part of the logit, gamma: highest 0.6 at “watching”, lowest 0 at “really”. "
        "Mean of the forget gate over 2 units: highest 0.8 at “last”, lowest 0.2 at “debate”. "
        "Length of the cell state: highest 5 at “night”, lowest 0 at “really”."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"threshold": 0.9},
        {"parts": {"gamma": np.zeros(10)}},
        {"tokens": ["alone"]},
        {"tokens": [f"word{k}" for k in range(30)]},
        {"title": "costs $5 and $6", "tokens": ["$5", "😂", "a_b", "x" * 20]},
    ],
    ids=["plain", "high threshold", "one split", "one word", "most words", "odd words"],
)
def test_a_decision_can_be_read(changes):
    made = panels(**changes)
    assert_readable(made.figure)
    assert len(drawing.png_bytes(made.figure)) < 150_000


def test_words_of_all_panels_stand_one_below_the_other():
    made = panels()
    made.figure.canvas.draw()
    rows = [axes for axes in made.figure.axes if axes.get_xlim() == (0, len(WORDS))]
    assert len(rows) == 5
    for axes in rows[1:]:
        assert axes.get_position().x0 == pytest.approx(rows[0].get_position().x0)
        assert axes.get_position().x1 == pytest.approx(rows[0].get_position().x1)
    bars = rows[2].containers
    assert [bar.get_x() + bar.get_width() / 2 for bar in bars[0]] == pytest.approx(
        np.arange(10) + 0.3
    )
    assert bars[0][0].get_hatch() != bars[1][0].get_hatch()
    shaded = rows[4].collections[0].get_array().reshape(32, 10)
    assert (np.diff(shaded[:, -1]) <= 0).all()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tokens": []}, "1 to 30 words"),
        ({"tokens": ["a"] * 31}, "got 31"),
        ({"parts": {}}, "1 to 3 ways"),
        ({"without_each": [1.0]}, r"shape \(1,\) do not fit 10 words; expected \(10,\)"),
        ({"parts": {"beta": [1.0]}}, "do not fit"),
        ({"forget_gate": np.zeros(10)}, r"expected \(10, units\)"),
        ({"cell_state": np.zeros((10, 0))}, "do not fit"),
    ],
)
def test_what_does_not_fit_is_refused(changes, says):
    with pytest.raises(ValueError, match=says):
        panels(**changes)


@pytest.mark.parametrize(("positive", "side"), [(0.72, "above"), (0.35, "at"), (0.0, "below")])
def test_a_probability_stands_beside_its_threshold(positive, side):
    made = figures.probability_bar(positive, 0.35, title="“a $5 text”: positive")
    assert made.alt == (
        "“a $5 text”: positive: a bar from 0 to 1, filled up to P(positive) = "
        f"{positive:.2f}, which is {side} the threshold, 0.35."
    )
    assert_readable(made.figure)
    filled = made.figure.axes[0].patches[-1]
    assert filled.get_width() == positive


@pytest.mark.parametrize(("positive", "threshold"), [(1.2, 0.5), (0.5, -0.1), (float("nan"), 0.5)])
def test_a_probability_outside_of_its_range_is_refused(positive, threshold):
    with pytest.raises(ValueError, match="two numbers in 0 to 1"):
        figures.probability_bar(positive, threshold)
