"""Where this notebook runs, on what, with which versions; seeds; a quiet Keras.

Every notebook begins with ``workshop_utils.start``, which prints one line and
loads no TensorFlow. Everything that needs Keras gets it from :func:`load_keras`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workshop_utils.runtime import accelerator, progress_bars, tf_logging, versions
from workshop_utils.runtime.accelerator import Gpu
from workshop_utils.runtime.platforms import Platform, detect_platform

DEFAULT_SEED = 141
"""The seed of the 2019 workshop, kept so that its data split can be made again."""

READY = "This environment can run the workshop."


@dataclass(frozen=True)
class Environment:
    """What the workshop found out about this machine.

    Attributes:
        platform: Where the code runs.
        cpus: CPU cores that this process may use.
        memory_bytes: Memory that this process may use, in bytes; None if unknown.
        gpus: The GPUs, as TensorFlow sees them where it is loaded, else as NVIDIA's
            driver shows them.
        versions: Version of Python and of each installed library of the workshop.
        warnings: Plain sentences about versions outside the tested ranges.
    """

    platform: Platform
    cpus: int
    memory_bytes: int | None
    gpus: tuple[Gpu, ...]
    versions: Mapping[str, str]
    warnings: tuple[str, ...]

    @property
    def accelerator(self) -> str:
        """The accelerator in words, for example ``GPU: Tesla T4, 15 GB, 2 CPU cores``."""
        cores = f"{self.cpus} CPU core{'' if self.cpus == 1 else 's'}"
        gpus = f"GPU: {' + '.join(map(str, self.gpus))}" if self.gpus else "no GPU"
        return f"{gpus}, {cores}"


def describe() -> Environment:
    """Look at this machine; TensorFlow is asked for its GPUs where it is loaded already."""
    usable = accelerator.gpus_of_tensorflow()
    installed = versions.versions()
    return Environment(
        platform=detect_platform(),
        cpus=accelerator.cpu_count(),
        memory_bytes=accelerator.memory_bytes(),
        gpus=accelerator.gpus() if usable is None else usable,
        versions=installed,
        warnings=versions.warnings_about(installed),
    )


def start(notebook: str) -> None:
    """Print the one line with which every notebook begins.

    TensorFlow is not loaded, but the variables that keep its log quiet are set.
    Versions outside the tested ranges add a plain sentence each.

    Args:
        notebook: The notebook's number, for example ``"01"``.
    """
    tf_logging.set_quiet_environment()
    here = describe()
    shown = {"python": "Python", **versions.SHOWN}
    shown_versions = [f"{name} {here.versions.get(key, 'missing')}" for key, name in shown.items()]
    where = f"{here.platform.label} · {here.accelerator}"
    print(f"Notebook {notebook} · {where} · {', '.join(shown_versions)}")
    for sentence in here.warnings:
        print(f"Warning: {sentence}")


def ready() -> None:
    """Say that the workshop can run here, in a sentence that is the same everywhere.

    Raises:
        RuntimeError: A library is missing, or Keras is older than version 3.
    """
    if problem := obstacle():
        raise RuntimeError(problem)
    print(READY)


def obstacle() -> str:
    """Return what stops the workshop from running here and what to do; empty if nothing does."""
    if absent := versions.missing():
        return (
            f"The workshop needs {', '.join(absent)}, which this Python ({sys.executable}) does "
            f"not have. Run `python -m pip install {' '.join(absent)}` with this Python, or choose "
            "the kernel of the environment in which the workshop was installed."
        )
    keras = versions.installed("keras") or ""
    if keras.split(".")[0] in {"0", "1", "2"}:
        return (
            f"The workshop needs Keras 3, and Keras {keras} is installed. Run `python -m pip "
            "install --upgrade keras` with this Python, then restart the kernel."
        )
    return ""


def set_seed(seed: int = DEFAULT_SEED) -> None:
    """Seed Python's, NumPy's and, where Keras is loaded already, Keras' random numbers.

    Call it again after :func:`load_keras`, because Keras is not loaded for the
    sake of a seed.

    What a seed does not do: the same numbers on another processor or with other
    versions (sums are rounded in another order); the same numbers on a GPU,
    unless ``tf.config.experimental.enable_op_determinism()`` is on, which is
    slower; a fixed order of sets and of ``hash(str)`` (``PYTHONHASHSEED`` is read
    when Python starts, so setting it later changes nothing). A NumPy
    ``Generator`` has a seed of its own: ``np.random.default_rng(seed)``.

    Args:
        seed: A whole number from 0 to 2**32 - 1; NumPy takes no other.

    Raises:
        ValueError: The seed lies outside that range.
    """
    import numpy as np

    np.random.seed(seed)  # noqa: NPY002 - libraries that use the global state read this one
    random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)


def load_tensorflow() -> Any:
    """Import TensorFlow without its log, let GPU memory grow as needed, and return it.

    Raises:
        ImportError: TensorFlow is not installed or cannot be loaded; what it
            wrote while failing is shown.
    """
    tf_logging.set_quiet_environment()
    with tf_logging.silent_stderr():
        import tensorflow

        _let_memory_grow(tensorflow.config)
    return tensorflow


def _let_memory_grow(config: Any) -> None:
    """Take GPU memory as it is needed, so that a second notebook finds some too."""
    for gpu in config.list_physical_devices("GPU"):
        try:
            config.experimental.set_memory_growth(gpu, True)
        except (RuntimeError, ValueError):
            # The GPU is in use already, or was divided; how its memory grows was settled then.
            return


def load_keras() -> Any:
    """Import Keras 3 on TensorFlow, quietly, and return it. Nothing is seeded.

    Raises:
        ImportError: Keras or TensorFlow is not installed or cannot be loaded.
        RuntimeError: Keras is set to compute with something else than TensorFlow.
    """
    already = "keras" in sys.modules
    with progress_bars.progress_bar(total=2, desc="loading Keras", disable=already or None) as bar:
        tf = load_tensorflow()
        bar.update()
        with tf_logging.silent_stderr():
            # At its first XLA compilation, 2.20 writes a line that no log level stops.
            if not already and tf.__version__.startswith("2.20"):
                tf.function(lambda: tf.constant(0), jit_compile=True)()
            import keras
        bar.update()
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise RuntimeError(
            f"Keras computes with {backend} here, and the workshop needs TensorFlow. Set the "
            "variable KERAS_BACKEND to tensorflow, or remove it, then restart the kernel."
        )
    return keras
