"""A run beside an earlier one: what passes no longer, what got slower, what left its band."""

from collections.abc import Iterable
from dataclasses import dataclass

from workshop_tools.report import Claim, NotebookRun, Report
from workshop_utils.checks import FAILS, HOLDS

SLOWER_SHARE = 0.2
"""A notebook that takes longer by more than this share of its earlier time is named."""


NOTHING_IN_COMMON = "The two runs have no notebook in common, so nothing could be compared."


@dataclass(frozen=True)
class NotebookChange:
    """One notebook in both runs.

    Attributes:
        name: The notebook's name.
        before: Its result in the earlier run, in words.
        now: Its result in this run, in words.
        seconds_before: Wall time in the earlier run.
        seconds_now: Wall time in this run.
        mebibytes_before: Peak memory in the earlier run; ``None`` if not known.
        mebibytes_now: Peak memory in this run; ``None`` if not known.
    """

    name: str
    before: str
    now: str
    seconds_before: float
    seconds_now: float
    mebibytes_before: int | None
    mebibytes_now: int | None

    @property
    def change(self) -> float | None:
        """The change of the wall time as a share of the earlier one; ``None`` if that was 0."""
        if not self.seconds_before:
            return None
        return self.seconds_now / self.seconds_before - 1

    @property
    def slower(self) -> bool:
        """Whether it passed both times and takes longer by more than a fifth."""
        both = self.before == self.now == "passed"
        return both and self.change is not None and self.change > SLOWER_SHARE


@dataclass(frozen=True)
class MetricChange:
    """One number with a band in both runs.

    Attributes:
        notebook: The notebook's name.
        name: What was measured.
        before: The number of the earlier run.
        now: The number of this run.
        low: Lower end of the band of this run.
        high: Upper end of the band of this run.
        digits: Decimals with which the ends are written.
        left_band: Whether it lay inside in the earlier run and lies outside now.
    """

    notebook: str
    name: str
    before: float
    now: float
    low: float
    high: float
    digits: int
    left_band: bool


@dataclass(frozen=True)
class Comparison:
    """This run beside an earlier one.

    Attributes:
        date: When the earlier run began.
        remarks: Sentences on what makes the two runs unlike.
        findings: Sentences on what became worse or better; empty when nothing did.
        notebooks: The notebooks that both runs have.
        metrics: The numbers with a band that both runs measured.
        versions: System, accelerator and versions that differ: name, before, now.
    """

    date: str
    remarks: tuple[str, ...]
    findings: tuple[str, ...]
    notebooks: tuple[NotebookChange, ...]
    metrics: tuple[MetricChange, ...]
    versions: tuple[tuple[str, str, str], ...]

    @property
    def verdict(self) -> tuple[str, ...]:
        """What became worse or better, or that nothing did; empty where nothing was compared."""
        if self.findings or not self.notebooks:
            return self.findings
        return ("Nothing became worse.",)


def compare(before: Report, now: Report) -> Comparison:
    """Set a run beside an earlier one.

    Args:
        before: The report of the earlier run.
        now: The report of this run.
    """
    old = {one.name: one for one in before.notebooks}
    pairs = [(old[one.name], one) for one in now.notebooks if one.name in old]
    notebooks = tuple(_notebook_change(*pair) for pair in pairs)
    metrics = tuple(metric for pair in pairs for metric in _metric_changes(*pair))
    return Comparison(
        date=before.date,
        remarks=tuple(_remarks(before, now, pairs)),
        findings=(*_findings(notebooks), *_lost_claims(pairs, metrics)),
        notebooks=notebooks,
        metrics=metrics,
        versions=_versions(before, now),
    )


def _notebook_change(before: NotebookRun, now: NotebookRun) -> NotebookChange:
    return NotebookChange(
        name=now.name,
        before=result_of(before),
        now=result_of(now),
        seconds_before=before.seconds,
        seconds_now=now.seconds,
        mebibytes_before=before.peak_mebibytes,
        mebibytes_now=now.peak_mebibytes,
    )


def result_of(one: NotebookRun) -> str:
    """Return how a notebook went, in words."""
    return "passed" if one.passed else f"failed in cell {one.failed_cell}"


def _numbered(run: NotebookRun) -> dict[tuple[str, int], Claim]:
    """Return the claims by their sentence; one that is made again gets the next number.

    Not by their cell, which moves when a notebook grows.
    """
    found: dict[tuple[str, int], Claim] = {}
    for claim in run.claims:
        said = claim.name or claim.sentence
        times = sum(name == said for name, _ in found)
        found[said, times] = claim
    return found


def _metric_changes(before: NotebookRun, now: NotebookRun) -> Iterable[MetricChange]:
    old = _numbered(before)
    for key, claim in _numbered(now).items():
        earlier = old.get(key)
        if earlier is None or earlier.value is None or claim.value is None:
            continue
        assert claim.low is not None
        assert claim.high is not None
        yield MetricChange(
            notebook=now.name,
            name=claim.name,
            before=earlier.value,
            now=claim.value,
            low=claim.low,
            high=claim.high,
            digits=claim.digits,
            left_band=earlier.outcome == HOLDS and claim.outcome == FAILS,
        )


def _remarks(
    before: Report, now: Report, pairs: list[tuple[NotebookRun, NotebookRun]]
) -> Iterable[str]:
    if not pairs:
        yield NOTHING_IN_COMMON
    if before.tweets_used != now.tweets_used:
        yield f"The earlier run used {before.tweets_used}, this one {now.tweets_used}."
    if before.cores and now.cores and before.cores != now.cores:
        yield f"The earlier run had {before.cores} CPU cores, this one {now.cores}."
    other = [new.name for old, new in pairs if dict(old.parameters) != dict(new.parameters)]
    if other:
        yield f"The parameters are not the same: {', '.join(other)}."
    paired = {new.name for _, new in pairs}
    for which, run in (("the earlier run", before), ("this run", now)):
        alone = [one.name for one in run.notebooks if one.name not in paired]
        if alone:
            yield f"Only in {which}: {', '.join(alone)}."


def _findings(notebooks: Iterable[NotebookChange]) -> Iterable[str]:
    for one in notebooks:
        if one.before != one.now:
            yield f"{one.name}: {one.before} before, {one.now} now."
        if one.slower and one.change is not None:
            yield (
                f"{one.name} is slower by {one.change:.0%}: {one.seconds_before:.1f} s before, "
                f"{one.seconds_now:.1f} s now."
            )


def _lost_claims(
    pairs: list[tuple[NotebookRun, NotebookRun]], metrics: Iterable[MetricChange]
) -> Iterable[str]:
    for metric in metrics:
        if metric.left_band:
            yield (
                f"{metric.notebook}: {metric.name} left its band {metric.low:.{metric.digits}f} "
                f"to {metric.high:.{metric.digits}f}: {metric.before:.{metric.digits + 2}f} "
                f"before, {metric.now:.{metric.digits + 2}f} now."
            )
    for before, now in pairs:
        old = _numbered(before)
        for key, claim in _numbered(now).items():
            earlier = old.get(key)
            lost = earlier and earlier.outcome == HOLDS and claim.outcome == FAILS
            # A number outside its band was named above; one that is no number was not.
            if lost and (not claim.is_band or claim.value is None):
                yield f"{now.name}: no longer true: {claim.sentence}."


def _versions(before: Report, now: Report) -> tuple[tuple[str, str, str], ...]:
    names = dict.fromkeys([*before.machine, *now.machine])
    both = [(n, before.machine.get(n, "absent"), now.machine.get(n, "absent")) for n in names]
    return tuple((name, old, new) for name, old, new in both if old != new)
