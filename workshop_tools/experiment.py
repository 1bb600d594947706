"""The command that computes a study's data file."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from workshop_utils.lessons import CourseError

NAMES = ("papers", "ablation")


def compute(name: str, processes: int | None = None, only: Sequence[str] = ()) -> int:
    """Compute what a study's data file does not hold yet.

    Args:
        name: One of ``NAMES``.
        processes: Jobs at a time; as many as there are cores by default.
        only: Parts of row names: jobs whose row holds none of them are left for later.

    Returns:
        The exit status.

    Raises:
        CourseError: There is no such study, or jobs failed.
    """
    from workshop_tools.experiments import ablation, papers, runner

    studies: dict[str, ModuleType] = {"papers": papers, "ablation": ablation}
    if name not in studies:
        raise CourseError(f"There is no study {name!r}; there are: {', '.join(NAMES)}.")
    study = studies[name]
    try:
        done = runner.carry_out(
            list(study.jobs()), study.measure, study.FILE, processes, only=tuple(only)
        )
    except runner.JobsFailedError as error:
        raise CourseError(str(error)) from error
    print(f"{done} jobs done now; the results are in {study.FILE}.")
    return 0
