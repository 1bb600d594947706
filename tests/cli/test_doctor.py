"""What `workshop doctor` finds, on this machine and on machines made up for the test."""

import dataclasses
import json
import os
import subprocess
import sys
import types

import pytest

import workshop_utils
from workshop_utils import tweets
from workshop_utils.cli import doctor
from workshop_utils.cli.doctor import FAILURE, OK, WARNING
from workshop_utils.runtime import accelerator, environment, storage, versions
from workshop_utils.runtime.accelerator import Gpu

GIB = 1024**3


@pytest.fixture
def loading(monkeypatch):
    """Decide what loading the tweets gives, or raises; the real ones by default."""

    def serve(outcome):
        def load():
            assert os.environ["LSTM_WORKSHOP_OFFLINE"] == "1"
            if isinstance(outcome, Exception):
                raise outcome
            return types.SimpleNamespace(sentence=outcome)

        monkeypatch.setattr(tweets, "load", load)

    serve("The real tweets.")
    return serve


@pytest.fixture
def here():
    return environment.describe()


def test_this_machine_can_run_the_workshop(loading, here):
    found = {each.name: each for each in doctor.examine(here)}
    assert list(found) == [
        "platform", "versions", "accelerator", "memory", "disk", "cache", "artifacts", "tweets",
        "kernel",
    ]  # fmt: skip
    assert all(each.status != FAILURE for each in found.values()), found
    assert found["tweets"] == doctor.Finding("tweets", OK, "The real tweets.")
    assert found["kernel"].status == OK
    assert storage.usage()[0].files == ()  # looking leaves nothing behind


def test_json_says_it_all(loading, here, capsys):
    assert doctor.doctor(as_json=True) == 0
    known = json.loads(capsys.readouterr().out)
    assert known["can_run"] is True
    assert known["environment"]["versions"] == versions.versions()
    assert known["environment"]["platform"]["name"] == here.platform.name
    assert known["tested_ranges"] == versions.tested_ranges()
    assert {each["status"] for each in known["findings"]} <= {OK, WARNING, FAILURE}
    assert known["workshop"] == workshop_utils.__version__


def test_the_table_shows_every_finding(loading, here, capsys):
    doctor.doctor()
    out = capsys.readouterr().out
    for each in doctor.examine(here):
        assert each.name in out
    assert out.endswith("\nThis environment can run the workshop.\n")


def test_a_missing_library_is_a_failure(loading, monkeypatch, capsys):
    monkeypatch.setattr(versions, "missing", lambda: ("tensorflow",))
    assert doctor.doctor(as_json=True) == 1
    (found,) = [
        each
        for each in json.loads(capsys.readouterr().out)["findings"]
        if each["name"] == "versions"
    ]
    assert found["status"] == FAILURE
    assert "pip install tensorflow" in found["sentence"]


def test_a_version_outside_is_a_warning(loading, here):
    warned = dataclasses.replace(here, warnings=("NumPy 1.0 is outside.",))
    found = doctor._libraries(warned)
    assert found.status == WARNING
    assert found.sentence.startswith("NumPy 1.0 is outside. python 3.")


def test_accelerators(here, monkeypatch):
    def found(**changes):
        return doctor._accelerator(dataclasses.replace(here, **changes))

    t4 = (Gpu("Tesla T4", 15 * GIB),)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    assert found(gpus=(), cpus=4).sentence == "no GPU, 4 CPU cores."
    assert found(gpus=t4, cpus=4).sentence.endswith("(--load asks TensorFlow).")
    monkeypatch.setitem(sys.modules, "tensorflow", types.ModuleType("tensorflow"))
    assert found(gpus=t4, cpus=4).sentence == "GPU: Tesla T4, 15 GB, 4 CPU cores."
    monkeypatch.setattr(accelerator, "gpus", lambda: t4)
    unused = found(gpus=())
    assert unused.status == WARNING
    assert "a GPU that TensorFlow cannot use" in unused.sentence


@pytest.mark.parametrize(
    ("size", "status"),
    [(None, WARNING), (GIB // 2, FAILURE), (2 * GIB, WARNING), (3 * GIB, OK), (16 * GIB, OK)],
)
def test_memory(loading, here, size, status):
    found = doctor.examine(dataclasses.replace(here, memory_bytes=size))
    assert next(each for each in found if each.name == "memory").status == status


def test_folders_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LSTM_WORKSHOP_CACHE", str(tmp_path / "file" / "cache"))
    cache, artifacts = doctor._folders()
    assert (cache.status, artifacts.status) == (FAILURE, OK)
    assert "Set LSTM_WORKSHOP_CACHE to a folder that you may write to." in cache.sentence


def test_tweets_that_are_not_here_yet(loading, monkeypatch):
    loading(tweets.TweetsUnavailable("No copy."))
    assert doctor._data().status == WARNING  # fetching is forbidden in the tests
    assert doctor._data().sentence == "Synthetic tweets will serve. No copy."
    monkeypatch.setenv("LSTM_WORKSHOP_OFFLINE", "0")
    assert doctor._data().status == OK
    assert "fetches them" in doctor._data().sentence
    assert os.environ["LSTM_WORKSHOP_OFFLINE"] == "0"


def test_a_setting_that_names_no_tweets_stops_the_notebooks(monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tmp_path / "gone.csv"))
    monkeypatch.delenv("LSTM_WORKSHOP_OFFLINE")
    assert doctor._data().status == FAILURE
    assert "gone.csv" in doctor._data().sentence
    # The notebooks do the same: no twin is put in the place of a named file.
    with pytest.raises(tweets.TweetsUnreadable):
        tweets.load_or_synthetic()


def test_the_real_tweets_are_found(monkeypatch, tweets_csv):
    monkeypatch.setenv("LSTM_WORKSHOP_TWEETS", str(tweets_csv))
    assert doctor._data().status == OK
    assert "real tweets" in doctor._data().sentence


# --- the kernel -------------------------------------------------------------------------


@pytest.fixture
def kernelspec(monkeypatch, tmp_path):
    """Register a kernel named python3 in front of all others."""

    def register(python):
        folder = tmp_path / "jupyter" / "kernels" / "python3"
        folder.mkdir(parents=True, exist_ok=True)
        command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        described = {"argv": command, "display_name": "Python 3", "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(described))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
        monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))

    return register


@pytest.fixture
def other_python(tmp_path):
    """Another environment without any package, as `python -m venv` makes it."""
    folder = tmp_path / "other"
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.mark.parametrize("word", ["python", f"python{sys.version_info.major}", sys.executable])
def test_a_kernel_of_this_environment(kernelspec, word):
    kernelspec(word)
    assert doctor._kernel().status == OK


def test_a_kernel_of_another_environment(kernelspec, other_python):
    kernelspec(other_python)
    found = doctor._kernel()
    assert found.status == WARNING
    assert str(other_python) in found.sentence
    assert "jupyter kernelspec remove" in found.sentence


def test_no_kernel_at_all_is_a_failure(monkeypatch):
    from jupyter_client import kernelspec

    def none(self, name):
        raise kernelspec.NoSuchKernel(name)

    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", none)
    assert doctor._kernel().status == FAILURE
    assert "pip install ipykernel" in doctor._kernel().sentence


def test_without_jupyterlab_there_is_nothing_to_compare(monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", {}.get)
    assert doctor._kernel().status == OK
    assert "not installed beside this Python" in doctor._kernel().sentence
