"""Side-by-side measures, ours against what others offer: ``make bench``."""

import argparse
from pathlib import Path

from inside_the_cell import numpy_cell
from measure import keep, machine
from serving import serving
from texts import cleaning, vectorising
from tqdm.auto import tqdm
from training_2019 import training_of_2019

TABLE = Path("docs", "measures.csv")
PAGE = Path("docs", "measures.md")
PARTS = {
    "cleaning": cleaning,
    "vectorising": vectorising,
    "cells": numpy_cell,
    "serving": serving,
    "training": training_of_2019,
}
"""What can be measured; each takes the number of rounds."""


def main() -> None:
    """Run the chosen measures, then write the table and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each way; 7")
    given = parser.parse_args()
    if unknown := [part for part in given.parts if part not in PARTS]:
        parser.error(f"{', '.join(unknown)}: the parts are {', '.join(PARTS)}.")
    where = machine()
    measures = []
    for part in tqdm(given.parts or list(PARTS), desc="measuring", unit="part"):
        measures.extend(PARTS[part](given.rounds))
    keep(measures, TABLE, where, PAGE)


if __name__ == "__main__":
    main()
