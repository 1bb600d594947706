"""One compiled training program, shared by all networks that differ only in their start.

Compiling takes longer than most trainings here. What the compiler sees is the
shape of a network, not its first weights, so one program serves all seeds and all
initialisers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils import environment, tf_logging
from workshop_utils.sequence_tasks.base import Answer

CPU = "/CPU:0"
#: Sequences of symbols that are answered at once.
PART = 100
Arrays = npt.NDArray[Any]


class Program:
    """A network on the CPU, its optimiser, and the compiled function that trains it.

    Args:
        model: The network to copy.
        learning_rate: Of Adam; the gradient of each weight array is clipped at norm 1.
        batch_size: Sequences in a gradient step.
        steps: Gradient steps in a round.
    """

    def __init__(self, model: Any, learning_rate: float, batch_size: int, steps: int) -> None:
        keras = environment.load_keras()
        self.batch_size, self.steps = batch_size, steps
        with environment.load_tensorflow().device(CPU):
            self.model = copy_of(model)
            self.optimizer = keras.optimizers.Adam(learning_rate, clipnorm=1.0)
            self.optimizer.build(self.model.trainable_variables)
        self._optimizer_start = [variable.numpy() for variable in self.optimizer.variables]
        self._compiled: dict[Answer, Callable[..., Any]] = {}

    def restart(self, weights: list[Arrays]) -> None:
        """Take first weights, and forget what the optimiser knows."""
        self.model.set_weights(weights)
        for variable, value in zip(self.optimizer.variables, self._optimizer_start, strict=True):
            variable.assign(value)

    def learn(self, inputs: Arrays, targets: Arrays, answer: Answer) -> tuple[Arrays, float]:
        """Learn from one round of sequences.

        Args:
            inputs: (steps * batch_size, timesteps, ...).
            targets: (steps * batch_size, outputs), or (steps * batch_size, timesteps).
            answer: What the outputs mean, which decides the loss.

        Returns:
            The outputs, each computed before the network learnt from its sequence,
            and the mean loss of the answers that count.
        """
        if answer not in self._compiled:
            self._compiled[answer] = self._compile(answer)
        in_steps = (
            array.reshape(self.steps, self.batch_size, *array.shape[1:])
            for array in (inputs, targets)
        )
        with environment.load_tensorflow().device(CPU):
            outputs, losses = self._compiled[answer](*in_steps)
        one_each = outputs.numpy().reshape(-1, *self.model.output_shape[1:])
        return one_each, float(losses.numpy().mean())

    def answer(self, inputs: Arrays) -> Arrays:
        """Compute the outputs of the network as it is now, (batch, [timesteps,] outputs)."""
        # Vectors of many symbols are made for a few sequences at a time.
        at_once = PART if self._takes_vectors_for(inputs) else len(inputs)
        with environment.load_tensorflow().device(CPU):
            parts = [
                self.model(self._vectors(inputs[first : first + at_once])).numpy()
                for first in range(0, len(inputs), at_once)
            ]
        return np.concatenate(parts)

    def _takes_vectors_for(self, inputs: Any) -> bool:
        """Say whether the inputs are numbers of symbols and the network wants vectors."""
        return len(inputs.shape) < len(self.model.input_shape)

    def _vectors(self, inputs: Any) -> Any:
        """Turn numbers of symbols into vectors with a single 1, if the network wants vectors."""
        if not self._takes_vectors_for(inputs):
            return inputs
        return environment.load_tensorflow().one_hot(inputs, self.model.input_shape[-1])

    def _compile(self, answer: Answer) -> Callable[..., Any]:
        tf = environment.load_tensorflow()
        model, optimizer, loss_of = self.model, self.optimizer, _loss(answer)
        steps, outputs = self.steps, (self.batch_size, *self.model.output_shape[1:])

        def learn(inputs: Any, targets: Any) -> Any:
            def step(number: Any, answers: Any, losses: Any) -> Any:
                with tf.GradientTape() as tape:
                    answer = model(self._vectors(inputs[number]), training=True)
                    loss = tf.reduce_mean(loss_of(targets[number], answer))
                weights = model.trainable_variables
                gradient = tape.gradient(loss, weights)
                optimizer.apply_gradients(zip(gradient, weights, strict=True))
                return number + 1, answers.write(number, answer), losses.write(number, loss)

            kept = (
                tf.TensorArray(tf.float32, steps, element_shape=outputs),
                tf.TensorArray(tf.float32, steps, element_shape=()),
            )
            _, answers, losses = tf.while_loop(lambda n, *_: n < steps, step, (0, *kept))
            return answers.stack(), losses.stack()

        tf_logging.silence_first_compilation(tf)
        compiled: Callable[..., Any] = tf.function(learn, jit_compile=True, autograph=False)
        return compiled


_programs: dict[str, Program] = {}


def program_for(model: Any, learning_rate: float, batch_size: int, steps: int) -> Program:
    """Return the program for networks of this shape, made on the first request.

    Args:
        model: A built Keras model.
        learning_rate: As in :class:`Program`.
        batch_size: As in :class:`Program`.
        steps: As in :class:`Program`.
    """
    shape = json.dumps(_without_start(model.get_config()), sort_keys=True, default=str)
    key = f"{shape} {model.input_shape} {learning_rate} {batch_size} {steps}"
    if key not in _programs:
        _programs[key] = Program(model, learning_rate, batch_size, steps)
    return _programs[key]


def _without_start(config: Any) -> Any:
    """Leave out of a configuration what only names things or draws first weights."""
    if isinstance(config, dict):
        return {
            key: _without_start(value)
            for key, value in config.items()
            if not key.endswith("_initializer") and key not in {"name", "unit_forget_bias", "seed"}
        }
    if isinstance(config, list | tuple):
        return [_without_start(part) for part in config]
    return config


def copy_of(model: Any) -> Any:
    """Copy a network with new first weights, for a compiler that cannot use cuDNN."""
    copy = environment.load_keras().models.clone_model(model)
    for layer in copy.layers:
        if hasattr(layer, "use_cudnn"):
            layer.use_cudnn = False
    return copy


def _loss(answer: Answer) -> Any:
    losses = environment.load_keras().losses
    return {
        "class": losses.CategoricalCrossentropy(from_logits=True),
        "probability": losses.BinaryCrossentropy(from_logits=True),
        "value": losses.MeanSquaredError(),
        "symbols": losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1),
    }[answer]


def squash(outputs: Arrays, answer: Answer) -> npt.NDArray[np.float64]:
    """Turn linear outputs into what a task scores: by softmax, by sigmoid, or not at all.

    Args:
        outputs: (batch, [timesteps,] outputs).
        answer: What they mean.
    """
    values = outputs.astype(np.float64)
    if answer == "probability":
        return np.asarray(0.5 * np.tanh(0.5 * values) + 0.5)
    if answer == "value":
        return values
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
