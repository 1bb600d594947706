"""Colours that everybody can tell apart, and figures that do not need them.

Contrast follows the web accessibility guidelines (WCAG 2.2): 4.5 to 1 for letters
(1.4.3), 3 to 1 for lines and marks (1.4.11), and no meaning by colour alone (1.4.1).
"""

import io
import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from colours import contrast, lightness
from matplotlib.colors import to_hex, to_rgb
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.patches import StepPatch
from matplotlib.text import Text
from PIL import Image
from test_diagrams import DIAGRAMS
from test_figures import PLOTS

from workshop_utils import figures
from workshop_utils.figures import matrices, parts, style

#: Contrast that letters need (WCAG 2.2, 1.4.3), and lines and marks (1.4.11).
READABLE = 4.5
VISIBLE = 3.0
PACKAGE = Path(figures.__file__).parents[1]

# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, A physiologically-based model for
# simulation of color vision deficiency, IEEE TVCG 15(6) (2009): severity 1, linear sRGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SEEN = {"normal": np.eye(3), **{name: np.array(rows) for name, rows in DEFICIENCIES.items()}}
# sRGB to XYZ, and the white of D65 (IEC 61966-2-1).
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)
STEPS = np.linspace(0, 1, 101)
#: CIE 1976 colour difference. 2.3 is just noticeable side by side; lines are thin and far apart.
APART = 15


def linear(colour):
    share = np.array(to_rgb(colour))
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(light):
    """CIE L*a*b* of linear sRGB."""
    ratio = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    bent = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


def differences(colours, sight):
    seen = [lab(sight @ linear(colour)) for colour in colours]
    return [float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)]


def test_the_measures_know_their_ends():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.01)  # WebAIM's known example
    assert lab(np.ones(3)) == pytest.approx([100, 0, 0], abs=1e-6)
    assert lightness("#d1580a") == pytest.approx(lab(linear("#d1580a"))[0], abs=0.01)
    for rows in DEFICIENCIES.values():  # grey stays grey for every eye
        assert np.sum(rows, axis=1) == pytest.approx(1, abs=1e-4)
    # Red and green that a reader without green cones confuses.
    (apart,) = differences(["#a05000", "#737300"], SEEN["deuteranopia"])
    assert apart < APART


@pytest.mark.parametrize("eyes", SEEN)
def test_every_two_series_stay_apart_for_every_eye(eyes):
    assert min(differences(style.SERIES, SEEN[eyes])) >= APART


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("ground", [style.PAPER, style.PANEL])
def test_lines_and_marks_stand_out_for_every_eye(eyes, ground):
    """3 to 1 on white for normal sight; for others the luminance changes a little."""
    if eyes == "normal" and ground == style.PAPER:
        assert min(contrast(colour, ground) for colour in style.SERIES) >= VISIBLE
    back = lab(linear(ground))[0]
    for colour in (*style.SERIES, style.INK, style.MUTED):
        assert back - lab(SEEN[eyes] @ linear(colour))[0] >= 30


def test_a_grey_print_keeps_the_series_apart():
    shades = sorted(lightness(colour) for colour in style.SERIES)
    assert min(np.diff(shades)) >= 7


def test_the_colours_of_letters_can_be_read_and_are_those_of_their_lines():
    for line, letters in zip(style.SERIES, style.LETTERS, strict=True):
        assert contrast(letters, style.PAPER) >= READABLE
        assert lightness(letters) <= lightness(line)


def test_letters_on_every_shade_and_tint_can_be_read():
    shades = [to_hex(style.UPWARD(share)) for share in STEPS]
    assert all(contrast(shade, matrices.text_colour(shade)) >= READABLE for shade in shades)
    bars = (*style.TINTS, style.POSITIVE_BAR, style.NEGATIVE_BAR)
    assert all(contrast(bar, style.INK) >= READABLE for bar in bars)


@pytest.mark.parametrize("eyes", SEEN)
def test_shades_darken_all_the_way_for_every_eye(eyes):
    shades = [to_hex(style.UPWARD(share)) for share in STEPS]
    assert (np.diff([lab(SEEN[eyes] @ linear(shade))[0] for shade in shades]) < 0).all()


def test_the_edges_of_the_boxes_stand_out_and_their_letters_can_be_read():
    for look in parts.LOOKS.values():
        assert contrast(look.edge, style.PAPER) >= VISIBLE
        assert contrast(style.INK, look.fill) >= READABLE


