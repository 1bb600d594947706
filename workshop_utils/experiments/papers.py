"""The papers' tables: which rows are run, and how one row is run with one seed.

Each experiment is a task in its paper's definition, tried by networks of today that
differ in their layer or in their first biases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from workshop_utils import environment, initialisers, sequence_tasks
from workshop_utils.experiments import guessing
from workshop_utils.experiments.runner import Finding, Job

FILE = Path(__file__).with_name("papers.json")
SEEDS = (141, 142, 143, 144, 145)
TESTED = 2_560
RNN, LSTM, FORGET_5, CHRONO = "RNN", "LSTM", "LSTM, forget bias 5", "LSTM, chrono"
ALL = (RNN, LSTM, FORGET_5, CHRONO)
SHARED = (
    "The LSTM here has a forget gate and 16 units. It learns by Adam, with the whole gradient, "
    "from batches of sequences that it never sees twice. The LSTM of 1997 has no forget gate and "
    "fewer units. It learns from one sequence at a time, and its gradient follows only some of "
    "the paths back in time."
)
"""How every row differs from the paper's own set-up."""


@dataclass(frozen=True)
class Experiment:
    """One task of a paper, and how today's networks are trained on it.

    Attributes:
        title: The experiment's name in the table.
        task: What to learn.
        networks: The names of the networks that try it.
        sequences: How many sequences a network may read.
        stop_at: The training stops after a round in which this share of the sequences
            was correct, by the paper's own criterion.
        units: Of the recurrent layer.
        learning_rate: Adam's.
        batch_size: Sequences in a gradient step.
        steps: Gradient steps in a round.
        solved_at: Share of the test sequences that must be correct, by the paper's own
            criterion, for a network that has solved the task.
        differs: How the task differs from the paper's, beside what :data:`SHARED` says.
    """

    title: str
    task: sequence_tasks.Task
    networks: tuple[str, ...]
    sequences: int
    stop_at: float = 1.0
    units: int = 16
    learning_rate: float = 3e-3
    batch_size: int = 32
    steps: int = 80
    solved_at: float = 0.99
    differs: str = ""


#: The 1997 paper trains its LSTM on these until 140 of the last 2,000 are wrong.
_MULTIPLICATION_RIGHT = 1 - 140 / 2000


def _orders() -> dict[str, Experiment]:
    """Twice the sequences that the paper's network needed for 6a; fewer than it needed for 6b."""
    return {
        f"order-6{letter}": Experiment(
            f"temporal order 6{letter}",
            sequence_tasks.TemporalOrder(relevant=relevant),
            networks,
            sequences,
        )
        for letter, relevant, networks, sequences in (
            ("a", 2, ALL, 64_000),
            ("b", 3, ALL, 100_000),
        )
    }


def _grammar_and_lags() -> dict[str, Experiment]:
    """The grammar needs small steps; lags of hundreds of steps are left to the open gates."""
    return {
        "reber": Experiment(
            "embedded Reber grammar",
            sequence_tasks.EmbeddedReber(),
            ALL,
            40_000,
            batch_size=16,
            differs="new strings all the time instead of 256; none longer than 40 symbols",
        ),
        "lag-2a": Experiment(
            "noise-free long lag 2a, p = 100",
            sequence_tasks.NoiseFreeLag(100),
            ALL,
            20_000,
            differs="learnt in batches; the paper learns from one sequence at a time",
        ),
    } | {
        f"lag-2c-{lag}": Experiment(
            f"long lag 2c, q = p = {lag}",
            sequence_tasks.DistractorLag(lag, lag),
            networks,
            50_000,
            differs="a sequence has q to q + 50 distractors; the paper sets no upper limit",
        )
        for lag, networks in ((50, ALL), (100, ALL), (200, (CHRONO,)), (500, (CHRONO,)))
    }


def _latches() -> dict[str, Experiment]:
    """As many sequences as the paper's own network needed at T = 100 with N = 1."""
    networks = (*ALL, guessing.NAME)
    return {
        f"latch-{length}": Experiment(
            f"two-sequence problem, T = {length}", sequence_tasks.Latch(length), networks, 60_000
        )
        for length in (10, 20, 50, 100)
    } | {
        "latch-100-3": Experiment(
            "two-sequence problem, T = 100, N = 3",
            sequence_tasks.Latch(100, informative=3),
            networks,
            60_000,
        )
    }


