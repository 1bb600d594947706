"""How good is a classifier, how sure is that, and from which threshold on should it say yes?

Labels are 0 (negative) and 1 (positive) throughout, and every matrix and list
has the classes in this order.
"""

from workshop_utils.evaluation.intervals import (
    Resampled,
    bootstrap,
    table_with_intervals,
    weighted_scores,
)
from workshop_utils.evaluation.scores import (
    Scores,
    confusion,
    decide,
    predict,
    report,
    score_all,
    scores,
    table,
)
from workshop_utils.evaluation.thresholds import (
    best_threshold,
    mean_cost,
    precision_at_recall,
    threshold_from_costs,
)

__all__ = [
    "Resampled",
    "Scores",
    "best_threshold",
    "bootstrap",
    "confusion",
    "decide",
    "mean_cost",
    "precision_at_recall",
    "predict",
    "report",
    "score_all",
    "scores",
    "table",
    "table_with_intervals",
    "threshold_from_costs",
    "weighted_scores",
]
