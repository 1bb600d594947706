"""What is to be learnt, one epoch of it, and how to know the same training again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils import runtime
from workshop_utils.training import buckets

SCORED_TOGETHER = 512
"""Validation rows in one batch."""


@dataclass(frozen=True)
class Task:
    """A model, what it shall learn, and how.

    Attributes:
        model: A compiled Keras model.
        x: Inputs, shape (rows, ...).
        y: Labels, shape (rows,) or (rows, classes).
        batch_size: Rows in a gradient step.
        validation: Inputs and labels that are scored after each epoch.
        class_weight: Class to the weight of its rows in the loss.
        seed: Of the order of the rows.
        cut: Whether batches hold texts of like length without their common padding.
    """

    model: Any
    x: NDArray[Any]
    y: NDArray[Any]
    batch_size: int
    validation: tuple[NDArray[Any], NDArray[Any]] | None = None
    class_weight: Mapping[int, float] | None = None
    seed: int = runtime.DEFAULT_SEED
    cut: bool = False

    def __post_init__(self) -> None:
        if len(self.x) == 0 or len(self.x) != len(self.y):
            raise ValueError(
                f"Expected one label a row, got {len(self.x)} rows and {len(self.y)} labels."
            )
        if self.cut:
            buckets.check_model(self.model, self.x)

    @property
    def steps(self) -> int:
        """Gradient steps in one epoch."""
        return -(-len(self.x) // self.batch_size)

    def epoch(self, number: int, callbacks: Sequence[Any] = ()) -> dict[str, float]:
        """Go through all rows once, in an order that belongs to this epoch.

        Args:
            number: Of the epoch, counted from 0.
            callbacks: Keras callbacks, for the bar.

        Returns:
            Loss and metrics, those of the validation part with ``val_`` in front.
        """
        logs = self.model.fit(
            **(self._cut_batches(number) if self.cut else self._shuffled(number)),
            epochs=1,
            class_weight=dict(self.class_weight) if self.class_weight else None,
            callbacks=list(callbacks),
            verbose=0,
        ).history
        return {name: values[-1] for name, values in logs.items()}

    def _shuffled(self, number: int) -> dict[str, Any]:
        order = np.random.default_rng([self.seed, number]).permutation(len(self.x))
        return {
            "x": self.x[order],
            "y": self.y[order],
            "batch_size": self.batch_size,
            "shuffle": False,
            "validation_data": self.validation,
            "validation_batch_size": SCORED_TOGETHER,
        }

    def _cut_batches(self, number: int) -> dict[str, Any]:
        plan = buckets.shuffled(self.x, self.batch_size, self.seed, number)
        validation = None
        if self.validation is not None:
            tokens, labels = self.validation
            validation = buckets.dataset(tokens, labels, buckets.by_length(tokens, SCORED_TOGETHER))
        return {
            "x": buckets.dataset(self.x, self.y, plan),
            "shuffle": False,
            "validation_data": validation,
        }

    def fingerprint(self) -> str:
        """Identify model, optimiser, data and settings, so that no other checkpoint is used."""
        keras = runtime.load_keras()
        settings = [
            json.loads(self.model.to_json()),
            keras.saving.serialize_keras_object(self.model.optimizer),
            self.batch_size,
            dict(self.class_weight) if self.class_weight else None,
            self.seed,
            self.cut,
            keras.__version__,
        ]
        # Keras numbers what has no name, through the whole session: "adam", "adam_1", ...
        described = re.sub(r'_\d+"', '"', json.dumps(settings, sort_keys=True, default=str))
        digest = hashlib.sha256(described.encode())
        for array in (self.x, self.y, *(self.validation or ())):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()
