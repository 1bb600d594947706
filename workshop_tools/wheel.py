"""The wheel of the package: what a classroom installs where GitHub cannot be reached.

It is built from a copy of the few files that it needs, because setuptools puts
into a wheel whatever an earlier build left in the folder ``build`` of its source.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

from workshop_utils.lessons import CourseError, find_root

SOURCES = ("pyproject.toml", "README.md", "LICENSE", "workshop_utils")
FOLDER = Path("dist")


def wheel(folder: Path | None = None, *, root: Path | None = None) -> int:
    """Build the wheel and say where to put it.

    Args:
        folder: Where the wheel goes; ``dist`` in the clone by default.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status, 0.

    Raises:
        CourseError: It cannot be built; the sentence gives pip's reason.
    """
    root = root or find_root()
    made = build_wheel(root, folder or root / FOLDER)
    print(f"✓ {made}")
    print(
        "Put it beside the notebooks, or into the folder lstm-workshop of each learner's Drive; "
        "the first cell of a notebook installs it from there. See colab/README.md."
    )
    return 0


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of the package.

    Args:
        root: The folder of the repository.
        folder: Where the wheel goes; an older one of the same version is replaced.

    Returns:
        The path of the wheel, for example ``dist/lstm_workshop-0.1.0-py3-none-any.whl``.

    Raises:
        CourseError: pip cannot build it; the sentence gives its reason.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch, "source"), Path(scratch, "made")
        _copy(root, source)
        _pip_wheel(source, made)
        (built,) = made.glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(built, folder))


def _copy(root: Path, source: Path) -> None:
    source.mkdir()
    for name in SOURCES:
        if (root / name).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(root / name, source / name, ignore=unwanted)
        else:
            shutil.copy(root / name, source)


def _pip_wheel(source: Path, made: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--wheel-dir", str(made), str(source)]
    if _can_build_here(source):
        # Nothing has to be fetched, so it works without any network.
        command.append("--no-build-isolation")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"pip cannot build the wheel:\n{done.stderr.strip()}")


def _can_build_here(source: Path) -> bool:
    """Return whether this Python has what the project file asks for to build."""
    from packaging.requirements import Requirement

    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))
    try:
        return all(
            wanted.specifier.contains(metadata.version(wanted.name))
            for wanted in map(Requirement, project["build-system"]["requires"])
        )
    except metadata.PackageNotFoundError:
        return False
