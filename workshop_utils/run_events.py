"""What a run of the course wants to know from the kernels: one line of JSON for each fact.

A kernel is another process, and what it prints belongs to the lesson. So facts for the
report go into a file that the run names in ``LSTM_WORKSHOP_LEDGER``. Where nothing is
named, as for every learner, nothing is written.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

LEDGER_VARIABLE = "LSTM_WORKSHOP_LEDGER"


def note(kind: str, **facts: Any) -> None:
    """Write down one fact, where a run asked for it.

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
    entry = {"kind": kind, **{name: _plain(value) for name, value in facts.items()}}
    with Path(named).open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _plain(value: Any) -> Any:
    """Turn a number of NumPy's into one of Python's; keep texts, truth values and None."""
    if value is None or isinstance(value, str | bool | int):
        return value
    number = float(value)
    return number if math.isfinite(number) else None


class Reader:
    """Reads the facts that are new since the last reading.

    Args:
        path: The file; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def new(self) -> list[dict[str, Any]]:
        """Return the facts written since the last call, in order; a line cut short waits."""
        if not self._path.is_file():
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._read += len(whole)
        return [json.loads(line) for line in whole.decode("utf-8").splitlines()]
