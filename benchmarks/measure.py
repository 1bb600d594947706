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

from workshop_utils import runtime, storage


def machine() -> str:
    """Name the processor, its cores and the system, in one line."""
    here = runtime.describe()
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        models = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        processor = models[0].split(":")[1].strip() if models else processor
    return f"{processor}, {here.cpus} cores, {here.system}"


@dataclass(frozen=True)
class Measure:
    """One comparison; ``ratio`` above 1 means that ours is the better one.

    Attributes:
        name: What was done.
        ours: Our figure, in ``unit``.
        other: The other's figure, in ``unit``.
        against: What the other one is.
        unit: ``s`` (less is better), or something per second (more is better).
        ratio: How many times better ours is.
    """

    name: str
    ours: float
    other: float
    against: str
    unit: str
    ratio: float = field(init=False)
    machine: str = field(default_factory=machine)
    date: str = field(default_factory=lambda: datetime.date.today().isoformat())

    def __post_init__(self) -> None:
        better = self.other / self.ours if self.unit == "s" else self.ours / self.other
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
    """
    ours()
    other()
    pairs = [(seconds(ours), seconds(other)) for _ in range(rounds)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    if items is None:
        return Measure(name, mine, theirs, against, "s")
    return Measure(name, items / mine, items / theirs, against, f"{per}/s")


def keep(measures: Sequence[Measure], path: Path) -> None:
    """Write the measures as JSON and print them as a table."""
    rows = [asdict(measure) for measure in measures]
    storage.write_text(path, json.dumps(rows, indent=2) + "\n")
    table = Table(title=f"{measures[0].machine}, {measures[0].date}")
    for column in ("measure", "ours", "other", "against", "unit", "ratio"):
        table.add_column(column)
    for m in measures:
        table.add_row(
            m.name, f"{m.ours:.4g}", f"{m.other:.4g}", m.against, m.unit, f"{m.ratio:.2f}"
        )
    Console().print(table)
    print(f"Kept in {path}. A ratio above 1 means that ours is better.")
