"""What a run of the course wants to know from the kernels: one line of JSON for each fact.

A kernel is another process, and what it prints belongs to the lesson. So facts for the
report go into a file that the run names in ``LSTM_WORKSHOP_LEDGER``. Where nothing is
named, as for every learner, nothing is written.
"""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

LEDGER_VARIABLE = "LSTM_WORKSHOP_LEDGER"


def note(kind: str, **facts: Any) -> None:
    """Write down one fact, where a run asked for it, with the number of the code cell.

    Args:
        kind: What it is about, for example ``"claim"``.
        **facts: Texts, numbers (NumPy's too) and truth values; a number that is not
            finite is kept as ``None``, because JSON knows no other.

    Raises:
        OSError: The named file cannot be written.
    """
    named = os.environ.get(LEDGER_VARIABLE, "").strip()
    if not named:
        return
    entry = {"kind": kind, "cell": _cell(), **{name: _plain(v) for name, v in facts.items()}}
    with Path(named).open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """Return the facts in a file, in order; none where there is no file."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _cell() -> int:
    """Return the number of the code cell that runs, from 1; 0 outside of a kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    # The counter itself goes up before a cell runs in some versions and after it in others.
    return len(shell.history_manager.input_hist_raw) - 1 if shell else 0


def _plain(value: Any) -> Any:
    """Turn a number of NumPy's into one of Python's; keep texts, truth values and None."""
    if value is None or isinstance(value, str | bool | int):
        return value
    number = float(value)
    return number if math.isfinite(number) else None
