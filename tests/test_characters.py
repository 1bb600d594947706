"""The character model's text, windows, sampling, and what its units look at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_utils import char_rnn, environment
from workshop_utils.cells import RNNCell
from workshop_utils.char_rnn import Alphabet, Speller

TEXT = char_rnn.plain(char_rnn.FACTS)


def untrained(text, units=4):
    alphabet = Alphabet.of(text)
    draw = np.random.default_rng(3)
    cell = RNNCell.random(len(alphabet), units, dtype="float32")
    return Speller(
        alphabet, cell, draw.normal(size=(units, len(alphabet))), np.zeros(len(alphabet))
    )


def test_the_text_is_plain_and_small():
    assert 3000 < len(TEXT) < 6000
    assert set(TEXT) <= set("abcdefghijklmnopqrstuvwxyz ,.")
    assert TEXT.count("  ") == 0
    assert TEXT.endswith(".")


@given(st.text(min_size=1, max_size=30))
def test_numbers_and_one_hot_vectors_stand_for_the_text(text):
    alphabet = Alphabet.of(text)
    numbers = alphabet.numbers(text)
    assert "".join(alphabet.characters[number] for number in numbers) == text
    vectors = alphabet.one_hot(numbers)
    assert vectors.shape == (len(text), len(alphabet))
    assert (vectors.sum(axis=1) == 1).all()
    assert (vectors.argmax(axis=1) == numbers).all()


def test_an_alphabet_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="lacks '!', 'z'; it holds 'ab'"):
        Alphabet.of("ab").numbers("az!b")
    with pytest.raises(ValueError, match="at least one character"):
        Alphabet.of("")


@given(st.text("abc", min_size=5, max_size=20), st.integers(1, 4), st.integers(1, 3))
def test_windows_pair_each_character_with_the_next(text, timesteps, stride):
    alphabet = Alphabet.of(text)
    cut = char_rnn.windows(text, alphabet, timesteps, stride)
    read = cut.inputs.argmax(axis=-1)
    assert read.shape == cut.targets.shape
    numbers = alphabet.numbers(text)
    for row, (inputs, targets) in enumerate(zip(read, cut.targets, strict=True)):
        start = row * stride
        assert (inputs == numbers[start : start + timesteps]).all()
        assert (targets == numbers[start + 1 : start + timesteps + 1]).all()


def test_a_text_that_is_too_short_is_refused():
    with pytest.raises(ValueError, match="text of at least 4, but this one has 3"):
        char_rnn.windows("abc", Alphabet.of("abc"), 3)


def test_sampling_is_repeatable_and_stays_in_the_alphabet():
    speller = untrained("the sea")
    one = speller.sample(50, seed=1)
    assert one == speller.sample(50, seed=1)
    assert one != speller.sample(50, seed=2)
    assert len(one) == 50
    assert set(one) <= set("the sea")
    assert speller.sample(0) == ""


def test_the_temperature_sharpens_the_choice():
    speller = untrained("the sea")
    state = speller.states("the")[-1]
    cold, warm = (speller.probabilities(state, temperature) for temperature in (0.1, 10.0))
    assert cold.max() > warm.max()
    assert cold.argmax() == warm.argmax()
    np.testing.assert_allclose([cold.sum(), warm.sum()], 1)
    with pytest.raises(ValueError, match="above 0, not 0"):
        speller.probabilities(state, 0)
    with pytest.raises(ValueError, match="at least one character"):
        speller.sample(start="")


def test_a_cold_sample_always_takes_the_likeliest_character():
    speller = untrained("the sea")
    written = speller.sample(6, temperature=1e-6)
    for place in range(6):
        likely = speller.probabilities(speller.states(" " + written[:place])[-1])
        assert speller.alphabet.characters[likely.argmax()] == written[place]


def test_known_words():
    assert char_rnn.words_of("The sea, the sun.") == ["the", "sea", "the", "sun"]
    assert char_rnn.known_share("rt the sea zzz su", "the sea. the sun.") == pytest.approx(2 / 3)
    assert char_rnn.known_share("the sea", "the sea.") == 0


def test_landmarks_of_a_short_text():
    marks = char_rnn.landmarks("it is. a")
    assert marks["a space"].tolist() == [0, 0, 1, 0, 0, 0, 1, 0]
    assert marks["a vowel"].tolist() == [1, 0, 0, 1, 0, 0, 0, 1]
    assert marks["place in the word"].tolist() == [1, 2, 0, 1, 2, 0, 0, 1]
    assert marks["the word ends here"].tolist() == [0, 1, 0, 0, 1, 0, 0, 1]


def test_announced_ends_are_told_as_pieces_of_words():
    likely = [0.1, 0.9, 0.8, 0.2, 0.7, 0.9, 0.5]
    assert char_rnn.announced("it isn.", likely) == ["it", "is", "isn"]
    assert char_rnn.announced("it isn.", likely, threshold=0.75) == ["it", "isn"]
    with pytest.raises(ValueError, match=r"2 characters needs .*\(2,\), but .* \(3,\)"):
        char_rnn.announced("ab", [0, 0, 0])


def test_the_unit_that_follows_a_landmark_is_found():
    draw = np.random.default_rng(5)
    mark = draw.normal(size=200)
    states = draw.normal(size=(200, 6))
    states[:, 4] = -3 * mark + 0.1 * draw.normal(size=200)
    states[:, 2] = 7.0
    (found,) = char_rnn.match_units(states, {"mark": mark})
    assert (found.landmark, found.unit) == ("mark", 4)
    assert -1 <= found.correlation < -0.9
    with pytest.raises(ValueError, match="'mark' has 200 values for 199 characters"):
        char_rnn.match_units(states[:-1], {"mark": mark})


def small_model(keras, alphabet, units=32):
    model = keras.Sequential(
        [
            keras.layers.Input((None, len(alphabet))),
            keras.layers.SimpleRNN(units, return_sequences=True),
            keras.layers.Dense(len(alphabet)),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss)
    return model


def test_a_trained_model_spells_and_runs_the_same_in_numpy():
    keras = environment.load_keras()
    environment.set_seed()
    text = "the sea and the sun and the sand. " * 12
    alphabet = Alphabet.of(text)
    model = small_model(keras, alphabet)
    inputs, targets = char_rnn.windows(text, alphabet, 20)
    before = Speller.from_keras(model, alphabet)
    model.fit(inputs, targets, batch_size=32, epochs=6, verbose=0)
    after = Speller.from_keras(model, alphabet)
    assert char_rnn.known_share(before.sample(200), text) < 0.3
    assert char_rnn.known_share(after.sample(200), text) > 0.8
    scores = after.states(text[:15]) @ after.kernel + after.bias
    expected = np.asarray(model(alphabet.one_hot(alphabet.numbers(text[:15]))[None]))[0]
    np.testing.assert_allclose(scores, expected, atol=1e-4)


def test_a_model_of_another_form_is_refused():
    keras = environment.load_keras()
    model = small_model(keras, Alphabet.of("abc"))
    with pytest.raises(ValueError, match="scores 3 characters, but the alphabet has 2"):
        Speller.from_keras(model, Alphabet.of("ab"))
    other = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(3)])
    with pytest.raises(ValueError, match=r"SimpleRNN and a Dense.*\['Dense'\]"):
        Speller.from_keras(other, Alphabet.of("abc"))
