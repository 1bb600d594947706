"""An environment with the packages of Colab, at Colab's versions, and nothing of our own.

What goes into it is named here and not read from ``pyproject.toml``: if the
package came to need more than Colab has, the check must fail.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from workshop_tools.colab_check.published import ColabList, freeze_lines
from workshop_utils.lessons import CourseError
from workshop_utils.storage import write_text

#: Packages of Colab's list that the notebooks or their kernel stand on.
NEEDED = (
    "h5py",
    "ipykernel",
    "ipython",
    "ipywidgets",
    "keras",
    "matplotlib",
    "numpy",
    "packaging",
    "pandas",
    "pip",
    "pooch",
    "psutil",
    "rich",
    "scikit-learn",
    "setuptools",
    "tensorflow",
    "threadpoolctl",
    "tqdm",
    "typer",
    "wheel",
)
PYTHONS = ("3.13", "3.12", "3.11")
INSTALL_SECONDS = 1500
_STAMP = "colab-check.txt"


def prepared(folder: Path, listed: ColabList) -> Path:
    """Return the Python of an environment that is as the list says, made if need be.

    Args:
        folder: The folder of the environment; it is made anew when the list, the needed
            packages or the Python have changed.
        listed: Colab's list.

    Raises:
        CourseError: No Python of 3.11 to 3.13 is here, a needed package is not on the
            list, or the packages cannot be installed.
    """
    absent = [name for name in NEEDED if name not in listed.pins]
    if absent:
        raise CourseError(
            f"The notebooks stand on {', '.join(absent)}, which Colab's list does not have."
        )
    base = _base_python(listed)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / _STAMP
    wanted = _fingerprint(listed, base)
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"Installing {len(NEEDED)} packages of Colab's and what they need ...", flush=True)
    _uv("venv", "--clear", "--no-project", "--python", base, str(folder))
    constraints = folder / "constraints.txt"
    write_text(constraints, listed.constraints(), noted=False)
    _uv("pip", "install", "--python", str(python), "--constraints", str(constraints), *NEEDED)
    write_text(stamp, wanted, noted=False)
    return python


def _base_python(listed: ColabList) -> str:
    """Return the path of Colab's own Python where this machine has it, else of the next best."""
    for version in dict.fromkeys([listed.python or PYTHONS[0], *PYTHONS]):
        found = _run_uv(["python", "find", "--no-project", "--no-python-downloads", version], 60)
        if found.returncode == 0:
            return found.stdout.strip()
    raise CourseError("This machine has no Python 3.11, 3.12 or 3.13; install one of them.")


def _fingerprint(listed: ColabList, base: str) -> str:
    content = "\n".join([base, *NEEDED, listed.constraints()])
    return hashlib.sha256(content.encode()).hexdigest() + "\n"


def _uv(*words: str) -> None:
    try:
        done = _run_uv(words, INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CourseError(f"uv {words[0]} took longer than {INSTALL_SECONDS} seconds.") from error
    if done.returncode:
        raise CourseError(f"uv {' '.join(words[:2])} failed:\n{done.stderr.strip()}")


def _run_uv(words: Sequence[str], seconds: float) -> "subprocess.CompletedProcess[str]":
    if find_spec("uv") is None:
        raise CourseError("This needs uv, which `make setup` installs.")
    settings = dict(os.environ)
    # uv does not read the settings that classrooms with a package mirror make for pip.
    for pip_name, uv_name in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if pip_name in settings:
            settings.setdefault(uv_name, settings[pip_name])
    settings.setdefault("UV_HTTP_TIMEOUT", "120")
    return subprocess.run(
        [sys.executable, "-m", "uv", *words],
        env=settings,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def freeze(python: Path) -> dict[str, str]:
    """Return the version of every package in the environment, pip itself included.

    Args:
        python: The Python of the environment.

    Raises:
        CourseError: Its pip does not answer.
    """
    command = [str(python), "-m", "pip", "freeze", "--all", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=bare())
    if done.returncode:
        raise CourseError(f"pip freeze failed:\n{done.stderr.strip()}")
    return freeze_lines(done.stdout)


def remove(python: Path, distribution: str) -> None:
    """Take our own package out of the environment, so that the next runtime is fresh."""
    command = [str(python), "-m", "pip", "uninstall", "--yes", "--quiet", distribution]
    subprocess.run(command, capture_output=True, check=True, env=bare())


def version_of(python: Path) -> str:
    """Return the version of a Python, for example ``3.13.5``."""
    command = [str(python), "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def bare() -> dict[str, str]:
    """Return this process's variables without a path that shows the clone to another Python."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
