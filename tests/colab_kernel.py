"""Cells in a kernel that believes it is Colab's, for the tests of what happens there."""

import os
import sys
from pathlib import Path

from nbformat import v4

from workshop_tools.colab_check import kernel_command
from workshop_tools.execute import execute

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "tests" / "stubs"


def run_in_colab(folder, *cells, **environ):
    """Run cells with the stub of ``google.colab`` and return the execution.

    The package is found in the clone. ``asked.txt`` in the folder's parent lists what
    the learner was asked for.
    """
    folder.mkdir(exist_ok=True)
    unwanted = {"CI", "GITHUB_ACTIONS", "PYTEST_CURRENT_TEST", "LSTM_WORKSHOP_PLATFORM"}
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    variables = {
        **inherited,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(STUBS)]),
        "IPYTHONDIR": str(folder.parent / "ipython"),
        "COLAB_STUB_LOG": str(folder.parent / "asked.txt"),
        **environ,
    }
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    command = kernel_command(Path(sys.executable))
    return execute(notebook, folder, variables, cell_timeout=120, kernel=command)


def outputs_of(execution, number):
    """Return the outputs of a code cell, from 1."""
    return execution.notebook["cells"][number - 1]["outputs"]


def text_of(execution, number):
    """Return what a code cell printed."""
    return "".join(output.get("text", "") for output in outputs_of(execution, number))
