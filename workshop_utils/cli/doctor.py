"""``workshop doctor``: will this machine carry the workshop, and if not, what to do.

Each check gives one finding: ``ok``, a ``warning`` (the workshop runs, with
something to know) or a ``failure`` (it could not run).
"""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workshop_utils import __version__, accelerator, environment, storage, versions
from workshop_utils.environment import Environment

GIB = 1024**3
MEMORY_NEEDED, MEMORY_WANTED = 1 * GIB, 3 * GIB
DISK_NEEDED, DISK_WANTED = 50 * 1024**2, 500 * 1024**2
OFFLINE_VARIABLE = "LSTM_WORKSHOP_OFFLINE"
_SHARED_CACHE = (
    "{} can be read and not written: what lies there is used, nothing is added. That is right "
    "for a cache that many share and that is filled."
)
OK, WARNING, FAILURE = "ok", "warning", "failure"
_COLOURS = {OK: "green", WARNING: "yellow", FAILURE: "red"}


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes:
        name: What was looked at, in a word or two.
        status: ``ok``, ``warning`` or ``failure``.
        sentence: What was found and, unless all is well, what to do.
    """

    name: str
    status: str
    sentence: str


@dataclass(frozen=True)
class Report:
    """The whole examination.

    Attributes:
        environment: Where we are, on what, with which versions.
        findings: One for each check.
    """

    environment: Environment
    findings: tuple[Finding, ...]

    @property
    def can_run(self) -> bool:
        """Whether nothing was found that would stop the workshop."""
        return all(finding.status != FAILURE for finding in self.findings)

    @property
    def verdict(self) -> str:
        """The result in one sentence."""
        stopped = "The workshop could not run here; mend the failures above first."
        return environment.READY if self.can_run else stopped

    def as_json(self) -> str:
        """Return everything as JSON, for programs."""
        known = {"workshop": __version__, "can_run": self.can_run, "verdict": self.verdict}
        ranges = {"tested_ranges": versions.tested_ranges()}
        return json.dumps({**known, **dataclasses.asdict(self), **ranges}, indent=2)


def examine(load: bool = False, more: Iterable[Finding] = ()) -> Report:
    """Check everything.

    Args:
        load: Load TensorFlow too (seconds) and ask it for its GPUs.
        more: Findings of the caller's own, for the end of the list.
    """
    loading = (_tensorflow(),) if load else ()
    here = environment.describe()
    checks = (_platform(here), _libraries(here), *loading, _accelerator(here), _memory(here))
    return Report(here, (*checks, _disk(), *_folders(), _data(), _kernel(), *more))


def show(report: Report) -> None:
    """Print the report as a table, the verdict below it."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"LSTM workshop {__version__}", title_justify="left")
    for heading in ("check", "result", "what was found"):
        table.add_column(heading)
    for each in report.findings:
        table.add_row(
            each.name, Text(each.status, style=_COLOURS[each.status]), Text(each.sentence)
        )
    console = Console()
    console.print(table)
    console.print(Text(report.verdict, style="bold"))


def _tensorflow() -> Finding:
    """Load TensorFlow and Keras, which can fail in more ways than being absent."""
    try:
        keras = environment.load_keras()
    except Exception as error:
        return Finding("TensorFlow", FAILURE, f"It cannot be loaded: {_one_line(error)}")
    return Finding("TensorFlow", OK, f"Loaded with Keras {keras.__version__}.")


def _platform(here: Environment) -> Finding:
    place = here.platform
    sentence = f"{place.label} ({place.reason}); {platform.platform()}; {sys.executable}"
    return Finding("platform", OK, sentence)


def _libraries(here: Environment) -> Finding:
    obstacle = environment.obstacle()
    if obstacle:
        return Finding("versions", FAILURE, obstacle)
    found = ", ".join(f"{library} {version}" for library, version in here.versions.items())
    status = WARNING if here.warnings else OK
    return Finding("versions", status, " ".join([*here.warnings, found]))


def _accelerator(here: Environment) -> Finding:
    if "tensorflow" in sys.modules and not here.gpus and accelerator.gpus():
        advice = (
            "The driver shows a GPU that TensorFlow cannot use; `python -m pip install "
            '"tensorflow[and-cuda]"` brings its libraries. The workshop runs on the CPU meanwhile.'
        )
        return Finding("accelerator", WARNING, advice)
    asked = "" if "tensorflow" in sys.modules or not here.gpus else " (--load asks TensorFlow)"
    return Finding("accelerator", OK, f"{here.accelerator}{asked}.")


