"""A fresh runtime that looks like Colab's: its packages, an own stub of ``google.colab``, a wheel.

It is not Colab. What it shares with Colab is the versions of the packages, the
class of the kernel, the display hooks and the way in which the package comes in.
"""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workshop_tools.editions import Notebook, code_cells
from workshop_tools.execute import Execution, execute, kernel_environment
from workshop_tools.tweets_at_hand import Finding, settings
from workshop_utils.lessons import CourseError
from workshop_utils.progress import PROGRESS_VARIABLE

STUBS = Path("tests", "stubs")
LOG_VARIABLE = "COLAB_STUB_LOG"
_UNWANTED = ("PYTEST_CURRENT_TEST", "LSTM_WORKSHOP_INSTALL", "LSTM_WORKSHOP_PLATFORM")
_TAGS = re.compile(r"</?(?:table|tbody|thead|tr|td|th|div|style|script|details|summary)\b[^>]*>")
_TEXT_ONLY = {"text/plain", "application/vnd.google.colaboratory.intrinsic+json"}


class OutOfTimeError(CourseError):
    """The time for the whole check is over."""


@dataclass(frozen=True)
class Runtime:
    """What each notebook gets anew.

    Attributes:
        root: The folder of the repository, for the stub of ``google.colab``.
        python: The Python with Colab's packages.
        wheel: The wheel of our package, or the folder or archive to install from.
        found: Which tweets the notebooks find.
        cell_timeout: Seconds that one cell may take.
        deadline: When the whole check must be over, on :func:`time.monotonic`'s clock.
    """

    root: Path
    python: Path
    wheel: Path
    found: Finding
    cell_timeout: int
    deadline: float

    def run(
        self, notebook: Notebook, on_cell: Callable[[int], None]
    ) -> tuple[Execution, list[str]]:
        """Run a notebook in a fresh runtime.

        Args:
            notebook: The learner's edition, or any notebook that begins with its set-up cell.
            on_cell: Called with the number of each code cell (from 1) that has passed.

        Returns:
            What the run gave, and a sentence for each thing that is wrong with it.

        Raises:
            OutOfTimeError: The time for the whole check is over.
        """
        with self._folders() as (work, elsewhere):
            log = elsewhere / "asked.txt"
            ran = execute(
                notebook,
                work,
                self.environment(elsewhere, log),
                cell_timeout=min(self.cell_timeout, self._seconds_left()),
                on_cell=lambda number: self._after(number, on_cell),
                kernel=kernel_command(self.python),
            )
            asked = log.read_text(encoding="utf-8").split() if log.is_file() else []
        return ran, [*problems(ran), *(f"it asked the learner: {call}" for call in asked)]

    @contextmanager
    def _folders(self) -> Iterator[tuple[Path, Path]]:
        """Make the working folder, empty but for the wheel, and one for everything else."""
        with tempfile.TemporaryDirectory() as scratch:
            work, elsewhere = Path(scratch, "content"), Path(scratch, "elsewhere")
            for folder in (work, elsewhere, elsewhere / "artifacts"):
                folder.mkdir()
            shutil.copy(self.wheel, work)
            yield work, elsewhere

    def environment(self, folder: Path, log: Path) -> dict[str, str]:
        """Return the variables of the kernel.

        Args:
            folder: An empty folder for what the notebook saves.
            log: Where the stub notes what it is asked for.
        """
        program = str(self.python.parent)
        variables = kernel_environment(
            self.root,
            folder / "artifacts",
            **settings(self.found, folder / "no-tweets"),
            **{
                "COLAB_GPU": "",
                "COLAB_RELEASE_TAG": "colab-check",
                "IPYTHONDIR": str(folder / "ipython"),
                # A lesson with a record of progress, as a learner's; and not the clone's package.
                PROGRESS_VARIABLE: "",
                "PYTHONPATH": str(self.root / STUBS),
                "PATH": os.pathsep.join([program, os.environ.get("PATH", "")]),
                LOG_VARIABLE: str(log),
            },
        )
        return {name: value for name, value in variables.items() if name not in _UNWANTED}

    def _seconds_left(self) -> int:
        left = int(self.deadline - time.monotonic())
        if left <= 0:
            raise OutOfTimeError(
                "The time for the whole check is over; give more with --minutes, or look at "
                "the notebook that was running."
            )
        return left

    def _after(self, number: int, on_cell: Callable[[int], None]) -> None:
        on_cell(number)
        self._seconds_left()


def kernel_command(python: Path) -> list[str]:
    """Return the command of a kernel whose classes carry the names of Colab's.

    Args:
        python: A Python with ipykernel, whose path leads to the stub of ``google.colab``.
    """
    return [
        str(python),
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
        "--IPKernelApp.kernel_class=google.colab._kernel.Kernel",
        '--IPKernelApp.extensions=["google.colab"]',
    ]


def problems(ran: Execution) -> list[str]:
    """Return a sentence for each thing that is wrong with a run.

    Args:
        ran: A run of a notebook whose first code cell is the set-up cell.

    Returns:
        A cell that failed; a set-up cell that does not find itself in Colab, or warns
        about a version; HTML that a reader sees as text; a log or a warning.
    """
    if not ran.passed:
        return [f"code cell {ran.failed_cell} failed:\n{ran.failure}"]
    first, *_ = code_cells(ran.notebook)
    said = "".join(str(output.get("text", "")) for output in first["outputs"])
    found = [] if "Google Colab" in said else [f"the set-up cell does not name Colab: {said!r}"]
    found += [line for line in said.splitlines() if line.startswith("Warning:")]
    for number, cell in enumerate(code_cells(ran.notebook), start=1):
        found += [
            f"code cell {number} shows HTML as text: {tag}" for tag in raw_html(cell["outputs"])
        ]
        found += [
            f"code cell {number} writes to standard error: {output['text']}"
            for output in cell["outputs"]
            if output.get("name") == "stderr"
        ]
    return found


def raw_html(outputs: list[dict[str, object]]) -> list[str]:
    """Return the HTML tags that a reader of these outputs sees as text.

    Args:
        outputs: The outputs of one cell. Text beside HTML, a picture or a widget is not
            judged, because a page shows the richer form.
    """
    found: list[str] = []
    for output in outputs:
        data = output.get("data")
        if isinstance(data, dict):
            text = str(data.get("text/plain", "")) if set(data) <= _TEXT_ONLY else ""
        else:
            text = str(output.get("text", ""))
        found += _TAGS.findall(text)
    return found
