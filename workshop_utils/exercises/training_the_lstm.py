"""The exercises of notebook 05: weigh both classes, fold a linear layer, know when to stop."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop_utils.exercises.core import Exercise, Mistake

__all__ = ["balanced_accuracy", "epoch_to_keep", "fold_linear"]

Array = NDArray[Any]
Measure = Callable[[Array], float]
Stop = Callable[[Sequence[float], int], int]

MATRICES = tuple(
    np.array(counts) for counts in (((90, 10), (5, 5)), ((80, 0), (20, 0)), ((3, 1), (6, 30)))
)
COURSES: tuple[tuple[list[float], int], ...] = (
    ([0.40, 0.35, 0.36, 0.50], 1),
    ([0.40, 0.35, 0.36, 0.30, 0.60, 0.70], 1),
    ([0.40, 0.35, 0.36, 0.30, 0.60, 0.70], 2),
    ([0.50, 0.45, 0.41, 0.40], 2),
    ([0.50, 0.60, 0.20], 1),
)


def solution_balanced_accuracy(matrix: Array) -> float:
    """The mean of the recalls of both classes."""
    recalls = [matrix[k, k] / matrix[k].sum() for k in range(len(matrix))]
    return float(np.mean(recalls))


def solution_fold_linear(W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    """One linear layer that does what two in a row do."""
    return W1 @ W2, b1 @ W2 + b2


def solution_epoch_to_keep(losses: Sequence[float], patience: int) -> int:
    """The epoch, counted from 1, whose weights early stopping keeps."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best + 1


def _measures(other: Measure) -> Callable[[Measure], bool]:
    return lambda function: bool(
        np.allclose([function(m) for m in MATRICES], [other(m) for m in MATRICES])
    )


def _accuracy(matrix: Array) -> float:
    return float(np.trace(matrix) / matrix.sum())


def _mean_precision(matrix: Array) -> float:
    columns = matrix.sum(axis=0)
    return float(np.mean(np.diag(matrix) / np.where(columns > 0, columns, 1)))


def _sum_of_recalls(matrix: Array) -> float:
    return 2 * solution_balanced_accuracy(matrix)


balanced_accuracy = Exercise(
    name="balanced_accuracy",
    accepts=_measures(solution_balanced_accuracy),
    hints=(
        "A recall belongs to one true class, and a true class is one row of the matrix.",
        "matrix[k, k] / matrix[k].sum() is the recall of class k; take the mean of the two.",
    ),
    solved_by=solution_balanced_accuracy,
    mistakes=(
        Mistake(
            _measures(_accuracy),
            "this is the plain accuracy; divide each row by its own sum before you average.",
            (_accuracy,),
        ),
        Mistake(
            _measures(_mean_precision),
            "you divide by the columns, which gives precision; recall divides by the rows.",
            (_mean_precision,),
        ),
        Mistake(
            _measures(_sum_of_recalls),
            "you add the two recalls; their mean is asked for.",
            (_sum_of_recalls,),
        ),
    ),
    otherwise="return one number from 0 to 1: the mean of the two recalls.",
    after="Each class counts the same here, however rare it is.",
)


def _layers() -> tuple[Array, Array, Array, Array]:
    random = np.random.default_rng(0)
    return (
        random.normal(size=(4, 6)),
        random.normal(size=6),
        random.normal(size=(6, 2)),
        random.normal(size=2),
    )


def _folds_as(other: Callable[..., tuple[Array, Array]]) -> Callable[..., bool]:
    def same(function: Callable[..., tuple[Array, Array]]) -> bool:
        (W, b), (V, c) = function(*_layers()), other(*_layers())
        return (
            np.shape(W) == V.shape
            and np.shape(b) == c.shape
            and bool(np.allclose(W, V) and np.allclose(b, c))
        )

    return same


def _first_bias_lost(W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:  # noqa: ARG001  # the mistake
    return W1 @ W2, b2


def _first_bias_added_late(W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    return W1 @ W2, b1[: len(b2)] + b2


def _second_bias_lost(W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:  # noqa: ARG001  # the mistake
    return W1 @ W2, b1 @ W2


fold_linear = Exercise(
    name="fold_linear",
    accepts=_folds_as(solution_fold_linear),
    hints=(
        "Write (x @ W1 + b1) @ W2 + b2 and multiply it out.",
        "The new weights are W1 @ W2; the new bias is what remains when x is zero.",
    ),
    solved_by=solution_fold_linear,
    mistakes=(
        Mistake(
            _folds_as(_first_bias_lost),
            "the first bias is missing; it goes through the second layer too.",
            (_first_bias_lost,),
        ),
        Mistake(
            _folds_as(_second_bias_lost),
            "the second bias is missing; add b2 at the end.",
            (_second_bias_lost,),
        ),
        Mistake(
            _folds_as(_first_bias_added_late),
            "the first bias has another length; multiply it by W2 before you add it.",
            (_first_bias_added_late,),
        ),
        Mistake(
            lambda function: np.shape(function(*_layers())[0]) != (4, 2),
            "the new weights must lead from 4 inputs to 2 outputs; multiply W1 by W2.",
            (lambda W1, b1, W2, b2: (W1, b1 @ W2 + b2),),
        ),
    ),
    otherwise="return two arrays, weights and bias, that do in one step what the layers do in two.",
    after="256 units in between, and two layers can do no more than one.",
)


def _keeps(other: Stop) -> Callable[[Stop], bool]:
    return lambda function: (
        [function(*course) for course in COURSES] == [other(*course) for course in COURSES]
    )


def _lowest_of_all(losses: Sequence[float], patience: int) -> int:  # noqa: ARG001  # the mistake
    return int(np.argmin(losses)) + 1


def _counted_from_zero(losses: Sequence[float], patience: int) -> int:
    return solution_epoch_to_keep(losses, patience) - 1


def _epoch_of_the_stop(losses: Sequence[float], patience: int) -> int:
    return min(solution_epoch_to_keep(losses, patience) + patience, len(losses))


def _one_epoch_of_patience(losses: Sequence[float], patience: int) -> int:  # noqa: ARG001  # the mistake
    return solution_epoch_to_keep(losses, 1)


epoch_to_keep = Exercise(
    name="epoch_to_keep",
    accepts=_keeps(solution_epoch_to_keep),
    hints=(
        "Go through the losses in order and remember the best epoch so far. When do you stop?",
        "Stop when epoch - best >= patience. Then return the best epoch, counted from 1.",
    ),
    solved_by=solution_epoch_to_keep,
    mistakes=(
        Mistake(
            _keeps(_lowest_of_all),
            "you look at all losses, but a training that stopped never sees the later ones.",
            (_lowest_of_all,),
        ),
        Mistake(
            _keeps(_counted_from_zero),
            "you count from 0; the first epoch is epoch 1.",
            (_counted_from_zero,),
        ),
        Mistake(
            _keeps(_epoch_of_the_stop),
            "this is the epoch in which training stops; the weights of the best one are kept.",
            (_epoch_of_the_stop,),
        ),
        Mistake(
            _keeps(_one_epoch_of_patience),
            "you stop at the first rise; wait for as many epochs as patience says.",
            (_one_epoch_of_patience,),
        ),
    ),
    otherwise="return the number of the epoch that is kept, a whole number from 1 on.",
    after="Patience decides how long a rise may last before you believe it.",
)
