"""Side-by-side measures, ours against what others offer: ``make bench``."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from cleaning import cleaning, vectorising
from growth import growth
from inside_the_cell import notebook_times, numpy_cell
from limit import share_of_limit
from measure import Measure, keep
from serving import serving
from tqdm.auto import tqdm
from training_2019 import training_of_2019

from workshop_utils import environment

RESULTS = Path("build/bench.json")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(parts())}; all")
    parser.add_argument("--rounds", type=int, default=5, help="timed calls of each; 5")
    parser.add_argument(
        "--again", action="store_true", help="run the notebooks; else the kept times are read"
    )
    given = parser.parse_args()
    if unknown := [part for part in given.parts if part not in parts()]:
        parser.error(f"{', '.join(unknown)}: the parts are {', '.join(parts())}.")
    return given


def parts(rounds: int = 5, *, again: bool = False) -> dict[str, Callable[[], Iterator[Measure]]]:
    """Name the parts that can be chosen."""
    return {
        "cleaning": lambda: cleaning(rounds),
        "vectorising": lambda: vectorising(rounds),
        "cells": lambda: numpy_cell(rounds),
        "serving": lambda: serving(rounds),
        "training": lambda: training_of_2019(rounds),
        "limit": lambda: share_of_limit(rounds),
        "growth": lambda: growth(rounds),
        "notebooks": lambda: notebook_times(again),
    }


def warn_when_busy() -> None:
    """Say when other work would spoil the times: NumPy's threads wait for each other."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    if load > environment.describe().cpus / 2:
        print(f"Other work keeps this machine busy (load {load:.1f}); measure again when it rests.")


def main() -> int:
    """Run the chosen measures, then print and keep them."""
    given = arguments()
    warn_when_busy()
    environment.set_seed()
    known = parts(given.rounds, again=given.again)
    measures: list[Measure] = []
    for part in tqdm(given.parts or list(known), desc="measuring", unit="part"):
        measures.extend(known[part]())
    keep(measures, RESULTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
