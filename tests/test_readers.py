"""Readers: encoders, networks of every setting, training, and averages."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop_utils import baselines, cells, environment, text, training, wide_deep
from workshop_utils.wide_deep import encoder, learning, network, pretraining
from workshop_utils.wide_deep.settings import BEST, DEEP, START

GOOD = ["great debate, love it!!", "what a great night", "love this, so good", "great and good"]
BAD = ["so bad, sad lies", "what a terrible mess", "bad lies again...", "sad and terrible"]
TEXTS = np.array((GOOD + BAD) * 8, dtype=object)
LABELS = np.array(([1] * 4 + [0] * 4) * 8)
SMALL = {"units": 4, "size": 6, "epochs": 2, "vocabulary_size": 30, "batch_size": 16}


def small(settings, **changes):
    less = replace(settings, **SMALL)
    return replace(less, **({"buckets": 50} if settings.buckets else {}) | changes)


def test_a_word_that_only_begins_like_a_link_stays_a_word():
    assert text.words_as_written("httpd is a server, http://a.b not") == [
        "httpd", "is", "a", "server", ",", text.LINK, "not",
    ]  # fmt: skip
    assert text.words_as_written("cut http… and htt…") == ["cut", text.LINK, "and", text.LINK]


def test_words_as_written_keep_names_tags_and_signs():
    found = text.words_as_written("RT @Joe: Don't stop!!! #GOPDebate http://t.co/x 😀 &amp; more…")
    assert found == [
        "rt", "@joe", ":", "don't", "stop", "!!!", "#gopdebate", text.LINK, "😀", "&", "more", "…",
    ]  # fmt: skip


@given(st.text())
def test_words_as_written_take_any_text(anything):
    found = text.words_as_written(anything)
    assert all(word and not word.isspace() for word in found)
    assert text.words_as_written("") == []


def test_pieces_are_the_runs_of_a_marked_word():
    assert text.pieces("not", 3, 4) == ("<no", "not", "ot>", "<not", "not>")
    assert text.pieces("a", 3, 5) == ("<a>",)
    assert text.pieces("unbelievable", most=5) == ("<un", "unb", "nbe", "bel", "eli")


@given(st.text(min_size=1, max_size=30))
def test_pieces_come_from_the_word_and_are_never_too_many(word):
    found = text.pieces(word, most=16)
    assert len(found) <= 16
    assert all(piece in f"<{word}>" and 3 <= len(piece) <= 5 for piece in found)


def test_a_bucket_is_the_same_everywhere_and_never_the_padding():
    # The CRC-32 of these bytes is published in many places: cbf43926.
    assert encoder.bucket("123456789", 1000) == 1 + 0xCBF43926 % 999
    assert all(1 <= encoder.bucket(str(n), 7) < 7 for n in range(100))
    assert encoder.bucket("\ud800", 7) >= 1


def test_the_encoder_numbers_words_and_their_pieces():
    learnt = wide_deep.learn_encoder(["good good day", "good night"], 4, buckets=20)
    assert learnt.numbers == {"good": 2, "day": 3}
    encoded = learnt.encode(["good night day", ""])
    assert encoded.shape == (2, 3, 1 + encoder.PIECES)
    assert encoded[:, :, 0].tolist() == [[2, encoder.UNKNOWN, 3], [encoder.UNKNOWN, 0, 0]]
    places = [encoder.bucket(piece, 20) for piece in text.pieces("night", most=encoder.PIECES)]
    assert encoded[0, 1, 1 : 1 + len(places)].tolist() == places
    assert not encoded[0, 1, 1 + len(places) :].any()
    assert learnt.vocabulary_size == 4


def test_without_buckets_there_are_no_pieces_and_long_texts_are_cut():
    learnt = wide_deep.learn_encoder(["a b"], 4)
    assert learnt.encode(["a " * 100]).shape == (1, encoder.LONGEST, 1)
    assert learnt.encode([]).shape[0] == 0


def test_wide_columns_are_those_of_the_linear_baseline():
    listed = list(TEXTS[:8])
    wide, at_once = wide_deep.WideColumns.learn(listed)
    columns, values = wide.encode(listed)
    np.testing.assert_array_equal(columns, at_once[0])
    np.testing.assert_allclose(values, at_once[1], rtol=1e-6)
    dense = np.zeros((8, wide.size))
    np.add.at(dense, (np.arange(8)[:, None], columns), values)
    expected = baselines.words_and_characters().fit(listed).transform(listed).toarray()
    np.testing.assert_allclose(dense, expected, atol=1e-6)


@pytest.mark.parametrize("settings", [START, DEEP, BEST, replace(BEST, units=0)])
def test_every_kind_of_network_answers_between_0_and_1_and_ignores_padding(settings):
    settings = small(settings)
    listed = [str(each) for each in TEXTS[:8]]
    learnt = wide_deep.learn_encoder(
        listed, settings.vocabulary_size, buckets=settings.buckets, as_written=settings.as_written
    )
    wide = wide_deep.WideColumns.learn(listed)[0] if settings.wide else None
    environment.load_keras()
    environment.set_seed()
    model = network.build(settings, learnt.vocabulary_size, wide.size if wide else 0)
    tokens, beside = learnt.encode(listed), list(wide.encode(listed)) if wide else []
    longer = np.pad(tokens, [(0, 0), (0, 5), (0, 0)])
    answers = [np.asarray(model([each, *beside] if beside else each)) for each in (tokens, longer)]
    assert answers[0].shape == (8, 1)
    assert ((answers[0] > 0) & (answers[0] < 1)).all()
    np.testing.assert_allclose(*answers, atol=1e-6)


def test_the_pooled_vector_is_that_of_the_cells():
    settings = small(DEEP)
    environment.load_keras()
    environment.set_seed()
    model = network.build(settings, 30)
    tokens = wide_deep.learn_encoder(list(TEXTS), 30, buckets=50, as_written=True).encode(GOOD[:1])
    keras = environment.load_keras()
    words = keras.Model(model.input, model.get_layer("word_dropout").output)(tokens)
    both, vectors = model.get_layer("both_directions"), np.asarray(words)[0]
    forwards, backwards = map(cells.LSTMCell.from_keras, (both.forward_layer, both.backward_layer))
    ends = forwards.run(vectors).hidden_states, backwards.run(vectors[::-1]).hidden_states[::-1]
    hidden = np.concatenate(ends, axis=-1)
    pooled = np.concatenate([hidden.max(axis=0), hidden.mean(axis=0)])
    kernel, bias = (np.asarray(w) for w in model.get_layer("log_odds").get_weights())
    log_odds = pooled @ kernel + bias
    np.testing.assert_allclose(1 / (1 + np.exp(-log_odds)), np.asarray(model(tokens))[0], atol=1e-5)


def test_the_last_state_is_the_one_at_the_last_word():
    settings = small(START)
    environment.load_keras()
    environment.set_seed()
    model = network.build(settings, 30)
    learnt = wide_deep.learn_encoder(list(TEXTS), 30)
    together = np.asarray(model(learnt.encode([GOOD[0], "good"])))
    alone = np.asarray(model(learnt.encode(["good"])))
    np.testing.assert_allclose(together[1], alone[0], atol=1e-6)


@pytest.mark.parametrize(
    "settings",
    [
        small(START, epochs=12, learning_rate=0.03),
        small(DEEP, epochs=12, learning_rate=0.03, dropout=0.1),
        small(BEST, epochs=12, learning_rate=0.01, balanced=True, confident=True),
        small(BEST, epochs=12, learning_rate=0.01, units=0),
    ],
)
def test_a_reader_learns_what_two_words_say(settings):
    confidence = np.ones(len(TEXTS))
    reader = wide_deep.train(TEXTS, LABELS, settings, confidence=confidence, show=False)
    answers = reader.predict(["love it, great", "terrible and sad"])
    assert answers[0] > 0.6 > 0.4 > answers[1]
    again = wide_deep.train(TEXTS, LABELS, settings, confidence=confidence, show=False)
    np.testing.assert_array_equal(again.predict(TEXTS[:8]), reader.predict(TEXTS[:8]))


def test_early_stopping_looks_at_the_validation_part():
    settings = small(START, epochs=6, patience=1, learning_rate=0.5)
    reader = wide_deep.train(
        TEXTS, LABELS, settings, validation=(TEXTS[:8], 1 - LABELS[:8]), show=False
    )
    assert reader.history.stopped_early
    with pytest.raises(ValueError, match="give `validation`"):
        wide_deep.train(TEXTS, LABELS, settings, show=False)
    with pytest.raises(ValueError, match="give `confidence`"):
        wide_deep.train(TEXTS, LABELS, small(START, confident=True), show=False)


def test_the_schedule_ends_at_a_rate_of_0():
    settings = small(DEEP, epochs=2)
    reader = wide_deep.train(TEXTS, LABELS, settings, show=False)
    rate = reader.model.optimizer.learning_rate
    assert float(rate) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("settings", [small(START), small(DEEP)])
def test_pretraining_teaches_the_next_word_and_changes_the_lstm(settings, monkeypatch):
    monkeypatch.setattr(pretraining, "EPOCHS", 6)
    seen = []
    fit = training.fit
    monkeypatch.setattr(
        training, "fit", lambda *given, **options: seen.append(fit(*given, **options)) or seen[-1]
    )
    environment.load_keras()
    environment.set_seed()
    learnt = wide_deep.learn_encoder(list(TEXTS), 30, buckets=settings.buckets)
    model = network.build(settings, learnt.vocabulary_size)
    before = [np.copy(weights) for weights in model.get_weights()]
    pretraining.pretrain(model, settings, learnt, list(TEXTS), seed=1)
    losses = seen[0].history["loss"]
    assert losses[-1] < losses[0]
    changed = [not np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True)]
    # All but the two weights of the last layer, which guess no words.
    assert changed == [True] * (len(changed) - 2) + [False, False]


def test_an_average_of_equal_answers_is_the_answer_and_log_odds_cancel():
    same = wide_deep.mean_log_odds([[0.2, 0.9], [0.2, 0.9]])
    np.testing.assert_allclose(same, [0.2, 0.9])
    np.testing.assert_allclose(wide_deep.mean_log_odds([[0.1], [0.9]]), [0.5])
    assert np.isfinite(wide_deep.mean_log_odds([[0.0], [1.0]])).all()
    np.testing.assert_allclose(wide_deep.mean_log_odds([[0.2], [0.9]], weights=[0, 1]), [0.9])


def test_several_readers_have_several_seeds():
    several = wide_deep.train_several(
        TEXTS, LABELS, seeds=(1, 2), settings=small(START, epochs=1), show=False
    )
    first, second = (each.predict(TEXTS[:4]) for each in several)
    assert not np.allclose(first, second)


def test_both_classes_count_the_same_when_balanced():
    labels, sure = np.array([0] * 3 + [1]), np.array([1, 0.5, 1, 0.5])
    balanced, confident = replace(START, balanced=True), replace(START, confident=True)
    weights = learning._weights(balanced, labels, None)
    assert weights[labels == 1].sum() == pytest.approx(weights[labels == 0].sum())
    assert weights.mean() == pytest.approx(1)
    np.testing.assert_array_equal(learning._weights(confident, labels, sure), sure)
    both = learning._weights(replace(balanced, confident=True), labels, sure)
    np.testing.assert_allclose(both, weights * sure)
    assert learning._weights(START, labels, sure) is None
