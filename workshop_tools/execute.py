"""One notebook, one fresh kernel: execution with times, peak memory and a failure that says where.

The kernel is this Python, whatever kernels the machine has registered, and it is
started as nbval starts it, so that the two agree about what a cell prints.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from workshop_tools.editions import Notebook
from workshop_tools.resource_usage import Meter
from workshop_utils import run_events
from workshop_utils.checks import REPORTED_ONLY_VARIABLE
from workshop_utils.progress import PROGRESS_VARIABLE

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Execution:
    """What one run of a notebook gave.

    Attributes:
        notebook: The notebook with its outputs, up to the failure if there was one.
        seconds: Wall time of the whole run, start of the kernel included.
        cell_seconds: Wall time of each executed code cell, by its number from 1.
        peak_bytes: Largest resident memory of the kernel and its children together;
            ``None`` where it cannot be read.
        cpu_seconds: Processor time of the kernel and its children; ``None`` where it
            cannot be read.
        notes: What the kernel wrote into the ledger: the number of the code cell, from 1,
            and the fact.
        failed_cell: Number of the code cell that failed, from 1; ``None`` when all passed.
        failure: The traceback, or a sentence; empty when all passed.
    """

    notebook: Notebook
    seconds: float = 0.0
    cell_seconds: dict[int, float] = field(default_factory=dict)
    peak_bytes: int | None = None
    failed_cell: int | None = None
    failure: str = ""
    cpu_seconds: float | None = None
    notes: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every cell ran."""
        return not self.failure


def kernel_environment(root: Path, artifacts: Path, **more: str) -> dict[str, str]:
    """Return the environment variables of a kernel that runs a notebook of the course.

    Args:
        root: The folder of the repository, from which the package is imported.
        artifacts: The folder for what the notebook saves.
        **more: Further variables.

    Returns:
        This process's variables, with: no fetching, no log of TensorFlow's, no
        record of a learner's progress, claims that stop the notebook when they do not
        hold, no ledger, and ipykernel's way of capturing output under pytest, which is
        nbval's.
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
    return {**os.environ, **ours, **more}


def execute(
    notebook: Notebook,
    folder: Path,
    environment: Mapping[str, str],
    *,
    cell_timeout: int = 600,
    on_cell: Callable[[int], None] = lambda _: None,
    kernel: Sequence[str] | None = None,
) -> Execution:
    """Run the cells of a notebook in a fresh kernel and stop at the first that fails.

    Args:
        notebook: The notebook; it is not changed.
        folder: The working folder of the kernel.
        environment: The kernel's environment variables.
        cell_timeout: Seconds that one cell may take.
        on_cell: Called with the number of each code cell (from 1) that has passed.
        kernel: The command that starts another kernel than one of this Python, with
            ``{connection_file}`` in the place of that file.

    Returns:
        What the run gave; a failing cell is reported there and not raised.
    """
    import nbformat
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # Without a ledger the reader looks at a file that is never there.
    written = environment.get(run_events.LEDGER_VARIABLE) or os.devnull
    run = _Run(nbformat.from_dict(notebook), on_cell, run_events.Reader(Path(written)))
    result = Execution(notebook)
    started = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        try:
            run.client(cell_timeout, kernel).execute(
                cwd=str(folder), env=dict(environment), stdout=log, stderr=log
            )
        except CellExecutionError:
            result.failure = _traceback(run.notebook)
        except CellTimeoutError:
            result.failure = f"The cell took longer than {cell_timeout} seconds and was stopped."
        except DeadKernelError:
            result.failure = _last_words(log)
        finally:
            run.meter.stop()
    result.seconds = time.perf_counter() - started
    run.read_ledger()
    result.cell_seconds, result.notes = run.cell_seconds, run.notes
    result.peak_bytes, result.cpu_seconds = run.meter.peak_bytes, run.meter.cpu_seconds
    if result.failure:
        result.failed_cell = run.number
    result.notebook = _plain(run.notebook)
    return result


class _Run:
    """The bookkeeping of one execution, called back by nbclient."""

    def __init__(
        self, notebook: Any, on_cell: Callable[[int], None], reader: run_events.Reader
    ) -> None:
        self.notebook = notebook
        self.cell_seconds: dict[int, float] = {}
        self.notes: list[tuple[int, dict[str, Any]]] = []
        self.meter = Meter()
        self.number = 0
        self._on_cell = on_cell
        self._reader = reader
        self._started = 0.0
        self._manager: Any = None

    def client(self, cell_timeout: int, kernel: Sequence[str] | None = None) -> Any:
        from nbclient import NotebookClient

        self._manager = _kernel_manager(kernel)
        client = NotebookClient(
            self.notebook,
            km=self._manager,
            timeout=cell_timeout,
            record_timing=False,
            on_cell_execute=self._begin,
            on_cell_executed=self._end,
        )
        client.owns_km = True  # so that the kernel is shut down with the run
        return client

    def read_ledger(self) -> None:
        """Take what the kernel has noted since the last reading as the current cell's."""
        self.notes.extend((self.number, fact) for fact in self._reader.new())

    def _begin(self, **_: Any) -> None:
        pid = getattr(getattr(self._manager, "provisioner", None), "pid", None)
        if pid:
            self.meter.watch(pid)
        self.number += 1
        self._started = time.perf_counter()

    def _end(self, execute_reply: Any, **_: Any) -> None:
        self.cell_seconds[self.number] = time.perf_counter() - self._started
        self.meter.look()
        self.read_ledger()
        if execute_reply["content"]["status"] == "ok":
            self._on_cell(self.number)


def _traceback(notebook: Any) -> str:
    """Return the traceback that the failing cell stored, without colours."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                return _COLOURS.sub("", "\n".join(output["traceback"]))
    return "The cell failed and left no traceback."


def _last_words(log: IO[bytes]) -> str:
    """Say that the kernel died, with the end of what its process wrote."""
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines()
    sentence = "The kernel died while the cell ran; often this means too little memory."
    # ipykernel's own remark about unencrypted connections says nothing about the death.
    return "\n".join([sentence, *(line for line in lines[-20:] if "[IPKernelApp]" not in line)])


def _kernel_manager(command: Sequence[str] | None = None) -> Any:
    """Return a manager of a kernel in this very Python, not of whatever is called python3.

    Args:
        command: The command of another kernel, as for :func:`execute`.
    """
    import ipykernel.kernelspec
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(kernel_name="python3")
    described = ipykernel.kernelspec.get_kernel_dict()
    described["argv"] = list(command or [sys.executable, *described["argv"][1:]])
    manager._kernel_spec = KernelSpec(resource_dir=ipykernel.kernelspec.RESOURCES, **described)
    return manager


def _plain(notebook: Any) -> Notebook:
    import json

    plain: Notebook = json.loads(json.dumps(notebook))
    return plain
