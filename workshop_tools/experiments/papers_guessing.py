"""Guess the weights at random: the footnote that the 1997 paper adds to its experiment 3."""

from __future__ import annotations

import numpy as np

from workshop_tools.experiments.runner import Finding
from workshop_utils.cells import RNNCell
from workshop_utils.sequence_tasks import Batch, Task

NAME = "weights guessed at random"
MOST_GUESSES = 20_000
IN_A_ROW = 1_000


def measure(task: Task, seed: int, tested: int) -> Finding:
    """Guess the weights of one tanh unit until it answers every training sequence.

    Each guess draws the three weights from U[-100, 100] and reads sequences until it is
    wrong once, or right on 1,000 in a row. The sign of the state is the answer; a guess
    that is always wrong is as good, since the output weight is guessed too. The sequences
    that all guesses read are counted together, as a training would count them.

    Args:
        task: The two-sequence problem.
        seed: Of the guesses and of the sequences.
        tested: How many new sequences test the guess that passed.

    Returns:
        As :func:`workshop_tools.experiments.papers.measure` does, and the ``guesses``.
    """
    rng = np.random.default_rng(seed)
    batch = task.batch(IN_A_ROW, [seed, 1])
    right, read, guesses = np.zeros(1, bool), 0, 0
    while guesses < MOST_GUESSES and not right.all():
        guesses += 1
        kernel, recurrent, bias, sign = rng.uniform(-100, 100, 4)
        cell = RNNCell(np.full((1, 1), kernel), np.full((1, 1), recurrent), np.full(1, bias))
        # Nearly all guesses fail at once: look at a few sequences before all of them.
        right = _right(cell, sign, Batch(batch.inputs[:16], batch.targets[:16]))
        if right.all():
            right = _right(cell, sign, batch)
        read += len(right) if right.all() else int(right.argmin()) + 1
    passed = bool(right.all())
    correct = float(_right(cell, sign, task.batch(tested, [seed, 2])).mean()) if passed else 0.0
    score = round(correct, 6)
    found = {"sequences": read, "stopped": passed, "score": score, "correct": score}
    return {**found, "guesses": guesses}


def _right(cell: RNNCell, sign: float, batch: Batch) -> np.ndarray:
    # A sequence begins where its zeros end; the bias of a guess must not act before.
    state = cell.run(batch.inputs, mask=batch.inputs[:, :, 0] != 0).hidden_state
    answers: np.ndarray = (sign * state > 0) == (batch.targets > 0.5)
    return answers[:, 0]
