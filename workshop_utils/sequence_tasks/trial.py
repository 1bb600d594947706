"""Train a small Keras network on a task, on sequences that it never sees twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils import environment
from workshop_utils.sequence_tasks.base import Batch, Seed, Task
from workshop_utils.sequence_tasks.program import copy_of, program_for, squash

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """How one training went.

    Attributes:
        seed: Seed of the first weights and of all sequences.
        sequences: (rounds,) how many sequences had been seen at the end of each round.
        scores: (rounds,) the task's score on each round's sequences, each answered
            before the network learnt from it.
        shares_correct: (rounds,) share of each round's sequences that were correct by
            the source's own criterion, when answered like that.
        losses: (rounds,) mean loss of each round.
        score: The task's score on new sequences after the training.
        correct: Share of these that are correct by the source's own criterion.
        seconds: Wall time, compilation included.
    """

    seed: int
    sequences: npt.NDArray[np.int64] = field(repr=False)
    scores: Floats = field(repr=False)
    shares_correct: Floats = field(repr=False)
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
        model: A built Keras model, (batch, timesteps, ...) to (batch, outputs), or to
            (batch, timesteps, outputs) where a task wants an answer at every step.
            Where a task gives symbols as numbers, a network from
            (batch, timesteps, features) gets vectors with a single 1.
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
        stop_at_correct: float | None = None,
        test_size: int = 1000,
        progress: Callable[[int, float], object] | None = None,
    ) -> Trial:
        """Train from new first weights.

        Args:
            task: What to learn; its arrays must fit the network.
            seed: The same seed gives the same first weights and sequences.
            sequences: How many sequences at most, rounded up to whole rounds.
            stop_at: Stop after the first round whose score is as good as this: an
                accuracy at least this, an error or a cross-entropy at most this.
            stop_at_correct: Stop after the first round in which at least this share
                of the sequences is correct by the source's own criterion.
            test_size: How many new sequences test the trained network.
            progress: Called after each round with the number of sequences seen and
                the round's score.

        Returns:
            How it went.

        Raises:
            ValueError: The network does not fit the task.
        """
        started = time.perf_counter()
        _check_fit(self._described, task)
        environment.set_seed(seed)
        self._program.restart(copy_of(self._described).get_weights())
        per_round = self._program.steps * self._program.batch_size
        history: list[tuple[float, float, float]] = []
        for number in range(-(-sequences // per_round)):
            history.append(self._round(task, per_round, [seed, number]))
            score, share, _ = history[-1]
            if progress is not None:
                progress(per_round * len(history), score)
            if stop_at is not None and task.reached(score, stop_at):
                break
            if stop_at_correct is not None and share >= stop_at_correct:
                break
        score, correct = self._test(task, test_size, [seed, len(history), 1])
        scores, shares_correct, losses = np.array(history).T
        return Trial(
            seed=seed,
            sequences=per_round * np.arange(1, len(history) + 1),
            scores=scores,
            shares_correct=shares_correct,
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
            (batch, outputs) or (batch, timesteps, outputs), without softmax or sigmoid.
        """
        return self._program.answer(inputs)

    def _round(self, task: Task, size: int, seed: Seed) -> tuple[float, float, float]:
        """Learn from a round of new sequences; return score, share correct and mean loss."""
        batch = task.batch(size, seed)
        outputs, loss = self._program.learn(batch.inputs, batch.targets, task.answer)
        return *_judge(task, outputs, batch), loss

    def _test(self, task: Task, size: int, seed: Seed) -> tuple[float, float]:
        batch = task.batch(size, seed)
        return _judge(task, self._program.answer(batch.inputs), batch)


def _judge(task: Task, outputs: npt.NDArray[Any], batch: Batch) -> tuple[float, float]:
    """Return the score and the share of correct sequences."""
    answers = squash(outputs, task.answer)
    correct = task.correct(answers, batch.targets)
    return task.score(answers, batch.targets), float(correct.mean())


def _check_fit(model: Any, task: Task) -> None:
    inputs = task.batch(1, 0).inputs
    takes = [inputs.shape[1:]]
    if inputs.dtype.kind == "i":
        takes.append((*inputs.shape[1:], task.features))
    steps = (task.timesteps,) if task.answer == "symbols" else ()
    gives = (*steps, task.outputs)
    if model.input_shape[1:] not in takes or model.output_shape[1:] != gives:
        raise ValueError(
            f"{type(task).__name__} needs a network from {' or '.join(map(_of_batch, takes))} "
            f"to {_of_batch(gives)}, but this one goes from {model.input_shape} "
            f"to {model.output_shape}."
        )


def _of_batch(shape: tuple[int, ...]) -> str:
    return f"(batch, {', '.join(map(str, shape))})"
