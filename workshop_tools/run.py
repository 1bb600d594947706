"""Run the whole course and say how it went: ``workshop run``.

The notebooks run in order, each in a fresh kernel. They share a folder for
what they save, as they do for a learner who goes through them; with
``record_minutes`` each starts cold, because the longer time is the honest one.
"""

import datetime
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from workshop_tools import parameters
from workshop_tools.compare import Comparison
from workshop_tools.compare import compare as set_beside
from workshop_tools.editions import Notebook, as_text, code_cells, read_notebook
from workshop_tools.execute import Execution, execute, kernel_environment
from workshop_tools.minutes import record_seconds
from workshop_tools.pages import notebook_page
from workshop_tools.report import JSON_NAME, Ran, Report, as_json, make_report, read_report
from workshop_tools.report_page import report_page
from workshop_tools.tweets_at_hand import TWIN_ASKED_FOR, Finding, look_for_tweets, settings
from workshop_utils.checks import FAILS, REPORTED_ONLY_VARIABLE
from workshop_utils.cli.extras import require
from workshop_utils.lessons import CourseError, Lesson, find_root, select
from workshop_utils.run_events import LEDGER_VARIABLE
from workshop_utils.storage import write_text

CELL_TIMEOUT = 600


def run(
    only: Sequence[str] | None = None,
    *,
    twin: bool = False,
    data: Path | None = None,
    parameter: Sequence[str] | None = None,
    seed: int | None = None,
    epochs: int | None = None,
    quick: bool = False,
    compare: Path | None = None,
    record_minutes: bool = False,
    cell_timeout: int = CELL_TIMEOUT,
    root: Path | None = None,
) -> int:
    """Execute the notebooks and write executed copies, pages and one report to ``build/run``.

    A notebook that fails does not stop the others. The bands of the notebooks hold for
    their own parameters: from the first notebook that gets another value on, claims are
    reported and stop nothing, because later notebooks use what it saved.

    Args:
        only: Numbers or names of notebooks; all six by default.
        twin: Use the offline twin even where the real tweets can be had.
        data: A file of tweets to use, before the setting and the cache.
        parameter: Further parameters, each ``NAME=VALUE``, for the notebooks that offer them.
        seed: For the parameter ``SEED``.
        epochs: For the parameter ``EPOCHS``.
        quick: Train as shortly as possible; see :data:`parameters.QUICK`.
        compare: The ``report.json`` of an earlier run.
        record_minutes: Start each notebook cold and, when all passed, write the measured
            times to ``notebooks/minutes.toml``.
        cell_timeout: Seconds that one cell may take.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when every notebook passed, 1 otherwise.

    Raises:
        CourseError: A notebook is missing, options contradict each other, a parameter is
            unknown, or the earlier report cannot be read.
    """
    require("ipykernel", "jinja2", "nbclient", "nbconvert", "nbformat", "papermill")
    root = root or find_root()
    lessons = select(only)
    _require_notebooks(lessons, root)
    asked = parameters.asked_for(parameter or (), seed=seed, epochs=epochs)
    values = parameters.settle(lessons, root, asked, quick=quick)
    _require_sense(twin=twin, data=data, changed=any(values.values()), minutes=record_minutes)
    # Read before the folder is made anew, where the earlier report may lie.
    earlier = None if compare is None else read_report(compare)
    folder = root / "build" / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    found = TWIN_ASKED_FOR if twin else look_for_tweets(data)
    print(f"The notebooks use {found.name}. {found.sentence}", flush=True)
    _say_parameters(values)
    jobs = _Jobs(root, folder, found, values, cold=record_minutes, timeout=cell_timeout)
    results = jobs.run_all(lessons)
    report = make_report(began, found, results, cold=record_minutes)
    page = _write(report, earlier, folder)
    _say(report, page.relative_to(root))
    if record_minutes and report.passed:
        record_seconds(root, {one.name: one.seconds for one in report.notebooks})
        print("The times are in notebooks/minutes.toml; `workshop build` puts them on the pages.")
    return 0 if report.passed else 1


def _require_notebooks(lessons: Sequence[Lesson], root: Path) -> None:
    missing = [lesson.name for lesson in lessons if not lesson.full(root).is_file()]
    if missing:
        raise CourseError(
            f"{', '.join(missing)}: no such notebook in {root / 'notebooks'}; "
            "`workshop build` makes them."
        )


def _require_sense(*, twin: bool, data: Path | None, changed: bool, minutes: bool) -> None:
    if twin and data is not None:
        raise CourseError("--twin and --data name two kinds of tweets; give one of them.")
    if minutes and changed:
        raise CourseError(
            "--record-minutes measures the notebooks as they are; leave the other parameters out."
        )


def _say_parameters(values: dict[str, parameters.Values]) -> None:
    """Say what is changed where, and which checks do not count for that reason."""
    for name, changed in values.items():
        if changed:
            pairs = ", ".join(f"{key} = {value!r}" for key, value in changed.items())
            print(f"{name}: {pairs}")
    first = next((name for name, changed in values.items() if changed), None)
    if first is not None:
        print(
            f"From {first} on, claims that do not hold are reported and stop nothing: the bands "
            "were made for the notebooks' own parameters."
        )


