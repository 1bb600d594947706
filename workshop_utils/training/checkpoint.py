"""A checkpoint after each epoch, from which an interrupted training goes on.

Weights and optimiser lie in one file an epoch. A small text file names the last
epoch and holds the state of the random layers, which Keras does not save. It is
written second, in one step, so that a training killed at any moment leaves a
checkpoint that fits together.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from workshop_utils import storage
from workshop_utils.training.history import History

STATE_NAME = "state.json"


class Checkpoint:
    """The last epoch of one training, kept among the artifacts.

    Args:
        name: Name of the training; its folder lies in ``checkpoints``.
        fingerprint: What identifies model, data and settings. A checkpoint with
            another one belongs to another training and is not used.
    """

    def __init__(self, name: str, fingerprint: str) -> None:
        self.folder = storage.artifacts_dir() / "checkpoints" / name
        self.fingerprint = fingerprint

    def save(self, model: Any, record: History) -> None:
        """Write the epoch that has just ended, then drop the ones no longer needed.

        Raises:
            StorageError: The disk is full or the folder cannot be written; the
                checkpoint of the epoch before stays.
        """
        with storage.atomic_path(self._weights(record.epochs)) as part:
            model.save(part)
        state = {
            "fingerprint": self.fingerprint,
            "record": asdict(replace(record, best_weights=None)),
            "random": [variable.numpy().tolist() for variable in _random_states(model)],
        }
        storage.write_text(self.folder / STATE_NAME, json.dumps(state, indent=1))
        for path in self._all_weights():
            if path not in {self._weights(record.epochs), self._weights(record.best_epoch)}:
                path.unlink(missing_ok=True)

    def resume(self, model: Any) -> History:
        """Put the last epoch's state into the model.

        Args:
            model: A compiled model like the one that was saved.

        Returns:
            What was recorded so far. It is empty where there is no usable
            checkpoint: none was written, it belongs to another training, or it is
            damaged (a sentence says so).
        """
        try:
            state = json.loads((self.folder / STATE_NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return History()
        except (OSError, ValueError):
            return self._anew("it cannot be read")
        if not isinstance(state, dict) or state.get("fingerprint") != self.fingerprint:
            return self._anew("it belongs to another model, other data or other settings")
        # Only an optimiser that has its variables takes the saved ones.
        model.optimizer.build(model.trainable_variables)
        before = [(variable, variable.numpy()) for variable in _all_variables(model)]
        try:
            record = History(**state["record"])
            if "val_loss" in record.history:
                model.load_weights(self._weights(record.best_epoch))
                record.best_weights = model.get_weights()
            model.load_weights(self._weights(record.epochs))
            for variable, value in zip(_random_states(model), state["random"], strict=True):
                variable.assign(value)
        except Exception:  # a damaged file fails in many ways, all with the same remedy
            # A file can be damaged in its middle, after part of it was taken over.
            for variable, value in before:
                variable.assign(value)
            return self._anew("it cannot be read")
        record.resumed_after = record.epochs
        print(f"Continuing after epoch {record.epochs}, which a checkpoint kept.")
        return record

    def _anew(self, why: str) -> History:
        print(f"A checkpoint was found and not used, because {why}. The training starts anew.")
        self.remove()
        return History()

    def remove(self) -> None:
        """Remove the checkpoint; a training that ended needs it no longer."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _weights(self, epoch: int) -> Path:
        return self.folder / f"epoch-{epoch:03d}.keras"

    def _all_weights(self) -> Iterator[Path]:
        return self.folder.glob("epoch-*.keras")


def _all_variables(model: Any) -> list[Any]:
    """Return weights, random states and the optimiser's memory."""
    return [*model.variables, *model.optimizer.variables]


def _random_states(model: Any) -> list[Any]:
    """Return the variables from which dropout draws its next random numbers."""
    return [each for each in model.variables if each.path.endswith("seed_generator_state")]
