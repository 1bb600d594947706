"""Run the course and say how it went: ``workshop run``.

Each notebook runs in a fresh kernel, two at a time where memory allows. Side by side each
starts cold; with one job they share a folder for what they save, as they do for a learner
who goes through them.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from workshop_tools import parameters, report
from workshop_tools.editions import as_text, read_notebook, without_outputs
from workshop_tools.execute import execute, kernel_environment
from workshop_tools.extras import require
from workshop_tools.lesson_files import full_path
from workshop_tools.minutes import record
from workshop_tools.pages import notebook_page
from workshop_tools.report import Table
from workshop_tools.side_by_side import OnCell, jobs_here, side_by_side
from workshop_tools.tweets_at_hand import SYNTHETIC, Finding, look_for_tweets
from workshop_utils.learning.checks import FAILS, REPORTED_ONLY_VARIABLE
from workshop_utils.learning.lessons import EVERY, CourseError, Lesson, find_root, select
from workshop_utils.runtime import run_events
from workshop_utils.runtime.storage import write_text


def run(
    only: Sequence[str] | None = None,
    *,
    synthetic: bool = False,
    data: Path | None = None,
    parameter: Sequence[str] | None = None,
    quick: bool = False,
    compare_with: Path | None = None,
    record_minutes: bool = False,
    jobs: int | None = None,
) -> int:
    """Execute the notebooks and write executed copies, pages and one report to ``build/run``.

    A notebook that fails does not stop the others. The bands of the notebooks hold for
    their own parameters: where one gets another value, claims are reported and stop nothing.

    Args:
        only: Numbers or names of notebooks, several if need be; the six core ones by default.
        synthetic: Use synthetic tweets even where the real ones can be had.
        data: A file of tweets to use, before the setting and the cache.
        parameter: ``NAME=VALUE`` for the notebooks that have it; several.
        quick: Train as shortly as possible; bands are only reported.
        compare_with: The ``report.json`` of an earlier run, to compare with.
        record_minutes: Run one by one, cold, and when all passed, keep the measured times in
            ``notebooks/minutes.toml``.
        jobs: Notebooks at a time; by default two where memory allows.

    Returns:
        The exit status: 0 when every notebook passed, 1 otherwise.

    Raises:
        CourseError: A notebook is missing, options contradict each other, a parameter is
            unknown, or the earlier report cannot be read.
    """
    require("ipykernel", "jinja2", "nbclient", "nbconvert", "nbformat", "papermill", "psutil")
    root = find_root()
    lessons = select(only)
    missing = [lesson.name for lesson in lessons if not full_path(lesson, root).is_file()]
    if missing:
        raise CourseError(f"{', '.join(missing)}: no such notebook; `workshop build` makes it.")
    values = parameters.settle(lessons, parameter or (), quick=quick)
    changed = any(values.values())
    if synthetic and data is not None:
        raise CourseError("--synthetic and --data name two kinds of tweets; give one of them.")
    if record_minutes and changed:
        raise CourseError("--record-minutes measures the notebooks with their own parameters.")
    # Read before anything is written, where the earlier report may lie.
    earlier = None if compare_with is None else report.read_report(compare_with)
    at_hand = SYNTHETIC if synthetic else look_for_tweets(data)
    print(f"The notebooks use {at_hand.name}. {at_hand.sentence}", flush=True)
    for name, new in values.items():
        if new:
            print(f"{name}: {', '.join(f'{key} = {value!r}' for key, value in new.items())}")
    if changed:
        print("The bands were made for other parameters: claims are reported and stop nothing.")
    count = 1 if record_minutes else jobs_here(jobs, len(lessons))
    with tempfile.TemporaryDirectory() as scratch:
        cold = count > 1 or record_minutes
        work = partial(_run_one, Path(scratch), cold, at_hand, values)
        runs = side_by_side(lessons, work, jobs=count, label="run")
    _write_report(root / "build" / "run", runs, at_hand, earlier)
    passed = all(one["passed"] for one in runs)
    if record_minutes and passed:
        costs = {one["name"]: (round(one["seconds"], 1), one["peak_mebibytes"]) for one in runs}
        record(root, costs)
        print("The times are in notebooks/minutes.toml; `workshop build` puts them on the pages.")
    return 0 if passed else 1


def _run_one(
    scratch: Path,
    cold: bool,
    found: Finding,
    values: Mapping[str, parameters.Values],
    lesson: Lesson,
    on_cell: OnCell,
) -> tuple[Table, str]:
    """Run one notebook, write its copy and its page, and say how it went.

    Where it is not cold, it finds in ``scratch`` what the others have saved.
    """
    root = find_root()
    name = lesson.name
    changed = any(values.values())
    folder = scratch / name
    ledger = scratch / f"{name}.jsonl"
    folder.mkdir()
    artifacts = scratch / (f"artifacts-{name}" if cold else "artifacts")
    environment = kernel_environment(root, artifacts, found)
    environment |= {run_events.LEDGER_VARIABLE: str(ledger)}
    environment |= {REPORTED_ONLY_VARIABLE: "1" if changed else ""}
    notebook = without_outputs(read_notebook(full_path(lesson, root)))
    result = execute(notebook, folder, environment, values[name], on_cell=on_cell)
    about = {"parameters": values[name], "reported_only": changed}
    entry = {**report.notebook_run(name, result, run_events.read(ledger)), **about}
    copy = root / "build" / "run" / f"{name}.ipynb"
    write_text(copy, as_text(result.notebook))
    write_text(copy.with_suffix(".html"), notebook_page(result.notebook, entry["title"]))
    mark = "✓" if result.passed else "✗"
    lines = [f"{mark} {name}: {result.seconds:.1f} s, {entry['peak_mebibytes']:,} MiB"]
    lines += [
        f"  code cell {claim['cell']}: does not hold: {claim['sentence']}"
        for claim in entry["claims"]
        if claim["outcome"] == FAILS
    ]
    if not result.passed:
        lines.append(f"  code cell {result.failed_cell}:\n{result.failure}")
    return entry, "\n".join(lines)


def _write_report(
    folder: Path, runs: Sequence[Table], found: Finding, earlier: Table | None
) -> None:
    """Write both forms of the report; notebooks that did not run now keep their entries."""
    path = folder / "report.json"
    now = {one["name"]: one for one in runs}
    entries = dict(now)
    with suppress(CourseError):  # the first report, or one that is no longer readable
        entries = {one["name"]: one for one in report.read_report(path)["notebooks"]} | now
    together = [entries[lesson.name] for lesson in EVERY if lesson.name in entries]
    made = report.make_report(found, together)
    made["comparison"] = [] if earlier is None else report.compare(earlier, made)
    for sentence in made["comparison"]:
        print(f"  {sentence}")
    write_text(path, json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    write_text(folder / "report.html", report.report_page(made))
    failed = [name for name, one in now.items() if not one["passed"]]
    print(f"✗ failed: {', '.join(failed)}" if failed else f"✓ passed: {', '.join(now)}")
    others = [one["name"] for one in together if one["name"] not in now and not one["passed"]]
    if others:
        print(f"✗ failed in an earlier run, and not run again now: {', '.join(others)}")
    seconds = sum(one["seconds"] for one in runs)
    print(f"{seconds:.0f} s in all kernels together. Report: {folder / 'report.html'}")
