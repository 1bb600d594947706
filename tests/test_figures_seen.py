"""What the eye needs: every arrow can carry numbers, edges are sharp, colour is not needed."""

import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.patches import Circle, PathPatch, Rectangle
from test_diagrams import DIAGRAMS, NUMBERED, RNG
from test_figures import PLOTS

from workshop_utils import figures
from workshop_utils.figures import drawing, lstm, parts, recurrent, style

#: So far, in inches, may a number stand from the wire that carries it.
NEAR = 0.4


def wires(made):
    """The corners of each wire, without the key and the ties that carry no numbers."""
    top = made.figure.get_figheight() - 0.4
    found = [a for a in made.figure.findobj(PathPatch) if a.get_zorder() <= parts.ABOVE["wires"]]
    lines = [(a.get_path().vertices, a.get_linewidth()) for a in found]
    return [p for p, width in lines if p[:, 1].max() < top and width != recurrent.SHARED.width]


def distance(point, path):
    """How far a point is from a line through corners."""
    begin, way = path[:-1], np.diff(path, axis=0)
    length = (way**2).sum(axis=1)
    share = np.clip(((point - begin) * way).sum(axis=1) / np.where(length, length, 1), 0, 1)
    return np.hypot(*(begin + share[:, None] * way - point).T).min()


def nets(made):
    """Wires that carry the same numbers: they touch, and no operation stands between them."""
    discs = [np.array(c.center) for c in made.figure.findobj(Circle) if c.radius > 0.1]
    paths = wires(made)
    group = list(range(len(paths)))
    for i, one in enumerate(paths):
        for end in (one[0], one[-1]):
            if any(np.hypot(*(end - disc)) < 0.12 for disc in discs):
                continue
            for j, other in enumerate(paths):
                if i != j and distance(end, other) < 0.08:
                    old, new = group[j], group[i]
                    group = [new if g == old else g for g in group]
    return [[p for p, g in zip(paths, group, strict=True) if g == name] for name in set(group)]


def cells(made):
    """Lower left and upper right corner of each box with a number."""
    boxes = [r for r in made.figure.findobj(Rectangle) if r.get_width() == parts.CELL_WIDTH]
    return [
        np.array([r.get_xy(), (r.get_x() + r.get_width(), r.get_y() + r.get_height())])
        for r in boxes
    ]


def points(path):
    """Points along a wire, close enough to measure from."""
    return np.concatenate([np.linspace(a, b, 12) for a, b in pairwise(path)])


def far_from_numbers(made):
    """Nets of wires with no number beside them."""
    low, high = np.array(cells(made)).transpose(1, 0, 2)
    lonely = []
    for net in nets(made):
        place = np.concatenate([points(path) for path in net])[:, None]
        outside = np.maximum(np.maximum(low - place, place - high), 0)
        if np.hypot(*outside.T).min() > NEAR:
            lonely.append(net)
    return lonely


EVERY_ARROW = {
    **{make.__name__: (lambda make=make, v=v: make(v)) for make, (v, _) in NUMBERED.items()},
    "unrolled": lambda: figures.unrolled(
        5, RNG.random((5, 2)), RNG.random((5, 2)), start=[0, 0], on_every_arrow=True
    ),
}


@pytest.mark.parametrize("name", EVERY_ARROW)
def test_every_arrow_can_carry_its_numbers(name):
    made = EVERY_ARROW[name]()
    assert len(nets(made)) >= 2
    assert far_from_numbers(made) == []


def test_an_arrow_without_numbers_would_be_found():
    without = figures.unrolled(5, RNG.random((5, 2)), RNG.random((5, 2)))
    assert len(far_from_numbers(without)) == 6
    values = {k: v for k, v in NUMBERED[figures.lstm_module][0].items() if k != "output"}
    assert far_from_numbers(figures.lstm_module(values))


SHARP = ("loop, numbers", "unrolled, words", "rnn", "lstm, three units", "gru", "uses", "cover")


@pytest.mark.parametrize("name", SHARP)
def test_svg_is_sharp_at_any_size(name, tmp_path):
    svg = figures.save(DIAGRAMS[name](), tmp_path / "one.svg").read_text(encoding="utf-8")
    assert "<image" not in svg
    assert "<text" not in svg, "letters are outlines, so that no font is needed"
    assert len(re.findall(r"<(?:path|use)\b", svg)) > 20


@pytest.mark.parametrize("name", ["lines", "bars", "confusion", "histogram", "gates along"])
def test_svg_of_plots_is_sharp_too(name, tmp_path):
    svg = figures.save(PLOTS[name][0](), tmp_path / "one.svg").read_text(encoding="utf-8")
    assert "<text" not in svg
    # Matplotlib draws the strip of a colour bar as a picture; all else are paths.
    assert svg.count("<image") == len(re.findall(r'id="axes_\d+".{0,4000}?<image', svg, re.DOTALL))


@pytest.mark.parametrize("name", ["lstm", "unrolled", "uses"])
def test_png_has_two_pixels_for_each_shown_one(name):
    made = DIAGRAMS[name]()
    assert drawing.rendered(made.figure).size == tuple(
        2 * n for n in drawing.shown_size(made.figure)
    )


def grey(made):
    """The picture as a grey printer sees it: lightness L*, 0 to 100."""
    image = drawing.rendered(made.figure).convert("L")
    levels = np.array([style.lightness(f"#{g:02x}{g:02x}{g:02x}") for g in range(256)])
    return levels[np.asarray(image)]


def test_the_layers_of_an_lstm_differ_in_a_grey_print():
    made = figures.lstm_module()
    shades = grey(made)
    height, scale = shades.shape[0], style.SHOWN_DPI * style.SCALE
    found = []
    for _, x, *_ in lstm._LAYERS:
        row, column = height - int(2.25 * scale), int((x - 0.5) * scale)
        found.append(float(np.median(shades[row - 8 : row + 8, column - 8 : column + 8])))
    assert all(abs(a - b) >= 5 for a, b in pairwise(found))


def test_what_is_dimmed_is_lighter_in_a_grey_print():
    values = NUMBERED[figures.lstm_module][0]
    whole, lit = (grey(figures.lstm_module(values, part)) for part in (None, "forget"))
    darker = lit < whole - 1
    # Only the lit box has a bolder edge; everything else stays or gets lighter.
    assert darker.mean() < 0.01
    assert (lit > whole + 20).mean() > 0.02


def test_no_meaning_hangs_on_colour_alone():
    made = figures.uses_of_rnns()
    shapes = [
        a
        for a in made.figure.findobj(lambda a: isinstance(a, (Circle, Rectangle)))
        if str(a.get_gid()).startswith("lit")
    ]
    kinds = {(type(a).__name__, a.get_hatch() or "") for a in shapes}
    assert kinds == {("Rectangle", "///"), ("Rectangle", ""), ("Circle", "")}
    several = figures.lines([1, 2, 3], {name: [1, 2, k] for k, name in enumerate("abcdef")})
    looks = [(str(line._dash_pattern), line.get_marker()) for line in several.figure.axes[0].lines]
    assert len(set(looks)) == 6


def test_a_picture_survives_the_way_to_grey_with_its_numbers_readable():
    """Ink on every box of the modules keeps a contrast of 4.5 to 1 without colour."""
    for look in parts.LOOKS.values():
        ground, ink = style.lightness(look.fill), style.lightness(style.INK)
        luminance = [((light + 16) / 116) ** 3 + 0.05 for light in (ground, ink)]
        assert luminance[0] / luminance[1] >= 4.5
