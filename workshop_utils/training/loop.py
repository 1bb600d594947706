"""The training loop: one epoch after another, with a bar, patience and a checkpoint.

The order of the rows in epoch k follows from the seed and k alone, so that a
training which was interrupted ends where an unbroken one ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from workshop_utils import environment, tf_logging
from workshop_utils.training.checkpoint import Checkpoint
from workshop_utils.training.history import History
from workshop_utils.training.progress import Progress
from workshop_utils.training.task import Inputs, Task

XLA_PAYS_FROM = 2000
"""Gradient steps on a CPU from which XLA's compilation (2 s) is paid back: with inputs of
one shape it saves about 1 ms of the 25 ms that a step of the 2019 network takes."""


def compile_model(model: Any, *, learning_rate: float = 1e-3, steps: int = 0) -> Any:
    """Give a model Adam, the loss that fits its output, and accuracy.

    One output is P(positive) and takes binary cross-entropy; several are
    classes and take categorical cross-entropy with one-hot labels. XLA is on
    only where :func:`environment.lstm_kernel` chose it, or where a CPU will take so
    many steps that its compilation is paid back.

    Args:
        model: An uncompiled Keras model.
        learning_rate: Adam's step size; 0.001 is Keras' default.
        steps: Gradient steps that are planned, where they are many and all batches have
            one shape; see :data:`XLA_PAYS_FROM`.

    Returns:
        The same model, compiled.
    """
    keras = environment.load_keras()
    one_output = model.output_shape[-1] == 1
    kernel = environment.lstm_kernel()
    with_xla = kernel == "xla" or (kernel == "graph" and steps >= XLA_PAYS_FROM)
    if with_xla:
        tf_logging.silence_first_compilation(environment.load_tensorflow())
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="binary_crossentropy" if one_output else "categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=with_xla,
    )
    # Made now, Adam's memory needs not be made within the first, compiled step.
    model.optimizer.build(model.trainable_variables)
    return model


def fit(
    model: Any,
    x: Inputs,
    y: NDArray[Any],
    *,
    epochs: int,
    batch_size: int = 64,
    validation: tuple[Inputs, NDArray[Any]] | None = None,
    patience: int | None = None,
    class_weight: Mapping[int, float] | None = None,
    sample_weight: NDArray[Any] | None = None,
    checkpoint: str | None = None,
    buckets: bool = False,
    watch: Callable[[History], object] | None = None,
    seed: int = environment.DEFAULT_SEED,
    show: bool = True,
) -> History:
    """Train a compiled model, with a progress bar that shows loss and accuracy.

    A model that was built and compiled within ``with training.every_gpu():`` is
    trained on all GPUs of the machine, each with its share of every batch.

    Args:
        model: A compiled Keras model, see :func:`compile_model`.
        x: Inputs, shape (rows, ...); a tuple for a model with several inputs, the tokens
            first.
        y: Labels, shape (rows,) or (rows, classes), as the model's loss needs them.
        epochs: How often to go through all rows, at most.
        batch_size: Rows in a gradient step.
        validation: Inputs and labels that are scored after each epoch and never learnt.
        patience: Stop when the validation loss has not improved for this many epochs,
            and go back to the best weights; None trains all epochs and keeps the last.
        class_weight: Class to the weight of its rows in the loss.
        sample_weight: How much each row counts in the loss, shape (rows,).
        checkpoint: Name for a checkpoint after each epoch, among the artifacts. A
            training that was interrupted goes on from there; one that ends removes it.
        buckets: Put texts of like length into one batch and cut off the padding that
            all of them have. The gradients of a batch stay what they are; the batches
            are other ones. The model must mask its padding and take any length.
        watch: Called with the record after each epoch, for example
            ``figures.LiveCurves()``, which draws the curves while the training runs.
        seed: Of the order of the rows, which is another one in each epoch.
        show: False hides the line that names the device, and the bar.

    Returns:
        What was recorded; ``figures.learning_curves`` draws it.

    Raises:
        ValueError: Patience without a validation part, rows and labels that do not fit,
            or a model that cannot be trained on ``buckets``.
        FloatingPointError: The loss is no longer a number.
        StorageError: A checkpoint cannot be written.
    """
    if patience is not None and validation is None:
        raise ValueError("Early stopping looks at the validation loss; give `validation` too.")
    task = Task(model, x, y, batch_size, validation, class_weight, seed, buckets, sample_weight)
    keeper = Checkpoint(checkpoint, task.fingerprint()) if checkpoint else None
    record = keeper.resume(model) if keeper else History()
    record.device = device_of(model)
    with Progress(record, epochs, task.steps, batch_size, show) as progress:
        while record.epochs < epochs and not record.stopped_early:
            started = time.perf_counter()
            record.add(task.epoch(record.epochs, progress.callbacks()))
            waited = record.epochs - record.best_epoch
            if validation is not None and waited == 0:
                record.best_weights = model.get_weights()
            record.stopped_early = patience is not None and waited >= patience
            record.seconds += time.perf_counter() - started
            if keeper:
                keeper.save(model, record)
            progress.epoch_ended()
            if watch:
                watch(record)
    if patience is not None:
        model.set_weights(record.best_weights)
    if keeper:
        keeper.remove()
    return record


def device_of(model: Any) -> str:
    """Say in words where a model is trained: on the CPU, a GPU, or several at once."""
    kind = "GPU" if environment.lstm_kernel() == "cudnn" else "CPU"
    replicas = model.distribute_strategy.num_replicas_in_sync
    return f"the {kind}" if replicas == 1 else f"{replicas} {kind}s"
