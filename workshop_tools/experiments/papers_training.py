"""Train a small Keras network on a task, on sequences that it never sees twice.

Compiling takes longer than most trainings here. What the compiler sees is the shape of a
network, not its first weights, so one compiled program serves all seeds and initialisers.
Each training begins with weights and an optimiser of its own; nothing is kept between them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from workshop_utils import environment
from workshop_utils.sequence_tasks import Batch, Task

CPU = "/CPU:0"
#: Sequences of symbols that are answered at once.
PART = 100
Arrays = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


class Trial(NamedTuple):
    """How one training went.

    Attributes:
        sequences: How many sequences were read.
        score: The task's score on new sequences after the training.
        correct: Share of these that are correct by the source's own criterion.
    """

    sequences: int
    score: float
    correct: float


def train(
    model: Any,
    task: Task,
    seed: int,
    *,
    sequences: int,
    stop_at: float = 1.0,
    learning_rate: float = 3e-3,
    batch_size: int = 32,
    steps: int = 80,
    test_size: int = 1000,
) -> Trial:
    """Train a copy of a network from new first weights, with Adam, on the CPU.

    The gradient of each weight array is clipped at norm 1.

    Args:
        model: A built Keras model with a linear last layer; softmax or sigmoid are added
            as the task's answer needs. A network from (batch, timesteps, features) gets
            vectors with a single 1 where a task gives symbols as numbers.
        task: What to learn; its arrays must fit the network.
        seed: The same seed gives the same first weights and sequences.
        sequences: How many sequences at most, rounded up to whole rounds.
        stop_at: Stop after the first round in which at least this share of the sequences
            is correct by the source's own criterion, when answered before learning.
        learning_rate: Adam's learning rate.
        batch_size: Sequences in a gradient step.
        steps: Gradient steps in a round.
        test_size: How many new sequences test the trained network.
    """
    program = program_for(model, learning_rate, batch_size, steps)
    environment.set_seed(seed)
    program.restart(copy_of(model).get_weights())
    per_round, rounds = steps * batch_size, 0
    while rounds * per_round < sequences:
        batch = task.batch(per_round, [seed, rounds])
        outputs = program.learn(batch, task.answer)
        rounds += 1
        if _judge(task, outputs, batch)[1] >= stop_at:
            break
    test = task.batch(test_size, [seed, rounds, 1])
    return Trial(rounds * per_round, *_judge(task, program.answer(test.inputs), test))


class Program:
    """A network on the CPU, its optimiser, and the compiled function that trains it."""

    def __init__(self, model: Any, learning_rate: float, batch_size: int, steps: int) -> None:
        keras = environment.load_keras()
        self.batch_size, self.steps = batch_size, steps
        with environment.load_tensorflow().device(CPU):
            self.model = copy_of(model)
            self.optimizer = keras.optimizers.Adam(learning_rate, clipnorm=1.0)
            self.optimizer.build(self.model.trainable_variables)
        self._optimizer_start = [variable.numpy() for variable in self.optimizer.variables]
        self._compiled: dict[str, Callable[..., Any]] = {}

    def restart(self, weights: list[Arrays]) -> None:
        """Take first weights, and forget what the optimiser knows."""
        self.model.set_weights(weights)
        for variable, value in zip(self.optimizer.variables, self._optimizer_start, strict=True):
            variable.assign(value)

    def learn(self, batch: Batch, answer: str) -> Arrays:
        """Learn from one round; return the outputs, each computed before its step."""
        if answer not in self._compiled:
            self._compiled[answer] = self._compile(answer)
        in_steps = (a.reshape(self.steps, self.batch_size, *a.shape[1:]) for a in batch)
        with environment.load_tensorflow().device(CPU):
            outputs = self._compiled[answer](*in_steps).numpy()
        return np.asarray(outputs.reshape(-1, *self.model.output_shape[1:]))

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
        if not self._takes_vectors_for(inputs):
            return inputs
        return environment.load_tensorflow().one_hot(inputs, self.model.input_shape[-1])

    def _compile(self, answer: str) -> Callable[..., Any]:
        tf = environment.load_tensorflow()
        model, optimizer, loss_of = self.model, self.optimizer, _loss(answer)
        steps, outputs = self.steps, (self.batch_size, *self.model.output_shape[1:])

        def learn(inputs: Any, targets: Any) -> Any:
            def step(number: Any, answers: Any) -> Any:
                with tf.GradientTape() as tape:
                    answer = model(self._vectors(inputs[number]), training=True)
                    loss = tf.reduce_mean(loss_of(targets[number], answer))
                weights = model.trainable_variables
                gradient = tape.gradient(loss, weights)
                optimizer.apply_gradients(zip(gradient, weights, strict=True))
                return number + 1, answers.write(number, answer)

            kept = tf.TensorArray(tf.float32, steps, element_shape=outputs)
            _, answers = tf.while_loop(lambda n, _: n < steps, step, (0, kept))
            return answers.stack()

        compiled: Callable[..., Any] = tf.function(learn, jit_compile=True, autograph=False)
        return compiled


_programs: dict[str, Program] = {}


def program_for(model: Any, learning_rate: float, batch_size: int, steps: int) -> Program:
    """Return the program for networks of this shape, made on the first request."""
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


def _loss(answer: str) -> Any:
    losses = environment.load_keras().losses
    return {
        "class": losses.CategoricalCrossentropy(from_logits=True),
        "probability": losses.BinaryCrossentropy(from_logits=True),
        "value": losses.MeanSquaredError(),
        "symbols": losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1),
    }[answer]


def squash(outputs: Arrays, answer: str) -> Floats:
    """Turn linear outputs into what a task scores: by softmax, by sigmoid, or not at all."""
    values = outputs.astype(np.float64)
    if answer == "probability":
        return np.asarray(0.5 * np.tanh(0.5 * values) + 0.5)
    if answer == "value":
        return values
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _judge(task: Task, outputs: Arrays, batch: Batch) -> tuple[float, float]:
    """Return the score and the share of correct sequences."""
    answers = squash(outputs, task.answer)
    return task.score(answers, batch.targets), float(task.correct(answers, batch.targets).mean())
