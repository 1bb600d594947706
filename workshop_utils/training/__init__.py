"""Training as practice: a progress bar, early stopping, checkpoints, and the quick recipe.

``fit`` trains any model of the workshop, on one device or all GPUs of a machine;
``fit_on_machines`` trains on several machines; ``train_quick`` makes the model that
notebook 06 needs when it finds none.
"""

from workshop_utils.training.distributed import every_gpu, fit_on_machines, machines
from workshop_utils.training.history import History
from workshop_utils.training.loop import compile_model, fit
from workshop_utils.training.quick import QUICK, Recipe, record_of, train_quick, train_recipe

__all__ = [
    "QUICK",
    "History",
    "Recipe",
    "compile_model",
    "every_gpu",
    "fit",
    "fit_on_machines",
    "machines",
    "record_of",
    "train_quick",
    "train_recipe",
]
