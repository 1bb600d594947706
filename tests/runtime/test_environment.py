"""What a notebook computes with: versions, seeds, and a Keras that comes quietly."""

import os
import platform
import random
import sys
import tomllib
import types

import numpy as np
import pytest
from fresh_python import PLAIN_KERNEL, ROOT, T4, Config, answer_of_kernel, run_python
from hypothesis import given
from hypothesis import strategies as st

from workshop_utils.runtime import accelerator, environment, tf_logging, versions

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


# --- ready ------------------------------------------------------------------------------


def test_ready_says_the_same_everywhere(capsys):
    environment.ready()
    assert capsys.readouterr().out == "This environment can run the workshop.\n"


def test_ready_names_what_is_missing(monkeypatch):
    monkeypatch.setattr(versions, "missing", lambda: ("requests", "tqdm"))
    with pytest.raises(
        RuntimeError, match=r"needs requests, tqdm.*pip install requests tqdm"
    ) as caught:
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
    code = "import sys; from workshop_utils import runtime; runtime.set_seed();"
    code += "print('keras' in sys.modules, 'tensorflow' in sys.modules)"
    assert run_python(code).stdout.split() == ["False", "False"]


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
    code = "from workshop_utils import runtime; runtime.load_keras()"
    done = run_python(code, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "illegal instruction ahead" in done.stderr
    assert "ModuleNotFoundError: No module named 'not_there_at_all'" in done.stderr


TRAIN = """
from workshop_utils.runtime import environment
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


@pytest.mark.parametrize("under_nbval", [pytest.param(True, marks=pytest.mark.slow), False])
def test_the_real_keras_is_silent_in_a_kernel(tmp_path, monkeypatch, under_nbval):
    """ipykernel captures descriptor 2 itself, but not where it believes that pytest does."""
    environ = {"PYTEST_CURRENT_TEST": "1"} if under_nbval else {}
    if not under_nbval:
        monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    said = answer_of_kernel(tmp_path, PLAIN_KERNEL, TRAIN, **environ)
    assert said == {"stdout": "trained True\n", "stderr": ""}
