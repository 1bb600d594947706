"""The networks: parameters, shapes, what a mask does, and the text-in model."""

import numpy as np
import pytest

from workshop_utils import environment, evaluation, models, vectoriser

TEXTS = ["What a great debate tonight", "terrible lies and more lies", "great great great"]


@pytest.fixture(scope="module")
def keras():
    return environment.load_keras()


@pytest.fixture(scope="module")
def joined(keras):
    environment.set_seed()
    layer = vectoriser.fit_vectoriser(TEXTS, 20)
    network = models.quick_lstm(20, units=4, embedding_size=3)
    return layer, network, models.text_to_sentiment(layer, network)


def test_the_network_of_2019_to_the_parameter():
    model = models.lstm_2019()
    assert model.count_params() == 350_786
    assert [(s.name, s.parameters) for s in models.summarise(model)] == [
        ("embedding", 200_000),
        ("lstm", 4 * ((100 + 128) * 128 + 128)),
        ("linear", 33_024),
        ("softmax", 514),
    ]
    assert model.output_shape == (None, 2)
    answers = model(np.zeros((3, 28), dtype="int32")).numpy()
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-6)


def test_the_mask_adds_no_parameter_and_makes_left_padding_harmless():
    text = np.array([[5, 6, 7]], dtype="int32")
    padded = np.pad(text, ((0, 0), (25, 0)))
    environment.set_seed()
    masked = models.lstm_2019(mask_padding=True)
    assert masked.count_params() == 350_786
    short = models.lstm_2019(timesteps=None, mask_padding=True)
    short.set_weights(masked.get_weights())
    np.testing.assert_allclose(masked(padded), short(text), atol=1e-6)
    unmasked, plain = models.lstm_2019(), models.lstm_2019(timesteps=3)
    for model in (unmasked, plain):
        model.set_weights(masked.get_weights())
    assert np.abs(unmasked(padded) - plain(text)).max() > 1e-6


def test_in_the_quick_network_padding_on_the_right_changes_nothing():
    environment.set_seed()
    model = models.quick_lstm(50, units=4, embedding_size=3)
    text = np.array([[5, 6, 7]], dtype="int32")
    np.testing.assert_allclose(model(text), model(np.pad(text, ((0, 0), (0, 9)))), atol=1e-6)
    assert model(np.zeros((2, 5), dtype="int32")).shape == (2, 1)


def test_a_text_without_a_token_is_read_as_one_unknown_word():
    environment.set_seed()
    model = models.quick_lstm(50, units=4, embedding_size=3)
    nothing = np.zeros((1, 5), dtype="int32")
    unknown = np.array([[1, 0, 0, 0, 0]], dtype="int32")
    np.testing.assert_array_equal(model(nothing), model(unknown))


def test_the_text_in_model_agrees_with_its_two_halves(joined):
    layer, network, model = joined
    texts = [*TEXTS, "an unseen word", ""]
    by_hand = network(vectoriser.encode(layer, texts)).numpy()[:, 0]
    np.testing.assert_allclose(evaluation.predict(model, texts), by_hand, atol=1e-6)
    assert model.get_layer("quick_lstm") is network
    assert model.get_layer("vectoriser") is layer


def test_a_very_long_text_is_cut_and_not_refused(joined):
    model = joined[2]
    long, longer = (" ".join(["great"] * n) for n in (models.LONGEST_TEXT, 2000))
    same = evaluation.predict(model, [long, longer])
    assert same[0] == pytest.approx(same[1])


def test_a_network_with_two_outputs_is_refused(joined):
    with pytest.raises(ValueError, match="2 numbers a text; expected one"):
        models.text_to_sentiment(joined[0], models.lstm_2019())


def test_the_summary_table_adds_up():
    lines = models.summary_table(models.lstm_2019()).splitlines()
    assert lines[0].split() == ["layer", "kind", "returns", "parameters"]
    assert [int(line.split()[-1].replace(",", "")) for line in lines[1:-1]] == [
        200_000,
        117_248,
        33_024,
        514,
    ]
    assert lines[-1].split() == ["sum", "350,786"]
    assert "(any, 32)" in models.summary_table(models.quick_lstm())


@pytest.mark.parametrize(
    ("kernel", "unmasked", "masked"), [("cudnn", "auto", False), ("graph", False, False)]
)
def test_cudnn_is_used_where_there_is_one_and_the_mask_suits_it(
    monkeypatch, kernel, unmasked, masked
):
    monkeypatch.setattr(environment, "lstm_kernel", lambda: kernel)
    for mask, expected in ((False, unmasked), (True, masked)):
        model = models.lstm_2019(mask_padding=mask)
        assert model.get_layer("lstm").use_cudnn == expected
