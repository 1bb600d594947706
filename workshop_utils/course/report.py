"""The report of a run: which notebooks passed, how long they took, on what; as a page and JSON."""

import html
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from workshop_utils.course.editions import Notebook, code_cells
from workshop_utils.course.execute import Execution
from workshop_utils.course.tweets_at_hand import Finding
from workshop_utils.storage import write_text

SLOWEST = 10
_STYLE = """
body { font-family: system-ui, sans-serif; line-height: 1.5; max-width: 64rem; margin: 2rem auto;
       padding: 0 1rem; color: #1b1b1b; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #ccc;
         vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; background: #f4f4f4; padding: .8rem; }
"""
_NOTEBOOK_HEADS = ["Notebook", "Result", "Seconds", "Peak memory", "Cells"]
_SLOWEST_HEADS = ["Notebook", "Cell", "Seconds", "Begins with"]


@dataclass(frozen=True)
class NotebookRun:
    """How one notebook went.

    Attributes:
        name: The notebook's name.
        title: Its title.
        passed: Whether every cell ran.
        seconds: Wall time, start of the kernel included.
        peak_mebibytes: Largest resident memory of its kernel; ``None`` if not known.
        cells: Number of code cells that ran.
        failed_cell: Number of the code cell that failed, from 1, or ``None``.
        failure: The traceback or a sentence; empty when it passed.
    """

    name: str
    title: str
    passed: bool
    seconds: float
    peak_mebibytes: int | None
    cells: int
    failed_cell: int | None
    failure: str


@dataclass(frozen=True)
class SlowCell:
    """One of the cells that took longest.

    Attributes:
        notebook: The notebook's name.
        cell: Number of the code cell, from 1.
        seconds: Wall time.
        code: Its first line of code.
    """

    notebook: str
    cell: int
    seconds: float
    code: str


@dataclass(frozen=True)
class Report:
    """Everything that a run says about itself.

    Attributes:
        date: When it began, ISO 8601 with time zone.
        real_tweets: Whether the published tweets were used, byte for byte.
        tweets_used: Which tweets were used, in words.
        tweets: The sentence that says where they come from, or why not the real ones.
        machine: System, accelerator, CPU cores, Python and library versions, as text.
        notebooks: How each notebook went, in order.
        slowest: The cells that took longest, slowest first.
    """

    date: str
    real_tweets: bool
    tweets_used: str
    tweets: str
    machine: dict[str, str]
    notebooks: tuple[NotebookRun, ...]
    slowest: tuple[SlowCell, ...]

    @property
    def passed(self) -> bool:
        """Whether every notebook passed."""
        return all(one.passed for one in self.notebooks)


def notebook_run(name: str, title: str, result: Execution) -> NotebookRun:
    """Sum up the execution of one notebook."""
    peak = None if result.peak_bytes is None else round(result.peak_bytes / 1024**2)
    return NotebookRun(
        name=name,
        title=title,
        passed=result.passed,
        seconds=round(result.seconds, 2),
        peak_mebibytes=peak,
        cells=len(result.cell_seconds),
        failed_cell=result.failed_cell,
        failure=result.failure,
    )


def slowest_cells(results: Sequence[tuple[str, Execution]]) -> tuple[SlowCell, ...]:
    """Return the cells that took longest over all notebooks, slowest first.

    Args:
        results: Name and execution of each notebook.
    """
    cells = [
        SlowCell(name, number, round(seconds, 2), _first_line(result.notebook, number))
        for name, result in results
        for number, seconds in result.cell_seconds.items()
    ]
    return tuple(sorted(cells, key=lambda cell: -cell.seconds)[:SLOWEST])


def _first_line(notebook: Notebook, number: int) -> str:
    lines = str(code_cells(notebook)[number - 1]["source"]).splitlines()
    return next((line for line in lines if line.strip() and not line.startswith("#")), "")


def make_report(date: str, found: Finding, results: Sequence[tuple[str, str, Execution]]) -> Report:
    """Put together the report of a run.

    Args:
        date: When it began, ISO 8601.
        found: Which tweets were used.
        results: Name, title and execution of each notebook, in order.
    """
    return Report(
        date=date,
        real_tweets=found.real,
        tweets_used=found.name,
        tweets=found.sentence,
        machine=_machine(),
        notebooks=tuple(notebook_run(*one) for one in results),
        slowest=slowest_cells([(name, result) for name, _, result in results]),
    )


def _machine() -> dict[str, str]:
    from workshop_utils import runtime

    here = runtime.describe()
    return {"system": here.system, "accelerator": here.accelerator, **dict(here.versions)}


def write_report(report: Report, folder: Path) -> Path:
    """Write ``report.json`` and ``report.html`` and return the path of the page."""
    as_json = json.dumps(asdict(report), indent=1, ensure_ascii=False) + "\n"
    write_text(folder / "report.json", as_json)
    page = folder / "report.html"
    write_text(page, report_page(report))
    return page


def report_page(report: Report) -> str:
    """Return the report as one HTML page that needs nothing from outside."""
    total = sum(one.seconds for one in report.notebooks)
    failed = [one for one in report.notebooks if not one.passed]
    verdict = (
        f"{len(failed)} of {len(report.notebooks)} notebooks failed"
        if failed
        else f"{len(report.notebooks)} of {len(report.notebooks)} notebooks passed"
    )
    parts = [
        f"<h1>{verdict}</h1>",
        f"<p>Run of {_safe(report.date)}, {total:.0f} seconds, with {_safe(report.tweets_used)}. "
        f"{_safe(report.tweets)}</p>",
        _table(
            "Notebooks", ["Notebook", "Result", "Seconds", "Peak memory", "Cells"], _rows(report)
        ),
        *(_failure(one) for one in failed),
        _table("Slowest cells", _SLOWEST_HEADS, _slowest_rows(report)),
        _table(
            "Machine and versions",
            ["What", "Which"],
            [[_safe(name), _safe(value)] for name, value in report.machine.items()],
        ),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>LSTM workshop: {verdict}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _rows(report: Report) -> list[list[str]]:
    return [
        [
            f'<a href="{_safe(one.name)}.html">{_safe(one.name)}: {_safe(one.title)}</a>',
            "passed" if one.passed else f"<strong>failed in cell {one.failed_cell}</strong>",
            f"{one.seconds:.1f}",
            "not known" if one.peak_mebibytes is None else f"{one.peak_mebibytes:,} MiB",
            str(one.cells),
        ]
        for one in report.notebooks
    ]


def _slowest_rows(report: Report) -> list[list[str]]:
    return [
        [
            _safe(cell.notebook),
            str(cell.cell),
            f"{cell.seconds:.1f}",
            f"<code>{_safe(cell.code)}</code>",
        ]
        for cell in report.slowest
    ]


def _failure(one: NotebookRun) -> str:
    return f"<h2>{_safe(one.name)}, cell {one.failed_cell}</h2>\n<pre>{_safe(one.failure)}</pre>"


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    lines = ["".join(_data_cell(text) for text in row) for row in rows]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>\n<caption>{caption}</caption>\n<tr>{head}</tr>\n{body}\n</table>"


def _data_cell(text: str) -> str:
    number = text.replace(",", "").replace(".", "", 1).removesuffix(" MiB").isdigit()
    return f'<td class="number">{text}</td>' if number else f"<td>{text}</td>"


def _safe(text: str) -> str:
    return html.escape(text)
