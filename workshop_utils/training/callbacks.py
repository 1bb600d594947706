"""Two Keras callbacks for ``fit``: a progress bar, and a checkpoint after each epoch.

Keras' own ``BackupAndRestore`` does not keep the state of the dropout, and goes on from
whatever its folder holds. This checkpoint keeps it, belongs to one training (its network,
first weights, optimiser and data) and to one process.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.runtime import environment, locks, progress_bars, storage

_held: dict[Path, contextlib.ExitStack] = defaultdict(contextlib.ExitStack)
"""Checkpoints that this process writes. After an interrupted ``fit`` they are still held."""


class _Checkpoint:
    """What :func:`checkpoint` returns, without its Keras base class."""

    model: Any
    params: Any
    said = False

    def __init__(self, path: Path, data: tuple[NDArray[Any], ...]) -> None:
        super().__init__()
        self.path = path
        self.data = [_digest(array) for array in data]

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002 (Keras' names)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _held[self.path].close()
        _held[self.path].enter_context(locks.held(self.path))
        self.model.optimizer.build(self.model.trainable_variables)
        self.belongs_to = self._describe()
        try:
            with np.load(self.path, allow_pickle=False) as stored:
                self._resume({name: stored[name] for name in stored.files})
        except FileNotFoundError:
            pass
        except Exception:  # a damaged file fails in many ways, all with the same remedy
            print("A checkpoint cannot be read and is not used. The training starts anew.")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        before = self.model.history.history  # Keras adds this epoch after all other callbacks
        about = {
            "belongs_to": self.belongs_to,
            "epochs": epoch + 1,
            "history": {name: [*before.get(name, []), value] for name, value in logs.items()},
        }
        note = np.frombuffer(json.dumps(about).encode(), np.uint8)
        whole = io.BytesIO()  # np.savez goes back and forth, which a Drive is slow at
        np.savez(whole, *map(np.asarray, _variables(self.model)), about=note)
        try:
            with storage.atomic_path(self.path) as part:
                part.write_bytes(whole.getvalue())
        except OSError as error:  # a training is worth more than its checkpoint
            if not self.said:
                print(f"The training goes on without a checkpoint: {error}")
            self.said = True

    def on_train_end(self, logs: Any = None) -> None:  # noqa: ARG002
        self.model._initial_epoch = None
        self.path.unlink(missing_ok=True)
        _held[self.path].close()

    def _resume(self, stored: dict[str, NDArray[Any]]) -> None:
        about = json.loads(stored.pop("about").tobytes())
        if about["belongs_to"] != self.belongs_to:
            print(
                "A checkpoint of this name belongs to another network, other first weights, "
                "other data or batches of another size, and is not used. The training starts anew."
            )
            return
        for number, variable in enumerate(_variables(self.model)):
            variable.assign(stored[f"arr_{number}"])
        self.model.history.history.update(about["history"])
        self.model._initial_epoch = about["epochs"]
        print(f"Continuing after epoch {about['epochs']}, which a checkpoint kept.")

    def _describe(self) -> str:
        """Identify the training: network, optimiser, all first values, data, steps an epoch."""
        keras = environment.load_keras()
        optimizer = keras.saving.serialize_keras_object(self.model.optimizer)
        parts = [self.model.to_json(), optimizer, keras.__version__, self.params["steps"]]
        described = json.dumps(parts, default=str)
        # Keras numbers what has no name, through the whole session: "adam", "adam_1", ...
        digests = [re.sub(r'_\d+(?=\\*")', "", described)]
        digests += [_digest(variable) for variable in _variables(self.model)]
        return hashlib.sha256(" ".join([*digests, *self.data]).encode()).hexdigest()


def checkpoint(name: str, *data: NDArray[Any]) -> Any:
    """Return a callback that keeps each epoch, so that a stopped training goes on from there.

    Call ``environment.set_seed`` before you build the network: with a seed, ``fit`` reads
    the rows in the same order, and the resumed training ends with the bytes of an unbroken
    one. A training that ends removes its checkpoint; where none can be written, this is said
    once, and the training goes on.

    Args:
        name: Of the training, among the artifacts.
        data: Arrays that it learns from; a checkpoint of other data is not used.

    Raises:
        locks.InUse: (in ``fit``) Another process runs a training of this name.
    """
    path = storage.artifacts_dir() / "checkpoints" / f"{name}.npz"
    return _callback(_Checkpoint)(path, data)


class _ProgressBar:
    """What :func:`progress_bar` returns, without its Keras base class."""

    params: Any
    bar: Any = None

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        if self.bar is None:
            steps = self.params["steps"]
            epochs = self.params["epochs"]
            total = steps and steps * epochs
            done = (steps or 0) * epoch
            self.bar = progress_bars.progress_bar(total=total, initial=done, unit="batch")
        self.before = self.bar.n
        self.bar.set_description(f"epoch {epoch + 1}/{self.params['epochs']}")

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
        # With `steps_per_execution` this is called once for several batches.
        self.bar.update(self.before + batch + 1 - self.bar.n)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        self.bar.set_postfix({name: f"{value:.3f}" for name, value in logs.items()})

    def on_train_end(self, logs: Any = None) -> None:  # noqa: ARG002
        if self.bar is not None:
            self.bar.close()
            self.bar = None


def progress_bar() -> Any:
    """Return a callback that shows one bar for all epochs, gone when the training ends."""
    return _callback(_ProgressBar)()


@cache
def _callback(kind: type) -> type:
    """Join a class with Keras' ``Callback``, which is imported only now."""
    base = environment.load_keras().callbacks.Callback
    return type(kind.__name__.strip("_"), (kind, base), {})


def _variables(model: Any) -> list[Any]:
    """Return weights, the states of random layers, and the optimiser's memory."""
    return [*model.variables, *model.optimizer.variables]


def _digest(values: Any) -> str:
    array = np.asarray(values)
    return hashlib.sha256(f"{array.dtype}{array.shape}".encode() + array.tobytes()).hexdigest()