def _memory(here: Environment) -> Finding:
    size = here.memory_bytes
    if size is None:
        return Finding("memory", WARNING, "This system does not tell how much memory it has.")
    return _enough("memory", size, MEMORY_NEEDED, MEMORY_WANTED, "Close other programs.")


def _disk() -> Finding:
    folder = storage.cache_path()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    advice = f"Make room there, or set {storage.CACHE_VARIABLE} to a folder on a larger disk."
    free = shutil.disk_usage(folder).free
    return _enough("disk", free, DISK_NEEDED, DISK_WANTED, advice, f" free at {folder}")


def _enough(
    name: str, size: int, needed: int, wanted: int, advice: str, where: str = ""
) -> Finding:
    """Compare a size in bytes with what the workshop needs and what it should have."""
    found = f"{in_words(size)}{where}"
    if size >= wanted:
        return Finding(name, OK, f"{found}.")
    if size >= needed:
        return Finding(name, WARNING, f"{found}; {in_words(wanted)} is better. {advice}")
    return Finding(name, FAILURE, f"{found}; at least {in_words(needed)} is needed. {advice}")


def in_words(size: int) -> str:
    """Return a size in bytes in words, for example ``8.1 MB``; a MB is 1024 x 1024 bytes."""
    number, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1024 or unit == "GB":
            break
        number /= 1024
    return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"


def _folders() -> Iterator[Finding]:
    """Write a small file into each folder and remove it again."""
    places: dict[str, Callable[[], Path]] = {
        "cache": storage.cache_dir,
        "artifacts": storage.artifacts_dir,
    }
    for name, place in places.items():
        try:
            folder = place()
            storage.check_writable(folder)
            yield Finding(name, OK, f"{folder} can be written.")
        except OSError as error:
            if name == "cache" and storage.cache_path().is_dir():
                yield Finding(name, WARNING, _SHARED_CACHE.format(storage.cache_path()))
            else:
                yield Finding(name, FAILURE, _one_line(error))


def _data() -> Finding:
    """Look whether the real tweets are on this machine; looking starts no download."""
    from workshop_utils import tweets

    may_fetch = os.environ.get(OFFLINE_VARIABLE, "").strip() in {"", "0"}
    before = {**os.environ}
    os.environ[OFFLINE_VARIABLE] = "1"
    try:
        return Finding("tweets", OK, tweets.load().sentence)
    except tweets.TweetsUnreadable as error:
        # A file was named; the notebooks stop here rather than hide the mistake.
        return Finding("tweets", FAILURE, _one_line(error))
    except tweets.TweetsUnavailable as error:
        if may_fetch:
            sentence = "Not on this machine yet; the first notebook that needs them fetches them."
            return Finding("tweets", OK, sentence)
        return Finding("tweets", WARNING, f"Synthetic tweets will serve. {_one_line(error)}")
    finally:
        os.environ.clear()
        os.environ.update(before)


def _kernel() -> Finding:
    """Compare the kernel that JupyterLab would start with this Python.

    A kernel named ``python3`` in the user's own folder, left by another environment, is
    found before the one of this environment: the commonest reason for a missing module.
    """
    if find_spec("jupyterlab") is None:
        sentence = "JupyterLab is not installed beside this Python; Colab and scripts need none."
        return Finding("kernel", OK, sentence)
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        described: Any = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        sentence = "JupyterLab has no kernel; `python -m pip install ipykernel` brings one."
        return Finding("kernel", FAILURE, sentence)
    word = described.argv[0]
    # Jupyter puts its own Python in the place of the plain word.
    own = {"python", "python3", f"python3.{sys.version_info.minor}"}
    python = sys.executable if word in own else shutil.which(word) or word
    # Links are not followed: a virtual environment's Python is a link to another one.
    if Path(python).absolute().parent == Path(sys.executable).absolute().parent:
        return Finding("kernel", OK, f"JupyterLab starts {python}, this environment.")
    advice = (
        f"JupyterLab starts {python}, not this Python. To mend it, run `jupyter kernelspec remove "
        f"python3`, which removes {described.resource_dir}, then `python -m ipykernel install "
        "--sys-prefix` with this Python."
    )
    return Finding("kernel", WARNING, advice)


def _one_line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words or type(error).__name__
