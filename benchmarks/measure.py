"""How two ways of doing the same are timed against each other, and how the result is kept."""

import datetime
import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from workshop_utils import environment, storage


def machine() -> str:
    """Name the processor, its cores and the system, in one line."""
    here = environment.describe()
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = models[0].split(":")[1].strip() if models else processor
    return f"{processor}, {here.cpus} cores, {platform.system()}"


LESS_IS_BETTER = {"s", "MB"}
"""Units of which less is better; of all others more is."""


@dataclass(frozen=True)
class Measure:
    """One comparison; ``ratio`` above 1 means that ours is the better one.

    Attributes:
        name: What was done.
        ours: Our figure, in ``unit``.
        other: The other's figure, in ``unit``.
        against: What the other one is.
        unit: One of :data:`LESS_IS_BETTER`, or one of which more is better, such as ``rows/s``.
        promise: The ratio that the workshop promises at least; None: no promise.
        machine: Where it was measured.
        date: When it was measured, as year-month-day.
        ratio: How many times better ours is.
        met: Whether the promise is kept; None: no promise.
    """

    name: str
    ours: float
    other: float
    against: str
    unit: str
    promise: float | None = None
    machine: str = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.date.today().isoformat())
    ratio: float = field(init=False)
    met: bool | None = field(init=False)

    def __post_init__(self) -> None:
        less = self.unit in LESS_IS_BETTER
        better = self.other / self.ours if less else self.ours / self.other
        # Judged before it is rounded, so that .996 of a limit is not a promise kept.
        object.__setattr__(self, "met", None if self.promise is None else better >= self.promise)
        object.__setattr__(self, "ratio", round(better, 3))


def seconds(work: Callable[[], object]) -> float:
    """Time one call by the wall clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def side_by_side(
    name: str,
    ours: Callable[[], object],
    other: Callable[[], object],
    *,
    against: str,
    items: int | None = None,
    per: str = "items",
    rounds: int = 5,
    promise: float | None = None,
) -> Measure:
    """Time two calls in turn, after one warm-up each, and keep the medians.

    In turn, so that a busy moment of the machine falls on both.

    Args:
        name: What is done.
        ours: Our way.
        other: The other way.
        against: What the other way is.
        items: Items that one call handles; given, the unit is ``per`` per second.
        per: Name of an item.
        rounds: Timed calls of each.
        promise: The ratio that is promised at least.
    """
    ours()
    other()
    pairs = [(seconds(ours), seconds(other)) for _ in range(rounds)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    if items is None:
        return Measure(name, mine, theirs, against, "s", promise)
    return Measure(name, items / mine, items / theirs, against, f"{per}/s", promise)


def under_limit(name: str, ours: Callable[[], object], *, limit: float, rounds: int = 5) -> Measure:
    """Time a call that has a promised limit, after one warm-up, and keep the median.

    Args:
        name: What is done.
        ours: Our way.
        limit: Seconds that it may take at most.
        rounds: Timed calls.
    """
    ours()
    median = statistics.median(seconds(ours) for _ in range(rounds))
    return Measure(name, median, limit, "the limit", "s", promise=1)


def keep(measures: Sequence[Measure], path: Path) -> None:
    """Write the measures as JSON and print them as a table.

    Measures of other things that lie in the file stay there, with their own date.
    """
    rows = [asdict(measure) for measure in measures]
    new = {(row["name"], row["against"]) for row in rows}
    before = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    others = [row for row in before if (row["name"], row["against"]) not in new]
    storage.write_text(path, json.dumps(others + rows, indent=2) + "\n")
    table = Table(title=f"{machine()}, {datetime.date.today().isoformat()}")
    for column in ("measure", "ours", "other", "against", "unit", "ratio", "promised", "met"):
        table.add_column(column, overflow="fold")
    for m in measures:
        promised = "" if m.promise is None else f"at least {m.promise:.2f}"
        met = {None: "", True: "yes", False: "NO"}[m.met]
        table.add_row(
            m.name, f"{m.ours:.4g}", f"{m.other:.4g}", m.against, m.unit, f"{m.ratio:.2f}",
            promised, met,
        )  # fmt: skip
    Console().print(table)
    judged = [m.met for m in measures if m.met is not None]
    print(f"{sum(judged)} of {len(judged)} promises are met.")
    print(f"Kept in {path}. A ratio above 1 means that ours is better.")
