"""How much memory one JupyterLab server takes before any notebook is open."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path

from workshop_tools.resource_usage import Meter

SECONDS_TO_START = 60.0


def server_mebibytes(seconds: float = SECONDS_TO_START) -> int | None:
    """Start this environment's JupyterLab, ask for its page, measure it, and stop it.

    Nothing is opened, only loopback is used, and the user's own settings and servers are
    left alone.

    Args:
        seconds: How long to wait until it answers.

    Returns:
        Its peak memory in MiB; ``None`` where JupyterLab is not installed or does not start.
    """
    if find_spec("jupyterlab") is None:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        token = secrets.token_hex(16)
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--ServerApp.root_dir={scratch}"),
        ]
        places = ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
        environment = os.environ | {name: str(Path(scratch, name)) for name in places}
        environment["JUPYTER_TOKEN"] = token
        silent = subprocess.DEVNULL
        with subprocess.Popen(command, env=environment, stdout=silent, stderr=silent) as server:
            try:
                return _measured(server, Path(scratch, places[0]), token, seconds)
            finally:
                server.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(10)
                server.kill()


def _measured(
    server: "subprocess.Popen[bytes]", runtime_folder: Path, token: str, seconds: float
) -> int | None:
    """Wait until the server answers with JupyterLab's page, then look at its memory."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        for described in runtime_folder.glob("jpserver-*.json"):
            # The file may be half written, and the server may not answer yet.
            with contextlib.suppress(OSError, ValueError, KeyError):
                address = json.loads(described.read_text(encoding="utf-8"))["url"]
                _ask(f"{address}lab?token={token}")
                meter = Meter()
                meter.watch(server.pid)
                meter.look()
                meter.stop()
                return None if meter.peak_bytes is None else round(meter.peak_bytes / 1024**2)
        time.sleep(0.1)
    return None


def _ask(address: str) -> None:
    """Fetch a page from loopback, past any proxy that is set for the outside."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=10) as answer:
        answer.read()
