"""Trainings in processes of their own: killed at any moment, on two devices, on two machines."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from training_children import EPOCHS, KILLS, OPTIONS, VALIDATION, X, Y, recurrent

from workshop_utils import training

SCRIPT = Path(__file__).with_name("training_children.py")
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}
PATIENCE = 240
"""Seconds after which a process is given up; on an idle machine it needs ten or twenty."""


@contextlib.contextmanager
def started(what, path, **environment):
    """Run the script in a process that is ended with this block, whatever happens."""
    package = str(Path(training.__file__).parents[2])
    paths = os.pathsep.join([package, os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), what, str(path)],
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": paths, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(process):
    output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0, output


def weights(path):
    with np.load(path) as stored:
        return [stored[name] for name in stored.files if name.startswith("arr_")]


def of_one_device():
    model = recurrent()
    record = training.fit(model, X, Y, epochs=3, validation=VALIDATION, **OPTIONS)
    return model.get_weights(), record


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_training_killed_at_ten_random_moments_ends_as_an_unbroken_one(tmp_path):
    with started("kills", tmp_path) as process:
        wait_for(process)
    for ours, theirs in zip(
        weights(tmp_path / "killed.npz"), weights(tmp_path / "unbroken.npz"), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
    with np.load(tmp_path / "killed.npz") as one, np.load(tmp_path / "unbroken.npz") as other:
        assert str(one["history"]) == str(other["history"])
        assert len(json.loads(str(one["history"]))["loss"]) == EPOCHS
    lives = json.loads((tmp_path / "told.json").read_text())
    assert len(lives["told"]) == KILLS
    # What was reported as done is kept: only the epoch that was running is lost.
    assert all(kept >= told for told, kept in zip(lives["told"], lives["kept"], strict=True))
    assert lives["kept"] == sorted(lives["kept"])
    assert 0 < lives["kept"][-1] < EPOCHS


def test_two_devices_learn_what_one_learns(tmp_path):
    file = tmp_path / "mirrored.npz"
    with started("mirrored", file) as process:
        wait_for(process)
    for ours, theirs in zip(weights(file), of_one_device()[0], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)
    with np.load(file) as stored:
        assert str(stored["device"]) == "2 CPUs"


def free_ports(count):
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in found]


def test_two_machines_hold_the_same_weights_those_of_one(tmp_path):
    cluster = {"worker": [f"127.0.0.1:{port}" for port in free_ports(2)]}
    files = [tmp_path / "first.npz", tmp_path / "second.npz"]
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(
                started(
                    "machines",
                    file,
                    TF_CONFIG=json.dumps(
                        {"cluster": cluster, "task": {"type": "worker", "index": index}}
                    ),
                )
            )
            for index, file in enumerate(files)
        ]
        for process in processes:
            wait_for(process)
    first, second = (weights(file) for file in files)
    for ours, theirs in zip(first, second, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    alone, record = of_one_device()
    for ours, theirs in zip(first, alone, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)
    with np.load(files[0]) as stored:
        assert str(stored["device"]) == "2 devices"
        np.testing.assert_allclose(stored["loss"], record.history["loss"], rtol=1e-5)


def test_without_tf_config_this_machine_trains_alone(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with training.machines().scope():
        model = recurrent()
    training.fit_on_machines(model, X, Y, epochs=3, batch_size=64)
    for ours, theirs in zip(model.get_weights(), of_one_device()[0], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "config",
    [
        "worker 0",
        "{}",
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}',
        '{"cluster": {"worker": ["a:1"]}, "task": {"type": "chief", "index": 0}}',
    ],
)
def test_a_tf_config_that_does_not_say_enough_is_refused(monkeypatch, config):
    monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(ValueError, match="names all machines and says which one this is"):
        training.machines()


def test_every_gpu_changes_nothing_where_there_are_not_several():
    with training.every_gpu():
        model = recurrent()
    assert model.distribute_strategy.num_replicas_in_sync == 1
