"""What test_training_processes.py runs in processes of its own.

python training_children.py kills FOLDER    one training, killed ten times
python training_children.py mirrored FILE   one training on two logical CPU devices
python training_children.py machines FILE   one of the machines that TF_CONFIG names
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from workshop_utils import environment, training
from workshop_utils.training.checkpoint import STATE_NAME

RNG = np.random.default_rng(0)
X = RNG.integers(1, 20, (202, 5)).astype("int32")
Y = (X[:, 0] > 10).astype("float32")
VALIDATION = (X[:50], Y[:50])
KILLS = 10
EPOCHS = 40
OPTIONS = {"batch_size": 64, "show": False}


def network():
    """A network with dropout, whose random state a checkpoint must keep; traced quickly."""
    keras = environment.load_keras()
    # Before the first layer: a Dropout draws its seed when it is made.
    environment.set_seed()
    return _compiled(keras.layers.Dropout(0.2), keras.layers.Flatten())


def recurrent():
    """An LSTM without dropout, for which each device would draw numbers of its own."""
    keras = environment.load_keras()
    environment.set_seed()
    return _compiled(keras.layers.LSTM(3, use_cudnn=False))


def _compiled(*layers):
    keras = environment.load_keras()
    first = [keras.Input((5,), dtype="int32"), keras.layers.Embedding(20, 3)]
    last = keras.layers.Dense(1, activation="sigmoid")
    return training.compile_model(keras.Sequential([*first, *layers, last]), learning_rate=0.01)


def train(pipe, **options):
    """Train in a process of its own; report the start, each epoch, then the weights."""

    def tell(epochs):
        os.write(pipe, b"%d\n" % epochs)

    model = network()
    tell(0)
    record = training.fit(
        model, X, Y, epochs=EPOCHS, validation=VALIDATION,
        watch=lambda so_far: tell(so_far.epochs), **OPTIONS, **options,
    )  # fmt: skip
    return model, record


def child(folder, name, checkpoint):
    """Fork a training; return its process id and the reports that it sends.

    TensorFlow was imported but has computed nothing here, so that a fork is safe,
    and ten kills do not cost ten imports.
    """
    reports, pipe = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            model, record = train(pipe, checkpoint=checkpoint)
            np.savez(folder / name, *model.get_weights(), history=json.dumps(record.history))
            status = 0
        finally:
            os._exit(status)
    os.close(pipe)
    return pid, os.fdopen(reports)


def kills(folder):
    """Train once without, and once with ten kills; write both weights and what was lost."""
    environment.load_keras()
    pid, reports = child(folder, "unbroken.npz", None)
    moments = [time.perf_counter() for _ in reports]
    assert os.waitpid(pid, 0)[1] == 0
    an_epoch = (moments[-1] - moments[1]) / (EPOCHS - 1)
    rng = np.random.default_rng(environment.DEFAULT_SEED)
    told, kept = [], []
    for _ in range(KILLS):
        pid, reports = child(folder, "killed.npz", "killed")
        # Some reports, at most four epochs, then any moment of the next two.
        seen = [int(reports.readline()) for _ in range(rng.integers(1, 5))]
        time.sleep(rng.uniform(0, 2 * an_epoch))
        os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        assert os.WIFSIGNALED(status), "the training ended before it was killed"
        told.append(max(seen + [int(line) for line in reports if line.endswith("\n")]))
        kept.append(epochs_kept())
    pid, reports = child(folder, "killed.npz", "killed")
    for _ in reports:
        pass
    assert os.waitpid(pid, 0)[1] == 0
    (folder / "told.json").write_text(json.dumps({"told": told, "kept": kept}))


def epochs_kept():
    path = Path(os.environ["LSTM_WORKSHOP_ARTIFACTS"]) / "checkpoints" / "killed" / STATE_NAME
    if not path.is_file():
        return 0
    return len(json.loads(path.read_text())["record"]["history"]["loss"])


def mirrored(file):
    """Train on two logical CPU devices, as ``every_gpu`` does on two GPUs."""
    tf = environment.load_tensorflow()
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        model = recurrent()
    record = training.fit(model, X, Y, epochs=3, validation=VALIDATION, checkpoint="m", **OPTIONS)
    np.savez(file, *model.get_weights(), device=record.device)


def machines(file):
    """Train as one of several machines."""
    strategy = training.machines()
    with strategy.scope():
        model = recurrent()
    record = training.fit_on_machines(model, X, Y, epochs=3, batch_size=64)
    np.savez(file, *model.get_weights(), device=record.device, loss=record.history["loss"])


if __name__ == "__main__":
    {"kills": kills, "mirrored": mirrored, "machines": machines}[sys.argv[1]](Path(sys.argv[2]))
