"""Answers to the exercises of notebook 05."""

from collections import Counter, defaultdict
from fractions import Fraction
from functools import partial, reduce

import numpy as np
import pandas as pd

from workshop_utils.runtime import load_keras, load_tensorflow

TRAINING = "training"
COPIED = "validation, with a copy"
NEW = "validation, without a copy"

# --- a training step ----------------------------------------------------------------------


def loss_in_two_lines(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=True)
        losses = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
        loss = tf.reduce_mean(losses)
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


def loss_object(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    measured = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = measured(labels, network(tokens, training=True))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    return loss


def logarithm_by_hand(network, optimizer, tokens, labels):
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        probabilities = network(tokens, training=True)
        of_label = tf.gather(probabilities, labels, axis=1, batch_dims=1)
        loss = -tf.reduce_mean(tf.math.log(of_label + 1e-7))
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def one_hot(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        of_tweets = keras.losses.categorical_crossentropy(
            tf.one_hot(labels, 2), network(tokens, training=True)
        )
        loss = keras.ops.mean(of_tweets)
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def sum_by_the_number(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(
            labels, network(tokens, training=True)
        )
        loss = tf.reduce_sum(losses) / len(labels)
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return float(loss)


def watched_by_hand(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    weights = network.trainable_variables
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for each in weights:
            tape.watch(each.value)
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
        )
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss.numpy()


def persistent_tape(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape(persistent=True) as tape:
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
        )
    gradients = [tape.gradient(loss, each) for each in network.trainable_variables]
    optimizer.apply(gradients, network.trainable_variables)
    return np.array([loss])


def tape_without_with(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    tape = tf.GradientTape()
    tape.__enter__()
    loss = tf.reduce_mean(
        keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
    )
    tape.__exit__(None, None, None)
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def gradients_as_a_tuple(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        loss = tf.math.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
        )
    gradients = tape.gradient(loss, tuple(network.trainable_variables))
    optimizer.apply(list(gradients), list(network.trainable_variables))
    return loss


def compiled_inside(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()

    @tf.function
    def measured():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
            )
        return loss, tape.gradient(loss, network.trainable_variables)

    loss, gradients = measured()
    optimizer.apply(gradients, network.trainable_variables)
    return loss


def as_tensors(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    return loss_in_two_lines(
        network, optimizer, tf.constant(tokens), keras.ops.convert_to_tensor(labels)
    )


class Step:
    def __init__(self, training):
        self.training = training

    def __call__(self, network, optimizer, tokens, labels):
        keras = load_keras()
        tf = load_tensorflow()
        with tf.GradientTape() as tape:
            probabilities = network(tokens, training=self.training)
            loss = tf.reduce_mean(
                keras.losses.sparse_categorical_crossentropy(labels, probabilities)
            )
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients, network.trainable_variables)
        return loss


def changed_step(
    network, optimizer, tokens, labels, *, training=True, reduce="mean", factor=1.0, steps=1
):
    """Do a step in which something may be changed."""
    keras = load_keras()
    tf = load_tensorflow()
    for _ in range(steps):
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(
                labels, network(tokens, training=training)
            )
            loss = {
                "mean": tf.reduce_mean,
                "sum": tf.reduce_sum,
                "max": tf.reduce_max,
                "first": lambda of_tweets: of_tweets[0],
                "none": lambda of_tweets: of_tweets,
            }[reduce](losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        changed = [factor * tf.convert_to_tensor(each) for each in gradients]
        optimizer.apply(changed, network.trainable_variables)
    return loss


def no_step(network, optimizer, tokens, labels):
    keras = load_keras()
    losses = keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
    return keras.ops.mean(losses)


def gradients_unused(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
        )
    tape.gradient(loss, network.trainable_variables)
    return loss


def outside_of_the_tape(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    loss = tf.reduce_mean(
        keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
    )
    with tf.GradientTape() as tape:
        pass
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


def swapped_arguments(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(network(tokens, training=True), labels)
        )
    optimizer.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)
    return loss


def gradients_returned(network, optimizer, tokens, labels):
    keras = load_keras()
    tf = load_tensorflow()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, network(tokens, training=True))
        )
    gradients = tape.gradient(loss, network.trainable_variables)
    optimizer.apply(gradients, network.trainable_variables)
    return gradients


def nothing_returned(network, optimizer, tokens, labels):
    loss_in_two_lines(network, optimizer, tokens, labels)


# --- the epoch to keep --------------------------------------------------------------------


def place_in_the_list(curves):
    losses = list(curves[NEW])
    return losses.index(min(losses)) + 1


def by_enumerate(curves):
    _, epoch = min((loss, epoch) for epoch, loss in enumerate(curves[NEW], start=1))
    return epoch


def by_a_loop(curves):
    best = float("inf")
    epoch = 0
    for number, loss in enumerate(curves[NEW]):
        if loss < best:
            best = loss
            epoch = number + 1
    return epoch


def by_pandas(curves):
    return pd.Series(curves[NEW], index=range(1, len(curves[NEW]) + 1)).idxmin()


def by_a_table(curves):
    table = pd.DataFrame(curves)
    return table[NEW].argmin() + 1


def by_sorting(curves):
    return sorted(range(len(curves[NEW])), key=curves[NEW].__getitem__)[0] + 1


def by_argsort(curves):
    return 1 + np.argsort(np.array(curves[NEW], dtype="float32"))[0]


def first_rise(curves):
    """Stop when the loss rises, as EarlyStopping with a patience of 0 does."""
    for number, (before, after) in enumerate(zip(curves[NEW], curves[NEW][1:], strict=False), 1):
        if after > before:
            return number
    return len(curves[NEW])


def by_recursion(curves, epoch=1):
    losses = curves[NEW]
    if losses[epoch - 1] == min(losses):
        return epoch
    return by_recursion(curves, epoch + 1)


def by_a_while(curves):
    epoch = 1
    while curves[NEW][epoch - 1] > min(curves[NEW]):
        epoch += 1
    return float(epoch)


def by_reduce(curves):
    pairs = enumerate(curves[NEW], start=1)
    return reduce(lambda one, other: other if other[1] < one[1] else one, pairs)[0]


def lowest_of(curves, name):
    return np.nanargmin(curves[name]) + 1


class Stopper:
    name = NEW

    def __call__(self, curves):
        return int(np.flatnonzero(np.array(curves[self.name]) == min(curves[self.name]))[0]) + 1


# --- a draw -------------------------------------------------------------------------------


def rows_of_each(groups, rng):
    numbers = np.unique(groups)
    drawn = rng.choice(numbers, size=len(numbers), replace=True)
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def by_two_loops(groups, rng):
    numbers = sorted(set(groups.tolist()))
    rows = []
    for _ in numbers:
        group = numbers[rng.integers(len(numbers))]
        for row, other in enumerate(groups):
            if other == group:
                rows.append(row)
    return rows


def by_comprehension(groups, rng):
    drawn = rng.choice(np.unique(groups), np.unique(groups).size)
    return [row for each in drawn for row in range(len(groups)) if groups[row] == each]


def as_a_generator(groups, rng):
    numbers = np.unique(groups)
    drawn = rng.choice(numbers, numbers.size)
    return (row for each in drawn for row in np.flatnonzero(groups == each))


def by_a_dictionary(groups, rng):
    rows = defaultdict(list)
    for row, group in enumerate(groups):
        rows[int(group)].append(row)
    drawn = (rows[int(each)] for each in rng.choice(list(rows), len(rows)))
    return reduce(lambda one, other: one + other, drawn)


def by_counting(groups, rng):
    numbers = np.unique(groups)
    times = Counter(rng.choice(numbers, numbers.size).tolist())
    return np.repeat(np.arange(groups.size), [times[group] for group in groups.tolist()])


def multinomial(groups, rng):
    numbers, of_row = np.unique(groups, return_inverse=True)
    times = rng.multinomial(numbers.size, np.full(numbers.size, 1 / numbers.size))
    return np.repeat(np.arange(groups.size), times[of_row])


def pandas_groups(groups, rng):
    rows = pd.Series(groups).groupby(groups).indices
    drawn = rng.choice(list(rows), len(rows))
    return np.hstack([rows[each] for each in drawn])


def pandas_merge(groups, rng):
    numbers = pd.unique(pd.Series(groups))
    drawn = pd.DataFrame({"group": rng.choice(numbers, len(numbers))})
    rows = pd.DataFrame({"group": groups, "row": range(len(groups))})
    return drawn.merge(rows, on="group")["row"]


def random_floats(groups, rng):
    numbers = np.unique(groups)
    places = (rng.random(numbers.size) * numbers.size).astype(int)
    return np.concatenate([np.where(groups == numbers[place])[0] for place in places])


def sorted_rows(groups, rng):
    return np.sort(rows_of_each(groups, rng)).astype(np.int32)


def split_by_group(groups, rng):
    order = np.argsort(groups, kind="stable")
    starts = np.unique(groups[order], return_index=True)[1][1:]
    parts = np.split(order, starts)
    return np.concatenate([parts[k] for k in rng.integers(0, len(parts), len(parts))])


def by_hand_down(groups, rng, left=None):
    numbers = np.unique(groups)
    left = numbers.size if left is None else left
    if left == 0:
        return []
    rows = np.flatnonzero(groups == rng.choice(numbers)).tolist()
    return rows + by_hand_down(groups, rng, left - 1)


class Draw:
    def __call__(self, groups, rng):
        return rows_of_each(groups, rng)


def draw_units(groups, rng, replace):
    numbers = np.unique(groups)
    drawn = rng.choice(numbers, numbers.size, replace=replace)
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def one_group_too_few(groups, rng):
    numbers = np.unique(groups)
    drawn = rng.choice(numbers, numbers.size - 1)
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def as_many_as_rows(groups, rng):
    drawn = rng.choice(np.unique(groups), len(groups))
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def cut_to_the_old_size(groups, rng):
    return rows_of_each(groups, rng)[: len(groups)]


def poisson(groups, rng):
    numbers, of_row = np.unique(groups, return_inverse=True)
    return np.repeat(np.arange(groups.size), rng.poisson(1, numbers.size)[of_row])


def own_generator(groups, rng):
    return rows_of_each(groups, np.random.default_rng())


def global_state(groups, rng):
    numbers = np.unique(groups)
    drawn = np.random.choice(numbers, numbers.size)  # noqa: NPY002
    return np.concatenate([np.flatnonzero(groups == each) for each in drawn])


def half_the_groups(groups, rng):
    numbers = np.unique(groups)
    drawn = rng.choice(numbers, numbers.size // 2, replace=False)
    return np.flatnonzero(np.isin(groups, drawn))


def unique_rows(groups, rng):
    return np.unique(rows_of_each(groups, rng))


def last_rows(groups, rng):
    last = {group: row for row, group in enumerate(groups.tolist())}
    return rng.choice(list(last.values()), len(last))


ALL_SIX = ["label", "irony", "target", "order", "words", "unclear"]
NAMES = [*ALL_SIX, "label", "label", "unclear", "words"]


def in_a_column(names):
    return pd.Series(names, index=range(1, len(names) + 1), name="cause")


RIGHT = {
    "rate": [2.5, 3, 4.0, 5, 8, 10, 12.5, 15, 20, 22, np.float32(6), [7.0], (9,), Fraction(7, 2),
             np.array([5.0]), pd.Series([4.0])],
    "training_step": [
        loss_in_two_lines, loss_object, logarithm_by_hand, one_hot, sum_by_the_number,
        watched_by_hand, persistent_tape, tape_without_with, gradients_as_a_tuple,
        compiled_inside, as_tensors, Step(training=True), partial(changed_step, reduce="mean"),
        lambda network, optimizer, tokens, labels: [
            loss_object(network, optimizer, tokens, labels)
        ],
    ],
    "epoch_to_keep": [
        place_in_the_list, by_enumerate, by_a_loop, by_pandas, by_a_table, by_sorting, by_argsort,
        first_rise, by_recursion, by_a_while, by_reduce, partial(lowest_of, name=NEW), Stopper(),
        lambda curves: [np.argmin(curves[NEW]) + 1],
    ],
    "draw": [
        rows_of_each, by_two_loops, by_comprehension, as_a_generator, by_a_dictionary, by_counting,
        multinomial, pandas_groups, pandas_merge, random_floats, sorted_rows, split_by_group,
        by_hand_down, Draw(), partial(draw_units, replace=True),
    ],
    "causes": [
        NAMES, NAMES[::-1], tuple(NAMES), np.array(NAMES), in_a_column(NAMES), iter(NAMES),
        (name for name in NAMES), ["label"] * 9 + ["unclear"], ["label", "words"] * 5,
        [*("irony", "order"), *ALL_SIX, "target", "target"], sorted(NAMES),
        np.repeat(ALL_SIX, 2)[:10], [ALL_SIX[k % 3] for k in range(10)], [*ALL_SIX[2:], *ALL_SIX],
    ],
}  # fmt: skip
WRONG = {
    "rate": {
        "uphill": [-5.0, 0, -0.001, [-3], float("-inf")],
        "creeps": [0.5, 1, 2.0, np.float32(0.1), [1.5]],
        "leaps": [40.0, 30, 100, 1e6, np.array([25.0])],
        "": [float("nan"), "5", [5, 10], None, {"rate": 5}],
    },
    "training_step": {
        "training_flag_missing": [
            Step(training=False), Step(training=None), partial(changed_step, training=False),
        ],
        "sum_of_losses": [
            partial(changed_step, reduce="sum"), partial(changed_step, reduce="none"),
        ],
        "no_update": [no_step, gradients_unused],
        "uphill": [partial(changed_step, factor=-1.0)],
        "": [
            outside_of_the_tape, swapped_arguments, gradients_returned, nothing_returned,
            partial(changed_step, reduce="max"), partial(changed_step, reduce="first"),
            partial(changed_step, steps=2), partial(changed_step, factor=0.5),
            lambda network, optimizer, tokens: 0.5,
        ],
    },
    "epoch_to_keep": {
        "counted_from_zero": [
            lambda curves: np.argmin(curves[NEW]),
            lambda curves: curves[NEW].index(min(curves[NEW])),
        ],
        "training_loss": [
            partial(lowest_of, name=TRAINING), lambda curves: len(curves["training"]),
        ],
        "memory_counted": [partial(lowest_of, name=COPIED)],
        "memory_added": [
            lambda curves: np.argmin(np.add(curves[COPIED], curves[NEW])) + 1,
            lambda curves: int(pd.DataFrame(curves)[[COPIED, NEW]].mean(axis=1).idxmin()) + 1,
        ],
        "highest": [lambda curves: np.argmax(curves[NEW]) + 1],
        "loss_returned": [lambda curves: min(curves[NEW]), lambda curves: np.min(curves[NEW])],
        "": [
            lambda curves: 2, lambda curves: curves[NEW], lambda curves: str(by_a_loop(curves)),
            lambda curves: len(curves[NEW]) // 2, lambda curves: by_a_loop(curves) + 1,
            lambda curves: np.argmin(pd.DataFrame(curves).sum(axis=1)) + 1,
            lambda curves: NEW, lambda curves: None, lambda: 1,
        ],
    },
    "draw": {
        "group_numbers": [lambda groups, rng: rng.choice(groups, np.unique(groups).size)],
        "mask": [
            lambda groups, rng: np.isin(groups, rng.choice(np.unique(groups), 7)),
            lambda groups, rng: [bool(each) for each in rng.integers(2, size=len(groups))],
        ],
        "first_rows": [last_rows],
        "rows": [
            lambda groups, rng: rng.integers(len(groups), size=len(groups)),
            lambda groups, rng: rng.choice(len(groups), len(groups)).tolist(),
            lambda groups, rng: rng.choice(len(groups), len(np.unique(groups))),
            cut_to_the_old_size,
        ],
        "without_replacement": [
            partial(draw_units, replace=False), lambda groups, rng: np.arange(len(groups)),
            lambda groups, rng: rng.permutation(len(groups)),
        ],
        "once": [unique_rows, half_the_groups],
        "by_size": [
            lambda groups, rng: np.concatenate(
                [np.flatnonzero(groups == groups[k]) for k in rng.integers(len(groups), size=7)]
            ),
        ],
        "other_random_numbers": [
            own_generator, global_state, lambda groups, rng: rows_of_each(
                groups, np.random.default_rng(3)
            ),
        ],
        "": [
            one_group_too_few, as_many_as_rows, poisson,
            lambda groups, rng: rng.random(len(groups)),
            lambda groups, rng: -rows_of_each(groups, rng),
            lambda groups, rng: np.unique(groups).size,
            lambda groups, rng: None, lambda groups, rng: rows_of_each(groups, rng)[:, np.newaxis],
            lambda groups: np.arange(len(groups)), lambda groups, rng: set(range(len(groups))),
        ],
    },
    "causes": {
        "not_ten": [NAMES[:9], [*NAMES, "label"], ["label", "unclear"], []],
        "other_name": [
            ["noise", *NAMES[1:]], [name.upper() for name in NAMES], ["bots"] * 10,
            [f"`{name}`" for name in NAMES],
        ],
        "one_for_all": [["irony"] * 10, ("unclear",) * 10],
        "": [
            "label", 10, None, dict.fromkeys(ALL_SIX, 1), list(range(10)), [NAMES], len,
            dict(enumerate(NAMES)),
        ],
    },
}  # fmt: skip
