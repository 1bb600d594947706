"""The report of a run: which notebooks passed, what they cost, which claims held, on what.

A report is plain data, as ``report.json`` holds it; the template makes a page of it.
"""

import datetime
import json
import platform
import re
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from workshop_tools.editions import code_cells
from workshop_tools.execute import Execution
from workshop_tools.tweets_at_hand import Finding
from workshop_utils.learning.checks import FAILS, HOLDS
from workshop_utils.learning.lessons import CourseError

Table = dict[str, Any]
SLOWEST = 10
SLOWER_SHARE = 0.2
"""A notebook that takes longer by more than this share of its earlier time is named."""


def notebook_run(name: str, result: Execution, events: Sequence[Table]) -> Table:
    """Sum up the execution of one notebook, and what its kernel noted, claims among it."""
    cells = result.notebook["cells"]
    code = code_cells(result.notebook)
    first = next((cell["source"] for cell in cells if cell["cell_type"] == "markdown"), "")
    slowest: list[Table] = []
    for number in sorted(result.cell_seconds, key=result.cell_seconds.__getitem__)[-SLOWEST:]:
        begins = re.search(r"^(?!#).*\S.*", code[number - 1]["source"], flags=re.MULTILINE)
        seconds = round(result.cell_seconds[number], 2)
        line = begins[0] if begins else ""
        slowest.append({"notebook": name, "cell": number, "seconds": seconds, "code": line})
    return {
        "name": name,
        "title": first.partition("\n")[0].removeprefix("# ").strip() or name,
        "passed": result.passed,
        "seconds": round(result.seconds, 2),
        "cpu_seconds": round(result.cpu_seconds, 2),
        "peak_mebibytes": round(result.peak_bytes / 1024**2),
        "cells": len(result.cell_seconds),
        "failed_cell": result.failed_cell,
        "failure": result.failure,
        "claims": [event for event in events if event["kind"] == "claim"],
        "slowest": slowest,
    }


def make_report(found: Finding, runs: Sequence[Table]) -> Table:
    """Put together the report of a run, dated now, from each notebook's entry."""
    from workshop_utils.runtime import environment

    here = environment.describe()
    machine = {"system": platform.platform(), "accelerator": here.accelerator}
    slowest = [cell for one in runs for cell in one.get("slowest", ())]
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "tweets_used": found.name,
        "tweets": found.sentence,
        "passed": all(one["passed"] for one in runs),
        "cores": here.cpus,
        "machine": {**machine, **dict(here.versions)},
        "notebooks": list(runs),
        "slowest": sorted(slowest, key=itemgetter("seconds"), reverse=True)[:SLOWEST],
    }


def read_report(path: Path) -> Table:
    """Read the report of an earlier run.

    Raises:
        CourseError: It is missing, or no report of a run.
    """
    try:
        content: Table = json.loads(path.read_text(encoding="utf-8"))
        compare(content, content)  # has all that a comparison looks for
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CourseError(
            f"{path} is no report of a run; `workshop run` writes build/run/report.json."
        ) from error
    return content


def compare(before: Table, now: Table) -> list[str]:
    """Say what moved since an earlier run, in sentences: results, times, claims, versions.

    That nothing became worse is a sentence too.
    """
    old = {one["name"]: one for one in before["notebooks"]}
    pairs = [(old[one["name"]], one) for one in now["notebooks"] if one["name"] in old]
    if not pairs:
        return ["The two runs have no notebook in common, so nothing could be compared."]
    worse = [sentence for pair in pairs for sentence in _changes(*pair)]
    lines = worse or ["Nothing became worse."]
    for name in dict.fromkeys([*before["machine"], *now["machine"]]):
        was, now_is = (each["machine"].get(name, "absent") for each in (before, now))
        if was != now_is:
            lines.append(f"{name}: {was} before, {now_is} now.")
    if before["tweets_used"] != now["tweets_used"]:
        lines.append(f"The earlier run used {before['tweets_used']}.")
    return lines


def _changes(before: Table, now: Table) -> list[str]:
    name = now["name"]
    found = []
    results = ["passed" if one["passed"] else "failed" for one in (before, now)]
    if results[0] != results[1]:
        found.append(f"{name}: {results[0]} before, {results[1]} now.")
    elif now["seconds"] > before["seconds"] * (1 + SLOWER_SHARE):
        found.append(f"{name} is slower: {before['seconds']:.1f} s, now {now['seconds']:.1f} s.")
    if before["parameters"] != now["parameters"]:
        return [*found, f"{name} had other parameters, so its claims are not compared."]
    # By their words and not by their cell, which moves when a notebook grows.
    earlier = {claim.get("name") or claim["sentence"]: claim for claim in before["claims"]}
    for claim in now["claims"]:
        was = earlier.get(claim.get("name") or claim["sentence"], claim)
        if (was["outcome"], claim["outcome"]) == (HOLDS, FAILS):
            numbers = [one.get("value") for one in (was, claim)]
            more = "" if None in numbers else " ({:.4g}, now {:.4g})".format(*numbers)
            found.append(f"{name}: no longer true: {claim['sentence']}{more}.")
    return found


def report_page(report: Table) -> str:
    """Return the report as one HTML page that needs nothing from outside."""
    from jinja2 import Environment, PackageLoader

    ours = PackageLoader("workshop_tools", "")
    environment = Environment(loader=ours, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("report.html.j2")
    return template.render(report=report, holds=HOLDS, fails=FAILS)
