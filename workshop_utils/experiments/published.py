"""What the papers print, row for row, and where."""

from dataclasses import dataclass

LONG_SHORT_TERM_MEMORY = "Hochreiter and Schmidhuber 1997"
WITHOUT = "an LSTM without a forget gate"


@dataclass(frozen=True)
class Published:
    """One row of a paper's table.

    Attributes:
        where: Paper and table.
        network: What was trained.
        sequences: Training sequences until the paper's criterion held (a mean over
            the trials); None where the paper gives none.
        wrong: Test sequences that were wrong, as the paper counts them.
        tested: How many were tested; 0 where the paper does not count them.
        trials: How many networks were trained.
        claim: What the paper says of the network, in one sentence of our own.
    """

    where: str
    network: str
    sequences: int | None
    wrong: int
    tested: int
    trials: int
    claim: str = "the LSTM solves it"


def _row(table: str, sequences: int, wrong: int, tested: int, trials: int) -> Published:
    where = f"{LONG_SHORT_TERM_MEMORY}, {table}"
    return Published(where, WITHOUT, sequences, wrong, tested, trials)


#: The rows that the study runs, by the study's own names of the experiments.
ROWS = {
    "reber": _row("table 1 (best row)", 8_440, 0, 0, 30),
    "lag-2a": _row("table 2, p = 100", 5_040, 0, 0, 18),
    "lag-2c-50": _row("table 3, q = p = 50", 30_000, 0, 0, 20),
    "lag-2c-100": _row("table 3, q = p = 100", 31_000, 0, 0, 20),
    "lag-2c-200": _row("table 3, q = p = 200", 33_000, 0, 0, 20),
    "lag-2c-500": _row("table 3, q = p = 500", 38_000, 0, 0, 20),
    "latch-100": _row("experiment 3a, T = 100, N = 1", 58_370, 0, 0, 10),
    "latch-100-3": _row("experiment 3a, T = 100, N = 3", 27_380, 0, 0, 10),
    "adding-100": _row("table 7, T = 100", 74_000, 1, 2_560, 10),
    "adding-500": _row("table 7, T = 500", 209_000, 0, 2_560, 10),
    "multiplication": _row("table 8, n_seq = 140", 482_000, 139, 2_560, 10),
    "order-6a": _row("table 9, 6a", 31_390, 1, 2_560, 20),
    "order-6b": _row("table 9, 6b", 571_100, 2, 2_560, 10),
}
