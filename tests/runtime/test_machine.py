"""Where a notebook runs and on what: the platform, the accelerator, the line that start prints."""

import os
import subprocess
import sys
import types

import pytest
from fresh_python import COLAB, PLAIN_KERNEL, STUBS, T4, Config, answer_of_kernel, run_python

import workshop_utils
from workshop_utils.runtime import accelerator, environment, platforms, versions
from workshop_utils.runtime.accelerator import Gpu
from workshop_utils.runtime.platforms import detect_platform

KAGGLE = {**COLAB, "KAGGLE_KERNEL_RUN_TYPE": "Interactive", "KAGGLE_URL_BASE": "https://x"}
GIB = 1024**3


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


ASK = "from workshop_utils.runtime.platforms import detect_platform; p = detect_platform({});"
ASK += "print(p.name, p.in_notebook)"


def test_a_real_script_and_a_real_ipython():
    assert run_python(ASK).stdout.split() == ["script", "False"]
    code = f"import IPython; IPython.start_ipython(['--quick', '--no-banner', '-c', {ASK!r}])"
    assert run_python(code, IPYTHONDIR=os.environ["LSTM_WORKSHOP_CACHE"]).stdout.split()[:2] == [
        "ipython",
        "False",
    ]


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


def test_a_codespace_is_a_persons_and_no_ci():
    """A codespace sets CI as well, and a learner works in it."""
    assert platforms.ci_signal({"CI": "true", "CODESPACES": "true"}) == ""
    assert platforms.ci_signal({"CI": "true"}) == "CI is set"


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
    code += "from workshop_utils.runtime import accelerator; print(accelerator.cpu_count())"
    assert run_python(code).stdout.strip() == "1"


def test_memory_obeys_a_container(bare_machine):
    machine = accelerator.memory_bytes()
    assert machine > GIB / 4
    limit = bare_machine / "memory.max"
    limit.write_text("max\n")
    assert accelerator.memory_bytes() == machine
    limit.write_text(f"{GIB // 8}\n")
    assert accelerator.memory_bytes() == GIB // 8


# --- the line that start prints ---------------------------------------------------------


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
