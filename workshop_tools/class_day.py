"""``workshop doctor --class 30``: will this machine or hub carry a class tomorrow morning?

The rule of thumb multiplies what `workshop run --record-minutes` measured: the largest
memory of one notebook, and the share of a learner's time in which a cell runs.
"""

from __future__ import annotations

import math
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from workshop_tools import colab_list, minutes
from workshop_tools.editions import read_notebook
from workshop_tools.lesson_files import full_path
from workshop_utils import tweets
from workshop_utils.cli.doctor import OK, WARNING, Finding
from workshop_utils.learning.lessons import LESSONS, CourseError
from workshop_utils.runtime import accelerator

SERVER_MEBIBYTES = 120
"""A JupyterLab server without kernels, measured once."""
FIRST_CELL_SECONDS = 20.0
"""A first cell that takes longer makes a class wait."""
Look = tuple[str, bool, str]
"""What was looked at, whether it is well, and what is to be said of it."""


def need(root: Path) -> tuple[float, float]:
    """Return what one learner needs, from the measured and the computed minutes.

    Returns:
        Mebibytes for a JupyterLab server and the largest notebook, and the cores kept busy on
        average: running time over the whole time of a notebook.
    """
    measured = minutes.measured(root)
    seconds = sum(measured.seconds.get(lesson.name, 0.0) for lesson in LESSONS)
    worked = sum(
        minutes.count(read_notebook(full_path(lesson, root))["cells"]).minutes for lesson in LESSONS
    )
    peak = max(measured.mebibytes.values(), default=1_600.0)
    return SERVER_MEBIBYTES + peak, measured.cores * seconds / (60 * worked + seconds)


def findings(root: Path, learners: int) -> list[Finding]:
    """Look at everything that a class needs, one finding each."""
    looks = [*_machine(root, learners), _first_cell(), _tweets(), _package(root), _colab(root)]
    return [Finding(f"class: {name}", OK if good else WARNING, said) for name, good, said in looks]


def _machine(root: Path, learners: int) -> Iterator[Look]:
    mebibytes, busy = need(root)
    wanted = learners * mebibytes / 1024
    there = (accelerator.memory_bytes() or 0) / 1024**3
    said = f"{learners} learners need about {wanted:.0f} GiB; this machine has {there:.0f} GiB."
    yield "memory", there >= wanted, said
    cores = max(2, math.ceil(learners * busy))
    here = accelerator.cpu_count()
    said = f"{learners} learners keep {cores} cores busy on average; this machine has {here}. "
    yield "cores", here >= cores, said + "With fewer, cells take longer; nothing fails."


def _first_cell() -> Look:
    code = "import workshop_utils; workshop_utils.start('01'); import keras"
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        return "first cell", False, "It fails; see `workshop doctor --load`."
    said = f"The set-up and the first import of Keras take {seconds:.0f} s for one learner"
    return "first cell", seconds < FIRST_CELL_SECONDS, f"{said}; many at once share the cores."


def _tweets() -> Look:
    try:
        return "tweets", True, tweets.load().sentence
    except (tweets.TweetsUnavailable, tweets.TweetsUnreadable) as error:
        return "tweets", False, f"Synthetic tweets would serve. {' '.join(str(error).split())}"


def _package(root: Path) -> Look:
    """Say whether learners in Colab get the package from GitHub, or from a wheel here."""
    for path in (root / "dist").glob("*.whl"):
        return "package", True, f"A wheel is there: {path.name}."
    try:
        with urllib.request.urlopen("https://github.com", timeout=5):
            return "package", True, "GitHub answers; Colab installs from there."
    except OSError:
        return "package", False, "GitHub does not answer here; `make wheel` makes a wheel."


def _colab(root: Path) -> Look:
    """Compare Colab's list that is at hand with the one last passed."""
    try:
        listed = colab_list.read_list(root)
        passed = tomllib.loads((root / colab_list.PASSED).read_text(encoding="utf-8"))
    except (CourseError, OSError) as error:
        words = " ".join(str(error).split())
        return "Colab", False, f"Its list of packages is not at hand: {words}"
    if passed["listed"] == listed.date:
        return "Colab", True, f"The list of {listed.date} was passed on {passed['day']}."
    said = f"The list of {listed.date} was not tried yet; `make colab-check` tries it."
    return "Colab", False, said