class _Jobs:
    """The notebooks of one run, executed one after the other."""

    def __init__(
        self,
        root: Path,
        folder: Path,
        found: Finding,
        values: dict[str, parameters.Values],
        *,
        cold: bool,
        timeout: int,
    ) -> None:
        self._root, self._folder, self._found = root, folder, found
        self._values, self._cold, self._timeout = values, cold, timeout

    def run_all(self, lessons: Sequence[Lesson]) -> list[Ran]:
        """Run them in order; the bar counts the cells of all of them."""
        notebooks = [self._prepared(lesson) for lesson in lessons]
        cells = [len(code_cells(notebook)) for notebook in notebooks]
        results: list[Ran] = []
        with (
            tempfile.TemporaryDirectory() as scratch,
            tqdm(total=sum(cells), desc="run", unit="cell", disable=None) as bar,
        ):
            for number, (lesson, notebook) in enumerate(zip(lessons, notebooks, strict=True)):
                results.append(self._run_one(lesson, notebook, Path(scratch), bar))
                # The cells behind a failure are passed over.
                bar.update(sum(cells[: number + 1]) - bar.n)
        return results

    def _prepared(self, lesson: Lesson) -> Notebook:
        """Return the notebook without outputs, with its new parameters."""
        notebook = parameters.parameterised(
            read_notebook(lesson.full(self._root)), self._values[lesson.name]
        )
        for cell in code_cells(notebook):
            cell["outputs"], cell["execution_count"] = [], None
        return notebook

    def _run_one(self, lesson: Lesson, notebook: Notebook, scratch: Path, bar: "tqdm[Any]") -> Ran:
        artifacts = scratch / (lesson.name if self._cold else "artifacts")
        work = scratch / f"work-{lesson.number}"
        for place in (artifacts, work):
            place.mkdir(exist_ok=True)
        names = list(self._values)
        until_here = names[: names.index(lesson.name) + 1]
        reported_only = any(self._values[name] for name in until_here)
        environment = kernel_environment(
            self._root,
            artifacts,
            **settings(self._found, scratch / "no-tweets"),
            **{LEDGER_VARIABLE: str(scratch / f"ledger-{lesson.number}.jsonl")},
            **({REPORTED_ONLY_VARIABLE: "1"} if reported_only else {}),
        )
        total, before = len(code_cells(notebook)), _size(artifacts)

        def on_cell(number: int) -> None:
            bar.set_postfix_str(f"{lesson.number}: cell {number}/{total}", refresh=False)
            bar.update()

        result = execute(notebook, work, environment, cell_timeout=self._timeout, on_cell=on_cell)
        title = _title(result, lesson)
        write_text(self._folder / f"{lesson.name}.ipynb", as_text(result.notebook))
        write_text(self._folder / f"{lesson.name}.html", notebook_page(result.notebook, title))
        for line in _outcome(lesson, result):
            bar.write(line, file=sys.stdout)
        return Ran(
            name=lesson.name,
            title=title,
            execution=result,
            parameters=self._values[lesson.name],
            reported_only=reported_only,
            saved_bytes=max(0, _size(artifacts) - before),
        )


def _size(folder: Path) -> int:
    """Return how many bytes the files below a folder have."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _outcome(lesson: Lesson, result: Execution) -> list[str]:
    """Say how one notebook went: a line, the claims that do not hold, the failure."""
    mark = "✓" if result.passed else "✗"
    memory = "" if result.peak_bytes is None else f", {result.peak_bytes / 1024**2:,.0f} MiB"
    lines = [f"{mark} {lesson.name}: {result.seconds:.1f} s{memory}"]
    lines += [
        f"  code cell {cell}: does not hold: {fact['sentence']}"
        for cell, fact in result.notes
        if fact["kind"] == "claim" and fact["outcome"] == FAILS
    ]
    if not result.passed:
        lines.append(f"  code cell {result.failed_cell}:\n{result.failure}")
    return lines


def _title(result: Execution, lesson: Lesson) -> str:
    """Return the first heading of the notebook; the text it was made from is not needed."""
    for cell in result.notebook["cells"]:
        first = str(cell["source"]).splitlines()[:1]
        if cell["cell_type"] == "markdown" and first and first[0].startswith("# "):
            return first[0].removeprefix("# ").strip()
    return lesson.subject


def _write(report: Report, earlier: Report | None, folder: Path) -> Path:
    """Write both forms of the report and return the path of the page."""
    beside: Comparison | None = None if earlier is None else set_beside(earlier, report)
    if beside is not None:
        print(f"Beside the run of {beside.date}:")
        for sentence in [*beside.remarks, *beside.verdict]:
            print(f"  {sentence}")
    more = {} if beside is None else {"comparison": asdict(beside)}
    write_text(folder / JSON_NAME, as_json(report, **more))
    page = folder / "report.html"
    write_text(page, report_page(report, beside))
    return page


def _say(report: Report, page: Path) -> None:
    seconds = sum(one.seconds for one in report.notebooks)
    peak = max((one.peak_mebibytes or 0 for one in report.notebooks), default=0)
    failed = [one.name for one in report.notebooks if not one.passed]
    verdict = f"✗ failed: {', '.join(failed)}" if failed else "✓ all passed"
    print(f"{verdict}; {seconds:.0f} s in all, at most {peak:,} MiB in one kernel.")
    print(f"Look at {page}; the executed notebooks and their pages lie beside it.")
