"""One notebook, one fresh kernel: papermill executes it, psutil measures what it costs.

papermill runs in a process of its own, so that several notebooks can run side by side, each
with its own environment variables. The kernel is this Python, whatever kernels the machine
has registered.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from workshop_tools.editions import Notebook, as_text, code_cells, read_notebook
from workshop_utils import run_events
from workshop_utils.checks import REPORTED_ONLY_VARIABLE
from workshop_utils.progress import PROGRESS_VARIABLE

KERNEL = (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")
SECONDS_BETWEEN_LOOKS = 0.2
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_AT_CELL = re.compile(r"(\d+)/(\d+) \[")
#: What papermill adds to a notebook that failed.
_ADDED = frozenset({"papermill-error-cell-tag"})


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
        failure: The traceback, or a sentence; empty when all passed.
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
        on_cell: Called with the number of cells that have passed, and of all.
        kernel: The command that starts the kernel.

    Returns:
        What the run gave; a failing cell is reported there and not raised.
    """
    with tempfile.TemporaryDirectory() as scratch:
        before, after = Path(scratch, "before.ipynb"), Path(scratch, "after.ipynb")
        before.write_text(as_text(notebook), encoding="utf-8")
        _write_kernel(Path(scratch), kernel)
        command = [sys.executable, "-m", "papermill", str(before), str(after)]
        command += [
            "--kernel",
            "workshop",
            "--language",
            "python",
            "--cwd",
            str(folder),
            "--progress-bar",
        ]
        command += ["--no-log-output", "--execution-timeout", str(cell_timeout)]
        if values:
            # JSON is YAML too.
            command += ["--parameters_yaml", json.dumps(dict(values))]
        result = Execution(notebook)
        started = time.perf_counter()
        with subprocess.Popen(
            command,
            env={**environment, "JUPYTER_PATH": scratch},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stderr is not None
            meter = threading.Thread(target=_measure, args=(process, result), daemon=True)
            meter.start()
            said = _follow(process.stderr, on_cell)
        meter.join()
        result.seconds = time.perf_counter() - started
        if after.is_file():
            result.notebook = read_notebook(after)
    _read(result, failed=process.returncode != 0, said=said)
    return result


def _write_kernel(scratch: Path, command: Sequence[str]) -> None:
    """Describe the kernel, so that it is not whatever is called python3 here."""
    folder = scratch / "kernels" / "workshop"
    folder.mkdir(parents=True)
    described = {"argv": list(command), "display_name": "Python 3", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(described), encoding="utf-8")


def _follow(stream: IO[bytes], on_cell: Callable[[int, int], None]) -> str:
    """Read what papermill says until it ends; tell of each cell, and return the rest."""
    said = b""
    while part := stream.read1(4096):  # type: ignore[attr-defined]  # a buffered pipe
        said = (said + part)[-20_000:]
        for done, of in _AT_CELL.findall(part.decode(errors="replace"))[-1:]:
            on_cell(int(done), int(of))
    return said.decode(errors="replace")


def _measure(process: "subprocess.Popen[bytes]", result: Execution) -> None:
    """Look at the kernel, papermill's child, and all its children until papermill ends."""
    import psutil  # type: ignore[import-untyped]

    while process.poll() is None:
        memory, seconds = 0, 0.0
        try:
            for each in psutil.Process(process.pid).children(recursive=True):
                memory += each.memory_info().rss
                times = each.cpu_times()
                seconds += times.user + times.system
        except psutil.Error:  # one has just ended
            pass
        result.peak_bytes = max(result.peak_bytes, memory)
        result.cpu_seconds = max(result.cpu_seconds, seconds)
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _read(result: Execution, *, failed: bool, said: str) -> None:
    """Take times and failure out of the executed notebook, and papermill's additions away."""
    cells = result.notebook["cells"]
    cells[:] = [c for c in cells if not _ADDED & set(c["metadata"].get("tags", []))]
    result.notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(code_cells(result.notebook), start=1):
        about = cell["metadata"].get("papermill", {})
        if about.get("duration") is not None:
            result.cell_seconds[number] = about["duration"]
        if about.get("exception"):
            result.failure = _traceback(cell)
    for cell in cells:
        cell["metadata"].pop("papermill", None)
        cell["metadata"].pop("execution", None)
    if failed:
        result.failed_cell = max(result.cell_seconds, default=1)
        result.failure = result.failure or _last_words(said)


def _traceback(cell: dict[str, Any]) -> str:
    """Return the traceback that the failing cell stored, without colours."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            return _COLOURS.sub("", "\n".join(output["traceback"]))
    return ""


def _last_words(said: str) -> str:
    """Say why papermill gave up where no cell stored an error: out of time, or a dead kernel."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    if "DeadKernelError" in said:
        return "The kernel died while the cell ran; often this means too little memory."
    if "CellTimeoutError" in said:
        return "The cell took longer than it may and was stopped."
    return "\n".join(["The notebook could not be run:", *lines[-15:]])
