"""Every explanation is exact in its own sense: it ends at, or adds up to, the model's answer."""

import numpy as np
import pytest
import small_classifier
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop_utils import evaluation, explain, models
from workshop_utils.cells import LSTMCell
from workshop_utils.classifier import SentimentClassifier
from workshop_utils.classifier.parts import OtherNetwork, network_of
from workshop_utils.explain import Explanation

TEXT = "What a great night, but terrible terrible lies and a strange debate \U0001f602"


@pytest.fixture(scope="module")
def classifier():
    return SentimentClassifier.of_model(
        small_classifier.train(), small_classifier.record(calibration={"temperature": 2.0})
    )


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


@pytest.mark.parametrize("method", [explain.gates_along, explain.contributions])
def test_the_cell_has_nothing_to_say_of_a_text_without_words(classifier, method):
    with pytest.raises(ValueError, match="at least one word"):
        method(classifier, "!!!")


@pytest.mark.parametrize("text", [TEXT, "great " * 99, "fox &copy; fox", "rt @someone: great"])
def test_on_a_trained_model_trajectory_and_omission_meet_the_answer(classifier, text):
    story = explain.prefix_trajectory(classifier.score, text)
    effect = explain.leave_one_word_out(classifier.score, text)
    answer = classifier.predict(text)
    assert story.tokens == effect.tokens
    assert len(story.tokens) == answer.tokens
    assert story.values[-1] == pytest.approx(answer.positive, abs=1e-6)
    assert effect.positive == pytest.approx(answer.positive, abs=1e-6)
    without = " ".join(effect.tokens[:-1])
    assert effect.values[-1] == pytest.approx(
        answer.positive - classifier.predict(without).positive, abs=1e-6
    )


def logit_of(classifier, text):
    positive = evaluation.predict(classifier.model, [text])[0]
    return np.log(positive / (1 - positive))


@pytest.mark.parametrize("forgetting", [True, False])
@pytest.mark.parametrize("text", [TEXT, "great", "unheard of", "great " * 99])
def test_the_contributions_add_up_to_the_logit(classifier, text, forgetting):
    parts = explain.contributions(classifier, text, forgetting=forgetting)
    assert parts.bias + parts.values.sum() == pytest.approx(parts.logit, abs=1e-9)
    assert parts.logit == pytest.approx(logit_of(classifier, text), abs=1e-5)
    calibrated = 1 / (1 + np.exp(-parts.logit / classifier.temperature))
    assert classifier.predict(text).positive == pytest.approx(calibrated, abs=1e-6)


KNOWN = ["great", "terrible", "night", "lies", "what", "a", "answer", "zzz"]
WORDS = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=64)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.booleans())
def test_they_add_up_for_any_text(classifier, words, forgetting):
    text = " ".join(words)
    parts = explain.contributions(classifier, text, forgetting=forgetting)
    assert parts.bias + parts.values.sum() == pytest.approx(logit_of(classifier, text), abs=1e-5)


def test_each_term_is_the_formula_of_the_paper(classifier):
    """Written out with loops: science.md, section 8."""
    steps = explain.gates_along(classifier, TEXT).steps
    readout = network_of(classifier.model).get_layer("positive").get_weights()[0][:, 0]
    last = len(steps.cell_state) - 1

    def written_until(t):
        total = np.zeros(readout.size)
        for j in range(t + 1):
            kept = np.ones(readout.size)
            for k in range(j + 1, last + 1):
                kept = kept * steps.forget_gate[k]
            total = total + kept * steps.input_gate[j] * steps.candidate[j]
        return total

    for t, value in enumerate(explain.contributions(classifier, TEXT).values):
        step = np.tanh(written_until(t)) - np.tanh(written_until(t - 1))
        assert value == pytest.approx(readout @ (steps.output_gate[last] * step), abs=1e-7)
    np.testing.assert_allclose(written_until(last), steps.cell_state[last], atol=1e-9)


def test_without_forgetting_a_term_is_the_step_of_the_cell_state(classifier):
    steps = explain.gates_along(classifier, "great terrible").steps
    readout = network_of(classifier.model).get_layer("positive").get_weights()[0][:, 0]
    expected = readout @ (steps.output_gate[1] * np.tanh(steps.cell_state[0]))
    parts = explain.contributions(classifier, "great terrible", forgetting=False)
    assert parts.values[0] == pytest.approx(expected, abs=1e-7)


def test_the_gates_are_those_of_the_trained_cell(classifier):
    story = explain.gates_along(classifier, TEXT)
    network = network_of(classifier.model)
    cell = LSTMCell.from_keras(network.get_layer("lstm"))
    numbers = classifier.engine.tokeniser([TEXT])[0]
    rows = network.get_layer("embedding").get_weights()[0][numbers]
    expected = cell.run(rows, return_steps=True).steps
    assert len(story.tokens) == len(numbers)
    for name in expected._fields:
        values = getattr(story.steps, name)
        assert values.shape == (len(numbers), cell.units)
        np.testing.assert_allclose(values, getattr(expected, name), atol=1e-5)
    assert ((story.steps.forget_gate > 0) & (story.steps.forget_gate < 1)).all()


def test_words_of_one_meaning_speak_for_their_side(classifier):
    parts = explain.contributions(classifier, "great terrible")
    assert parts.values[0] > 0 > parts.values[1]


def explanation(*values):
    tokens = tuple(f"w{n}" for n in range(len(values)))
    return Explanation(tokens, np.array(values, float), 0.5)


def test_the_rank_agreement_is_that_of_spearman():
    first = [explanation(1, 2, 3, 9), explanation(1, 2, 3), explanation(1, 2, 3, 4)]
    second = [explanation(2, 4, 5, 7), explanation(3, 2, 1), explanation(2, 1, 4, 3)]
    np.testing.assert_allclose(explain.rank_agreement(first, second), [1, -1, 0.6])


def test_ties_get_their_mean_rank_and_no_order_gives_no_agreement():
    tied = explain.rank_agreement([explanation(1, 1, 2)], [explanation(1, 2, 3)])
    assert tied == pytest.approx(np.sqrt(3) / 2)
    none = explain.rank_agreement(
        [explanation(1, 2), explanation(5, 5, 5)], [explanation(1, 2), explanation(1, 2, 3)]
    )
    assert np.isnan(none).all()


def test_explanations_of_different_texts_are_not_compared():
    with pytest.raises(ValueError, match="different texts"):
        explain.rank_agreement([explanation(1, 2, 3)], [explanation(1, 2, 3, 4)])


def test_another_network_is_refused_with_a_sentence(classifier):
    keras = models.runtime.load_keras()
    tokens = keras.Input((None,), dtype="int32")
    embedded = keras.layers.Embedding(40, 4, mask_zero=True)(tokens)
    read = keras.layers.Bidirectional(keras.layers.LSTM(4))(embedded)
    network = keras.Model(tokens, keras.layers.Dense(1, activation="sigmoid")(read))
    vectoriser = classifier.model.get_layer("vectoriser")
    other = SentimentClassifier.of_model(
        models.text_to_sentiment(vectoriser, network), small_classifier.record()
    )
    with pytest.raises(OtherNetwork, match="Bidirectional"):
        explain.contributions(other, "great")
