"""The exercises of notebook 05: build, measure and train a network, choose, read mistakes."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment
from workshop_utils.exercises.core import Exercise, Mistake
from workshop_utils.exercises.network_checks import computes, trains_like
from workshop_utils.exercises.network_checks import network_2019 as built_2019
from workshop_utils.exercises.network_checks import step as made_step

__all__ = ["causes", "choose_threshold", "cross_entropy", "network_2019", "training_step"]

Array = NDArray[Any]
CAUSES = ("label", "irony", "target", "order", "words", "unclear")
TWEETS_READ = 10


def solution_network_2019() -> Any:
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential([
        keras.Input((28,), dtype="int32"), layers.Embedding(2000, 100), layers.LSTM(128),
        layers.Dense(256), layers.Dense(2, activation="softmax"),
    ])  # fmt: skip


def _wrong_network(name: str, sentence: str, **changed: Any) -> Mistake:
    return Mistake(computes(**changed), sentence, (lambda: built_2019(**changed),), name)


network_2019 = Exercise(
    name="network_2019",
    accepts=lambda build: computes()(build),
    hints=(
        "One line a layer, in the order of the table; all else keeps its default.",
        "keras.Sequential([keras.Input((28,), dtype='int32'), layers.Embedding(2000, 100), ...])",
    ),
    solved_by=solution_network_2019,
    mistakes=(
        _wrong_network(
            "dense_with_relu",
            "the layer with 256 numbers has no ReLU and no other activation.",
            dense="relu",
        ),
        _wrong_network(
            "masked_padding", "there was no mask in 2019; yours skips the padding.", mask=True
        ),
        _wrong_network("softmax_missing", "the last layer needs activation='softmax'.", last=None),
        Mistake(
            lambda build: not build().built or build().count_params() != 350_786,
            "your network has not 350,786 parameters; compare input and layers with the table.",
            (lambda: environment.load_keras().Sequential(built_2019().layers[1:]),),
            "wrong_count",
        ),
    ),
    otherwise="with the weights of 2019 your network does not give the numbers of 2019.",
    after="It gives the same numbers as the network of 2019 when both have the same weights.",
    time_limit=90.0,
)


def solution_cross_entropy(label: Array, probabilities: Array) -> Any:
    return -np.sum(label * np.log(probabilities))


def _predictions() -> Iterator[tuple[Array, Array]]:
    rng = np.random.default_rng(1)
    for classes in (2, 2, 3, 5):
        drawn = rng.uniform(0.1, 1, classes)
        yield np.eye(classes)[rng.integers(classes)], drawn / drawn.sum()


def _wrong_loss(name: str, sentence: str, loss: Callable[[Array, Array], Any]) -> Mistake:
    return Mistake(None, sentence, (loss,), name)


cross_entropy = Exercise(
    name="cross_entropy",
    trials=_predictions,
    hints=(
        "Only the probability of the true class counts. The label is 1 there and 0 elsewhere.",
        "Multiply the label by np.log(probabilities), add up, and change the sign.",
    ),
    solved_by=solution_cross_entropy,
    mistakes=(
        _wrong_loss(
            "sign_missing",
            "your loss is below 0; change the sign.",
            lambda y, p: np.sum(y * np.log(p)),
        ),
        _wrong_loss(
            "mean_over_classes",
            "add up over the classes; you take the mean.",
            lambda y, p: -np.mean(y * np.log(p)),
        ),
        _wrong_loss(
            "base_two", "take the natural logarithm, np.log.", lambda y, p: -np.sum(y * np.log2(p))
        ),
    ),
    after="A sure and wrong answer costs most.",
)


def solution_training_step(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
    keras, tf = environment.load_keras(), environment.load_tensorflow()
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=True)
        loss = keras.losses.CategoricalCrossentropy()(labels, probabilities)
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def _is_step(**changed: Any) -> Callable[[Callable[..., Any]], bool]:
    return lambda step: trains_like(step, made_step(**changed))


def _wrong_step(name: str, sentence: str, **changed: Any) -> Mistake:
    return Mistake(_is_step(**changed), sentence, (made_step(**changed),), name)


def _is_right_step(step: Callable[..., Any]) -> bool:
    with contextlib.suppress(Exception):
        step(None, None, None, None)  # a stub is known at once, before any network is built
    return _is_step()(step)


training_step = Exercise(
    name="training_step",
    accepts=_is_right_step,
    hints=(
        "Inside `with tf.GradientTape() as tape:` compute the probabilities and the loss.",
        "tape.gradient(loss, network.trainable_variables), then optimizer.apply(gradients, "
        "network.trainable_variables), then return the loss.",
    ),
    solved_by=solution_training_step,
    mistakes=(
        _wrong_step(
            "training_flag_missing", "call the network with training=True.", training=False
        ),
        _wrong_step(
            "sum_of_losses",
            "you add up the losses of the batch; `fit` takes their mean.",
            reduction="sum",
        ),
        _wrong_step(
            "no_update", "no weight changes; give the gradients to optimizer.apply.", apply=False
        ),
    ),
    otherwise="the weights are not those that `fit` gives; follow the four steps above.",
    after="It does what `fit` does with a batch.",
    time_limit=120.0,
    call_limit=60.0,
)


def solution_choose_threshold(labels: Array, probabilities: Array) -> Any:
    from sklearn.metrics import f1_score

    thresholds = np.arange(0.05, 0.95, 0.01)
    scores = [f1_score(labels, probabilities >= t, average="macro") for t in thresholds]
    return thresholds[np.argmax(scores)]


def _rankings() -> Iterator[tuple[Array, Array]]:
    rng = np.random.default_rng(3)
    for share, middle in ((0.2, 0.35), (0.5, 0.6), (0.1, 0.2)):
        labels = (rng.random(300) < share).astype(int)
        yield labels, np.clip(rng.normal(middle - 0.1 + 0.25 * labels, 0.1), 0.01, 0.99)


def _macro_f1(labels: Array, probabilities: Array, threshold: Any) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(labels, probabilities >= threshold, average="macro"))


def _chooses(choose: Callable[[Array, Array], Any], other: Callable[[Array, Array], Any]) -> bool:
    """Whether both choose thresholds that are equally good."""
    pairs = [(case, float(choose(*case)), float(other(*case))) for case in _rankings()]
    return all(
        abs(_macro_f1(*case, one) - _macro_f1(*case, two)) < 1e-9 for case, one, two in pairs
    )


def _by_accuracy(labels: Array, probabilities: Array) -> Any:
    thresholds = np.arange(0.05, 0.95, 0.01)
    return thresholds[np.argmax([np.mean(labels == (probabilities >= t)) for t in thresholds])]


choose_threshold = Exercise(
    name="choose_threshold",
    accepts=lambda choose: _chooses(choose, solution_choose_threshold),
    hints=(
        "Try many thresholds in a loop or a list, and measure the macro-F1 of each.",
        "np.argmax gives the place of the best score; the threshold at this place is the answer.",
    ),
    solved_by=solution_choose_threshold,
    mistakes=(
        Mistake(
            lambda choose: _chooses(choose, _by_accuracy),
            "this threshold has the best accuracy; the macro-F1 is asked for.",
            (_by_accuracy,),
            "best_accuracy",
        ),
        Mistake(
            lambda choose: float(choose(*next(_rankings()))) >= 1,
            "you return the place of the best score; return the threshold at this place.",
            (lambda *_: 40,),
            "place_returned",
        ),
        Mistake(
            lambda choose: len({round(float(choose(*case)), 6) for case in _rankings()}) == 1,
            "your threshold is the same for all probabilities; look for the best one.",
            (lambda *_: 0.5,),
            "constant",
        ),
    ),
    otherwise="another threshold has a higher macro-F1; try steps of 0.01.",
    after="Choose it on the validation part, never on the test part.",
    time_limit=60.0,
)


def _are_causes(given: Sequence[str]) -> bool:
    return len(given) == TWEETS_READ and set(given) <= set(CAUSES) and len(set(given)) > 1


causes = Exercise(
    name="causes",
    accepts=_are_causes,
    hints=(
        "Read a tweet aloud. Whom does it praise or blame, and would you give it this label?",
        'Write ten names from the table, for example ["label", "irony", ...].',
    ),
    solved_by='"label order irony words unclear target order words target target".split()',
    mistakes=(
        Mistake(
            lambda given: len(given) != TWEETS_READ,
            "there are ten tweets; give one cause for each.",
            (["label", "irony"],),
            "not_ten",
        ),
        Mistake(
            lambda given: not set(given) <= set(CAUSES),
            f"use the names of the table only: {', '.join(CAUSES)}.",
            (["noise"] * TWEETS_READ,),
            "other_name",
        ),
        Mistake(
            lambda given: len(set(given)) == 1,
            "you gave all ten the same cause; read them once more.",
            (["label"] * TWEETS_READ,),
            "one_for_all",
        ),
    ),
    after="Another reader may sort them in another way; compare.",
)
