"""The papers' tables: which rows are run, and how one row is run with one seed.

Each experiment is a task in its paper's definition, tried by networks of today that
differ in their layer or in their first biases. What the papers print, and how the tasks
differ, stands beside the results in ``workshop_utils/experiments/papers.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from workshop_tools.experiments import initialisers
from workshop_tools.experiments import papers_guessing as guessing
from workshop_tools.experiments.papers_reber import EmbeddedReber
from workshop_tools.experiments.papers_tasks import DistractorLag, Multiplication, NoiseFreeLag
from workshop_tools.experiments.papers_training import train
from workshop_tools.experiments.runner import Finding, Job
from workshop_utils import environment, experiments, sequence_tasks

FILE = Path(experiments.__file__).with_name("papers.json")
SEEDS = (141, 142, 143, 144, 145)
TESTED = 2_560
RNN, LSTM, FORGET_5, CHRONO = "RNN", "LSTM", "LSTM, forget bias 5", "LSTM, chrono"
ALL = (RNN, LSTM, FORGET_5, CHRONO)
#: The paper's rule for multiplication: at most 140 of the last 2,000 are wrong.
MULTIPLICATION_RIGHT = 1 - 140 / 2000


@dataclass(frozen=True)
class Experiment:
    """One task of a paper, and how today's networks are trained on it.

    Attributes:
        task: What to learn.
        networks: The names of the networks that try it.
        sequences: How many sequences a network may read.
        stop_at: The training stops after a round in which this share of the sequences
            was correct, by the paper's own criterion.
        learning_rate: Adam's.
        batch_size: Sequences in a gradient step.
    """

    task: sequence_tasks.Task
    networks: tuple[str, ...]
    sequences: int
    stop_at: float = 1.0
    learning_rate: float = 3e-3
    batch_size: int = 32


@cache
def rows() -> dict[str, Experiment]:
    """Return all experiments by their short names, in the order of the table.

    The limits are about twice what the paper's network needed for 6a and 3a. Lags of
    hundreds of steps are left to the open gates. The grammar needs small steps, and errors
    below 0.04 a higher rate.
    """
    latch = sequence_tasks.Latch
    found = {
        "order-6a": Experiment(sequence_tasks.TemporalOrder(relevant=2), ALL, 64_000),
        "order-6b": Experiment(sequence_tasks.TemporalOrder(relevant=3), ALL, 100_000),
        "reber": Experiment(EmbeddedReber(), ALL, 40_000, batch_size=16),
        "lag-2a": Experiment(NoiseFreeLag(100), ALL, 20_000),
    }
    for lag in (50, 100, 200, 500):
        networks = ALL if lag <= 100 else (CHRONO,)
        found[f"lag-2c-{lag}"] = Experiment(DistractorLag(lag, lag), networks, 50_000)
    guessed = (*ALL, guessing.NAME)
    for length in (10, 20, 50, 100):
        found[f"latch-{length}"] = Experiment(latch(length), guessed, 60_000)
    found["latch-100-3"] = Experiment(latch(100, informative=3), guessed, 60_000)
    for length, sequences in ((50, 100_000), (100, 150_000), (500, 100_000), (1000, 100_000)):
        networks = ALL if length <= 100 else (CHRONO,)
        adding = sequence_tasks.Adding1997(length)
        found[f"adding-{length}"] = Experiment(adding, networks, sequences, 0.99, 5e-3)
    found["multiplication"] = Experiment(
        Multiplication(100), (LSTM, CHRONO), 150_000, MULTIPLICATION_RIGHT, 5e-3
    )
    return found


def layer_of(network: str, longest: int, *, every_step: bool = False) -> Any:
    """Make the recurrent layer of a network, with 16 units.

    Args:
        network: One of ``ALL``.
        longest: The longest lag, which the chrono start needs.
        every_step: Whether the layer answers at every step, or at the end.

    Raises:
        KeyError: No network has this name.
    """
    layers, options = environment.load_keras().layers, {"return_sequences": every_step}
    if network == RNN:
        return layers.SimpleRNN(16, **options)
    if network == LSTM:
        return layers.LSTM(16, **options)
    starts = {FORGET_5: initialisers.forget_bias(5), CHRONO: initialisers.chrono(longest)}
    return layers.LSTM(16, unit_forget_bias=False, bias_initializer=starts[network], **options)


def measure(row: str, seed: int) -> Finding:
    """Run one network on one experiment.

    Args:
        row: The name of an experiment and of a network, as :func:`jobs` joins them.
        seed: Of the first weights and of the sequences.

    Returns:
        ``sequences`` read, ``stopped`` (whether the training's goal was reached), and
        ``score`` and ``correct`` (a share) on 2,560 new sequences.
    """
    name, network = row.split(": ")
    experiment = rows()[name]
    task = experiment.task
    if network == guessing.NAME:
        return guessing.measure(task, seed, TESTED)
    layer = layer_of(network, task.timesteps, every_step=task.answer == "symbols")
    keras = environment.load_keras()
    inputs = keras.Input((task.timesteps, task.features))
    trial = train(
        keras.Sequential([inputs, layer, keras.layers.Dense(task.outputs)]),
        task,
        seed,
        sequences=experiment.sequences,
        stop_at=experiment.stop_at,
        learning_rate=experiment.learning_rate,
        batch_size=experiment.batch_size,
        test_size=TESTED,
    )
    return {
        "sequences": trial.sequences,
        "stopped": trial.sequences < experiment.sequences,
        "score": round(trial.score, 6),
        "correct": round(trial.correct, 6),
    }


def jobs() -> Iterator[Job]:
    """Return every row with every seed, those of one network side by side.

    A process that has compiled a network serves all its seeds.
    """
    for name, experiment in rows().items():
        settings = repr(replace(experiment, networks=()))
        for network in experiment.networks:
            for seed in SEEDS:
                yield Job(f"{name}: {network}", seed, settings)