def _numbers() -> dict[str, Experiment]:
    """Errors below 0.04 need a higher rate; nearly all sequences must be right, not all."""
    adding = {
        f"adding-{length}": Experiment(
            f"adding problem, T = {length}",
            sequence_tasks.Adding1997(length),
            networks,
            sequences,
            stop_at=0.99,
            learning_rate=5e-3,
            solved_at=0.98,
        )
        for length, sequences, networks in (
            (50, 100_000, ALL),
            (100, 150_000, ALL),
            (500, 100_000, (CHRONO,)),
        )
    }
    multiplication = Experiment(
        "multiplication problem, T = 100",
        sequence_tasks.Multiplication(100),
        (LSTM, CHRONO),
        150_000,
        stop_at=_MULTIPLICATION_RIGHT,
        learning_rate=5e-3,
        solved_at=_MULTIPLICATION_RIGHT,
    )
    return {**adding, "multiplication": multiplication}


@cache
def experiments() -> dict[str, Experiment]:
    """Return all experiments by their short names, in the order of the table."""
    return {**_orders(), **_grammar_and_lags(), **_latches(), **_numbers()}


def layer_of(network: str, units: int, longest: int, *, every_step: bool = False) -> Any:
    """Make the recurrent layer of a network.

    Args:
        network: One of ``ALL``.
        units: Length of its state.
        longest: The longest lag, which the chrono start needs.
        every_step: Whether the layer answers at every step, or at the end.

    Raises:
        KeyError: No network has this name.
    """
    layers = environment.load_keras().layers
    open_gates: dict[str, Callable[[], Any]] = {
        FORGET_5: lambda: initialisers.forget_bias(5),
        CHRONO: lambda: initialisers.chrono(longest),
    }
    if network == RNN:
        return layers.SimpleRNN(units, return_sequences=every_step)
    if network == LSTM:
        return layers.LSTM(units, return_sequences=every_step)
    start = open_gates[network]()
    return layers.LSTM(
        units, unit_forget_bias=False, bias_initializer=start, return_sequences=every_step
    )


def measure(row: str, seed: int) -> Finding:
    """Run one network on one experiment.

    Args:
        row: The name of an experiment and of a network, as :func:`jobs` joins them.
        seed: Of the first weights and of the sequences.

    Returns:
        ``sequences`` read, ``stopped`` (whether the training score was reached),
        ``score`` and ``correct`` on new sequences, and whether that is ``solved``.
    """
    name, network = row.split(": ")
    experiment = experiments()[name]
    if network == guessing.NAME:
        return guessing.measure(experiment.task, seed, TESTED)
    task = experiment.task
    every_step = task.answer == "symbols"
    layer = layer_of(network, experiment.units, task.timesteps, every_step=every_step)
    keras = environment.load_keras()
    model = keras.Sequential(
        [keras.Input((task.timesteps, task.features)), layer, keras.layers.Dense(task.outputs)]
    )
    trial = sequence_tasks.Trainer(
        model,
        learning_rate=experiment.learning_rate,
        batch_size=experiment.batch_size,
        steps=experiment.steps,
    ).run(
        task,
        seed,
        sequences=experiment.sequences,
        stop_at_correct=experiment.stop_at,
        test_size=TESTED,
    )
    return {
        "sequences": int(trial.sequences[-1]),
        "stopped": bool(trial.sequences[-1] < experiment.sequences),
        "score": round(trial.score, 6),
        "correct": round(trial.correct, 6),
        "solved": trial.correct >= experiment.solved_at,
    }


def jobs() -> Iterator[Job]:
    """Return every row with every seed, those of one network side by side.

    A process that has compiled a network serves all its seeds.
    """
    for name, experiment in experiments().items():
        # What is computed does not depend on the title, nor on what else is tried.
        settings = repr(replace(experiment, title="", networks=(), differs=""))
        for network in experiment.networks:
            for seed in SEEDS:
                yield Job(f"{name}: {network}", seed, settings)
