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
from pathlib import Path

from tqdm import tqdm

from workshop_utils.course.catalogue import (
    CourseError,
    Lesson,
    find_root,
    record_seconds,
    select,
)
from workshop_utils.course.editions import as_text, code_cells, read_notebook
from workshop_utils.course.execute import Execution, execute, kernel_environment
from workshop_utils.course.extras import require
from workshop_utils.course.pages import notebook_page
from workshop_utils.course.report import Report, make_report, write_report
from workshop_utils.course.tweets_at_hand import (
    TWIN_ASKED_FOR,
    Finding,
    look_for_tweets,
    settings,
)
from workshop_utils.storage import write_text

CELL_TIMEOUT = 600


def run(
    only: Sequence[str] | None = None,
    *,
    twin: bool = False,
    record_minutes: bool = False,
    cell_timeout: int = CELL_TIMEOUT,
    root: Path | None = None,
) -> int:
    """Execute the notebooks and write executed copies, pages and one report to ``build/run``.

    A notebook that fails does not stop the others.

    Args:
        only: Numbers or names of notebooks; all six by default.
        twin: Use the offline twin even where the real tweets can be had.
        record_minutes: Start each notebook cold and, when all passed, write the measured
            times to ``notebooks/minutes.toml``.
        cell_timeout: Seconds that one cell may take.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when every notebook passed, 1 otherwise.

    Raises:
        CourseError: A notebook is missing.
    """
    require("ipykernel", "nbclient", "nbconvert", "nbformat")
    root = root or find_root()
    lessons = select(only)
    _require_notebooks(lessons, root)
    folder = root / "build" / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    found = TWIN_ASKED_FOR if twin else look_for_tweets()
    print(f"The notebooks use {found.name}. {found.sentence}", flush=True)
    results = _run_all(lessons, root, folder, found, cold=record_minutes, timeout=cell_timeout)
    report = make_report(began, found, results)
    page = write_report(report, folder)
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


def _run_all(
    lessons: Sequence[Lesson],
    root: Path,
    folder: Path,
    found: Finding,
    *,
    cold: bool,
    timeout: int,
) -> list[tuple[str, str, Execution]]:
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        bar = tqdm(lessons, desc="run", unit="notebook", disable=None)
        for lesson in bar:
            artifacts = Path(scratch, lesson.name if cold else "artifacts")
            work = Path(scratch, f"work-{lesson.number}")
            for place in (artifacts, work):
                place.mkdir(exist_ok=True)
            environment = kernel_environment(
                root, artifacts, **settings(found, Path(scratch, "no-tweets"))
            )
            result = _run_one(lesson, root, work, environment, timeout, bar)
            title = _title(result, lesson)
            write_text(folder / f"{lesson.name}.ipynb", as_text(result.notebook))
            write_text(folder / f"{lesson.name}.html", notebook_page(result.notebook, title))
            results.append((lesson.name, title, result))
    return results


def _run_one(
    lesson: Lesson,
    root: Path,
    work: Path,
    environment: dict[str, str],
    timeout: int,
    bar: "tqdm[Lesson]",
) -> Execution:
    notebook = read_notebook(lesson.full(root))
    cells = code_cells(notebook)
    for cell in cells:
        cell["outputs"], cell["execution_count"] = [], None
    result = execute(
        notebook,
        work,
        environment,
        cell_timeout=timeout,
        on_cell=lambda number: bar.set_postfix_str(f"{lesson.number}: cell {number}/{len(cells)}"),
    )
    mark = "✓" if result.passed else "✗"
    memory = "" if result.peak_bytes is None else f", {result.peak_bytes / 1024**2:,.0f} MiB"
    bar.write(f"{mark} {lesson.name}: {result.seconds:.1f} s{memory}", file=sys.stdout)
    if not result.passed:
        bar.write(f"  code cell {result.failed_cell}:\n{result.failure}", file=sys.stdout)
    return result


def _title(result: Execution, lesson: Lesson) -> str:
    """Return the first heading of the notebook; the text it was made from is not needed."""
    for cell in result.notebook["cells"]:
        first = str(cell["source"]).splitlines()[:1]
        if cell["cell_type"] == "markdown" and first and first[0].startswith("# "):
            return first[0].removeprefix("# ").strip()
    return lesson.subject


def _say(report: Report, page: Path) -> None:
    seconds = sum(one.seconds for one in report.notebooks)
    peak = max((one.peak_mebibytes or 0 for one in report.notebooks), default=0)
    failed = [one.name for one in report.notebooks if not one.passed]
    verdict = f"✗ failed: {', '.join(failed)}" if failed else "✓ all passed"
    print(f"{verdict}; {seconds:.0f} s in all, at most {peak:,} MiB in one kernel.")
    print(f"Look at {page}; the executed notebooks and their pages lie beside it.")
