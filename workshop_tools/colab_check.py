"""Do all notebooks run under the packages that Google publishes for Colab? ``colab-check``.

The learner's editions run from top to bottom, stubs untouched, each in a fresh
runtime that gets the package as in Colab: the set-up cell finds the wheel in the
working folder and installs it with ``--no-deps``. Nothing of Colab's may change
its version. It is not Colab: what it shares with Colab is the versions of the packages, the
class of the kernel, the display hooks and the way in which the package comes in.
"""

import datetime
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from workshop_tools import readme
from workshop_tools.colab_list import pinned, prepared, read_list, sentence, uv, write_passed
from workshop_tools.editions import Notebook, as_text, bootstrap, code_cells, read_notebook
from workshop_tools.execute import Execution, execute, kernel_environment
from workshop_tools.extras import require
from workshop_tools.lesson_files import learner_path, write_changed
from workshop_tools.repository_url import read_slug
from workshop_tools.tweets_at_hand import Finding, look_for_tweets
from workshop_tools.wheel import build_wheel
from workshop_utils.learning.lessons import EVERY, LESSONS, find_root, select
from workshop_utils.learning.record import PROGRESS_VARIABLE
from workshop_utils.runtime.storage import write_text

DISTRIBUTION = "lstm-workshop"
FOLDER = Path("build", "colab")
STUBS = Path("tests", "stubs")
_TOUCH = Path("tests", "colab", "touch_widgets.py")
_UNWANTED = ("PYTEST_CURRENT_TEST", "LSTM_WORKSHOP_INSTALL", "LSTM_WORKSHOP_PLATFORM")
_TAGS = re.compile(r"</?(?:table|tbody|thead|tr|td|th|div|style|script|details|summary)\b[^>]*>")
_TEXT_ONLY = {"text/plain", "application/vnd.google.colaboratory.intrinsic+json"}


def check(folder: Path | None = None, only: Sequence[str] | None = None) -> int:
    """Run the learner's editions under Colab's packages and, when all pass, date the README.

    Args:
        folder: Where Colab's list lies; ``../shared/colab`` beside the clone by default.
        only: Numbers or names of notebooks; all, and the widgets, by default. The
            README is dated only by a whole run.

    Returns:
        The exit status: 0 when all passed, 1 otherwise.

    Raises:
        CourseError: There is no list, or no environment can be made from it.
        FileNotFoundError: A notebook is missing.
    """
    require("ipykernel", "jupytext", "nbclient", "nbformat", "uv")
    root = find_root()
    notebooks = {each.name: read_notebook(learner_path(each, root)) for each in select(only, EVERY)}
    if not only:
        setup = bootstrap(LESSONS[0], read_slug(root))
        notebooks["widgets"] = notebook_of_script(setup, root / _TOUCH)
    listed = read_list(root, folder)
    python = prepared(root / FOLDER / "venv", listed)
    # Our own package goes, so that the next runtime is fresh.
    remove_ours = ("pip", "uninstall", "--python", str(python), DISTRIBUTION)
    uv(*remove_ours)
    before = _versions(python)
    found = look_for_tweets()
    print(f"Colab's list of {listed.date}; the notebooks use {found.name}.", flush=True)
    wheel = build_wheel(root, root / FOLDER)
    failed = []
    for name, notebook in tqdm(notebooks.items(), desc="colab", unit="notebook", disable=None):
        ran, wrong = run_fresh(notebook, root, python, wheel, found)
        wrong += _changes(before, _versions(python))
        uv(*remove_ours)
        write_text(root / FOLDER / f"{name}.ipynb", as_text(ran.notebook), noted=False)
        mark = "✗" if wrong else "✓"
        memory = ran.peak_bytes / 1024**2
        said = [f"{mark} {name}: {ran.seconds:.1f} s, {memory:,.0f} MiB", *wrong]
        tqdm.write("\n  ".join(said), file=sys.stdout)
        failed += [name] if wrong else []
    if failed:
        print(f"✗ failed: {', '.join(failed)}; the runs lie in {FOLDER}.")
        return 1
    if not only:
        shown = {name: listed.pins[name] for name in ("tensorflow", "keras", "ipywidgets")}
        day = datetime.date.today().isoformat()
        tweets = found.name
        version = uv("run", "--no-project", "--python", str(python), "python", "-V").split()[-1]
        write_passed(root, day=day, listed=listed.date, python=version, tweets=tweets, **shown)
        write_changed(readme.pages(root))
        print(f"✓ {sentence(root)}")
    return 0


