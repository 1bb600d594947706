"""The climb's data file as tables: means over the seeds, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workshop_utils.experiments import ablation, runner

if TYPE_CHECKING:
    import pandas as pd

FIGURES = ("accuracy", "macro_f1", "macro_f1_at_share", "average_precision")
ALONE, WITH_LINEAR = "alone", "with_linear"
CONFIDENCE = 0.95


class Mean(NamedTuple):
    """A mean over seeds, and half the width of its 95 % interval (Student's t)."""

    value: float
    half: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.half:.3f}"


def values(
    split: str, row: str, figure: str, *, what: str = ALONE, path: Path = ablation.FILE
) -> NDArray[np.float64]:
    """Return one figure of one row for each seed, in the order of the seeds.

    Args:
        split: ``ablation.GROUPED`` or ``ablation.SPLIT_2019``.
        row: A row of the study, see ``ablation.ROWS``.
        figure: For example ``average_precision``.
        what: ``alone``, or ``with_linear`` for a reader that is mixed with the linear one.
        path: The study's data file.

    Raises:
        KeyError: The study has no such row or figure.
        FileNotFoundError: There is no data file yet; the sentence names the command.
    """
    found = [
        record for record in runner.wanted(path, "make study") if record["row"] == f"{split}: {row}"
    ]
    if not found:
        raise KeyError(f"{path.name} has no row {row!r} on the split {split!r}.")
    found.sort(key=lambda record: record["seed"])
    return np.array([record[what][figure] for record in found])


def mean(
    split: str, row: str, figure: str, *, what: str = ALONE, path: Path = ablation.FILE
) -> Mean:
    """Return the mean of a figure over the seeds; arguments as in :func:`values`."""
    return _mean(values(split, row, figure, what=what, path=path))


def minus(
    split: str,
    row: str,
    other: str = ablation.LINEAR,
    figure: str = "average_precision",
    *,
    what: str = ALONE,
    path: Path = ablation.FILE,
) -> Mean:
    """Return the mean, over the seeds, of one row's figure minus that of another row alone.

    Both have the same test part with the same seed, so what makes a test part difficult for
    both cancels out.
    """
    own = values(split, row, figure, what=what, path=path)
    return _mean(own - values(split, other, figure, path=path))


def differences(
    rows: Sequence[str],
    other: str = ablation.LINEAR,
    figure: str = "average_precision",
    *,
    what: str = ALONE,
    path: Path = ablation.FILE,
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Return :func:`minus` of rows on both splits, as ``figures.bars`` wants values and errors."""
    found = {
        f"{split} split": [minus(split, row, other, figure, what=what, path=path) for row in rows]
        for split in (ablation.SPLIT_2019, ablation.GROUPED)
    }
    return (
        {split: [each.value for each in means] for split, means in found.items()},
        {split: [each.half for each in means] for split, means in found.items()},
    )


def table(
    split: str,
    rows: Sequence[str] = ablation.ROWS,
    figures: Sequence[str] = FIGURES,
    *,
    path: Path = ablation.FILE,
) -> pd.DataFrame:
    """Return the means and intervals of rows on one split, as texts for printing."""
    import pandas as pd

    return pd.DataFrame(
        {name.replace("_", " "): [str(mean(split, row, name, path=path)) for row in rows]
         for name in figures},
        index=list(rows),
    )  # fmt: skip


def _mean(each: NDArray[np.float64]) -> Mean:
    from scipy import stats

    error = each.std(ddof=1) / np.sqrt(each.size)
    half = stats.t.ppf((1 + CONFIDENCE) / 2, each.size - 1) * error
    return Mean(float(each.mean()), float(half))
