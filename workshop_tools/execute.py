"""One notebook, one fresh kernel: nbclient executes it, psutil measures what it costs.

The kernel is this Python, whatever kernels the machine has registered.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workshop_tools.editions import Notebook, tags
from workshop_tools.tweets_at_hand import Finding
from workshop_utils.learning.checks import REPORTED_ONLY_VARIABLE
from workshop_utils.learning.record import PROGRESS_VARIABLE
from workshop_utils.runtime import run_events

KERNEL = (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")
SECONDS_BETWEEN_LOOKS = 0.2
# What jupyter_client says of a kernel that ended before it answered. Its ports are chosen before
# it starts, and another process may take one in between (jupyter_client's issue 154).
NEVER_STARTED = "Kernel died before replying to kernel_info"


@dataclass
class Execution:
    """What one run of a notebook gave.

    Attributes:
        notebook: The notebook with its outputs, up to the failure if there was one.
        seconds: Wall time of the whole run, start of the kernel included.
        cell_seconds: Wall time of each executed code cell, by its number from 1.
        peak_bytes: Largest resident memory of the kernel and its children together.
        cpu_seconds: Processor time of the kernel and its children.
        failed_cell: Number of the code cell that failed, from 1; ``None`` when all passed.
        failure: The cell and its traceback, or a sentence; empty when all passed.
    """

    notebook: Notebook
    seconds: float = 0.0
    cell_seconds: dict[int, float] = field(default_factory=dict)
    peak_bytes: int = 0
    cpu_seconds: float = 0.0
    failed_cell: int | None = None
    failure: str = ""

    @property
    def passed(self) -> bool:
        """Whether every cell ran."""
        return not self.failure


def kernel_environment(
    root: Path, artifacts: Path, found: Finding | None = None, **more: str
) -> dict[str, str]:
    """Return the environment variables of a kernel that runs a notebook of the course.

    Args:
        root: The folder of the repository, from which the package is imported.
        artifacts: The folder for what the notebook saves.
        found: Which tweets it finds; what this process would find by default.
        **more: Further variables.

    Returns:
        This process's variables, with: no fetching, no log of TensorFlow's, no record of a
        learner's progress, claims that stop the notebook when they do not hold, no ledger, and
        ipykernel's way of capturing output under pytest, which is nbval's.
    """
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    # The kernel works in another folder, where a relative path would point elsewhere.
    places = {
        name: str(Path(os.environ[name]).expanduser().resolve())
        for name in ("LSTM_WORKSHOP_TWEETS", "LSTM_WORKSHOP_CACHE")
        if os.environ.get(name)
    }
    ours = {
        **places,
        "LSTM_WORKSHOP_ARTIFACTS": str(artifacts),
        "LSTM_WORKSHOP_OFFLINE": "1",
        PROGRESS_VARIABLE: "0",
        REPORTED_ONLY_VARIABLE: "",
        run_events.LEDGER_VARIABLE: "",
        "PYTEST_CURRENT_TEST": "1",
        "PYTHONPATH": path,
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    if found:
        ours |= found.settings
        if found.kind == "synthetic":
            nothing = artifacts.with_name("no-tweets")
            ours |= {"LSTM_WORKSHOP_TWEETS": "", "LSTM_WORKSHOP_CACHE": str(nothing)}
    return {**os.environ, **ours, **more}


def execute(
    notebook: Notebook,
    folder: Path,
    environment: Mapping[str, str],
    values: Mapping[str, Any] | None = None,
    cell_timeout: int = 600,
    on_cell: Callable[[int, int], None] = lambda _, __: None,
    kernel: Sequence[str] = KERNEL,
) -> Execution:
    """Run the cells of a notebook in a fresh kernel and stop at the first that fails.

    Args:
        notebook: The notebook; it is not changed.
        folder: The working folder of the kernel.
        environment: The kernel's environment variables.
        values: Other values for the notebook's parameters, by name.
        cell_timeout: Seconds that one cell may take.
        on_cell: Called with the number of code cells that have run, and of all.
        kernel: The command that starts the kernel.

    Returns:
        What the run gave; a failing cell is reported there and not raised.
    """
    import nbformat
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbconvert.filters import strip_ansi
    from nbformat import v4

    class ThisKernel(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(argv=list(kernel), display_name=kernel_name, language="python")

    node = nbformat.from_dict(notebook)
    if values:
        from papermill.translators import PythonTranslator

        place = next(n for n, cell in enumerate(node.cells) if "parameters" in tags(cell))
        node.cells.insert(place + 1, v4.new_code_cell(PythonTranslator.codify(values)))
    code = [place for place, cell in enumerate(node.cells) if cell.cell_type == "code"]
    result = Execution(node, failed_cell=1)
    ended = threading.Event()
    begun = cell_begun = time.perf_counter()

    def measure(**_: Any) -> None:
        process = getattr(client.km.provisioner, "process", None)
        threading.Thread(target=_measure, args=(process, result, ended), daemon=True).start()

    def begin(cell_index: int, **_: Any) -> None:
        nonlocal cell_begun
        cell_begun = time.perf_counter()
        result.failed_cell = code.index(cell_index) + 1

    def end(cell_index: int, **_: Any) -> None:
        number = code.index(cell_index) + 1
        result.cell_seconds[number] = time.perf_counter() - cell_begun
        on_cell(number, len(code))

    def new_client() -> NotebookClient:
        return NotebookClient(
            node,
            km=AsyncKernelManager(kernel_spec_manager=ThisKernel()),
            timeout=cell_timeout,
            record_timing=False,
            coalesce_streams=True,
            on_notebook_start=measure,
            on_cell_execute=begin,
            on_cell_executed=end,
        )

    quiet = dict.fromkeys(["stdout", "stderr"], subprocess.DEVNULL)
    how = {"cwd": str(folder), "env": dict(environment), "cleanup_kc": True, **quiet}
    client = new_client()
    try:
        try:
            client.execute(**how)
        except RuntimeError as error:
            if NEVER_STARTED not in str(error):
                raise
            client = new_client()  # no cell has run: other ports, once
            client.execute(**how)
        result.failed_cell = None
    except DeadKernelError:
        result.failure = "The kernel died while the cell ran; often this means too little memory."
    except CellTimeoutError:
        result.failure = "The cell took longer than it may and was stopped."
    except (CellExecutionError, RuntimeError) as error:
        result.failure = strip_ansi(str(error))
    finally:
        ended.set()
    result.seconds = time.perf_counter() - begun
    return result


def _measure(kernel: Any, result: Execution, ended: threading.Event) -> None:
    """Look at a kernel's process and all its children until the run has ended."""
    import psutil  # type: ignore[import-untyped]

    while True:  # at least once, however short the notebook is
        with suppress(psutil.Error):  # one has just ended
            top = psutil.Process(kernel.pid)
            family = [top, *top.children(recursive=True)]
            result.peak_bytes = max(
                result.peak_bytes, sum(each.memory_info().rss for each in family)
            )
            seconds = sum(sum(each.cpu_times()[:2]) for each in family)
            result.cpu_seconds = max(result.cpu_seconds, seconds)
        if ended.wait(SECONDS_BETWEEN_LOOKS):
            return
