"""How good is a classifier, how sure is that, and from which threshold on should it say yes?

Labels are 0 (negative) and 1 (positive) throughout.
"""

from workshop_utils.evaluation.intervals import Resampled, bootstrap, corrected_interval
from workshop_utils.evaluation.scores import Scores, decide, predict, scores
from workshop_utils.evaluation.thresholds import best_threshold

__all__ = [
    "Resampled",
    "Scores",
    "best_threshold",
    "bootstrap",
    "corrected_interval",
    "decide",
    "predict",
    "scores",
]
