"""What computes here: GPUs, CPU cores and memory.

Nothing here loads TensorFlow. GPUs are asked of NVIDIA's driver, so the first
line of a notebook appears at once; when TensorFlow is loaded already, it is
asked instead, because it alone knows what it can use.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop_utils import tf_logging

_FIRST_DEVICE = Path("/dev/nvidia0")
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


def gpus(environ: Mapping[str, str] = os.environ) -> tuple[Gpu, ...]:
    """Return the NVIDIA GPUs that the driver shows.

    Args:
        environ: Environment variables; those of this process by default.

    Returns:
        The GPUs, in the driver's order; none where ``CUDA_VISIBLE_DEVICES`` hides them,
        and none on Windows, where TensorFlow has used no GPU since version 2.11.
        Elsewhere it is likely, not certain, that TensorFlow can use them: its CUDA
        libraries may be missing.
    """
    hidden = environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in {"", "-1"}
    if os.name == "nt" or hidden:
        return ()
    found = _from_nvidia_smi()
    return found or ((Gpu("NVIDIA GPU, name unknown"),) if _FIRST_DEVICE.exists() else ())


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


def cpu_count() -> int:
    """Return how many CPU cores this process may use, which can be fewer than there are."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def memory_bytes() -> int | None:
    """Return the memory that this process may use, in bytes; None where it is not known.

    A container's limit counts where it is below the machine's memory.
    """
    known = [size for size in (_machine_memory(), *map(_limit, _CGROUP_LIMITS)) if size]
    return min(known) if known else None


def _machine_memory() -> int | None:
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel, and with Colab
    except ImportError:
        return None
    return int(psutil.virtual_memory().total)


def _limit(file: Path) -> int | None:
    """Read a container's memory limit; the word ``max`` means that there is none."""
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None
