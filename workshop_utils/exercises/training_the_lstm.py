"""The exercises of notebook 05: build, measure and train a network, choose, read mistakes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import environment
from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["causes", "choose_threshold", "cross_entropy", "network_2019", "training_step"]

Array = NDArray[Any]
CAUSES = ("label", "irony", "target", "order", "words", "unclear")
TWEETS_READ = 10


def _network_2019(
    dense: str | None = None, last: str | None = "softmax", mask: bool = False, **lstm: Any
) -> Any:
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28,), dtype="int32"),
            layers.Embedding(2000, 100, mask_zero=mask),
            layers.LSTM(128, **lstm),
            layers.Dense(256, activation=dense),
            layers.Dense(2, activation=last),
        ]
    )


def solution_network_2019() -> Any:
    keras = environment.load_keras()
    layers = keras.layers
    return keras.Sequential([
        keras.Input((28,), dtype="int32"), layers.Embedding(2000, 100), layers.LSTM(128),
        layers.Dense(256), layers.Dense(2, activation="softmax"),
    ])  # fmt: skip


def _computes(**changed: Any) -> Callable[[Callable[[], Any]], bool]:
    """Whether a builder's network gives the numbers of the one of 2019, or of a changed one."""

    def same(build: Callable[[], Any]) -> bool:
        tokens = np.random.default_rng(0).integers(1, 2000, (4, 28))
        tokens[:, :9] = 0  # padding, on the left as in 2019
        given, wanted = build(), _network_2019(**changed)
        given.set_weights(wanted.get_weights())
        pairs = ((np.asarray(each(tokens, training=now)) for each in (given, wanted))
                 for now in (False, True))  # fmt: skip
        return all(
            one.shape == two.shape and np.allclose(one, two, atol=1e-5) for one, two in pairs
        )

    return same


def _builds(**changed: Any) -> tuple[Callable[[], Any]]:
    return (lambda: _network_2019(**changed),)


network_2019 = Exercise(
    name="network_2019",
    accepts=_computes(),
    hints=(
        "One line a layer, in the order of the table; all else keeps its default.",
        "keras.Sequential([keras.Input((28,), dtype='int32'), layers.Embedding(2000, 100), ...])",
    ),
    solved_by=solution_network_2019,
    mistakes=(
        Mistake(
            _computes(dense="relu"),
            "the layer with 256 numbers has no activation; yours has a ReLU, with as many weights.",
            _builds(dense="relu"),
            "dense_with_relu",
        ),
        Mistake(
            _computes(mask=True),
            "there was no mask in 2019; yours skips the padding, with as many weights.",
            _builds(mask=True),
            "masked_padding",
        ),
        Mistake(
            _computes(last=None),
            "the last layer gives no probabilities yet; it needs activation='softmax'.",
            _builds(last=None),
            "softmax_missing",
        ),
        Mistake(
            lambda build: len(build().output_shape) == 3,
            "your LSTM returns its state at every step; only the last one goes on.",
            _builds(return_sequences=True),
            "every_step_returned",
        ),
        Mistake(
            lambda build: not build().built or build().count_params() != 350_786,
            "your network has not 350,786 parameters; compare input and layers with the table.",
            (lambda: environment.load_keras().Sequential(_network_2019().layers[1:]),),
            "wrong_count",
        ),
    ),
    otherwise="with the weights of 2019 your network does not give the numbers of 2019.",
    after="It gives the same numbers as the network of 2019 when both have the same weights.",
    time_limit=30.0,
)


def solution_cross_entropy(label: Array, probabilities: Array) -> Any:
    return -np.sum(label * np.log(probabilities))


def _predictions() -> Iterator[tuple[Array, Array]]:
    rng = np.random.default_rng(1)
    for classes in (2, 2, 3, 5):
        drawn = rng.uniform(0.1, 1, classes)
        yield np.eye(classes)[rng.integers(classes)], drawn / drawn.sum()


