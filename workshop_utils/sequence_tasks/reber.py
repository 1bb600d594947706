"""The embedded Reber grammar: predict every next symbol, one of them after a long lag."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from workshop_utils.sequence_tasks import grammar
from workshop_utils.sequence_tasks.base import Baseline, Batch, Seed, generator, one_hot
from workshop_utils.sequence_tasks.symbols import SymbolTask

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Reber(SymbolTask):
    """What single strings and streams have in common."""

    symbols: ClassVar[str] = grammar.SYMBOLS

    @property
    def features(self) -> int:
        """Seven symbols, one-hot."""
        return len(self.symbols)

    @property
    def outputs(self) -> int:
        """One output for each symbol."""
        return len(self.symbols)

    def decode(self, batch: Batch, row: int = 0) -> str:
        """Return one sequence as a string of symbols, what comes last included.

        Args:
            batch: What :meth:`batch` returned.
            row: Which sequence.
        """
        first = self.symbols[batch.inputs[row, 0].argmax()]
        return first + "".join(self.symbols[number] for number in batch.targets[row] if number >= 0)

    def legal_next(self, targets: npt.ArrayLike) -> Bools:
        """Return which symbols may come next at each step, by what came before.

        Args:
            targets: (batch, timesteps).

        Returns:
            (batch, timesteps, 7), all False where no answer counts.

        Raises:
            ValueError: The targets are no strings of the grammar.
        """
        legal: Bools = grammar.LEGAL[grammar.states_before(np.asarray(targets, dtype=np.int64))]
        return legal

    def right_steps(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> Bools:
        """Say at which steps the outputs of all legal symbols exceed those of all others.

        Args:
            outputs: (batch, timesteps, 7); only their order counts.
            targets: (batch, timesteps).

        Returns:
            (batch, timesteps), True where no answer counts.
        """
        given, wanted = self._symbols(outputs, targets)
        legal = self.legal_next(wanted)
        lowest_legal = np.where(legal, given, np.inf).min(axis=2)
        highest_other = np.where(legal, -np.inf, given).max(axis=2)
        return np.asarray(lowest_legal > highest_other)

    def outer_steps(self, targets: npt.ArrayLike) -> Bools:
        """Say at which steps the wanted symbol is the T or P that ends a string, before E.

        It is the only one with a long lag: the second symbol of the string decides it.

        Args:
            targets: (batch, timesteps).

        Returns:
            (batch, timesteps).
        """
        states = grammar.states_before(np.asarray(targets, dtype=np.int64))
        return np.isin(states, grammar.OUTER)

    def outer_accuracy(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return how often the right one of T and P has the larger output before the last E.

        Args:
            outputs: (batch, timesteps, 7); only their order counts.
            targets: (batch, timesteps).

        Raises:
            ValueError: No string ends in these targets.
        """
        given, wanted = self._symbols(outputs, targets)
        outer = self.outer_steps(wanted)
        if not outer.any():
            raise ValueError("No string ends in these targets: take more or longer streams.")
        upper, lower = (self.symbols.index(symbol) for symbol in "TP")
        says_upper = given[..., upper] > given[..., lower]
        return float(np.mean((says_upper == (wanted == upper))[outer]))

    def correct(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> Bools:
        """Say for each sequence whether every step is right; see :meth:`right_steps`."""
        return np.asarray(self.right_steps(outputs, targets).all(axis=1))


@dataclass(frozen=True)
class EmbeddedReber(_Reber):
    """Predict every next symbol of one string of the embedded Reber grammar.

    A step is right when the outputs of all symbols that may come next are higher than
    those of all others, and a string is correct when all its steps are right. This is
    the criterion of the paper, which asks that the units of the possible next symbols
    are always the most active ones. ``score`` is the share of correct strings, and
    ``outer_accuracy`` looks only at the last but one symbol, T or P, which repeats the
    second: the one with a long lag.

    The paper trains on 256 strings and tests on 256 others, until all are correct. Here
    every string is new, and each may come again. Networks learn the symbol that comes,
    not the set of all that may come, as in the paper. Arrays must end, so longer strings
    than ``longest`` are drawn again: with 40, fewer than one in 10,000.

    All strings begin at the first step, and shorter ones have zeros behind them. Zeros
    in front would give the end away: a network that counts them knows how much of the
    string is to come, and predicts better than the grammar allows.

    Attributes:
        longest: Symbols in the longest string, from the first B to the last E.

    Raises:
        ValueError: No string is so short: the shortest has 9 symbols.
    """

    longest: int = 40

    source: ClassVar[str] = "Hochreiter and Schmidhuber 1997, experiment 1"
    shortest: ClassVar[int] = 9

    def __post_init__(self) -> None:
        if self.longest < self.shortest:
            raise ValueError(
                f"EmbeddedReber expects longest >= {self.shortest}, not {self.longest}."
            )

    @property
    def timesteps(self) -> int:
        """All symbols but the last, which is only predicted."""
        return self.longest - 1

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate strings, inputs (size, timesteps, 7), targets (size, timesteps) int32."""
        rng = generator(size, seed)
        strings, lengths = self._strings(rng, size)
        targets = strings[:, 1:].astype(np.int32)
        over = np.arange(1, self.longest) >= lengths[:, None]
        targets[over] = -1
        inputs = one_hot(np.where(over, -1, strings[:, :-1]), self.features)
        return Batch(inputs, targets)

    def _strings(
        self, rng: np.random.Generator, size: int
    ) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int64]]:
        """Draw strings (size, longest), followed by what does not belong to them, and lengths."""
        strings, states = grammar.walk(rng, size, self.longest)
        ends = states == grammar.START
        lengths = ends.argmax(axis=1) + 1
        too_long = np.flatnonzero(~ends.any(axis=1))
        if len(too_long):
            strings[too_long], lengths[too_long] = self._strings(rng, len(too_long))
        return strings, lengths

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return the share of correct strings."""
        return float(self.correct(outputs, targets).mean())

    def baseline(self) -> Baseline:
        """All strings that end with T are right for who knows all but the second symbol."""
        return Baseline("know the grammar, but always say T before the last E", "accuracy", 0.5)


@dataclass(frozen=True)
class ContinualReber(_Reber):
    """Predict every next symbol of a stream of strings, with no sign where one begins.

    After the last E of a string comes the B of the next one, and nothing resets the
    network in between. ``score`` is ``outer_accuracy``; a stream is correct when all
    its steps are right, by the order of the outputs as in :class:`EmbeddedReber`. The
    paper has another criterion, a squared error below 0.49 for all outputs, and
    counts the steps before the first error in streams of up to 10^6 symbols; see
    ``steps_before_error``. Here streams have a fixed length, and a network begins each
    one with an empty state.

    Attributes:
        length: Steps of a stream.

    Raises:
        ValueError: The length is below 1.
    """

    length: int = 300

    source: ClassVar[str] = "Gers, Schmidhuber and Cummins 2000"

    def __post_init__(self) -> None:
        if self.length < 1:
            raise ValueError(f"ContinualReber expects a length of at least 1, not {self.length}.")

    @property
    def timesteps(self) -> int:
        """The fixed length."""
        return self.length

    def batch(self, size: int, seed: Seed) -> Batch:
        """Generate streams, inputs (size, timesteps, 7), targets (size, timesteps) int32."""
        symbols, _ = grammar.walk(generator(size, seed), size, self.length + 1)
        return Batch(one_hot(symbols[:, :-1], self.features), symbols[:, 1:].astype(np.int32))

    def score(self, outputs: npt.ArrayLike, targets: npt.ArrayLike) -> float:
        """Return how often T or P is right before the end of a string."""
        return self.outer_accuracy(outputs, targets)

    def steps_before_error(
        self, outputs: npt.ArrayLike, targets: npt.ArrayLike
    ) -> npt.NDArray[np.int64]:
        """Count the right steps before the first wrong one, (batch,).

        Args:
            outputs: (batch, timesteps, 7); only their order counts.
            targets: (batch, timesteps).
        """
        right = self.right_steps(outputs, targets)
        count: npt.NDArray[np.int64] = np.where(
            right.all(axis=1), right.shape[1], right.argmin(axis=1)
        )
        return count

    def baseline(self) -> Baseline:
        """Half of all strings end with T."""
        return Baseline("always say T before the last E of a string", "accuracy", 0.5)
