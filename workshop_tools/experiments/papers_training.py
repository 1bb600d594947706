"""Train a small Keras network on a task, on sequences that it never sees twice.

Compiling takes longer than most trainings here. What the compiler sees is the shape of a
network, not its first weights, so one compiled program serves all seeds and initialisers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_tools.experiments.runner import Finding
from workshop_utils.runtime import environment
from workshop_utils.tasks import Batch, Task
from workshop_utils.training.experiments import TESTED

#: Gradient steps in a round. After each the training may stop.
STEPS = 80
#: Sequences of symbols that are answered at once, as vectors.
PART = 100
Arrays = npt.NDArray[Any]


@dataclass(frozen=True)
class Experiment:
    """One task of a paper, and how today's networks are trained on it.

    Attributes:
        task: What to learn.
        networks: The names of those that try it.
        sequences: How many sequences a network may read, rounded up to whole rounds.
        stop_at: The training stops after a round in which this share of the sequences
            was correct, by the paper's own criterion, when answered before learning.
        learning_rate: Adam's.
    """

    task: Task
    networks: tuple[str, ...]
    sequences: int
    stop_at: float = 1.0
    learning_rate: float = 3e-3
    batch_size: int = 32


def train(model: Any, experiment: Experiment, seed: int) -> Finding:
    """Train a copy of a network from new first weights, with Adam, on the CPU.

    The gradient of each weight array is clipped at norm 1.

    Args:
        model: A built Keras model with a linear last layer; softmax or sigmoid are added
            as the task's answer needs. Symbols as numbers become vectors with a single 1.
        experiment: What to learn, and how; the task's arrays must fit the network.
        seed: Of the first weights and of the sequences.

    Returns:
        ``sequences`` read, ``stopped`` (whether the training's goal was reached), and
        ``score`` and ``correct`` (a share) on 2,560 new sequences.
    """
    task = experiment.task
    size = STEPS * experiment.batch_size
    rounds = 0
    with environment.load_tensorflow().device("/CPU:0"):
        program = program_for(model, experiment)
        environment.set_seed(seed)
        program.restart(model)
        while rounds * size < experiment.sequences:
            batch = task.batch(size, [seed, rounds])
            rounds += 1
            if _judge(task, program.learn(batch), batch)[1] >= experiment.stop_at:
                break
        test = task.batch(TESTED, [seed, rounds, 1])
        score, correct = _judge(task, program.answer(test.inputs), test)
    return {
        "sequences": rounds * size,
        "stopped": rounds * size < experiment.sequences,
        "score": round(score, 6),
        "correct": round(correct, 6),
    }


class Program:
    """A network, its optimiser, and the compiled function that trains it."""

    def __init__(self, model: Any, experiment: Experiment) -> None:
        keras = environment.load_keras()
        tf = environment.load_tensorflow()
        self.batch_size = experiment.batch_size
        self.model = keras.models.clone_model(model)
        self.optimizer = keras.optimizers.Adam(experiment.learning_rate, clipnorm=1.0)
        self.optimizer.build(self.model.trainable_variables)
        self._start = [variable.numpy() for variable in self.optimizer.variables]
        self._loss = {
            "class": keras.losses.CategoricalCrossentropy(from_logits=True),
            "probability": keras.losses.BinaryCrossentropy(from_logits=True),
            "value": keras.losses.MeanSquaredError(),
            "symbols": keras.losses.SparseCategoricalCrossentropy(True, ignore_class=-1),
        }[experiment.task.answer]
        self._compiled = tf.function(self._learn, jit_compile=True, autograph=False)

    def restart(self, model: Any) -> None:
        """Take new first weights as the model would, and forget what the optimiser knows."""
        self.model.set_weights(environment.load_keras().models.clone_model(model).get_weights())
        for variable, value in zip(self.optimizer.variables, self._start, strict=True):
            variable.assign(value)

    def learn(self, batch: Batch) -> Arrays:
        """Learn from one round; return the outputs, each computed before its step."""
        in_steps = (a.reshape(STEPS, self.batch_size, *a.shape[1:]) for a in batch)
        outputs = self._compiled(*in_steps).numpy()
        return np.asarray(outputs.reshape(-1, *self.model.output_shape[1:]))

    def answer(self, inputs: Arrays) -> Arrays:
        """Compute the outputs of the network as it is now, (batch, [timesteps,] outputs)."""
        at_once = PART if inputs.ndim == 2 else len(inputs)
        parts = [inputs[first : first + at_once] for first in range(0, len(inputs), at_once)]
        return np.concatenate([self.model(self._vectors(part)).numpy() for part in parts])

    def _vectors(self, inputs: Any) -> Any:
        """Turn numbers of symbols into vectors."""
        if len(inputs.shape) == len(self.model.input_shape):
            return inputs
        return environment.load_tensorflow().one_hot(inputs, self.model.input_shape[-1])

    def _learn(self, inputs: Any, targets: Any) -> Any:
        tf = environment.load_tensorflow()
        weights = self.model.trainable_variables

        def step(number: Any, answers: Any) -> Any:
            with tf.GradientTape() as tape:
                answer = self.model(self._vectors(inputs[number]), training=True)
                loss = tf.reduce_mean(self._loss(targets[number], answer))
            gradient = tape.gradient(loss, weights)
            self.optimizer.apply_gradients(zip(gradient, weights, strict=True))
            return number + 1, answers.write(number, answer)

        shape = (self.batch_size, *self.model.output_shape[1:])
        kept = tf.TensorArray(tf.float32, STEPS, element_shape=shape)
        _, answers = tf.while_loop(lambda number, _: number < STEPS, step, (0, kept))
        return answers.stack()


_programs: dict[str, Program] = {}


def program_for(model: Any, experiment: Experiment) -> Program:
    """Return the program for networks of these layers and shapes, made on the first request."""
    shapes = [(type(layer).__name__, layer.output.shape) for layer in model.layers]
    settings = experiment.learning_rate, experiment.batch_size, experiment.task.answer
    key = f"{shapes} {model.input_shape} {settings}"
    return _programs.get(key) or _programs.setdefault(key, Program(model, experiment))


def _judge(task: Task, outputs: Arrays, batch: Batch) -> tuple[float, float]:
    """Return the score of linear outputs, and the share of correct sequences."""
    from scipy import special

    answers = outputs.astype(np.float64)
    if task.answer == "probability":
        answers = special.expit(answers)
    elif task.answer != "value":
        answers = special.softmax(answers, axis=-1)
    return task.score(answers, batch.targets), float(task.correct(answers, batch.targets).mean())
