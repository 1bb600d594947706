import numpy as np
import pytest

from workshop_utils import explain


def counts_of(word):
    """A score that is easy to follow by hand: the share of ``word`` among a text's words."""

    def score(texts):
        return np.array([t.split().count(word) / max(len(t.split()), 1) for t in texts])

    return score


def test_the_trajectory_ends_at_the_prediction():
    story = explain.prefix_trajectory(counts_of("good"), "good bad bad good")
    assert story.tokens == ("good", "bad", "bad", "good")
    np.testing.assert_allclose(story.values, [1, 1 / 2, 1 / 3, 2 / 4])
    assert story.positive == story.values[-1]


def test_leaving_a_word_out_shows_its_sign():
    effect = explain.leave_one_word_out(counts_of("good"), "good bad bad")
    np.testing.assert_allclose(effect.values, [1 / 3 - 0, 1 / 3 - 1 / 2, 1 / 3 - 1 / 2])
    assert effect.positive == pytest.approx(1 / 3)


@pytest.mark.parametrize("method", [explain.prefix_trajectory, explain.leave_one_word_out])
@pytest.mark.parametrize("text", ["", "   ", "!!!"])
def test_a_text_without_words_is_refused_with_a_sentence(method, text):
    with pytest.raises(ValueError, match="at least one word"):
        method(counts_of("good"), text)
