"""The exercises of notebook 02: keep a bit by hand, clip a gradient, open the forget gate."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.exercises.core import Exercise, Mistake
from workshop_utils.sequence_tasks import Latch

__all__ = ["clip", "forget_bias", "keep_one_bit"]

Array = npt.NDArray[np.float64]
Clip = Callable[[Array, float], Array]

STEPS = 1000
SEQUENCES = 200


@cache
def _noisy_sequences() -> tuple[Array, Array]:
    """Inputs (steps, sequences) and the sign that each must still have at the end."""
    batch = Latch(STEPS, stretch=0).batch(SEQUENCES, seed=141)
    return batch.inputs[:, :, 0].T.astype(np.float64), np.where(batch.targets[:, 0] > 0, 1.0, -1.0)


def _share_kept(recurrent_weight: float, input_weight: float) -> float:
    """The share of noisy sequences at whose end a single tanh unit still has the first sign."""
    inputs, signs = _noisy_sequences()
    state = np.zeros(SEQUENCES)
    for now in inputs:
        state = np.tanh(recurrent_weight * state + input_weight * now)
    return float(np.mean(np.sign(state) == signs))


keep_one_bit = Exercise(
    name="keep_one_bit",
    accepts=lambda w, u: _share_kept(float(w), float(u)) == 1.0,
    hints=(
        "The state must pull itself back to its resting point more strongly than the noise "
        "pushes. Which weight pulls, and which one lets the noise in?",
        "Take a recurrent weight well above 1, for example 3, and an input weight well below 1.",
    ),
    solved_by=("3.0", "0.5"),
    mistakes=(
        Mistake(
            lambda w, _u: w < 0,
            "a negative recurrent weight turns the sign round at every step; make it positive.",
            (-3.0, 0.5),
        ),
        Mistake(
            lambda _w, u: u <= 0,
            "the input weight must be above 0, or the unit starts with the wrong sign or none.",
            (3.0, -0.5),
        ),
        Mistake(
            lambda w, _u: w <= 1,
            "the bit fades, because zero is the only resting point up to a recurrent weight "
            "of 1; make this weight larger.",
            (0.9, 0.5),
        ),
        Mistake(
            lambda w, u: _share_kept(w, u) < 1,
            "the noise writes over the bit in some of the sequences; let less noise in, or "
            "hold the state more strongly.",
            (1.5, 1.0),
        ),
    ),
    after="One unit keeps one bit through 999 steps of noise, in all 200 sequences.",
)


def _clip(gradient: Array, threshold: float) -> Array:
    norm = np.linalg.norm(gradient)
    if norm <= threshold:
        return gradient
    return gradient * (threshold / norm)


_LONG = np.array([30.0, -0.4, 0.0])
_SHORT = np.array([0.3, 0.0, -0.4])


def _is(given: Any, expected: Array) -> bool:
    array = np.asarray(given, dtype=np.float64)
    return array.shape == expected.shape and bool(np.allclose(array, expected, rtol=1e-6))


def _clips(function: Clip) -> bool:
    cases = [(_LONG, 2.0), (_SHORT, 2.0), (_SHORT, 0.5), (_SHORT, 0.25), (-_LONG, 1.0)]
    cases.append((np.zeros(3), 1.0))
    return all(_is(function(g.copy(), t), _clip(g, t)) for g, t in cases)


clip = Exercise(
    name="clip",
    accepts=_clips,
    hints=(
        "Compute the norm of the whole gradient first (np.linalg.norm). What must happen "
        "when it is larger than the threshold, and what when it is not?",
        "Return gradient * threshold / norm when the norm is above the threshold, and the "
        "gradient as it is otherwise.",
    ),
    solved_by=_clip,
    mistakes=(
        Mistake(
            lambda f: _is(f(_LONG, 2.0), np.clip(_LONG, -2, 2)),
            "this cuts each number by itself, so that the direction changes; multiply all "
            "numbers by the same factor.",
            (lambda gradient, threshold: np.clip(gradient, -threshold, threshold),),
        ),
        Mistake(
            lambda f: _is(f(_LONG, 2.0), _clip(_LONG, 2.0)) and not _is(f(_SHORT, 2.0), _SHORT),
            "a short gradient must stay as it is; change it only when its norm is above the "
            "threshold.",
            (lambda gradient, threshold: gradient * threshold / np.linalg.norm(gradient),),
        ),
        Mistake(
            lambda f: _is(f(_LONG, 2.0), _LONG / np.linalg.norm(_LONG)),
            "the result has the norm 1; multiply it by the threshold too.",
            (lambda gradient, _threshold: gradient / max(1.0, np.linalg.norm(gradient)),),
        ),
        Mistake(
            lambda f: _is(f(_LONG, 2.0), _LONG),
            "a long gradient comes back unchanged; shorten it to the threshold.",
            (lambda gradient, _threshold: gradient,),
        ),
    ),
    otherwise="some gradient comes out wrong; try a long one, a short one and one of zeros.",
    after="The step becomes shorter, and its direction stays.",
)


forget_bias = Exercise(
    name="forget_bias",
    accepts=lambda bias: abs(1 + np.exp(float(bias)) - 100) <= 2,
    hints=(
        "The time constant is 1 + e**b. Set it equal to 100 and solve for b.",
        "e**b = 99, so b is the natural logarithm of 99: np.log(99).",
    ),
    solved_by="np.log(99)",
    mistakes=(
        Mistake(
            lambda bias: 0.98 <= bias <= 0.995,
            "this is the value of the gate; the bias is the number whose sigmoid it is.",
            (0.99,),
        ),
        Mistake(
            lambda bias: 1.98 <= bias <= 2.02,
            "this is a logarithm to the base 10; take the natural one, np.log.",
            (1.9956,),
        ),
        Mistake(
            lambda bias: -4.7 <= bias <= -4.5,
            "a negative bias closes the gate; change the sign.",
            (-4.6,),
        ),
        Mistake(
            lambda bias: bias > 10,
            "this bias would hold for far too long: time grows like e**b. Take a logarithm.",
            (99,),
        ),
    ),
    otherwise="1 + e**b must be 100 for your b.",
    after="To hold for about T steps, a forget gate needs a bias near log(T).",
)
