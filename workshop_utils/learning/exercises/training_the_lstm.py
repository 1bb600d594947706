"""The exercises of notebook 05; the one on a new test part comes from ``group_draws``."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from workshop_utils.learning.exercises.core import Exercise, Mistake, keras, layers, tf
from workshop_utils.learning.exercises.group_draws import draw
from workshop_utils.learning.exercises.kinds import like
from workshop_utils.learning.exercises.trials import same

__all__ = ["causes", "draw", "epoch_to_keep", "rate", "training_step"]

POSITIVE_WITH_NOT = 54 / 606
"""Share of positive tweets among the training tweets that hold the word "not"."""
STEPS = 10
CLOSE_ENOUGH = 0.001
CAUSES = frozenset(["label", "irony", "target", "order", "words", "unclear"])
TWEETS_READ = 10


def _slope(w: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(w, -500, 500)))) - POSITIVE_WITH_NOT


def _loss(w: float) -> float:
    share = POSITIVE_WITH_NOT
    return float(share * np.logaddexp(0, -w) + (1 - share) * np.logaddexp(0, w))


def _arrives(rate: float) -> bool:
    """Return whether ten steps against the slope end close above the lowest loss."""
    w = 0.0
    for _ in range(STEPS):
        w -= rate * _slope(w)
    lowest = np.log(POSITIVE_WITH_NOT / (1 - POSITIVE_WITH_NOT))
    return bool(rate > 0 and _loss(w) - _loss(lowest) <= CLOSE_ENOUGH)


rate = Exercise(
    __name__,
    "rate",
    solved_by="5.0",
    measure=_arrives,
    hints=(
        "Print loss(walk(5)[-1]), the loss after ten steps, for a few rates, and compare it with "
        "the lowest.",
        "A rate of 0.5 ends too far right, and 40 leaps over the lowest place; try some between "
        "them.",
    ),
    otherwise="after ten steps the loss is still more than 0.001 above the lowest.",
    after="Ten steps are enough; a much smaller rate creeps, a much larger one leaps.",
    mistakes=(
        Mistake(
            "uphill",
            "a rate of 0 stands still, and one below 0 climbs; take a rate above 0.",
            -1.0,
            lambda rate: rate <= 0,
        ),
        Mistake(
            "creeps",
            "your steps are too small; after ten of them the lowest place is still far.",
            0.5,
            lambda rate: rate < 5,
        ),
        Mistake(
            "leaps",
            "your steps leap over the lowest place and back; take a smaller rate.",
            40.0,
            lambda rate: rate > 5,
        ),
    ),
)


def solution_training_step(network, optimizer, tokens, labels):
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


def _mistaken_step(
    network: Any,
    optimizer: Any,
    tokens: Any,
    labels: Any,
    *,
    training: bool = True,
    summed: bool = False,
    factor: float = 1.0,
) -> Any:
    """Do a training step with one mistake; ``factor`` is what the gradient is multiplied by."""
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=training)
        losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
        loss = tf.reduce_sum(losses) if summed else tf.reduce_mean(losses)
    gradients = tape.gradient(loss, network.trainable_variables)
    # The gradient of an embedding holds only the rows of the batch, and cannot be multiplied.
    gradients = [factor * tf.convert_to_tensor(each) for each in gradients]
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def _after_six_batches(step: Callable[..., Any]) -> list[Any]:
    """Return the losses of six batches, and the weights of a small network after them."""
    rng = np.random.default_rng(2)
    tokens = rng.integers(1, 20, (6, 8, 6))
    # A layer that normalises by the batch in training only shows who forgot training=True.
    network = keras.Sequential(
        [keras.Input((6,)), layers.Embedding(20, 3), layers.LSTM(4), layers.BatchNormalization(),
         layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    # The moving variance, one of these weights, must not be below 0.
    network.set_weights([rng.uniform(0, 0.5, each.shape) for each in network.get_weights()])
    optimizer = keras.optimizers.SGD(0.1)
    returned = [step(network, optimizer, x, x[:, 0] % 2) for x in tokens]
    # One loss a tweet, without the mean, has the gradient of their sum. `like` refuses an answer
    # too large to be added up.
    losses = [float(np.sum(like(each, np.zeros(1)))) for each in returned]
    return [losses, *network.get_weights()]


training_step = Exercise(
    __name__,
    "training_step",
    solved_by=solution_training_step,
    measure=_after_six_batches,
    same=partial(same, digits=3),
    time_limit=60.0,
    hints=(
        "Inside `with tf.GradientTape() as tape:` compute the probabilities and the loss.",
        "tape.gradient(loss, network.trainable_variables), then optimizer.apply(gradients, "
        "network.trainable_variables), then return the loss.",
    ),
    otherwise="the losses and weights are not those that `fit` gives; follow the four parts above.",
    after="It does what `fit` does with a batch.",
    mistakes=(
        Mistake(
            "training_flag_missing",
            "call the network with training=True.",
            partial(_mistaken_step, training=False),
        ),
        Mistake(
            "sum_of_losses",
            "your gradient is that of the sum of the losses; `fit` takes their mean.",
            partial(_mistaken_step, summed=True),
        ),
        Mistake(
            "no_update",
            "no weight changes; give the gradients to optimizer.apply.",
            partial(_mistaken_step, factor=0.0),
        ),
        Mistake(
            "uphill",
            "your step climbs; give the gradients as they are, the optimizer goes against them.",
            partial(_mistaken_step, factor=-1.0),
        ),
    ),
)

TRAINING = "training"
COPIED = "validation, with a copy"
NEW = "validation, without a copy"


def solution_epoch_to_keep(curves):
    return int(np.argmin(curves["validation, without a copy"])) + 1


def _curves() -> Iterator[tuple[dict[str, list[float]]]]:
    """Yield trainings in which each curve, and each sum of curves, would choose another epoch."""
    rng = np.random.default_rng(4)
    cases = ((5, 3, 2, 0.01), (8, 6, 3, 0.2), (6, 4, 1, 0.01), (10, 7, 9, 0.2), (4, 2, 4, 0.2))
    for epochs, of_copied, of_new, steep in cases:
        numbers = np.arange(1, epochs + 1)
        rising = 0.02 * rng.random(epochs)
        yield (
            {
                TRAINING: np.linspace(0.5, 0.1, epochs).tolist(),
                COPIED: (0.2 + steep * np.abs(numbers - of_copied) + 0.1 * rising).tolist(),
                NEW: (0.4 + 0.05 * np.abs(numbers - of_new) + rising).tolist(),
            },
        )


def _lowest(*names: str) -> Callable[[dict[str, list[float]]], int]:
    """Return a choice by the sum of some curves."""
    return lambda curves: int(np.argmin(np.sum([curves[name] for name in names], axis=0))) + 1


epoch_to_keep = Exercise(
    __name__,
    "epoch_to_keep",
    solved_by=solution_epoch_to_keep,
    trials=_curves,
    hints=(
        "Which of the three curves tells how the network does with a tweet that it has never met?",
        "np.argmin(curves[name]) gives the place of the lowest loss; places begin at 0, epochs "
        "at 1.",
    ),
    after="What a network does with new tweets, only new tweets can tell.",
    mistakes=(
        Mistake(
            "counted_from_zero",
            "epochs are counted from 1, and places in a list from 0.",
            lambda curves: int(np.argmin(curves[NEW])),
        ),
        Mistake(
            "training_loss",
            "the training loss falls to the end, so it always chooses the last epoch; look at "
            "another.",
            _lowest(TRAINING),
        ),
        Mistake(
            "memory_counted",
            "tweets with a copy in training tell what was memorised, and need not agree with the "
            "others; look at the others.",
            _lowest(COPIED),
        ),
        Mistake(
            "memory_added",
            "tweets with a copy in training still have a say; look at the others alone.",
            _lowest(COPIED, NEW),
        ),
        Mistake(
            "highest",
            "you return the epoch with the highest loss; the lowest is wanted.",
            lambda curves: int(np.argmax(curves[NEW])) + 1,
        ),
        Mistake(
            "loss_returned",
            "you return a loss; return the number of its epoch.",
            lambda curves: min(curves[NEW]),
        ),
    ),
)


causes = Exercise(
    __name__,
    "causes",
    solved_by='["irony", "target", "unclear", "label", "label", "words", "target", "order", '
    '"words", "irony"]',
    hints=(
        "Read a tweet aloud. Whom does it praise or blame, and would you give it this label?",
        'Write ten names from the table, for example ["label", "irony", ...].',
    ),
    after="Another reader may sort them in another way; compare.",
    mistakes=(
        Mistake(
            "not_ten",
            "there are ten tweets; give one cause for each.",
            ["label", "irony"],
            lambda names: len(names) != TWEETS_READ,
        ),
        Mistake(
            "other_name",
            "use the names of the table only: label, irony, target, order, words, unclear.",
            ["noise"] * TWEETS_READ,
            lambda names: not CAUSES.issuperset(names),
        ),
        Mistake(
            "one_for_all",
            "you gave all ten the same cause; read them once more.",
            ["label"] * TWEETS_READ,
            lambda names: len(set(names)) == 1,
        ),
    ),
)