cross_entropy = Exercise(
    name="cross_entropy",
    trials=_predictions,
    hints=(
        "Only the probability of the true class counts. The label is 1 there and 0 elsewhere.",
        "Multiply the label by np.log(probabilities), add up, and change the sign.",
    ),
    solved_by=solution_cross_entropy,
    mistakes=(
        Mistake(
            None,
            "your loss is below 0: the logarithm of a probability is negative. Change the sign.",
            (lambda label, probabilities: np.sum(label * np.log(probabilities)),),
            "sign_missing",
        ),
        Mistake(
            None,
            "you take the mean over the classes; add up, since the other label is 0.",
            (lambda label, probabilities: -np.mean(label * np.log(probabilities)),),
            "mean_over_classes",
        ),
        Mistake(
            None,
            "this is the logarithm to base 2; the loss of Keras takes the natural one, np.log.",
            (lambda label, probabilities: -np.sum(label * np.log2(probabilities)),),
            "base_two",
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


def _trains_like(step: Callable[..., Any], other: Callable[..., Any]) -> bool:
    """Whether six batches by two steps end with the same weights and give the same losses."""
    keras = environment.load_keras()
    layers, rng = keras.layers, np.random.default_rng(2)
    tokens, labels = rng.integers(1, 20, (6, 8, 6)), np.eye(2, dtype="float32")
    # A layer that normalises by the batch in training only shows who forgot training=True.
    first = keras.Sequential(
        [keras.Input((6,)), layers.Embedding(20, 3), layers.LSTM(4), layers.BatchNormalization(),
         layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    ends = []
    for run in (step, other):
        network, optimizer = keras.models.clone_model(first), keras.optimizers.SGD(0.1)
        network.set_weights(first.get_weights())
        losses = [float(run(network, optimizer, x, labels[x[:, 0] % 2])) for x in tokens]
        ends.append([*network.get_weights(), np.asarray(losses)])
    return all(np.allclose(one, two, atol=1e-5) for one, two in zip(*ends, strict=True))


def _step(
    training: bool = True, reduction: str = "sum_over_batch_size", apply: bool = True
) -> Callable[..., Any]:
    def step(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
        keras, tf = environment.load_keras(), environment.load_tensorflow()
        with tf.GradientTape() as tape:
            probabilities = network(tokens, training=training)
            loss = keras.losses.CategoricalCrossentropy(reduction=reduction)(labels, probabilities)
        gradients = tape.gradient(loss, network.trainable_variables)
        if apply:
            optimizer.apply(gradients, network.trainable_variables)
        return loss

    return step


def _is_step(**changed: Any) -> Callable[[Callable[..., Any]], bool]:
    return lambda step: _trains_like(step, _step(**changed))


training_step = Exercise(
    name="training_step",
    accepts=_is_step(),
    hints=(
        "Inside `with tf.GradientTape() as tape:` compute the probabilities and the loss.",
        "tape.gradient(loss, network.trainable_variables), then optimizer.apply(gradients, "
        "network.trainable_variables), then return the loss.",
    ),
    solved_by=solution_training_step,
    mistakes=(
        Mistake(
            _is_step(training=False),
            "call the network with training=True; otherwise some layers act as in a test.",
            (_step(training=False),),
            "training_flag_missing",
        ),
        Mistake(
            _is_step(reduction="sum"),
            "you add up the losses of the batch; `fit` takes their mean.",
            (_step(reduction="sum"),),
            "sum_of_losses",
        ),
        Mistake(
            _is_step(apply=False),
            "no weight changes; give the gradients to optimizer.apply.",
            (_step(apply=False),),
            "no_update",
        ),
    ),
    otherwise="the weights are not those that `fit` gives; follow the four steps above.",
    after="It does what `fit` does with a batch.",
    time_limit=60.0,
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
    time_limit=20.0,
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
    solved_by='"unclear words irony order label target target words order target".split()',
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
