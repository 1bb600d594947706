"""What Keras' ``fit`` lacks for a workshop: a checkpoint, a bar, length buckets, every GPU."""

from workshop_utils.training.buckets import every_gpu, length_buckets
from workshop_utils.training.callbacks import checkpoint, progress_bar
from workshop_utils.training.halves import divide_threads, in_halves

__all__ = [
    "checkpoint",
    "divide_threads",
    "every_gpu",
    "in_halves",
    "length_buckets",
    "progress_bar",
]
