"""An exercise about one step, for the tests of use."""

import numpy as np

from workshop_utils.learning.exercises import Exercise, Mistake


def step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)


def arguments(*batch, features, units, seed):
    draw = np.random.default_rng(seed).normal
    sizes = ((*batch, features), (*batch, units), (features, units), (units, units), (units,))
    return tuple(draw(size=size) for size in sizes)


def trials():
    yield arguments(features=3, units=2, seed=1)
    yield arguments(4, features=2, units=5, seed=2)


def no_bias(x, h, W, U, b):
    return np.tanh(x @ W + h @ U)


def make(**changes):
    settings = {
        "module": "tests",
        "name": "step",
        "hints": ("Look.", "Do."),
        "solved_by": step,
        "trials": trials,
        "mistakes": [Mistake("no_bias", "the bias is missing.", no_bias)],
        "after": "One step.",
        "time_limit": 2.0,
    }
    return Exercise(**{**settings, **changes})


def used(capsys, exercise, *answers):
    """Use answers; return what comes back and the one line that is printed."""
    given = exercise.use(*answers)
    (line,) = capsys.readouterr().out.splitlines()
    return given, line


def counted(function):
    """Return a function that counts its calls, in ``calls``."""

    def counting(*args):
        counting.calls += 1
        return function(*args)

    counting.calls = 0
    return counting
