"""Run the course and say how it went: ``workshop run``.

Each notebook runs in a fresh kernel, two at a time where memory allows. Side by side each
starts cold; with one job they share a folder for what they save, as they do for a learner
who goes through them.
"""

import datetime
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workshop_tools import parameters
from workshop_tools.build import written
from workshop_tools.editions import as_text, read_notebook, without_outputs
from workshop_tools.execute import Execution, execute, kernel_environment
from workshop_tools.extras import require
from workshop_tools.minutes import record_seconds
from workshop_tools.pages import notebook_page
from workshop_tools.report import (
    JSON_NAME,
    Table,
    compare,
    make_report,
    notebook_run,
    read_report,
    report_page,
)
from workshop_tools.side_by_side import OnCell, jobs_here, side_by_side
from workshop_tools.tweets_at_hand import SYNTHETIC, Finding, look_for_tweets, settings
from workshop_utils import run_events
from workshop_utils.checks import FAILS, REPORTED_ONLY_VARIABLE
from workshop_utils.lessons import EVERY, CourseError, Lesson, find_root, select
from workshop_utils.storage import write_text

CELL_TIMEOUT = 600


def run(
    only: Sequence[str] | None = None,
    *,
    synthetic: bool = False,
    data: Path | None = None,
    parameter: Sequence[str] | None = None,
    seed: int | None = None,
    epochs: int | None = None,
    quick: bool = False,
    compare_with: Path | None = None,
    record_minutes: bool = False,
    cell_timeout: int = CELL_TIMEOUT,
    jobs: int | None = None,
    root: Path | None = None,
) -> int:
    """Execute the notebooks and write executed copies, pages and one report to ``build/run``.

    A notebook that fails does not stop the others. The bands of the notebooks hold for
    their own parameters: where one gets another value, claims are reported and stop nothing.

    Args:
        only: Numbers or names of notebooks; the six core ones by default.
        synthetic: Use synthetic tweets even where the real ones can be had.
        data: A file of tweets to use, before the setting and the cache.
        parameter: Further parameters, each ``NAME=VALUE``, for the notebooks that offer them.
        seed: For the parameter ``SEED``.
        epochs: For the parameter ``EPOCHS``.
        quick: Train as shortly as possible; see :data:`parameters.QUICK`.
        compare_with: The ``report.json`` of an earlier run.
        record_minutes: Run one notebook at a time, cold, and when all passed, write the
            measured times to ``notebooks/minutes.toml``.
        cell_timeout: Seconds that one cell may take.
        jobs: Notebooks at a time; by default two where memory allows.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when every notebook passed, 1 otherwise.

    Raises:
        CourseError: A notebook is missing, options contradict each other, a parameter is
            unknown, or the earlier report cannot be read.
    """
    require("ipykernel", "jinja2", "nbconvert", "nbformat", "papermill", "psutil")
    root = root or find_root()
    lessons = written(select(only), root)
    missing = [lesson.name for lesson in lessons if not lesson.full(root).is_file()]
    if missing:
        raise CourseError(f"{', '.join(missing)}: no such notebook; `workshop build` makes it.")
    asked = parameters.asked_for(parameter or (), seed=seed, epochs=epochs)
    values = parameters.settle(lessons, root, asked, quick=quick)
    changed = any(values.values())
    if synthetic and data is not None:
        raise CourseError("--synthetic and --data name two kinds of tweets; give one of them.")
    if record_minutes and changed:
        raise CourseError("--record-minutes measures the notebooks with their own parameters.")
    # Read before anything is written, where the earlier report may lie.
    earlier = None if compare_with is None else read_report(compare_with)
    found = SYNTHETIC if synthetic else look_for_tweets(data)
    print(f"The notebooks use {found.name}. {found.sentence}", flush=True)
    for name, new in values.items():
        if new:
            print(f"{name}: {', '.join(f'{key} = {value!r}' for key, value in new.items())}")
    if changed:
        print("The bands were made for other parameters: claims are reported and stop nothing.")
    count = 1 if record_minutes else jobs_here(jobs, len(lessons))
    with tempfile.TemporaryDirectory() as scratch:
        kernels = _Kernels(root, Path(scratch), found, values, cell_timeout)
        kernels.cold = count > 1 or record_minutes
        results = side_by_side(lessons, kernels.run, jobs=count, label="run")
    runs = [entry for entry, _ in results]
    _write_report(root / "build" / "run", results, found, earlier)
    passed = all(one["passed"] for one in runs)
    if record_minutes and passed:
        record_seconds(
            root,
            {one["name"]: one["seconds"] for one in runs},
            {one["name"]: one["peak_mebibytes"] for one in runs},
        )
        print("The times are in notebooks/minutes.toml; `workshop build` puts them on the pages.")
    return 0 if passed else 1


