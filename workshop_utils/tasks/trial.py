"""Train a small Keras network on a task, on sequences that it never sees twice."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils import runtime
from workshop_utils.tasks.base import Seed, Task
from workshop_utils.tasks.program import copy_of, program_for, squash

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """How one training went.

    Attributes:
        seed: Seed of the first weights and of all sequences.
        sequences: (rounds,) how many sequences had been seen at the end of each round.
        scores: (rounds,) the task's score on each round's sequences, each answered
            before the network learnt from it.
        losses: (rounds,) mean loss of each round.
        score: The task's score on new sequences after the training.
        correct: Share of these that are correct by the source's own criterion.
        seconds: Wall time, compilation included.
    """

    seed: int
    sequences: npt.NDArray[np.int64] = field(repr=False)
    scores: Floats = field(repr=False)
    losses: Floats = field(repr=False)
    score: float
    correct: float
    seconds: float = field(repr=False)


class Trainer:
    """Trains one network again and again, each time from new first weights.

    The network that is given is only the description: it is copied onto the CPU,
    where nets of this size train fastest, and is never changed itself. Its last
    layer must be linear; softmax or sigmoid are added as the task's answer needs.
    The optimiser is Adam; the gradient of each weight array is clipped at norm 1.

    Args:
        model: A built Keras model, (batch, timesteps, ...) to (batch, outputs).
        learning_rate: Adam's learning rate.
        batch_size: Sequences in a gradient step.
        steps: Gradient steps in a round.
    """

    def __init__(
        self,
        model: Any,
        *,
        learning_rate: float = 5e-3,
        batch_size: int = 64,
        steps: int = 25,
    ) -> None:
        self._described = model
        self._program = program_for(model, learning_rate, batch_size, steps)

    def run(
        self,
        task: Task,
        seed: int,
        *,
        sequences: int = 20_000,
        stop_at: float | None = None,
        test_size: int = 1000,
    ) -> Trial:
        """Train from new first weights.

        Args:
            task: What to learn; its arrays must fit the network.
            seed: The same seed gives the same first weights and sequences.
            sequences: How many sequences at most, rounded up to whole rounds.
            stop_at: Stop after the first round whose score is at least this (for
                values: whose mean squared error is at most this).
            test_size: How many new sequences test the trained network.

        Returns:
            How it went.

        Raises:
            ValueError: The network does not fit the task.
        """
        started = time.perf_counter()
        _check_fit(self._described, task)
        runtime.set_seed(seed)
        self._program.restart(copy_of(self._described).get_weights())
        per_round = self._program.steps * self._program.batch_size
        history: list[tuple[float, float]] = []
        for number in range(-(-sequences // per_round)):
            history.append(self._round(task, per_round, [seed, number]))
            if stop_at is not None and _reached(task, history[-1][0], stop_at):
                break
        score, correct = self._test(task, test_size, [seed, len(history), 1])
        scores, losses = np.array(history).T
        return Trial(
            seed=seed,
            sequences=per_round * np.arange(1, len(history) + 1),
            scores=scores,
            losses=losses,
            score=score,
            correct=correct,
            seconds=time.perf_counter() - started,
        )

    def answer(self, inputs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Answer new sequences with the weights of the last run.

        Networks of the same shape share these weights, so that a later run of
        another trainer may replace them.

        Args:
            inputs: (batch, timesteps, ...).

        Returns:
            (batch, outputs), without softmax or sigmoid.
        """
        return self._program.answer(inputs)

    def _round(self, task: Task, size: int, seed: Seed) -> tuple[float, float]:
        """Learn from one round of new sequences; return their score and mean loss."""
        batch = task.batch(size, seed)
        outputs, loss = self._program.learn(batch.inputs, batch.targets, task.answer)
        return task.score(squash(outputs, task.answer), batch.targets), loss

    def _test(self, task: Task, size: int, seed: Seed) -> tuple[float, float]:
        batch = task.batch(size, seed)
        outputs = squash(self._program.answer(batch.inputs), task.answer)
        correct = task.correct(outputs, batch.targets)
        return task.score(outputs, batch.targets), float(correct.mean())


def _check_fit(model: Any, task: Task) -> None:
    inputs = task.batch(1, 0).inputs.shape[1:]
    if model.input_shape[1:] != inputs or model.output_shape[1:] != (task.outputs,):
        raise ValueError(
            f"{type(task).__name__} needs a network from (batch, {', '.join(map(str, inputs))}) "
            f"to (batch, {task.outputs}), but this one goes from {model.input_shape} "
            f"to {model.output_shape}."
        )


def _reached(task: Task, score: float, goal: float) -> bool:
    return score <= goal if task.answer == "value" else score >= goal
