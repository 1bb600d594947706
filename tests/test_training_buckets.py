"""Batches of texts of like length: no row is lost, no gradient changes, nothing is traced anew."""

import numpy as np
import pytest

from workshop_utils import environment, evaluation, models, training
from workshop_utils.training import buckets

RNG = np.random.default_rng(0)
WIDTH = 12
LENGTHS = RNG.integers(0, WIDTH + 1, 700)
TOKENS = RNG.integers(1, 50, (700, WIDTH)).astype("int32")
RIGHT = np.where(np.arange(WIDTH) < LENGTHS[:, None], TOKENS, 0)
LEFT = RIGHT[:, ::-1].copy()
POSITIVE = (TOKENS[:, :1] > 25).astype("float32")
ONE_HOT = np.eye(2, dtype="float32")[POSITIVE[:, 0].astype(int)]


def small_2019():
    environment.set_seed()
    return models.lstm_2019(50, None, mask_padding=True)


@pytest.mark.parametrize("tokens", [LEFT, RIGHT], ids=["padded left", "padded right"])
@pytest.mark.parametrize("plan", [buckets.shuffled(LEFT, 16, 141, 0), buckets.by_length(LEFT, 16)])
def test_each_row_comes_once_and_keeps_all_its_tokens(tokens, plan):
    if tokens is RIGHT:
        plan = buckets.shuffled(RIGHT, 16, 141, 3)
    assert sorted(plan.order.tolist()) == list(range(700))
    for rows, columns in plan:
        kept = tokens[rows][:, columns]
        assert kept.shape[1] == max(1, LENGTHS[rows].max())
        assert (kept != 0).sum() == LENGTHS[rows].sum()


def test_the_order_follows_from_seed_and_epoch_alone():
    def order(seed, epoch):
        return buckets.shuffled(LEFT, 16, seed, epoch).order.tolist()

    assert order(141, 0) == order(141, 0)
    assert len({tuple(order(*each)) for each in [(141, 0), (141, 1), (142, 0)]}) == 3


def test_most_of_the_padding_is_cut_and_the_batches_come_in_no_order_of_length():
    plan = buckets.shuffled(LEFT, 16, 141, 0)
    widths = plan.last - plan.first
    assert widths.mean() < LENGTHS.mean() + 1.5
    assert abs(np.corrcoef(widths, np.arange(widths.size))[0, 1]) < 0.5


def test_texts_without_a_token_keep_one_column():
    for rows, columns in buckets.shuffled(np.zeros((5, 4), dtype="int32"), 2, 141, 0):
        assert np.zeros((5, 4))[rows][:, columns].shape[1] == 1


@pytest.mark.parametrize(
    ("build", "tokens", "labels"),
    [(small_2019, LEFT, ONE_HOT), (lambda: models.quick_lstm(50, dropout=0), RIGHT, POSITIVE)],
    ids=["2019, padded left", "quick, padded right"],
)
def test_the_gradients_of_a_cut_batch_are_those_of_the_padded_one(build, tokens, labels):
    keras, tf = environment.load_keras(), environment.load_tensorflow()
    environment.set_seed()
    model = build()
    loss = keras.losses.BinaryCrossentropy()

    def gradients(part, targets):
        with tf.GradientTape() as tape:
            value = loss(targets, model(part, training=True))
        found = tape.gradient(value, model.trainable_variables)
        return [tf.convert_to_tensor(each).numpy() for each in found]

    plan = buckets.shuffled(tokens, 64, 141, 0)
    assert (plan.last - plan.first)[:2].min() < WIDTH
    for number, (cut, targets) in enumerate(buckets.dataset((tokens,), labels, plan).take(2)):
        rows = plan.order[plan.starts[number] : plan.stops[number]]
        np.testing.assert_array_equal(targets, labels[rows])
        of_cut, of_padded = gradients(cut, targets), gradients(tokens[rows], targets)
        assert max(np.abs(each).max() for each in of_padded) > 1e-3
        for ours, theirs in zip(of_cut, of_padded, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def trained():
    environment.load_keras()
    environment.set_seed()
    model = training.compile_model(models.quick_lstm(50, units=8), learning_rate=0.02)
    traced, step = [], model.train_step
    model.train_step = lambda data: traced.append(data) or step(data)
    options = {"validation": (RIGHT[:100], POSITIVE[:100]), "show": False, "buckets": True}
    return model, traced, training.fit(model, RIGHT, POSITIVE, epochs=6, batch_size=32, **options)


def test_it_learns_and_traces_nothing_for_another_length(trained):
    model, traced, record = trained
    assert record.history["loss"][-1] < 0.35 < record.history["loss"][0]
    # TensorFlow traces a first call twice, because Keras makes its metrics there.
    assert len(traced) == 2
    loss, accuracy = model.evaluate(RIGHT[:100], POSITIVE[:100], verbose=0)
    assert record.history["val_loss"][-1] == pytest.approx(loss, rel=1e-4)
    assert record.history["val_accuracy"][-1] == pytest.approx(accuracy, abs=1e-6)
    assert evaluation.scores(POSITIVE[:, 0], evaluation.predict(model, RIGHT)).accuracy > 0.85


def test_the_bar_counts_the_cut_batches(capsys):
    model = training.compile_model(models.quick_lstm(50, units=2))
    training.fit(model, RIGHT, POSITIVE, epochs=1, batch_size=100, buckets=True)
    assert "7/7" in capsys.readouterr().err.rsplit("\r", 1)[-1]


@pytest.mark.parametrize(
    ("build", "tokens", "why"),
    [
        (lambda: models.lstm_2019(50, None), LEFT, "mask_zero=True"),
        (lambda: models.lstm_2019(50, WIDTH, mask_padding=True), LEFT, "12 tokens only"),
        (small_2019, LEFT.astype("float32"), "padded integers"),
    ],
)
def test_what_cannot_be_cut_is_refused(build, tokens, why):
    model = training.compile_model(build())
    with pytest.raises(ValueError, match=why):
        training.fit(model, tokens, ONE_HOT, epochs=1, buckets=True, show=False)


def test_xla_and_batches_of_many_lengths_do_not_go_together(monkeypatch):
    monkeypatch.setattr(environment, "lstm_kernel", lambda: "graph")
    model = training.compile_model(small_2019(), steps=10**6)
    assert model.jit_compile is True
    with pytest.raises(ValueError, match="for each length"):
        training.fit(model, LEFT, ONE_HOT, epochs=1, buckets=True, show=False)