@dataclass
class _Kernels:
    """The kernels of one run.

    Attributes:
        root: The folder of the repository.
        scratch: A folder for what the notebooks write.
        found: Which tweets they use.
        values: Other values for their parameters, by notebook.
        cell_timeout: Seconds that one cell may take.
        cold: Whether each starts without what the others have saved.
        began: When the run began, ISO 8601.
    """

    root: Path
    scratch: Path
    found: Finding
    values: dict[str, parameters.Values]
    cell_timeout: int
    cold: bool = True
    began: str = field(default_factory=lambda: _now())

    def run(self, lesson: Lesson, on_cell: OnCell) -> tuple[tuple[Table, Execution], str]:
        """Run one notebook, write its copy and its page, and say how it went."""
        name, changed = lesson.name, any(self.values.values())
        folder, ledger = self.scratch / name, self.scratch / f"{name}.jsonl"
        artifacts = self.scratch / (f"artifacts-{name}" if self.cold else "artifacts")
        for each in (artifacts, folder):
            each.mkdir(exist_ok=True)
        environment = kernel_environment(
            self.root,
            artifacts,
            **settings(self.found, self.scratch / "no-tweets"),
            **{run_events.LEDGER_VARIABLE: str(ledger)},
            **({REPORTED_ONLY_VARIABLE: "1"} if changed else {}),
        )
        result = execute(
            without_outputs(read_notebook(lesson.full(self.root))),
            folder,
            environment,
            values=self.values[name],
            cell_timeout=self.cell_timeout,
            on_cell=on_cell,
        )
        more = {"parameters": self.values[name], "reported_only": changed, "date": self.began}
        entry = notebook_run(name, result, run_events.read(ledger), **more)
        copies = self.root / "build" / "run"
        write_text(copies / f"{name}.ipynb", as_text(result.notebook))
        write_text(copies / f"{name}.html", notebook_page(result.notebook, entry["title"]))
        return (entry, result), _outcome(entry)


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _write_report(
    folder: Path,
    results: Sequence[tuple[Table, Execution]],
    found: Finding,
    earlier: Table | None,
) -> None:
    """Write both forms of the report; notebooks that did not run now keep their entries."""
    runs = [entry for entry, _ in results]
    kept = _earlier_entries(folder / JSON_NAME, {one["name"] for one in runs})
    order = [lesson.name for lesson in EVERY]
    together = sorted([*kept, *runs], key=lambda one: order.index(one["name"]))
    executions = {entry["name"]: result for entry, result in results}
    report = make_report(runs[0]["date"], found, together, executions)
    sentences = [] if earlier is None else compare(earlier, report)
    for sentence in sentences:
        print(f"  {sentence}")
    text = json.dumps({**report, "comparison": sentences}, indent=1, ensure_ascii=False)
    write_text(folder / JSON_NAME, text + "\n")
    write_text(folder / "report.html", report_page(report, sentences))
    _say(runs, kept, folder / "report.html")


def _earlier_entries(path: Path, now: set[str]) -> list[Table]:
    """Return what the report at hand says of notebooks that did not run now."""
    try:
        notebooks: list[Table] = read_report(path)["notebooks"]
    except CourseError:
        return []
    known = {lesson.name for lesson in EVERY}
    return [one for one in notebooks if one["name"] in known - now and "cpu_seconds" in one]


def _outcome(entry: Table) -> str:
    """Say how one notebook went: a line, the claims that do not hold, the failure."""
    mark = "✓" if entry["passed"] else "✗"
    lines = [f"{mark} {entry['name']}: {entry['seconds']:.1f} s, {entry['peak_mebibytes']:,} MiB"]
    lines += [
        f"  code cell {claim['cell']}: does not hold: {claim['sentence']}"
        for claim in entry["claims"]
        if claim["outcome"] == FAILS
    ]
    if not entry["passed"]:
        lines.append(f"  code cell {entry['failed_cell']}:\n{entry['failure']}")
    return "\n".join(lines)


def _say(runs: Sequence[Table], kept: Sequence[Table], page: Path) -> None:
    def names(entries: Sequence[Table], *, passed: bool) -> str:
        return ", ".join(one["name"] for one in entries if one["passed"] is passed)

    failed = names(runs, passed=False)
    print(f"✗ failed: {failed}" if failed else f"✓ passed: {names(runs, passed=True)}")
    before = names(kept, passed=False)
    if before:
        print(f"✗ failed in an earlier run, and not run again now: {before}")
    print(f"{sum(one['seconds'] for one in runs):.0f} s in all kernels together. Report: {page}")
