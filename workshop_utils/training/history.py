"""What a training records, epoch by epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class History:
    """The record of one training.

    Attributes:
        history: Name to one value an epoch (``loss``, ``accuracy``, and the same
            with ``val_`` in front), as in the object that Keras' ``fit`` returns.
        seconds: Wall time of all epochs, tracing included, in seconds.
        device: Where it was computed: ``the CPU``, ``the GPU``, or for example ``2 GPUs``.
        resumed_after: Epochs that came from a checkpoint; 0 for an unbroken run.
        stopped_early: Whether patience ended the training before its last epoch.
        best_weights: The weights after :attr:`best_epoch`, for ``model.set_weights``;
            None where there is no validation part.
    """

    history: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    device: str = ""
    resumed_after: int = 0
    stopped_early: bool = False
    best_weights: list[Any] | None = field(default=None, compare=False)

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return len(self.history.get("loss", ()))

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, with the lowest validation loss (else the last one)."""
        losses = self.history.get("val_loss")
        return losses.index(min(losses)) + 1 if losses else self.epochs

    def add(self, epoch: Mapping[str, float]) -> None:
        """Append one epoch's values.

        Raises:
            FloatingPointError: A loss is not a number any more, or is infinite.
        """
        losses = {"loss": "loss", "val_loss": "validation loss"}
        broken = [key for key in losses if not math.isfinite(epoch.get(key, 0.0))]
        if broken:
            raise FloatingPointError(
                f"The {losses[broken[0]]} became {epoch[broken[0]]} in epoch {self.epochs + 1}: "
                "the steps are too large. Build the model again and train with a smaller learning "
                "rate, or clip the gradient (`clipnorm=1` in the optimiser)."
            )
        for name, value in epoch.items():
            self.history.setdefault(name, []).append(float(value))

    def __repr__(self) -> str:
        return f"History({self.epochs} epochs on {self.device})"
