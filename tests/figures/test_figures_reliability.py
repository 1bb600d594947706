"""Reliability diagrams: what they say is what the bins hold."""

import numpy as np
import pytest
from test_figures import assert_readable

from workshop_utils import figures
from workshop_utils.figures import drawing
from workshop_utils.sentiment import calibration

LABELS = np.array([0, 0, 0, 1, 0, 1, 1, 1])
SURE = np.array([0.02, 0.04, 0.06, 0.08, 0.92, 0.94, 0.96, 0.98])


def bins(labels=LABELS, probabilities=SURE):
    return calibration.reliability(labels, probabilities)


def test_each_bin_is_told_with_its_promise_and_what_it_keeps():
    made = figures.reliability({"before": bins()})
    assert made.alt == (
        "Reliability of P(positive). Before: calibration error 0.2 over 8 texts; mean "
        "P(positive) against the share that is positive, bin by bin: 0.05 against 0.25, 0.95 "
        "against 0.75."
    )


def test_points_and_bars_stand_at_the_shares():
    drawn = bins()
    axes = figures.reliability({"a": drawn}).figure.axes[0]
    assert [(bar.get_x(), bar.get_height()) for bar in axes.patches] == [(0.0, 0.25), (0.9, 0.75)]
    diagonal, points = axes.get_lines()
    assert np.array_equal(diagonal.get_xydata(), [[0, 0], [1, 1]])
    full = drawn.counts > 0
    assert np.array_equal(
        points.get_xydata(), np.stack([drawn.predicted[full], drawn.observed[full]], axis=1)
    )


@pytest.mark.parametrize("count", [1, 2])
def test_diagrams_side_by_side_can_be_read(count):
    drawn = np.random.default_rng(141).uniform(size=3000)
    labels = (drawn > 0.5).astype(int)
    made = figures.reliability(
        {f"way {k}": bins(labels, calibration.scale(drawn, k + 1)) for k in range(count)},
    )
    assert_readable(made.figure)
    assert len(drawing.png_bytes(made.figure)) < 150_000
    assert made.alt.count("calibration error") == count
