"""Results of experiments that take too long for a notebook, beside what the papers print.

``papers.json`` and ``ablation.json`` are written by ``workshop experiment papers`` and
``workshop experiment ablation``; ``papers.toml`` holds the papers' own figures.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent
TESTED = 2_560
GUESSED = "weights guessed at random"


def papers(rows: Sequence[str]) -> pd.DataFrame:
    """Return one row for each network on each experiment, the paper's figure beside it.

    Args:
        rows: Short names of experiments, for example ``"order-6a"``.

    Returns:
        ``goal reached``: how many seeds ended their training by its goal, and not by the
        limit; ``sequences``: what these had read (median); ``paper's test``: how many seeds
        pass it; ``wrong``: wrong test sequences of 2,560 (median over all seeds).

    Raises:
        KeyError: An experiment that has no results.
    """
    import pandas as pd

    records = json.loads((FOLDER / "papers.json").read_text(encoding="utf-8"))["records"]
    table: list[dict[str, Any]] = []
    for name in rows:
        paper = printed(name)
        title = paper["title"]
        of_row = [record for record in records if record["row"].startswith(f"{name}: ")]
        for network in dict.fromkeys(record["row"].split(": ")[1] for record in of_row):
            seeds = [record for record in of_row if record["row"].endswith(f": {network}")]
            reached = [record["sequences"] for record in seeds if record["stopped"]]
            wrong = [round(TESTED * (1 - record["correct"])) for record in seeds]
            passed = sum(each <= paper["wrong"] for each in wrong)
            table.append(
                {
                    "experiment": title,
                    "network": network,
                    "goal reached": f"{len(reached)} of {len(seeds)}",
                    "sequences": f"{median(reached):,.0f}" if reached else "-",
                    "paper's test": f"{passed} of {len(seeds)}",
                    "wrong": f"{median(wrong):.0f}",
                    "1997": f"{paper['sequences']:,}" if "sequences" in paper else "-",
                }
            )
            title = ""
    return pd.DataFrame(table)


def printed(row: str) -> dict[str, Any]:
    """Return what the paper prints on one experiment, and the rules here; see ``papers.toml``."""
    facts = tomllib.loads((FOLDER / "papers.toml").read_text(encoding="utf-8"))[row]
    return dict(facts)


def throws(row: str) -> list[int]:
    """Return how many times weights were guessed until all were right, one number a seed."""
    records = json.loads((FOLDER / "papers.json").read_text(encoding="utf-8"))["records"]
    return [each["guesses"] for each in records if each["row"] == f"{row}: {GUESSED}"]


def rules(rows: Sequence[str]) -> pd.DataFrame:
    """Return what counts as learnt, one row for each experiment.

    Args:
        rows: As for :func:`papers`.

    Returns:
        ``near``: how near to its target every output must be for a sequence to be correct
        (Reber: the next symbols in order); ``goal``: the share of one round that ends a
        training; ``limit``: the most sequences of a training; ``paper's test``: the most
        wrong ones of 2,560.
    """
    import pandas as pd

    facts = [printed(name) for name in rows]
    return pd.DataFrame(
        {
            "experiment": [each["title"] for each in facts],
            "near": [each.get("near", "-") for each in facts],
            "goal": [f"{each['goal']} %" for each in facts],
            "limit": [f"{each['at_most']:,}" for each in facts],
            "paper's test": [f"<= {each['wrong']} wrong" for each in facts],
        }
    )


def ablation() -> pd.DataFrame:
    """Return the results of the ablation, one row for each model on each draw of the split.

    Returns:
        ``row`` (the model), ``seed`` (of the split and of the training), the scores of the
        test part, and the ``threshold`` and ``learning_rate`` that the validation part chose.
    """
    import pandas as pd

    records = json.loads((FOLDER / "ablation.json").read_text(encoding="utf-8"))["records"]
    scores = ["average_precision", "macro_f1", "macro_f1_at_threshold"]
    return pd.DataFrame(records)[["row", "seed", *scores, "threshold", "learning_rate"]]
