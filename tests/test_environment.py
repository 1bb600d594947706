"""Where am I, on what, with which versions; seeds; the quiet import."""

import os
import platform
import random
import subprocess
import sys
import tomllib
import types
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workshop_utils
from workshop_utils import accelerator, environment, platforms, tf_logging, versions
from workshop_utils.accelerator import Gpu
from workshop_utils.platforms import detect_platform

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "tests" / "stubs"
COLAB = {"COLAB_RELEASE_TAG": "release-colab_20260819", "COLAB_GPU": ""}
KAGGLE = {**COLAB, "KAGGLE_KERNEL_RUN_TYPE": "Interactive", "KAGGLE_URL_BASE": "https://x"}
GIB = 1024**3


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


def shell(module, *, kernel):
    """Make an object of a class that looks as if it came from a module."""
    made = type("Shell", (), {"__module__": module})()
    if kernel:
        made.kernel = object()
    return made


@pytest.fixture
def running(monkeypatch):
    """Pretend that a shell runs this code; None: no IPython at all."""

    def pretend(module=None, *, kernel=True):
        if module is None:
            monkeypatch.delitem(sys.modules, "IPython", raising=False)
            return
        made = shell(module, kernel=kernel)
        monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: made))

    return pretend


@pytest.fixture
def colab_package(monkeypatch):
    """Make the stub of ``google.colab`` importable, beside the real ``google`` packages."""
    monkeypatch.syspath_prepend(str(STUBS))
    yield
    for name in [name for name in sys.modules if name.startswith("google.colab")]:
        del sys.modules[name]


# --- the platform -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "kernel", "environ", "expected"),
    [
        ("google.colab._shell", True, COLAB, "colab"),
        ("google.colab._shell", True, {}, "colab"),
        ("google.colab._shell", True, {**COLAB, "KAGGLE_USERNAME": "me"}, "colab"),
        ("ipykernel.zmqshell", True, KAGGLE, "kaggle"),
        ("ipykernel.zmqshell", True, COLAB, "jupyterlab"),
        ("ipykernel.zmqshell", True, {}, "jupyterlab"),
        ("ipykernel.zmqshell", True, {"CI": "true"}, "ci"),
        ("googlecolab.shell", True, {}, "jupyterlab"),
        ("IPython.terminal.interactiveshell", False, {}, "ipython"),
        (None, False, {}, "script"),
        (None, False, {"COLAB_GPU": "1"}, "script"),
        (None, False, COLAB, "script"),
        (None, False, KAGGLE, "kaggle"),
        (None, False, {"CI": "false"}, "script"),
        (None, False, {"CI": "1"}, "ci"),
        (None, False, {"GITHUB_ACTIONS": "true"}, "ci"),
        (None, False, {"KAGGLE_USERNAME": "me", "KAGGLE_KEY": "secret"}, "script"),
    ],
)
def test_platform_without_colabs_package(running, module, kernel, environ, expected):
    running(module, kernel=kernel)
    found = detect_platform(environ)
    assert found.name == expected
    assert found.in_notebook is kernel
    assert found.reason


@pytest.mark.parametrize(
    ("module", "environ", "expected"),
    [
        (None, COLAB, "colab"),
        (None, {**COLAB, "KAGGLE_KEY": "a learner's own"}, "colab"),
        (None, KAGGLE, "kaggle"),
        (None, {}, "script"),
        # A container from Colab's image with a plain Jupyter in it.
        ("ipykernel.zmqshell", COLAB, "jupyterlab"),
        ("ipykernel.zmqshell", KAGGLE, "kaggle"),
    ],
)
def test_platform_where_colabs_package_can_be_imported(
    running, colab_package, module, environ, expected
):
    running(module)
    assert detect_platform(environ).name == expected


def test_colab_enterprise_is_named(running):
    running("google.colab._shell")
    found = detect_platform({**COLAB, "VERTEX_PRODUCT": "COLAB_ENTERPRISE"})
    assert (found.name, found.enterprise, found.label) == ("colab", True, "Colab Enterprise")
    assert detect_platform(COLAB).label == "Google Colab"
    running("ipykernel.zmqshell")
    assert not detect_platform({"VERTEX_PRODUCT": "COLAB_ENTERPRISE"}).enterprise