def notebook_of_script(setup: str, path: Path) -> Notebook:
    """Make a notebook of a set-up cell and a script, one cell for each ``# %%``."""
    import jupytext

    notebook: Notebook = jupytext.read(path)
    notebook["cells"][0]["source"] = setup  # in place of the docstring
    return notebook


def _changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a sentence for each package of Colab's whose version is another one now."""
    return [
        f"{package} was {before.get(package, 'absent')}, is {after.get(package, 'absent')}"
        for package in sorted((before.keys() | after.keys()) - {DISTRIBUTION})
        if before.get(package) != after.get(package)
    ]


def _versions(python: Path) -> dict[str, str]:
    return pinned(uv("pip", "freeze", "--python", str(python)))


def run_fresh(
    notebook: Notebook, root: Path, python: Path, wheel: Path, found: Finding
) -> tuple[Execution, list[str]]:
    """Run a notebook that begins with its set-up cell in a fresh runtime.

    Args:
        notebook: The learner's edition.
        root: The folder of the repository, for the stub of ``google.colab``.
        python: The Python with Colab's packages.
        wheel: The wheel of our package, which is put into the empty working folder.
        found: Which tweets the notebook finds.

    Returns:
        What the run gave, and a sentence for each thing that is wrong with it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch, "content")
        elsewhere = Path(scratch, "elsewhere")
        log = elsewhere / "asked.txt"
        for folder in (work, elsewhere, elsewhere / "artifacts"):
            folder.mkdir()
        shutil.copy(wheel, work)
        variables = kernel_environment(
            root,
            elsewhere / "artifacts",
            found,
            COLAB_GPU="",
            COLAB_RELEASE_TAG="colab-check",
            COLAB_STUB_LOG=str(log),
            IPYTHONDIR=str(elsewhere / "ipython"),
            # A lesson with a record of progress, as a learner's; and not the clone's package.
            **{PROGRESS_VARIABLE: "", "PYTHONPATH": str(root / STUBS)},
            PATH=os.pathsep.join([str(python.parent), os.environ.get("PATH", "")]),
        )
        variables = {name: each for name, each in variables.items() if name not in _UNWANTED}
        ran = execute(notebook, work, variables, kernel=kernel_command(python))
        asked = log.read_text(encoding="utf-8").split() if log.is_file() else []
    return ran, [*problems(ran), *(f"it asked the learner: {call}" for call in asked)]


def kernel_command(python: Path) -> list[str]:
    """Return the command of a kernel of this Python whose classes carry the names of Colab's."""
    return [
        *(str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        "--IPKernelApp.kernel_class=google.colab._kernel.Kernel",
        '--IPKernelApp.extensions=["google.colab"]',
    ]


def problems(ran: Execution) -> list[str]:
    """Return a sentence for each thing that is wrong with a run.

    A cell that failed; a set-up cell (the first) that does not find itself in Colab, or warns
    about a version; HTML that a reader sees as text; a log or a warning.
    """
    if not ran.passed:
        return [f"code cell {ran.failed_cell} failed:\n{ran.failure}"]
    first, *_ = code_cells(ran.notebook)
    said = "".join(str(output.get("text", "")) for output in first["outputs"])
    found = [] if "Google Colab" in said else [f"the set-up cell does not name Colab: {said!r}"]
    found += [line for line in said.splitlines() if line.startswith("Warning:")]
    for number, cell in enumerate(code_cells(ran.notebook), start=1):
        for output in cell["outputs"]:
            found += [f"code cell {number} shows HTML as text: {tag}" for tag in raw_html(output)]
            if output.get("name") == "stderr":
                found.append(f"code cell {number} writes to standard error: {output['text']}")
    return found


def raw_html(output: dict[str, Any]) -> list[str]:
    """Return the HTML tags that a reader of an output sees as text.

    Text beside HTML, a picture or a widget does not count, because a page shows the richer form.
    """
    data = output.get("data", {})
    text = output.get("text", data.get("text/plain", "")) if data.keys() <= _TEXT_ONLY else ""
    return _TAGS.findall(str(text))
