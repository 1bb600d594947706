"""Do all notebooks run under the packages that Google publishes for Colab? ``colab-check``.

The learner's editions run from top to bottom, stubs untouched, each in a fresh
runtime that gets the package as in Colab: the set-up cell finds the wheel in the
working folder and installs it with ``--no-deps``. Nothing of Colab's may change
its version. Outputs are not compared: those hold for the lock.
"""

import datetime
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tqdm import tqdm

from workshop_tools.build import write_pages
from workshop_tools.colab_check.environment import freeze, prepared, remove, version_of
from workshop_tools.colab_check.passed import Passed, sentence, write_passed
from workshop_tools.colab_check.published import ColabList, find_list, read_list
from workshop_tools.colab_check.runtime import STUBS, Runtime
from workshop_tools.editions import Notebook, as_text, bootstrap, code_cells, read_notebook
from workshop_tools.tweets_at_hand import look_for_tweets
from workshop_tools.wheel import build_wheel
from workshop_utils.cli.extras import require
from workshop_utils.cli.repository_url import read_slug
from workshop_utils.lessons import LESSONS, CourseError, Lesson, find_root, select
from workshop_utils.storage import write_text
from workshop_utils.versions import DISTRIBUTION

FOLDER = Path("build", "colab")
WIDGETS = "widgets"
_TOUCH = Path("tests", "colab", "touch_widgets.py")


def check(
    folder: Path | None = None,
    only: Sequence[str] | None = None,
    *,
    minutes: float = 45,
    cell_timeout: int = 600,
    root: Path | None = None,
) -> int:
    """Run the learner's editions under Colab's packages and, when all pass, date the README.

    Args:
        folder: Where Colab's list lies; ``../shared/colab`` beside the clone by default.
        only: Numbers or names of notebooks; all six, and the widgets, by default. The
            README is dated only by a whole run.
        minutes: How long the notebooks may take together.
        cell_timeout: Seconds that one cell may take.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status: 0 when all passed, 1 otherwise.

    Raises:
        CourseError: There is no list, no environment can be made from it, a notebook is
            missing, or the time is over.
    """
    require("ipykernel", "nbclient", "nbformat", "uv")
    root = root or find_root()
    notebooks = _notebooks(select(only), root, whole=not only)
    listed = read_list(find_list(root, folder))
    python = prepared(root / FOLDER / "venv", listed)
    before = _untouched(python, listed)
    found = look_for_tweets()
    print(
        f"Colab's list of {listed.date} on Python {version_of(python)}; the notebooks use "
        f"{found.name}.",
        flush=True,
    )
    deadline = time.monotonic() + 60 * minutes
    wheel = build_wheel(root, root / FOLDER)
    runtime = Runtime(root, python, wheel, found, cell_timeout, deadline)
    failed = _run_all(notebooks, runtime, before)
    if failed:
        print(f"✗ failed: {', '.join(failed)}; the runs lie in {FOLDER}.")
        return 1
    if not only:
        _record(root, listed, python, found.name)
    return 0


def _notebooks(lessons: Sequence[Lesson], root: Path, *, whole: bool) -> dict[str, Notebook]:
    """Read the learner's editions by name; a whole run adds the one that touches the widgets."""
    absent = [path for lesson in lessons if not (path := lesson.learner(root)).is_file()]
    absent += [root / place for place in (STUBS, _TOUCH) if not (root / place).exists()]
    if absent:
        raise CourseError(f"{', '.join(map(str, absent))} is missing; take a whole clone.")
    notebooks = {lesson.name: read_notebook(lesson.learner(root)) for lesson in lessons}
    if whole:
        setup = bootstrap(LESSONS[0], read_slug(root))
        notebooks[WIDGETS] = notebook_of_script(setup, root / _TOUCH)
    return notebooks


def notebook_of_script(setup: str, path: Path) -> Notebook:
    """Make a notebook of a set-up cell and a script, one cell for each ``# %%``."""
    from nbformat import v4

    parts = path.read_text(encoding="utf-8").split("\n# %%")[1:]
    sources = [setup, *(part.partition("\n")[2].strip("\n") for part in parts)]
    notebook: Notebook = v4.new_notebook(cells=[v4.new_code_cell(each) for each in sources])
    return notebook


def _untouched(python: Path, listed: ColabList) -> dict[str, str]:
    """Return the versions before our package comes, after making sure that they are Colab's."""
    remove(python, DISTRIBUTION)
    before = freeze(python)
    unlike = listed.unlike(before)
    if unlike:
        raise CourseError(
            f"The environment is not as the list says: {'; '.join(unlike)}. "
            f"Remove {FOLDER} and try again."
        )
    return before


def _run_all(notebooks: dict[str, Notebook], runtime: Runtime, before: dict[str, str]) -> list[str]:
    """Run each notebook in a fresh runtime and return the names of those that failed."""
    failed = []
    bar = tqdm(notebooks.items(), desc="colab", unit="notebook", disable=None)
    for name, notebook in bar:
        say = partial(_say_cell, bar, name, len(code_cells(notebook)))
        ran, wrong = runtime.run(notebook, say)
        wrong += changed(before, freeze(runtime.python))
        remove(runtime.python, DISTRIBUTION)
        write_text(runtime.root / FOLDER / f"{name}.ipynb", as_text(ran.notebook), noted=False)
        memory = f", {ran.peak_bytes / 1024**2:,.0f} MiB" if ran.peak_bytes else ""
        bar.write(f"{'✗' if wrong else '✓'} {name}: {ran.seconds:.1f} s{memory}", file=sys.stdout)
        for one in wrong:
            bar.write(f"  {one}", file=sys.stdout)
        failed += [name] if wrong else []
    return failed


def _say_cell(bar: "tqdm[tuple[str, Notebook]]", name: str, total: int, number: int) -> None:
    bar.set_postfix_str(f"{name}: cell {number}/{total}")


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a sentence for each package that came, went or changed its version.

    Args:
        before: Versions by name before a notebook ran; without our own package.
        after: The same afterwards.
    """
    ours = {DISTRIBUTION}
    return [
        f"{name} was {before.get(name, 'absent')} and is {after.get(name, 'absent')}"
        for name in sorted((before.keys() | after.keys()) - ours)
        if before.get(name) != after.get(name)
    ]


def _record(root: Path, listed: ColabList, python: Path, tweets: str) -> None:
    """Write the date of this run, and the README's line with it."""
    shown = {name: listed.pins[name] for name in ("tensorflow", "keras", "ipywidgets")}
    today = datetime.date.today().isoformat()
    write_passed(
        root,
        Passed(day=today, listed=listed.date, python=version_of(python), tweets=tweets, **shown),
    )
    write_pages(root, read_slug(root))
    print(f"✓ {sentence(root)}")
