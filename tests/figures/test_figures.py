"""The plots: what each says of its values, and that a reader can make it out."""

import io
import math
import sys
from itertools import combinations, pairwise

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from PIL import Image

from workshop_utils import figures
from workshop_utils.figures import drawing, labels, streams
from workshop_utils.figures.batches import padded_batch

RNG = np.random.default_rng(141)
WORDS = ["the", "queen", "said", "that", "the", "old", "man", "knew", "she", "was", "there", "too"]
#: One or more ways to call each plot, and what its description must name.
PLOTS = {
    "lines": (
        lambda: figures.lines(
            [2, 5, 10, 80],
            {"RNN": [1.0, 0.9, 0.6, 0.5], "LSTM": [0.8, 0.95, 0.97, 0.99]},
            title="Accuracy against the gap",
            xlabel="gap",
            ylabel="accuracy",
        ),
        ["RNN falls from 1 at 2 to 0.5 at 80"],
    ),
    "lines, logarithmic": (
        lambda: figures.lines(
            range(101),
            {f"radius {r}": r ** np.arange(101.0) for r in (0.5, 0.9, 1, 1.5, 2)},
            log_y=True,
            title="Gradient",
        ),
        ["logarithmic", "radius 1 stays at 1", "7.89e-31", "1.27e30"],
    ),
    "lines, words": (
        lambda: figures.lines(WORDS, {"P": np.linspace(0.9, 0.1, 12)}, limits=(0, 1)),
        ["falls from 0.9 at “the” to 0.1 at “too”"],
    ),
    "bars": (
        lambda: figures.bars(
            ["majority class", "TF-IDF, words and characters", "LSTM"],
            [0.5, 0.743, 0.741],
            errors=[0, 0.015, 0.012],
            title="Macro-F1",
            xlabel="macro-F1",
        ),
        ["LSTM 0.741 plus or minus 0.012"],
    ),
    "padded batch": (
        lambda: padded_batch(
            {"yours": ["a", "[UNK]", "debate", "$5"], "short": ["no"], "empty": []}, title="Batch"
        ),
        ["Yours: “a [UNK] debate $5”, then 0 zeros", "Short: “no”, then 3 zeros", "3 rows"],
    ),
    "dots": (
        lambda: figures.bars(
            ["a", "b"], {"2019": [0.8, 0.9], "grouped": [-0.7, 0.8]}, from_zero=False
        ),
        ["Dot chart", "a 0.8; b 0.9", "Grouped: a -0.7"],
    ),
    "heat map": (
        lambda: figures.heatmap(
            RNG.random((3, 4)), rows=["u0", "u1", "u2"], columns=list("abcd"), title="Shares"
        ),
        ["Shares", "3 rows and 4 columns", "Largest value", "Smallest value"],
    ),
    "cell stream": (
        lambda: figures.cell_stream(
            WORDS, RNG.uniform(0.5, 1, 12), RNG.uniform(-1, 1, 12), title="One unit"
        ),
        ["One unit", "Read: the queen said", "At the end it is"],
    ),
}
# The figure whose labels collided most: many rows, long whiskers, both signs.
STEPS = [f"+ step number {k}" for k in range(14)]
PLOTS["dots, crowded"] = (
    lambda: figures.bars(
        STEPS,
        [*RNG.normal(0, 0.03, 13), -0.13],
        errors=[*[0.01] * 13, 0.1],
        from_zero=False,
        digits=3,
        title="Each step alone",
        xlabel="average precision minus that of the start",
    ),
    ["Dot chart: Each step alone", "plus or minus 0.01"],
)


