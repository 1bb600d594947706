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

from workshop_utils import environment
from workshop_utils.training import buckets

Inputs = NDArray[Any] | tuple[NDArray[Any], ...]
"""One array (rows, ...) a row of which is one input, or several for several inputs."""

SCORED_TOGETHER = 512
"""Validation rows in one batch."""


@dataclass(frozen=True)
class Task:
    """A model, what it shall learn, and how.

    Attributes:
        model: A compiled Keras model.
        x: Inputs, shape (rows, ...); a tuple for a model with several inputs, the tokens
            first.
        y: Labels, shape (rows,) or (rows, classes).
        batch_size: Rows in a gradient step.
        validation: Inputs and labels that are scored after each epoch.
        class_weight: Class to the weight of its rows in the loss.
        seed: Of the order of the rows.
        sample_weight: How much each row counts in the loss, shape (rows,).
        cut: Whether batches hold texts of like length without their common padding.
    """

    model: Any
    x: Inputs
    y: NDArray[Any]
    batch_size: int
    validation: tuple[Inputs, NDArray[Any]] | None = None
    class_weight: Mapping[int, float] | None = None
    seed: int = environment.DEFAULT_SEED
    cut: bool = False
    sample_weight: NDArray[Any] | None = None

    def __post_init__(self) -> None:
        labels = len(self.y)
        for each in inputs_of(self.x):
            if len(each) == 0 or len(each) != labels:
                raise ValueError(
                    f"Expected one label a row, got {len(each)} rows and {labels} labels."
                )
        if self.sample_weight is not None and len(self.sample_weight) != labels:
            raise ValueError(
                f"Expected {labels} weights, one a row; got {len(self.sample_weight)}."
            )
        if self.cut:
            buckets.check_model(self.model, inputs_of(self.x)[0])

    @property
    def steps(self) -> int:
        """Gradient steps in one epoch."""
        return -(-len(self.y) // self.batch_size)

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
        order = np.random.default_rng([self.seed, number]).permutation(len(self.y))
        return {
            "x": in_order(self.x, order),
            "y": self.y[order],
            "sample_weight": None if self.sample_weight is None else self.sample_weight[order],
            "batch_size": self.batch_size,
            "shuffle": False,
            "validation_data": self.validation,
            "validation_batch_size": SCORED_TOGETHER,
        }

    def _cut_batches(self, number: int) -> dict[str, Any]:
        x, validation = inputs_of(self.x), None
        plan = buckets.shuffled(x[0], self.batch_size, self.seed, number)
        if self.validation is not None:
            scored, labels = inputs_of(self.validation[0]), self.validation[1]
            validation = buckets.dataset(
                scored, labels, buckets.by_length(scored[0], SCORED_TOGETHER)
            )
        return {
            "x": buckets.dataset(x, self.y, plan, self.sample_weight),
            "shuffle": False,
            "validation_data": validation,
        }

    def fingerprint(self) -> str:
        """Identify model, optimiser, data and settings, so that no other checkpoint is used."""
        keras = environment.load_keras()
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
        scored = (
            () if self.validation is None else (*inputs_of(self.validation[0]), self.validation[1])
        )
        weights = () if self.sample_weight is None else (self.sample_weight,)
        for array in (*inputs_of(self.x), self.y, *scored, *weights):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def inputs_of(x: Inputs) -> tuple[NDArray[Any], ...]:
    """Return the arrays of one or several inputs."""
    return x if isinstance(x, tuple) else (x,)


def in_order(x: Inputs, order: NDArray[np.int64]) -> Inputs:
    """Return the rows of all inputs in an order."""
    return tuple(array[order] for array in x) if isinstance(x, tuple) else x[order]
