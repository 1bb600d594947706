"""What computes here: GPUs, CPU cores and memory.

Nothing here loads TensorFlow. GPUs are asked of NVIDIA's driver, so the first
line of a notebook appears at once; when TensorFlow is loaded already, it is
asked instead, because it alone knows what it can use.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workshop_utils.runtime import tf_logging

_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_QUERY = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")


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


def gpus() -> tuple[Gpu, ...]:
    """Return the NVIDIA GPUs that the driver shows, in its order.

    There are none where ``CUDA_VISIBLE_DEVICES`` hides them, and none on Windows, where
    TensorFlow has used no GPU since version 2.11. Elsewhere it is likely, not certain, that
    TensorFlow can use them: its CUDA libraries may be missing.
    """
    program = shutil.which("nvidia-smi")
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in {"", "-1"}
    if program is None or hidden or os.name == "nt":
        return ()
    try:
        answer = subprocess.run(
            [program, *_QUERY], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(_parse(line) for line in answer.stdout.splitlines() if line.strip())


def _parse(line: str) -> Gpu:
    """Read one line of ``nvidia-smi``: ``Tesla T4, 15360``, in MiB, or ``..., [N/A]``."""
    name, _, mebibytes = line.rpartition(", ")
    return Gpu(name, int(mebibytes) * 1024**2 if mebibytes.isdigit() else None)


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
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel, and with Colab
    except ImportError:
        limits = []
    else:
        limits = [int(psutil.virtual_memory().total)]
    for file in _CGROUP_LIMITS:
        # The word ``max`` means that there is no limit.
        with contextlib.suppress(OSError, ValueError):
            limits.append(int(file.read_text()))
    return min(limits, default=None)
