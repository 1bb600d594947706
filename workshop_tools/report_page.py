"""The report of a run as one HTML page that needs nothing from outside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from workshop_tools.compare import Comparison, result_of
from workshop_tools.report import Claim, NotebookRun, Report
from workshop_utils.checks import FAILS, HOLDS, NOT_CHECKED

_TEMPLATE = "report.html.j2"
_WORDS = {HOLDS: "inside", FAILS: "outside", NOT_CHECKED: NOT_CHECKED}


@dataclass(frozen=True)
class Table:
    """One table of the page.

    Attributes:
        caption: Its caption.
        heads: The heads of the columns.
        rows: The cells, text or markup that is safe already.
        numbers: Which columns hold numbers, counted from 0.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    numbers: frozenset[int] = frozenset()

    def is_number(self, column: int) -> bool:
        """Whether a column holds numbers, which stand at its right edge."""
        return column in self.numbers


def report_page(report: Report, comparison: Comparison | None = None) -> str:
    """Return the report as one HTML page.

    Args:
        report: The report.
        comparison: This run beside an earlier one, if there was one.
    """
    from jinja2 import Environment

    template = files("workshop_tools").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=False, lstrip_blocks=False)
    page: str = environment.from_string(template).render(
        report=report,
        date=_date,
        passed=report.passed,
        verdict=verdict(report),
        total=_duration(sum(one.seconds for one in report.notebooks)),
        cards=_cards(report),
        parts=_parts(comparison),
        reported_only=", ".join(one.name for one in report.notebooks if one.reported_only),
        notebooks=_notebooks(report),
        failed=[one for one in report.notebooks if not one.passed],
        comparison=comparison,
        comparison_tables=[] if comparison is None else _comparison_tables(comparison),
        broken=_broken(report),
        bands=[_bands(one) for one in report.notebooks if any(c.is_band for c in one.claims)],
        slowest=_slowest(report),
        machine=Table("Machine and versions", ["What", "Which"], list(report.machine.items())),
    )
    return page


def verdict(report: Report) -> str:
    """Return how many notebooks passed, or failed, in one line."""
    count, failed = len(report.notebooks), sum(not one.passed for one in report.notebooks)
    return (
        f"{failed} of {count} notebooks failed"
        if failed
        else f"{count} of {count} notebooks passed"
    )


def _date(text: str) -> str:
    """Return a date of ISO 8601 to the minute, as people read it."""
    return text[:16].replace("T", " ")


