"""Every figure: what it says, how it is published, and that a reader can make it out."""

import base64
import io
import math
import sys
from itertools import combinations, pairwise
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from workshop_utils import figures
from workshop_utils.figures import alt as describe
from workshop_utils.figures import drawing, labels, matrices, style

RNG = np.random.default_rng(141)
WORDS = ["the", "queen", "said", "that", "the", "old", "man", "knew", "she", "was", "there", "too"]
HISTORY = {
    "accuracy": [0.80, 0.85, 0.90, 0.95],
    "loss": [0.5, 0.3, 0.2, 0.12],
    "val_accuracy": [0.83, 0.84, 0.82, 0.80],
    "val_loss": [0.4, 0.36, 0.7, 1.2],
}

#: One or more ways to call each plot, and what its description must name.
PLOTS = {
    "lines": (
        lambda: figures.lines(
            [2, 5, 10, 80],
            {"RNN": [1.0, 0.9, 0.6, 0.5], "LSTM": [0.8, 0.95, 0.97, 0.99]},
            bands={"LSTM": ([0.7, 0.9, 0.96, 0.98], [0.9, 1, 1, 1])},
            references={"chance": 0.5},
            title="Accuracy against the gap",
            xlabel="gap",
            ylabel="accuracy",
            log_x=True,
        ),
        [
            "RNN falls from 1 at 2 to 0.5 at 80",
            "chance at 0.5",
            "band is at most 0.2 wide, for LSTM",
            "RNN lies above LSTM",
        ],
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
    "learning curves": (
        lambda: figures.learning_curves(HISTORY, title="The 2019 model"),
        ["4 epochs", "marks epoch 2", "validation loss is lowest (0.36)", "rises from 0.4 at 1"],
    ),
    "bars": (
        lambda: figures.bars(
            ["majority class", "TF-IDF, words and characters", "LSTM"],
            [0.5, 0.743, 0.741],
            errors=[0, 0.015, 0.012],
            references={"chance": 0.5},
            title="Macro-F1",
            xlabel="macro-F1",
        ),
        ["LSTM 0.741 plus or minus 0.012", "Largest: TF-IDF", "smallest: majority class"],
    ),
    "dots": (
        lambda: figures.bars(
            ["a", "b"], {"2019": [0.8, 0.9], "grouped": [-0.7, 0.8]}, from_zero=False
        ),
        ["Dot chart", "a 0.8; b 0.9", "Grouped: a -0.7"],
    ),
    "heat map": (
        lambda: figures.heatmap(
            RNG.normal(size=(3, 4)), rows=["u0", "u1", "u2"], columns=list("abcd"), title="States"
        ),
        ["3 rows and 4 columns", "Row u0: a", "Largest value"],
    ),
    "large heat map": (
        lambda: figures.heatmap(
            RNG.random((32, 60)),
            rows=[f"u{k}" for k in range(32)],
            columns=list(map(str, range(60))),
        ),
        ["32 rows and 60 columns"],
    ),
    "confusion": (
        lambda: figures.confusion(
            [[2300, 256], [300, 363]], ["negative", "positive"], title="Test"
        ),
        ["Of 2,556 truly negative, 90% are found", "300 predicted negative and 363"],
    ),
    "gates along": (
        lambda: figures.gates_along(
            WORDS,
            {
                "forget gate": RNG.random((12, 3)),
                "cell state": RNG.normal(size=(12, 3)),
                "output gate": np.ones((12, 3)),
            },
            title="A tiny LSTM",
        ),
        [
            "Forget gate: on average over its units from",
            "Output gate: on average over its units stays at 1",
            "the queen said",
        ],
    ),
    "coloured text": (
        lambda: figures.coloured_text(list("Rome is in Italy. " * 6), np.sin(np.arange(108.0))),
        ["Rome is in Italy.", "Highest at", "of 108"],
    ),
    "histogram": (
        lambda: figures.histogram(
            RNG.poisson(14, 5000), bins=range(32), references={"cut": 28}, title="Words a tweet"
        ),
        ["5,000 values", "median 14", "cut at 28"],
    ),
    "two histograms": (
        lambda: figures.histogram({"negative": [0.1, 0.2, 0.2], "positive": [0.8, 0.9]}, bins=5),
        ["Negative: 3 values from 0.1 to 0.2", "Positive: 2 values"],
    ),
    "scatter": (
        lambda: figures.scatter(
            [0.1, 0.5, 0.9], [0.2, 0.4, 0.7], names=["a", "b", "c"], diagonal=True
        ),
        ["3 points", "1 points lie above", "correlation"],
    ),
}


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
        figure.canvas.draw()
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


def test_gates_are_told_unit_by_unit_and_equal_words_by_their_place():
    values = np.array([[0.9, 0.1], [0.2, 0.1], [0.5, 0.1]])
    made = figures.gates_along(
        ["the", "queen", "the"], {"forget gate": values}, units=["gender", "count"], title="Read"
    )
    assert made.alt == (
        "Read: shaded values along “the queen the”. Forget gate: gender from 0.2 at “queen” to "
        "0.9 at “the” (token 1), count stays at 0.1."
    )
    alone = figures.gates_along(["a", "b"], {"state": [-1.0, 0.5]}, units=[""])
    assert "State: from -1 at “a” to 0.5 at “b”." in alone.alt


def test_many_lines_name_their_common_ends_once():
    series = {f"radius {r}": [1.0, r, r**2] for r in (0.5, 1.0, 2.0)}
    made = figures.lines([0, 50, 100], series, title="Gradient", log_y=True)
    assert "From 0 to 100: radius 0.5 falls from 1 to 0.25; radius 1.0 stays at 1;" in made.alt
    assert made.alt.count(" at 100") == 0
    gap = figures.lines([0, 50, 100], {**series, "short": [1.0, 2.0]})
    assert "short rises from 1 at 0 to 2 at 50" in gap.alt


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


@pytest.mark.parametrize("name", ["lines", "confusion", "bars"])
def test_the_same_values_give_the_same_bytes(name):
    state = RNG.bit_generator.state
    first = drawing.png_bytes(PLOTS[name][0]().figure)
    RNG.bit_generator.state = state
    assert drawing.png_bytes(PLOTS[name][0]().figure) == first


def test_png_carries_no_date_and_no_version():
    with Image.open(
        io.BytesIO(drawing.png_bytes(figures.lines([1, 2], {"a": [1, 2]}).figure))
    ) as png:
        assert not set(png.info) & {"Software", "Creation Time", "date"}


def test_alt_can_be_replaced_and_prefixed():
    own = "What the author wants to say about it."
    assert figures.lines([1, 2], {"a": [1, 2]}, alt=own).alt == own
    assert figures.lines([1, 2], {"a": [1, 2]}, prefix=own).alt.startswith(f"{own} Line chart")


def test_titles_with_dollars_and_hashtags_survive():
    made = figures.bars(["$5 and $6", "#tag"], [1, 2])
    assert "$5 and $6 1" in made.alt
    assert_readable(made.figure)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: figures.lines([1, 2], {}), "1 to 6 series"),
        (lambda: figures.lines([1, 2], {"a": [1, 2, 3]}), r"shape \(3,\)"),
        (lambda: figures.lines([1], {"a": [1]}, bands={"b": ([0], [1])}), "Bands for"),
        (lambda: figures.learning_curves({}), "history"),
        (lambda: figures.learning_curves(HISTORY, best_epoch=9), "Epoch 9"),
        (lambda: figures.bars(["a"], [1, 2]), "one number for each label"),
        (lambda: figures.bars(["a"], {}), "groups"),
        (lambda: figures.bars(["a"], [1], errors={"x": [1]}), "Errors for"),
        (lambda: figures.heatmap([[1, 2]], rows=["a"], columns=["b"]), r"shape \(1, 2\)"),
        (lambda: figures.confusion([[1, -1], [1, 1]], ["a", "b"]), "below zero"),
        (lambda: figures.gates_along(["a"], {}), "1 to 6 gates"),
        (lambda: figures.gates_along(["a"], {"f": [1, 2]}), "one row for"),
        (lambda: figures.gates_along(["a"], {"f": [[1, 2]]}, units=["u"]), "names of units"),
        (lambda: figures.coloured_text(["a"], [1, 2]), "one value for each"),
        (lambda: figures.histogram([math.nan]), "at least one number"),
        (lambda: figures.scatter([1], [1, 2]), "two vectors"),
        (lambda: figures.scatter([1], [1], names=["a", "b"]), "1 names"),
    ],
)
def test_wrong_values_are_refused_with_a_sentence(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()


def test_series_may_be_shorter_or_have_gaps():
    made = figures.lines(
        [1, 2, 3], {"a": [1, 2], "b": [math.nan, 2, math.nan], "c": [math.nan] * 3}
    )
    assert "b is 2 at 2" in made.alt
    assert "c has no value" in made.alt


def test_history_object_of_keras_is_accepted():
    history = SimpleNamespace(history={"loss": [1.0, 0.5], "learning_rate": [0.1, 0.1]})
    made = figures.learning_curves(history)
    assert "Loss: training falls from 1 at 1 to 0.5 at 2" in made.alt
    assert "learning" not in made.alt.lower().replace("learning curves", "")


class Shell:
    """Records what ``display`` is asked to publish."""

    def __init__(self, monkeypatch):
        import IPython
        import IPython.display

        self.published = []
        monkeypatch.setattr(IPython, "get_ipython", lambda: self)
        monkeypatch.setattr(IPython.display, "display", self.display)

    def display(self, data, metadata=None, raw=False):
        assert raw
        self.published.append((data, metadata))


def test_show_publishes_picture_then_caption(monkeypatch):
    shell = Shell(monkeypatch)
    made = figures.bars(["negative", "positive"], [8493, 2236], title="Tweets", xlabel="tweets")
    assert figures.show(made) is None
    (picture, metadata), (caption, _) = shell.published
    width, height = metadata["image/png"]["width"], metadata["image/png"]["height"]
    png = Image.open(io.BytesIO(base64.b64decode(picture["image/png"])))
    assert png.size == (2 * width, 2 * height)
    assert metadata["image/png"]["alt"] == made.alt
    assert picture["text/plain"] == "Figure: Bar chart: Tweets."
    assert caption["text/markdown"] == f"**Figure.** {made.alt}"
    assert caption["text/plain"] == made.alt


def test_show_takes_another_alt_and_any_figure(monkeypatch):
    shell = Shell(monkeypatch)
    own = "Two bars, the left one is longer."
    figures.show(figures.bars(["a", "b"], [2, 1]), own)
    figures.show(Figure(figsize=(2, 2)), own)
    assert [data["text/plain"] for data, _ in shell.published] == [f"Figure: {own}", own] * 2


def test_show_without_a_notebook_prints_the_caption(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    made = figures.bars(["a", "b"], [2, 1])
    figures.show(made)
    assert capsys.readouterr().out == f"Figure: {made.alt}\n"


def test_show_closes_a_pyplot_figure(capsys):
    from matplotlib import pyplot as plt

    figure = plt.figure()
    figures.show(figure, "An empty picture, for the test.")
    assert not plt.fignum_exists(figure.number)
    assert "An empty picture" in capsys.readouterr().out


def test_show_refuses_a_short_alt_and_other_things():
    with pytest.raises(ValueError, match="at least 20"):
        figures.show(figures.bars(["a"], [1]), "short")
    with pytest.raises(ValueError, match="say what the picture shows"):
        figures.show(Figure())
    with pytest.raises(TypeError, match="not str"):
        figures.show("a picture")


def test_save_writes_png_and_svg(tmp_path):
    made = figures.bars(["a", "b"], [2, 1], title="Two bars")
    png = figures.save(made, tmp_path / "deep" / "bars.png")
    assert png.read_bytes() == drawing.png_bytes(made.figure)
    svg = figures.save(made, tmp_path / "bars.svg").read_text(encoding="utf-8")
    assert made.alt in svg
    assert "<dc:date>" not in svg
    assert figures.save(made, tmp_path / "again.svg").read_text(encoding="utf-8") == svg
    with pytest.raises(ValueError, match=r"not as 'bars\.jpg'"):
        figures.save(made, tmp_path / "bars.jpg")


def test_drawing_names_itself_by_its_first_sentence():
    assert repr(figures.Drawing(Figure(), "One thing. Another.")) == "Drawing('One thing.')"


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_caption_loses_nothing_but_its_escapes(text):
    escaped = drawing.caption(text).removeprefix("**Figure.** ")
    plain = ""
    letters = iter(escaped)
    for letter in letters:
        plain += next(letters) if letter == "\\" else letter
    assert plain == text
    assert escaped.count("$") == escaped.count("\\$")


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_numbers_keep_three_significant_digits(value):
    read = float(describe.number(value).replace(",", ""))
    assert math.isclose(read, value, rel_tol=0.00501)


def test_special_numbers_have_words():
    told = [describe.number(v) for v in (math.nan, math.inf, -math.inf, 0, 13871, 2.5e-14)]
    assert told == ["no value", "infinity", "minus infinity", "0", "13,871", "2.5e-14"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
def test_course_starts_and_ends_where_the_line_does(values):
    told = describe.course(range(len(values)), values)
    if told.startswith("stays"):
        assert math.isclose(max(values), min(values), rel_tol=0.0101, abs_tol=1e-12)
        return
    assert f"from {describe.number(values[0])} at 0" in told
    assert f"to {describe.number(values[-1])} at {len(values) - 1}" in told


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1, 2, 3], "rises from 1 at 0 to 3 at 2"),
        ([3, 0, 2], "falls from 3 at 0 to its lowest, 0 at 1, and then rises to 2 at 2"),
        ([1, 5, 2], "rises from 1 at 0 to its highest, 5 at 1, and then falls to 2 at 2"),
        ([2, 5, 0, 2.5], "goes from 2 at 0 to 2.5 at 3, between 0 and 5"),
        ([2, 2, 2], "stays at 2"),
    ],
)
def test_course_says_what_the_eye_sees(values, says):
    assert describe.course(range(len(values)), values) == says


