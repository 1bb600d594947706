"""What Keras' ``fit`` lacks for a workshop: a checkpoint, a bar, length buckets, every GPU."""

from workshop_utils.training.buckets import every_gpu, length_buckets
from workshop_utils.training.callbacks import checkpoint, progress_bar

__all__ = [
    "checkpoint",
    "every_gpu",
    "length_buckets",
    "progress_bar",
]
