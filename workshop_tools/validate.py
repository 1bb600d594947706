"""Do the notebooks still do what is stored? ``workshop validate``.

The full editions go through nbval in strict mode, each cold, in a folder for artifacts that
is empty. On synthetic tweets, cells tagged ``real-tweets`` are executed and not compared, so
that only checks of shape and behaviour count there. The learner's and the solved editions
have no stored outputs: they are executed, and must end without an error.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from workshop_tools import editions
from workshop_tools.build import not_executed
from workshop_tools.execute import NEVER_STARTED, execute, kernel_environment
from workshop_tools.extras import require
from workshop_tools.lesson_files import full_path
from workshop_tools.outputs import WEIGHTS
from workshop_tools.side_by_side import OnCell, jobs_here, side_by_side
from workshop_tools.tweets_at_hand import SYNTHETIC, Finding, look_for_tweets
from workshop_utils.learning.lessons import EVERY, CourseError, Lesson, find_root, select
from workshop_utils.runtime.storage import write_text

Edition = Literal["full", "solved", "learner"]
"""What is validated: against stored outputs, with every stub solved, or as learners get it."""


def validate(
    only: Sequence[str] | None = None,
    *,
    edition: Edition = "full",
    synthetic: bool = False,
    lax: bool = False,
    jobs: int | None = None,
) -> int:
    """Validate the notebooks, print what was compared, and return 0 when all passed, else 1.

    Args:
        only: Numbers or names of notebooks, several if need be; all by default.
        edition: ``full`` is compared with its outputs; ``solved`` and ``learner`` are executed.
        synthetic: Use synthetic tweets even where the real ones are at hand.
        lax: Execute and let only the checks count, compare no output: for versions other
            than those of the lock.
        jobs: Notebooks at a time; by default two where memory allows.

    Raises:
        CourseError: A full edition is missing or was not executed.
    """
    require("ipykernel", "jupytext", "nbclient", "nbformat", "nbval")
    root = find_root()
    lessons = select(only, EVERY)
    at_hand = SYNTHETIC if synthetic else look_for_tweets()
    if at_hand.kind == "own":  # nobody knows what the outputs are on another file
        at_hand = Finding("synthetic", "The file that is set is not the published one.")
    print(f"The {edition} edition, with {at_hand.name}. {at_hand.sentence}", flush=True)
    folder = root / "build" / "validate" / (edition if at_hand.real else f"{edition}-synthetic")
    write_text(folder / "pytest.ini", "[pytest]\n")
    # nbval leaves pictures out of the comparison; trained weights it must be told of.
    write_text(folder / "sanitize.cfg", f"regex: {WEIGHTS}\nreplace: WEIGHTS\n")
    if edition == "full":
        work = partial(_compared, folder, at_hand, "--nbval-lax" if lax else "--nbval")
    else:
        work = partial(_executed, folder, at_hand, edition)
    done = side_by_side(lessons, work, jobs=jobs_here(jobs, len(lessons)), label="validate")
    failed = [lesson.number for lesson, passed in zip(lessons, done, strict=True) if not passed]
    passed = ", ".join(lesson.number for lesson in lessons)
    print(f"✗ failed: {', '.join(failed)}" if failed else f"✓ {edition} edition: {passed} passed")
    return 1 if failed else 0


def _compared(
    folder: Path, found: Finding, mode: str, lesson: Lesson, on_cell: OnCell
) -> tuple[bool, str]:
    """Run nbval on one full edition, cold."""
    notebook = copy_for_nbval(lesson, real=found.real)
    copy = folder / f"{lesson.name}.ipynb"
    write_text(copy, editions.as_text(notebook))
    command = [
        *(sys.executable, "-m", "pytest", mode, "--nbval-current-env"),
        *("--nbval-cell-timeout=180", f"--nbval-sanitize-with={folder / 'sanitize.cfg'}"),
        # A configuration of its own, so that this project's settings do not speak here.
        *("-c", str(folder / "pytest.ini"), "-p", "no:cacheprovider", "--noconftest"),
        *("-p", "no:randomly"),  # cells keep their order
        *("-v", "--color=no", str(copy)),
    ]

    def told(line: str) -> None:
        if at := re.search(r"::Cell (\d+)", line):
            on_cell(int(at[1]) + 1, len(editions.code_cells(notebook)))

    passed, printed = _nbval(command, folder, found, told)
    if NEVER_STARTED in printed:  # no cell has run: other ports, once
        passed, printed = _nbval(command, folder, found, told)
    summary = f"{lesson.name}: {treatment(notebook)}"
    if passed:
        return True, f"✓ {summary}"
    return False, f"✗ {summary}\n{printed.partition('= FAILURES =')[2] or printed}"


def _nbval(
    command: Sequence[str], folder: Path, found: Finding, told: Callable[[str], None]
) -> tuple[bool, str]:
    """Run a pytest of its own in a cold folder for artifacts, and hand on line by line."""
    printed = ""
    with tempfile.TemporaryDirectory() as scratch:
        environment = kernel_environment(find_root(), Path(scratch, "artifacts"), found)
        # A pytest that calls this, as the tests do, must not speak for this one.
        ours = ("PYTEST_ADDOPTS", "PYTEST_XDIST", "COV_CORE_", "COVERAGE_")
        passed_on = {name: text for name, text in environment.items() if not name.startswith(ours)}
        pipe = subprocess.PIPE
        both = subprocess.STDOUT
        with subprocess.Popen(
            command, env=passed_on, cwd=folder, text=True, stdout=pipe, stderr=both
        ) as process:
            for line in process.stdout or ():
                printed += line
                told(line)
    return process.returncode == 0, printed


def _executed(
    folder: Path, found: Finding, edition: str, lesson: Lesson, on_cell: OnCell
) -> tuple[bool, str]:
    """Execute one edition that has no stored outputs."""
    make = editions.solved_edition if edition == "solved" else editions.learner_edition
    with tempfile.TemporaryDirectory() as scratch:
        environment = kernel_environment(find_root(), Path(scratch, "artifacts"), found)
        result = execute(make(lesson), Path(scratch), environment, on_cell=on_cell)
    write_text(folder / f"{lesson.name}.ipynb", editions.as_text(result.notebook))
    if result.passed:
        return True, f"✓ {lesson.name}: {len(result.cell_seconds)} cells, {result.seconds:.0f} s"
    return False, f"✗ {lesson.name}, code cell {result.failed_cell}:\n{result.failure}"


def copy_for_nbval(lesson: Lesson, *, real: bool) -> editions.Notebook:
    """Return the full edition as nbval gets it.

    Where the tweets are not the real ones, outputs that depend on them are marked as not to be
    compared.

    Raises:
        CourseError: The edition is missing, or a code cell was never executed: nbval
            would compare nothing there and pass.
    """
    path = full_path(lesson, find_root())
    if not path.is_file():
        raise CourseError(f"{path} is missing; `workshop build` makes it.")
    notebook = editions.read_notebook(path)
    empty = not_executed(notebook)
    if empty or not editions.code_cells(notebook):
        raise CourseError(
            f"{path.name} has code cells without an execution ({empty}), which nbval would pass "
            "without looking; run `workshop build`."
        )
    for cell in editions.code_cells(notebook):
        if not real and "real-tweets" in editions.tags(cell):
            cell["metadata"]["tags"].append(editions.IGNORE)
    return notebook


def treatment(notebook: editions.Notebook) -> str:
    """Say how many code cells nbval compares, only executes, and skips."""
    marks = [editions.tags(cell) for cell in editions.code_cells(notebook)]
    skipped = sum("nbval-skip" in mark for mark in marks)
    ignored = sum(editions.IGNORE in mark and "nbval-skip" not in mark for mark in marks)
    compared = len(marks) - skipped - ignored
    return f"{compared} cells compared, {ignored} executed but not compared, {skipped} skipped"
