"""What Keras' ``fit`` lacks for a workshop: a checkpoint, a bar, length buckets, every GPU.

``train_quick`` makes the model that notebook 06 needs when it finds none.
"""

from workshop_utils.training.callbacks import checkpoint, progress_bar
from workshop_utils.training.faster import every_gpu, length_buckets
from workshop_utils.training.halves import divide_threads, in_halves
from workshop_utils.training.quick import train_quick

__all__ = [
    "checkpoint",
    "divide_threads",
    "every_gpu",
    "in_halves",
    "length_buckets",
    "progress_bar",
    "train_quick",
]