def test_small_movements_are_steady_at_the_height_of_the_picture():
    assert describe.course([0, 1], [0.97, 0.98], height=1.0) == "stays between 0.97 and 0.98"
    assert describe.course([0, 1], [0.97, 0.98], height=0.05).startswith("rises")


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.floats(0.01, 0.15))
def test_labels_keep_their_distance_and_order(heights, gap):
    moved = labels._spread_out(sorted(heights), gap)
    assert all(b - a >= 0.98 * gap for a, b in pairwise(moved))


def test_series_colours_differ_in_grey_and_stand_out_from_paper():
    shades = [style.lightness(colour) for colour in style.SERIES]
    assert min(abs(a - b) for a, b in combinations(shades, 2)) >= 7
    assert all(style.contrast(colour, style.PAPER) >= 3 for colour in style.SERIES)
    assert all(style.contrast(c, style.PAPER) >= 4.5 for c in (style.INK, style.MUTED))
    assert len(style.SERIES) == len(style.MARKERS) == len(style.HATCHES) == len(style.LINE_STYLES)
    looks = list(zip(map(str, style.LINE_STYLES), style.MARKERS, strict=True))
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("colours", [style.UPWARD, style.SIGNED])
def test_colour_maps_are_ordered_in_grey_and_text_on_them_reads(colours):
    shades = [mpl.colors.to_hex(colours(share)) for share in np.linspace(0, 1, 101)]
    steps = np.diff([style.lightness(shade) for shade in shades])
    assert (steps < 0).all() or (steps > 0).all()
    assert all(style.contrast(shade, matrices.text_colour(shade)) >= 4.5 for shade in shades)


def test_lightness_knows_its_ends():
    assert style.lightness("black") == pytest.approx(0)
    assert style.lightness("white") == pytest.approx(100)
    assert style.lightness("#010101") < 1
