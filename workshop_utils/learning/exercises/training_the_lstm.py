"""The exercises of notebook 05: build, measure and train a network, choose, read mistakes."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.learning.exercises.core import Exercise, built, texts
from workshop_utils.learning.exercises.trials import same
from workshop_utils.runtime import environment

Array = NDArray[Any]
TEXTS = texts(__name__)
CAUSES = ("label", "irony", "target", "order", "words", "unclear")
TWEETS_READ = 10


def _network_2019() -> Any:
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential([
        keras.Input((28,), dtype="int32"), layers.Embedding(2000, 100), layers.LSTM(128),
        layers.Dense(256), layers.Dense(2, activation="softmax"),
    ])  # fmt: skip


def _changed(layer: int, **setting: Any) -> Callable[[], Any]:
    """Return a builder of the network of 2019 with another setting of one of its layers."""

    def build() -> Any:
        described = _network_2019().get_config()
        described["layers"][layer]["config"].update(setting)
        return environment.load_keras().Sequential.from_config(described)

    return build


def _numbers_given(build: Callable[[], Any]) -> list[Array]:
    """Return what a builder's network gives for four texts, always with the same weights."""
    rng, network = np.random.default_rng(0), built(build)
    tokens = rng.integers(1, 2000, (4, 28))
    tokens[:, :9] = 0  # padding, on the left as in 2019
    network.set_weights([rng.normal(0, 0.1, each.shape) for each in network.get_weights()])
    return [np.asarray(network(tokens, training=now)) for now in (False, True)]


network_2019 = Exercise(
    **TEXTS["network_2019"],
    measure=_numbers_given,
    same=partial(same, digits=4),
    solved_by=_network_2019,
    wrong={
        "dense_with_relu": _changed(3, activation="relu"),
        "masked_padding": _changed(1, mask_zero=True),
        "softmax_missing": _changed(4, activation="linear"),
        "wrong_count": (
            lambda build: not built(build).built or build().count_params() != 350_786,
            lambda: environment.load_keras().Sequential(_network_2019().layers[1:]),
        ),
    },
    time_limit=90.0,
)


def _cross_entropy(label: Array, probabilities: Array) -> Any:
    return -np.sum(label * np.log(probabilities))


def _predictions() -> Iterator[tuple[Array, Array]]:
    rng = np.random.default_rng(1)
    for classes in (2, 2, 3, 5):
        drawn = rng.uniform(0.1, 1, classes)
        yield np.eye(classes)[rng.integers(classes)], drawn / drawn.sum()


cross_entropy = Exercise(
    **TEXTS["cross_entropy"],
    trials=_predictions,
    solved_by=_cross_entropy,
    wrong={
        "sign_missing": lambda label, p: np.sum(label * np.log(p)),
        "mean_over_classes": lambda label, p: -np.mean(label * np.log(p)),
        "base_two": lambda label, p: -np.sum(label * np.log2(p)),
    },
)


def _training_step(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
    keras, tf = environment.load_keras(), environment.load_tensorflow()
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=True)
        loss = keras.losses.CategoricalCrossentropy()(labels, probabilities)
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def _without_training_flag(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
    class Network:
        trainable_variables = network.trainable_variables

        def __call__(self, tokens: Any, training: bool) -> Any:  # noqa: ARG002 (it is forgotten)
            return network(tokens)

    return _training_step(Network(), optimizer, tokens, labels)


def _sum_of_losses(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
    return _training_step(network, optimizer, tokens, len(labels) * labels)


def _no_update(network: Any, _optimizer: Any, tokens: Any, labels: Any) -> Any:
    standstill = environment.load_keras().optimizers.SGD(0.0)
    return _training_step(network, standstill, tokens, labels)


def _after_six_batches(step: Callable[..., Any]) -> list[Any]:
    """Return the losses of six batches, and the weights of a small network after them."""
    keras = environment.load_keras()
    layers, rng = keras.layers, np.random.default_rng(2)
    tokens, labels = rng.integers(1, 20, (6, 8, 6)), np.eye(2, dtype="float32")
    # A layer that normalises by the batch in training only shows who forgot training=True.
    network = keras.Sequential(
        [keras.Input((6,)), layers.Embedding(20, 3), layers.LSTM(4), layers.BatchNormalization(),
         layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    # The moving variance, one of these weights, must not be below 0.
    network.set_weights([rng.uniform(0, 0.5, each.shape) for each in network.get_weights()])
    optimizer = keras.optimizers.SGD(0.1)
    losses = [float(step(network, optimizer, x, labels[x[:, 0] % 2])) for x in tokens]
    return [losses, *network.get_weights()]


training_step = Exercise(
    **TEXTS["training_step"],
    measure=_after_six_batches,
    same=partial(same, digits=3),
    solved_by=_training_step,
    wrong={
        "training_flag_missing": _without_training_flag,
        "sum_of_losses": _sum_of_losses,
        "no_update": _no_update,
    },
    time_limit=120.0,
    call_limit=60.0,
)


def _choose_threshold(labels: Array, probabilities: Array) -> Any:
    from sklearn.metrics import f1_score

    thresholds = np.arange(0.05, 0.95, 0.01)
    scores = [f1_score(labels, probabilities >= t, average="macro") for t in thresholds]
    return thresholds[np.argmax(scores)]


def _rankings() -> Iterator[tuple[Array, Array]]:
    rng = np.random.default_rng(3)
    for share, middle in ((0.2, 0.35), (0.5, 0.6), (0.1, 0.2)):
        labels = (rng.random(300) < share).astype(int)
        yield labels, np.clip(rng.normal(middle - 0.1 + 0.25 * labels, 0.1), 0.01, 0.99)


def _chosen(choose: Callable[[Array, Array], Any]) -> list[float]:
    return [float(choose(*each)) for each in _rankings()]


def _scores(choose: Callable[[Array, Array], Any]) -> list[float]:
    """Return the macro-F1 of the chosen thresholds: equally good ones are equally right."""
    from sklearn.metrics import f1_score

    pairs = zip(_rankings(), _chosen(choose), strict=True)
    return [float(f1_score(labels, p >= t, average="macro")) for (labels, p), t in pairs]


def _by_accuracy(labels: Array, probabilities: Array) -> Any:
    thresholds = np.arange(0.05, 0.95, 0.01)
    return thresholds[np.argmax([np.mean(labels == (probabilities >= t)) for t in thresholds])]


choose_threshold = Exercise(
    **TEXTS["choose_threshold"],
    measure=_scores,
    solved_by=_choose_threshold,
    wrong={
        "best_accuracy": _by_accuracy,
        "place_returned": (lambda choose: _chosen(choose)[0] >= 1, lambda *_: 40),
        "constant": (
            lambda choose: len({round(each, 6) for each in _chosen(choose)}) == 1,
            lambda *_: 0.5,
        ),
    },
    time_limit=60.0,
)

causes = Exercise(
    **TEXTS["causes"],
    solved_by='"label order irony words unclear target order words target target".split()',
    wrong={
        "not_ten": (lambda given: len(given) != TWEETS_READ, ["label", "irony"]),
        "other_name": (lambda given: not set(given) <= set(CAUSES), ["noise"] * TWEETS_READ),
        "one_for_all": (lambda given: len(set(given)) == 1, ["label"] * TWEETS_READ),
    },
)
