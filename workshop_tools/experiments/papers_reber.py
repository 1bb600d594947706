"""The embedded Reber grammar: predict every next symbol, one of them after a long lag.

The Reber grammar is a graph whose edges carry symbols. The embedded one holds it twice:
after B and T comes a string of the upper copy, then T again; after B and P one of the
lower copy, then P again; at the end comes E.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.sequence_tasks import Batch, Task
from workshop_utils.sequence_tasks.base import Answer, Bools, Seed, one_hot

SYMBOLS = "BTPSXVE"
Edges = tuple[tuple[str, int], ...]
#: Edges that leave each state of the Reber grammar: symbol and next state.
REBER: tuple[Edges, ...] = (
    (("B", 1),),
    (("T", 2), ("P", 3)),
    (("S", 2), ("X", 4)),
    (("T", 3), ("V", 5)),
    (("X", 3), ("S", 6)),
    (("P", 4), ("V", 6)),
    (("E", 7),),
)
START, AFTER_B, UPPER, LOWER, LAST = 0, 1, 2, 10, 18


def _copy(offset: int) -> tuple[Edges, ...]:
    return tuple(tuple((symbol, offset + state) for symbol, state in edges) for edges in REBER)


EMBEDDED: tuple[Edges, ...] = (
    (("B", AFTER_B),),
    (("T", UPPER), ("P", LOWER)),
    *_copy(UPPER),
    (("T", LAST),),
    *_copy(LOWER),
    (("P", LAST),),
    (("E", START),),
)
#: (states, 2): symbol and next state of each choice; each edge has the probability 0.5.
SYMBOL_OF = np.array([[SYMBOLS.index(edges[n][0]) for n in (0, -1)] for edges in EMBEDDED])
STATE_OF = np.array([[edges[n][1] for n in (0, -1)] for edges in EMBEDDED])
#: (states, symbols): the next state for each symbol, or -1.
AFTER = np.full((len(EMBEDDED), len(SYMBOLS)), -1)
AFTER[np.arange(len(EMBEDDED))[:, None], SYMBOL_OF] = STATE_OF


@dataclass(frozen=True)
class EmbeddedReber(Task):
    """Predict every next symbol of one string of the embedded Reber grammar (experiment 1).

    A step is right when the outputs of all symbols that may come next are higher than
    those of all others, and a string is correct when all its steps are right: the paper
    asks that the units of the possible next symbols are always the most active ones.

    The paper trains on 256 strings and tests on 256 others, until all are correct. Here
    every string is new. Arrays must end, so longer strings than ``longest`` are drawn
    again: with 40, fewer than one in 10,000. Shorter ones have zeros behind them, since
    zeros in front would give the end away to a network that counts them.

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
        strings, lengths = self._strings(np.random.default_rng(seed), size)
        targets = strings[:, 1:].astype(np.int32)
        over = np.arange(1, self.longest) >= lengths[:, None]
        targets[over] = -1
        inputs = one_hot(np.where(over, -1, strings[:, :-1]), self.features)
        return Batch(inputs, targets)

    def _strings(
        self, rng: np.random.Generator, size: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Draw strings (size, longest), followed by what does not belong to them, and lengths."""
        choices = rng.integers(0, 2, size=(self.longest, size), dtype=np.int8)
        strings = np.empty((size, self.longest), dtype=np.int64)
        states = np.empty_like(strings)
        state = np.full(size, START)
        for step, choice in enumerate(choices):
            strings[:, step] = SYMBOL_OF[state, choice]
            states[:, step] = state = STATE_OF[state, choice]
        ends = states == START
        lengths = ends.argmax(axis=1) + 1
        too_long = np.flatnonzero(~ends.any(axis=1))
        if len(too_long):
            strings[too_long], lengths[too_long] = self._strings(rng, len(too_long))
        return strings, lengths

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
        given, legal = np.asarray(outputs), self.legal_next(targets)
        lowest_legal = np.where(legal, given, np.inf).min(axis=2)
        highest_other = np.where(legal, -np.inf, given).max(axis=2)
        return np.asarray((lowest_legal > highest_other).all(axis=1))

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the share of correct strings."""
        return float(self.correct(outputs, targets).mean())
