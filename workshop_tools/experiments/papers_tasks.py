"""Tasks of the 1997 paper that only its tables need: a grammar, long lags, multiplication.

Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9(8):1735-1780.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.tasks import Adding1997, Batch, Task
from workshop_utils.tasks.base import Answer, Bools, Floats, Seed, one_hot

SYMBOLS = "BTPSXVE"
# The Reber grammar is a graph whose edges carry symbols; two edges, or one twice, leave each
# state. The embedded one holds it twice: after B and T comes a string of the upper copy, then
# T again; after B and P one of the lower copy, then P again; at the end comes E.
REBER = ("BB", "TP", "SX", "TV", "XS", "PV", "EE")
REBER_TO = np.array([(1, 1), (2, 3), (2, 4), (3, 5), (3, 6), (4, 6), (7, 7)])
START = 0
AFTER_B = 1
UPPER = 2
LOWER = 10
LAST = 18
EMBEDDED = ("BB", "TP", *REBER, "TT", *REBER, "PP", "EE")
#: (states, 2): symbol and next state of each choice; each choice has the probability 0.5.
SYMBOL_OF = np.array([[SYMBOLS.index(symbol) for symbol in edges] for edges in EMBEDDED])
STATE_OF = np.array([(AFTER_B, AFTER_B), (UPPER, LOWER), *(UPPER + REBER_TO), (LAST, LAST),
                     *(LOWER + REBER_TO), (LAST, LAST), (START, START)])  # fmt: skip
#: (states, symbols): the next state for each symbol, or -1.
AFTER = np.full((len(EMBEDDED), len(SYMBOLS)), -1)
AFTER[np.arange(len(EMBEDDED))[:, None], SYMBOL_OF] = STATE_OF


@dataclass(frozen=True)
class EmbeddedReber(Task):
    """Predict every next symbol of one string of the embedded Reber grammar (experiment 1).

    A step is right when the outputs of all symbols that may come next are higher than
    those of all others, and a string is correct when all its steps are right: the paper
    asks that the units of the possible next symbols are always the most active ones.

    The paper trains on 256 strings and tests on 256 others; here every string is new.
    Strings longer than ``longest`` are drawn again: with 40, fewer than one in 10,000.
    Shorter ones have zeros behind them: in front they would give the end away.

    Attributes:
        longest: Symbols in the longest string, from the first B to the last E; at least 9.
    """

    longest: int = 40

    answer: ClassVar[Answer] = "symbols"
    features: ClassVar[int] = len(SYMBOLS)
    outputs: ClassVar[int] = len(SYMBOLS)

    @property
    def timesteps(self) -> int:
        """All symbols but the last, which is only predicted."""
        return self.longest - 1

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate strings, inputs (size, timesteps, 7), targets (size, timesteps) int32.

        Targets are -1 after the end of a string, where no answer counts.
        """
        strings = self._strings(np.random.default_rng(seed), size)
        inputs = np.where(strings[:, 1:] < 0, -1, strings[:, :-1])
        return Batch(one_hot(inputs, self.features), strings[:, 1:].astype(np.int32))

    def _strings(self, rng: np.random.Generator, size: int) -> npt.NDArray[np.int64]:
        """Draw strings, (size, longest), -1 after their ends."""
        choices = rng.integers(0, 2, size=(self.longest, size), dtype=np.int8)
        strings = np.full((size, self.longest), -1)
        state = np.full(size, START)
        for step, choice in enumerate(choices):
            goes_on = (state != START) | (step == 0)
            strings[goes_on, step] = SYMBOL_OF[state, choice][goes_on]
            state = np.where(goes_on, STATE_OF[state, choice], START)
        too_long = state != START
        if too_long.any():
            strings[too_long] = self._strings(rng, too_long.sum())
        return strings

    def legal_next(self, targets: npt.ArrayLike) -> Bools:
        """Return which symbols may come next at each step, (batch, timesteps, 7)."""
        wanted = np.asarray(targets, dtype=np.int64)
        legal = np.zeros((*wanted.shape, len(SYMBOLS)), dtype=bool)
        state = np.full(len(wanted), AFTER_B)
        for step, symbols in enumerate(wanted.T):
            counts = symbols >= 0
            legal[counts, step] = AFTER[state[counts]] >= 0
            state = np.where(counts, AFTER[state, symbols], state)
        return legal

    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> Bools:
        """Say whether all legal symbols have higher outputs than all others, at every step."""
        given = np.asarray(outputs)
        legal = self.legal_next(targets)
        lowest_legal = np.where(legal, given, np.inf).min(axis=2)
        highest_other = np.where(legal, -np.inf, given).max(axis=2)
        return np.asarray((lowest_legal > highest_other).all(axis=1))

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the share of correct strings."""
        return float(self.correct(outputs, targets).mean())


@dataclass(frozen=True)
class NoiseFreeLag(Task):
    """Predict every next symbol; the last one is the same as the first, ``lag`` steps ago (2a).

    There are p + 1 symbols, a(1) to a(p-1), x and y, and only two sequences:
    (x, a(1), ..., a(p-1), x) and (y, a(1), ..., a(p-1), y), each with probability 0.5.
    A sequence is correct when at every step all outputs are off by less than 0.25; the
    paper calls a run successful when 10,000 sequences in a row are correct. Inputs are
    numbers, a(1) = 0 to a(p-1) = p - 2, then x = p - 1 and y = p.

    Attributes:
        lag: p, steps from the first symbol to the last; at least 2.
    """

    lag: int = 100

    answer: ClassVar[Answer] = "symbols"
    tolerance: ClassVar[float] = 0.25

    @property
    def timesteps(self) -> int:
        """The lag: all symbols but the last, which is only predicted."""
        return self.lag

    @property
    def features(self) -> int:
        """The number of symbols, p + 1."""
        return self.lag + 1

    #: One output for each symbol.
    outputs = features

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs and targets (size, timesteps) int32; see ``Task``."""
        ends = np.random.default_rng(seed).integers(0, 2, size=size, dtype=np.int32)
        sequences = np.tile(np.arange(-1, self.lag, dtype=np.int32), (size, 1))
        sequences[:, 0] = sequences[:, -1] = self.lag - 1 + ends
        return Batch(sequences[:, :-1], sequences[:, 1:])

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the share of sequences whose last symbol has the largest output."""
        last = np.asarray(outputs)[:, -1].argmax(axis=1)
        return float(np.mean(last == np.asarray(targets)[:, -1]))

    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> Bools:
        """Say whether all outputs are within ``tolerance`` at every step."""
        off = np.abs(np.asarray(outputs) - one_hot(np.asarray(targets), self.outputs))
        return np.asarray(np.all(off < self.tolerance, axis=(1, 2)))


@dataclass(frozen=True)
class DistractorLag(Task):
    """Say after many random symbols whether x or y came at the beginning (experiment 2c).

    A sequence is b, then x or y, then q + k distractors, then the trigger e; the answer
    is the symbol that follows, x or y again. k is how often a coin that shows "stop"
    with probability 1/10 shows something else first: 9 on average. A sequence is correct
    when both outputs are off by less than 0.2; the paper calls a run successful when
    10,000 in a row are correct. It draws distractors from the first q of p symbols, here
    all p are drawn. Inputs are numbers, distractors 0 to p - 1, then e = p, b = p + 1,
    x = p + 2 and y = p + 3, and -1 in front of a shorter sequence.

    Attributes:
        lag: q, the least number of distractors in a sequence.
        distractors: p, how many different ones there are.
        longest_extra: The largest k, since arrays must end; this leaves out a share of
            0.9 ** (longest_extra + 1) of all sequences.
    """

    lag: int = 100
    distractors: int = 100
    longest_extra: int = 50

    answer: ClassVar[Answer] = "class"
    tolerance: ClassVar[float] = 0.2
    outputs: ClassVar[int] = 2

    @property
    def timesteps(self) -> int:
        """Length of the arrays: b, x or y, the most distractors, e."""
        return self.lag + self.longest_extra + 3

    @property
    def features(self) -> int:
        """The number of symbols, p + 4."""
        return self.distractors + 4

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate sequences, inputs (size, timesteps) int32, targets (size, 2)."""
        rng = np.random.default_rng(seed)
        rows = np.arange(size)
        inputs = rng.integers(0, self.distractors, (size, self.timesteps), dtype=np.int32)
        is_y = rng.integers(0, 2, size=size)
        starts = self.longest_extra - self._extra(rng.random(size))
        inputs[np.arange(self.timesteps) < starts[:, None]] = -1
        e, b, x = self.distractors + np.arange(3)
        inputs[rows, starts] = b
        inputs[rows, starts + 1] = x + is_y
        inputs[:, -1] = e
        return Batch(inputs, one_hot(is_y, 2))

    def _extra(self, chance: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Turn numbers from U[0, 1) into k, geometric up to ``longest_extra``."""
        kept = 1 - 0.9 ** (self.longest_extra + 1)
        extra = np.log1p(-chance * kept) / math.log1p(-0.1)
        # The largest numbers below 1 round up to one more than there may be.
        return np.minimum(extra.astype(np.int64), self.longest_extra)


@dataclass(frozen=True)
class Multiplication(Adding1997):
    """The multiplication problem of experiment 5.

    As :class:`~workshop_utils.tasks.Adding1997`, but values come from U[0, 1],
    the value of the first pair is set to 1 should it be marked, and the target is
    X1 * X2. An answer is correct when it is off by less than 0.04. The paper measures as
    soon as fewer than 140, and fewer than 13, of the last 2000 sequences are not correct.
    """

    least: ClassVar[float] = 0
    neutral: ClassVar[float] = 1

    def target(self, first: Floats, second: Floats) -> Floats:
        """Multiply the two marked values, each (size,)."""
        return np.asarray(first * second, dtype=np.float32)
