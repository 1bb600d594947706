"""How ways of doing the same are timed against each other, and how the result is kept."""

import datetime
import itertools
import multiprocessing
import os
import platform
import re
import statistics
import timeit
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from workshop_utils.runtime import environment, storage
from workshop_utils.runtime.versions import installed

Way = Callable[[], Callable[[], Any]]
"""Makes ready what is needed and returns the call that is timed; it must be picklable."""

LESS_IS_BETTER = {"s", "MB"}
"""Units of which less is better; of all others more is."""

INTRODUCTION = """# How fast it is

`make bench` times ways of doing the same in turn, each in a process of its own, and writes this
page. What carries over to your machine is how many times as fast one way is as another, not the
seconds. All figures stand in [{table}]({table})."""

ENOUGH = 60.0
"""Seconds after which a way is not timed again."""

_ready: dict[str, Callable[[], Any]] = {}


@dataclass(frozen=True)
class Measure:
    """One comparison of what ``name`` says, ours with what ``against`` says.

    Attributes:
        ours: Our figures, one a timed call, in ``unit``.
        other: The other's figures, or the limit.
        unit: One of :data:`LESS_IS_BETTER`, or one of which more is better, such as ``rows/s``.
        promise: How many times better than the other ours is at least; None: no promise.
    """

    name: str
    ours: Sequence[float]
    other: Sequence[float]
    against: str
    unit: str
    promise: float | None = None

    @property
    def ratio(self) -> float:
        """How many times better our median is."""
        ours = statistics.median(self.ours)
        other = statistics.median(self.other)
        return other / ours if self.unit in LESS_IS_BETTER else ours / other

    def row(self) -> dict[str, Any]:
        """Return the comparison as a row of a table: medians with their spread."""
        figures = {
            f"{side}_{what}": summary(values)
            for side, values in (("ours", self.ours), ("other", self.other))
            for what, summary in (("median", statistics.median), ("least", min), ("most", max))
        }
        promise = "" if self.promise is None else self.promise
        judged = {"ratio": self.ratio, "promise": promise, "met": self.met}
        return {"name": self.name, "against": self.against, "unit": self.unit, **figures, **judged}

    @property
    def met(self) -> bool | None:
        """Whether the promise is kept; None: no promise."""
        return None if self.promise is None else self.ratio >= self.promise


