"""nbval, strict, on the full editions: ``workshop validate``.

Each notebook is checked by a pytest of its own, because each must start cold, in
a folder for artifacts that is empty. With the real tweets at hand the stored outputs
are compared. On the offline twin, cells tagged ``real-tweets`` are executed and
not compared, so that only checks of shape and behaviour count there.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop_tools.check_in_sync import not_executed
from workshop_tools.editions import (
    IGNORE,
    Notebook,
    as_text,
    code_cells,
    read_notebook,
    tags,
)
from workshop_tools.execute import kernel_environment
from workshop_tools.outputs import PICTURE_IN_HTML
from workshop_tools.tweets_at_hand import TWIN_ASKED_FOR, Finding, look_for_tweets, settings
from workshop_utils.cli.extras import require
from workshop_utils.lessons import CourseError, Lesson, find_root, select
from workshop_utils.storage import write_text

CELL_TIMEOUT = 180
#: nbval leaves pictures out of the comparison, but not those that stand inside HTML.
_SANITIZE = f"regex: {PICTURE_IN_HTML.pattern}\nreplace: PICTURE\n"
REAL_TWEETS = "real-tweets"


@dataclass(frozen=True)
class Counts:
    """How the code cells of notebooks are validated.

    Attributes:
        compared: Executed, and the output compared with the stored one.
        with_output: Of these, how many have an output; the others must have none.
        ignored: Executed, the output not compared.
        skipped: Not executed.
    """

    compared: int = 0
    with_output: int = 0
    ignored: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Add up the counts of two notebooks."""
        return Counts(
            self.compared + other.compared,
            self.with_output + other.with_output,
            self.ignored + other.ignored,
            self.skipped + other.skipped,
        )

    def __str__(self) -> str:
        """Say the counts in one line."""
        return (
            f"{self.compared} cells compared ({self.with_output} of them with an output), "
            f"{self.ignored} executed but not compared, {self.skipped} skipped"
        )


def validate(
    only: Sequence[str] | None = None,
    *,
    twin: bool = False,
    lax: bool = False,
    cell_timeout: int = CELL_TIMEOUT,
    root: Path | None = None,
) -> int:
    """Run nbval on the full editions and print what was compared.

    Args:
        only: Numbers or names of notebooks; all six by default.
        twin: Use the offline twin even where the real tweets are at hand.
        lax: Execute and let only the checks count, compare no output: for versions other
            than those of the lock.
        cell_timeout: Seconds that one cell may take.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when every notebook passed, 1 otherwise.

    Raises:
        CourseError: A full edition is missing or was not executed.
    """
    require("ipykernel", "nbformat", "nbval")
    root = root or find_root()
    lessons = select(only)
    found = TWIN_ASKED_FOR if twin else _known_tweets()
    print(_announcement(found, lax=lax), flush=True)
    folder = root / "build" / "nbval" / ("real" if found.real else "twin")
    write_text(folder / "pytest.ini", "[pytest]\n")
    write_text(folder / "sanitize.cfg", _SANITIZE)
    options = ["--nbval-lax" if lax else "--nbval", f"--nbval-cell-timeout={cell_timeout}"]
    options.append(f"--nbval-sanitize-with={folder / 'sanitize.cfg'}")
    results = []
    for lesson in lessons:
        notebook = copy_for_nbval(lesson, root, real=found.real)
        copy = folder / f"{lesson.name}.ipynb"
        write_text(copy, as_text(notebook))
        status, counts = _pytest(copy, root, found, options), count(notebook, lax=lax)
        print(f"{lesson.name}: {counts}", flush=True)
        results.append((status, counts))
    failed = [lesson.number for lesson, (status, _) in zip(lessons, results, strict=True) if status]
    total = sum((counts for _, counts in results), Counts())
    which = "real tweets" if found.real else "offline twin"
    print(f"nbval on the {which}, {len(lessons)} notebook(s): {total}.")
    print(f"✗ failed: {', '.join(failed)}" if failed else "✓ all passed")
    return 1 if failed else 0


def _known_tweets() -> Finding:
    """Return the real tweets or the twin; nobody knows what the outputs are on another file."""
    found = look_for_tweets()
    if found.kind == "own":
        return Finding("twin", "The file that is set is not the published one.")
    return found


def _announcement(found: Finding, *, lax: bool) -> str:
    if lax:
        happens = "outputs are not compared, only the checks count"
    elif found.real:
        happens = "every stored output is compared"
    else:
        happens = "cells that depend on the tweets are executed and not compared"
    data = "Real tweets" if found.real else "Offline twin"
    return f"{data}: {happens}. {found.sentence}"


def copy_for_nbval(lesson: Lesson, root: Path, *, real: bool) -> Notebook:
    """Return the full edition as nbval gets it.

    Args:
        lesson: Which one.
        root: The folder of the repository.
        real: Whether the real tweets are used; otherwise outputs that depend on
            them are marked as not to be compared.

    Raises:
        CourseError: The edition is missing, or a code cell was never executed: nbval
            would compare nothing there and pass.
    """
    path = lesson.full(root)
    if not path.is_file():
        raise CourseError(f"{path} is missing; `workshop build` makes it.")
    notebook = read_notebook(path)
    empty = not_executed(notebook)
    if empty or not code_cells(notebook):
        raise CourseError(
            f"{path.name} has code cells without an execution ({empty}), which nbval would pass "
            "without looking; run `workshop build`."
        )
    for cell in code_cells(notebook):
        if not real and REAL_TWEETS in tags(cell) and IGNORE not in tags(cell):
            cell["metadata"]["tags"].append(IGNORE)
    return notebook


def count(notebook: Notebook, *, lax: bool = False) -> Counts:
    """Count how nbval treats the code cells of a notebook."""
    total = Counts()
    for cell in code_cells(notebook):
        if "nbval-skip" in tags(cell):
            total += Counts(skipped=1)
        elif lax or IGNORE in tags(cell):
            total += Counts(ignored=1)
        else:
            total += Counts(compared=1, with_output=int(bool(cell["outputs"])))
    return total


def _pytest(notebook: Path, root: Path, found: Finding, options: list[str]) -> int:
    """Run nbval on one notebook, cold, and return pytest's exit status."""
    command = [
        *(sys.executable, "-m", "pytest", *options, "--nbval-current-env"),
        # A configuration of its own, so that this project's settings do not speak here.
        *("-c", str(notebook.with_name("pytest.ini")), "-p", "no:cacheprovider", "--noconftest"),
        *("-q", "--color=no", str(notebook)),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        artifacts, empty = Path(scratch, "artifacts"), Path(scratch, "empty")
        artifacts.mkdir()
        environment = kernel_environment(root, artifacts, **settings(found, empty))
        # A pytest that calls this, as the tests do, must not speak for this one either.
        own = {name: value for name, value in environment.items() if not _of_pytest(name)}
        return subprocess.run(command, env=own, cwd=notebook.parent, check=False).returncode


def _of_pytest(name: str) -> bool:
    return name.startswith(("PYTEST_", "COV_CORE_", "COVERAGE_"))
