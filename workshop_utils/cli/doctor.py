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
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.filesize import decimal as in_words

from workshop_utils import __version__
from workshop_utils.cli.app import class_checks, print_table
from workshop_utils.learning.lessons import CourseError
from workshop_utils.runtime import accelerator, environment, storage, versions
from workshop_utils.runtime.environment import Environment

MEMORY_NEEDED = 10**9
MEMORY_WANTED = 3 * 10**9
DISK_NEEDED = 50 * 10**6
DISK_WANTED = 500 * 10**6
OK = "ok"
WARNING = "warning"
FAILURE = "failure"


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


def doctor(load: bool = False, learners: int | None = None, *, as_json: bool = False) -> int:
    """Check everything and print it as a table, the verdict below it.

    Args:
        load: Load TensorFlow too (seconds) and ask it for its GPUs.
        learners: Check whether this machine carries a class of so many, too.
        as_json: Print JSON for programs.

    Returns:
        The exit status: 1 where something was found that would stop the workshop, else 0.

    Raises:
        CourseError: A class was asked for, and the makers' tools are not installed.
    """
    if learners and not class_checks:
        raise CourseError("--class needs the makers' tools: clone the repository, `make setup`.")
    loading = [_tensorflow()] if load else []
    here = environment.describe()
    findings = [*loading, *examine(here)]
    findings += [each for check in class_checks if learners for each in check(learners)]
    can_run = all(each.status != FAILURE for each in findings)
    stopped = "The workshop could not run here; mend the failures above first."
    verdict = environment.READY if can_run else stopped
    if as_json:
        report = {"workshop": __version__, "can_run": can_run, "verdict": verdict}
        parts = {"environment": dataclasses.asdict(here), "findings": list(map(vars, findings))}
        ranges = {"tested_ranges": versions.tested_ranges()}
        print(json.dumps({**report, **parts, **ranges}, indent=2))
    else:
        rows = [(each.name, each.status, each.sentence) for each in findings]
        print_table(f"LSTM workshop {__version__}", ("check", "result", "what was found"), rows)
        print(verdict)
    return 0 if can_run else 1


def examine(here: Environment) -> Iterator[Finding]:
    """Check this machine, what is installed on it, and where files would lie."""
    place = here.platform
    where = f"{place.label} ({place.reason}); {platform.platform()}; {sys.executable}"
    yield Finding("platform", OK, where)
    yield _libraries(here)
    yield _accelerator(here)
    if here.memory_bytes is None:
        sentence = "This system does not tell how much memory it has."
        yield Finding("memory", WARNING, sentence)
    else:
        sizes = (here.memory_bytes, MEMORY_NEEDED, MEMORY_WANTED)
        yield _enough("memory", *sizes, "Close other programs.")
    yield _disk()
    yield from _folders()
    yield _data()
    yield _kernel()


def _tensorflow() -> Finding:
    """Load TensorFlow and Keras, which can fail in more ways than being absent."""
    try:
        keras = environment.load_keras()
    except Exception as error:
        return Finding("TensorFlow", FAILURE, f"It cannot be loaded: {_one_line(error)}")
    return Finding("TensorFlow", OK, f"Loaded with Keras {keras.__version__}.")


def _libraries(here: Environment) -> Finding:
    obstacle = environment.obstacle()
    if obstacle:
        return Finding("versions", FAILURE, obstacle)
    listed = ", ".join(f"{library} {version}" for library, version in here.versions.items())
    status = WARNING if here.warnings else OK
    return Finding("versions", status, " ".join([*here.warnings, listed]))


def _accelerator(here: Environment) -> Finding:
    if "tensorflow" in sys.modules and not here.gpus and accelerator.gpus():
        advice = (
            "The driver shows a GPU that TensorFlow cannot use; `python -m pip install "
            '"tensorflow[and-cuda]"` brings its libraries. The workshop runs on the CPU meanwhile.'
        )
        return Finding("accelerator", WARNING, advice)
    asked = "" if "tensorflow" in sys.modules or not here.gpus else " (--load asks TensorFlow)"
    return Finding("accelerator", OK, f"{here.accelerator}{asked}.")


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
    amount = f"{in_words(size)}{where}"
    if size >= wanted:
        return Finding(name, OK, f"{amount}.")
    if size >= needed:
        return Finding(name, WARNING, f"{amount}; {in_words(wanted)} is better. {advice}")
    return Finding(name, FAILURE, f"{amount}; at least {in_words(needed)} is needed. {advice}")


def _folders() -> Iterator[Finding]:
    """Write a small file into each folder and remove it again."""
    for name, place in (("cache", storage.cache_dir), ("artifacts", storage.artifacts_dir)):
        try:
            folder = place()
            storage.check_writable(folder)
            yield Finding(name, OK, f"{folder} can be written.")
        except OSError as error:
            cache = storage.cache_path()
            if name == "cache" and cache.is_dir():
                sentence = (
                    f"{cache} can be read and not written: what lies there is used, nothing is "
                    "added. That is right for a cache that many share and that is filled."
                )
                yield Finding(name, WARNING, sentence)
            else:
                yield Finding(name, FAILURE, _one_line(error))


def _data() -> Finding:
    """Look whether the real tweets are on this machine; looking starts no download."""
    from workshop_utils import tweets

    offline = os.environ.get(tweets.OFFLINE_VARIABLE, "")
    os.environ[tweets.OFFLINE_VARIABLE] = "1"
    try:
        return Finding("tweets", OK, tweets.load().sentence)
    except tweets.TweetsUnreadable as error:
        # A file was named; the notebooks stop here rather than hide the mistake.
        return Finding("tweets", FAILURE, _one_line(error))
    except tweets.TweetsUnavailable as error:
        if offline.strip() in {"", "0"}:
            sentence = "Not on this machine yet; the first notebook that needs them fetches them."
            return Finding("tweets", OK, sentence)
        return Finding("tweets", WARNING, f"Synthetic tweets will serve. {_one_line(error)}")
    finally:
        os.environ[tweets.OFFLINE_VARIABLE] = offline  # an empty one counts as unset


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
    return " ".join(str(error).split()) or type(error).__name__
