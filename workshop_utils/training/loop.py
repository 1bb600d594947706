"""The training loop: one epoch after another, with a bar, patience and a checkpoint.

The order of the rows in epoch k follows from the seed and k alone, so that a
training which was interrupted ends where an unbroken one ends.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import runtime
from workshop_utils.training.checkpoint import Checkpoint
from workshop_utils.training.history import History


def compile_model(model: Any, *, learning_rate: float = 1e-3) -> Any:
    """Give a model Adam, the loss that fits its output, and accuracy.

    One output is P(positive) and takes binary cross-entropy; several are
    classes and take categorical cross-entropy with one-hot labels. XLA is on
    only where :func:`runtime.lstm_kernel` chose it: compiling costs more here
    than it saves.

    Args:
        model: An uncompiled Keras model.
        learning_rate: Adam's step size; 0.001 is Keras' default.

    Returns:
        The same model, compiled.
    """
    keras = runtime.load_keras()
    one_output = model.output_shape[-1] == 1
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="binary_crossentropy" if one_output else "categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=runtime.lstm_kernel() == "xla",
    )
    return model


def fit(
    model: Any,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    epochs: int,
    batch_size: int = 64,
    validation: tuple[NDArray[Any], NDArray[Any]] | None = None,
    patience: int | None = None,
    class_weight: Mapping[int, float] | None = None,
    checkpoint: str | None = None,
    seed: int = runtime.DEFAULT_SEED,
    show: bool = True,
) -> History:
    """Train a compiled model, with a progress bar that shows loss and accuracy.

    Args:
        model: A compiled Keras model, see :func:`compile_model`.
        x: Inputs, shape (rows, ...).
        y: Labels, shape (rows,) or (rows, classes), as the model's loss needs them.
        epochs: How often to go through all rows, at most.
        batch_size: Rows in a gradient step.
        validation: Inputs and labels that are scored after each epoch and never learnt.
        patience: Stop when the validation loss has not improved for this many epochs,
            and go back to the best weights; None trains all epochs and keeps the last.
        class_weight: Class to the weight of its rows in the loss.
        checkpoint: Name for a checkpoint after each epoch, among the artifacts. A
            training that was interrupted goes on from there; one that ends removes it.
        seed: Of the order of the rows, which is another one in each epoch.
        show: False hides the line that names the device, and the bar.

    Returns:
        What was recorded; ``figures.learning_curves`` draws it.

    Raises:
        ValueError: Patience without a validation part, or rows and labels that do not fit.
        FloatingPointError: The loss is no longer a number.
        StorageError: A checkpoint cannot be written.
    """
    if patience is not None and validation is None:
        raise ValueError("Early stopping looks at the validation loss; give `validation` too.")
    if len(x) == 0 or len(x) != len(y):
        raise ValueError(f"Expected one label a row, got {len(x)} rows and {len(y)} labels.")
    task = _Task(model, x, y, batch_size, validation, class_weight, seed)
    keeper = Checkpoint(checkpoint, task.fingerprint()) if checkpoint else None
    record = keeper.resume(model) if keeper else History()
    record.device = "the GPU" if runtime.lstm_kernel() == "cudnn" else "the CPU"
    with _Progress(task, epochs, record, show) as progress:
        while record.epochs < epochs and not record.stopped_early:
            started = time.perf_counter()
            record.add(task.epoch(record.epochs, progress))
            waited = record.epochs - record.best_epoch
            if validation is not None and waited == 0:
                record.best_weights = model.get_weights()
            record.stopped_early = patience is not None and waited >= patience
            record.seconds += time.perf_counter() - started
            if keeper:
                keeper.save(model, record)
            progress.epoch_ended(record)
    if patience is not None:
        model.set_weights(record.best_weights)
    if keeper:
        keeper.remove()
    return record


@dataclass(frozen=True)
class _Task:
    """What is to be learnt, and one epoch of it."""

    model: Any
    x: NDArray[Any]
    y: NDArray[Any]
    batch_size: int
    validation: tuple[NDArray[Any], NDArray[Any]] | None
    class_weight: Mapping[int, float] | None
    seed: int

    @property
    def steps(self) -> int:
        """Gradient steps in one epoch."""
        return -(-len(self.x) // self.batch_size)

    def epoch(self, number: int, progress: _Progress) -> dict[str, float]:
        """Go through all rows once, in an order that belongs to this epoch."""
        order = np.random.default_rng([self.seed, number]).permutation(len(self.x))
        logs = self.model.fit(
            self.x[order],
            self.y[order],
            batch_size=self.batch_size,
            epochs=1,
            shuffle=False,
            validation_data=self.validation,
            validation_batch_size=512,
            class_weight=dict(self.class_weight) if self.class_weight else None,
            callbacks=progress.callbacks(),
            verbose=0,
        ).history
        return {name: values[-1] for name, values in logs.items()}

    def fingerprint(self) -> str:
        """Identify model, optimiser, data and settings, so that no other checkpoint is used."""
        keras = runtime.load_keras()
        settings = [
            json.loads(self.model.to_json()),
            keras.saving.serialize_keras_object(self.model.optimizer),
            self.batch_size,
            dict(self.class_weight) if self.class_weight else None,
            self.seed,
            keras.__version__,
        ]
        # Keras numbers what has no name, through the whole session: "adam", "adam_1", ...
        described = re.sub(r'_\d+"', '"', json.dumps(settings, sort_keys=True, default=str))
        digest = hashlib.sha256(described.encode())
        for array in (self.x, self.y, *(self.validation or ())):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


class _Progress:
    """One bar over all batches of all epochs, named after the epoch that runs."""

    def __init__(self, task: _Task, epochs: int, record: History, show: bool) -> None:
        self.epochs, self.steps, self.show = epochs, task.steps, show
        self.record = record

    def __enter__(self) -> _Progress:
        from tqdm.auto import tqdm

        if self.show:
            print(f"Training on {self.record.device}.")
        self.bar = tqdm(
            total=self.epochs * self.steps,
            initial=self.record.epochs * self.steps,
            unit="batch",
            desc=self._running(),
            disable=not self.show,
        )
        return self

    def callbacks(self) -> list[Any]:
        """Return the Keras callbacks that move the bar; none when it is hidden."""
        if not self.show:
            return []
        keras = runtime.load_keras()
        return [
            keras.callbacks.LambdaCallback(
                on_train_batch_end=lambda batch, logs: self.bar.update()  # noqa: ARG005 (Keras' names)
            )
        ]

    def epoch_ended(self, record: History) -> None:
        """Show the epoch's loss and accuracy, and name the next one."""
        shown = {name: values[-1] for name, values in record.history.items()}
        self.bar.set_postfix({name: f"{value:.3f}" for name, value in shown.items()})
        self.bar.set_description(self._running())

    def _running(self) -> str:
        return f"epoch {min(self.record.epochs + 1, self.epochs)}/{self.epochs}"

    def __exit__(self, *_: object) -> None:
        self.bar.close()
