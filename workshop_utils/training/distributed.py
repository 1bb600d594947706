"""Several GPUs of one machine: each computes its share of every batch."""

from __future__ import annotations

from typing import Any

from workshop_utils import environment


def every_gpu() -> Any:
    """Return a scope, for ``with``, whose models are trained on all GPUs of this machine.

    Build and compile the network inside it, and call ``fit`` as always. The batch size stays
    the size of the whole batch: with two GPUs each gets half. With one GPU or none the scope
    changes nothing.
    """
    tf = environment.load_tensorflow()
    if len(tf.config.list_logical_devices("GPU")) < 2:
        return tf.distribute.get_strategy().scope()
    return tf.distribute.MirroredStrategy().scope()