@pytest.mark.parametrize("name", platforms.LABELS)
def test_the_override_wins(running, name):
    running("google.colab._shell")
    assert detect_platform({"LSTM_WORKSHOP_PLATFORM": f" {name.upper()} "}).name == name


ASK = "from workshop_utils.platforms import detect_platform; p = detect_platform({});"
ASK += "print(p.name, p.in_notebook)"


def test_a_real_script_and_a_real_ipython():
    assert run_python(ASK).stdout.split() == ["script", "False"]
    code = f"import IPython; IPython.start_ipython(['--quick', '--no-banner', '-c', {ASK!r}])"
    assert run_python(code, IPYTHONDIR=os.environ["LSTM_WORKSHOP_CACHE"]).stdout.split()[:2] == [
        "ipython",
        "False",
    ]


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


PLAIN_KERNEL = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
COLAB_KERNEL = [
    *PLAIN_KERNEL,
    "--IPKernelApp.kernel_class=google.colab._kernel.Kernel",
    '--IPKernelApp.extensions=["google.colab"]',
]


@pytest.mark.parametrize(
    ("argv", "expected"), [(PLAIN_KERNEL, "jupyterlab True"), (COLAB_KERNEL, "colab True")]
)
def test_real_kernels(tmp_path, argv, expected):
    assert answer_of_kernel(tmp_path, argv, ASK)["stdout"].strip() == expected


# --- the accelerator --------------------------------------------------------------------


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """A machine without a driver or a container limit."""
    monkeypatch.setattr(accelerator, "shutil", types.SimpleNamespace(which={}.get))
    monkeypatch.setattr(accelerator, "_CGROUP_LIMITS", (tmp_path / "memory.max",))
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return tmp_path


@pytest.fixture
def nvidia_smi(bare_machine, monkeypatch):
    """A driver's program that answers what it is told to answer."""

    def install(answer, fails=None):
        def run(command, **options):
            assert command[1:] == list(accelerator._QUERY)
            assert options["timeout"] <= 10
            if fails:
                raise fails
            return types.SimpleNamespace(stdout=answer)

        stand_in = types.SimpleNamespace(run=run, SubprocessError=subprocess.SubprocessError)
        monkeypatch.setattr(accelerator, "shutil", types.SimpleNamespace(which="/bin/{}".format))
        # Only this module's name is replaced: others start programs too.
        monkeypatch.setattr(accelerator, "subprocess", stand_in)

    return install


T4 = Gpu("Tesla T4", 15360 * 1024**2)
A100 = Gpu("NVIDIA A100-SXM4-40GB", 40960 * 1024**2)
TWO = "Tesla T4, 15360\nNVIDIA A100-SXM4-40GB, 40960\n"


def test_no_gpu(bare_machine):
    assert accelerator.gpus() == ()


def test_names_and_memory_from_the_driver(nvidia_smi):
    nvidia_smi(TWO)
    assert accelerator.gpus() == (T4, A100)
    assert str(T4) == "Tesla T4, 15 GB"


def test_a_driver_that_hangs_or_fails_is_no_gpu(nvidia_smi):
    for failure in (subprocess.TimeoutExpired("nvidia-smi", 10), PermissionError("no")):
        nvidia_smi("", fails=failure)
        assert accelerator.gpus() == ()


class Config:
    """What TensorFlow tells about GPUs."""

    def __init__(self, *names, growth=None):
        self.names, self.growth, self.grown = names, growth, []
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


def test_a_loaded_tensorflow_is_asked(nvidia_smi, monkeypatch, capfd):
    nvidia_smi(TWO)
    assert accelerator.gpus_of_tensorflow() is None
    for config, expected in [
        (Config("Tesla T4"), (T4,)),
        (Config(None), (Gpu("/GPU:0"),)),
        (Config(), ()),
    ]:
        monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(config=config))
        assert accelerator.gpus_of_tensorflow() == expected
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux")
def test_cpu_count_obeys_a_real_affinity():
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
    code += "from workshop_utils import accelerator; print(accelerator.cpu_count())"
    assert run_python(code).stdout.strip() == "1"


def test_memory_obeys_a_container(bare_machine):
    machine = accelerator.memory_bytes()
    assert machine > GIB / 4
    limit = bare_machine / "memory.max"
    limit.write_text("max\n")
    assert accelerator.memory_bytes() == machine
    limit.write_text(f"{GIB // 8}\n")
    assert accelerator.memory_bytes() == GIB // 8


