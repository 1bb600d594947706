"""One style for every figure: colours, line styles, markers, sizes, and an empty figure.

Nothing here touches ``matplotlib.pyplot``: a figure belongs to whoever holds
it, needs no closing, and a learner's own settings neither change ours nor are
changed by them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from matplotlib import style as mpl_style
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

#: Pixels per inch at which a figure is shown. At 96 a point is a CSS point.
SHOWN_DPI = 96
#: Each shown pixel is stored as SCALE x SCALE pixels, for sharp text on any screen.
SCALE = 2

INK = "#1b2430"
MUTED = "#566070"
FAINT = "#c4cad3"
PAPER = "#ffffff"
PANEL = "#f5f7fa"
DIMMED_TEXT = "#858e9b"

#: Series colours in order of use. Each differs from every other in lightness, for a
#: grey print, and as readers without red, green or blue cones see it; the last one
#: still has a contrast of 3 to 1 on white.
SERIES = ("#10355f", "#d1580a", "#7a2f94", "#0e726e", "#1f1a17", "#6d8fd6")
#: The same for letters, which need a contrast of 4.5 to 1 on white (WCAG 2.2, 1.4.3).
LETTERS = ("#10355f", "#b34b09", "#7a2f94", "#0e726e", "#1f1a17", "#4f6aa3")
#: Each differs from every other, since a line of many points has no markers.
LINE_STYLES = (
    "-",
    (0, (5, 1.6)),
    (0, (1.2, 1.4)),
    (0, (7, 1.6, 1.4, 1.6)),
    (0, (7, 1.6, 1.4, 1.6, 1.4, 1.6)),
    (0, (3, 1.4)),
)
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++")

TITLE_SIZE = 12.5
TEXT_SIZE = 10.5
SMALL_SIZE = 10.0

#: White to dark blue: for values from zero upwards. Lightness falls all the way.
UPWARD = LinearSegmentedColormap.from_list(
    "workshop_upward", ["#ffffff", "#cfe3f0", "#86b4d6", "#3a76ae", "#123a66"]
)
#: Bars behind numbers with a sign, light enough for letters on them: green and rose, since
#: blue, orange, violet and teal belong to the layers of an LSTM (``parts.LOOKS``).
POSITIVE_BAR = "#c3dfa9"
NEGATIVE_BAR = "#f2b9c6"

#: Fills for words that carry their names, light enough for letters on them; none of them is
#: the colour of a layer.
TINTS = ("#f3e08a", "#f0c6cf", "#c9dfa8", "#d0c2b2", "#e9e4c4", "#d9a9b6", "#a9bf86", "#c3c9d2")

#: A white rim that keeps letters readable on whatever they stand.
HALO = withStroke(linewidth=2.4, foreground=PAPER)

#: The house style on top of Matplotlib's own, whatever the caller's settings are.
_SHEETS = ["default", str(files(__package__) / "house.mplstyle")]


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style, whatever the caller's settings: in a block or as a decorator."""
    with mpl_style.context(_SHEETS):
        yield


def new_figure(width: float, height: float) -> Figure:
    """Make an empty figure that no global list knows.

    Args:
        width: Width in inches; a figure of 7.5 is shown 720 pixels wide.
        height: Height in inches.
    """
    # Whole pixels, so that the stored picture is exactly SCALE times the shown one.
    whole = round(width * SHOWN_DPI) / SHOWN_DPI, round(height * SHOWN_DPI) / SHOWN_DPI
    return Figure(figsize=whole, dpi=SHOWN_DPI, layout="constrained")


def new_axes(width: float = 7.5, height: float = 4.0) -> tuple[Figure, Axes]:
    """Make a figure of that many inches with one pair of axes."""
    figure = new_figure(width, height)
    return figure, figure.add_subplot()


def luminance(colour: str) -> float:
    """Return the relative luminance of an sRGB colour, 0 (black) to 1 (white), as in WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
