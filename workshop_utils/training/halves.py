"""Train an LSTM faster on a CPU: gradient written out, both halves of a batch at the same time.

Keras lets TensorFlow derive the gradient of the loop over the steps. TensorFlow then adds up the
gradient of the weights step by step. Here backpropagation through time is written out: one loop
back over the steps finds the gradients of the gates, and one product after it those of all
weights (Greff et al. 2017, LSTM: a search space odyssey, appendix A, arXiv 1503.04069). One step
is too little work for two cores, so each core takes half of the batch through all steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from workshop_utils.runtime import accelerator, environment

SHUT = 1e9
"""A gate with -SHUT added to its sum is exactly 0, and one with SHUT added is exactly 1."""

LIKE = (
    *("activation", "recurrent_activation", "use_bias", "dropout", "recurrent_dropout", "dtype"),
    *("return_sequences", "return_state", "go_backwards", "unroll"),
)
"""Arguments of a layer that must be those of Keras' default."""


def divide_threads() -> bool:
    """Let TensorFlow do two things at a time, each with half of the cores.

    Call it before TensorFlow computes anything: its threads cannot change afterwards.

    Returns:
        Whether the threads are divided. If not, a sentence says so.
    """
    threading = environment.load_tensorflow().config.threading
    try:
        threading.set_inter_op_parallelism_threads(2)
        threading.set_intra_op_parallelism_threads(max(accelerator.cpu_count() // 2, 1))
    except RuntimeError:
        print("TensorFlow is running already, so batches will not be divided in halves.")
        return False
    return True


def in_halves(network: Any) -> Any:
    """Return a copy of a network, not compiled, that ``fit`` trains faster on a CPU.

    The copy has the same weights and computes the same, up to rounding. Its LSTM layers are
    called ``WrittenOutLSTM`` in ``summary()``. A layer that differs from Keras' default in more
    than its size stays as it is. Batches are divided only after :func:`divide_threads`. With a
    GPU, where Keras' own kernel is faster, the network itself is returned. Several batches a
    call, as by ``compile(steps_per_execution=20)``, make it faster still.

    Args:
        network: A Keras model, functional or sequential.

    Raises:
        ValueError: The network has several outputs.
    """
    if len(network.outputs) > 1:
        raise ValueError("Only a network with one output is trained in halves.")
    keras, config = environment.load_keras(), environment.load_tensorflow().config
    if config.list_physical_devices("GPU"):
        return network

    def copy(layer: Any) -> Any:
        kind = _layer_type() if _is_plain(layer) else type(layer)
        return kind.from_config(layer.get_config())

    made = keras.models.clone_model(network, clone_function=copy)
    if config.threading.get_inter_op_parallelism_threads() == 2:
        inputs = made.inputs if len(made.inputs) > 1 else made.inputs[0]
        made = _model_type()(inputs, made.outputs[0], name=network.name)
    made.set_weights(network.get_weights())
    return made


def _is_plain(layer: Any) -> bool:
    """Say whether a layer is Keras' LSTM with nothing changed that this module leaves out."""
    keras = environment.load_keras()
    if type(layer) is not keras.layers.LSTM:
        return False
    own, default = layer.get_config(), keras.layers.LSTM(layer.units).get_config()
    return all(own[name] == default[name] for name in LIKE)


@cache
def _model_type() -> type[Any]:
    """Make the class of models that train the halves of a batch side by side."""
    keras, tf = environment.load_keras(), environment.load_tensorflow()

    class Halves(keras.Model):  # type: ignore[misc, name-defined]
        """A model whose gradient is the mean of two halves' gradients, weighted by their rows."""

        def train_step(self, data: Any) -> Any:
            x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
            rows = tf.shape(y)[0]
            first, answers, losses, gradients = (rows + 1) // 2, [], [], []
            # Of a single row the second half is the row again, and counts nothing.
            second = slice(tf.minimum(first, rows - 1), None)
            for half, count in ((slice(None, first), first), (second, rows - first)):
                part = keras.tree.map_structure(lambda each, half=half: each[half], (x, y))
                weight = None if weights is None else weights[half]
                with tf.GradientTape() as tape:
                    answers.append(self(part[0], training=True))
                    loss = self.compute_loss(*part, answers[-1], weight)
                    losses.append(loss * tf.cast(count / rows, loss.dtype))
                found = tape.gradient(losses[-1], self.trainable_weights)
                gradients.append([tf.convert_to_tensor(each) for each in found])
            total = [sum(pair) for pair in zip(*gradients, strict=True)]
            self.optimizer.apply(total, self.trainable_weights)
            self._loss_tracker.update_state(sum(losses), sample_weight=rows)
            return self.compute_metrics(x, y, tf.concat(answers, 0)[:rows], weights)

    return Halves


@cache
def _layer_type() -> type[Any]:
    """Make the class of layers that replaces Keras' loop in training."""
    keras, tf = environment.load_keras(), environment.load_tensorflow()

    class WrittenOutLSTM(keras.layers.LSTM):  # type: ignore[misc, name-defined]
        """Keras' LSTM with another loop in training, for its last output."""

        def inner_loop(
            self, sequences: Any, initial_state: Any, mask: Any, training: bool = False
        ) -> Any:
            if not training:
                return super().inner_loop(sequences, initial_state, mask, training)
            hidden = None
            if mask is not None:
                hidden = 1 - tf.cast(tf.transpose(mask)[:, :, None], sequences.dtype)
            arrays = (self.cell.kernel, self.cell.recurrent_kernel, self.cell.bias)
            weights = [_gates_together(tf.convert_to_tensor(array)) for array in arrays]
            x = tf.transpose(sequences, (1, 0, 2))
            h, c = _through_time(hidden)(x, *initial_state, *weights)
            return h, h[:, None], [h, c]

    return WrittenOutLSTM


def _gates_together(weights: Any) -> Any:
    """Put Keras' blocks (i, f, candidate, o) so that one sigmoid computes the three gates."""
    tf = environment.load_tensorflow()
    i, f, candidate, o = tf.split(weights, 4, -1)
    return tf.concat([i, f, o, candidate], -1)


def _through_time(hidden: Any) -> Any:
    """Make the function from inputs, first h and c, and weights to last h and c.

    ``hidden``, (timesteps, batch, 1), is 1 where the mask hides a step; None hides none. There
    the input and output gates are shut and the forget gate is open, so c stays, and h is copied.
    """
    tf = environment.load_tensorflow()

    def run(x: Any, h: Any, c: Any, kernel: Any, recurrent: Any, bias: Any) -> Any:
        flat_x = tf.reshape(x, (-1, x.shape[2]))
        steps, batch, units = tf.shape(x)[0], tf.shape(x)[1], recurrent.shape[0]
        sums = tf.reshape(flat_x @ kernel + bias, (steps, batch, 4 * units))
        if hidden is not None:
            sums += hidden * tf.repeat(tf.constant([-SHUT, SHUT, -SHUT, 0.0], sums.dtype), units)
        last, kept = _forwards(sums, h, c, recurrent, hidden)

        def gradient(d_h: Any, d_c: Any) -> tuple[Any, ...]:
            d_sums, d_h, d_c = _backwards(kept, d_h, d_c, recurrent, hidden)
            flat = tf.reshape(d_sums, (-1, 4 * units))
            before = tf.reshape(kept[-1].stack(), (-1, units))
            d_x = tf.reshape(tf.matmul(flat, kernel, transpose_b=True), tf.shape(x))
            d_kernel = tf.matmul(flat_x, flat, transpose_a=True)
            d_recurrent = tf.matmul(before, flat, transpose_a=True)
            return d_x, d_h, d_c, d_kernel, d_recurrent, tf.reduce_sum(flat, 0)

        return last, gradient

    return tf.custom_gradient(run)


def _forwards(sums: Any, h: Any, c: Any, recurrent: Any, hidden: Any) -> tuple[Any, list[Any]]:
    """Run over the steps. Return the last h and c, and what the gradient needs of each step."""
    tf = environment.load_tensorflow()
    steps, units = tf.shape(sums)[0], recurrent.shape[0]
    inputs, copied = _list_of(sums), None if hidden is None else _list_of(hidden)

    def step(t: Any, h: Any, c: Any, kept: Sequence[Any]) -> tuple[Any, ...]:
        sums = inputs.read(t) + h @ recurrent
        gates, candidate = tf.sigmoid(sums[:, : 3 * units]), tf.tanh(sums[:, 3 * units :])
        i, f, o = tf.split(gates, 3, 1)
        new = f * c + i * candidate
        tanh_c = tf.tanh(new)
        values = (gates, candidate, tanh_c, c, h)
        h = o * tanh_c if copied is None else o * tanh_c + copied.read(t) * h
        return t + 1, h, new, [old.write(t, value) for old, value in zip(kept, values, strict=True)]

    empty = [_empty_list(steps, width, h.dtype) for width in (3 * units, *[units] * 4)]
    _, h, c, kept = tf.while_loop(lambda t, *_: t < steps, step, (0, h, c, empty))
    return (h, c), kept


def _backwards(
    kept: Sequence[Any], d_h: Any, d_c: Any, recurrent: Any, hidden: Any
) -> tuple[Any, Any, Any]:
    """Run back over the steps: gradients of the gates' sums, and of the first h and c."""
    tf = environment.load_tensorflow()
    of_sigmoid, of_tanh = tf.raw_ops.SigmoidGrad, tf.raw_ops.TanhGrad
    copied = None if hidden is None else _list_of(hidden)
    turned = tf.transpose(recurrent)  # once: each step's product is faster with it

    def step(t: Any, d_h: Any, d_c: Any, d_sums: Any) -> tuple[Any, ...]:
        gates, candidate, tanh_c, before = (values.read(t) for values in kept[:4])
        i, f, o = tf.split(gates, 3, 1)
        d_c += of_tanh(y=tanh_c, dy=d_h * o)
        d_gates = tf.concat([d_c * candidate, d_c * before, d_h * tanh_c], 1)
        d_candidate = of_tanh(y=candidate, dy=d_c * i)
        found = tf.concat([of_sigmoid(y=gates, dy=d_gates), d_candidate], 1)
        earlier = found @ turned if copied is None else found @ turned + copied.read(t) * d_h
        return t - 1, earlier, d_c * f, d_sums.write(t, found)

    steps = kept[0].size()
    start = (steps - 1, d_h, d_c, _empty_list(steps, recurrent.shape[1], d_h.dtype))
    _, d_h, d_c, d_sums = tf.while_loop(lambda t, *_: t >= 0, step, start)
    return d_sums.stack(), d_h, d_c


def _empty_list(steps: Any, width: int, dtype: Any) -> Any:
    """Return a list for one array (batch, width) a step."""
    tf = environment.load_tensorflow()
    return tf.TensorArray(dtype, steps, element_shape=(None, width), clear_after_read=False)


def _list_of(values: Any) -> Any:
    """Return the list of what an array (timesteps, batch, width) holds for each step."""
    steps = environment.load_tensorflow().shape(values)[0]
    return _empty_list(steps, values.shape[-1], values.dtype).unstack(values)
