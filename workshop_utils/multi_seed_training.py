"""Train the same network again and again, each time from new first weights.

A claim about what training does must not rest on one training. Here all of them run in
one compiled program, which makes the second and each later one many times faster than
``fit``: compiling takes longer than such a training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils import environment, tf_logging
from workshop_utils.sequence_tasks.program import CPU

Array = npt.NDArray[Any]


def train_again(
    make: Callable[[], Any],
    inputs: Array,
    targets: Array,
    sample_weight: Array,
    *,
    seeds: Sequence[int],
    epochs: int = 5,
    batch_size: int = 64,
    learning_rate: float = 0.02,
) -> Iterator[Any]:
    """Train a network once for each seed, as ``fit`` does with Adam.

    The loss is the binary cross-entropy at the places that count, and what the
    regularisers of the network add. In each epoch the rows come in a new order; the rows
    that fill no whole batch are left out, other ones each time.

    Args:
        make: Makes a new Keras model, (rows, timesteps) to (rows, timesteps, 1), with
            a sigmoid at its end. It must leave the seed alone.
        inputs: (rows, timesteps) word numbers.
        targets: (rows, timesteps), 0 or 1.
        sample_weight: (rows, timesteps): how much each answer counts.
        seeds: Each decides the first weights, the noise and the order of one training.
        epochs: Times through all rows.
        batch_size: Rows in a gradient step.
        learning_rate: Adam's.

    Yields:
        The trained network; the next training overwrites its weights.

    Raises:
        ValueError: There are fewer rows than a batch needs.
    """
    if len(inputs) < batch_size:
        raise ValueError(f"A batch needs {batch_size} rows, but there are only {len(inputs)}.")
    tf, keras = environment.load_tensorflow(), environment.load_keras()
    with tf.device(CPU):
        data = [tf.constant(inputs, tf.int32)]
        data += [tf.constant(array, tf.float32) for array in (targets, sample_weight)]
        model = _without_cudnn(make())
        optimizer = keras.optimizers.Adam(learning_rate)
        optimizer.build(model.trainable_variables)
        start = [variable.numpy() for variable in optimizer.variables]
        learn = _compiled(model, optimizer, data)
        for seed in seeds:
            environment.set_seed(seed)
            # Not weights but variables: the states of what draws the noise are among them.
            first = [variable.numpy() for variable in make().variables]
            _assign(model.variables, first)
            _assign(optimizer.variables, start)
            orders = np.random.default_rng(seed).permuted(
                np.tile(np.arange(len(inputs)), (epochs, 1)), axis=1
            )
            whole = len(inputs) // batch_size * batch_size
            learn(tf.constant(orders[:, :whole].reshape(-1, batch_size), tf.int32))
            yield model


def _assign(variables: Sequence[Any], values: Sequence[Array]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _without_cudnn(model: Any) -> Any:
    """Let a compiler have the network that cannot use cuDNN."""
    for layer in model.layers:
        if hasattr(layer, "use_cudnn"):
            layer.use_cudnn = False
    return model


def _compiled(model: Any, optimizer: Any, data: Sequence[Any]) -> Callable[[Any], Any]:
    """Compile a whole training: row numbers (steps, batch) in, the last loss out."""
    tf = environment.load_tensorflow()
    cross_entropy = environment.load_keras().losses.binary_crossentropy

    def learn(batches: Any) -> Any:
        def step(number: Any, _: Any) -> Any:
            words, truth, counts = (tf.gather(array, batches[number]) for array in data)
            with tf.GradientTape() as tape:
                answers = model(words, training=True)
                loss = tf.reduce_mean(cross_entropy(truth[..., None], answers) * counts)
                loss += sum(model.losses)
            weights = model.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            return number + 1, loss

        return tf.while_loop(lambda n, _: n < batches.shape[0], step, (0, 0.0))[1]

    tf_logging.silence_first_compilation(tf)
    compiled: Callable[[Any], Any] = tf.function(learn, jit_compile=True, autograph=False)
    return compiled
