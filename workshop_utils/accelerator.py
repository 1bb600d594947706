"""What computes here: GPUs, a TPU, CPU cores, memory, and the LSTM kernel that follows.

Nothing here loads TensorFlow. GPUs are asked of NVIDIA's driver, so the first
line of a notebook appears at once; when TensorFlow is loaded already, it is
asked instead, because it alone knows what it can use.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop_utils import tf_logging

_DRIVER_FOLDER = Path("/proc/driver/nvidia/gpus")
_FIRST_DEVICE = Path("/dev/nvidia0")
_TPU_DEVICES = (Path("/dev/accel0"),)
_TPU_VARIABLES = ("COLAB_TPU_ADDR", "TPU_ACCELERATOR_TYPE", "TPU_NAME")
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_QUERY = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Gpu:
    """One graphics processor.

    Attributes:
        name: The maker's name of it, for example ``Tesla T4``.
        memory_bytes: Its whole memory in bytes; None where it is not known.
    """

    name: str
    memory_bytes: int | None = None

    def __str__(self) -> str:
        if self.memory_bytes is None:
            return self.name
        return f"{self.name}, {self.memory_bytes / 1024**3:.0f} GB"


def gpus(environ: Mapping[str, str] | None = None) -> tuple[Gpu, ...]:
    """Return the NVIDIA GPUs that the driver shows to this process.

    Args:
        environ: Environment variables; ``CUDA_VISIBLE_DEVICES`` hides and chooses.

    Returns:
        The GPUs, in the driver's order; none on Windows, where TensorFlow has
        used no GPU since version 2.11. Elsewhere it is likely, not certain,
        that TensorFlow can use them: its CUDA libraries may be missing.
    """
    environ = os.environ if environ is None else environ
    if os.name == "nt":
        return ()
    chosen = environ.get("CUDA_VISIBLE_DEVICES")
    if chosen is not None and chosen.strip() in {"", "-1"}:
        return ()
    return _visible(_ask_driver(), chosen)


def _visible(found: tuple[Gpu, ...], chosen: str | None) -> tuple[Gpu, ...]:
    """Keep the GPUs that ``CUDA_VISIBLE_DEVICES`` names by number."""
    if chosen is None:
        return found
    kept: list[Gpu] = []
    for part in (part.strip() for part in chosen.split(",")):
        if part.isdigit() and int(part) < len(found):
            kept.append(found[int(part)])
        elif part.startswith(("GPU-", "MIG-")):
            # Names by identifier cannot be looked up here without the driver's help.
            return found[: chosen.count(",") + 1]
        else:
            # CUDA itself stops reading at the first number that it does not know.
            break
    return tuple(kept)


def _ask_driver() -> tuple[Gpu, ...]:
    """Ask ``nvidia-smi``, else the driver's files, else look for the first device."""
    return _from_nvidia_smi() or _from_driver_files() or _from_device()


def _from_nvidia_smi() -> tuple[Gpu, ...]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        answer = subprocess.run(
            [program, *_QUERY], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(_parse(line) for line in answer.stdout.splitlines() if line.strip())


def _parse(line: str) -> Gpu:
    """Read one line of ``nvidia-smi``, for example ``Tesla T4, 15360``."""
    name, _, mebibytes = line.rpartition(",")
    if not name:
        return Gpu(line.strip())
    known = mebibytes.strip().isdigit()
    return Gpu(name.strip(), int(mebibytes) * MEBIBYTE if known else None)


def _from_driver_files() -> tuple[Gpu, ...]:
    found = []
    for file in sorted(_DRIVER_FOLDER.glob("*/information")):
        for line in file.read_text(errors="replace").splitlines():
            if line.startswith("Model:"):
                found.append(Gpu(line.removeprefix("Model:").strip()))
    return tuple(found)


def _from_device() -> tuple[Gpu, ...]:
    return (Gpu("NVIDIA GPU, name unknown"),) if _FIRST_DEVICE.exists() else ()


def gpus_of_tensorflow() -> tuple[Gpu, ...] | None:
    """Return the GPUs that TensorFlow can use; None while TensorFlow is not loaded."""
    config = getattr(sys.modules.get("tensorflow"), "config", None)
    if config is None:
        return None
    with tf_logging.silent_stderr():
        devices = config.list_physical_devices("GPU")
        names = [
            str(config.experimental.get_device_details(device).get("device_name", device.name))
            for device in devices
        ]
    # TensorFlow does not tell a GPU's memory; the driver does.
    memory = {gpu.name: gpu.memory_bytes for gpu in gpus()} if names else {}
    return tuple(Gpu(name, memory.get(name)) for name in names)


def tpu(environ: Mapping[str, str] | None = None) -> str | None:
    """Return the sign of a TPU, or None. The workshop names it and does not use it."""
    environ = os.environ if environ is None else environ
    for variable in _TPU_VARIABLES:
        if environ.get(variable):
            return f"{variable} is set"
    for device in _TPU_DEVICES:
        if device.exists():
            return f"{device} exists"
    return None


def cpu_count() -> int:
    """Return how many CPU cores this process may use, which can be fewer than there are."""
    process_cpu_count = getattr(os, "process_cpu_count", None)  # from Python 3.13
    if process_cpu_count is not None:
        return process_cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    if affinity is not None:
        return len(affinity(0))
    return os.cpu_count() or 1


def memory_bytes() -> int | None:
    """Return the memory that this process may use, in bytes; None where it is not known.

    A container's limit counts where it is below the machine's memory.
    """
    known = [size for size in (_machine_memory(), *map(_limit, _CGROUP_LIMITS)) if size]
    return min(known) if known else None


@functools.cache
def _machine_memory() -> int | None:
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel, and with Colab

        return int(psutil.virtual_memory().total)
    except ImportError:
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _limit(file: Path) -> int | None:
    """Read a container's memory limit; the word ``max`` means that there is none."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None
