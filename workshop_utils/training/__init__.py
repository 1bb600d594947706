"""Training gets what Keras' ``fit`` lacks, and a score gets its interval.

The first part is a checkpoint, a bar, length buckets, every GPU and a new start; the second
:mod:`~workshop_utils.training.evaluation`, beside stored results of long experiments.
"""

from workshop_utils.training.buckets import every_gpu, length_buckets
from workshop_utils.training.callbacks import checkpoint, progress_bar
from workshop_utils.training.evaluation import wrong_for_all
from workshop_utils.training.restart import restart
from workshop_utils.training.restarts import Restarts, read_untrained

__all__ = [
    "Restarts",
    "checkpoint",
    "every_gpu",
    "length_buckets",
    "progress_bar",
    "read_untrained",
    "restart",
    "wrong_for_all",
]
