"""The papers' tables beside ours, from the study's data file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from workshop_utils.experiments import papers, published, runner
from workshop_utils.experiments.runner import Finding

if TYPE_CHECKING:
    import pandas as pd

NOT_SOLVED = "-"
NONE_GIVEN = "not reported"


def beside_the_papers(experiments: Sequence[str] = (), path: Path = papers.FILE) -> pd.DataFrame:
    """Return one row for each network on each experiment, the paper's figure beside it.

    Args:
        experiments: Short names, see :func:`workshop_utils.experiments.papers.experiments`;
            all that the file holds when none are given.
        path: The study's data file.

    Returns:
        A table with the experiment (on its first row), the network, how many seeds solved
        it, the sequences that those needed (median), how many a network might read, the
        share of test sequences that is wrong (mean over all seeds, in percent), and what
        the paper prints for an LSTM without a forget gate.
    """
    import pandas as pd

    found = records(path)
    chosen = experiments or list(dict.fromkeys(name for name, _ in found))
    rows = [_row(name, network, found[name, network]) for name, network in found if name in chosen]
    table = pd.DataFrame(rows)
    # The title stands once, on the first row of its experiment.
    table.loc[table["experiment"].duplicated(), "experiment"] = ""
    return table


def verdicts(path: Path = papers.FILE) -> dict[str, str]:
    """Say for each published row whether networks of today reproduce the paper's claim.

    The claim is always that the paper's LSTM solves the task.

    Returns:
        The experiment's title, and one sentence: which LSTMs solve it with every seed,
        how many seeds of the other networks do, and how the task differs from the
        paper's beside what ``papers.SHARED`` says.
    """
    found = records(path)
    by_experiment: dict[str, dict[str, list[Finding]]] = {}
    for (name, network), each in found.items():
        by_experiment.setdefault(name, {})[network] = each
    return {
        papers.experiments()[name].title: _verdict(by_network)
        + _differs(papers.experiments()[name])
        for name, by_network in by_experiment.items()
        if name in published.ROWS
    }


def records(path: Path = papers.FILE) -> dict[tuple[str, str], list[Finding]]:
    """Return what the study found, by experiment and network, in the order of its table.

    Raises:
        FileNotFoundError: There is no data file yet; the sentence names the command.
    """
    found: dict[tuple[str, str], list[Finding]] = {}
    for record in runner.wanted(path, "make papers"):
        name, network = record["row"].split(": ")
        found.setdefault((name, network), []).append(record)
    return found


def share_solved(experiment: str, network: str, path: Path = papers.FILE) -> float:
    """Return the share of the seeds with which a network solved an experiment.

    Args:
        experiment: A short name, for example ``"order-6a"``.
        network: For example ``"LSTM, chrono"``.
        path: The study's data file.

    Raises:
        KeyError: The study has no such row.
    """
    return float(mean(record["solved"] for record in records(path)[experiment, network]))


def _row(name: str, network: str, found: Sequence[Finding]) -> dict[str, Any]:
    experiment, paper = papers.experiments()[name], published.ROWS.get(name)
    needed = [record["sequences"] for record in found if record["solved"]]
    return {
        "experiment": experiment.title,
        "network": network,
        "solved": f"{len(needed)} of {len(found)}",
        "sequences": f"{median(needed):,.0f}" if needed else NOT_SOLVED,
        "at most": f"{experiment.sequences:,}" if network in papers.ALL else "no limit",
        "wrong": f"{100 * (1 - mean(record['correct'] for record in found)):.1f} %",
        "the paper": _printed(paper),
    }


def _printed(paper: published.Published | None) -> str:
    if paper is None or paper.sequences is None:
        return NONE_GIVEN
    return f"{paper.sequences:,}"


def _verdict(by_network: dict[str, list[Finding]]) -> str:
    counts = {net: sum(each["solved"] for each in found) for net, found in by_network.items()}
    seeds = {net: len(found) for net, found in by_network.items()}
    lstms = [net for net in counts if net.startswith(papers.LSTM)]
    always = [net for net in lstms if counts[net] == seeds[net]]
    if always:
        return f"reproduced by {_listed(always)}{_others(counts, seeds, always)}"
    if any(counts[net] for net in lstms):
        return f"partly reproduced{_others(counts, seeds, always)}"
    return f"not reproduced{_others(counts, seeds, always)}"


def _differs(experiment: papers.Experiment) -> str:
    return f". The task differs: {experiment.differs}" if experiment.differs else ""


def _listed(names: Sequence[str]) -> str:
    return " and by ".join(names)


def _others(counts: dict[str, int], seeds: dict[str, int], always: Sequence[str]) -> str:
    parts: Iterator[str] = (
        f"{net}: {counts[net]} of {seeds[net]} seeds" for net in counts if net not in always
    )
    said = "; ".join(parts)
    return f" ({said})" if said else ""
