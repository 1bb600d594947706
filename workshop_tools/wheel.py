"""The wheel of the package: what a classroom installs where GitHub cannot be reached.

It is built from a copy of the few files that it needs, because setuptools puts
into a wheel whatever an earlier build left in the folder ``build`` of its source.
"""

import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from workshop_utils.learning.lessons import CourseError, find_root


def wheel() -> int:
    """Build the wheel in the clone's ``dist``, say where to put it, and return the status, 0."""
    root = find_root()
    print(f"✓ {build_wheel(root, root / 'dist')}")
    print(
        "Put it beside the notebooks, or into the folder lstm-workshop of each learner's Drive; "
        "the first cell of a notebook installs it from there. See colab/README.md."
    )
    return 0


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of the package in a folder and return its path.

    An older one of the same version is replaced.

    Raises:
        CourseError: pip cannot build it; the sentence gives its reason.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch, "source")
        made = Path(scratch, "made")
        unwanted = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(root / "workshop_utils", source / "workshop_utils", ignore=unwanted)
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(root / name, source)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--wheel-dir", str(made), str(source)]
        if find_spec("setuptools"):
            # Nothing has to be fetched, so it works without any network.
            command.append("--no-build-isolation")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CourseError(f"pip cannot build the wheel:\n{done.stderr.strip()}")
        (built,) = made.glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(built, folder))