# --- versions ---------------------------------------------------------------------------


def test_ranges_are_those_of_the_project_file():
    installed = versions.tested_ranges()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"]
    assert installed["python"] == ">=3.11,<3.14"  # the classifiers' first and last
    assert set(installed) == {"python", *(line.split(">")[0] for line in lines)}
    assert installed["keras"].startswith(">=3.")
    assert "jupytext" not in installed
    assert next(iter(installed)) == "python"


def test_this_environment_is_inside_its_own_ranges():
    assert versions.warnings_about(versions.versions()) == ()
    assert versions.missing() == ()
    assert versions.versions()["python"] == platform.python_version()


def test_a_version_outside_is_said_in_plain_words(monkeypatch):
    found = {"python": "3.10.4", "keras": "3.14.0", "numpy": "2.0.2", "unknown": "1"}
    ranges = {"python": ">=3.11,<3.14", "keras": ">=3.13,<3.16", "numpy": ">=2.1,<3"}
    monkeypatch.setattr(versions, "tested_ranges", lambda: ranges)
    first, second = versions.warnings_about(found)
    assert first.startswith("python 3.10.4 is outside")
    assert second.startswith("NumPy 2.0.2 is outside the versions the workshop was run with")
    assert ">=2.1,<3" in second


# --- start, ready, describe, stamp ------------------------------------------------------


@pytest.fixture
def quiet_variables(monkeypatch):
    for name in tf_logging.QUIET_VARIABLES:
        monkeypatch.setenv(name, "x")  # so that monkeypatch puts the old value back
        monkeypatch.delenv(name)


def test_start_prints_one_line(bare_machine, quiet_variables, capsys, monkeypatch):
    monkeypatch.setenv("LSTM_WORKSHOP_PLATFORM", "colab")
    workshop_utils.start("04")
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.startswith("Notebook 04 · Google Colab · no GPU, ")
    for library, label in {"python": "Python", **versions.SHOWN}.items():
        assert f"{label} {versions.versions()[library]}" in out
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    assert os.environ["KERAS_BACKEND"] == "tensorflow"


def test_start_warns_about_a_version(bare_machine, quiet_variables, capsys, monkeypatch):
    ranges = {**versions.tested_ranges(), "numpy": ">=9"}
    monkeypatch.setattr(versions, "tested_ranges", lambda: ranges)
    environment.start("05")
    _, warning = capsys.readouterr().out.splitlines()
    assert warning.startswith("Warning: NumPy ")


def test_ready_says_the_same_everywhere(capsys):
    environment.ready()
    assert capsys.readouterr().out == "This environment can run the workshop.\n"


def test_ready_names_what_is_missing(monkeypatch):
    monkeypatch.setattr(versions, "missing", lambda: ("pooch", "tqdm"))
    with pytest.raises(RuntimeError, match=r"needs pooch, tqdm.*pip install pooch tqdm") as caught:
        environment.ready()
    assert sys.executable in str(caught.value)


def test_ready_refuses_keras_2(monkeypatch):
    monkeypatch.setattr(versions, "missing", tuple)
    monkeypatch.setattr(versions, "installed", {"keras": "2.15.0"}.get)
    with pytest.raises(RuntimeError, match=r"Keras 2\.15\.0 is installed"):
        environment.ready()


# --- seeds ------------------------------------------------------------------------------


def draws():
    return random.random(), np.random.random()  # noqa: NPY002


