"""What a kernel costs while it runs: memory and processor time, its child processes included.

The memory of the kernel itself is exact on Linux and Windows, where the system keeps the
peak. Children are looked at once a second and after each cell; memory that processes
share is counted for each of them, so the sum is an upper bound.
"""

import re
import threading
from pathlib import Path
from typing import Any

SECONDS_BETWEEN_LOOKS = 1.0


class Meter:
    """Watches one process and its children until it is stopped.

    Attributes:
        peak_bytes: Largest resident memory so far; ``None`` where it cannot be read.
        cpu_seconds: User and system time so far, of children that have ended too;
            ``None`` where it cannot be read.
    """

    def __init__(self) -> None:
        self.peak_bytes: int | None = None
        self.cpu_seconds: float | None = None
        self._pid: int | None = None
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    def watch(self, pid: int) -> None:
        """Begin to watch a process, if that was not done before."""
        if self._pid is None:
            self._pid = pid
            threading.Thread(target=self._keep_looking, daemon=True).start()

    def look(self) -> None:
        """Measure now; a process that has gone changes nothing."""
        if self._pid is None:
            return
        memory, cpu = family_costs(self._pid)
        alone = peak_memory(self._pid)
        with self._lock:
            self.peak_bytes = max(filter(None, [self.peak_bytes, memory, alone]), default=None)
            self.cpu_seconds = max(filter(None, [self.cpu_seconds, cpu]), default=None)

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()

    def _keep_looking(self) -> None:
        while not self._stopped.wait(SECONDS_BETWEEN_LOOKS):
            self.look()


def family_costs(pid: int) -> tuple[int | None, float | None]:
    """Return what a process and all its children have at this moment.

    Args:
        pid: The number of the process.

    Returns:
        Resident memory in bytes and processor time in seconds (user and system; of
        children that have ended too, where the system tells it); ``None`` for both where
        nothing can be read.
    """
    try:
        import psutil  # type: ignore[import-untyped]  # comes with ipykernel
    except ModuleNotFoundError:
        return None, None
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except (OSError, psutil.Error):
        return None, None
    measured = [costs for costs in map(_costs, family) if costs is not None]
    if not measured:
        return None, None
    return sum(memory for memory, _ in measured), sum(cpu for _, cpu in measured)


def _costs(process: Any) -> tuple[int, float] | None:
    """Return the memory and the time of one process; ``None`` where it has just ended."""
    import psutil

    try:
        times, memory = process.cpu_times(), int(process.memory_info().rss)
    except (OSError, psutil.Error):
        return None
    parts = ("user", "system", "children_user", "children_system")
    return memory, sum(float(getattr(times, part, 0.0)) for part in parts)


def peak_memory(pid: int) -> int | None:
    """Return the largest resident memory that a process has had, in bytes.

    On Linux and Windows the system keeps it; elsewhere it is what the process has now.

    Args:
        pid: The number of the process.

    Returns:
        Bytes, or ``None`` where nothing can be read.
    """
    try:
        status = Path("/proc", str(pid), "status").read_text(encoding="utf-8")
    except OSError:
        return _peak_by_psutil(pid)
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found.group(1)) * 1024 if found else None


def _peak_by_psutil(pid: int) -> int | None:
    try:
        import psutil

        info = psutil.Process(pid).memory_info()
    except (ModuleNotFoundError, OSError):
        return None
    except psutil.Error:
        return None
    return int(getattr(info, "peak_wset", info.rss))