def machine() -> str:
    """Name processor, cores and versions, in one line."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text() if info.is_file() else "")
    processor = found[1] if found else platform.machine()
    here = environment.describe()
    versions = [f"{library} {version}" for library, version in here.versions.items()]
    if torch := installed("torch"):
        versions.append(f"torch {torch}")
    return ", ".join([processor, here.accelerator, *versions])


# A pool with one Python process, which starts with nothing of this one's.
own_process = partial(ProcessPoolExecutor, 1, multiprocessing.get_context("spawn"))


def alone(function: Callable[..., Any], *given: object) -> Any:
    """Call a function in a process of its own and return what it returns."""
    with own_process() as process:
        return process.submit(function, *given).result()


def timed(name: str, way: Way, calls: int) -> list[float]:
    """Return the seconds of some calls of a way, in whose own process this runs.

    The first time the way is made ready and called once more, as its warm-up.
    """
    if name not in _ready:
        environment.set_seed()
        _ready[name] = way()
        _ready[name]()
    return timeit.repeat(_ready[name], "import gc; gc.enable()", number=1, repeat=calls)


def race(ways: Mapping[str, Way], rounds: int, *, calls: int = 1) -> dict[str, list[float]]:
    """Time ways in turn, each in a process of its own, some calls in each of its turns.

    In turn, so that a busy moment of the machine falls on all of them.

    Returns:
        The seconds of each call, by name. A way whose library is not installed is missing.
    """
    taken: dict[str, list[float]] = {}
    with ExitStack() as stack:
        processes = {name: stack.enter_context(own_process()) for name in ways}
        for name, way in ways.items():
            try:
                taken[name] = processes[name].submit(timed, name, way, 0).result()
            except ModuleNotFoundError as error:
                print(f"Left out is {name}: {error}.")
        for _ in range(rounds):
            for name, seconds in taken.items():
                if sum(seconds) < ENOUGH:
                    seconds += processes[name].submit(timed, name, ways[name], calls).result()
    return taken


def compare(
    name: str,
    ours: Mapping[str, Way],
    others: Mapping[str, Way],
    rounds: int,
    *,
    rows: int | None = None,
    promise: float | None = None,
) -> Iterator[Measure]:
    """Time each of our ways against each of the others, all in one :func:`race`.

    Where it is given how many rows one call handles, the figures are rows per second.
    """
    taken = race({**ours, **others}, rounds)
    if rows is not None:
        taken = {way: [rows / each for each in seconds] for way, seconds in taken.items()}
    unit = "s" if rows is None else "rows/s"
    for way, other in itertools.product(ours, others):
        if way in taken and other in taken:
            yield Measure(f"{name}, {way}", taken[way], taken[other], other, unit, promise)


def peak_megabytes() -> float:
    """Return the most memory that this process has taken so far, in MB of 10**6 bytes."""
    status = Path("/proc/self/status")
    if status.is_file() and (found := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(found[1]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes


def keep(measures: Sequence[Measure], table: Path, where: str, page: Path) -> None:
    """Write all figures into a CSV file, and a page for people beside it.

    Measures of other things that stand in the file stay there, with their own machine and date.
    """
    # The load tells whether other work was running beside the last measure.
    load = round(os.getloadavg()[0], 1)
    about = {"machine": where, "date": datetime.date.today().isoformat(), "load": load}
    rows = [{**each.row(), **about} for each in measures]
    new = {(row["name"], row["against"]) for row in rows}
    if table.is_file():
        before = pd.read_csv(table, keep_default_na=False).to_dict("records")
        rows = [row for row in before if (row["name"], row["against"]) not in new] + rows
    storage.write_text(table, pd.DataFrame(rows).to_csv(index=False))
    storage.write_text(page, _page(rows, table.name))


def _page(rows: Sequence[Mapping[Any, Any]], table: str) -> str:
    """Return the page: for each thing measured a small table and a sentence a rival."""
    lines = [INTRODUCTION.format(table=table)]
    for name, some in itertools.groupby(rows, lambda row: row["name"]):
        group = list(some)
        lines += ["", f"## {name[:1].upper()}{name[1:]}", ""]
        lines += [f"{_sentence(row)}" for row in group]
        lines += ["", "| | median | smallest to largest |", "|---|---:|---:|"]
        lines += [_line("ours", group[0], "ours")]
        lines += [_line(row["against"], row, "other") for row in group]
    for day, there in dict.fromkeys((row["date"], row["machine"]) for row in rows):
        lines += ["", f"Measured on {day}: {there}."]
    return "\n".join(lines) + "\n"


def _sentence(row: Mapping[Any, Any]) -> str:
    ratio = float(row["ratio"])
    if row["unit"] == "MB":
        sentence = f"Ours takes {1 / ratio:.2f} times the memory of {row['against']}"
    elif row["unit"] in {"s", "rows/s"}:
        sentence = f"Ours is {ratio:.2f} times as fast as {row['against']}"
    else:
        sentence = f"Ours is {ratio:.2f} times as good as {row['against']}"
    if row["promise"] == "":
        return f"{sentence}."
    promise = float(row["promise"])
    met = "met" if ratio >= promise else "not met"
    asked = f"at most {1 / promise:.2f}" if row["unit"] == "MB" else f"at least {promise:.2f}"
    return f"{sentence}; {asked} was promised, which is {met}."


def _line(name: str, row: Mapping[Any, Any], side: str) -> str:
    median, least, most = (float(row[f"{side}_{what}"]) for what in ("median", "least", "most"))
    unit = row["unit"]
    if unit == "s" and most < 1:
        unit = "ms"
        median, least, most = (1000 * each for each in (median, least, most))
    spread = "" if least == most else f"{_number(least)} to {_number(most)}"
    return f"| {name} | {_number(median)} {unit} | {spread} |"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