@given(st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_numbers(seed):
    environment.set_seed(seed)
    first = draws()
    environment.set_seed(seed)
    assert draws() == first


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_outside_the_range_is_refused(seed):
    with pytest.raises(ValueError, match="between 0 and"):
        environment.set_seed(seed)


def test_keras_is_seeded_only_where_it_is_loaded(monkeypatch):
    seeds = []
    utils = types.SimpleNamespace(set_random_seed=seeds.append)
    monkeypatch.setitem(sys.modules, "keras", types.SimpleNamespace(utils=utils))
    environment.set_seed(7)
    assert seeds == [7]
    code = "import sys; from workshop_utils import environment; environment.set_seed();"
    code += "print('keras' in sys.modules, 'tensorflow' in sys.modules)"
    assert run_python(code).stdout.split() == ["False", "False"]


def test_a_codespace_is_a_persons_and_no_ci():
    """A codespace sets CI as well, and a learner works in it."""
    assert platforms.ci_signal({"CI": "true", "CODESPACES": "true"}) == ""
    assert platforms.ci_signal({"CI": "true"}) == "CI is set"


# --- silence ----------------------------------------------------------------------------


def test_silence_swallows_the_descriptor_and_gives_it_back(capfd):
    with tf_logging.silent_stderr():
        os.write(2, b"noise from C\n")
        print("standard output stays")
    os.write(2, b"afterwards\n")
    assert capfd.readouterr() == ("standard output stays\n", "afterwards\n")


def test_a_failure_shows_what_was_written(capfd):
    def fail():
        with tf_logging.silent_stderr():
            os.write(2, b"libcuda: wrong version\n")
            raise ImportError("broken")

    with pytest.raises(ImportError, match="broken"):
        fail()
    assert capfd.readouterr().err == "libcuda: wrong version\n"


def test_start_loads_no_tensorflow():
    code = "import workshop_utils, sys; workshop_utils.start('01');"
    code += "print('tensorflow' in sys.modules, 'numpy' in sys.modules)"
    assert run_python(code).stdout.splitlines()[-1] == "False False"


def test_memory_growth_is_switched_on():
    config = Config("Tesla T4", "Tesla T4")
    environment._let_memory_grow(config)
    assert config.grown == [("/GPU:0", True), ("/GPU:1", True)]
    for error in (RuntimeError("already initialised"), ValueError("virtual devices")):
        environment._let_memory_grow(Config("Tesla T4", growth=error))


def fake_libraries(monkeypatch, config, backend="tensorflow"):
    tensorflow = types.ModuleType("tensorflow")
    tensorflow.config = config
    keras = types.ModuleType("keras")
    keras.backend = types.SimpleNamespace(backend=lambda: backend)
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow)
    monkeypatch.setitem(sys.modules, "keras", keras)
    return keras


def test_keras_comes_quietly_with_growing_memory(monkeypatch, quiet_variables, capfd):
    config = Config("Tesla T4")
    keras = fake_libraries(monkeypatch, config)
    assert environment.load_keras() is keras
    assert config.grown == [("/GPU:0", True)]
    assert capfd.readouterr().err == ""
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    monkeypatch.setattr(accelerator, "gpus", lambda: (T4,))
    assert environment.describe().gpus == (T4,)


def test_another_backend_is_refused(monkeypatch, quiet_variables):
    fake_libraries(monkeypatch, Config(), backend="jax")
    with pytest.raises(RuntimeError, match="Keras computes with jax here"):
        environment.load_keras()


def test_a_broken_tensorflow_keeps_its_own_error(tmp_path):
    (tmp_path / "tensorflow.py").write_text(
        "import os; os.write(2, b'illegal instruction ahead\\n'); import not_there_at_all\n"
    )
    code = "from workshop_utils import environment; environment.load_keras()"
    done = run_python(code, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "illegal instruction ahead" in done.stderr
    assert "ModuleNotFoundError: No module named 'not_there_at_all'" in done.stderr


TRAIN = """
from workshop_utils import environment
keras = environment.load_keras()
environment.set_seed()
import numpy as np
model = keras.Sequential([keras.layers.LSTM(2, use_cudnn=False)])
model.compile("adam", "mse", jit_compile=True)
model.fit(np.ones((4, 3, 2)), np.ones((4, 2)), verbose=0)
import sys
print("trained", "tensorflow" in sys.modules)
"""


@pytest.mark.slow
def test_the_real_keras_is_silent_in_a_script():
    done = run_python(TRAIN, timeout=300)
    assert done.stdout == "trained True\n"
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("under_nbval", [True, False])
def test_the_real_keras_is_silent_in_a_kernel(tmp_path, monkeypatch, under_nbval):
    """ipykernel captures descriptor 2 itself, but not where it believes that pytest does."""
    environ = {"PYTEST_CURRENT_TEST": "1"} if under_nbval else {}
    if not under_nbval:
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    said = answer_of_kernel(tmp_path, PLAIN_KERNEL, TRAIN, **environ)
    assert said == {"stdout": "trained True\n", "stderr": ""}
