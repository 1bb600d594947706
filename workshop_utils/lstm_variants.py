"""Variants of the LSTM that can be trained: one part taken out, tied to another, or added.

The names and the idea are those of Greff et al. 2017 ("LSTM: a search space odyssey",
arXiv 1503.04069), who trained eight variants on three tasks. Their usual LSTM has
peepholes; here the usual LSTM is that of Keras, and peepholes are a variant.
:func:`layer` makes a layer with the weights, the order of the blocks and the start
of ``keras.layers.LSTM``; :func:`measure` trains one variant on a task of ``tasks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from workshop_utils import environment
from workshop_utils.sequence_tasks import Task, Trainer, Trial

PACKAGE = "lstm_workshop"
"""The name under which Keras registers the cell."""

BLOCKS = ("input_gate", "forget_gate", "candidate", "output_gate")

#: What each variant leaves out of the kernel. A gate that is left out is always 1,
#: but for the coupled forget gate, which is 1 - input gate.
WITHOUT = {
    "LSTM": "",
    "peepholes": "",
    "coupled gates": "forget_gate",
    "no input gate": "input_gate",
    "no forget gate": "forget_gate",
    "no output gate": "output_gate",
    "no output tanh": "",
}
VARIANTS = tuple(WITHOUT)
"""The names of the variants; the first is the usual LSTM."""


class _VariantCell:
    """One step of a variant, as ``keras.layers.RNN`` wants it; see :func:`layer`."""

    add_weight: Any
    kernel: Any
    recurrent_kernel: Any
    bias: Any
    peepholes: Any

    def __init__(self, units: int, variant: str = "LSTM", **options: Any) -> None:
        if variant not in VARIANTS:
            known = ", ".join(VARIANTS)
            raise ValueError(f"The variants are {known}; {variant!r} is none of them.")
        environment.load_keras().layers.Layer.__init__(self, **options)
        self.units, self.variant = units, variant
        self.blocks = tuple(block for block in BLOCKS if block != WITHOUT[variant])
        self.state_size, self.output_size = [units, units], units

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the weights: those of ``keras.layers.LSTM``, in its order and with its start."""
        width = len(self.blocks) * self.units
        self.kernel = self.add_weight(
            shape=(input_shape[-1], width), initializer="glorot_uniform", name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, width), initializer="orthogonal", name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=(width,), initializer=self._first_bias, name="bias")
        if self.variant == "peepholes":
            # At 0 a peephole changes nothing, so this variant starts as the usual LSTM.
            self.peepholes = self.add_weight(
                shape=(3, self.units), initializer="zeros", name="peepholes"
            )

    def _first_bias(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        """A forget gate that starts at sigmoid(1) in each variant that has one, as in Keras."""
        ops = environment.load_keras().ops
        first = {"forget_gate": 1.0}
        if self.variant == "coupled gates":
            first = {"input_gate": -1.0}  # and so the forget gate is 1 - sigmoid(-1) = sigmoid(1)
        values = ops.convert_to_tensor([first.get(block, 0.0) for block in self.blocks], dtype)
        return ops.reshape(ops.repeat(values, self.units), shape)

    def call(self, inputs: Any, states: Sequence[Any]) -> tuple[Any, list[Any]]:
        """One step: inputs (batch, features) and two states (batch, units)."""
        ops = environment.load_keras().ops
        h, c = states
        z = inputs @ self.kernel + h @ self.recurrent_kernel + self.bias
        sums = dict(zip(self.blocks, ops.split(z, len(self.blocks), axis=-1), strict=True))
        i = self._gate(sums, "input_gate", c)
        f = 1 - i if self.variant == "coupled gates" else self._gate(sums, "forget_gate", c)
        c = f * c + i * ops.tanh(sums["candidate"])
        o = self._gate(sums, "output_gate", c)
        h = o * (c if self.variant == "no output tanh" else ops.tanh(c))
        return h, [h, c]

    def _gate(self, sums: dict[str, Any], block: str, c: Any) -> Any:
        """A gate's value (batch, units), or 1 where the variant does without it."""
        if block not in sums:
            return 1.0
        if self.variant == "peepholes":
            row = ("input_gate", "forget_gate", "output_gate").index(block)
            return environment.load_keras().ops.sigmoid(sums[block] + self.peepholes[row] * c)
        return environment.load_keras().ops.sigmoid(sums[block])

    def get_config(self) -> dict[str, Any]:
        """What the cell was made with, for ``from_config``."""
        given = environment.load_keras().layers.Layer.get_config(self)
        return {**given, "units": self.units, "variant": self.variant}


@cache
def register() -> type[Any]:
    """Make the cell known to Keras; :func:`layer` does it too.

    Returns:
        The class, which is a Keras layer.
    """
    keras = environment.load_keras()
    known = keras.saving.register_keras_serializable(package=PACKAGE)
    made: type[Any] = known(
        type("VariantCell", (_VariantCell, keras.layers.Layer), {"__module__": __name__})
    )
    return made


def layer(variant: str, units: int, **options: Any) -> Any:
    """Make a trainable layer of a variant.

    Args:
        variant: One of ``VARIANTS``.
        units: Length of the hidden state and of the cell state.
        **options: For ``keras.layers.RNN``, for example ``return_sequences=True``.

    Returns:
        The layer. Its weights are kernel (features, blocks * units), recurrent kernel
        (units, blocks * units) and bias (blocks * units,), with the blocks input gate,
        forget gate, candidate, output gate that the variant has; with peepholes one
        array more, (3, units), for input, forget and output gate.

    Raises:
        ValueError: There is no such variant.
    """
    cell = register()(units, variant, dtype=options.get("dtype"))
    return environment.load_keras().layers.RNN(cell, **options)


def measure(
    variant: str,
    task: Task,
    *,
    units: int = 8,
    seeds: Sequence[int] = (1, 2, 3),
    sequences: int = 20_000,
    learning_rate: float = 1e-2,
) -> list[Trial]:
    """Train a variant on a task, once for each seed.

    Args:
        variant: One of ``VARIANTS``.
        task: What to learn; its inputs must be vectors, not words.
        units: Units of the recurrent layer.
        seeds: Each decides first weights and sequences of one training.
        sequences: As in ``tasks.Trainer.run``.
        learning_rate: As in ``tasks.Trainer``.

    Returns:
        How each training went.

    Raises:
        ValueError: There is no such variant.
    """
    keras = environment.load_keras()
    network = keras.Sequential(
        [
            keras.Input((task.timesteps, task.features)),
            layer(variant, units),
            keras.layers.Dense(task.outputs),
        ]
    )
    trainer = Trainer(network, learning_rate=learning_rate)
    return [trainer.run(task, seed, sequences=sequences) for seed in seeds]
