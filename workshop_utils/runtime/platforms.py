"""Where is this code running? Colab, Kaggle, a Jupyter kernel, IPython, a script or CI.

The class of the running kernel is asked first, because environment variables
travel: Kaggle is built on Colab's image and carries Colab's variables, and so
does every container that was started from that image.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

OVERRIDE_VARIABLE = "LSTM_WORKSHOP_PLATFORM"
LABELS = {
    "colab": "Google Colab",
    "kaggle": "Kaggle",
    "jupyterlab": "Jupyter",
    "ipython": "IPython",
    "script": "a Python script",
    "ci": "continuous integration",
}
# A learner may keep these on any machine for Kaggle's download tool; they do
# not say that the machine is Kaggle's.
_KAGGLE_CREDENTIALS = {f"KAGGLE_{name}" for name in ("USERNAME", "KEY", "API_TOKEN", "CONFIG_DIR")}
_CI_VARIABLES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "TF_BUILD")
_NO = {"", "0", "false", "no", "off"}


@dataclass(frozen=True)
class Platform:
    """The place that runs this code.

    Attributes:
        name: One of ``colab``, ``kaggle``, ``jupyterlab``, ``ipython``, ``script``, ``ci``.
        in_notebook: Whether a Jupyter kernel runs the code, on whatever platform.
        enterprise: Whether this is Colab Enterprise, where Google Drive is refused.
        reason: The signal that decided, for ``workshop doctor``.
    """

    name: str
    in_notebook: bool
    enterprise: bool
    reason: str

    @property
    def label(self) -> str:
        """The platform in words, for example ``Google Colab``."""
        return "Colab Enterprise" if self.enterprise else LABELS[self.name]


def detect_platform(environ: Mapping[str, str] = os.environ) -> Platform:
    """Find out where this code runs.

    Args:
        environ: Environment variables to look at; those of this process by default.

    Returns:
        The platform. The order is: the override ``LSTM_WORKSHOP_PLATFORM``, the
        class of the running kernel, Kaggle's variables, Colab's variables (only
        without a kernel and where ``google.colab`` can be imported, for a script
        that was started inside Colab), a CI system, any Jupyter kernel, IPython, a script.

    Raises:
        ValueError: The override names a platform that does not exist.
    """
    # IPython is not imported to find that there is none.
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_ipython() if get_ipython is not None else None
    in_notebook = getattr(shell, "kernel", None) is not None
    name, reason = _name(environ, shell, in_notebook)
    enterprise = name == "colab" and environ.get("VERTEX_PRODUCT") == "COLAB_ENTERPRISE"
    return Platform(name, in_notebook, enterprise, reason)


def _name(environ: Mapping[str, str], shell: object | None, in_notebook: bool) -> tuple[str, str]:
    """Return the platform's name and the signal that decided."""
    override = environ.get(OVERRIDE_VARIABLE, "").strip().lower()
    if override:
        if override not in LABELS:
            raise ValueError(
                f"{OVERRIDE_VARIABLE} is {override!r}, which is no platform; "
                f"choose one of {', '.join(LABELS)}, or remove the variable."
            )
        return override, f"{OVERRIDE_VARIABLE} says so"
    shell_module = type(shell).__module__
    if shell_module.startswith("google.colab."):
        return "colab", f"the kernel's class comes from {shell_module}"
    for variable in sorted(environ):
        if variable.startswith("KAGGLE_") and variable not in _KAGGLE_CREDENTIALS:
            return "kaggle", f"{variable} is set"
    if environ.get("COLAB_RELEASE_TAG") and not in_notebook and _colab_importable():
        return "colab", "COLAB_RELEASE_TAG is set and google.colab can be imported"
    if signal := ci_signal(environ):
        return "ci", signal
    if in_notebook:
        return "jupyterlab", "a Jupyter kernel runs this code"
    if shell is not None:
        return "ipython", "IPython runs without a Jupyter kernel"
    return "script", "neither IPython nor a Jupyter kernel runs this code"


def ci_signal(environ: Mapping[str, str] = os.environ) -> str:
    """Say which variable tells that a CI system runs this, whatever the platform; or nothing."""
    if environ.get(OVERRIDE_VARIABLE, "").strip().lower() == "ci":
        return f"{OVERRIDE_VARIABLE} is ci"
    # A codespace sets CI too, and a person works in it.
    if environ.get("CODESPACES", "").strip().lower() == "true":
        return ""
    for variable in _CI_VARIABLES:
        if environ.get(variable, "").strip().lower() not in _NO:
            return f"{variable} is set"
    return ""


def _colab_importable() -> bool:
    """Say whether ``google.colab`` could be imported, without importing it."""
    try:
        return importlib.util.find_spec("google.colab") is not None
    except (ImportError, ValueError):
        # ValueError: a bare module object, without a spec, stands in its place.
        return False
