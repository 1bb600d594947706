"""A fresh Python, a fresh kernel and a TensorFlow that tells of GPUs, for tests of what starts."""

import os
import subprocess
import sys
import types
from pathlib import Path

from workshop_utils.runtime.accelerator import Gpu

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "tests" / "stubs"
COLAB = {"COLAB_RELEASE_TAG": "release-colab_20260819", "COLAB_GPU": ""}
PLAIN_KERNEL = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
T4 = Gpu("Tesla T4", 15360 * 1024**2)


def run_python(code, timeout=120, **environ):
    """Run code in a fresh Python that finds the package in the checkout."""
    inherited = {name: value for name, value in os.environ.items() if name not in COLAB}
    path = os.pathsep.join([str(ROOT), environ.pop("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, "PYTHONPATH": path, **environ},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def answer_of_kernel(folder, argv, code, **environ):
    """Start a kernel, run code in it, and return what it printed on both streams."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="ours")
    manager._kernel_spec = KernelSpec(argv=[sys.executable, *argv], language="python")
    path = os.pathsep.join([str(ROOT), str(STUBS)])
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    env = {**inherited, "PYTHONPATH": path, "IPYTHONDIR": str(folder), **environ}
    log = folder / "kernel.log"
    said = []
    with log.open("w") as stream:
        manager.start_kernel(env=env, stdout=stream, stderr=stream)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            reply = client.execute_interactive(
                code, timeout=180, store_history=False, output_hook=said.append
            )
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok", reply["content"]
    streams = {"stdout": "", "stderr": ""}
    for message in said:
        if message["msg_type"] == "stream":
            streams[message["content"]["name"]] += message["content"]["text"]
    return streams


class Config:
    """What TensorFlow tells about GPUs."""

    def __init__(self, *names, growth=None):
        self.names = names
        self.growth = growth
        self.grown = []
        self.experimental = self

    def list_physical_devices(self, kind):
        assert kind == "GPU"
        os.write(2, b"E0000 cuda_platform.cc: noise\n")
        return [types.SimpleNamespace(name=f"/GPU:{i}") for i in range(len(self.names))]

    def get_device_details(self, device):
        name = self.names[int(device.name[-1])]
        return {"device_name": name} if name else {}

    def set_memory_growth(self, gpu, value):
        if self.growth:
            raise self.growth
        self.grown.append((gpu.name, value))
