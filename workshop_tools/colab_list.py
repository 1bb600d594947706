"""The packages that Google publishes for Colab, an environment with them, and the last pass.

Google publishes the list as ``pip-freeze.txt`` in the repository ``googlecolab/backend-info``.
A kept copy may begin with comment lines that give its date and its Python. What goes into the
environment is named here and not read from ``pyproject.toml``: if the package came to need
more than Colab has, the check must fail.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from workshop_utils.learning.lessons import CourseError
from workshop_utils.runtime.storage import write_text

LIST_NAME = "pip-freeze.txt"
BESIDE_THE_CLONE = Path("..", "shared", "colab")
PASSED = Path("colab", "passed.toml")
#: Packages of Colab's list that the notebooks or their kernel stand on.
NEEDED = (
    *("h5py", "ipykernel", "ipython", "ipywidgets", "keras", "matplotlib", "numpy", "packaging"),
    *("pandas", "pip", "platformdirs", "psutil", "requests", "rich", "scikit-learn", "setuptools"),
    *("tensorflow", "threadpoolctl", "tqdm", "typer", "wheel"),
)
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)$", re.MULTILINE)


class ColabList(NamedTuple):
    """What Colab has installed.

    Attributes:
        date: The day of the list, ``YYYY-MM-DD``: as its first lines say, else that of the file.
        python: The Python that it is for, for example ``3.13``; empty when it does not say.
        pins: The version of each package, by its normalised name.
    """

    date: str
    python: str
    pins: Mapping[str, str]


def read_list(root: Path, folder: Path | None = None) -> ColabList:
    """Read Colab's list; lines that are not ``name==version`` are left out.

    Args:
        root: The folder of the repository.
        folder: The folder that the list lies in; ``../shared/colab`` beside the clone by default.

    Raises:
        CourseError: There is no list, or it holds no version at all.
    """
    path = (root / BESIDE_THE_CLONE if folder is None else folder) / LIST_NAME
    if not path.is_file():
        raise CourseError(
            f"Colab's list of packages is not at {path}. Get {LIST_NAME} from the repository "
            "googlecolab/backend-info and name its folder: `workshop colab-check --list FOLDER`."
        )
    text = path.read_text(encoding="utf-8")
    pins = pinned(text)
    if not pins:
        raise CourseError(f"{path} has no line such as numpy==2.1.3; it is not Colab's list.")
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    date = re.search(r"\b(\d{4}-\d{2}-\d{2})\b", head)
    python = re.search(r"\bPython (3\.\d+)", head)
    written = datetime.date.fromtimestamp(path.stat().st_mtime).isoformat()
    return ColabList(date[1] if date else written, python[1] if python else "", pins)


def pinned(text: str) -> dict[str, str]:
    """Read what ``pip freeze`` printed: versions by name, as package indexes compare names."""
    from packaging.utils import canonicalize_name

    return {str(canonicalize_name(name)): version for name, version in _PIN.findall(text)}


def prepared(folder: Path, listed: ColabList) -> Path:
    """Return the Python of a new environment that is as the list says.

    Raises:
        CourseError: A needed package is not on the list, or the packages cannot be installed.
    """
    absent = [name for name in NEEDED if name not in listed.pins]
    if absent:
        raise CourseError(f"The notebooks need {', '.join(absent)}, which Colab's list lacks.")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    print(f"Installing {len(NEEDED)} packages of Colab's and what they need ...", flush=True)
    uv("venv", "--clear", "--no-project", "--python", listed.python or sys.executable, str(folder))
    constraints = ("--constraints", str(as_constraints(listed, folder)))
    uv("pip", "install", "--python", str(python), *constraints, *NEEDED)
    return python


def as_constraints(listed: ColabList, folder: Path) -> Path:
    """Write the list as uv reads constraints, and return the path of the file."""
    path = folder / "colab.txt"
    write_text(path, "".join(f"{n}=={v}\n" for n, v in listed.pins.items()), noted=False)
    return path


def uv(*words: str, seconds: float | None = None) -> str:
    """Call uv and return what it prints.

    Raises:
        CourseError: It fails, or takes longer than it may.
    """
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    # uv does not read the settings that classrooms with a package mirror make for pip.
    for pip_name, uv_name in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_CERT", "SSL_CERT_FILE")):
        if pip_name in settings:
            settings.setdefault(uv_name, settings[pip_name])
    command = [sys.executable, "-m", "uv", *words]
    try:
        done = subprocess.run(
            command, env=settings, capture_output=True, text=True, check=True, timeout=seconds
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        why = str(error.stderr or error).strip()
        raise CourseError(f"uv {' '.join(words[:2])} failed:\n{why}") from error
    return done.stdout


def sentence(root: Path) -> str:
    """Return the README's line: when the notebooks last passed under Colab's packages."""
    last = tomllib.loads((root / PASSED).read_text(encoding="utf-8"))
    return (
        f"Last passed on {last['day']} with Colab's list of packages of {last['listed']} "
        f"(TensorFlow {last['tensorflow']}, Keras {last['keras']}, ipywidgets "
        f"{last['ipywidgets']}) on Python {last['python']}: all learner's notebooks ran from top "
        f"to bottom with {last['tweets']}, and every package installed from it kept its version."
    )


def write_passed(root: Path, **facts: str) -> None:
    """Write when everything passed; the README's line is made from it."""
    head = "# Written by `workshop colab-check` when all notebooks have passed.\n"
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in facts.items()]
    write_text(root / PASSED, head + "".join(lines), noted=False)
