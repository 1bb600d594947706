"""The bar of a training: it counts batches, and shows the figures of the last whole epoch."""

from __future__ import annotations

from typing import Any

from workshop_utils import environment
from workshop_utils.training.history import History


class Progress:
    """One bar over all batches of all epochs, named after the epoch that runs.

    In a notebook with widgets it is a widget, else a line of text (``tqdm.auto``).

    Args:
        record: The training's record; epochs that it holds count as done.
        epochs: Epochs that are planned.
        steps: Batches in an epoch.
        batch_size: Rows in a batch.
        show: False hides the line that names the device, and the bar.
    """

    def __init__(
        self, record: History, epochs: int, steps: int, batch_size: int, show: bool
    ) -> None:
        self.record, self.epochs, self.steps = record, epochs, steps
        self.batch_size, self.show = batch_size, show

    def __enter__(self) -> Progress:
        from tqdm.auto import tqdm

        if self.show:
            print(f"Training on {self.record.device}{self._on_gpu()}.")
        self.bar = tqdm(
            total=self.epochs * self.steps,
            initial=self.record.epochs * self.steps,
            unit="batch",
            desc=self._running(),
            disable=not self.show,
        )
        return self

    def _on_gpu(self) -> str:
        """Say what decides a GPU's speed: the kernel, and how much it gets at once."""
        if self.record.device == "the CPU":
            return ""
        return f", with cuDNN where the layers allow it, {self.batch_size} rows in each step"

    def callbacks(self) -> list[Any]:
        """Return the Keras callbacks that move the bar; none when it is hidden."""
        if not self.show:
            return []
        keras = environment.load_keras()
        return [
            keras.callbacks.LambdaCallback(
                on_train_batch_end=lambda batch, logs: self.bar.update()  # noqa: ARG005 (Keras' names)
            )
        ]

    def epoch_ended(self) -> None:
        """Show the epoch's loss and accuracy, and name the next one."""
        shown = {name: values[-1] for name, values in self.record.history.items()}
        self.bar.set_postfix({name: f"{value:.3f}" for name, value in shown.items()})
        self.bar.set_description(self._running())

    def _running(self) -> str:
        return f"epoch {min(self.record.epochs + 1, self.epochs)}/{self.epochs}"

    def __exit__(self, *_: object) -> None:
        self.bar.close()
