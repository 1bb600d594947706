"""The embedded Reber grammar as a machine that walks many strings at once.

The Reber grammar is a graph whose edges carry symbols. The embedded one holds it
twice: after B and T comes a string of the upper copy, then T again; after B and P one
of the lower copy, then P again; at the end comes E. Where two edges leave a state,
each is taken with probability 0.5.
"""

import numpy as np
import numpy.typing as npt

SYMBOLS = "BTPSXVE"
#: Edges that leave each state of the Reber grammar: symbol and next state.
REBER = (
    (("B", 1),),
    (("T", 2), ("P", 3)),
    (("S", 2), ("X", 4)),
    (("T", 3), ("V", 5)),
    (("X", 3), ("S", 6)),
    (("P", 4), ("V", 6)),
    (("E", 7),),
)
#: States of the embedded grammar: both copies of the Reber grammar lie in between.
START, AFTER_B, UPPER = 0, 1, 2
UPPER_END = UPPER + len(REBER)
LOWER = UPPER_END + 1
LOWER_END = LOWER + len(REBER)
LAST = LOWER_END + 1
#: States in which only the second symbol, long ago, tells what comes next.
OUTER = (UPPER_END, LOWER_END)
Edges = tuple[tuple[str, int], ...]


def _copy(offset: int) -> tuple[Edges, ...]:
    return tuple(tuple((symbol, offset + state) for symbol, state in edges) for edges in REBER)


#: Edges that leave each state of the embedded grammar; the last E leads to the start.
EMBEDDED: tuple[Edges, ...] = (
    (("B", AFTER_B),),
    (("T", UPPER), ("P", LOWER)),
    *_copy(UPPER),
    (("T", LAST),),
    *_copy(LOWER),
    (("P", LAST),),
    (("E", START),),
)


def _tables() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Symbol and next state for each state and choice, and next state for each symbol."""
    by_choice = np.array([[edges[0], edges[-1]] for edges in EMBEDDED], dtype=object)
    symbols = np.vectorize(SYMBOLS.index, otypes=[np.intp])(by_choice[..., 0])
    states = by_choice[..., 1].astype(np.intp)
    after = np.full((len(EMBEDDED), len(SYMBOLS)), -1, dtype=np.intp)
    after[np.arange(len(EMBEDDED))[:, None], symbols] = states
    return symbols, states, after


SYMBOL_OF, STATE_OF, AFTER = _tables()
#: (states + 1, symbols): which symbols may come next; state -1 allows none.
LEGAL = np.vstack([AFTER >= 0, np.zeros(len(SYMBOLS), dtype=bool)])


def walk(
    rng: np.random.Generator, size: int, steps: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Write strings without end, one after the other.

    Args:
        rng: Where the choices come from.
        size: How many walks.
        steps: Symbols in each.

    Returns:
        The numbers of the symbols and the states that they lead to, each
        (size, steps). Where the state is ``START``, a string is complete.
    """
    choices = rng.integers(0, 2, size=(steps, size), dtype=np.int8)
    symbols = np.empty((steps, size), dtype=np.int8)
    states = np.empty((steps, size), dtype=np.int8)
    state = np.full(size, START, dtype=np.intp)
    for step in range(steps):
        edge = 2 * state + choices[step]
        symbols[step] = SYMBOL_OF.take(edge)
        states[step] = state = STATE_OF.take(edge)
    return symbols.T, states.T


def states_before(targets: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Return the state before each symbol of walks whose first symbol, B, is left out.

    Args:
        targets: (walks, steps), numbers of symbols; -1 before a walk begins.

    Returns:
        (walks, steps), -1 where the target is -1.

    Raises:
        ValueError: The grammar does not allow a symbol where it stands.
    """
    found = np.full(targets.shape, -1, dtype=np.intp)
    state = np.full(len(targets), AFTER_B, dtype=np.intp)
    for step, symbols in enumerate(targets.T):
        counts = symbols >= 0
        found[counts, step] = state[counts]
        state = np.where(counts, AFTER[state, symbols], state)
        if (state < 0).any():
            raise ValueError(
                f"The embedded Reber grammar does not allow the symbols of row {state.argmin()} "
                f"of the targets: the one at step {step} may not stand there."
            )
    return found
