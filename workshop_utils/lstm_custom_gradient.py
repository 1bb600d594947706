"""The LSTM of Keras with its gradient written out: the same numbers in less time on a CPU.

Keras lets TensorFlow derive the gradient of its loop, which then adds up the gradient of
the weights step by step and keeps every value in between. Here backpropagation through
time is written by hand: one loop back over the steps finds the gradients of the gates,
and one product behind it gives those of all weights (Greff et al. 2017, arXiv 1503.04069,
appendix A). A column of ones carries the bias, and one that is 1 where the mask hides a
step shuts the gates there, so that neither costs an operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from workshop_utils import environment

PACKAGE = "lstm_workshop"
"""The name under which Keras registers the layer."""

SHUT = 1e9
"""At -SHUT a gate is 0 and at SHUT it is 1, exactly, whatever is added to it."""


class _FusedLSTM:
    """``keras.layers.LSTM`` with another loop; see :func:`layer`."""

    def inner_loop(
        self: Any, sequences: Any, initial_state: Any, mask: Any, training: bool = False
    ) -> Any:
        """Run over all steps; ``keras.layers.RNN`` calls it and does the rest.

        Args:
            sequences: Shape (batch, timesteps, features).
            initial_state: h and c, each (batch, units).
            mask: True where a step is read, (batch, timesteps); None reads all of them.
            training: If not, the loop of Keras runs, since what it makes can be exported.

        Returns:
            The last output, all of them (one without ``return_sequences``), last h and c.
        """
        if not (training and _written_out(self, mask)):
            loop = environment.load_keras().layers.LSTM.inner_loop
            return loop(self, sequences, initial_state, mask, training)
        tf = environment.load_tensorflow()

        def in_order(values: Any) -> Any:
            """Batch first to time first, in the direction of reading."""
            turned = tf.transpose(tf.cast(values, self.compute_dtype), (1, 0, 2))
            return tf.reverse(turned, (0,)) if self.go_backwards else turned

        x, cell = in_order(sequences), self.cell
        read = None if mask is None else in_order(tf.cast(mask, "bool")[:, :, None])
        arrays = (cell.kernel, cell.recurrent_kernel, cell.bias)
        weights = [tf.cast(tf.convert_to_tensor(array), x.dtype) for array in arrays]
        run = _with_gradient(None if read is None else 1 - read, self.return_sequences)
        h, c, *every = run(x, *initial_state, *weights)
        if not every:
            # Keras answers 0, not the first state, where there is no step to read.
            last = h if read is None else h * tf.reduce_max(read, 0)
            return last, last[:, None], [h, c]
        outputs = every[0]
        if read is not None:  # the same before the first step that is read
            outputs *= read if self.zero_output_for_mask else tf.minimum(tf.cumsum(read), 1)
        return outputs[-1], tf.transpose(outputs, (1, 0, 2)), [h, c]


def _written_out(lstm: Any, mask: Any) -> bool:
    """Say whether the loop of this module can stand for that of Keras in a layer."""
    activations = environment.load_keras().activations
    return (
        environment.lstm_kernel() != "cudnn"
        and lstm.use_cudnn is not True
        and lstm.compute_dtype in {"float32", "float64"}
        and lstm.activation is activations.tanh
        and lstm.recurrent_activation is activations.sigmoid
        and lstm.use_bias
        and not (lstm.dropout or lstm.recurrent_dropout or lstm.unroll)
        and (lstm.return_sequences or not lstm.zero_output_for_mask)
        and (mask is None or len(getattr(mask, "shape", ())) == 2)
    )


def _with_gradient(hidden: Any, every: bool) -> Any:
    """Make the function from inputs, states and weights to states, with its gradient.

    ``hidden`` (timesteps, batch, 1) is 1 where the mask hides a step, or None; with
    ``every`` the function returns h of each step too, (timesteps, batch, units).
    """
    tf = environment.load_tensorflow()

    def run(x: Any, h: Any, c: Any, kernel: Any, recurrent: Any, bias: Any) -> tuple[Any, Any]:
        features, units = kernel.shape[0], recurrent.shape[0]
        columns, rows = [x, tf.ones_like(x[:, :, :1])], [kernel, bias[None]]
        if hidden is not None:  # there nothing comes in, all of c stays, and nothing goes out
            columns.append(hidden)
            rows.append(tf.repeat(tf.constant([[-SHUT, SHUT, 0, -SHUT]], x.dtype), units, 1))
        joined = tf.concat(columns, 2)
        all_weights = tf.concat([*rows, recurrent], 0)
        last, kept = _forwards(joined, h, c, all_weights, hidden, every)

        def gradient(d_h: Any, d_c: Any, *d_every: Any) -> tuple[Any, ...]:
            d_z, d_h, d_c = _backwards(kept, d_h, d_c, recurrent, hidden, d_every)
            flat = tf.reshape(d_z, (-1, 4 * units))
            read = tf.reshape(kept[-1].stack(), (-1, all_weights.shape[0]))
            d_weights = tf.matmul(read, flat, transpose_a=True)
            d_x = tf.reshape(tf.matmul(flat, kernel, transpose_b=True), tf.shape(x))
            return d_x, d_h, d_c, d_weights[:features], d_weights[-units:], d_weights[features]

        return last, gradient

    return tf.custom_gradient(run)


def _forwards(
    joined: Any, h: Any, c: Any, weights: Any, hidden: Any, every: bool
) -> tuple[tuple[Any, ...], list[Any]]:
    """Run over the steps. Return (h, c) or (h, c, every h), and what the gradient needs."""
    tf = environment.load_tensorflow()
    units, steps = h.shape[-1], tf.shape(joined)[0]
    inputs, stays = _list_of(joined), None if hidden is None else _list_of(hidden)
    widths = [units] * 6 + [weights.shape[0]] + [units] * every

    def step(t: Any, h: Any, c: Any, kept: Sequence[Any]) -> tuple[Any, ...]:
        row = tf.concat([inputs.read(t), h], 1)
        i, f, g, o = tf.split(tf.matmul(row, weights), 4, 1)
        i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
        before, c = c, f * c + i * g
        tanh_c = tf.tanh(c)
        h = o * tanh_c if stays is None else o * tanh_c + stays.read(t) * h
        values = (i, f, g, o, tanh_c, before, row, h)  # the last only where it is wanted
        return t + 1, h, c, [old.write(t, new) for old, new in zip(kept, values, strict=False)]

    empty = [_empty_list(joined, steps, width) for width in widths]
    _, h, c, kept = tf.while_loop(lambda t, *_: t < steps, step, (0, h, c, empty))
    return (h, c, *(values.stack() for values in kept[7:])), kept[:7]


def _backwards(
    kept: Sequence[Any], d_h: Any, d_c: Any, recurrent: Any, hidden: Any, d_every: Sequence[Any]
) -> tuple[Any, Any, Any]:
    """Run back over the steps: gradients of the gates' sums, and of the first h and c."""
    tf = environment.load_tensorflow()
    through_sigmoid, through_tanh = tf.raw_ops.SigmoidGrad, tf.raw_ops.TanhGrad
    stays = None if hidden is None else _list_of(hidden)
    outside = [_list_of(values) for values in d_every]
    turned = tf.transpose(recurrent)  # once, since each step's product is faster with it

    def step(t: Any, d_h: Any, d_c: Any, d_z: Any) -> tuple[Any, ...]:
        i, f, g, o, tanh_c, before = (values.read(t) for values in kept[:6])
        total = d_h + outside[0].read(t) if outside else d_h
        carry = d_c + through_tanh(y=tanh_c, dy=total * o)
        d_i, d_f = through_sigmoid(y=i, dy=carry * g), through_sigmoid(y=f, dy=carry * before)
        d_g, d_o = through_tanh(y=g, dy=carry * i), through_sigmoid(y=o, dy=total * tanh_c)
        sums = tf.concat([d_i, d_f, d_g, d_o], 1)
        earlier = tf.matmul(sums, turned)
        if stays is not None:
            earlier += stays.read(t) * total
        earlier, left = (tf.ensure_shape(new, d_h.shape) for new in (earlier, carry * f))
        return t - 1, earlier, left, d_z.write(t, sums)

    steps = kept[0].size()
    first = (steps - 1, d_h, d_c, _empty_list(d_h, steps, recurrent.shape[1]))
    _, d_h, d_c, d_z = tf.while_loop(lambda t, *_: t >= 0, step, first)
    return d_z.stack(), d_h, d_c


def _empty_list(like: Any, steps: Any, width: int) -> Any:
    """A list for one array (batch, width) a step, of the kind and the batch of another."""
    make, shape = environment.load_tensorflow().TensorArray, (like.shape[-2], width)
    return make(like.dtype, steps, element_shape=shape, clear_after_read=False)


def _list_of(values: Any) -> Any:
    """The list of what an array (timesteps, batch, width) holds for each step."""
    size = environment.load_tensorflow().shape(values)[0]
    return _empty_list(values, size, values.shape[-1]).unstack(values)


@cache
def register() -> type[Any]:
    """Make the layer known to Keras, which must happen before a file with it is loaded.

    Returns:
        The class, a ``keras.layers.LSTM`` with its name, its arguments, and its weights.
        It runs the loop of Keras on a GPU, when it is not training, and with dropout,
        ``unroll``, other activations, half precision or no bias.
    """
    keras = environment.load_keras()
    made = type("LSTM", (_FusedLSTM, keras.layers.LSTM), {"__module__": __name__})
    keras.saving.register_keras_serializable(package=PACKAGE)(made)
    return made


def layer(units: int, **options: Any) -> Any:
    """Make the layer with so many units; the options are those of ``keras.layers.LSTM``."""
    return register()(units, **options)
