"""The cliff: where the wall is, where the updates go, and that grey tells them apart."""

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch
from test_figures import assert_readable

from workshop_utils import figures, gradients
from workshop_utils.figures import drawing, surface

W, B = np.linspace(4.1, 4.7, 61), np.linspace(-2.4, -1.8, 61)
ERRORS = gradients.cliff_error(W, B[:, None])
WALK = {"start": (4.57, -2.0), "learning_rate": 0.3, "updates": 60}
WALKS = {
    "as it is": gradients.descend(**WALK),
    "clipped": gradients.descend(**WALK, threshold=1.0),
}


@pytest.fixture(scope="module")
def cliff():
    return figures.error_surface(W, B, ERRORS, WALKS, title="The cliff")


def test_the_cliff_is_described_by_its_own_numbers(cliff):
    assert cliff.alt.startswith("Map of the error: The cliff. Axes: bias b upwards and weight w")
    jumps = np.abs(np.diff(ERRORS, axis=1))
    row, column = np.unravel_index(jumps.argmax(), jumps.shape)
    one, other = ERRORS[row, column : column + 2].round(3)
    place = W[column : column + 2].mean()
    wall = f"its steepest wall, from {one:g} to {other:g} between two neighbouring places, is at"
    assert f"between 0 and {ERRORS.max():.3f}; {wall} ({place:.3g}, {B[row]:.3g})" in cliff.alt
    assert abs(one - other) > 0.5 * ERRORS.max()
    for name, path in WALKS.items():
        lengths = np.hypot(*np.diff(path, axis=0).T)
        end = f"to ({path[-1, 0]:.3g}, {path[-1, 1]:.3g})"
        longest = f"{end}, the longest (number {lengths.argmax() + 1}) {lengths.max():.3g} long"
        assert f"{name.capitalize()}: 60 updates from (4.57, -2) {longest}" in cliff.alt
    assert len(cliff.alt.split()) <= 80
    assert_readable(cliff.figure)
    assert len(drawing.png_bytes(cliff.figure)) < 150_000


def test_an_update_that_leaves_the_picture_says_where_it_ends(cliff):
    axes = cliff.figure.axes[0]
    landing = [text.get_text() for text in axes.texts]
    assert landing == ["to (8.44, 4.75)"]
    heads = [
        a for a in axes.findobj(FancyArrowPatch) if "Filled" in type(a.get_arrowstyle()).__name__
    ]
    long = [a.get_path().get_extents() for a in axes.findobj(FancyArrowPatch)]
    assert len(heads) < len(long)
    assert all(box.x1 <= W[-1] + 0.01 and box.y1 <= B[-1] + 0.01 for box in long)


def test_walks_differ_without_colour(cliff):
    axes = cliff.figure.axes[0]
    one, two = axes.get_legend().get_lines()
    assert one.get_linestyle() != two.get_linestyle()
    assert one.get_marker() != two.get_marker()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(WALKS)


def test_a_line_is_cut_where_it_leaves_and_not_drawn_from_outside():
    low, high = np.zeros(2), np.ones(2)
    cut = surface._cut(np.array([0.5, 0.5]), np.array([2.5, 0.5]), low, high)
    assert cut.tolist() == [1.0, 0.5]
    assert surface._cut(np.array([0.5, 0.5]), np.array([0.25, 1.0]), low, high).tolist() == [
        0.25,
        1,
    ]
    assert surface._cut(np.array([1.5, 0.5]), np.array([0.5, 0.5]), low, high) is None


def test_the_surface_alone_has_no_key():
    made = figures.error_surface(W, B, ERRORS)
    assert made.figure.axes[0].get_legend() is None
    assert "updates" not in made.alt


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"errors": ERRORS[:5]}, r"shape \(5, 61\); expected one row for each of 61 biases"),
        ({"walks": {"a": np.zeros((3, 3))}}, r"walk 'a' has shape \(3, 3\); expected \(updates"),
        ({"walks": dict.fromkeys("abc", np.zeros((3, 2)))}, "room for two walks, not 3"),
    ],
)
def test_shapes_that_do_not_fit_are_named(change, says):
    given = {"weights": W, "biases": B, "errors": ERRORS, "walks": None, **change}
    with pytest.raises(ValueError, match=says):
        figures.error_surface(**given)