def drawn_texts(figure):
    """Return the texts that are really drawn, with their place on the figure."""
    seen = []
    draw = Text.draw

    def spy(self, renderer, *args, **kwargs):
        if self.get_visible() and self.get_text().strip():
            seen.append(self)
        return draw(self, renderer, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", spy)
        figure.draw_without_rendering()
    return [(text, text.get_window_extent()) for text in dict.fromkeys(seen)]


#: Letters are at least this share of a picture's width: 27 pixels of a picture that
#: fills a projector with 1,920.
FOR_A_PROJECTOR = 0.014


def assert_readable(figure, *, smallest=9.0, share=FOR_A_PROJECTOR):
    """Every text is inside the figure, large enough, and none covers another."""
    texts = drawn_texts(figure)
    assert texts
    for text, box in texts:
        assert text.get_fontsize() >= smallest, text.get_text()
        assert text.get_fontsize() >= share * figure.get_figwidth() * 72, text.get_text()
        assert box.x0 >= -0.5, text.get_text()
        assert box.y0 >= -0.5, text.get_text()
        assert box.x1 <= figure.bbox.x1 + 0.5, text.get_text()
        assert box.y1 <= figure.bbox.y1 + 0.5, text.get_text()
    upright = [(text, box) for text, box in texts if text.get_rotation() in (0, 90)]
    for (one, a), (two, b) in combinations(upright, 2):
        shared = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(shared) <= 1.5, (one.get_text(), two.get_text())


@pytest.mark.parametrize("name", PLOTS)
def test_each_plot_describes_its_own_values_and_can_be_read(name):
    make, told = PLOTS[name]
    made = make()
    assert isinstance(made, figures.Drawing)
    assert len(made.alt) >= 40
    for words in told:
        assert words in made.alt
    assert_readable(made.figure)
    assert len(drawing.png_bytes(made.figure)) < 150_000


def test_a_stream_adds_up_to_the_cell_state():
    forget = RNG.uniform(size=9)
    written = RNG.normal(size=9)
    left = streams.what_is_left(forget, written)
    state = 0.0
    for t in range(9):
        state = forget[t] * state + written[t]
        assert left[t].sum() == pytest.approx(state)
    with pytest.raises(ValueError, match="one number a word"):
        figures.cell_stream(["a"], [1, 2], [1], title="One unit")


def test_plots_leave_pyplot_and_the_learners_settings_alone():
    with mpl.rc_context({"axes.facecolor": "black", "font.size": 30, "figure.dpi": 30}):
        before = dict(mpl.rcParams)
        made = figures.lines([1, 2], {"a": [1, 2]})
        image = Image.open(io.BytesIO(drawing.png_bytes(made.figure))).convert("L")
        assert dict(mpl.rcParams) == before
    assert image.size == (1440, 768)
    assert np.asarray(image).mean() > 230
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or not pyplot.get_fignums()


@pytest.mark.parametrize("name", ["lines", "heat map", "bars"])
def test_the_same_values_give_the_same_bytes(name):
    state = RNG.bit_generator.state
    first = drawing.png_bytes(PLOTS[name][0]().figure)
    RNG.bit_generator.state = state
    assert drawing.png_bytes(PLOTS[name][0]().figure) == first


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: figures.lines([1, 2], {}), "1 to 6 series"),
        (lambda: figures.bars(["a"], {str(k): [1] for k in range(7)}), "1 to 6 groups"),
        (lambda: padded_batch({}), "one text or more"),
        (lambda: padded_batch({"a": ["b", "c"]}, places=1), "at most 12 places"),
        (lambda: padded_batch({"a": ["b"] * 13}), "at most 12 places"),
        (lambda: figures.heatmap([[1, 2]], rows=["a"], columns=["b"]), r"shape \(1, 2\)"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


def test_values_may_be_missing():
    """As the losses of a training that diverges."""
    made = figures.lines([1, 2, 3], {"a": [1, 2, math.nan], "b": [3, math.nan, 1]})
    assert {"a", "b"} <= {text.get_text() for text, _ in drawn_texts(made.figure)}
    assert "b nan" in figures.bars(["a", "b"], [0.5, math.nan]).alt


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0.01, 0.15))
def test_labels_keep_their_distance_and_order(heights, gap):
    moved = labels._spread_out(sorted(heights), gap)
    assert all(b - a >= 0.98 * gap for a, b in pairwise(moved))


def test_the_legend_names_the_marks_alone_where_the_lines_are_named_at_their_ends():
    lines = {"known": [3, 1, 2], "copied": [2, 1, 0]}
    made = figures.lines([0, 1, 2], lines, points={"guess": ([1], [2])})
    legend = made.figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["guess"]


def test_points_over_a_line_are_marks_with_a_legend_and_words():
    made = figures.lines([0, 1, 2], {"loss": [3, 1, 2]}, points={"steps": ([0, 2, 1], [3, 2, 1])})
    axes = made.figure.axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["steps"]
    assert axes.get_lines()[1].get_xydata().tolist() == [[0, 3], [2, 2], [1, 1]]
    assert "steps: 3 marks, from 3 at 0 to 1 at 1" in made.alt.lower()
    with pytest.raises(ValueError, match="1 to 6 series"):
        figures.lines([0], {name: [1] for name in "abcdef"}, points={"steps": ([0], [1])})


def test_whiskers_may_differ_to_the_left_and_to_the_right():
    made = figures.bars(["a", "b"], [1, 2], errors=[[0.5, 0.1], [0.25, 0.1]], from_zero=False)
    assert "a 1, from 0.5 to 1.25; b 2 plus or minus 0.1" in made.alt


def test_dots_far_from_zero_can_be_shown_beside_it():
    far = figures.bars(["a"], [-2], errors=[0.5], from_zero=False).figure.axes[0]
    assert far.get_xlim()[1] < 0
    beside = figures.bars(["a"], [-2], errors=[0.5], from_zero=False, show_zero=True)
    low, high = beside.figure.axes[0].get_xlim()
    assert low < -2.5
    assert high > 0
    assert [line.get_xdata()[0] for line in beside.figure.axes[0].get_lines()][-1] == 0
