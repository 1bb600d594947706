"""The table of sizes as Markdown, in its place in the instructor's guide: ``workshop sizing``."""

from collections.abc import Sequence
from pathlib import Path

from workshop_tools.report import Report, read_report
from workshop_tools.sizing import (
    LEARNERS,
    SURE,
    Assumptions,
    OneLearner,
    one_learner,
    size,
)
from workshop_utils.lessons import CourseError, find_root
from workshop_utils.storage import write_text

GUIDE = Path("colab", "INSTRUCTOR.md")
BEGIN, END = "<!-- sizing:begin -->", "<!-- sizing:end -->"
HEADS = (
    "Learners",
    "Memory",
    "Cores, spread out",
    "Cores, all at once",
    "From outside, a cache each",
    "From outside, one cache",
    "Disk, a cache each",
    "Disk, one cache",
)
NEED_HEADS = (
    "Notebook",
    "Seconds",
    "CPU seconds",
    "Peak memory",
    "From outside, empty cache",
    "Saved",
)


def sizing(
    report: Path,
    *,
    learners: Sequence[int] | None = None,
    open_kernels: int = 1,
    at_once: float | None = None,
    write: bool = False,
    root: Path | None = None,
) -> int:
    """Print the table of sizes, or write it into the instructor's guide.

    Args:
        report: A ``report.json`` of a run in which every notebook passed.
        learners: Numbers of learners; 30, 300 and 10,000 by default.
        open_kernels: Notebooks that one learner keeps open at a time.
        at_once: Probability that a learner's cells run at a moment; by default it is
            computed from the minutes of the lessons.
        write: Put the table between the marks of the guide instead of printing it.
        root: The folder of the repository; found from the current folder by default.

    Returns:
        The exit status, 0.

    Raises:
        CourseError: The report cannot be used, or the guide lacks its marks.
        ValueError: An assumption is outside its range.
    """
    text = as_markdown(
        read_report(report), Assumptions(open_kernels, at_once), learners or LEARNERS
    )
    if not write:
        print(text)
        return 0
    guide = (root or find_root()) / GUIDE
    if not guide.is_file():
        raise CourseError(f"{GUIDE.as_posix()} is missing, so the table has no place.")
    write_text(guide, filled(guide.read_text(encoding="utf-8"), text))
    print(f"The table is in {GUIDE.as_posix()}.")
    return 0


def filled(page: str, text: str) -> str:
    """Return a page with new text between its two marks.

    Raises:
        CourseError: The marks are not there exactly once, or in the wrong order.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end) or BEGIN in rest or END in before + after:
        raise CourseError(
            f"{GUIDE.as_posix()} must have one line {BEGIN} and one line {END} below it."
        )
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def as_markdown(report: Report, assumptions: Assumptions, learners: Sequence[int]) -> str:
    """Return two tables and what they stand on: the needs of each notebook, and the sizes."""
    each = one_learner(report, assumptions)
    sentences = [f"- {sentence}" for sentence in basis(report, assumptions, each)]
    return "\n".join(
        [
            *_table(HEADS, size_rows(each, learners)),
            "",
            *sentences,
            "",
            *_table(NEED_HEADS, need_rows(report)),
        ]
    )


def basis(report: Report, assumptions: Assumptions, each: OneLearner) -> list[str]:
    """Return what the table of sizes stands on, one sentence each."""
    names = ", ".join(one.name for one in report.notebooks)
    kernels = assumptions.open_kernels
    chosen = "as given" if assumptions.at_once else "computed from the minutes of the lessons"
    server = (
        f"a JupyterLab server of {each.server_mebibytes:,} MiB"
        if each.server_mebibytes
        else "no JupyterLab server, which was not measured"
    )
    started = (
        "Each started cold."
        if report.cold
        else "Later ones used what earlier ones had saved; with `--record-minutes` each starts "
        "cold, and costs more."
    )
    return [
        f"Measured by `workshop run` on {report.date[:10]} with {report.cores} CPU cores and "
        f"{report.tweets_used}: {names}. {started}",
        f"Memory of one learner: {each.memory_mebibytes:,} MiB, for {server}, and "
        f"{kernels} open notebook{'' if kernels == 1 else 's'} at the largest peak. "
        "Nothing is taken off for learners who are away.",
        f"While a cell runs, one learner keeps up to {each.busy_cores:.2f} cores busy. With "
        "fewer cores nothing fails; the cells take longer.",
        f"Spread out: each learner runs a cell in {each.at_once:.1%} of the time ({chosen}), "
        f"whatever the others do, and the cores are enough in {SURE:.0%} of all moments. All at "
        "once: every learner starts a cell at the same second, the worst case of a class.",
        "One cache: all learners read one folder, which nobody but the instructor writes "
        "(`LSTM_WORKSHOP_CACHE`). The packages and the image of the hub are not counted.",
    ]


def size_rows(each: OneLearner, learners: Sequence[int]) -> list[list[str]]:
    """Return the table of sizes, one row for each number of learners."""
    return [
        [
            f"{found.learners:,}",
            in_bytes(found.memory_mebibytes * 1024**2),
            f"{found.cores_spread:,}",
            f"{found.cores_at_once:,}",
            in_bytes(found.fetched_bytes),
            in_bytes(found.fetched_shared_bytes),
            in_bytes(found.disk_bytes),
            in_bytes(found.disk_shared_bytes),
        ]
        for found in (size(number, each) for number in learners)
    ]


def need_rows(report: Report) -> list[list[str]]:
    """Return what each notebook needs, one row each."""
    return [
        [
            one.name,
            f"{one.seconds:.1f}",
            "not known" if one.cpu_seconds is None else f"{one.cpu_seconds:.1f}",
            "not known" if one.peak_mebibytes is None else f"{one.peak_mebibytes:,} MiB",
            in_bytes(sum(one.wanted_bytes.values())),
            in_bytes(one.saved_bytes),
        ]
        for one in report.notebooks
    ]


def in_bytes(number: int) -> str:
    """Return a number of bytes with three digits or so, for example ``8.2 MiB`` or ``39 GiB``."""
    size_now, unit = float(number), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size_now < 1024 or unit == "TiB":
            break
        size_now /= 1024
    digits = 0 if unit == "B" or size_now >= 10 else 1
    return f"{size_now:,.{digits}f} {unit}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    under = ["---"] + ["---:"] * (len(heads) - 1)
    return [f"| {' | '.join(row)} |" for row in (heads, under, *rows)]
