"""The papers' tables: which rows are run, and how one row is run with one seed.

Each experiment is a task in its paper's definition, tried by networks of today that
differ in their layer or in their first biases. What the papers print, and how the tasks
differ, stands beside the results in ``workshop_utils/training/experiments/papers.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from workshop_tools.experiments import papers_tasks as tasks
from workshop_tools.experiments.papers_training import Experiment, train
from workshop_tools.experiments.runner import Finding, Job
from workshop_utils.cells import RNNCell
from workshop_utils.runtime import environment
from workshop_utils.tasks import Adding1997, Batch, Latch, Task, TemporalOrder
from workshop_utils.training import experiments

FILE = experiments.FOLDER / "papers.json"
SEEDS = (141, 142, 143, 144, 145)
RNN = "RNN"
LSTM = "LSTM"
FORGET_5 = "LSTM, forget bias 5"
CHRONO = "LSTM, chrono"
ALL = (RNN, LSTM, FORGET_5, CHRONO)
GUESSED = experiments.GUESSED
MOST_GUESSES = 20_000
IN_A_ROW = 1_000


@cache
def rows() -> dict[str, Experiment]:
    """Return all experiments by their short names, in the order of the table.

    The limits are about twice what the paper's network needed for 6a and 3a. Lags of
    hundreds of steps are left to the open gates. The grammar needs small steps, and errors
    below 0.04 a higher rate. The paper's rule for multiplication is that at most 140 of the
    last 2,000 are wrong.
    """
    found = {
        "order-6a": Experiment(TemporalOrder(relevant=2), ALL, 64_000),
        "order-6b": Experiment(TemporalOrder(relevant=3), ALL, 100_000),
        "reber": Experiment(tasks.EmbeddedReber(), ALL, 40_000, batch_size=16),
        "lag-2a": Experiment(tasks.NoiseFreeLag(100), ALL, 20_000),
    }
    for lag in (50, 100, 200, 500):
        networks = ALL if lag <= 100 else (CHRONO,)
        found[f"lag-2c-{lag}"] = Experiment(tasks.DistractorLag(lag, lag), networks, 50_000)
    guessed = (*ALL, GUESSED)
    for length in (10, 20, 50, 100):
        found[f"latch-{length}"] = Experiment(Latch(length), guessed, 60_000)
    found["latch-100-3"] = Experiment(Latch(100, informative=3), guessed, 60_000)
    for length, sequences in ((50, 100_000), (100, 150_000), (500, 100_000), (1000, 100_000)):
        networks = ALL if length <= 100 else (CHRONO,)
        found[f"adding-{length}"] = Experiment(Adding1997(length), networks, sequences, 0.99, 5e-3)
    task = tasks.Multiplication(100)
    right = 1 - 140 / 2000
    found["multiplication"] = Experiment(task, (LSTM, CHRONO), 150_000, right, 5e-3)
    return found


def network_of(name: str, task: Task) -> Any:
    """Build a network: a recurrent layer with 16 units, and one linear layer.

    The chrono start needs the longest lag of the task.

    Raises:
        KeyError: No network has this name.
    """
    from workshop_tools.experiments.initialisers import FirstBiases

    keras = environment.load_keras()
    layers = keras.layers
    options = {"return_sequences": task.answer == "symbols"}
    if name == RNN:
        layer = layers.SimpleRNN(16, **options)
    else:
        if name != LSTM:
            first = {FORGET_5: {"forget": 5}, CHRONO: {"longest": task.timesteps}}[name]
            options |= {"unit_forget_bias": False, "bias_initializer": FirstBiases(**first)}
        layer = layers.LSTM(16, use_cudnn=False, **options)  # the compiler cannot use cuDNN
    inputs = keras.Input((task.timesteps, task.features))
    return keras.Sequential([inputs, layer, layers.Dense(task.outputs)])


def measure(row: str, seed: int) -> Finding:
    """Run one network on one experiment, whose names :func:`jobs` joins to a row.

    Returns:
        As :func:`workshop_tools.experiments.papers_training.train` does.
    """
    name, network = row.split(": ")
    experiment = rows()[name]
    if network == GUESSED:
        return guess(experiment.task, seed)
    return train(network_of(network, experiment.task), experiment, seed)


def guess(task: Task, seed: int) -> Finding:
    """Guess the weights of one tanh unit until it answers every training sequence.

    The 1997 paper does so for its experiment 3. Each guess draws the three
    weights from U[-100, 100] and reads sequences until it is wrong once, or right on 1,000 in
    a row. The sign of the state, or its opposite, is the answer. The sequences that all
    guesses read are counted together, as a training would count them.

    Returns:
        As :func:`measure` does, and the ``guesses``.
    """
    rng = np.random.default_rng(seed)
    batch = task.batch(IN_A_ROW, [seed, 1])
    right = np.zeros(1, bool)
    read = 0
    guesses = 0
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
    test = task.batch(experiments.TESTED, [seed, 2])
    score = round(float(_right(cell, sign, test).mean()), 6) if passed else 0.0
    found = {"sequences": read, "stopped": passed, "score": score, "correct": score}
    return {**found, "guesses": guesses}


def _right(cell: RNNCell, sign: float, batch: Batch) -> np.ndarray:
    # A sequence begins where its zeros end; the bias of a guess must not act before.
    state = cell.run(batch.inputs, mask=batch.inputs[:, :, 0] != 0).hidden_state
    answers: np.ndarray = (sign * state > 0) == (batch.targets > 0.5)
    return answers[:, 0]


def jobs() -> Iterator[Job]:
    """Yield every row with every seed; who has compiled a network goes on with all its seeds."""
    for name, experiment in rows().items():
        settings = repr(replace(experiment, networks=()))
        for network in experiment.networks:
            for seed in SEEDS:
                yield Job(f"{name}: {network}", seed, settings)
