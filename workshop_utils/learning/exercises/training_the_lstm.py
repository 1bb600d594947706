"""The exercises of notebook 05: choose a rate, train, stop, draw a test part, read mistakes."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.learning.exercises.core import Exercise, texts
from workshop_utils.learning.exercises.trials import same
from workshop_utils.runtime import environment

Array = NDArray[Any]
TEXTS = texts(__name__)

POSITIVE_WITH_NOT = 54 / 606
"""Share of positive tweets among the training tweets that hold the word "not"."""
STEPS, CLOSE_ENOUGH = 10, 0.001
CAUSES = ("label", "irony", "target", "order", "words", "unclear")
TWEETS_READ = 10


def _one_number(answer: Any) -> float:
    """Return an answer as a number; an array or a list of one number is one."""
    return float(np.asarray(answer, dtype=float).reshape(()))


def _sigmoid(w: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(w, -500, 500))))


def _loss(w: float) -> float:
    share = POSITIVE_WITH_NOT
    return float(share * np.logaddexp(0, -w) + (1 - share) * np.logaddexp(0, w))


def _after_ten_steps(rate: float) -> list[float]:
    """Return the weight at the start and after each step against the slope."""
    weights = [0.0]
    for _ in range(STEPS):
        weights.append(weights[-1] - rate * (_sigmoid(weights[-1]) - POSITIVE_WITH_NOT))
    return weights


def _too_high(rate: float) -> float:
    """Return by how much the loss after ten steps is above the lowest one."""
    lowest = np.log(POSITIVE_WITH_NOT / (1 - POSITIVE_WITH_NOT))
    return _loss(_after_ten_steps(rate)[-1]) - _loss(lowest)


def _reaches_the_bottom(answer: Any) -> bool:
    rate = _one_number(answer)
    return bool(np.isfinite(rate) and rate > 0 and _too_high(rate) < CLOSE_ENOUGH)


rate = Exercise(
    **TEXTS["rate"],
    measure=_reaches_the_bottom,
    solved_by="5.0",
    wrong={
        "uphill": (lambda given: _one_number(given) <= 0, -1.0),
        "creeps": (lambda given: _one_number(given) < 5, 0.5),
        "leaps": (lambda given: _one_number(given) > 5, 40.0),
    },
)


def _training_step(network: Any, optimizer: Any, tokens: Any, labels: Any) -> Any:
    keras, tf = environment.load_keras(), environment.load_tensorflow()
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
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
    keras, tf = environment.load_keras(), environment.load_tensorflow()
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
    keras = environment.load_keras()
    layers, rng = keras.layers, np.random.default_rng(2)
    tokens = rng.integers(1, 20, (6, 8, 6))
    # A layer that normalises by the batch in training only shows who forgot training=True.
    network = keras.Sequential(
        [keras.Input((6,)), layers.Embedding(20, 3), layers.LSTM(4), layers.BatchNormalization(),
         layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    # The moving variance, one of these weights, must not be below 0.
    network.set_weights([rng.uniform(0, 0.5, each.shape) for each in network.get_weights()])
    optimizer = keras.optimizers.SGD(0.1)
    # One loss a tweet, without the mean, has the gradient of their sum.
    losses = [float(np.sum(step(network, optimizer, x, x[:, 0] % 2))) for x in tokens]
    return [losses, *network.get_weights()]


training_step = Exercise(
    **TEXTS["training_step"],
    measure=_after_six_batches,
    same=partial(same, digits=3),
    solved_by=_training_step,
    wrong={
        "training_flag_missing": partial(_mistaken_step, training=False),
        "sum_of_losses": partial(_mistaken_step, summed=True),
        "no_update": partial(_mistaken_step, factor=0.0),
        "uphill": partial(_mistaken_step, factor=-1.0),
    },
    time_limit=120.0,
    call_limit=60.0,
)

TRAINING, COPIED, NEW = "training", "validation, with a copy", "validation, without a copy"


def _epoch_to_keep(curves: dict[str, list[float]]) -> Any:
    return int(np.argmin(curves["validation, without a copy"])) + 1


def _curves() -> Iterator[tuple[dict[str, list[float]]]]:
    """Yield trainings in which each curve would choose another epoch."""
    rng = np.random.default_rng(4)
    for epochs, of_copied, of_new in ((5, 3, 2), (8, 6, 3), (6, 4, 1), (10, 7, 9), (4, 2, 4)):
        training = np.linspace(0.5, 0.1, epochs)
        rising = 0.02 * rng.random(epochs)
        copied = 0.2 + 0.01 * np.abs(np.arange(1, epochs + 1) - of_copied) + 0.1 * rising
        new = 0.4 + 0.05 * np.abs(np.arange(1, epochs + 1) - of_new) + rising
        yield ({TRAINING: training.tolist(), COPIED: copied.tolist(), NEW: new.tolist()},)


def _lowest(name: str) -> Callable[[dict[str, list[float]]], int]:
    return lambda curves: int(np.argmin(curves[name])) + 1


epoch_to_keep = Exercise(
    **TEXTS["epoch_to_keep"],
    trials=_curves,
    solved_by=_epoch_to_keep,
    wrong={
        "counted_from_zero": lambda curves: int(np.argmin(curves[NEW])),
        "training_loss": _lowest(TRAINING),
        "memory_counted": _lowest(COPIED),
        "highest": lambda curves: int(np.argmax(curves[NEW])) + 1,
        "loss_returned": lambda curves: min(curves[NEW]),
    },
)


def _draw(groups: Array, rng: np.random.Generator) -> Any:
    numbers, group_of_row = np.unique(groups, return_inverse=True)
    drawn = rng.integers(numbers.size, size=numbers.size)
    times = np.bincount(drawn, minlength=numbers.size)
    return np.repeat(np.arange(len(groups)), times[group_of_row])


GROUPS = np.array([7, 3, 7, 900, 12, 7, 5, 7, 900, 31, 7, 7, 40, 7])
"""A test part of fourteen rows in seven groups; group 7 stands in it seven times."""
DRAWS = 400


def _multiplicities(draw: Callable[..., Any]) -> Array:
    """Return how often each row of :data:`GROUPS` was drawn, shape (draws, rows)."""
    rng = np.random.default_rng(5)
    rows = [np.asarray(draw(GROUPS.copy(), rng)) for _ in range(DRAWS)]
    if any(each.ndim != 1 or each.dtype.kind not in "iu" for each in rows):
        raise TypeError("give back row numbers, for example np.array([0, 2, 2])")
    if any(each.size and (each.min() < 0 or each.max() >= GROUPS.size) for each in rows):
        raise ValueError("give back row numbers, from 0 to len(groups) - 1")
    return np.array([np.bincount(each, minlength=GROUPS.size) for each in rows])


def _what_is_drawn(draw: Callable[..., Any]) -> list[bool]:
    """Judge draws: whole groups, as many as there are, some twice, each as often as the others."""
    times = _multiplicities(draw)
    numbers, first_row, of_row = np.unique(GROUPS, return_index=True, return_inverse=True)
    of_groups = times[:, first_row]
    mean = of_groups.mean(axis=0)
    return [
        bool(np.array_equal(times, of_groups[:, of_row])),
        bool((of_groups.sum(axis=1) == numbers.size).all()),
        bool((of_groups > 1).any()),
        bool((np.abs(mean - 1) < 0.3).all()),
        len(np.unique(of_groups, axis=0)) > DRAWS / 40,
    ]


def _draw_rows(groups: Array, rng: np.random.Generator) -> Any:
    return rng.integers(len(groups), size=len(groups))


def _draw_once(groups: Array, rng: np.random.Generator) -> Any:
    numbers = np.unique(groups)
    return np.flatnonzero(np.isin(groups, rng.choice(numbers, numbers.size)))


def _draw_first_rows(groups: Array, rng: np.random.Generator) -> Any:
    _, first_row = np.unique(groups, return_index=True)
    return rng.choice(first_row, first_row.size)


def _draw_by_size(groups: Array, rng: np.random.Generator) -> Any:
    drawn = rng.choice(groups, np.unique(groups).size)
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def _draw_without_replacement(groups: Array, rng: np.random.Generator) -> Any:
    drawn = rng.permutation(np.unique(groups))
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def _draw_always_alike(groups: Array, _rng: np.random.Generator) -> Any:
    return _draw(groups, np.random.default_rng(0))


def _draw_group_numbers(groups: Array, rng: np.random.Generator) -> Any:
    numbers = np.unique(groups)
    return rng.choice(numbers, numbers.size)


def _gives_groups(draw: Callable[..., Any]) -> bool:
    """Return whether a draw holds numbers of groups, one of them no row number."""
    drawn = np.concatenate([draw(GROUPS.copy(), np.random.default_rng(k)) for k in range(9)])
    return set(drawn) <= set(GROUPS) and bool(drawn.max() >= GROUPS.size)


def _gives_first_rows(draw: Callable[..., Any]) -> bool:
    """Return whether only the first row of each group is ever drawn."""
    drawn = np.flatnonzero(_multiplicities(draw).sum(axis=0))
    return np.array_equal(drawn, np.sort(np.unique(GROUPS, return_index=True)[1]))


def _judged_like(expected: list[bool | None]) -> Callable[[Any], bool]:
    """Return a predicate: the judgements of a draw are these, None for either."""

    def predicate(draw: Callable[..., Any]) -> bool:
        pairs = zip(_what_is_drawn(draw), expected, strict=True)
        return all(wanted is None or judged == wanted for judged, wanted in pairs)

    return predicate


draw = Exercise(
    **TEXTS["draw"],
    measure=_what_is_drawn,
    solved_by=_draw,
    wrong={
        "group_numbers": (_gives_groups, _draw_group_numbers),
        "first_rows": (_gives_first_rows, _draw_first_rows),
        "rows": (_judged_like([False, None, None, None, None]), _draw_rows),
        "without_replacement": (
            _judged_like([True, True, False, None, None]),
            _draw_without_replacement,
        ),
        "once": (_judged_like([True, False, False, None, None]), _draw_once),
        "always_alike": (_judged_like([True, None, True, None, False]), _draw_always_alike),
        "by_size": (_judged_like([True, None, None, False, None]), _draw_by_size),
    },
    time_limit=60.0,
)

causes = Exercise(
    **TEXTS["causes"],
    solved_by=(
        '["irony", "target", "unclear", "label", "label", "words", "target", "order", "words", '
        '"irony"]'
    ),
    wrong={
        "not_ten": (lambda given: len(given) != TWEETS_READ, ["label", "irony"]),
        "other_name": (lambda given: not set(given) <= set(CAUSES), ["noise"] * TWEETS_READ),
        "one_for_all": (lambda given: len(set(given)) == 1, ["label"] * TWEETS_READ),
    },
)