def _duration(seconds: float) -> str:
    """Say a time in minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _cards(report: Report) -> list[tuple[str, str, str]]:
    notebooks = report.notebooks
    claims = [claim.outcome for one in notebooks for claim in one.claims]
    peak = max((one.peak_mebibytes or 0 for one in notebooks), default=0)
    cpu = sum(one.cpu_seconds or 0.0 for one in notebooks)
    passed = sum(one.passed for one in notebooks)
    broken, unchecked = claims.count(FAILS), claims.count(NOT_CHECKED)
    return [
        ("Notebooks passed", f"{passed} of {len(notebooks)}", ""),
        ("Claims that hold", f"{claims.count(HOLDS)} of {len(claims)}",
         f"do not hold: {broken} · not checked: {unchecked}"),
        ("Time", _duration(sum(one.seconds for one in notebooks)), f"{cpu:.0f} CPU seconds"),
        ("Largest peak memory", f"{peak:,} MiB" if peak else "not known", "one kernel"),
        ("Fetched", in_bytes(sum(one.fetched_bytes for one in notebooks)), "by the notebooks"),
        ("Accelerator", report.machine.get("accelerator", "not known"), ""),
    ]  # fmt: skip


def _parts(comparison: Comparison | None) -> list[tuple[str, str]]:
    parts = [("notebooks", "Notebooks")]
    if comparison is not None:
        parts.append(("comparison", "Beside an earlier run"))
    return [
        *parts,
        ("claims", "Metrics against their bands"),
        ("slowest", "Slowest cells"),
        ("machine", "Machine and versions"),
    ]


def _mark(text: str, *, good: bool) -> Any:
    """Return a word with its sign; the meaning is in the word, not in the colour."""
    from markupsafe import Markup

    kind, sign = ("good", "✓") if good else ("bad", "✗")
    return Markup('<span class="{}"><span aria-hidden="true">{}</span> {}</span>').format(
        kind, sign, text
    )


def _notebooks(report: Report) -> Table:
    from markupsafe import Markup

    heads = ["Notebook", "Result", "Seconds", "CPU seconds", "Peak memory", "Fetched", "Cells",
             "Claims that hold"]  # fmt: skip
    if any(one.parameters for one in report.notebooks):
        heads.append("Parameters")
    rows = []
    for one in report.notebooks:
        held = sum(claim.outcome == HOLDS for claim in one.claims)
        rows.append([
            Markup('<a href="{}.html">{}</a><br><span class="soft">{}</span>').format(
                one.name, one.name, one.title
            ),
            _mark(result_of(one), good=one.passed),
            f"{one.seconds:.1f}",
            "not known" if one.cpu_seconds is None else f"{one.cpu_seconds:.1f}",
            "not known" if one.peak_mebibytes is None else f"{one.peak_mebibytes:,} MiB",
            in_bytes(one.fetched_bytes),
            str(one.cells),
            f"{held} of {len(one.claims)}",
            ", ".join(f"{name} = {value!r}" for name, value in one.parameters.items()),
        ][: len(heads)])  # fmt: skip
    caption = "How each notebook went, and what it cost"
    return Table(caption, heads, rows, frozenset(range(2, 8)))


def _broken(report: Report) -> Table | None:
    """Return the claims that do not hold, with a number or without."""
    rows = [
        [one.name, str(claim.cell), claim.sentence, _measured(claim)]
        for one in report.notebooks
        for claim in one.claims
        if claim.outcome == FAILS
    ]
    heads = ["Notebook", "Cell", "Claim", "Measured"]
    return Table("Claims that do not hold", heads, rows, frozenset({1, 3})) if rows else None


def _measured(claim: Claim) -> str:
    if not claim.is_band:
        return "no number"
    if claim.value is None:
        return "not measured" if claim.outcome == NOT_CHECKED else "not a number"
    return f"{claim.value:.{claim.digits + 2}f}"


def _bands(one: NotebookRun) -> Table:
    rows = [
        [
            claim.name,
            str(claim.cell),
            _measured(claim),
            f"{claim.low:.{claim.digits}f} to {claim.high:.{claim.digits}f}",
            _strip(claim),
            _WORDS[claim.outcome]
            if claim.outcome == NOT_CHECKED
            else _mark(_WORDS[claim.outcome], good=claim.outcome == HOLDS),
        ]
        for claim in one.claims
        if claim.is_band
    ]
    heads = ["Metric", "Cell", "Measured", "Band", "Where in the band", "Result"]
    return Table(f"{one.name}: {one.title}", heads, rows, frozenset({1, 2, 3}))


def _strip(claim: Claim) -> Any:
    """Draw where a number lies; the band is the middle of the strip, and the columns say it too."""
    from markupsafe import Markup

    if claim.value is None or claim.low is None or claim.high is None:
        return ""
    width = claim.high - claim.low
    place = (claim.value - claim.low) / width if width else 0.5
    at = 40 + 80 * min(1.4, max(-0.4, place))
    kind = "point" if claim.outcome == HOLDS else "out"
    return Markup(
        '<svg class="strip" viewBox="0 0 160 22" aria-hidden="true" focusable="false">'
        '<line class="axis" x1="2" x2="158" y1="11" y2="11"/>'
        '<rect class="inside" x="40" y="4" width="80" height="14" rx="3"/>'
        '<circle class="{}" cx="{}" cy="11" r="5.5"/></svg>'
    ).format(kind, f"{at:.1f}")


def _slowest(report: Report) -> Table:
    from markupsafe import Markup

    rows = [
        [cell.notebook, str(cell.cell), f"{cell.seconds:.1f}",
         Markup("<code>{}</code>").format(cell.code)]
        for cell in report.slowest
    ]  # fmt: skip
    heads = ["Notebook", "Cell", "Seconds", "Begins with"]
    return Table("The cells that took longest", heads, rows, frozenset({1, 2}))


def in_bytes(number: int) -> str:
    """Return a number of bytes in words, for example ``8.2 MiB``."""
    size, units = float(number), ["B", "KiB", "MiB", "GiB"]
    while size >= 1000 and len(units) > 1:
        size /= 1024
        units.pop(0)
    return f"{size:.3g} {units[0]}"


def _comparison_tables(comparison: Comparison) -> Iterable[Table]:
    if comparison.notebooks:
        yield Table(
            "Notebooks in both runs",
            ["Notebook", "Before", "Now", "Seconds before", "Seconds now", "Change",
             "Memory before", "Memory now"],
            [
                [one.name, one.before, one.now,
                 f"{one.seconds_before:.1f}", f"{one.seconds_now:.1f}",
                 ("not known" if one.change is None else f"{one.change:+.0%}")
                 + (", slower" if one.slower else ""),
                 *("not known" if mebibytes is None else f"{mebibytes:,} MiB"
                   for mebibytes in (one.mebibytes_before, one.mebibytes_now))]
                for one in comparison.notebooks
            ],
            frozenset(range(3, 8)),
        )  # fmt: skip
    if comparison.metrics:
        yield Table(
            "Metrics in both runs",
            ["Notebook", "Metric", "Before", "Now", "Difference", "Band", "Left its band"],
            [
                [one.notebook, one.name,
                 *(f"{value:.{one.digits + 2}f}" for value in (one.before, one.now)),
                 f"{one.now - one.before:+.{one.digits + 2}f}",
                 f"{one.low:.{one.digits}f} to {one.high:.{one.digits}f}",
                 _mark("yes", good=False) if one.left_band else "no"]
                for one in comparison.metrics
            ],
            frozenset(range(2, 6)),
        )  # fmt: skip
    if comparison.versions:
        yield Table("What is another version", ["What", "Before", "Now"], comparison.versions)
