"""The networks: to the parameter, padding made harmless, and text in, sentiment out."""

import numpy as np
import pytest

from workshop_utils.runtime import environment
from workshop_utils.sentiment import models, vectoriser


@pytest.fixture(scope="module")
def joined():
    keras = environment.load_keras()
    vectoriser.register()
    layer = keras.layers.TextVectorization(
        20, standardize=vectoriser.standardise, output_sequence_length=models.LONGEST_TEXT
    )
    layer.adapt(["a great debate", "a terrible debate"])
    network = models.quick_lstm(20, units=4, embedding_size=3)
    return layer, network, models.text_to_sentiment(layer, network)


def test_the_network_of_2019_to_the_parameter_with_keras_own_layers():
    network = models.lstm_2019()
    keras = environment.load_keras()
    kinds = [keras.layers.Embedding, keras.layers.LSTM, keras.layers.Dense, keras.layers.Dense]
    assert [type(layer) for layer in network.layers] == kinds
    assert [layer.count_params() for layer in network.layers] == [200_000, 117_248, 33_024, 514]
    assert network.count_params() == 350_786


def test_the_linear_model_learns_words_pairs_and_pieces_of_words():
    texts = ["a great night", "great men", "so bad", "a bad night", "not bad", "not great"] * 4
    labels = [1, 1, 0, 0, 1, 0] * 4
    model = models.linear().fit(texts, labels)
    assert model.predict(["great", "bad", "not bad", "not great"]).tolist() == [1, 0, 1, 0]
    assert model.predict_proba(["greatest"])[0, 1] > model.predict_proba(["badly"])[0, 1]


def test_in_the_quick_network_padding_on_the_right_changes_nothing():
    network = models.quick_lstm(50, units=4, embedding_size=3)
    short = np.array([[5, 6, 7]])
    padded = np.pad(short, [(0, 0), (0, 9)])
    np.testing.assert_allclose(network(short), network(padded), atol=1e-6)


@pytest.mark.parametrize("texts", [["a great debate"], [""], ["", ""], ["a " * 500, "\u2764"]])
def test_any_text_gets_a_probability(joined, texts):
    answers = np.asarray(joined[2](environment.load_tensorflow().constant(texts)))
    assert answers.shape == (len(texts), 1)
    assert np.all((answers > 0) & (answers < 1))


def test_the_text_in_model_agrees_with_its_two_halves(joined):
    layer, network, model = joined
    tensorflow = environment.load_tensorflow()
    texts = tensorflow.constant(["A GREAT debate!", "unknown words", ""])
    np.testing.assert_allclose(model(texts), network(layer(texts)), atol=1e-6)


def test_a_network_with_two_outputs_is_refused(joined):
    with pytest.raises(ValueError, match="2 numbers a text"):
        models.text_to_sentiment(joined[0], models.lstm_2019())
