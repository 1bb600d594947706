"""The exercises of notebook 03; those of its second sitting come from ``gate_exchanges``."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop_utils.cells import sigmoid
from workshop_utils.learning.exercises.core import Exercise, Mistake
from workshop_utils.learning.exercises.gate_exchanges import exchange, fooling_text, silence

Array = npt.NDArray[Any]
Numbers = tuple[Array, ...]

__all__ = [
    "exchange",
    "fooling_text",
    "lstm_step",
    "output_gate",
    "share_left",
    "silence",
]


def solution_lstm_step(x, h, C, W, U, b):
    sum_i, sum_f, sum_c, sum_o = np.split(x @ W + h @ U + b, 4, axis=-1)
    i, f, o = sigmoid(np.array([sum_i, sum_f, sum_o]))
    candidate = np.tanh(sum_c)
    C = f * C + i * candidate
    return o * np.tanh(C), C, i, f, candidate, o


def _steps() -> Iterator[Numbers]:
    """One text, and two batches; one size can be cut into four along the wrong axis."""
    rng = np.random.default_rng(3)
    for batch, features, units in (((), 2, 2), ((3,), 3, 5), ((8,), 1, 4)):
        states = (rng.normal(size=(*batch, units)) for _ in range(2))
        weights = (rng.normal(size=(rows, 4 * units)) for rows in (features, units))
        yield rng.normal(size=(*batch, features)), *states, *weights, rng.normal(size=4 * units)


def _wrong_step(
    *,
    axis: int = -1,
    order: str = "ifco",
    gate: Callable[[Array], Array] = sigmoid,
    squash: Callable[[Array], Array] = np.tanh,
    show: Callable[[Array], Array] = np.tanh,
) -> Callable[..., Numbers]:
    """Return a step that is wrong in one thing."""

    def step(x: Array, h: Array, C: Array, W: Array, U: Array, b: Array) -> Numbers:
        sums = np.split(x @ W + h @ U + b, 4, axis=axis)
        part = dict(zip(order, sums, strict=True))
        i = sigmoid(part["i"])
        f = gate(part["f"])
        o = gate(part["o"])
        candidate = squash(part["c"])
        C = f * C + i * candidate
        return o * show(C), C, i, f, candidate, o

    return step


def _not_squashed(z: Array) -> Array:
    return z


GATES = (2, 3, 5)
"""Places of the input, forget and output gate among the six results."""


def _gate_by_tanh(step: Callable[..., Numbers]) -> bool:
    """Whether one gate or more went through the hyperbolic tangent instead of sigmoid."""
    arguments = next(iter(_steps()))
    right = solution_lstm_step(*arguments)
    given = step(*arguments)
    if len(given) != len(right):
        return False
    sums = [np.log(right[place] / (1 - right[place])) for place in GATES]
    return any(
        np.shape(given[place]) == gate_sum.shape and np.allclose(given[place], np.tanh(gate_sum))
        for place, gate_sum in zip(GATES, sums, strict=True)
    )


lstm_step = Exercise(
    __name__,
    "lstm_step",
    solved_by=solution_lstm_step,
    trials=_steps,
    hints=(
        "Three of the sums become gates through sigmoid, one goes through np.tanh.",
        "C = f * C + i * candidate, and the new hidden state is o * np.tanh(C).",
    ),
    after="Four layers, two states, one text or many.",
    mistakes=(
        Mistake(
            "candidate_sigmoid",
            "the candidate goes through np.tanh; only the gates go through sigmoid.",
            _wrong_step(squash=sigmoid),
        ),
        Mistake(
            "gate_order",
            "Keras has the order i, f, c, o; drawings often begin with f.",
            _wrong_step(order="fico"),
        ),
        Mistake(
            "first_axis",
            "cut the last axis (axis=-1); without it a batch is cut into groups of texts.",
            _wrong_step(axis=0),
        ),
        Mistake(
            "gates_tanh",
            "a gate goes through sigmoid; np.tanh could turn it negative.",
            _wrong_step(gate=np.tanh),
            _gate_by_tanh,
        ),
        Mistake(
            "shown_without_tanh",
            "show o * np.tanh(C); without np.tanh, h would leave the range from -1 to 1.",
            _wrong_step(show=_not_squashed),
        ),
        Mistake(
            "candidate_not_squashed",
            "the candidate is np.tanh of its sum, not the sum itself.",
            _wrong_step(squash=_not_squashed),
        ),
    ),
)


MOST_COVERED = 0.05
LEAST_SHOWN = 0.95


def _job_done(bias: float, then: float) -> tuple[bool, bool, bool]:
    """Whether the output gate is shut at ordinary words, and open at "then"; all are finite."""
    return (
        bool(sigmoid(np.asarray(bias)) < MOST_COVERED),
        bool(sigmoid(np.asarray(bias + then)) > LEAST_SHOWN),
        bool(np.isfinite([bias, then]).all()),
    )


output_gate = Exercise(
    __name__,
    "output_gate",
    solved_by=("-4.0", "8.0"),
    measure=_job_done,
    hints=(
        "At ordinary words the sum is the bias alone; at “then” it is the bias and your number.",
        "A sum of -4 shows 2 %, a sum of 4 shows 98 %.",
    ),
    otherwise="choose two ordinary numbers: the bias, and what “then” adds.",
    after="The belt stays covered until somebody asks.",
    mistakes=(
        Mistake(
            "always_open",
            "with this bias nearly all is shown at every word; the bias must shut the gate.",
            (4.0, 0.0),
            lambda bias, _: sigmoid(np.asarray(bias)) >= LEAST_SHOWN,
        ),
        Mistake(
            "not_shut",
            "at ordinary words 5 % or more is shown; sigmoid(0) is 0.5; a lower bias shuts.",
            (0.0, 8.0),
            lambda bias, _: MOST_COVERED <= sigmoid(np.asarray(bias)) < LEAST_SHOWN,
        ),
        Mistake(
            "then_shuts",
            "at “then” the gate opens no further; what “then” adds must be above 0.",
            (-4.0, -8.0),
            lambda bias, then: np.isfinite(bias) and then <= 0,
        ),
        Mistake(
            "then_too_weak",
            "at “then” the bias still pulls: the sum of both must be well above 0.",
            (-4.0, 4.0),
            lambda bias, then: np.isfinite(bias) and sigmoid(np.asarray(bias + then)) <= 0.95,
        ),
    ),
)


def solution_share_left(forget_gates):
    later = [forget_gates[j + 1 :] for j in range(len(forget_gates))]
    return np.array([gates.prod(axis=0) for gates in later])


def _forget_gates() -> Iterator[tuple[Array]]:
    rng = np.random.default_rng(3)
    for shape in ((4, 2), (1, 3), (7, 1), (5, 6, 2)):
        yield (rng.uniform(0.2, 1.0, shape),)


share_left = Exercise(
    __name__,
    "share_left",
    solved_by=solution_share_left,
    trials=_forget_gates,
    hints=(
        "For row j take the rows forget_gates[j + 1 :], and multiply them.",
        "The product of rows is .prod(axis=0); for no row it is 1, as it must be.",
    ),
    after="The last word keeps all of what it wrote.",
    mistakes=(
        Mistake(
            "own_gate",
            "a word's own forget gate acts on older writes only; begin with the row after it.",
            lambda f: np.array([f[j:].prod(axis=0) for j in range(len(f))]),
        ),
        Mistake(
            "earlier_gates",
            "these are the rows before the word; what it wrote meets the rows after it.",
            lambda f: np.array([f[:j].prod(axis=0) for j in range(len(f))]),
        ),
        Mistake(
            "units_mixed",
            "keep the units apart: multiply along the words only, with axis=0.",
            lambda f: np.array([f[j + 1 :].prod() for j in range(len(f))]),
        ),
        Mistake(
            "added",
            "what is left is a product of gates, not their sum.",
            lambda f: np.array([f[j + 1 :].sum(axis=0) for j in range(len(f))]),
        ),
        Mistake(
            "next_gate_only",
            "this is the next gate alone; all later ones take a part.",
            lambda f: np.array([*f[1:], np.ones_like(f[0])]),
        ),
    ),
)
