"""The report of a run: which notebooks passed, what they cost, which claims held, on what."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from workshop_tools.editions import Notebook, as_text, code_cells
from workshop_tools.execute import Execution
from workshop_tools.tweets_at_hand import Finding
from workshop_utils.lessons import CourseError

SLOWEST = 10
JSON_NAME = "report.json"


@dataclass(frozen=True)
class Claim:
    """One claim of a notebook, as its ``check`` or ``band`` judged it.

    Attributes:
        cell: Number of the code cell, from 1.
        sentence: The claim in words.
        outcome: ``holds``, ``fails`` or ``not checked: offline twin``.
        name: What was measured; empty for a claim without a number.
        value: The measured number; ``None`` where it was not checked or is not finite.
        low: Lower end of the band, or ``None``.
        high: Upper end of the band, or ``None``.
        digits: Decimals with which the ends are written.
    """

    cell: int
    sentence: str
    outcome: str
    name: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    digits: int = 2

    @property
    def is_band(self) -> bool:
        """Whether the claim is about a number and its band."""
        return bool(self.name)


@dataclass(frozen=True)
class NotebookRun:
    """How one notebook went.

    Attributes:
        name: The notebook's name.
        title: Its title.
        passed: Whether every cell ran.
        seconds: Wall time, start of the kernel included.
        peak_mebibytes: Largest resident memory of its kernel and that one's children;
            ``None`` if not known.
        cells: Number of code cells that ran.
        failed_cell: Number of the code cell that failed, from 1, or ``None``.
        failure: The traceback or a sentence; empty when it passed.
        cpu_seconds: Processor time, user and system; ``None`` if not known.
        wanted_bytes: What it needs from outside on a machine with an empty cache, by file.
        fetched_bytes: What it did fetch in this run.
        saved_bytes: What it saved among the artifacts.
        copy_bytes: The length of its executed copy.
        parameters: The parameters that had another value than the notebook's own.
        reported_only: Whether claims that did not hold were reported and stopped nothing.
        claims: Its claims, in order.
    """

    name: str
    title: str
    passed: bool
    seconds: float
    peak_mebibytes: int | None
    cells: int
    failed_cell: int | None
    failure: str
    cpu_seconds: float | None = None
    wanted_bytes: Mapping[str, int] = field(default_factory=dict)
    fetched_bytes: int = 0
    saved_bytes: int = 0
    copy_bytes: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reported_only: bool = False
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class SlowCell:
    """One of the cells that took longest.

    Attributes:
        notebook: The notebook's name.
        cell: Number of the code cell, from 1.
        seconds: Wall time.
        code: Its first line of code.
    """

    notebook: str
    cell: int
    seconds: float
    code: str


@dataclass(frozen=True)
class Report:
    """Everything that a run says about itself.

    Attributes:
        date: When it began, ISO 8601 with time zone.
        real_tweets: Whether the published tweets were used, byte for byte.
        tweets_used: Which tweets were used, in words.
        tweets: The sentence that says where they come from, or why not the real ones.
        machine: System, accelerator, CPU cores, Python and library versions, as text.
        notebooks: How each notebook went, in order.
        slowest: The cells that took longest, slowest first.
        cores: CPU cores that the run could use; 0 if not known.
        cold: Whether each notebook started without what the others had saved.
    """

    date: str
    real_tweets: bool
    tweets_used: str
    tweets: str
    machine: dict[str, str]
    notebooks: tuple[NotebookRun, ...]
    slowest: tuple[SlowCell, ...]
    cores: int = 0
    cold: bool = False

    @property
    def passed(self) -> bool:
        """Whether every notebook passed."""
        return all(one.passed for one in self.notebooks)


@dataclass(frozen=True)
class Ran:
    """One notebook that was executed, and how.

    Attributes:
        name: The notebook's name.
        title: Its title.
        execution: What the execution gave.
        parameters: The parameters that had another value than the notebook's own.
        reported_only: Whether claims were reported only.
        saved_bytes: What it saved among the artifacts.
    """

    name: str
    title: str
    execution: Execution
    parameters: Mapping[str, Any] = field(default_factory=dict)
    reported_only: bool = False
    saved_bytes: int = 0


def notebook_run(ran: Ran) -> NotebookRun:
    """Sum up the execution of one notebook."""
    result = ran.execution
    peak = None if result.peak_bytes is None else round(result.peak_bytes / 1024**2)
    wanted, fetched = _facts(result, "wanted"), _facts(result, "fetched")
    return NotebookRun(
        name=ran.name,
        title=ran.title,
        passed=result.passed,
        seconds=round(result.seconds, 2),
        peak_mebibytes=peak,
        cells=len(result.cell_seconds),
        failed_cell=result.failed_cell,
        failure=result.failure,
        cpu_seconds=None if result.cpu_seconds is None else round(result.cpu_seconds, 2),
        wanted_bytes={fact["name"]: fact["bytes"] for _, fact in wanted},
        fetched_bytes=sum(fact["bytes"] for _, fact in fetched),
        saved_bytes=ran.saved_bytes,
        copy_bytes=len(as_text(result.notebook).encode()),
        parameters=dict(ran.parameters),
        reported_only=ran.reported_only,
        claims=tuple(Claim(cell, **fact) for cell, fact in _facts(result, "claim")),
    )


def _facts(result: Execution, kind: str) -> list[tuple[int, dict[str, Any]]]:
    """Return what the kernel noted of one kind, with the number of the code cell."""
    return [
        (cell, {name: value for name, value in fact.items() if name != "kind"})
        for cell, fact in result.notes
        if fact["kind"] == kind
    ]


def slowest_cells(results: Sequence[tuple[str, Execution]]) -> tuple[SlowCell, ...]:
    """Return the cells that took longest over all notebooks, slowest first.

    Args:
        results: Name and execution of each notebook.
    """
    cells = [
        SlowCell(name, number, round(seconds, 2), _first_line(result.notebook, number))
        for name, result in results
        for number, seconds in result.cell_seconds.items()
    ]
    return tuple(sorted(cells, key=lambda cell: -cell.seconds)[:SLOWEST])


def _first_line(notebook: Notebook, number: int) -> str:
    lines = str(code_cells(notebook)[number - 1]["source"]).splitlines()
    return next((line for line in lines if line.strip() and not line.startswith("#")), "")


def make_report(
    date: str,
    found: Finding,
    results: Sequence[Ran],
    *,
    cold: bool = False,
) -> Report:
    """Put together the report of a run.

    Args:
        date: When it began, ISO 8601.
        found: Which tweets were used.
        results: The notebooks that were executed, in order.
        cold: Whether each notebook started without what the others had saved.
    """
    from workshop_utils import environment

    here = environment.describe()
    return Report(
        date=date,
        real_tweets=found.real,
        tweets_used=found.name,
        tweets=found.sentence,
        machine={"system": here.system, "accelerator": here.accelerator, **dict(here.versions)},
        notebooks=tuple(notebook_run(one) for one in results),
        slowest=slowest_cells([(one.name, one.execution) for one in results]),
        cores=here.cpus,
        cold=cold,
    )


def as_json(report: Report, **more: Any) -> str:
    """Return the report as JSON text.

    Args:
        report: The report.
        **more: Further entries beside the report's own, for example its comparison.
    """
    return json.dumps({**asdict(report), **more}, indent=1, ensure_ascii=False) + "\n"


def read_report(path: Path) -> Report:
    """Read the report of an earlier run; what an older version did not measure is left empty.

    Args:
        path: A ``report.json``.

    Raises:
        CourseError: It is missing, or no report of a run.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        notebooks = [
            _made(NotebookRun, one, claims=tuple(_made(Claim, each) for each in one["claims"]))
            if "claims" in one
            else _made(NotebookRun, one)
            for one in content["notebooks"]
        ]
        slowest = tuple(_made(SlowCell, one) for one in content["slowest"])
        made: Report = _made(Report, content, notebooks=tuple(notebooks), slowest=slowest)
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CourseError(
            f"{path} is no report of a run; `workshop run` writes build/run/{JSON_NAME}."
        ) from error
    return made


def _made(kind: Any, content: Mapping[str, Any], **instead: Any) -> Any:
    """Make one of the report's parts from JSON; entries that this version lacks are dropped."""
    known = {each.name for each in fields(kind)}
    return kind(**{name: value for name, value in content.items() if name in known} | instead)
