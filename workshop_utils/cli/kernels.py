"""Which Python JupyterLab starts for a notebook: the commonest reason for a missing module.

A kernel named ``python3`` in the user's own folder, left by another
environment, is found before the one of this environment.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KERNEL_NAME = "python3"


@dataclass(frozen=True)
class Kernel:
    """The kernel that JupyterLab starts.

    Attributes:
        name: Its name, ``python3``.
        python: The Python program that it runs.
        folder: Where its description lies.
        same_environment: Whether that Python belongs to the environment of this one.
    """

    name: str
    python: str
    folder: str
    same_environment: bool


def kernel_of_jupyterlab() -> Kernel:
    """Return the kernel that the JupyterLab of this Python starts for the notebooks.

    Raises:
        LookupError: There is no kernel for Python.
        ImportError: JupyterLab is not installed.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        described: Any = KernelSpecManager().get_kernel_spec(KERNEL_NAME)
    except NoSuchKernel as error:
        raise LookupError(
            "JupyterLab has no kernel for Python; `python -m pip install ipykernel` brings one."
        ) from error
    python = _program(described.argv[0])
    same = environment_of(python) == Path(sys.prefix).resolve()
    return Kernel(KERNEL_NAME, python, described.resource_dir, same)


def _program(first_word: str) -> str:
    """Return the program that a kernel's command begins with, as Jupyter would find it."""
    major, minor = sys.version_info[:2]
    if first_word in {"python", f"python{major}", f"python{major}.{minor}"}:
        # Jupyter puts its own Python in the place of these words.
        return sys.executable
    return shutil.which(first_word) or first_word


def environment_of(python: str) -> Path:
    """Return the folder of the environment that a Python program belongs to.

    The program's own links are not followed: in a virtual environment it is a
    link to the Python that the environment was made from.
    """
    folder = Path(python).absolute().parent
    return (folder.parent if folder.name in {"bin", "Scripts"} else folder).resolve()
