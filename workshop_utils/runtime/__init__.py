"""The machine is met here: platform, accelerator, versions, seeds, Keras, files, locks and bars."""

from workshop_utils.runtime.environment import (
    DEFAULT_SEED,
    describe,
    load_keras,
    load_tensorflow,
    obstacle,
    ready,
    set_seed,
    start,
)

__all__ = [
    "DEFAULT_SEED",
    "describe",
    "load_keras",
    "load_tensorflow",
    "obstacle",
    "ready",
    "set_seed",
    "start",
]
