"""How large a JupyterHub for the workshop must be, from what the notebooks were measured to cost.

For L learners, with the figures of one report:

- memory: L · (server + the largest peaks of as many notebooks as one learner keeps open).
  A kernel holds its memory also while its learner reads.
- cores: a learner whose cells run keeps u cores busy, where u is the largest of CPU
  seconds / wall seconds of the notebooks. All at once: ⌈L · u⌉. Learners who are spread
  out: ⌈q · u⌉, where q is so many that at most q of L learners run a cell, 99 moments of
  100, when each runs one with probability p, whatever the others do (the binomial
  distribution). p is the largest share of a lesson during which its cells run: run
  seconds / (reading + exercises + run seconds).
- bytes from outside: L · F, or F with one cache that all read, where F is the length of
  all files that the notebooks ask for.
- disk: L · (F + K), or F + L · K with one cache, where K is what the notebooks save and
  the length of their executed copies.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workshop_tools.report import NotebookRun, Report
from workshop_utils.lessons import LESSONS, CourseError

LEARNERS = (30, 300, 10_000)
SURE = 0.99
"""Share of the moments at which the cores for learners who are spread out are enough."""


@dataclass(frozen=True)
class Assumptions:
    """What no run can measure.

    Attributes:
        open_kernels: Notebooks that one learner keeps open at a time.
        at_once: Probability that a learner's cells run at a moment, above 0, at most 1;
            by default it is computed from the minutes of the lessons.
    """

    open_kernels: int = 1
    at_once: float | None = None


@dataclass(frozen=True)
class OneLearner:
    """What one learner needs.

    Attributes:
        memory_mebibytes: Of the server and the open kernels.
        server_mebibytes: Of the server alone; 0 where it was not measured.
        busy_cores: Cores that are busy while a cell runs.
        at_once: Probability that a cell runs at a moment.
        fetched_bytes: What comes from outside when nothing is cached.
        kept_bytes: What the learner's own folder holds in the end.
    """

    memory_mebibytes: int
    server_mebibytes: int
    busy_cores: float
    at_once: float
    fetched_bytes: int
    kept_bytes: int


@dataclass(frozen=True)
class Size:
    """What so many learners need together.

    Attributes:
        learners: How many.
        memory_mebibytes: Memory of all servers and kernels.
        cores_spread: Cores when the learners are spread out.
        cores_at_once: Cores when all run a cell at the same moment.
        fetched_bytes: Bytes from outside when each learner has a cache.
        fetched_shared_bytes: Bytes from outside with one cache that all read.
        disk_bytes: Disk when each learner has a cache.
        disk_shared_bytes: Disk with one cache that all read.
    """

    learners: int
    memory_mebibytes: int
    cores_spread: int
    cores_at_once: int
    fetched_bytes: int
    fetched_shared_bytes: int
    disk_bytes: int
    disk_shared_bytes: int


def one_learner(report: Report, assumptions: Assumptions) -> OneLearner:
    """Return what one learner needs, by the formulas of this module.

    Raises:
        CourseError: The report does not measure the notebooks as they are, or lacks
            memory or processor time.
        ValueError: An assumption is outside its range.
    """
    _require_whole(report)
    if assumptions.open_kernels < 1:
        raise ValueError(f"One learner opens 1 notebook or more, not {assumptions.open_kernels}.")
    if assumptions.at_once is not None and not 0 < assumptions.at_once <= 1:
        raise ValueError(f"A share lies above 0 and at most at 1, not at {assumptions.at_once}.")
    peaks = sorted((one.peak_mebibytes or 0 for one in report.notebooks), reverse=True)
    server = report.server_mebibytes or 0
    files: dict[str, int] = {}
    for one in report.notebooks:
        files |= one.wanted_bytes
    share = assumptions.at_once or max(map(running_share, report.notebooks))
    return OneLearner(
        memory_mebibytes=server + sum(peaks[: assumptions.open_kernels]),
        server_mebibytes=server,
        busy_cores=max((one.cpu_seconds or 0.0) / one.seconds for one in report.notebooks),
        at_once=share,
        fetched_bytes=sum(files.values()),
        kept_bytes=sum(one.saved_bytes + one.copy_bytes for one in report.notebooks),
    )


def running_share(one: NotebookRun) -> float:
    """Return the share of a lesson's time during which its cells run, from 0 to 1.

    The minutes for reading and for the exercises are those of the catalogue.

    Raises:
        CourseError: The course has no such notebook.
    """
    for lesson in LESSONS:
        if lesson.name == one.name:
            waiting = 60 * (lesson.reading + lesson.exercises)
            return one.seconds / (waiting + one.seconds)
    raise CourseError(f"The course has no notebook {one.name}; the report is of another version.")


def size(learners: int, each: OneLearner) -> Size:
    """Return what so many learners need, by the formulas of this module.

    Args:
        learners: How many, at least 1.
        each: What one of them needs.

    Raises:
        ValueError: There is no learner.
    """
    if learners < 1:
        raise ValueError(f"A hub has at least one learner, not {learners}.")
    running = most_running(learners, each.at_once)
    kept = learners * each.kept_bytes
    return Size(
        learners=learners,
        memory_mebibytes=learners * each.memory_mebibytes,
        cores_spread=max(1, math.ceil(running * each.busy_cores)),
        cores_at_once=max(1, math.ceil(learners * each.busy_cores)),
        fetched_bytes=learners * each.fetched_bytes,
        fetched_shared_bytes=each.fetched_bytes,
        disk_bytes=learners * each.fetched_bytes + kept,
        disk_shared_bytes=each.fetched_bytes + kept,
    )


def sizes(report: Report, assumptions: Assumptions, learners: Sequence[int]) -> list[Size]:
    """Return what each number of learners needs; errors as in :func:`one_learner`."""
    each = one_learner(report, assumptions)
    return [size(number, each) for number in learners]


def most_running(learners: int, at_once: float) -> int:
    """Return how many learners run a cell at a moment, exceeded one moment in a hundred at most.

    It is the smallest q with P(X ≤ q) ≥ 0.99, where X counts the learners who run a
    cell: binomial, with ``learners`` tries of probability ``at_once``.

    Args:
        learners: How many there are.
        at_once: Probability that one of them runs a cell.
    """
    from scipy import stats

    return int(stats.binom.ppf(SURE, learners, at_once))


def _require_whole(report: Report) -> None:
    """Refuse a report whose figures are not those of the notebooks as learners run them."""
    failed = [one.name for one in report.notebooks if not one.passed]
    changed = [one.name for one in report.notebooks if one.parameters]
    blind = [
        one.name
        for one in report.notebooks
        if one.peak_mebibytes is None or one.cpu_seconds is None or not one.seconds
    ]
    if not report.notebooks:
        raise CourseError("The report has no notebook, so there is nothing to compute from.")
    if failed:
        raise CourseError(f"{', '.join(failed)} failed, so the whole cost was not measured.")
    if changed:
        raise CourseError(
            f"{', '.join(changed)} ran with other parameters; measure the notebooks as they are."
        )
    if blind:
        raise CourseError(
            f"Memory or processor time of {', '.join(blind)} was not measured; run it again."
        )
