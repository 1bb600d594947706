"""The drawings of one unit: where it rests, and two steps back."""

import numpy as np
import pytest
from test_figures import assert_readable, drawn_texts

from workshop_utils import figures
from workshop_utils.figures.backward import resting_points


@pytest.mark.parametrize("weight", [-3.0, -1.0, 0.5, 1.0, 1.2, 3.0, 20.0])
def test_a_resting_point_is_its_own_next_state(weight):
    points = resting_points(weight)
    np.testing.assert_allclose(np.tanh(weight * np.array(points)), points, atol=1e-6)
    assert len(points) == (3 if weight > 1 else 1)


@pytest.mark.parametrize(("weight", "first"), [(0.9, 0.5), (2.0, -0.7)])
def test_both_terms_add_up_to_a_nudge_of_the_weight(weight, first):
    def last(u):
        return np.tanh(u * np.tanh(u * first))

    slope = (last(weight + 1e-6) - last(weight - 1e-6)) / 2e-6
    made = figures.two_steps_back(weight, first)
    assert_readable(made.figure, smallest=10.0)
    texts = [text.get_text() for text, _ in drawn_texts(made.figure)]
    assert any(
        text.endswith(f"the sum, {slope:.2f}".replace("-", "\N{MINUS SIGN}")) for text in texts
    )
    assert sum(text.startswith("lag ") for text in texts) == 2
