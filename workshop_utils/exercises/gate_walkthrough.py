"""The exercises of notebook 03: hold a value, count the weights, find a gate's columns."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["forget_bias", "forget_block", "parameter_count"]

Array = npt.NDArray[Any]

SHARE, STEPS = 0.9, 100
"""How much of a value the first exercise wants to be left, and after how many steps."""


def _left(bias: Any) -> float:
    """What is left of a value after all steps when the forget gate has this bias."""
    return float((1 / (1 + np.exp(-float(bias)))) ** STEPS)


forget_bias = Exercise(
    name="forget_bias",
    accepts=lambda bias: abs(_left(bias) - SHARE) < 0.002,
    hints=(
        "Which number must the gate have, so that its 100th power is 0.9? The bias comes after.",
        "The gate is f = 0.9 ** (1 / 100). The sigmoid turns log(f / (1 - f)) into f.",
    ),
    solved_by="np.log(0.9**0.01 / (1 - 0.9**0.01))",
    mistakes=(
        Mistake(
            lambda bias: abs(float(bias) - SHARE**0.01) < 0.0005,
            "this is the gate; the bias goes through the sigmoid first, so undo the sigmoid.",
            (SHARE**0.01,),
        ),
        Mistake(
            lambda bias: float(bias) == SHARE,
            "0.9 is what must be left at the end; find the gate first, then its bias.",
            (SHARE,),
        ),
        Mistake(
            lambda bias: abs(float(bias) - np.log(SHARE / (1 - SHARE))) < 0.01,
            "this gate is 0.9 at every step; after 100 steps only 0.00003 is left.",
            (2.1972,),
        ),
        Mistake(
            lambda bias: abs(_left(-float(bias)) - SHARE) < 0.002,
            "the sign is wrong; a negative bias closes the gate.",
            (-6.8511,),
        ),
        Mistake(
            lambda bias: _left(bias) > SHARE,
            "more than 0.9 is left after 100 steps; take a smaller bias.",
            (12.0,),
        ),
        Mistake(
            lambda bias: _left(bias) < SHARE,
            "less than 0.9 is left after 100 steps; take a larger bias.",
            (5.0,),
        ),
    ),
    otherwise="one number is expected, the bias.",
    after="Keras starts with a bias of 1; to hold a value for long, it must grow a lot.",
)


def _parameter_count(features: int, units: int) -> int:
    each_layer = (features + units) * units + units
    return 4 * each_layer


def _counts(formula: Callable[[int, int], int]) -> Callable[[Callable[[int, int], Any]], bool]:
    """Whether a learner's function agrees with a formula on a few layers."""
    layers = ((2, 2), (5, 3), (100, 128))
    return lambda f: all(int(f(*layer)) == f(*layer) == formula(*layer) for layer in layers)


parameter_count = Exercise(
    name="parameter_count",
    accepts=_counts(_parameter_count),
    hints=(
        "Count one of the four layers first: what comes in, how many units, and their biases.",
        "One layer has (features + units) * units weights and units biases. There are four.",
    ),
    solved_by=_parameter_count,
    mistakes=(
        Mistake(
            _counts(lambda d, n: (d + n) * n + n),
            "this is one layer; the LSTM has four of them.",
            (lambda features, units: (features + units) * units + units,),
        ),
        Mistake(
            _counts(lambda d, n: 4 * (d + n) * n),
            "the biases are missing; each of the four layers has one for each unit.",
            (lambda features, units: 4 * (features + units) * units,),
        ),
        Mistake(
            _counts(lambda d, n: 4 * (d * n + n)),
            "the weights from the hidden state are missing; each layer reads it too.",
            (lambda features, units: 4 * (features * units + units),),
        ),
        Mistake(
            _counts(lambda d, n: 3 * ((d + n) * n + n)),
            "you count the three gates; the candidate is a layer too.",
            (lambda features, units: 3 * ((features + units) * units + units),),
        ),
        Mistake(
            _counts(lambda d, n: 4 * ((d + n) * n + 2 * n)),
            "Keras has one bias for each unit of a layer, not two (PyTorch has two).",
            (lambda features, units: 4 * ((features + units) * units + 2 * units),),
        ),
    ),
    otherwise="for 2 features and 2 units the answer is 40; compare your count.",
    after="The number of time steps is not in the formula.",
)


def _forget_block(kernel: Array, units: int) -> Array:
    return kernel[:, units : 2 * units]


_KERNELS = tuple(
    (np.arange(float(features * 4 * units)).reshape(features, 4 * units), units)
    for features, units in ((2, 2), (3, 1), (4, 5))
)


def _gives(block: Callable[[Array, int], Array]) -> Callable[[Callable[[Array, int], Any]], bool]:
    """Whether a learner's function cuts the same block out of a few kernels."""
    return lambda f: all(
        np.array_equal(np.asarray(f(kernel.copy(), units)), block(kernel, units))
        for kernel, units in _KERNELS
    )


forget_block = Exercise(
    name="forget_block",
    accepts=_gives(_forget_block),
    hints=(
        "The order of the blocks is i, f, c, o, and each block is `units` columns wide.",
        "The forget gate is the second block. Its columns are units, ..., 2 * units - 1.",
    ),
    solved_by=_forget_block,
    mistakes=(
        Mistake(
            _gives(lambda kernel, units: kernel[:, :units]),
            "this is the input gate; Keras puts it first, although drawings begin with forget.",
            (lambda kernel, units: kernel[:, :units],),
        ),
        Mistake(
            _gives(lambda kernel, units: kernel[:, 2 * units : 3 * units]),
            "this is the candidate; the forget gate is the second block, counted from 1.",
            (lambda kernel, units: kernel[:, 2 * units : 3 * units],),
        ),
        Mistake(
            _gives(lambda kernel, units: kernel[:, 3 * units :]),
            "this is the output gate, the last block.",
            (lambda kernel, units: kernel[:, 3 * units :],),
        ),
        Mistake(
            _gives(lambda kernel, units: kernel[units : 2 * units]),
            "these are rows; the blocks stand side by side, so cut the columns: kernel[:, ...].",
            (lambda kernel, units: kernel[units : 2 * units],),
        ),
        Mistake(
            _gives(lambda kernel, _units: kernel[:, 1::4]),
            "these columns are taken one by one; a gate's columns stand next to each other.",
            (lambda kernel, _units: kernel[:, 1::4],),
        ),
    ),
    otherwise="give back the columns of the forget gate, an array of shape (features, units).",
    after="The same columns of the recurrent kernel and of the bias belong to the forget gate.",
)