# Every kind of figure, in full colour.
EVERY = {**{name: entry[0] for name, entry in PLOTS.items()}, **DIAGRAMS}


def shown_letters(made):
    """Each text that is seen, with its colour and the colour of what it stands on."""
    png = figures.drawing.png_bytes(made.figure)
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    scale = picture.shape[1] / made.figure.bbox.width
    for text in made.figure.findobj(Text):
        if not text.get_text().strip() or not text.get_visible() or text.get_alpha() == 0:
            continue
        box = text.get_window_extent()
        left = int(box.x0 * scale)
        right = int(box.x1 * scale)
        low, high = (int((made.figure.bbox.height - y) * scale) for y in (box.y1, box.y0))
        around = picture[max(low, 0) : high, max(left, 0) : right].reshape(-1, 3)
        if len(around):
            values, counts = np.unique(around, axis=0, return_counts=True)
            yield text, to_hex(text.get_color()), to_hex(values[counts.argmax()] / 255)


@pytest.mark.parametrize("name", EVERY)
def test_letters_on_every_figure_can_be_read(name):
    """What is dimmed on purpose is an inactive part, which the guidelines let be fainter."""
    made = EVERY[name]()
    found = [
        (text.get_text(), colour, ground)
        for text, colour, ground in shown_letters(made)
        if not str(text.get_gid()).startswith("dim") and contrast(colour, ground) < READABLE - 0.05
    ]
    assert found == []


def looks_of_lines(axes):
    lines = [line for line in axes.get_lines() if not str(line.get_label()).startswith("_")]
    return [(str(line._dash_pattern), line.get_marker()) for line in lines]


def looks_of_groups(axes):
    """Hatch of each group of bars, or marker of each group of dots."""
    bars = [c.patches[0].get_hatch() for c in axes.containers if isinstance(c, BarContainer)]
    dots = [c[0].get_marker() for c in axes.containers if isinstance(c, ErrorbarContainer)]
    return bars + dots + [patch.get_hatch() for patch in axes.findobj(StepPatch)]


SIX = "abcdef"
MANY = {
    "lines": lambda: figures.lines([1, 2, 3], {n: [1, 2, k] for k, n in enumerate(SIX)}),
    "lines without markers": lambda: figures.lines(
        range(200), {n: np.arange(200) * k for k, n in enumerate(SIX)}
    ),
    "bars": lambda: figures.bars("xy", {n: [1, k] for k, n in enumerate(SIX)}),
    "dots": lambda: figures.bars("xy", {n: [1, k] for k, n in enumerate(SIX)}, from_zero=False),
}


@pytest.mark.parametrize("name", MANY)
def test_what_belongs_together_is_told_without_colour(name):
    """Each line differs in dash or marker, each group of bars in hatch, of dots in marker."""
    axes = MANY[name]().figure.axes[0]
    looks = looks_of_lines(axes) or looks_of_groups(axes)
    assert len(looks) >= 2
    assert len(set(looks)) == len(looks)


def test_lines_that_end_together_are_told_by_a_piece_of_each_beside_its_name():
    made = figures.lines([1, 2], {name: [k, 1] for k, name in enumerate(SIX)})
    made.figure.draw_without_rendering()
    axes = made.figure.axes[0]
    samples = {
        str(line.get_gid()).removeprefix("sample: "): line
        for line in axes.lines
        if str(line.get_gid()).startswith("sample: ")
    }
    assert set(samples) == set(SIX)
    assert len({str(patch._dash_pattern) for patch in samples.values()}) == len(SIX)
    names = {text.get_text(): text for text in axes.texts}
    for name, patch in samples.items():
        line = next(line for line in axes.lines if line.get_label() == name)
        assert to_hex(patch.get_color()) == to_hex(line.get_color())
        assert str(patch._dash_pattern) == str(line._dash_pattern)
        assert np.asarray(patch.get_ydata()) == pytest.approx(names[name].get_position()[1])


def test_no_word_of_a_page_is_coloured():
    """On HTML pages colours fill bars only; words carry what is said."""
    text = (PACKAGE / "learning/quizzes/panel.py").read_text(encoding="utf-8")
    assert re.findall(r"(?<![-\w])color\s*:", text) == []
